import { noBytes } from '../../../linux/io/bytes';
import { Headers, type Request, type RequestContext, type Response } from '../../../linux/net/http/message';
import { refused } from './access';
import type { Directive } from './config';
import { errorPage, plain, reasonOf } from './pages';
import { Exchange, type Outcome, type Reply } from './exchange';
import { closed, serveFile, trace } from './files';
import { environment, finish } from './headers';
import { accessLine } from './log';
import { locationTarget, proxy, proxyTarget } from './proxy';
import { redirectOf } from './redirect';
import { rewrite, type Rewritten } from './rewrite';
import { walk } from './sections';
import type { Instance } from './server';
import { regex } from './glob';

const methods = new Set(
  'GET HEAD POST PUT DELETE OPTIONS TRACE PATCH CONNECT PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK'.split(' '),
);

/** One request: from the request line to the line in the access log. */
export async function serveRequest(
  instance: Instance,
  ends: { readonly local: string; readonly port: number; readonly remote: string; readonly remotePort: number },
  request: Request,
  _context: RequestContext,
): Promise<Response> {
  const host = (request.headers.get('Host') ?? '').replace(/:\d+$/, '').toLowerCase();
  const server = instance.find(host, ends.local, ends.port);
  const exchange = new Exchange(instance.process, request, server, ends.remote, ends.remotePort, ends.local, ends.port);
  exchange.layers = server.layers;
  const outcome = await answer(exchange);
  let reply: Reply;
  let error = false;
  if (typeof outcome === 'number') {
    exchange.firstStatus = outcome;
    reply = await errorDocument(exchange, outcome);
    error = true;
  } else {
    reply = outcome;
    error = exchange.firstStatus !== 0;
    exchange.firstStatus ||= reply.status;
  }
  exchange.status = reply.status;
  const headers = finish(exchange, reply, error && reply.status !== 200);
  exchange.replied = headers;
  const length = reply.body instanceof Uint8Array ? reply.body.length : Number(headers.get('Content-Length') ?? 0);
  exchange.sent = request.method === 'HEAD' || exchange.unsized ? 0 : length;
  exchange.received = request.body instanceof Uint8Array ? request.body.length : 0;
  logAccess(exchange);
  return {
    status: reply.status,
    reason: reply.reason ?? reasonOf(reply.status) ?? undefined,
    headers,
    body: reply.chunked === true && reply.body instanceof Uint8Array ? streamed(reply.body) : reply.body,
  } as Response;
}

function streamed(bytes: Uint8Array): { read(): Promise<Uint8Array | undefined>; cancel(): void } {
  let left: Uint8Array | undefined = bytes;
  return {
    read: async () => {
      const now = left;
      left = undefined;
      return now;
    },
    cancel: () => undefined,
  };
}

function logAccess(exchange: Exchange): void {
  const { server } = exchange;
  const own = [...server.all('CustomLog'), ...server.all('TransferLog')];
  const logs = own.length > 0 ? own : server.merged('CustomLog', 'TransferLog');
  for (const { name, args } of logs) {
    const [path = '', format = 'common', when] = args;
    const variable = /^env=(!?)(.+)$/.exec(when ?? '');
    if (variable !== null && exchange.env.has(variable[2] ?? '') !== (variable[1] === '')) continue;
    const written = name.toLowerCase() === 'transferlog' ? 'common' : format;
    server.instance.write(server.instance.absolute(path), `${accessLine(server.format(written), exchange)}\n`);
  }
}

/** ap_getparents and unescaping: the path, or a status. */
function pathOf(exchange: Exchange): string | number {
  const [written = ''] = exchange.target.split('?', 1);
  const bad = (): number => {
    exchange.log('core', 'error', `AH10244: invalid URI path (${exchange.target})`);
    return 400;
  };
  if (written === '*') return '/';
  if (!written.startsWith('/') || /%(?![\dA-Fa-f]{2})/.test(written)) return bad();
  if (/%2f/i.test(written)) return 404;
  let decoded: string;
  try {
    decoded = decodeURIComponent(written);
  } catch {
    decoded = unescape(written);
  }
  const parts: string[] = [];
  const segments = decoded.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '..') {
      if (parts.length === 0) return bad();
      parts.pop();
      if (last) parts.push('');
    } else if (segment === '.') {
      if (last) parts.push('');
    } else if (segment !== '' || last) parts.push(segment);
  }
  return `/${parts.join('/')}`;
}

