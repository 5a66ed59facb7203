import { ok } from '../../../sim/result';
import type { Errno, Sys } from '../../errno';
import { concat, encode, noBytes } from '../../io/bytes';
import { ProcessEnded } from '../../process/process-ended';
import type { Process } from '../../process/types';
import { fingerprintOf } from '../tls/certificate';
import { tlsAccept, type TlsServerOptions, type TlsStream } from '../tls/connection';
import type { Listener, StreamSocket } from '../types';
import {
  encodeChunk,
  encodeHead,
  framingOf,
  incomingBody,
  lastChunk,
  readBody,
  readHead,
  requestLinePattern,
  statusLine,
} from './codec';
import { duplexOf } from './duplex';
import { Headers, type Body, type ByteDuplex, type Handler, type RequestContext, type Response } from './message';
import { reasonPhrase } from './reason';
import { StreamReader, type ByteStream } from './stream';

export interface ServeOptions {
  readonly tls?: TlsServerOptions;
  /** What handlers' exceptions and failed handshakes are told to (the server's log). */
  readonly log?: (line: string) => void;
  /** The answer to what is not HTTP; default Go's. nginx has its own page. */
  readonly badRequest?: (reason: string) => Response;
  /** Milliseconds an idle connection is kept; default: for ever, as Go. */
  readonly idleTimeout?: number;
}

/** Bodies up to this length are read before the handler runs, so that most handlers see bytes and not a stream. */
const wholeBody = 1 << 20;

/**
 * Accepts connections and answers their requests until the listener is closed; returns why accepting ended. Each
 * connection is a task of the same process.
 */
export async function serve(
  process: Process,
  listener: Listener,
  handler: Handler,
  options: ServeOptions = {},
): Promise<Errno> {
  for (;;) {
    const accepted = await listener.accept();
    if (accepted.ok) {
      process.thread(() => handleConnection(process, accepted.value, handler, options));
    } else if (accepted.error.code !== 'EINTR' && accepted.error.code !== 'ECONNABORTED') return accepted.error;
  }
}

/** Answers the requests of one connection, one after the other, until either side ends it. */
export async function handleConnection(
  process: Process,
  socket: StreamSocket,
  handler: Handler,
  options: ServeOptions = {},
): Promise<void> {
  const opened = await openStream(socket, options);
  if (opened === undefined) {
    socket.close();
    return;
  }
  const connection = new Connection(process, opened.stream, opened.context, handler, options, () => socket.cause);
  await connection.run();
}

async function openStream(
  socket: StreamSocket,
  { tls, log }: ServeOptions,
): Promise<{ stream: ByteStream; context: RequestContext } | undefined> {
  const remote = socket.remote.address === '' ? 'unix' : socket.remote.address;
  if (tls === undefined) return { stream: socket, context: { remote } };
  const accepted = await tlsAccept(socket, tls);
  if (accepted.ok) return { stream: accepted.value, context: { remote, ...peerOf(accepted.value) } };
  const { error } = accepted;
  if (error.kind === 'not-tls' && looksLikeHttp(error.head)) {
    // net/http server.go, conn.serve: badRequestError for plain text on a TLS port.
    await socket.write(encode('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'));
  }
  if (error.kind !== 'eof') {
    log?.(`http: TLS handshake error from ${remote}:${socket.remote.port}: ${handshakeError(error)}`);
  }
  return undefined;
}

function handshakeError(error: Exclude<Awaited<ReturnType<typeof tlsAccept>>, { ok: true }>['error']): string {
  switch (error.kind) {
    case 'alert':
      return `remote error: tls: ${error.alert}`;
    case 'not-tls':
      return looksLikeHttp(error.head)
        ? 'client sent an HTTP request to an HTTPS server'
        : 'tls: first record does not look like a TLS handshake';
    case 'verify':
      return `tls: failed to verify certificate`;
    case 'eof':
      return 'EOF';
    case 'errno':
      return error.error.message.toLowerCase();
  }
}

