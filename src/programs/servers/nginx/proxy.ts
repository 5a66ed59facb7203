import { request as send, type ClientResponse, type HttpFailure } from '../../../linux/net/http/client';
import { ask } from '../../../linux/net/dns/resolve';
import { Headers } from '../../../linux/net/http/message';
import type { Result } from '../../../sim/result';
import { noBytes } from '../../../linux/io/bytes';
import type { Exchange, Outcome, Reply } from './exchange';
import { escapeUri } from './rewrite';
import { timeOf } from './scope';
import { peerAnswered, peerFailed, splitAddress, UpstreamGroup, type Peer } from './upstream';
import { fill, variablesIn } from './variables';

interface Target {
  readonly scheme: 'http' | 'https';
  /** As written: the Host that the other side gets, and the upstream's name. */
  readonly host: string;
  readonly uri: string;
  readonly group: UpstreamGroup;
}

/** `proxy_pass` (ngx_http_proxy_module.c): the request goes on to a peer, its answer comes back. */
export async function proxy(exchange: Exchange, written: string): Promise<Outcome> {
  const target = await aim(exchange, written);
  if (typeof target === 'number') return target;
  const tried = new Set<Peer>();
  const started = exchange.process.clock.now;
  const { process } = exchange;
  const again = exchange.scope.args('proxy_next_upstream') ?? ['error', 'timeout'];
  const idempotent = !['POST', 'LOCK', 'PATCH'].includes(exchange.method) || again.includes('non_idempotent');
  for (;;) {
    const hint = {
      remote: exchange.context.remote,
      key: fill(target.group.key, exchange),
      random: () => process.random.fraction(),
    };
    const peer = target.group.next(process.clock.now, tried, hint);
    if (peer === undefined) {
      if (tried.size > 0) return exchange.errorStatusOfUpstream;
      exchange.log(
        'error',
        'no live upstreams while connecting to upstream',
        `${target.scheme}://${target.host}${target.uri}`,
      );
      exchange.upstreamAddr.push(target.host);
      exchange.upstreamStatus.push('502');
      return 502;
    }
    tried.add(peer);
    exchange.upstreamAddr.push(peer.name);
    peer.active++;
    const answered = await attempt(exchange, target, peer);
    peer.active--;
    exchange.upstreamTime = process.clock.now - started;
    if (answered.ok) {
      const { status } = answered.value;
      exchange.upstreamStatus.push(String(status));
      const skip = again.includes(`http_${status}`) && (idempotent || status === 403 || status === 404);
      if (skip && tried.size < target.group.peers.length) {
        if (status !== 403 && status !== 404) peerFailed(peer, process.clock.now);
        answered.value.close();
        continue;
      }
      peerAnswered(peer);
      return replyOf(exchange, target, answered.value);
    }
    const status = failed(
      exchange,
      answered.error,
      `${target.scheme}://${peer.unix === undefined ? peer.name : `${peer.name}:`}${target.uri}`,
    );
    exchange.upstreamStatus.push(String(status));
    exchange.errorStatusOfUpstream = status;
    peerFailed(peer, process.clock.now);
    if (peer.maxFails > 0 && peer.fails >= peer.maxFails && target.group.peers.length > 1) {
      const doing = answered.error.kind === 'slow' ? 'reading response header from upstream' : 'connecting to upstream';
      exchange.log(
        'warn',
        `upstream server temporarily disabled while ${doing}`,
        `${target.scheme}://${peer.name}${target.uri}`,
      );
    }
    const word = status === 504 ? 'timeout' : 'error';
    if (!again.includes(word) || (!idempotent && answered.error.kind !== 'connect')) return status;
  }
}

/** The peers and the URI that a `proxy_pass` means for this request. */
async function aim(exchange: Exchange, written: string): Promise<Target | number> {
  const variable = variablesIn(written).length > 0;
  const url = fill(written, exchange);
  const [, scheme = '', authority = '', path] =
    /^(https?):\/\/(unix:[^:]*|[^/?]*):?([/?].*)?$/s.exec(url.replace(/^(https?:\/\/unix:[^:]+):?/, '$1:')) ?? [];
  if (scheme === '') {
    exchange.log('error', `invalid URL prefix in "${url}"`);
    return 500;
  }
  const args = exchange.args === '' ? '' : `?${exchange.args}`;
  const uri = uriFor(exchange, path, variable, args);
  const group = await groupOf(exchange, authority, scheme === 'https' ? 443 : 80, variable);
  if (typeof group === 'number') return group;
  const host = authority.startsWith('unix:') ? 'localhost' : authority;
  exchange.set.set('proxy_host', host);
  exchange.set.set('proxy_port', String(splitAddress(authority, scheme === 'https' ? 443 : 80).port));
  return { scheme: scheme as 'http', host, uri, group };
}

