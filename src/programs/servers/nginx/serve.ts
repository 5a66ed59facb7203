import { encode, noBytes } from '../../../linux/io/bytes';
import { Headers, type Request, type RequestContext, type Response } from '../../../linux/net/http/message';
import { refused } from './access';
import { regex } from './check';
import { Exchange, type Outcome, type Reply } from './exchange';
import { serveFile, tryFiles, type Elsewhere } from './files';
import { finish } from './filters';
import type { Instance } from './instance';
import { logAccess } from './log';
import { chooseLocation, chooseServer, type Listen } from './model';
import { errorPage } from './pages';
import { proxy } from './proxy';
import { rewritePhase } from './rewrite';
import { fill } from './variables';

/** What a request to a listening socket gets, with its line in the access log. */
export async function serveRequest(
  instance: Instance,
  listen: Listen,
  request: Request,
  context: RequestContext,
  connection: number,
): Promise<Response> {
  const host = (request.headers.get('Host') ?? '').replace(/:\d+$/, '').toLowerCase();
  const server = chooseServer(instance.http, listen.port, listen.address, host) ?? instance.http.servers[0];
  if (server === undefined) return { status: 404, headers: new Headers(), body: noBytes };
  const exchange = new Exchange(
    instance.process,
    instance,
    request,
    context,
    server,
    listen,
    listen.address,
    connection,
  );
  for (const name of server.names) {
    const match = name.startsWith('~') ? regex(name.slice(1), 'i').exec(host) : null;
    if (match === null) continue;
    exchange.captures = match;
    Object.assign(exchange.named, match.groups);
    break;
  }
  instance.counters.requests++;
  instance.counters.active++;
  const reply = await answer(exchange);
  instance.counters.active--;
  if (reply.taken === true) {
    exchange.status = reply.status;
    logAccess(exchange);
    return { status: reply.status, headers: new Headers(), body: noBytes };
  }
  let response = await finish(exchange, reply);
  if (response.status === 412 && reply.status === 200) response = await finish(exchange, special(exchange, 412));
  if (response.status === 416) {
    const range = response.headers.get('Content-Range') ?? '';
    response = await finish(exchange, special(exchange, 416, [['Content-Range', range]]));
  }
  if (response.body instanceof Uint8Array || exchange.method === 'HEAD') logAccess(exchange);
  else return { ...response, body: loggedAtEnd(exchange, response.body) };
  return response;
}

/** The access log is written when the last byte has gone. */
function loggedAtEnd(exchange: Exchange, body: Exclude<Response['body'], Uint8Array>): Response['body'] {
  let done = false;
  const log = (): void => {
    if (!done) logAccess(exchange);
    done = true;
  };
  return {
    read: async () => {
      const chunk = await body.read();
      if (chunk === undefined) log();
      return chunk;
    },
    cancel: () => {
      body.cancel();
      log();
    },
  };
}

async function answer(exchange: Exchange): Promise<Reply> {
  const { request } = exchange;
  const uri = normalized(request.url);
  if (uri === undefined) {
    exchange.log('info', 'client sent invalid request while reading client request line', undefined, true);
    return special(exchange, 400);
  }
  if (/[\s/\0]/.test(request.headers.get('Host') ?? '')) {
    exchange.log('info', 'client sent invalid host header while reading client request headers');
    return special(exchange, 400);
  }
  exchange.uri = uri;
  const step = rewritePhase(exchange, exchange.server.block, exchange.server);
  let outcome: Outcome;
  if (typeof step === 'object' || typeof step === 'number') outcome = step;
  else {
    if (exchange.uri !== uri) exchange.changed = true;
    outcome = await locate(exchange);
  }
  return settle(exchange, outcome);
}

/** A status becomes its page; `error_page` may have another. */
async function settle(exchange: Exchange, outcome: Outcome): Promise<Reply> {
  if (typeof outcome === 'object') {
    const moved =
      outcome.location !== undefined &&
      outcome.body instanceof Uint8Array &&
      outcome.body.length === 0 &&
      outcome.type === undefined;
    if (moved) return { ...special(exchange, outcome.status), location: outcome.location };
    return exchange.override === undefined
      ? outcome
      : { ...outcome, status: exchange.override, ...(outcome.file === undefined ? {} : withoutConditions(outcome)) };
  }
  const page =
    exchange.errorStatus !== undefined && !exchange.scope.flag('recursive_error_pages')
      ? undefined
      : pageFor(exchange, outcome);
  if (page === undefined)
    return special(
      exchange,
      exchange.override !== undefined && exchange.errorStatus !== undefined
        ? exchange.override === exchange.errorStatus
          ? outcome
          : outcome
        : outcome,
    );
  exchange.errorStatus = outcome;
  const { target, status } = page;
  if (!target.startsWith('/') && !target.startsWith('@')) {
    const code = status !== undefined && [301, 302, 303, 307, 308].includes(status) ? status : 302;
    return { ...special(exchange, code), location: target };
  }
  exchange.override = status === 0 ? undefined : (status ?? outcome);
  exchange.internal = true;
  if (target.startsWith('@')) return settle(exchange, await inNamed(exchange, target));
  if (exchange.method !== 'HEAD') exchange.method = 'GET';
  return settle(exchange, await redirected(exchange, target));
}

