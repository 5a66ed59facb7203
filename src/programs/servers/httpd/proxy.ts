import { Headers, type Body } from '../../../linux/net/http/message';
import { request as send, type ClientResponse } from '../../../linux/net/http/client';
import { parseUrl } from '../../../linux/net/http/url';
import { encode } from '../../../linux/io/bytes';
import type { Directive } from './config';
import type { Exchange, Outcome } from './exchange';
import { requestHeaders } from './headers';
import { regex } from './glob';
import { doctype, signature } from './pages';

/** The URL of the first ProxyPass that takes this path; `!` keeps a path here. */
export function proxyTarget(exchange: Exchange): string | undefined {
  const { server, uri } = exchange;
  for (const { name, args } of server.merged('ProxyPass', 'ProxyPassMatch')) {
    const [path = '', url = ''] = args;
    if (name.toLowerCase() === 'proxypassmatch') {
      const match = regex(path)?.exec(uri);
      if (match === null || match === undefined) continue;
      if (url === '!') return undefined;
      const filled = url.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');
      return url.includes('$') ? filled : `${filled}${uri}`;
    }
    const rest = after(path, uri);
    if (rest === undefined) continue;
    return url === '!' ? undefined : `${url}${rest}`;
  }
  return undefined;
}

/** ap_proxy_trans_match: a path matches at its borders; what follows it. */
function after(path: string, uri: string): string | undefined {
  if (!uri.startsWith(path)) return undefined;
  const rest = uri.slice(path.length);
  return path.endsWith('/') || rest === '' || rest.startsWith('/') ? rest : undefined;
}

/** ProxyPass inside <Location>: the path is the section's. */
export function locationTarget(exchange: Exchange): string | undefined {
  const { server, uri } = exchange;
  for (const section of server.merged('Location', 'LocationMatch')) {
    const pass = section.block?.findLast(({ name }) => /^proxypass(match)?$/i.test(name));
    const [path = ''] = section.args;
    if (pass === undefined) continue;
    if (section.name.toLowerCase() === 'locationmatch') {
      const match = regex(path)?.exec(uri);
      if (match === null || match === undefined) continue;
      return pass.args[0] === '!'
        ? undefined
        : (pass.args[0] ?? '').replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');
    }
    const rest = after(path, uri);
    if (rest !== undefined) return pass.args[0] === '!' ? undefined : `${pass.args[0] ?? ''}${rest}`;
  }
  return undefined;
}

/** A member of a balancer, in turn (lbmethod byrequests). */
const turns = new WeakMap<object, Map<string, number>>();

function balanced(exchange: Exchange, url: string): string | undefined {
  const [, name = '', rest = ''] = /^balancer:\/\/([^/]+)(.*)$/.exec(url) ?? [];
  const members = exchange.server
    .merged('Proxy')
    .filter(({ args }) => args[0]?.replace(/\/$/, '') === `balancer://${name}`)
    .flatMap(({ block = [] }) => block.filter((one) => one.name.toLowerCase() === 'balancermember'));
  if (members.length === 0) return undefined;
  const { instance } = exchange.server;
  let counts = turns.get(instance);
  if (counts === undefined) turns.set(instance, (counts = new Map()));
  const turn = counts.get(name) ?? 0;
  counts.set(name, turn + 1);
  return `${members[turn % members.length]?.args[0]?.replace(/\/$/, '') ?? ''}${rest}`;
}

/** mod_proxy_http: the request goes on, its answer comes back. */
export async function proxy(exchange: Exchange, target: string, worker = true): Promise<Outcome> {
  const { process, request } = exchange;
  const query = exchange.args === undefined || target.includes('?') ? '' : `?${exchange.args}`;
  const written = target.startsWith('balancer:') ? balanced(exchange, target) : target;
  const url = written === undefined ? undefined : parseUrl(`${written}${query}`);
  if (url?.ok !== true || !['http', 'https'].includes(url.value.scheme)) {
    exchange.log(
      'proxy',
      'warn',
      `AH01144: No protocol handler was valid for the URL ${exchange.uri} (scheme '${target.split(':')[0] ?? ''}'). If you are using a DSO version of mod_proxy, make sure the proxy submodules are included in the configuration using LoadModule.`,
    );
    return 500;
  }
  const { host, port } = url.value;
  const body: Body | undefined =
    request.body instanceof Uint8Array && request.body.length === 0 ? undefined : request.body;
  const sent = await send(process, {
    url: url.value,
    method: request.method,
    headers: headersFor(exchange, `${host}${port === 80 ? '' : `:${port}`}`, worker),
    ...(body === undefined ? {} : { body }),
    ...(url.value.scheme === 'https' ? { tls: { roots: [], insecure: true } } : {}),
    timeout: Number(exchange.server.value('ProxyTimeout') ?? exchange.server.value('Timeout') ?? 60) * 1000,
  });
  if (sent.ok) return replyOf(exchange, sent.value, target);
  const failure = sent.error;
  if (failure.kind === 'dns') {
    exchange.log('proxy', 'error', `AH00898: DNS lookup failure for: ${host} returned by ${exchange.uri}`);
    return proxyError(exchange, `DNS lookup failure for: ${host}`);
  }
  if (failure.kind === 'connect' || (failure.kind === 'timeout' && failure.phase === 'connect')) {
    const { number, message } =
      failure.kind === 'connect' ? failure.error : { number: 110, message: 'Connection timed out' };
    const address = failure.kind === 'connect' && typeof failure.to !== 'string' ? failure.to.address : host;
    exchange.server.log(
      'proxy',
      'error',
      `(${number})${message}: AH00957: http: attempt to connect to ${address}:${port} (${host}:${port}) failed`,
    );
    exchange.log('proxy_http', 'error', `AH01114: HTTP: failed to make connection to backend: ${host}`);
    return 503;
  }
  if (failure.kind === 'timeout') {
    exchange.server.log(
      'proxy_http',
      'error',
      `(70007)The timeout specified has expired: [client ${exchange.remote}:${exchange.remotePort}] AH01102: error reading status line from remote server ${host}:${port}`,
    );
    return 504;
  }
  exchange.log('proxy_http', 'error', `AH01102: error reading status line from remote server ${host}:${port}`);
  return proxyError(exchange, 'Error reading from remote server');
}

