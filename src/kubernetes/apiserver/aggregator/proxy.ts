import type { Response } from '../../../linux/net/http/message';
import { apiService, type ApiService } from '../../api/apiregistration/apiservice';
import type { Exchange } from '../rest/exchange';
import { forward } from '../rest/forward';
import { plain } from '../rest/respond';
import type { Storage } from '../storage';
import { isAvailable } from './conditions';
import { proxyHeaders } from './proxy-headers';

/** proxyHandler: who asks for a group version that a service serves is answered by that. Undefined: it is ours. */
export function aggregate(exchange: Exchange): Promise<Response> | undefined {
  const { info, server } = exchange;
  const [root, first = '', second = ''] = info.path.split('/').filter((part) => part !== '');
  const [group, version] = root === 'apis' ? [first, second] : root === 'api' ? ['', first] : ['', ''];
  if (version === '' || !isRegistered(server.registry.storage)) return undefined;
  const found = server.registry.get(apiService, undefined, `${version}.${group}`);
  return found?.spec.service === undefined ? undefined : pass(exchange, found);
}

/** A server may be made without the kind. */
const isRegistered = (storage: Storage): boolean =>
  storage.kindOf(apiService.apiVersion, apiService.names.plural) !== undefined;

/** `/openapi/v3/apis/GROUP/VERSION` of a group version that a service serves. */
export function documentOfService(exchange: Exchange, groupVersion: string): Promise<Response> {
  const [group = '', version = ''] = groupVersion.split('/');
  const found = exchange.server.registry.get(apiService, undefined, `${version}.${group}`);
  return found === undefined ? Promise.resolve(plain(503, 'service unavailable\n')) : pass(exchange, found);
}

async function pass(exchange: Exchange, found: ApiService): Promise<Response> {
  const { service, caBundle, insecureSkipTLSVerify: insecure = false } = found.spec;
  const { namespace = '', name = '', port = 443 } = service ?? {};
  const refused = (text: string): Response => plain(503, `${text}\n`);
  if (!isAvailable(found)) return refused('service unavailable');
  const url = `https://${name}.${namespace}.svc:${port}${exchange.request.url}`;
  const to = { url, service: { namespace, name, port }, caBundle, insecure, as: 'front-proxy' } as const;
  const answered = await forward(exchange, to, proxyHeaders(exchange.user));
  return answered.ok ? answered.value : refused(answered.error.message);
}