/** The file of an error page: no ranges, no conditions but its type and date. */
const withoutConditions = (reply: Reply): Partial<Reply> => ({
  ...(reply.file === undefined ? {} : { file: reply.file }),
});

function pageFor(
  exchange: Exchange,
  status: number,
): { readonly target: string; readonly status: number | undefined } | undefined {
  for (const { args } of exchange.scope.all('error_page')) {
    const codes = args.slice(0, -1);
    if (!codes.includes(String(status))) continue;
    const equals = codes.find((code) => code.startsWith('='));
    // `=` alone: whatever the page's own handler says.
    return {
      target: fill(args.at(-1) ?? '', exchange),
      status: equals === undefined ? undefined : Number(equals.slice(1)),
    };
  }
  return undefined;
}

/** nginx' own page; some statuses end the connection's body. */
function special(exchange: Exchange, status: number, headers: Reply['headers'] = []): Reply {
  const server = exchange.scope.value('server_tokens') === 'off' ? 'nginx' : `nginx/${exchange.instance.version}`;
  const page = errorPage(status, server);
  if (page === undefined) return { status, headers, body: noBytes, ...(status === 204 || status === 304 ? {} : {}) };
  const padded = status >= 400 && status !== 444 && isOld(exchange) ? page + padding : page;
  return { status, headers, type: 'text/html', body: encode(padded) };
}

/** msie_padding: old browsers hide short pages. */
const isOld = ({ request }: Exchange): boolean =>
  /MSIE|Chrome\/\d.*Trident/.test(request.headers.get('User-Agent') ?? '');
const padding = '<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n'.repeat(6);

/** Finds the location of the URI and answers there. */
async function locate(exchange: Exchange): Promise<Outcome> {
  for (let round = 0; round < 11; round++) {
    exchange.location =
      chooseLocation(exchange.server, exchange.uri, (match) => {
        exchange.captures = match;
        Object.assign(exchange.named, match.groups);
      }) ?? exchange.server;
    exchange.scope = exchange.location;
    if (exchange.location.own('internal').length > 0 && !exchange.internal) return 404;
    const slash = withSlash(exchange);
    if (slash !== undefined) return slash;
    const before = exchange.uri;
    if (exchange.location !== exchange.server) {
      const step = rewritePhase(exchange, exchange.location.block, exchange.location);
      if (exchange.uri !== before) exchange.changed = true;
      if (typeof step === 'object' || typeof step === 'number') return step;
      if (step === 'again') {
        exchange.internal = true;
        continue;
      }
    }
    return content(exchange);
  }
  exchange.log('error', `rewrite or internal redirection cycle while processing "${exchange.uri}"`);
  return 500;
}

/** `location /api/ { proxy_pass …; }` answers /api with a redirect. */
function withSlash({ server, uri, args, location }: Exchange): Outcome | undefined {
  if (uri.endsWith('/') || location.kind === '=' || location.regex !== undefined) return undefined;
  const slashed = server.prefixes.find(
    ({ pattern, block }) => pattern === `${uri}/` && block.some(({ name }) => name === 'proxy_pass'),
  );
  if (slashed === undefined) return undefined;
  return { status: 301, headers: [], location: `${uri}/${args === '' ? '' : `?${args}`}`, body: noBytes };
}

async function inNamed(exchange: Exchange, name: string): Promise<Outcome> {
  const location = exchange.server.named.get(name);
  if (location === undefined) {
    exchange.log('error', `could not find named location "${name}"`);
    return 500;
  }
  if (++exchange.redirects > 10) return 500;
  exchange.location = location;
  exchange.scope = location;
  exchange.internal = true;
  const step = rewritePhase(exchange, location.block, location);
  if (typeof step === 'object' || typeof step === 'number') return step;
  return step === 'again' ? locate(exchange) : content(exchange);
}

async function redirected(exchange: Exchange, target: string): Promise<Outcome> {
  if (++exchange.redirects > 10) {
    exchange.log(
      'error',
      `rewrite or internal redirection cycle while internally redirecting to "${target.split('?', 1)[0] ?? ''}"`,
    );
    return 500;
  }
  const question = target.indexOf('?');
  exchange.uri = question < 0 ? target : target.slice(0, question);
  if (question >= 0) exchange.args = target.slice(question + 1);
  else if (exchange.errorStatus !== undefined) exchange.args = '';
  exchange.internal = true;
  exchange.changed = true;
  const step = rewritePhase(exchange, exchange.server.block, exchange.server);
  if (typeof step === 'object' || typeof step === 'number') return step;
  return locate(exchange);
}

