import { err, ok, type Result } from '../../../sim/result';
import type { Errno, Sys } from '../../errno';
import { concat, noBytes } from '../../io/bytes';
import type { Process } from '../../process/types';
import { resolve, type ResolveError } from '../dns/resolve';
import { alertThatEnded, tlsConnect, type TlsClientOptions, type TlsFailure, type TlsStream } from '../tls/connection';
import type { Endpoint, Ipv4, StreamSocket } from '../types';
import {
  encodeChunk,
  encodeHead,
  framingOf,
  incomingBody,
  lastChunk,
  readHead,
  statusLinePattern,
  type IncomingBody,
} from './codec';
import { timeLimit, type TimeLimit } from './deadline';
import { duplexOf } from './duplex';
import { Headers, type Body, type ByteDuplex } from './message';
import { StreamReader, type ByteStream } from './stream';
import { hostHeader, parseUrl, type Url } from './url';

export interface ClientRequest {
  readonly url: string | Url;
  /** Connects here instead of to the URL's host (`curl --unix-socket`, docker). */
  readonly unixPath?: string;
  /** Default GET. */
  readonly method?: string;
  /** Host, and the body's framing, are added where missing. */
  readonly headers?: Headers;
  readonly body?: Body;
  /** For https; `serverName` and `now` have defaults. */
  readonly tls?: Partial<TlsClientOptions> & Pick<TlsClientOptions, 'roots'>;
  /** Milliseconds for everything up to the end of the body. */
  readonly timeout?: number;
  readonly connectTimeout?: number;
  /** Addresses to use instead of a look-up (`curl --resolve`). */
  readonly addresses?: readonly Ipv4[];
  /** Told of each step, for `curl -v`. */
  readonly observe?: (event: ClientEvent) => void;
}

export type ClientEvent =
  | { readonly kind: 'resolved'; readonly host: string; readonly addresses: readonly Ipv4[] }
  | { readonly kind: 'trying'; readonly to: Endpoint }
  | { readonly kind: 'connected'; readonly local: Endpoint; readonly remote: Endpoint }
  | { readonly kind: 'connect-failed'; readonly to: Endpoint; readonly error: Errno; readonly elapsed: number }
  | { readonly kind: 'tls'; readonly stream: TlsStream }
  | { readonly kind: 'sent'; readonly line: string; readonly headers: Headers }
  | { readonly kind: 'received'; readonly line: string; readonly headers: Headers };

export interface ClientResponse {
  readonly status: number;
  /** `HTTP/1.1 200 OK`. */
  readonly line: string;
  readonly headers: Headers;
  readonly body: IncomingBody & { readonly timedOut: boolean };
  /** After 101 (or 200 to a request that asked for an upgrade, as old Docker): the raw connection. */
  readonly upgrade?: () => ByteDuplex;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Gives the connection up. Needed only if the body is not read to its end. */
  close(): void;
}

/** Why there is no response. Clients print their own texts of it (`go-text.ts`, curl). */
export type HttpFailure =
  | { readonly kind: 'url'; readonly url: string; readonly problem: 'malformed' | 'no-host' | 'bad-port' | 'scheme' }
  | { readonly kind: 'dns'; readonly host: string; readonly error: ResolveError }
  | {
      readonly kind: 'connect';
      readonly host: string;
      readonly to: Endpoint | string;
      readonly error: Errno;
      readonly elapsed: number;
    }
  | {
      readonly kind: 'timeout';
      readonly phase: 'connect' | 'headers';
      readonly to: Endpoint | string;
      readonly elapsed: number;
    }
  | { readonly kind: 'tls'; readonly host: string; readonly error: TlsFailure }
  /** Broken after it was connected: reset by the peer. */
  | {
      readonly kind: 'broken';
      readonly during: 'write' | 'read';
      readonly error: Errno;
      readonly local: Endpoint;
      readonly remote: Endpoint;
    }
  /** Closed before the first byte of a response. */
  | { readonly kind: 'empty' }
  /** The peer refused our certificate or the connection by a TLS alert. */
  | { readonly kind: 'alert'; readonly alert: string }
  | { readonly kind: 'malformed'; readonly head: string };