async function answer(exchange: Exchange): Promise<Outcome> {
  const { request } = exchange;
  const mark = exchange.target.indexOf('?');
  exchange.args = mark < 0 ? undefined : exchange.target.slice(mark + 1);
  const path = pathOf(exchange);
  if (typeof path === 'number') return path;
  exchange.uri = path;
  if (!methods.has(request.method)) {
    exchange.log(
      'core',
      'error',
      `AH00135: Invalid method in request ${request.method} ${exchange.target} ${request.protocol ?? 'HTTP/1.1'}`,
    );
    return 501;
  }
  return handle(exchange);
}

/** Translation, sections, access, fix-ups and the handler, for a path (again after an internal redirect). */
async function handle(exchange: Exchange): Promise<Outcome> {
  const { server } = exchange;
  if (++exchange.redirects > 10) {
    exchange.log(
      'core',
      'error',
      "AH00124: Request exceeded the limit of 10 internal redirects due to probable configuration error. Use 'LimitInternalRecursion' to increase the limit if necessary. Use 'LogLevel debug' to get a backtrace.",
    );
    return 500;
  }
  exchange.filename = undefined;
  environment(exchange, server.layers.flat());
  const early = await translate(exchange);
  if (early !== undefined) return early;
  const target = locationTarget(exchange);
  if (exchange.request.method === 'TRACE' && exchange.server.value('TraceEnable')?.toLowerCase() !== 'off')
    return trace(exchange);
  if (target !== undefined) return guarded(exchange, target, true);
  const broken = walk(exchange);
  if (broken !== undefined) return broken;
  const denied = refused(exchange);
  if (denied !== undefined) return denied;
  environment(exchange, exchange.layers.slice(server.layers.length).flat());
  const folder = closed(exchange);
  if (folder !== undefined) {
    exchange.server.log(
      'core',
      'error',
      `(13)Permission denied: [client ${exchange.remote}:${exchange.remotePort}] AH00035: access to ${exchange.uri} denied (filesystem path '${folder}') because search permissions are missing on a component of the path`,
    );
    return 403;
  }
  return fixUp(exchange);
}

/** A proxied path has no file: sections of locations and access hold for it all the same. */
async function guarded(exchange: Exchange, target: string, worker: boolean): Promise<Outcome> {
  exchange.filename = undefined;
  const broken = walk(exchange);
  if (broken !== undefined) return broken;
  exchange.filename = `proxy:${target}`;
  const denied = refused(exchange);
  if (denied !== undefined) return denied;
  return proxy(exchange, target, worker);
}

/** translate_name: rules of the server, ProxyPass, Redirect and Alias, DocumentRoot. */
async function translate(exchange: Exchange): Promise<Outcome | undefined> {
  const { server } = exchange;
  let mapped = false;
  if (server.all('RewriteEngine').at(-1)?.args[0]?.toLowerCase() === 'on') {
    const result = rewrite(server.own, exchange, exchange.uri);
    const done = await settled(exchange, result);
    if (done !== undefined) return done;
    if (result.kind === 'path') {
      const first = `/${result.path.split('/')[1] ?? ''}`;
      // A path of the file system itself, where its first part is there and is no part of the site.
      if (
        !exchange.process.fs.stat(`${server.root}${first}`).ok &&
        exchange.process.fs.stat(first).ok &&
        first !== '/'
      ) {
        exchange.filename = result.path;
        mapped = true;
      } else exchange.uri = result.path;
    }
  }
  const target = proxyTarget(exchange);
  if (target !== undefined) return guarded(exchange, target, true);
  for (const layer of [server.own, ...(server.section === undefined ? [] : [server.instance.config.directives])]) {
    const redirect = redirectOf(layer, exchange);
    if (redirect !== undefined) {
      walk(exchange);
      return redirect;
    }
  }
  if (!mapped) exchange.filename = aliased(exchange) ?? `${server.root}${exchange.uri}`;
  locate(exchange);
  return undefined;
}

