import { regex } from './check';
import type { Exchange } from './exchange';
import type { Mapping } from './model';

type Part = string | { readonly variable: string };
const templates = new Map<string, readonly Part[]>();

function partsOf(template: string): readonly Part[] {
  let parts = templates.get(template);
  if (parts === undefined) {
    const found: Part[] = [];
    let at = 0;
    for (const match of template.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)) {
      if (match.index > at) found.push(template.slice(at, match.index));
      const name = match[1] ?? match[2] ?? '';
      // `$1x` is the first capture and an x.
      if (match[1] === undefined && /^\d\D/.test(name)) found.push({ variable: name.charAt(0) }, name.slice(1));
      else found.push({ variable: name });
      at = match.index + match[0].length;
    }
    if (at < template.length) found.push(template.slice(at));
    if (templates.size > 1000) templates.clear();
    templates.set(template, (parts = found));
  }
  return parts;
}

/** A text of the configuration with its variables filled in. */
export function fill(template: string, exchange: Exchange): string {
  if (!template.includes('$')) return template;
  let text = '';
  for (const part of partsOf(template))
    text += typeof part === 'string' ? part : (variable(part.variable, exchange) ?? '');
  return text;
}

/** The names of the variables in a text of the configuration. */
export const variablesIn = (template: string): readonly string[] =>
  template.includes('$') ? partsOf(template).flatMap((part) => (typeof part === 'string' ? [] : [part.variable])) : [];

/** The value of a variable; undefined where it has none (`-` in logs). */
export function variable(name: string, exchange: Exchange): string | undefined {
  if (/^\d$/.test(name)) return exchange.captures[Number(name)] ?? '';
  const own = exchange.set.get(name);
  if (own !== undefined) return own;
  const known = builtin[name];
  if (known !== undefined) return known(exchange);
  if (Object.hasOwn(exchange.named, name)) return exchange.named[name];
  const mapping = exchange.instance.http.mappings.get(name);
  if (mapping !== undefined) return mapped(mapping, exchange);
  const [, family = '', rest = ''] = /^(http|arg|cookie|sent_http|upstream_http)_(.+)$/.exec(name) ?? [];
  const header = rest.replaceAll('_', '-');
  switch (family) {
    case 'http':
      return exchange.request.headers.get(header);
    case 'arg':
      return argument(exchange.args, rest);
    case 'cookie':
      return cookie(exchange.request.headers.get('Cookie') ?? '', rest);
    case 'upstream_http':
      return exchange.upstreamHeaders?.get(header);
    case 'sent_http':
      return header === 'content-type' ? exchange.contentType : undefined;
    default:
      return undefined;
  }
}

/** Is it a variable that nginx knows, by its name alone? */
export const isBuiltin = (name: string): boolean =>
  Object.hasOwn(builtin, name) ||
  /^(\d|(http|arg|cookie|sent_http|upstream_http|sent_trailer|upstream_cookie)_\w+)$/.test(name);

function argument(args: string, name: string): string | undefined {
  for (const pair of args.split('&')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).toLowerCase() === name.toLowerCase()) return pair.slice(equals + 1);
  }
  return undefined;
}

function cookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key = '', ...value] = pair.trim().split('=');
    if (key.toLowerCase() === name.toLowerCase()) return value.join('=');
  }
  return undefined;
}

function mapped(mapping: Mapping, exchange: Exchange): string {
  if (exchange.mapped > 10) return '';
  exchange.mapped++;
  const value = fill(mapping.source, exchange);
  const result = mapping.kind === 'geo' ? inGeo(mapping, value) : inMap(mapping, value, exchange);
  const filled = fill(result, exchange);
  exchange.mapped--;
  return filled;
}

function inMap({ entries, exact }: Mapping, value: string, exchange: Exchange): string {
  const key = value.toLowerCase();
  const found = key === 'default' || key === 'hostnames' ? undefined : (exact.get(key) ?? exact.get(`\\${key}`));
  if (found !== undefined) return found;
  if (exact.has('hostnames')) {
    for (const [name, result] of entries) {
      if (name.startsWith('*.') && key.endsWith(name.slice(1))) return result;
      if (name.startsWith('.') && (key === name.slice(1) || key.endsWith(name))) return result;
      if (name.endsWith('.*') && key.startsWith(name.slice(0, -1))) return result;
    }
  }
  for (const [name, result] of entries) {
    if (!name.startsWith('~')) continue;
    const insensitive = name.startsWith('~*');
    const match = regex(name.slice(insensitive ? 2 : 1), insensitive ? 'i' : '').exec(value);
    if (match === null) continue;
    exchange.captures = match;
    Object.assign(exchange.named, match.groups);
    return result;
  }
  return exact.get('default') ?? '';
}

const number = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** Is an IPv4 address in `10.0.0.0/8`, or is it that address? */
export function within(address: string, network: string): boolean {
  const [base = '', bits = '32'] = network.split('/');
  if (!/^[\d.]+$/.test(base) || !/^[\d.]+$/.test(address)) return address === network;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}

function inGeo({ entries, exact }: Mapping, address: string): string {
  let [best, bits] = [exact.get('default') ?? '', -1];
  for (const [network, value] of entries) {
    if (!/^\d/.test(network) || !within(address, network)) continue;
    const length = Number(network.split('/')[1] ?? 32);
    if (length > bits) [best, bits] = [value, length];
  }
  return best;
}

