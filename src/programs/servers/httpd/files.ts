import { encode, noBytes } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { httpDate } from '../../../linux/net/http/server';
import type { Stat } from '../../../linux/fs/types';
import { autoindex } from './autoindex';
import type { Exchange, Outcome } from './exchange';

/** May the workers' user read that (they are www-data, whoever opened the files here)? */
function mayRead({ mode, uid, gid }: Stat, bit: 4 | 1): boolean {
  if (uid === 33) return (mode & (bit << 6)) !== 0;
  if (gid === 33) return (mode & (bit << 3)) !== 0;
  return (mode & bit) !== 0;
}

/** The first folder on the way that the workers may not search. */
export function closed({ process, filename = '' }: Exchange): string | undefined {
  const parts = filename.split('/').slice(1, -1);
  for (let depth = 1; depth <= parts.length; depth++) {
    const path = `/${parts.slice(0, depth).join('/')}`;
    const stat = process.fs.stat(path);
    if (!stat.ok) return undefined;
    if (stat.value.type === 'directory' && !mayRead(stat.value, 1)) return path;
  }
  return undefined;
}

/** default_handler: a file, or the folder's listing. */
export function serveFile(exchange: Exchange): Outcome {
  const { process, request, filename = '' } = exchange;
  const { method } = request;
  const stat = process.fs.stat(filename);
  if (method === 'OPTIONS') {
    const headers = new Headers({ Allow: exchange.allow });
    return { status: 200, headers, type: typeOf(exchange).type, body: noBytes };
  }
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return 405;
  if (!stat.ok || exchange.pathInfo !== '') return 404;
  if (stat.value.type === 'directory') return autoindex(exchange);
  const content = mayRead(stat.value, 4) ? process.fs.readFile(filename) : undefined;
  if (content?.ok !== true) {
    exchange.server.log(
      'core',
      'error',
      `(13)Permission denied: [client ${exchange.remote}:${exchange.remotePort}] AH00132: file permissions deny server access: ${filename}`,
    );
    return 403;
  }
  return fileReply(exchange, stat.value, content.value);
}

function fileReply(exchange: Exchange, { mtime, size }: Stat, content: Uint8Array): Outcome {
  const { request } = exchange;
  const headers = new Headers({ 'Last-Modified': httpDate(mtime) });
  const etag = etagOf(exchange, mtime, size);
  if (etag !== undefined) headers.set('ETag', etag);
  headers.set('Accept-Ranges', 'bytes');
  const { type, encoding } = typeOf(exchange);
  if (encoding !== undefined) headers.set('Content-Encoding', encoding);
  const unless = request.headers.get('If-None-Match');
  const since = request.headers.get('If-Modified-Since');
  const unchanged =
    unless === undefined
      ? since !== undefined && Math.floor(mtime / 1000) * 1000 <= Date.parse(since)
      : unless === '*' || unless.split(/,\s*/).some((one) => one.replace(/^W\//, '') === etag);
  if (unchanged && request.method !== 'POST') return { status: 304, headers, type: undefined, body: noBytes };
  const range = request.method === 'POST' ? undefined : rangeOf(request.headers.get('Range'), content.length);
  if (range === 'none') return 416;
  if (range !== undefined) {
    const [from, to] = range;
    headers.set('Content-Length', String(to - from + 1));
    headers.set('Content-Range', `bytes ${from}-${to}/${content.length}`);
    return { status: 206, headers, type, body: content.subarray(from, to + 1) };
  }
  return { status: 200, headers, type, body: content };
}

/** FileETag: size and time of change in microseconds, in hexadecimal. */
function etagOf(exchange: Exchange, mtime: number, size: number): string | undefined {
  const words = (exchange.last('FileETag')?.args ?? ['MTime', 'Size']).map((word) => word.toLowerCase());
  const time = Math.round(mtime * 1000).toString(16);
  const parts = [
    ...(words.includes('size') || words.includes('all') ? [size.toString(16)] : []),
    ...(words.includes('mtime') || words.includes('all') ? [time] : []),
  ];
  return words.includes('none') || parts.length === 0 ? undefined : `"${parts.join('-')}"`;
}

/** One range; several at once are answered with the whole. */
function rangeOf(text: string | undefined, size: number): readonly [number, number] | 'none' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(text ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') return Number(to) === 0 ? 'none' : [Math.max(0, size - Number(to)), size - 1];
  if (Number(from) >= size) return 'none';
  return [Number(from), Math.min(to === '' ? size - 1 : Number(to), size - 1)];
}

/** mod_mime: type, character set and encoding by the extensions, from left to right. */
export function typeOf(exchange: Exchange): {
  readonly type: string | undefined;
  readonly encoding: string | undefined;
} {
  const { server, filename = '' } = exchange;
  const given = (name: string, extension: string): string | undefined =>
    exchange
      .all(name)
      .findLast(({ args }) => args.slice(1).some((one) => one.replace(/^\./, '').toLowerCase() === extension))?.args[0];
  let type: string | undefined;
  let charset: string | undefined;
  let encoding: string | undefined;
  for (const extension of (filename.split('/').at(-1) ?? '').toLowerCase().split('.').slice(1)) {
    type = given('AddType', extension) ?? server.instance.types.get(extension) ?? type;
    charset = given('AddCharset', extension) ?? charset;
    encoding = given('AddEncoding', extension) ?? encoding;
  }
  const forced = exchange.env.get('force-type') ?? exchange.value('ForceType');
  if (forced !== undefined && forced.toLowerCase() !== 'none') type = forced;
  const fallback = exchange.value('AddDefaultCharset');
  if (
    charset === undefined &&
    fallback !== undefined &&
    fallback.toLowerCase() !== 'off' &&
    /^text\/(plain|html)$/.test(type ?? '')
  )
    charset = fallback.toLowerCase() === 'on' ? 'iso-8859-1' : fallback;
  return { type: type === undefined || charset === undefined ? type : `${type}; charset=${charset}`, encoding };
}

/** `Options` with what sections added and took away. */
export function hasOption(exchange: Exchange, wanted: string): boolean {
  let options = new Set(['followsymlinks']);
  for (const { args } of exchange.all('Options')) {
    if (args.every((word) => !/^[+-]/.test(word))) options = new Set();
    for (const word of args) {
      const name = word.replace(/^[+-]/, '').toLowerCase();
      const names = name === 'all' ? ['indexes', 'includes', 'followsymlinks', 'execcgi'] : [name];
      for (const one of names) {
        if (word.startsWith('-')) options.delete(one);
        else options.add(one);
      }
    }
  }
  return options.has(wanted.toLowerCase());
}

/** TRACE: the request as it came. */
export function trace({ request }: Exchange): Outcome {
  const lines = [...request.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const body = encode(`${request.method} ${request.url} HTTP/1.1\r\n${lines}\r\n`);
  return { status: 200, headers: new Headers(), type: 'message/http', body, chunked: true };
}