/** With a URI in proxy_pass, it takes the place of what the location matched. */
function uriFor(exchange: Exchange, path: string | undefined, variable: boolean, args: string): string {
  const { request, uri, location } = exchange;
  if (path === undefined) return exchange.changed ? `${escapeUri(uri)}${args}` : request.url;
  if (variable) return path;
  const rest =
    location.regex === undefined && uri.startsWith(location.pattern) ? uri.slice(location.pattern.length) : '';
  const slashed = path.startsWith('?') ? `/${path}` : path;
  return `${slashed}${escapeUri(rest)}${args}`;
}

async function groupOf(
  exchange: Exchange,
  authority: string,
  port: number,
  variable: boolean,
): Promise<UpstreamGroup | number> {
  const { instance } = exchange;
  const known = instance.group(authority);
  if (known !== undefined) return known;
  const key = `${authority}\0${port}`;
  const cached = instance.groups.get(key);
  if (cached !== undefined) return cached;
  const { host, unix } = splitAddress(authority, port);
  const server = (addresses: ReadonlyMap<string, readonly string[]>): UpstreamGroup =>
    new UpstreamGroup([{ name: 'server', args: [authority], block: undefined, file: '', line: 0 }], addresses, port);
  if (unix !== undefined || /^[\d.]+$/.test(host) || !variable) {
    const group = server(instance.addresses);
    instance.groups.set(key, group);
    return group;
  }
  const found = await lookUp(exchange, host);
  return typeof found === 'number' ? found : server(new Map([[host, found]]));
}

const cache = new WeakMap<object, Map<string, { readonly until: number; readonly addresses: readonly string[] }>>();

/** The `resolver` in force, asked for a name that a variable gave. */
async function lookUp(exchange: Exchange, name: string): Promise<readonly string[] | number> {
  const { process, scope, instance } = exchange;
  const words = scope.args('resolver');
  if (words === undefined) {
    exchange.log('error', `no resolver defined to resolve ${name}`);
    return 502;
  }
  let known = cache.get(instance);
  if (known === undefined) cache.set(instance, (known = new Map()));
  const before = known.get(name);
  if (before !== undefined && before.until > process.clock.now) return before.addresses;
  const nameservers = words
    .filter((word) => /^\d+\.\d+\.\d+\.\d+(:\d+)?$/.test(word))
    .map((word) => word.split(':')[0] ?? '');
  const answered = await ask(
    process,
    { name, type: 'A' },
    { nameservers, timeout: scope.milliseconds('resolver_timeout', 30_000), attempts: 1 },
  );
  const answers = answered.ok ? answered.value.message.answers.filter(({ type }) => type === 'A') : [];
  const addresses = answers.map(({ data }) => data);
  if (addresses.length === 0) {
    const why =
      answered.ok || answered.error.kind === 'not-found'
        ? '3: Host not found'
        : answered.error.kind === 'timeout'
          ? '110: Operation timed out'
          : '2: Server failure';
    exchange.log('error', `${name} could not be resolved (${why})`);
    return 502;
  }
  const valid = words.find((word) => word.startsWith('valid='))?.slice(6);
  const life = valid === undefined ? Math.min(...answers.map(({ ttl }) => ttl)) * 1000 : timeOf(valid);
  known.set(name, { until: process.clock.now + life, addresses });
  return addresses;
}

type Failure = HttpFailure | { readonly kind: 'slow' };