/** Sends one request on a connection of its own and gives the response as soon as its head is there. */
export async function request(process: Process, options: ClientRequest): Promise<Result<ClientResponse, HttpFailure>> {
  const url = typeof options.url === 'string' ? parseUrl(options.url) : ok(options.url);
  if (!url.ok) return err({ kind: 'url', url: String(options.url), problem: url.error });
  if (url.value.scheme !== 'http' && url.value.scheme !== 'https') {
    return err({ kind: 'url', url: url.value.scheme, problem: 'scheme' });
  }
  const started = process.clock.now;
  const limit = timeLimit(process, options.timeout);
  const connection = await connect(process, url.value, options, limit);
  if (!connection.ok) {
    limit.clear();
    return connection;
  }
  const { socket, stream } = connection.value;
  const exchanged = await exchange(stream, socket, url.value, options, limit);
  if (!exchanged.ok) {
    limit.clear();
    stream.close();
    if (exchanged.error !== 'timeout') return err(exchanged.error);
    return err({ kind: 'timeout', phase: 'headers', to: socket.remote, elapsed: process.clock.now - started });
  }
  return exchanged as Result<ClientResponse, never>;
}

interface Connected {
  readonly socket: StreamSocket;
  readonly stream: ByteStream;
}

async function connect(
  process: Process,
  url: Url,
  options: ClientRequest,
  limit: TimeLimit,
): Promise<Result<Connected, HttpFailure>> {
  const { observe } = options;
  if (options.unixPath !== undefined) {
    const opened = await process.net.connectUnix(process, options.unixPath);
    if (opened.ok) return ok({ socket: opened.value, stream: opened.value });
    return err({ kind: 'connect', host: url.host, to: options.unixPath, error: opened.error, elapsed: 0 });
  }
  const started = process.clock.now;
  const addresses = options.addresses ? ok(options.addresses) : await limit.race(resolve(process, url.host));
  if (addresses === 'timeout') {
    return err({ kind: 'timeout', phase: 'connect', to: url.host, elapsed: process.clock.now - started });
  }
  if (!addresses.ok) return err({ kind: 'dns', host: url.host, error: addresses.error });
  observe?.({ kind: 'resolved', host: url.host, addresses: addresses.value });
  let failure: HttpFailure = {
    kind: 'dns',
    host: url.host,
    error: { kind: 'not-found', name: url.host, server: undefined, noData: true },
  };
  for (const address of addresses.value) {
    const to: Endpoint = { address, port: url.port };
    observe?.({ kind: 'trying', to });
    const left = Math.min(limit.left, (options.connectTimeout ?? Infinity) - (process.clock.now - started));
    const opened = await process.net.connect(process, to, left === Infinity ? {} : { timeout: Math.max(0, left) });
    const elapsed = process.clock.now - started;
    if (opened.ok) {
      observe?.({ kind: 'connected', local: opened.value.local, remote: opened.value.remote });
      return secure(process, opened.value, url, options, limit);
    }
    observe?.({ kind: 'connect-failed', to, error: opened.error, elapsed });
    const outOfTime = opened.error.code === 'ETIMEDOUT' && left !== Infinity && elapsed >= left;
    failure = outOfTime
      ? { kind: 'timeout', phase: 'connect', to, elapsed }
      : { kind: 'connect', host: url.host, to, error: opened.error, elapsed };
  }
  return err(failure);
}

async function secure(
  process: Process,
  socket: StreamSocket,
  url: Url,
  { tls, observe }: ClientRequest,
  limit: TimeLimit,
): Promise<Result<Connected, HttpFailure>> {
  if (url.scheme !== 'https') return ok({ socket, stream: socket });
  const started = process.clock.now;
  const shaken = await limit.race(
    tlsConnect(socket, { serverName: url.host, roots: [], now: process.clock.now, ...tls }),
  );
  if (shaken === 'timeout') {
    socket.close();
    return err({ kind: 'timeout', phase: 'connect', to: socket.remote, elapsed: process.clock.now - started });
  }
  if (!shaken.ok) {
    socket.close();
    return err({ kind: 'tls', host: url.host, error: shaken.error });
  }
  observe?.({ kind: 'tls', stream: shaken.value });
  return ok({ socket, stream: shaken.value });
}