async function settled(exchange: Exchange, result: Rewritten): Promise<Outcome | undefined> {
  switch (result.kind) {
    case 'status':
      exchange.filename = `${exchange.server.root}${exchange.uri}`;
      return result.status;
    case 'redirect':
      exchange.location = result.url;
      return result.status;
    case 'proxy':
      return guarded(exchange, result.url, false);
    default:
      return undefined;
  }
}

/** Alias, AliasMatch, ScriptAlias: the first that takes the path. */
function aliased(exchange: Exchange): string | undefined {
  for (const { name, args } of exchange.server.merged('Alias', 'AliasMatch', 'ScriptAlias', 'ScriptAliasMatch')) {
    const [from = '', to = ''] = args;
    if (/match$/i.test(name)) {
      const match = regex(from)?.exec(exchange.uri);
      if (match === null || match === undefined) continue;
      return to.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');
    }
    if (!exchange.uri.startsWith(from)) continue;
    const rest = exchange.uri.slice(from.length);
    if (from.endsWith('/') || rest === '' || rest.startsWith('/')) return `${to}${rest}`;
  }
  return undefined;
}

/** Splits what follows a file off as path info (ap_directory_walk). */
function locate(exchange: Exchange): void {
  const { process, filename = '/' } = exchange;
  exchange.pathInfo = '';
  let path = '';
  const parts = filename.split('/').slice(1);
  for (const [index, part] of parts.entries()) {
    if (part === '') continue;
    path += `/${part}`;
    const stat = process.fs.stat(path);
    if (stat.ok && stat.value.type === 'directory') continue;
    const rest = parts.slice(index + 1);
    exchange.filename = path;
    exchange.pathInfo = rest.length === 0 ? '' : `/${rest.join('/')}`;
    return;
  }
}

/** The fix-ups: rules of folders, Redirect of folders, the slash and the index of a folder; then the handler. */
async function fixUp(exchange: Exchange): Promise<Outcome> {
  const { process, server } = exchange;
  const own = await folderRules(exchange);
  if (own !== undefined) return own;
  const redirect = redirectOf(exchange.layers.slice(server.layers.length).flat(), exchange);
  if (redirect !== undefined) return redirect;
  const stat = process.fs.stat(exchange.filename ?? '/');
  if (stat.ok && stat.value.type === 'directory') {
    if (!exchange.uri.endsWith('/')) {
      if (!exchange.flag('DirectorySlash', true)) return 404;
      exchange.location = exchange.whole(
        `${encodeURI(exchange.uri)}/${exchange.args === undefined ? '' : `?${exchange.args}`}`,
      );
      return 301;
    }
    const index = await indexOf(exchange);
    if (index !== undefined) return index;
  }
  const fallback = exchange.value('FallbackResource');
  if (!stat.ok && fallback !== undefined && fallback !== 'disabled' && exchange.uri !== fallback) {
    exchange.uri = fallback;
    return handle(exchange);
  }
  if (exchange.value('SetHandler')?.toLowerCase() === 'server-status') return status(exchange);
  const backend = /^proxy:(.+)$/.exec(exchange.value('SetHandler') ?? '')?.[1];
  if (backend !== undefined) return proxy(exchange, backend);
  return serveFile(exchange);
}

async function folderRules(exchange: Exchange): Promise<Outcome | undefined> {
  const { server, layers, folders, filename = '' } = exchange;
  for (let index = layers.length - 1; index >= server.layers.length; index--) {
    const layer = layers[index];
    const folder = folders[index];
    if (layer === undefined || folder === undefined) continue;
    if (!layer.some(({ name }) => name.toLowerCase() === 'rewriterule')) continue;
    if (exchange.value('RewriteEngine')?.toLowerCase() !== 'on' || exchange.env.has('rewrite-end')) return undefined;
    const prefix = folder === '/' ? '/' : `${folder}/`;
    const whole = `${filename}${exchange.pathInfo}`;
    if (!whole.startsWith(prefix)) return undefined;
    const subject = whole.slice(prefix.length);
    const uri = exchange.value('RewriteBase') ?? exchange.uri.slice(0, exchange.uri.length - subject.length);
    const before = exchange.args;
    const result = rewrite(layer, exchange, subject, { uri: uri.endsWith('/') ? uri : `${uri}/`, path: folder });
    const done = await settled(exchange, result);
    if (done !== undefined) return done;
    if (result.kind !== 'path') return undefined;
    if (result.end) exchange.env.set('rewrite-end', '1');
    if (result.path === exchange.uri && exchange.args === before) return undefined;
    exchange.uri = result.path.startsWith(`${server.root}/`) ? result.path.slice(server.root.length) : result.path;
    return handle(exchange);
  }
  return undefined;
}

