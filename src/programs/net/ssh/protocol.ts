import { concat, decode, encode } from '../../../linux/io/bytes';
import { StreamReader, type ByteStream } from '../../../linux/net/http/stream';
import type { SignalName } from '../../../linux/process/types';
import type { WindowSize } from '../../../linux/tty/types';

/**
 * What passes between our ssh and sshd after the two banners. The messages are those of RFC 4254 (one session channel),
 * the framing is our own: a type byte, four bytes of length, the payload. Key exchange and authentication are one
 * message each way: whoever reaches port 22 of the lab holds the lab's key.
 */
export const banner = 'SSH-2.0-OpenSSH_9.2';

const types = {
  /** Client: who it wants to be. */
  login: 1,
  /** Server: its key, and whether it lets the user in. */
  welcome: 2,
  request: 3,
  stdin: 4,
  stdout: 5,
  stderr: 6,
  eof: 7,
  window: 8,
  signal: 9,
  exit: 10,
} as const;
type Type = keyof typeof types;
const names = new Map<number, Type>(
  (Object.entries(types) as [Type, number][]).map(([name, number]) => [number, name]),
);

/** The `session` channel's requests: pty-req, env, and shell or exec. */
export interface SessionRequest {
  readonly pty?: { readonly term: string; readonly size: WindowSize };
  readonly env: Readonly<Record<string, string>>;
  /** Undefined asks for a login shell. */
  readonly command?: string;
}

export type SshMessage =
  | { readonly type: 'login'; readonly user: string }
  | { readonly type: 'welcome'; readonly hostKey: string; readonly admitted: boolean }
  | ({ readonly type: 'request' } & SessionRequest)
  | { readonly type: 'stdin' | 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  | { readonly type: 'eof' }
  | ({ readonly type: 'window' } & WindowSize)
  | { readonly type: 'signal'; readonly signal: SignalName }
  | { readonly type: 'exit'; readonly code?: number; readonly signal?: SignalName };

/** One side of a connection. */
export class SshConnection {
  readonly #reader: StreamReader;
  constructor(readonly stream: ByteStream) {
    this.#reader = new StreamReader(stream);
  }

  /** Exchanges banners; the other's, or undefined if it does not speak SSH. */
  async greet(): Promise<string | undefined> {
    const sent = await this.stream.write(encode(`${banner}\r\n`));
    const line = await this.#reader.line(255);
    if (!sent.ok || !line.ok || line.value === undefined) return undefined;
    return line.value.startsWith('SSH-2.0-') ? line.value : undefined;
  }

  /** False when the other side has gone. */
  async send(message: SshMessage): Promise<boolean> {
    const payload = 'bytes' in message ? message.bytes : encode(JSON.stringify(message));
    const { length } = payload;
    const head = Uint8Array.of(
      types[message.type],
      length >>> 24,
      (length >>> 16) & 255,
      (length >>> 8) & 255,
      length & 255,
    );
    const sent = await this.stream.write(concat([head, payload]));
    return sent.ok;
  }

  /** The next message; undefined at the end, or at what is none. */
  async receive(): Promise<SshMessage | undefined> {
    const head = await this.#reader.exactly(5);
    if (!head.ok || head.value.length < 5) return undefined;
    const [number = 0, a = 0, b = 0, c = 0, d = 0] = head.value;
    const type = names.get(number);
    const length = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    if (type === undefined || length > 1 << 24) return undefined;
    const payload = await this.#reader.exactly(length);
    if (!payload.ok || payload.value.length < length) return undefined;
    if (type === 'stdin' || type === 'stdout' || type === 'stderr') return { type, bytes: payload.value };
    return JSON.parse(decode(payload.value)) as SshMessage;
  }

  close(): void {
    this.stream.close();
  }
}