async function goOn(exchange: Exchange, { elsewhere }: Elsewhere): Promise<Outcome> {
  return elsewhere.startsWith('@') ? inNamed(exchange, elsewhere) : redirected(exchange, elsewhere);
}

/** The phases after the rewrites: access, try_files, content. */
async function content(exchange: Exchange): Promise<Outcome> {
  const { scope, request, location } = exchange;
  const size = Number(request.headers.get('Content-Length') ?? 0);
  const most = scope.bytes('client_max_body_size', 1_048_576);
  if (most > 0 && size > most && exchange.errorStatus === undefined) {
    exchange.log('error', `client intended to send too large body: ${size} bytes`);
    return 413;
  }
  const refusal = exchange.errorStatus === undefined || !exchange.internal ? refused(exchange) : undefined;
  if (refusal !== undefined) return refusal;
  if (exchange.delay > 0) {
    const delay = exchange.delay;
    exchange.delay = 0;
    await exchange.process.sleep(delay);
  }
  const method = limitedMethods(exchange);
  if (method !== undefined) return method;
  const words = location.own('try_files').at(-1)?.args;
  if (words !== undefined) {
    const found = tryFiles(exchange, words);
    if (typeof found === 'number') return found;
    if (found !== 'found') return goOn(exchange, found);
  }
  return handler(exchange);
}

function limitedMethods(exchange: Exchange): number | undefined {
  for (const { args, block = [] } of exchange.location.own('limit_except')) {
    const allowed = args.map((word) => word.toUpperCase());
    if (allowed.includes(exchange.method) || (allowed.includes('GET') && exchange.method === 'HEAD')) continue;
    if (block.some(({ name, args: [who] }) => name === 'deny' && who === 'all')) {
      exchange.log('error', 'access forbidden by rule');
      return 403;
    }
  }
  return undefined;
}

async function handler(exchange: Exchange): Promise<Outcome> {
  const { scope, location } = exchange;
  const level = scope === location ? location.block : [...scope.block, ...location.block];
  const own = (name: string): readonly string[] | undefined => level.find((directive) => directive.name === name)?.args;
  const passed = own('proxy_pass')?.[0];
  if (passed !== undefined && location !== exchange.server) return proxy(exchange, passed);
  if (own('fastcgi_pass') !== undefined || own('uwsgi_pass') !== undefined) {
    exchange.log('error', 'connect() failed (111: Connection refused) while connecting to upstream');
    return 502;
  }
  if (own('stub_status') !== undefined) return status(exchange);
  if (own('empty_gif') !== undefined) return { status: 200, headers: [], type: 'image/gif', body: gif };
  const found = serveFile(exchange);
  return typeof found === 'object' && 'elsewhere' in found ? goOn(exchange, found) : found;
}

const gif = Uint8Array.from([
  71, 73, 70, 56, 57, 97, 1, 0, 1, 0, 128, 1, 0, 0, 0, 0, 255, 255, 255, 33, 249, 4, 1, 0, 0, 1, 0, 44, 0, 0, 0, 0, 1,
  0, 1, 0, 0, 2, 2, 76, 1, 0, 59,
]);

function status({ instance: { counters } }: Exchange): Outcome {
  const { connections, requests, active } = counters;
  const text = `Active connections: ${active} \nserver accepts handled requests\n ${connections} ${connections} ${requests} \nReading: 0 Writing: ${active} Waiting: 0 \n`;
  return { status: 200, headers: [], type: 'text/plain', body: encode(text) };
}

/** The path without its escapes, `.` and `..`; undefined where it leaves the root (ngx_http_parse_complex_uri). */
function normalized(url: string): string | undefined {
  const path = url.split(/[?#]/, 1)[0] ?? '/';
  if (!path.startsWith('/')) return undefined;
  let decoded = path;
  if (path.includes('%')) {
    try {
      decoded = decodeURIComponent(path);
    } catch {
      decoded = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      if (/%/.test(path.replace(/%[0-9a-f]{2}/gi, ''))) return undefined;
    }
    if (decoded.includes('\0')) return undefined;
  }
  if (!decoded.includes('//') && !decoded.includes('/.')) return decoded;
  const parts: string[] = [];
  const given = decoded.split('/').slice(1);
  for (const [index, part] of given.entries()) {
    const last = index === given.length - 1;
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
      if (last) parts.push('');
    } else if (part === '.' || part === '') {
      if (last) parts.push('');
    } else parts.push(part);
  }
  return `/${parts.join('/')}`;
}