async function attempt(exchange: Exchange, target: Target, peer: Peer): Promise<Result<ClientResponse, Failure>> {
  const { process, scope, request } = exchange;
  const bodyless = !scope.flag('proxy_pass_request_body', true);
  const given = fill(scope.value('proxy_set_body') ?? '', exchange);
  const body =
    scope.args('proxy_set_body') !== undefined ? new TextEncoder().encode(given) : bodyless ? noBytes : request.body;
  let connected = false;
  const slow = process.clock.deferred<'slow'>();
  const sent = send(process, {
    url: {
      scheme: target.scheme,
      user: undefined,
      password: undefined,
      host: target.host.split(':')[0] ?? '',
      port: peer.port,
      explicitPort: true,
      path: target.uri,
    },
    ...(peer.unix === undefined ? { addresses: [peer.address] } : { unixPath: peer.unix }),
    method: scope.value('proxy_method') ?? exchange.method,
    headers: requestHeaders(exchange),
    ...(body instanceof Uint8Array && body.length === 0 ? {} : { body }),
    connectTimeout: scope.milliseconds('proxy_connect_timeout', 60_000),
    ...(target.scheme === 'https' ? { tls: { roots: [], insecure: true } } : {}),
    observe: (event) => {
      if (event.kind === 'connected') connected = true;
    },
  });
  const wait = scope.milliseconds('proxy_read_timeout', 60_000);
  const timer = process.clock.setTimer(wait + (connected ? 0 : 0), () => slow.resolve('slow'));
  const first = await Promise.race([sent, slow.promise]);
  process.clock.cancel(timer);
  if (first !== 'slow') return first;
  sent.then(
    (late) => late.ok && late.value.close(),
    () => undefined,
  );
  return { ok: false, error: { kind: 'slow' } };
}

/** The default headers, those of `proxy_set_header`, and what the client sent besides. */
function requestHeaders(exchange: Exchange): Headers {
  const { scope, request } = exchange;
  const headers = new Headers();
  const own = new Map<string, readonly [string, string]>();
  for (const { args } of scope.all('proxy_set_header'))
    own.set((args[0] ?? '').toLowerCase(), [args[0] ?? '', args[1] ?? '']);
  for (const [name, value] of [
    ['Host', '$proxy_host'],
    ['Connection', 'close'],
  ] as const) {
    if (!own.has(name.toLowerCase())) own.set(name.toLowerCase(), [name, value]);
  }
  for (const [name, value] of own.values()) {
    const filled = fill(value, exchange);
    if (filled !== '') headers.set(name, filled);
  }
  if (
    request.body instanceof Uint8Array &&
    request.body.length > 0 &&
    !own.has('content-length') &&
    scope.args('proxy_set_body') === undefined
  ) {
    headers.set('Content-Length', String(request.body.length));
  }
  if (!scope.flag('proxy_pass_request_headers', true)) return headers;
  const dropped = new Set(['keep-alive', 'te', 'upgrade', 'expect', 'transfer-encoding']);
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase();
    if (own.has(key) || dropped.has(key) || key === 'content-length') continue;
    headers.add(name, value);
  }
  return headers;
}

/** What came instead of an answer, as the error log says it, and the status for it. */
function failed(exchange: Exchange, failure: Failure, upstream: string): number {
  const log = (text: string): void => exchange.log('error', text, upstream);
  switch (failure.kind) {
    case 'connect':
      if (upstream.includes('://unix:'))
        log(
          `connect() to ${upstream.slice(upstream.indexOf('unix:')).split(':/').slice(0, 1).join('')}:${upstream.split('unix:')[1]?.split(':')[0] ?? ''} failed (${failure.error.number}: ${failure.error.message}) while connecting to upstream`,
        );
      else log(`connect() failed (${failure.error.number}: ${failure.error.message}) while connecting to upstream`);
      return failure.error.code === 'ETIMEDOUT' ? 504 : 502;
    case 'timeout':
      log('upstream timed out (110: Connection timed out) while connecting to upstream');
      return 504;
    case 'slow':
      log('upstream timed out (110: Connection timed out) while reading response header from upstream');
      return 504;
    case 'empty':
      log('upstream prematurely closed connection while reading response header from upstream');
      return 502;
    case 'broken':
      log(
        `recv() failed (${failure.error.number}: ${failure.error.message}) while reading response header from upstream`,
      );
      return 502;
    case 'malformed':
      log('upstream sent no valid HTTP/1.0 header while reading response header from upstream');
      return 502;
    default:
      log(
        'SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream',
      );
      return 502;
  }
}

const hidden = new Set([
  'date',
  'server',
  'x-pad',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-type',
  'last-modified',
  'location',
  'x-accel-redirect',
  'x-accel-expires',
  'x-accel-limit-rate',
  'x-accel-buffering',
  'x-accel-charset',
  'etag',
]);

