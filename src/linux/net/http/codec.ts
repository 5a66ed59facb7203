import type { Errno, Sys } from '../../errno';
import { concat, encode, noBytes } from '../../io/bytes';
import { ok } from '../../../sim/result';
import { Headers, type Body, type BodyStream } from './message';
import { reasonPhrase } from './reason';
import type { StreamReader } from './stream';

/** The head of a message: first line and header fields. */
export interface Head {
  readonly line: string;
  readonly headers: Headers;
}

export type HeadRead = Sys<Head | 'end' | 'too-large' | { readonly malformed: string }>;

const fieldName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** `GET / HTTP/1.1`. */
export const requestLinePattern = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) (\S+) HTTP\/1\.([01])$/;
/** `HTTP/1.1 200 OK`. */
export const statusLinePattern = /^HTTP\/1\.[01] (\d{3})(?: |$)/;

/** Reads a start line of that form and header fields (RFC 9112 §2). `'end'`: the peer closed before the first byte. */
export async function readHead(reader: StreamReader, start: RegExp): Promise<HeadRead> {
  let line = await reader.line();
  // RFC 9112 §2.2: an empty line before the request line is ignored.
  if (line.ok && line.value === '') line = await reader.line();
  if (!line.ok) return line;
  if (line.value === undefined) return ok(reader.buffered.length > 0 ? { malformed: '' } : 'end');
  if (line.value === 'long') return ok('too-large');
  // Judged before the fields are there: what speaks another protocol sends none.
  if (!start.test(line.value)) return ok({ malformed: line.value });
  const headers = new Headers();
  // As a rule the whole head came at once.
  const fields = reader.linesThere();
  if (fields !== undefined) {
    for (let index = 0; index < fields.length && index < MOST_FIELDS; index++)
      if (!take(headers, fields[index] ?? '')) return ok({ malformed: line.value });
    return ok(fields.length < MOST_FIELDS ? { line: line.value, headers } : 'too-large');
  }
  for (let count = 0; count < MOST_FIELDS; count++) {
    const field = await reader.line();
    if (!field.ok) return field;
    if (field.value === undefined) return ok({ malformed: line.value });
    if (field.value === 'long') return ok('too-large');
    if (field.value === '') return ok({ line: line.value, headers });
    if (!take(headers, field.value)) return ok({ malformed: line.value });
  }
  return ok('too-large');
}

const MOST_FIELDS = 200;

/** Takes one header field; false if the line is none. */
function take(headers: Headers, field: string): boolean {
  const colon = field.indexOf(':');
  const name = field.slice(0, colon);
  if (colon <= 0 || !fieldName.test(name)) return false;
  const value = field.slice(colon + 1).trim();
  if (name.length === 10 && name.toLowerCase() === 'set-cookie') headers.add(name, value);
  else headers.append(name, value);
  return true;
}

/** A request or status line with header fields, ready to be sent. */
export function encodeHead(line: string, headers: Headers): Uint8Array {
  return encode(`${line}\r\n${headers.text}\r\n`);
}

/** `HTTP/1.1 200 OK`. */
export const statusLine = (status: number, reason = reasonPhrase(status), version = '1.1'): string =>
  `HTTP/${version} ${status.toString().padStart(3, '0')} ${reason}`;

/** How a body is framed (RFC 9112 §6.3). */
export type Framing =
  { readonly kind: 'none' } | { readonly kind: 'length'; readonly length: number } | { readonly kind: 'chunked' };

/** The framing that header fields announce; undefined if they contradict themselves. */
export function framingOf(headers: Headers): Framing | undefined {
  const coding = headers.get('Transfer-Encoding');
  if (coding !== undefined) return /(^|,\s*)chunked$/i.test(coding) ? { kind: 'chunked' } : undefined;
  const length = headers.get('Content-Length');
  if (length === undefined) return { kind: 'none' };
  return /^\d+$/.test(length) ? { kind: 'length', length: Number(length) } : undefined;
}

