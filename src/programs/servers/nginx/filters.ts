import { gzipSync } from 'fflate';
import { concat, decode, encode } from '../../../linux/io/bytes';
import { httpDate } from '../../../linux/net/http/server';
import { Headers, type Response } from '../../../linux/net/http/message';
import type { Exchange, Reply } from './exchange';
import { reasonOf } from './pages';
import type { Scope } from './scope';
import { fill } from './variables';
import { timeOf } from './scope';

const typeTables = new WeakMap<object, ReadonlyMap<string, string>>();

/** The `types` in force. */
function typesOf(scope: Scope): ReadonlyMap<string, string> {
  const directive = scope.all('types').at(-1);
  if (directive?.block === undefined) return compiledIn;
  let table = typeTables.get(directive);
  if (table === undefined) {
    table = new Map(
      directive.block.flatMap(({ name, args }) => args.map((extension) => [extension.toLowerCase(), name] as const)),
    );
    typeTables.set(directive, table);
  }
  return table;
}

const compiledIn: ReadonlyMap<string, string> = new Map([
  ['html', 'text/html'],
  ['gif', 'image/gif'],
  ['jpg', 'image/jpeg'],
]);

/** The type of a URI by its extension (ngx_http_set_content_type). */
export function contentType({ scope }: Exchange, uri: string): string {
  const [, extension] = /\.([^./]+)$/.exec(uri) ?? [];
  const known = extension === undefined ? undefined : typesOf(scope).get(extension.toLowerCase());
  return known ?? scope.value('default_type') ?? 'text/plain';
}

const charsetTypes = [
  'text/html',
  'text/xml',
  'text/plain',
  'text/vnd.wap.wml',
  'application/javascript',
  'application/rss+xml',
];
const emptied = new Uint8Array(0);

/** The header and body filters: from a reply to what goes onto the connection. */
export async function finish(exchange: Exchange, reply: Reply): Promise<Response> {
  const { scope, process, request, instance } = exchange;
  const tokens = scope.value('server_tokens') ?? 'on';
  const headers = new Headers();
  let { body, length } = reply;
  const own = [...reply.headers];
  let { status, type } = reply;
  let etag = reply.file?.etag;
  let last: readonly [string, string] | undefined;
  let lastModified = reply.lastModified;
  if (reply.file !== undefined && !scope.flag('etag', true)) etag = undefined;

  const substituted = await substitute(exchange, reply, type, body);
  if (substituted !== undefined) [body, length, lastModified, etag] = [substituted, undefined, undefined, undefined];
  const charset = scope.value('charset');
  if (
    type !== undefined &&
    charset !== undefined &&
    charset !== 'off' &&
    !type.includes('charset') &&
    charsetTypes.includes(type)
  ) {
    type = `${type}; charset=${fill(charset, exchange)}`;
  }

  if (reply.file !== undefined && status === 200) {
    if (unchanged(exchange, reply.file.mtime, etag)) {
      if (request.headers.has('If-Unmodified-Since') || request.headers.has('If-Match')) status = 412;
      else [status, body, length, type] = [304, emptied, undefined, undefined];
    }
  }
  if (reply.file !== undefined && ![200, 206, 304].includes(status)) lastModified = undefined;
  const length0 = length ?? (body instanceof Uint8Array ? body.length : undefined);
  const squeezed = status === 304 ? undefined : gzipped(exchange, reply, type, body);
  if (squeezed !== undefined) {
    body = streamOf(squeezed);
    length = undefined;
    if (etag !== undefined) etag = `W/${etag}`;
  } else if (reply.file !== undefined && body instanceof Uint8Array && status === 200 && substituted === undefined) {
    const part = ranged(exchange, body, etag, reply.file.mtime, type);
    if (part !== undefined) [status, body, type] = [part.status, part.body, part.type];
    if (part?.range !== undefined) last = ['Content-Range', part.range];
    if (part === undefined) last = ['Accept-Ranges', 'bytes'];
  }
  if (substituted !== undefined && squeezed === undefined) body = streamOf(substituted);

  if (reply.unsized === true && squeezed === undefined && body instanceof Uint8Array && exchange.method !== 'HEAD') {
    exchange.bytesSent = body.length;
    body = streamOf(body);
  }
  exchange.status = status;
  exchange.contentType = type ?? '';
  if (!own.some(([name]) => name === 'Server')) {
    headers.set('Server', tokens === 'off' ? 'nginx' : `nginx/${instance.version}`);
  }
  headers.set('Date', httpDate(process.clock.now));
  if (type !== undefined && type !== '') headers.set('Content-Type', type);
  const known =
    body instanceof Uint8Array && !(exchange.method === 'HEAD' && length !== undefined) ? body.length : length;
  const bodiless = status === 204 || status === 304;
  if (!bodiless && known !== undefined) headers.set('Content-Length', String(known));
  if (lastModified !== undefined) headers.set('Last-Modified', lastModified);
  const location = reply.location === undefined ? undefined : absolute(exchange, reply.location);
  const inPlace = location !== undefined && location !== reply.location;
  if (inPlace) headers.set('Location', location);
  const http10 = request.protocol === 'HTTP/1.0';
  const wish = request.headers.get('Connection') ?? '';
  const close =
    /close/i.test(wish) ||
    (http10 && !/keep-alive/i.test(wish)) ||
    scope.value('keepalive_timeout') === '0' ||
    (http10 && known === undefined);
  if (known === undefined && !bodiless && !http10) headers.set('Transfer-Encoding', 'chunked');
  headers.set('Connection', close ? 'close' : 'keep-alive');
  const worth = [200, 403, 404].includes(status) && (length0 ?? 20) >= scope.bytes('gzip_min_length', 20);
  if (worth && scope.flag('gzip') && scope.flag('gzip_vary') && mayGzip(scope, reply.type))
    headers.set('Vary', 'Accept-Encoding');
  if (etag !== undefined) headers.set('ETag', etag);
  if (location !== undefined && !inPlace) headers.set('Location', location);
  for (const [name, value] of exchange.extra) headers.add(name, value);
  for (const [name, value] of own) headers.add(name, value);
  addHeaders(exchange, headers, status);
  if (squeezed !== undefined) headers.set('Content-Encoding', 'gzip');
  if (last !== undefined) headers.set(last[0], last[1]);
  if (body instanceof Uint8Array) exchange.bytesSent = exchange.method === 'HEAD' || bodiless ? 0 : body.length;
  else if (squeezed !== undefined || substituted !== undefined)
    exchange.bytesSent = (squeezed ?? substituted ?? emptied).length;
  return {
    status,
    reason: reply.reason ?? reasonOf(status),
    headers,
    body: exchange.method === 'HEAD' && reply.file === undefined && !(body instanceof Uint8Array) ? body : body,
  };
}