/** tls.RecordHeaderError: the first five bytes are an HTTP method. */
const looksLikeHttp = (head: Uint8Array): boolean =>
  /^(GET \/|HEAD |POST |PUT \/|OPTIO|DELET|PATCH|CONNE)/.test(String.fromCharCode(...head.subarray(0, 5)));

function peerOf({ peerChain, verified }: TlsStream): Pick<RequestContext, 'peer'> {
  const [leaf] = peerChain;
  if (leaf === undefined || !verified) return {};
  const { commonName, organizations = [] } = leaf.subject;
  return { peer: { commonName, organizations, fingerprint: fingerprintOf(leaf) } };
}

class Connection {
  readonly #reader: StreamReader;
  #upgraded = false;

  constructor(
    readonly process: Process,
    readonly stream: ByteStream,
    readonly context: RequestContext,
    readonly handler: Handler,
    readonly options: ServeOptions,
    /** The span under which the client sent what was received last. */
    readonly cause: () => number | undefined,
  ) {
    this.#reader = new StreamReader(stream);
  }

  async run(): Promise<void> {
    try {
      while (await this.#exchange());
    } finally {
      if (!this.#upgraded) this.stream.close();
    }
  }

  /** One request and its response; false when the connection is over. */
  async #exchange(): Promise<boolean> {
    const head = await readHead(this.#reader, requestLinePattern);
    if (!head.ok || head.value === 'end') return false;
    if (head.value === 'too-large') return this.#refuse(431, 'header too large');
    if ('malformed' in head.value) return this.#refuse(400, 'malformed request');
    const { line, headers } = head.value;
    const [, method = '', target = '', minor = '1'] = requestLinePattern.exec(line) ?? [];
    if (minor === '1' && !headers.has('Host')) return this.#refuse(400, 'missing required Host header');
    const framing = framingOf(headers);
    if (framing === undefined) return this.#refuse(400, 'bad framing');

    const expected = headers.get('Expect');
    if (expected !== undefined && /^100-continue$/i.test(expected))
      await this.#send(encode('HTTP/1.1 100 Continue\r\n\r\n'));
    const incoming = incomingBody(this.#reader, framing);
    let body: Body = incoming;
    if (framing.kind === 'none') body = noBytes;
    else if (framing.kind === 'length' && framing.length <= wholeBody) {
      body = await readBody(incoming);
      if (incoming.failure) return false;
    }

    const cause = this.cause();
    const { remote, peer } = this.context;
    const upgrade = (fields: Headers, status = 101): ByteDuplex => this.#upgrade(fields, status);
    const known = peer === undefined ? { remote, upgrade } : { remote, peer, upgrade };
    const context: RequestContext = cause === undefined ? known : { ...known, cause };
    const url = target.startsWith('http://') ? target.replace(/^http:\/\/[^/]*/, '') || '/' : target;
    const response = await this.#answer(() =>
      this.process.trace.within(cause ?? this.process.span, () =>
        this.handler({ method, url, headers, body, ...(minor === '0' ? { protocol: 'HTTP/1.0' } : {}) }, context),
      ),
    );
    if (this.#upgraded) return false;
    const wish = headers.get('Connection') ?? '';
    const close = minor === '0' ? !/keep-alive/i.test(wish) : wish !== '' && /close/i.test(wish);
    const alive = await this.#respond(method, minor, response, close, incoming.ended);
    if (!alive || close || this.#upgraded) return false;
    // What the handler left unread of the body must be gone before the next request.
    if (!incoming.ended) await readBody(incoming);
    return incoming.failure === undefined;
  }

  async #answer(handle: () => Promise<Response>): Promise<Response> {
    try {
      return await handle();
    } catch (error) {
      if (error instanceof ProcessEnded) throw error;
      this.options.log?.(`http: panic serving: ${String(error)}`);
      return textResponse(500, 'Internal Server Error\n');
    }
  }

  async #refuse(status: number, reason: string): Promise<false> {
    const response = this.options.badRequest?.(reason) ?? {
      // net/http server.go: the error text goes as it is.
      ...textResponse(
        status,
        `${status} ${reasonPhrase(status)}${status === 400 && reason.includes('Host') ? `: ${reason}` : ''}`,
      ),
    };
    await this.#respond('GET', '1', response, true, true);
    return false;
  }

  async #respond(
    method: string,
    minor: string,
    { status, reason, headers: given, body }: Response,
    close: boolean,
    bodyRead: boolean,
  ): Promise<boolean> {
    const headers = given.copy();
    if (!headers.has('Date')) headers.set('Date', httpDate(this.process.clock.now));
    if (close && !headers.has('Connection')) headers.set('Connection', 'close');
    const bodiless = method === 'HEAD' || status === 204 || status === 304;
    const streamed = !(body instanceof Uint8Array);
    if (!streamed) {
      if (!headers.has('Content-Length') && status !== 204 && status !== 304) {
        headers.set('Content-Length', String(body.length));
      }
      const head = encodeHead(statusLine(status, reason), headers);
      return this.#send(bodiless || body.length === 0 ? head : concat([head, body]));
    }
    const chunked = !headers.has('Content-Length') && minor === '1';
    if (chunked && !bodiless) headers.set('Transfer-Encoding', 'chunked');
    const sent = await this.#send(encodeHead(statusLine(status, reason), headers));
    if (!sent || bodiless) {
      body.cancel();
      return sent;
    }
    return this.#stream(body, chunked, bodyRead);
  }

  async #stream(body: Exclude<Body, Uint8Array>, chunked: boolean, bodyRead: boolean): Promise<boolean> {
    let over = false;
    if (bodyRead) {
      // Whoever goes away while a watch is silent is noticed by the read side (net/http, backgroundRead).
      this.#reader.peek().then(
        (seen) => {
          if (seen === 'end' && !over) body.cancel();
        },
        () => body.cancel(),
      );
    }
    try {
      for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read()) {
        if (chunk.length > 0 && !(await this.#send(chunked ? encodeChunk(chunk) : chunk))) {
          body.cancel();
          return false;
        }
      }
    } catch (error) {
      if (error instanceof ProcessEnded) throw error;
      this.options.log?.(`http: panic serving: ${String(error)}`);
      return false;
    } finally {
      over = true;
    }
    return chunked && (await this.#send(lastChunk));
  }

