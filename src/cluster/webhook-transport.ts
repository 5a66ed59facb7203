import { service as serviceKind } from '../kubernetes/api/core/service';
import type {
  WebhookRequest,
  WebhookResponse,
  WebhookTransport,
} from '../kubernetes/apiserver/admission/webhook/transport';
import type { RegistryReader } from '../kubernetes/apiserver/registry';
import { decode, encode } from '../linux/io/bytes';
import { request } from '../linux/net/http/client';
import { readBody } from '../linux/net/http/codec';
import { goFailureText } from '../linux/net/http/go-text';
import { Headers } from '../linux/net/http/message';
import { parseCertificates } from '../linux/net/tls/certificate';
import type { Process } from '../linux/process/types';
import { err, ok, type Result } from '../sim/result';

/**
 * Calls admission webhooks over the network of the host where kube-apiserver runs. A service is reached by its cluster
 * address (ClusterIP resolver), under the name that its certificate must have.
 */
export const webhookTransport = (apiserver: () => Process | undefined, objects: RegistryReader): WebhookTransport => ({
  async post(asked) {
    const process = apiserver();
    if (process === undefined) return err('the server is shutting down');
    return send(process, objects, asked);
  },
});

async function send(
  process: Process,
  objects: RegistryReader,
  { url, service, caBundle, body, timeout }: WebhookRequest,
): Promise<Result<WebhookResponse, string>> {
  const addresses = service === undefined ? undefined : clusterAddress(objects, service);
  if (typeof addresses === 'string') return err(addresses);
  const roots = caBundle === undefined || caBundle === '' ? [] : parseCertificates(atob(caBundle));
  const response = await request(process, {
    url,
    method: 'POST',
    headers: new Headers({
      'User-Agent': 'kube-apiserver-admission',
      Accept: 'application/json, */*',
      'Content-Type': 'application/json',
    }),
    body: encode(body),
    timeout,
    tls: { roots },
    ...(addresses === undefined ? {} : { addresses }),
  });
  if (!response.ok)
    return err(response.error.kind === 'timeout' ? 'context deadline exceeded' : goFailureText(response.error));
  const bytes = await readBody(response.value.body);
  if (response.value.body.timedOut) return err('context deadline exceeded');
  return ok({ status: response.value.status, body: decode(bytes) });
}

/** proxy.ResolveCluster. */
function clusterAddress(
  objects: RegistryReader,
  { name, namespace, port = 443 }: NonNullable<WebhookRequest['service']>,
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