function replyOf(exchange: Exchange, target: Target, response: ClientResponse): Outcome {
  const { scope } = exchange;
  const { headers, status } = response;
  exchange.upstreamHeaders = headers;
  if (response.upgrade !== undefined && status === 101) return switched(exchange, response);
  if (
    scope.flag('proxy_intercept_errors') &&
    status >= 300 &&
    scope.all('error_page').some(({ args }) => args.includes(String(status)))
  ) {
    response.close();
    return status;
  }
  const hide = new Set(scope.all('proxy_hide_header').flatMap(({ args }) => args.map((name) => name.toLowerCase())));
  const pass = new Set(scope.all('proxy_pass_header').flatMap(({ args }) => args.map((name) => name.toLowerCase())));
  const location = headers.get('Location');
  const to = location === undefined ? undefined : redirected(exchange, target, location);
  const relative = to?.startsWith('/') === true && scope.flag('absolute_redirect', true);
  const own = [...headers].filter(([name]) => {
    const key = name.toLowerCase();
    return pass.has(key) || !(hide.has(key) || (hidden.has(key) && key !== 'etag' && (key !== 'location' || relative)));
  });
  const length = headers.get('Content-Length');
  return {
    status,
    reason: response.line.replace(/^HTTP\/\S+ \d+ ?/, ''),
    headers: own.map(([name, value]) => [name, name.toLowerCase() === 'location' ? (to ?? value) : value] as const),
    type: headers.get('Content-Type'),
    body: status === 204 || status === 304 || length === '0' ? noBytes : counted(exchange, response),
    length: length === undefined ? undefined : Number(length),
    lastModified: headers.get('Last-Modified'),
    location: to !== undefined && relative ? to : undefined,
  };
}

function counted(exchange: Exchange, { body }: ClientResponse): Exclude<Reply['body'], Uint8Array> {
  return {
    read: async () => {
      const chunk = await body.read();
      if (chunk === undefined && body.failure !== undefined)
        exchange.log('error', 'upstream prematurely closed connection while reading upstream');
      if (chunk !== undefined) exchange.bytesSent += chunk.length;
      return chunk;
    },
    cancel: () => body.cancel(),
  };
}

/** `proxy_redirect default`: the upstream's own address becomes this location's. */
function redirected(exchange: Exchange, target: Target, location: string): string {
  const rules = exchange.scope.all('proxy_redirect');
  for (const { args } of rules.length > 0 ? rules : [{ args: ['default'] }]) {
    const [from = '', to = ''] = args;
    if (from === 'off') return location;
    if (from === 'default') {
      const path = /^https?:\/\/[^/]+(\/.*)?$/.exec(exchange.scope.value('proxy_pass') ?? '')?.[1];
      const prefix = `${target.scheme}://${target.host}${path ?? ''}`;
      const replacement =
        exchange.location.regex === undefined ? (path === undefined ? '' : exchange.location.pattern) : undefined;
      if (replacement !== undefined && location.startsWith(path === undefined ? `${prefix}/` : prefix))
        return `${replacement}${location.slice(prefix.length)}`;
      continue;
    }
    if (from.startsWith('~')) {
      const pattern = new RegExp(from.slice(from.startsWith('~*') ? 2 : 1), from.startsWith('~*') ? 'i' : '');
      const match = pattern.exec(location);
      if (match === null) continue;
      exchange.captures = match;
      return fill(to, exchange);
    }
    const prefix = fill(from, exchange);
    if (location.startsWith(prefix)) return `${fill(to, exchange)}${location.slice(prefix.length)}`;
  }
  return location;
}

/** 101: bytes both ways until either side ends. */
function switched(exchange: Exchange, response: ClientResponse): Outcome {
  const upstream = response.upgrade?.();
  const headers = new Headers();
  headers.set('Server', `nginx/${exchange.instance.version}`);
  for (const [name, value] of response.headers)
    if (!['server', 'date'].includes(name.toLowerCase())) headers.set(name, value);
  headers.set('Connection', 'upgrade');
  const client = exchange.context.upgrade?.(headers);
  if (client === undefined || upstream === undefined) return 502;
  const pipe = async (from: typeof client, to: typeof client): Promise<void> => {
    for (let bytes = await from.read(); bytes !== undefined; bytes = await from.read()) await to.write(bytes);
    to.close();
  };
  exchange.process.thread(() => pipe(client, upstream));
  exchange.process.thread(() => pipe(upstream, client));
  return { status: 101, headers: [], body: noBytes, taken: true };
}