const two = (value: number): string => String(value).padStart(2, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `21/Nov/2025:09:00:00 +0000`. */
export function localTime(now: number): string {
  const at = new Date(now);
  return `${two(at.getUTCDate())}/${months[at.getUTCMonth()] ?? ''}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} +0000`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
const header =
  (name: string) =>
  ({ request }: Exchange) =>
    request.headers.get(name);
const remote = ({ context }: Exchange): string => (context.remote === 'unix' ? 'unix:' : context.remote);
const requestId = new WeakMap<Exchange, string>();

const builtin: Readonly<Record<string, (exchange: Exchange) => string | undefined>> = {
  args: ({ args }) => args,
  query_string: ({ args }) => args,
  is_args: ({ args }) => (args === '' ? '' : '?'),
  uri: ({ uri }) => uri,
  document_uri: ({ uri }) => uri,
  request_uri: ({ request }) => request.url,
  request_method: ({ request }) => request.method,
  request: ({ request }) => `${request.method} ${request.url} ${request.protocol ?? 'HTTP/1.1'}`,
  host: ({ host }) => host,
  hostname: ({ process }) => process.namespaces.uts.hostname.toLowerCase(),
  remote_addr: remote,
  binary_remote_addr: remote,
  remote_port: () => '0',
  remote_user: ({ remoteUser, request }) => remoteUser ?? basicUser(request.headers.get('Authorization')),
  realip_remote_addr: remote,
  proxy_protocol_addr: () => '',
  server_addr: ({ local }) => local,
  server_port: ({ listen }) => String(listen.port),
  server_name: ({ server }) => server.names[0] ?? '',
  server_protocol: ({ request }) => request.protocol ?? 'HTTP/1.1',
  scheme: ({ listen }) => (listen.tls ? 'https' : 'http'),
  https: ({ listen }) => (listen.tls ? 'on' : ''),
  ssl_protocol: ({ listen }) => (listen.tls ? 'TLSv1.3' : undefined),
  ssl_cipher: ({ listen }) => (listen.tls ? 'TLS_AES_256_GCM_SHA384' : undefined),
  ssl_server_name: ({ listen, host }) => (listen.tls ? host : undefined),
  nginx_version: ({ instance }) => instance.version,
  pid: ({ instance }) => String(instance.worker),
  connection: ({ connection }) => String(connection),
  connection_requests: () => '1',
  pipe: () => '.',
  msec: ({ process }) => seconds(process.clock.now),
  time_local: ({ process }) => localTime(process.clock.now),
  time_iso8601: ({ process }) => `${new Date(process.clock.now).toISOString().slice(0, 19)}+00:00`,
  request_time: ({ process, started }) => seconds(process.clock.now - started),
  request_length: ({ request }) =>
    String(
      [...request.headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0) +
        request.method.length +
        request.url.length +
        14 +
        (request.body instanceof Uint8Array ? request.body.length : 0),
    ),
  request_id: (exchange) => {
    let id = requestId.get(exchange);
    if (id === undefined) requestId.set(exchange, (id = exchange.process.random.hex(32)));
    return id;
  },
  request_body: ({ request }) =>
    request.body instanceof Uint8Array && request.body.length > 0 ? new TextDecoder().decode(request.body) : undefined,
  request_completion: () => 'OK',
  status: ({ status }) => String(status).padStart(3, '0'),
  body_bytes_sent: ({ bytesSent }) => String(bytesSent),
  bytes_sent: ({ bytesSent }) => String(bytesSent),
  content_type: header('Content-Type'),
  content_length: header('Content-Length'),
  document_root: (exchange) => rootOf(exchange),
  realpath_root: (exchange) => rootOf(exchange),
  request_filename: (exchange) => filename(exchange),
  upstream_addr: ({ upstreamAddr }) => (upstreamAddr.length === 0 ? undefined : upstreamAddr.join(', ')),
  upstream_status: ({ upstreamStatus }) => (upstreamStatus.length === 0 ? undefined : upstreamStatus.join(', ')),
  upstream_response_time: ({ upstreamTime }) => (upstreamTime === undefined ? undefined : seconds(upstreamTime)),
  upstream_connect_time: ({ upstreamTime }) => (upstreamTime === undefined ? undefined : '0.000'),
  upstream_header_time: ({ upstreamTime }) => (upstreamTime === undefined ? undefined : seconds(upstreamTime)),
  upstream_response_length: ({ upstreamTime, bytesSent }) =>
    upstreamTime === undefined ? undefined : String(bytesSent),
  upstream_cache_status: () => undefined,
  proxy_add_x_forwarded_for: (exchange) => {
    const before = exchange.request.headers.get('X-Forwarded-For');
    return before === undefined ? remote(exchange) : `${before}, ${remote(exchange)}`;
  },
  proxy_host: ({ set }) => set.get('proxy_host'),
  proxy_port: ({ set }) => set.get('proxy_port'),
  limit_rate: () => '0',
  invalid_referer: () => '',
  gzip_ratio: () => undefined,
  limit_req_status: () => undefined,
};

function basicUser(authorization: string | undefined): string | undefined {
  const [, encoded] = /^Basic\s+(\S+)/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  try {
    return atob(encoded).split(':', 1)[0];
  } catch {
    return undefined;
  }
}

/** `root`, made absolute by nginx's prefix. */
export function rootOf(exchange: Exchange): string {
  const root = fill(exchange.scope.value('root') ?? 'html', exchange);
  return root.startsWith('/') ? root.replace(/\/+$/, '') : `${exchange.instance.prefix}/${root}`;
}

/** The path that a URI has on disk (ngx_http_map_uri_to_path). */
export function filename(exchange: Exchange, uri = exchange.uri): string {
  const { location } = exchange;
  const alias = location.own('alias')[0]?.args[0];
  if (alias === undefined) return `${rootOf(exchange)}${uri}`;
  const target = fill(alias, exchange);
  if (location.regex !== undefined) return target;
  return `${target}${uri.startsWith(location.pattern) ? uri.slice(location.pattern.length) : uri}`;
}
