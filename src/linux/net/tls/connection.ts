import { err, ok, type Result } from '../../../sim/result';
import { fail, type Errno, type Sys } from '../../errno';
import { concat, decode, encode, noBytes } from '../../io/bytes';
import { StreamReader, type ByteStream } from '../http/stream';
import type { Certificate, Identity, PrivateKey } from './certificate';
import { verify, type VerifyFailure } from './verify';

/** A TLS connection: reads and writes pass in records of type 0x17, not encrypted. */
export interface TlsStream extends ByteStream {
  /** The chain that the other side showed, leaf first; empty if none. */
  readonly peerChain: readonly Certificate[];
  /** The name that the client asked for (SNI). */
  readonly serverName: string | undefined;
  /** ALPN is not negotiated: HTTP/1.1 always. */
  readonly verified: boolean;
}

export interface TlsClientOptions {
  /** Whom to believe. */
  readonly roots: readonly Certificate[];
  /** Believe anybody (`-k`, insecure-skip-tls-verify). */
  readonly insecure?: boolean;
  /** The name to check; default: the host connected to, given by the caller. */
  readonly serverName: string;
  /** Client certificate, its chain and key. */
  readonly identity?: { readonly chain: readonly Certificate[]; readonly key: PrivateKey };
  readonly now: number;
  /** Whose order of checks; default Go's. */
  readonly library?: 'go' | 'openssl';
}

export interface TlsServerOptions {
  readonly chain: readonly Certificate[];
  /** A server of many names: the chain for the one that the client asks for (SNI), if it has one. */
  readonly chainFor?: (serverName: string) => readonly Certificate[] | undefined;
  readonly key: PrivateKey;
  /** Asks clients for certificates and verifies those that come. */
  readonly clientRoots?: readonly Certificate[];
  readonly requireClient?: boolean;
  /** Virtual now. */
  readonly now: () => number;
}

/** What went wrong in a handshake, seen from the side that gets it. */
export type TlsFailure =
  | { readonly kind: 'verify'; readonly failure: VerifyFailure }
  | { readonly kind: 'alert'; readonly alert: Alert }
  /** The other side does not speak TLS; `head` is how its bytes begin. */
  | { readonly kind: 'not-tls'; readonly head: Uint8Array }
  | { readonly kind: 'eof' }
  | { readonly kind: 'errno'; readonly error: Errno };

/** Alert numbers of RFC 8446 §6 that occur here. */
export const alerts = {
  'close notify': 0,
  'handshake failure': 40,
  'bad certificate': 42,
  'expired certificate': 45,
  'unknown certificate authority': 48,
  'certificate required': 116,
} as const;
export type Alert = keyof typeof alerts;
const alertOf = (number: number | undefined): Alert =>
  (Object.entries(alerts).find(([, value]) => value === number)?.[0] as Alert | undefined) ?? 'handshake failure';

interface ClientHello {
  readonly serverName: string;
}
interface ServerHello {
  readonly chain: readonly Certificate[];
  readonly askClient: boolean;
}
interface ClientFinished {
  readonly chain: readonly Certificate[];
  readonly keyId?: string;
}

/** A server's options from its certificate and key. */
export const serverTls = (
  identity: Identity,
  now: () => number,
  options: { readonly clientRoots?: readonly Certificate[]; readonly requireClient?: boolean } = {},
): TlsServerOptions => ({ chain: [identity.certificate], key: identity.key, now, ...options });

/** The client's side: one round trip, as TLS 1.3. The server's verdict on a client certificate arrives with the first read. */
export async function tlsConnect(
  stream: ByteStream,
  options: TlsClientOptions,
): Promise<Result<TlsStream, TlsFailure>> {
  const reader = new StreamReader(stream);
  const hello: ClientHello = { serverName: options.serverName };
  const sent = await stream.write(handshake(1, hello));
  if (!sent.ok) return err({ kind: 'errno', error: sent.error });
  const answer = await readHandshake<ServerHello>(reader, 2);
  if (!answer.ok) {
    stream.close();
    return answer;
  }
  const { chain, askClient } = answer.value;
  const verdict = verify(chain, {
    roots: options.roots,
    now: options.now,
    host: options.serverName,
    library: options.library ?? 'go',
  });
  if (!verdict.ok && !options.insecure) {
    const alert: Alert =
      verdict.error.kind === 'unknown-authority' ? 'unknown certificate authority' : 'bad certificate';
    await stream.write(record(0x15, Uint8Array.of(2, alerts[alert])));
    stream.close();
    return err({ kind: 'verify', failure: verdict.error });
  }
  const identity = askClient ? options.identity : undefined;
  const finished: ClientFinished = identity ? { chain: identity.chain, keyId: identity.key.keyId } : { chain: [] };
  const end = await stream.write(handshake(20, finished));
  if (!end.ok) return err({ kind: 'errno', error: end.error });
  return ok(new Records(stream, reader, chain, options.serverName, verdict.ok));
}