/** ap_proxyerror: a page of its own. */
function proxyError(exchange: Exchange, why: string): Outcome {
  const page = `${doctype(exchange.server.instance.build.version, 'IETF//DTD HTML 2.0')}<html><head>\n<title>502 Proxy Error</title>\n</head><body>\n<h1>Proxy Error</h1>\n<p>The proxy server received an invalid\r\nresponse from an upstream server.<br />\r\nThe proxy server could not handle the request<p>Reason: <strong>${why}</strong></p></p>\n${signature('<hr>\n', exchange)}</body></html>\n`;
  return {
    status: 502,
    reason: 'Proxy Error',
    headers: new Headers(),
    type: 'text/html; charset=iso-8859-1',
    body: encode(page),
  };
}

const hop = new Set(
  'connection keep-alive te upgrade expect transfer-encoding proxy-authorization content-length'.split(' '),
);

function headersFor(exchange: Exchange, backend: string, worker: boolean): Headers {
  const { request } = exchange;
  const own = new Headers();
  for (const [name, value] of request.headers) own.add(name, value);
  requestHeaders(exchange, own);
  const host = own.get('Host');
  const headers = new Headers({ Host: exchange.flag('ProxyPreserveHost') && host !== undefined ? host : backend });
  for (const [name, value] of own)
    if (!hop.has(name.toLowerCase()) && name.toLowerCase() !== 'host') headers.add(name, value);
  if (exchange.flag('ProxyAddHeaders', true)) {
    headers.append('X-Forwarded-For', exchange.remote);
    const before = headers.get('X-Forwarded-For') ?? '';
    headers.delete('X-Forwarded-For');
    headers.set('X-Forwarded-For', before);
    if (host !== undefined) headers.append('X-Forwarded-Host', host);
    headers.append('X-Forwarded-Server', exchange.server.name);
  }
  if (request.body instanceof Uint8Array && request.body.length > 0)
    headers.set('Content-Length', String(request.body.length));
  headers.set('Connection', worker ? 'Keep-Alive' : 'close');
  return headers;
}

function replyOf(exchange: Exchange, response: ClientResponse, target: string): Outcome {
  const { headers: given, status } = response;
  if (status >= 400 && exchange.flag('ProxyErrorOverride')) {
    response.close();
    return status;
  }
  const headers = new Headers();
  const cookies: string[] = [];
  for (const [name, value] of given) {
    const key = name.toLowerCase();
    if (key === 'connection' || key === 'keep-alive' || key === 'transfer-encoding') continue;
    if (key === 'set-cookie') cookies.push(value);
    else
      headers.add(
        name,
        key === 'location' || key === 'content-location' || key === 'uri' ? reversed(exchange, value, target) : value,
      );
  }
  for (const cookie of cookies) headers.add('Set-Cookie', cookie);
  return {
    status,
    headers,
    type: undefined,
    body: response.body,
    reason: response.line.replace(/^\S+ \d+ ?/, '') || undefined,
    chunked: !given.has('Content-Length') && status !== 204 && status !== 304 && exchange.request.method !== 'HEAD',
  };
}

/** ProxyPassReverse: a Location of the backend's becomes one of ours. */
function reversed(exchange: Exchange, location: string, target: string): string {
  const pairs = exchange.server
    .merged('ProxyPassReverse')
    .map(({ args }: Directive) => [args[0] ?? '', args[1] ?? ''] as const);
  const sections = exchange.server
    .merged('Location')
    .flatMap(({ args, block = [] }) =>
      block.flatMap((one) =>
        one.name.toLowerCase() === 'proxypassreverse' ? [[args[0] ?? '', one.args[0] ?? ''] as const] : [],
      ),
    );
  for (const [path, url] of [...pairs, ...sections]) {
    const real = url.startsWith('balancer:') ? (/^\w+:\/\/[^/]+/.exec(target)?.[0] ?? url) : url;
    if (location.startsWith(real)) return exchange.whole(`${path}${location.slice(real.length)}`);
  }
  return location;
}