/** absolute_redirect, port_in_redirect (ngx_http_header_filter). */
function absolute({ scope, listen, host }: Exchange, location: string): string {
  if (!location.startsWith('/') || !scope.flag('absolute_redirect', true)) return location;
  const usual = listen.tls ? 443 : 80;
  const port =
    listen.port === usual || listen.port === 0 || !scope.flag('port_in_redirect', true) ? '' : `:${listen.port}`;
  const name = host === '' ? 'localhost' : host;
  return `${listen.tls ? 'https' : 'http'}://${name}${port}${location}`;
}

const passing = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308]);

/** `expires` and `add_header` (ngx_http_headers_filter_module.c). */
function addHeaders(exchange: Exchange, headers: Headers, status: number): void {
  const { scope, process } = exchange;
  const expires = scope.args('expires');
  if (expires !== undefined && passing.has(status))
    expire(fill(expires.at(-1) ?? '', exchange), expires.length > 1, process.clock.now, headers);
  for (const { args } of scope.all('add_header')) {
    const [name = '', value = '', always] = args;
    const filled = fill(value, exchange);
    if (filled === '' || (always === undefined && !passing.has(status))) continue;
    if (name.toLowerCase() === 'last-modified' || name.toLowerCase() === 'etag') headers.set(name, filled);
    else headers.add(name, filled);
  }
}

function expire(when: string, modified: boolean, now: number, headers: Headers): void {
  if (when === 'off') return;
  const add = (at: string, control: string): void => {
    headers.set('Expires', at);
    headers.set('Cache-Control', control);
  };
  if (when === 'epoch') return add('Thu, 01 Jan 1970 00:00:01 GMT', 'no-cache');
  if (when === 'max') return add('Thu, 31 Dec 2037 23:55:55 GMT', 'max-age=315360000');
  const past = when.startsWith('-');
  const ms = timeOf(when.replace(/^[-+@]/, '')) * (past ? -1 : 1);
  const base = modified ? Date.parse(headers.get('Last-Modified') ?? httpDate(now)) : now;
  const at = base + ms;
  return add(httpDate(at), past || at < now ? 'no-cache' : `max-age=${Math.round((at - now) / 1000)}`);
}