/** The server's side. With `not-tls` nothing was written yet: the caller may answer in the client's own tongue. */
export async function tlsAccept(stream: ByteStream, options: TlsServerOptions): Promise<Result<TlsStream, TlsFailure>> {
  const reader = new StreamReader(stream);
  const hello = await readHandshake<ClientHello>(reader, 1);
  if (!hello.ok) return hello;
  const { serverName } = hello.value;
  const chain = (serverName === undefined ? undefined : options.chainFor?.(serverName)) ?? options.chain;
  const answer: ServerHello = { chain, askClient: options.clientRoots !== undefined };
  const sent = await stream.write(handshake(2, answer));
  if (!sent.ok) return err({ kind: 'errno', error: sent.error });
  const finished = await readHandshake<ClientFinished>(reader, 20);
  if (!finished.ok) return finished;
  const { chain: shown, keyId } = finished.value;
  if (options.clientRoots !== undefined && (shown.length > 0 || options.requireClient === true)) {
    if (shown.length === 0) return refuse(stream, 'certificate required', { kind: 'no-certificate' });
    const verdict = verify(shown, { roots: options.clientRoots, now: options.now() });
    if (!verdict.ok) {
      return refuse(
        stream,
        verdict.error.kind === 'expired' ? 'expired certificate' : 'bad certificate',
        verdict.error,
      );
    }
    // The key proves that the certificate is the client's own.
    if (keyId !== verdict.value.keyId) return refuse(stream, 'bad certificate', { kind: 'no-certificate' });
  }
  return ok(new Records(stream, reader, shown, serverName, shown.length > 0));
}

async function refuse(stream: ByteStream, alert: Alert, failure: VerifyFailure): Promise<Result<never, TlsFailure>> {
  await stream.write(record(0x15, Uint8Array.of(2, alerts[alert])));
  stream.close();
  return err({ kind: 'verify', failure });
}

function record(type: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(payload.length + 5);
  bytes.set([type, 3, 3, payload.length >> 8, payload.length & 0xff]);
  bytes.set(payload, 5);
  return bytes;
}

// A real ClientHello holds a newline (supported_groups is extension 0x000a): by it a plain HTTP server sees a line end.
const handshake = (type: number, message: object): Uint8Array =>
  record(0x16, concat([Uint8Array.of(type), encode(`${JSON.stringify(message)}\n`)]));

interface Record {
  readonly type: number;
  readonly payload: Uint8Array;
}

async function readRecord(reader: StreamReader): Promise<Result<Record, TlsFailure>> {
  const head = await reader.exactly(5);
  if (!head.ok) return err({ kind: 'errno', error: head.error });
  if (head.value.length === 0) return err({ kind: 'eof' });
  const [type = 0, major, , high = 0, low = 0] = head.value;
  if (type < 0x14 || type > 0x17 || (head.value.length > 1 && major !== 3)) {
    return err({ kind: 'not-tls', head: concat([head.value, reader.buffered]) });
  }
  const payload = await reader.exactly((high << 8) | low);
  if (!payload.ok) return err({ kind: 'errno', error: payload.error });
  return ok({ type, payload: payload.value });
}

async function readHandshake<T>(reader: StreamReader, type: number): Promise<Result<T, TlsFailure>> {
  const read = await readRecord(reader);
  if (!read.ok) return read;
  const { payload } = read.value;
  if (read.value.type === 0x15) return err({ kind: 'alert', alert: alertOf(payload[1]) });
  if (read.value.type !== 0x16 || payload[0] !== type) return err({ kind: 'not-tls', head: payload });
  return ok(JSON.parse(decode(payload.subarray(1))) as T);
}

/** RFC 8446 §5.1: at most 2^14 bytes in a record. */
const recordLimit = 16_384;

class Records implements TlsStream {
  #rest: Uint8Array = noBytes;
  /** The alert that ended the connection: `remote error: tls: bad certificate`. */
  alert: Alert | undefined;

  constructor(
    readonly stream: ByteStream,
    readonly reader: StreamReader,
    readonly peerChain: readonly Certificate[],
    readonly serverName: string | undefined,
    readonly verified: boolean,
  ) {}

  async read(max = 65_536): Promise<Sys<Uint8Array | undefined>> {
    while (this.#rest.length === 0) {
      const next = await readRecord(this.reader);
      if (!next.ok) {
        if (next.error.kind === 'eof') return ok(undefined);
        return next.error.kind === 'errno' ? { ok: false, error: next.error.error } : fail('EPROTO');
      }
      if (next.value.type === 0x15) {
        const alert = alertOf(next.value.payload[1]);
        if (alert === 'close notify') return ok(undefined);
        this.alert = alert;
        return fail('EPROTO');
      }
      if (next.value.type === 0x17) this.#rest = next.value.payload;
    }
    const taken = this.#rest.subarray(0, max);
    this.#rest = this.#rest.subarray(taken.length);
    return ok(taken);
  }

  async write(bytes: Uint8Array): Promise<Sys<void>> {
    if (bytes.length <= recordLimit) return this.stream.write(record(0x17, bytes));
    const records: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += recordLimit)
      records.push(record(0x17, bytes.subarray(at, at + recordLimit)));
    return this.stream.write(concat(records));
  }

  shutdown(): void {
    this.stream.shutdown();
  }
  close(): void {
    this.stream.close();
  }
}

/** The alert that ended a TLS stream, if one did. */
export const alertThatEnded = (stream: ByteStream): Alert | undefined =>
  stream instanceof Records ? stream.alert : undefined;
