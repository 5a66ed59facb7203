import { ApiException, KubeConfig, type V1ConfigMap, type V1Status } from '@kubernetes/client-node';
import { useBridge } from '../testing';

export const namespace = 'default';

/** A bridge, and the configurations of a client to it. */
export function useClients() {
  const tested = useBridge();
  const configOf = (context: string): KubeConfig => {
    const config = new KubeConfig();
    config.loadFromString(tested.bridge.kubeconfig ?? '');
    config.setCurrentContext(context);
    return config;
  };
  return {
    configOf,
    now: () => tested.bridge.world.lab.clock.now,
    get certificate() {
      return configOf('kubernetes-admin@kubernetes');
    },
    get token() {
      return configOf('token');
    },
  };
}

/** How the apiserver refused what was asked. */
export async function failure(asked: Promise<unknown>): Promise<{ code: number; status: V1Status }> {
  const error: unknown = await asked.then(
    () => undefined,
    (fault: unknown) => fault,
  );
  if (!(error instanceof ApiException)) throw new Error(`no ApiException: ${String(error)}`);
  return { code: error.code, status: JSON.parse(String(error.body)) as V1Status };
}

/** A config map, not yet made. */
export const draft = (name: string, data: Record<string, string>): V1ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
});