  #upgrade(fields: Headers, status: number): ByteDuplex {
    this.#upgraded = true;
    const headers = new Headers();
    for (const [name, value] of fields) headers.set(name, value);
    // Docker's hijack says `101 UPGRADED`; everybody else has the registered phrase.
    const reason = status === 101 && headers.get('Upgrade') === 'tcp' ? 'UPGRADED' : reasonPhrase(status);
    return duplexOf(this.stream, this.#reader, encodeHead(statusLine(status, reason), headers));
  }

  async #send(bytes: Uint8Array): Promise<boolean> {
    const sent = await this.stream.write(bytes);
    return sent.ok;
  }
}

/** A short plain text answer, as http.Error gives. */
export function textResponse(status: number, text: string, type = 'text/plain; charset=utf-8'): Response {
  return { status, headers: new Headers({ 'Content-Type': type }), body: encode(text) };
}

/** `Fri, 20 Nov 2026 20:40:09 GMT` (RFC 9110 §5.6.7). */
export function httpDate(instant: number): string {
  const second = Math.floor(instant / 1000);
  if (second !== lastDate.second) {
    lastDate.second = second;
    lastDate.text = new Date(instant).toUTCString();
  }
  return lastDate.text;
}

/** Many answers fall into one second. */
const lastDate = { second: NaN, text: '' };

/** A listener of this process at an address, already serving; the result stops it. */
export function listenAndServe(
  process: Process,
  listener: Sys<Listener>,
  handler: Handler,
  options: ServeOptions = {},
): Sys<{ readonly serving: Promise<Errno>; close(): void }> {
  if (!listener.ok) return listener;
  const { value } = listener;
  return ok({ serving: serve(process, value, handler, options), close: () => value.close() });
}
