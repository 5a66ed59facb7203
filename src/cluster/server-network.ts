import { service as serviceKind } from '../kubernetes/api/core/service';
import type { OutgoingRequest, OutgoingResponse, ServerNetwork, ServicePort } from '../kubernetes/apiserver/network';
import type { RegistryReader } from '../kubernetes/apiserver/registry';
import { request } from '../linux/net/http/client';
import { goFailureText } from '../linux/net/http/go-text';
import { parseCertificates } from '../linux/net/tls/certificate';
import type { Process } from '../linux/process/types';
import { flagsOf } from '../programs/kubernetes/component';
import { readIdentity } from '../programs/kubernetes/kube-apiserver';
import { err, ok, type Result } from '../sim/result';

/**
 * The network of the host where kube-apiserver runs. A service is reached by its cluster address (ClusterIP resolver),
 * under the name that its certificate must have.
 */
export const serverNetwork = (apiserver: () => Process | undefined, objects: RegistryReader): ServerNetwork => ({
  up: () => apiserver() !== undefined,
  async request(asked) {
    const process = apiserver();
    return process === undefined ? err('the server is shutting down') : send(process, objects, asked);
  },
});

async function send(
  process: Process,
  objects: RegistryReader,
  { url, service, caBundle, insecure = false, as, method, headers, body, timeout }: OutgoingRequest,
): Promise<Result<OutgoingResponse, string>> {
  const addresses = service === undefined ? undefined : clusterAddress(objects, service);
  if (typeof addresses === 'string') return err(addresses);
  const roots = caBundle === undefined || caBundle === '' ? [] : parseCertificates(atob(caBundle));
  const identity = as === undefined ? undefined : identityOf(process, as);
  const response = await request(process, {
    url,
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(timeout === undefined ? {} : { timeout }),
    tls: {
      roots,
      insecure,
      ...(identity === undefined ? {} : { identity: { chain: [identity.certificate], key: identity.key } }),
    },
    ...(addresses === undefined ? {} : { addresses }),
  });
  if (!response.ok)
    return err(response.error.kind === 'timeout' ? 'context deadline exceeded' : goFailureText(response.error));
  return ok(response.value);
}

const files = {
  'front-proxy': ['proxy-client-cert-file', 'proxy-client-key-file'],
  'kubelet-client': ['kubelet-client-certificate', 'kubelet-client-key'],
} as const;

/** The certificates that the server's flags name. */
function identityOf(process: Process, as: keyof typeof files): ReturnType<typeof readIdentity> {
  const flags = flagsOf(process.args);
  const [certificate, key] = files[as];
  return readIdentity(process, flags.get(certificate), flags.get(key));
}

/** proxy.ResolveCluster. */
function clusterAddress(
  objects: RegistryReader,
  { name, namespace, port = 443 }: ServicePort,
): readonly string[] | string {
  const found = objects.get(serviceKind, namespace, name);
  if (found === undefined) return `service ${JSON.stringify(name)} not found`;
  const { clusterIP = '', type, ports = [] } = found.spec;
  if (type === 'ExternalName') return `unsupported service type "ExternalName"`;
  if (clusterIP === '' || clusterIP === 'None') return `no ClusterIP for service "${name}"`;
  if (!ports.some((each) => each.port === port))
    return `no service port ${port} found for service ${JSON.stringify(name)}`;
  return [clusterIP];
}