/** Why a body ended before its end. */
export type BodyFailure =
  | { readonly kind: 'truncated'; readonly missing: number }
  | { readonly kind: 'malformed-chunk' }
  | { readonly kind: 'errno'; readonly error: Errno };

/** A body that is being received. `failure` says, after the end, whether it was the true end. */
export interface IncomingBody extends BodyStream {
  readonly failure: BodyFailure | undefined;
  readonly ended: boolean;
}

/**
 * The body that follows a head on `reader`. `until-close` bodies end with the connection. `done` is called once, after
 * the end or a failure.
 */
export function incomingBody(
  reader: StreamReader,
  framing: Framing | { readonly kind: 'until-close' },
  done: (clean: boolean) => void = () => undefined,
): IncomingBody {
  return new Incoming(reader, framing, done);
}

class Incoming implements IncomingBody {
  failure: BodyFailure | undefined;
  ended = false;
  #left: number;

  constructor(
    readonly reader: StreamReader,
    readonly framing: Framing | { readonly kind: 'until-close' },
    readonly done: (clean: boolean) => void,
  ) {
    this.#left = framing.kind === 'length' ? framing.length : 0;
    if (framing.kind === 'none' || (framing.kind === 'length' && framing.length === 0)) this.#end();
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.ended) return undefined;
    switch (this.framing.kind) {
      case 'none':
        return undefined;
      case 'length':
        return this.#take();
      case 'until-close':
        return this.#untilClose();
      case 'chunked':
        return this.#chunk();
    }
  }

  cancel(): void {
    if (this.ended) return;
    this.ended = true;
    this.done(false);
  }

  async #take(): Promise<Uint8Array | undefined> {
    const bytes = await this.reader.some(this.#left);
    if (!bytes.ok) return this.#fail({ kind: 'errno', error: bytes.error });
    if (bytes.value === undefined) return this.#fail({ kind: 'truncated', missing: this.#left });
    this.#left -= bytes.value.length;
    if (this.#left === 0 && this.framing.kind === 'length') this.#end();
    return bytes.value;
  }

  async #untilClose(): Promise<Uint8Array | undefined> {
    const bytes = await this.reader.some();
    if (!bytes.ok) return this.#fail({ kind: 'errno', error: bytes.error });
    if (bytes.value === undefined) this.#end();
    return bytes.value;
  }

  async #chunk(): Promise<Uint8Array | undefined> {
    if (this.#left === 0) {
      const line = await this.reader.line();
      if (!line.ok) return this.#fail({ kind: 'errno', error: line.error });
      if (line.value === undefined) return this.#fail({ kind: 'truncated', missing: 0 });
      const size = /^([0-9a-fA-F]{1,8})\s*(;.*)?$/.exec(line.value)?.[1];
      if (size === undefined) return this.#fail({ kind: 'malformed-chunk' });
      this.#left = parseInt(size, 16);
      if (this.#left === 0) {
        for (let trailer = await this.reader.line(); trailer.ok && trailer.value;) trailer = await this.reader.line();
        return this.#end();
      }
    }
    const bytes = await this.#take();
    if (bytes !== undefined && this.#left === 0) {
      const close = await this.reader.line();
      if (!close.ok || close.value !== '') this.#fail({ kind: 'truncated', missing: 0 });
    }
    return bytes;
  }

  #end(): undefined {
    if (this.ended) return;
    this.ended = true;
    this.done(true);
  }

  #fail(failure: BodyFailure): undefined {
    if (this.ended) return;
    this.failure = failure;
    this.ended = true;
    this.done(false);
  }
}

/** One chunk of `Transfer-Encoding: chunked`; an empty one is not sent, because it would be the end. */
export const encodeChunk = (bytes: Uint8Array): Uint8Array =>
  bytes.length === 0 ? noBytes : concat([encode(`${bytes.length.toString(16)}\r\n`), bytes, crlf]);
const crlf = encode('\r\n');
/** The end of a chunked body without trailers. */
export const lastChunk = encode('0\r\n\r\n');

/** All bytes of a body. */
export async function readBody(body: Body): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read()) chunks.push(chunk);
  return concat(chunks);
}