/** Conditional requests (ngx_http_not_modified_filter_module.c). */
function unchanged({ request, scope }: Exchange, mtime: number, etag: string | undefined): boolean {
  const field = (name: string): string | undefined => request.headers.get(name);
  const unmodified = field('If-Unmodified-Since');
  const second = Math.floor(mtime / 1000) * 1000;
  if (unmodified !== undefined) return second > Date.parse(unmodified);
  const match = field('If-Match');
  if (match !== undefined) return match !== '*' && !tags(match).includes(etag ?? '');
  const none = field('If-None-Match');
  if (none !== undefined) return none === '*' || tags(none).some((tag) => tag.replace(/^W\//, '') === etag);
  const since = field('If-Modified-Since');
  if (since === undefined || scope.value('if_modified_since') === 'off') return false;
  return scope.value('if_modified_since') === 'before' ? second <= Date.parse(since) : second === Date.parse(since);
}

const tags = (list: string): readonly string[] => list.split(',').map((tag) => tag.trim());

interface Part {
  readonly status: number;
  readonly body: Uint8Array;
  readonly type: string | undefined;
  readonly range?: string;
}

/** `Range: bytes=…` (ngx_http_range_filter_module.c); several parts are sent whole. */
function ranged(
  { request, process }: Exchange,
  body: Uint8Array,
  etag: string | undefined,
  mtime: number,
  type: string | undefined,
): Part | undefined {
  const range = request.headers.get('Range');
  if (range === undefined || !range.startsWith('bytes=')) return undefined;
  const condition = request.headers.get('If-Range');
  if (condition !== undefined && condition !== etag && Date.parse(condition) !== Math.floor(mtime / 1000) * 1000)
    return undefined;
  const size = body.length;
  const parts: (readonly [number, number])[] = [];
  for (const text of range.slice(6).split(',')) {
    const [, from = '', to = ''] = /^\s*(\d*)-(\d*)\s*$/.exec(text) ?? [];
    if (from === '' && to === '') return { status: 416, body: refusal, type, range: `bytes */${size}` };
    const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
    const end = from === '' || to === '' ? size : Math.min(size, Number(to) + 1);
    if (start < end) parts.push([start, end]);
  }
  const [first] = parts;
  if (first === undefined) return { status: 416, body: refusal, type, range: `bytes */${size}` };
  if (parts.length === 1) {
    const [start, end] = first;
    return { status: 206, body: body.subarray(start, end), type, range: `bytes ${start}-${end - 1}/${size}` };
  }
  const boundary = String(Math.floor(process.random.fraction() * 1e10)).padStart(20, '0');
  const chunks = parts.flatMap(([start, end]) => [
    encode(
      `\r\n--${boundary}\r\n${type === undefined ? '' : `Content-Type: ${type}\r\n`}Content-Range: bytes ${start}-${end - 1}/${size}\r\n\r\n`,
    ),
    body.subarray(start, end),
  ]);
  return {
    status: 206,
    body: concat([...chunks, encode(`\r\n--${boundary}--\r\n`)]),
    type: `multipart/byteranges; boundary=${boundary}`,
  };
}

/** The caller makes the page of a 416. */
const refusal = new Uint8Array(0);

const mayGzip = (scope: Scope, type: string | undefined): boolean => {
  const types = [...(scope.args('gzip_types') ?? []), 'text/html'];
  return types.includes('*') || types.includes((type ?? '').split(';', 1)[0]?.trim() ?? '');
};

function gzipped(
  exchange: Exchange,
  { status, type, headers, length }: Reply,
  _: string | undefined,
  body: Reply['body'],
): Uint8Array | undefined {
  const { scope, request } = exchange;
  if (!scope.flag('gzip') || !(body instanceof Uint8Array) || exchange.method === 'HEAD') return undefined;
  if (![200, 403, 404].includes(status) || !mayGzip(scope, type)) return undefined;
  if (headers.some(([name]) => name.toLowerCase() === 'content-encoding')) return undefined;
  if ((length ?? body.length) < scope.bytes('gzip_min_length', 20)) return undefined;
  if (request.protocol === 'HTTP/1.0' && scope.value('gzip_http_version') !== '1.0') return undefined;
  if (request.headers.has('Via') && (scope.value('gzip_proxied') ?? 'off') === 'off') return undefined;
  if (!acceptsGzip(request.headers.get('Accept-Encoding') ?? '')) return undefined;
  const level = Math.min(9, Math.max(1, Number(scope.value('gzip_comp_level') ?? 1)));
  return gzipSync(body, { level: level as 1, mtime: 0 });
}

const acceptsGzip = (accept: string): boolean => /(^|,)\s*gzip\s*(;\s*q\s*=\s*(?!0(\.0*)?\s*(,|$))|,|$)/.test(accept);

/** `sub_filter` (ngx_http_sub_filter_module.c). */
async function substitute(
  exchange: Exchange,
  { status }: Reply,
  type: string | undefined,
  body: Reply['body'],
): Promise<Uint8Array | undefined> {
  const { scope } = exchange;
  const filters = scope.all('sub_filter');
  const types = [...(scope.args('sub_filter_types') ?? []), 'text/html'];
  if (filters.length === 0 || status === 304 || !(types.includes('*') || types.includes(type?.split(';', 1)[0] ?? '')))
    return undefined;
  let text = decode(body instanceof Uint8Array ? body : await whole(body));
  const once = scope.flag('sub_filter_once', true);
  for (const { args } of filters) {
    const [from = '', to = ''] = args.map((one) => fill(one, exchange));
    if (from === '') continue;
    const pattern = new RegExp(from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), once ? 'i' : 'gi');
    text = text.replace(pattern, () => to);
  }
  return encode(text);
}

async function whole(body: Exclude<Reply['body'], Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read()) chunks.push(chunk);
  return concat(chunks);
}

/** Bytes whose number is not announced. */
function streamOf(bytes: Uint8Array): Exclude<Reply['body'], Uint8Array> {
  let left: Uint8Array | undefined = bytes;
  return {
    read: () => {
      const chunk = left;
      left = undefined;
      return Promise.resolve(chunk);
    },
    cancel: () => undefined,
  };
}