/** The names of the last place that says any: there they add up. */
function indexNames({ layers }: Exchange): readonly string[] {
  const isIndex = ({ name }: Directive): boolean => name.toLowerCase() === 'directoryindex';
  const layer = layers.findLast((one) => one.some(isIndex));
  return layer === undefined ? ['index.html'] : layer.filter(isIndex).flatMap(({ args }) => args);
}

/** DirectoryIndex: the first that is there takes the folder's place. */
async function indexOf(exchange: Exchange): Promise<Outcome | undefined> {
  const { process, filename = '' } = exchange;
  for (const name of indexNames(exchange)) {
    if (name === 'disabled') return undefined;
    if (name.startsWith('/')) {
      if (!process.fs.stat(`${exchange.server.root}${name}`).ok) continue;
      exchange.uri = name;
      return handle(exchange);
    }
    const file = process.fs.stat(`${filename.replace(/\/$/, '')}/${name}`);
    if (!file.ok || file.value.type === 'directory') continue;
    exchange.uri = `${exchange.uri}${name}`;
    exchange.filename = `${filename.replace(/\/$/, '')}/${name}`;
    const broken = walk(exchange);
    if (broken !== undefined) return broken;
    const denied = refused(exchange);
    if (denied !== undefined) return denied;
    return (await folderRules(exchange)) ?? serveFile(exchange);
  }
  return undefined;
}

/** mod_status, as `?auto` has it. */
function status(exchange: Exchange): Outcome {
  const { instance } = exchange.server;
  const text = `${exchange.server.name}\nServerVersion: ${instance.banner}\nServerMPM: event\nBusyWorkers: 1\nIdleWorkers: 74\nScoreboard: W${'_'.repeat(74)}${'.'.repeat(325)}\n`;
  return {
    status: 200,
    headers: new Headers(),
    type: 'text/plain; charset=ISO-8859-1',
    body: new TextEncoder().encode(text),
  };
}

/** ErrorDocument: a text, another URL, or a path of this server in the place of the page. */
async function errorDocument(exchange: Exchange, code: number): Promise<Reply> {
  const written = exchange.all('ErrorDocument').findLast(({ args }) => Number(args[0]) === code)?.args[1];
  if (written === undefined || written === 'default' || code < 400) return errorPage(code, exchange);
  if (/^https?:\/\//.test(written)) {
    exchange.location = written;
    return errorPage(302, exchange);
  }
  if (!written.startsWith('/')) return plain(code, written, exchange);
  const outer = exchange.layers;
  exchange.uri = written.split('?')[0] ?? '/';
  exchange.pathInfo = '';
  exchange.redirects = 0;
  const inner = new Exchange(
    exchange.process,
    {
      ...exchange.request,
      method: exchange.request.method === 'HEAD' ? 'HEAD' : 'GET',
      headers: new Headers(),
      body: noBytes,
    },
    exchange.server,
    exchange.remote,
    exchange.remotePort,
    exchange.local,
    exchange.port,
  );
  inner.uri = exchange.uri;
  inner.layers = outer;
  const outcome = await handle(inner);
  exchange.layers = inner.layers;
  if (typeof outcome === 'number') {
    const page = errorPage(code, exchange, outcome);
    exchange.unsized = true;
    return page;
  }
  for (const [name, value] of exchange.extra) outcome.headers.add(name, value);
  return { ...outcome, status: code };
}
