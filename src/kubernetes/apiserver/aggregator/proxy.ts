import { readBody } from '../../../linux/net/http/codec';
import { Headers, type Response } from '../../../linux/net/http/message';
import { apiService } from '../../api/apiregistration/apiservice';
import type { Exchange } from '../rest/exchange';
import { isTrue } from '../rest/request-info';
import { plain } from '../rest/respond';
import { isAvailable } from './conditions';
import { proxyHeaders } from './proxy-headers';

/** What is between two neighbours and goes no further (RFC 9110 §7.6.1), and what the server has used up itself. */
const dropped = new Set(
  'connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade content-length host authorization'.split(
    ' ',
  ),
);

const isOwn = (name: string): boolean => /^(?:x-remote-(?:user|uid|group|extra-.*)|impersonate-.*)$/.test(name);

/** proxyHandler: who asks for a group version that a service serves is answered by that. Undefined: it is ours. */
export function aggregate(exchange: Exchange): Promise<Response> | undefined {
  const { info, server } = exchange;
  const [root, first = '', second = ''] = info.path.split('/').filter((part) => part !== '');
  const [group, version] = root === 'apis' ? [first, second] : root === 'api' ? ['', first] : ['', ''];
  if (version === '') return undefined;
  const found = server.registry.get(apiService, undefined, `${version}.${group}`);
  const service = found?.spec.service;
  if (found === undefined || service === undefined) return undefined;
  return pass(exchange, isAvailable(found), service, found.spec);
}

const refused = (text: string, status = 503): Response => plain(status, `${text}\n`);

async function pass(
  { request, body, user, server, info, context }: Exchange,
  available: boolean,
  { namespace = '', name = '', port = 443 }: { namespace?: string; name?: string; port?: number },
  { caBundle, insecureSkipTLSVerify = false }: { caBundle?: string; insecureSkipTLSVerify?: boolean },
): Promise<Response> {
  const { network } = server;
  if (!available || network === undefined) return refused('service unavailable');
  const headers = proxyHeaders(user);
  for (const [key, value] of request.headers)
    if (!dropped.has(key.toLowerCase()) && !isOwn(key.toLowerCase())) headers.add(key, value);
  headers.set('X-Forwarded-For', context.remote);
  headers.set('X-Forwarded-Proto', 'https');
  const response = await network.request({
    url: `https://${name}.${namespace}.svc:${port}${request.url}`,
    service: { namespace, name, port },
    method: request.method,
    headers,
    ...(body.length === 0 ? {} : { body }),
    caBundle,
    insecure: insecureSkipTLSVerify,
    asProxy: true,
  });
  if (!response.ok) return refused(`error trying to reach service: ${response.error}`);
  const answered = new Headers();
  for (const [key, value] of response.value.headers) if (!dropped.has(key.toLowerCase())) answered.add(key, value);
  // Watches and followed logs go on; all else comes whole.
  const streams = info.verb === 'watch' || isTrue(info.query.get('follow'));
  const whole = streams ? response.value.body : await readBody(response.value.body);
  if (whole instanceof Uint8Array) answered.set('Content-Length', String(whole.length));
  return { status: response.value.status, headers: answered, body: whole };
}