async function exchange(
  stream: ByteStream,
  socket: StreamSocket,
  url: Url,
  options: ClientRequest,
  limit: TimeLimit,
): Promise<Result<ClientResponse, HttpFailure | 'timeout'>> {
  const { local, remote } = socket;
  const method = options.method ?? 'GET';
  const headers = requestHeaders(url, method, options);
  const line = `${method} ${url.path} HTTP/1.1`;
  options.observe?.({ kind: 'sent', line, headers });
  const body = options.body ?? noBytes;
  const head = encodeHead(line, headers);
  const sent = await limit.race(
    stream.write(body instanceof Uint8Array && body.length > 0 ? concat([head, body]) : head),
  );
  if (sent === 'timeout') return err('timeout');
  // A server that refuses early has answered and closed: its answer is worth more than our EPIPE.
  const writeError = sent.ok ? undefined : sent.error;
  if (!(body instanceof Uint8Array)) {
    sendBody(stream, body, headers.has('Transfer-Encoding')).catch(() => body.cancel());
  }

  const reader = new StreamReader(stream);
  for (;;) {
    const read = await limit.race(readHead(reader, statusLinePattern));
    if (read === 'timeout') return err('timeout');
    if (!read.ok) {
      const alert = alertThatEnded(stream);
      if (alert !== undefined) return err({ kind: 'alert', alert });
      return err({
        kind: 'broken',
        during: writeError ? 'write' : 'read',
        error: writeError ?? read.error,
        local,
        remote,
      });
    }
    if (read.value === 'end') {
      if (writeError) return err({ kind: 'broken', during: 'write', error: writeError, local, remote });
      return err({ kind: 'empty' });
    }
    if (read.value === 'too-large') return err({ kind: 'malformed', head: '' });
    if ('malformed' in read.value) return err({ kind: 'malformed', head: read.value.malformed });
    const status = statusLinePattern.exec(read.value.line)?.[1] ?? '';
    options.observe?.({ kind: 'received', ...read.value });
    if (status.startsWith('1') && status !== '101') continue;
    return ok(responseOf(Number(status), read.value, { stream, reader, local, remote, method, headers, limit }));
  }
}

function responseOf(
  status: number,
  { line, headers }: { readonly line: string; readonly headers: Headers },
  at: {
    readonly stream: ByteStream;
    readonly reader: StreamReader;
    readonly local: Endpoint;
    readonly remote: Endpoint;
    readonly method: string;
    readonly headers: Headers;
    readonly limit: TimeLimit;
  },
): ClientResponse {
  const { stream, reader, limit, local, remote } = at;
  const bodiless = at.method === 'HEAD' || status === 204 || status === 304 || status === 101;
  const announced = framingOf(headers) ?? { kind: 'none' };
  const framing = bodiless
    ? { kind: 'none' as const }
    : announced.kind === 'none'
      ? { kind: 'until-close' as const }
      : announced;
  const switched = status === 101 || (status === 200 && at.headers.has('Upgrade') && announced.kind === 'none');
  const body = switched
    ? incomingBody(reader, { kind: 'none' })
    : incomingBody(reader, framing, () => {
        limit.clear();
        stream.close();
      });
  if (switched) limit.clear();
  return {
    status,
    line,
    headers,
    local,
    remote,
    body: new TimedBody(body, limit),
    ...(switched ? { upgrade: () => duplexOf(stream, reader) } : {}),
    close: () => {
      limit.clear();
      stream.close();
    },
  };
}

/** A body for which there is only so much time. */
class TimedBody implements IncomingBody {
  timedOut = false;

  constructor(
    readonly body: IncomingBody,
    readonly limit: TimeLimit,
  ) {}

  async read(): Promise<Uint8Array | undefined> {
    const chunk = await this.limit.race(this.body.read());
    if (chunk !== 'timeout') return chunk;
    this.timedOut = true;
    this.body.cancel();
    return undefined;
  }

  cancel(): void {
    this.body.cancel();
  }

  get failure() {
    return this.body.failure;
  }
  get ended() {
    return this.body.ended;
  }
}

function requestHeaders(url: Url, method: string, { headers: given, body }: ClientRequest): Headers {
  const headers = new Headers();
  if (given?.has('Host') !== true) headers.set('Host', hostHeader(url));
  for (const [name, value] of given ?? []) headers.add(name, value);
  if (body instanceof Uint8Array) {
    if (!headers.has('Content-Length') && (body.length > 0 || method !== 'GET')) {
      headers.set('Content-Length', String(body.length));
    }
  } else if (body !== undefined && !headers.has('Content-Length')) headers.set('Transfer-Encoding', 'chunked');
  else if (body === undefined && /^(POST|PUT|PATCH)$/.test(method) && !headers.has('Upgrade')) {
    if (!headers.has('Content-Length')) headers.set('Content-Length', '0');
  }
  return headers;
}

async function sendBody(stream: ByteStream, body: Exclude<Body, Uint8Array>, chunked: boolean): Promise<void> {
  for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read()) {
    const sent: Sys<void> = await stream.write(chunked ? encodeChunk(chunk) : chunk);
    if (!sent.ok) {
      body.cancel();
      return;
    }
  }
  if (chunked) await stream.write(lastChunk);
}
