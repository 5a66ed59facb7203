import { configMap } from '../../kubernetes/api/core/configmap';
import type { Process } from '../../linux/process/types';
import type { ControlPlane } from './control-plane';

const at = ['kube-system', 'extension-apiserver-authentication'] as const;

/** The hook start-cluster-authentication-info-controller: tells aggregated servers whom to believe. */
export function publishAuthentication(
  process: Process,
  { registry }: ControlPlane,
  flags: ReadonlyMap<string, string>,
): void {
  const file = (flag: string): string | undefined => {
    const text = process.fs.readText(flags.get(flag) ?? '');
    return text.ok ? text.value : undefined;
  };
  const list = (flag: string): string => JSON.stringify((flags.get(flag) ?? '').split(',').filter(Boolean));
  const clientCa = file('client-ca-file');
  const proxyCa = file('requestheader-client-ca-file');
  const data = {
    ...(clientCa === undefined ? {} : { 'client-ca-file': clientCa }),
    ...(proxyCa === undefined
      ? {}
      : {
          'requestheader-allowed-names': list('requestheader-allowed-names'),
          'requestheader-client-ca-file': proxyCa,
          'requestheader-extra-headers-prefix': list('requestheader-extra-headers-prefix'),
          'requestheader-group-headers': list('requestheader-group-headers'),
          'requestheader-uid-headers': list('requestheader-uid-headers'),
          'requestheader-username-headers': list('requestheader-username-headers'),
        }),
  };
  const server = registry.as({ user: 'system:apiserver', groups: ['system:masters'], agent: 'kube-apiserver' });
  const [namespace, name] = at;
  if (server.get(configMap, namespace, name) === undefined)
    server.create(configMap, { metadata: { namespace, name }, data });
  else server.mutate(configMap, namespace, name, (current) => ({ ...current, data }));
}
