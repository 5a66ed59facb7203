import type { Sys } from '../../errno';
import { concat, decode, noBytes } from '../../io/bytes';
import { ok } from '../../../sim/result';

/** What HTTP needs of a connection: a StreamSocket, or TLS over one. */
export interface ByteStream {
  read(max?: number): Promise<Sys<Uint8Array | undefined>>;
  write(bytes: Uint8Array): Promise<Sys<void>>;
  /** Half-close: the peer reads end of file. */
  shutdown(): void;
  close(): void;
}

const newline = 10;

/** Reads lines and byte counts from a stream and keeps what follows. */
export class StreamReader {
  #buffer: Uint8Array = noBytes;
  #pending: Promise<Sys<Uint8Array | undefined>> | undefined;
  #ended = false;

  constructor(readonly stream: ByteStream) {}

  /** Bytes that were read ahead, if any. */
  get buffered(): Uint8Array {
    return this.#buffer;
  }

  /** The next bytes, at most `max`; undefined at end of file. */
  async some(max = 65_536): Promise<Sys<Uint8Array | undefined>> {
    if (this.#buffer.length === 0) {
      const more = await this.#fill();
      if (!more.ok) return more;
      if (!more.value) return ok(undefined);
    }
    const taken = this.#buffer.length <= max ? this.#buffer : this.#buffer.subarray(0, max);
    this.#buffer = this.#buffer.subarray(taken.length);
    return ok(taken);
  }

  /** Exactly `count` bytes; fewer only at end of file. */
  async exactly(count: number): Promise<Sys<Uint8Array>> {
    const chunks: Uint8Array[] = [];
    let missing = count;
    while (missing > 0) {
      const chunk = await this.some(missing);
      if (!chunk.ok) return chunk;
      if (chunk.value === undefined) break;
      chunks.push(chunk.value);
      missing -= chunk.value.length;
    }
    return ok(concat(chunks));
  }

  /** A line without its CR LF; undefined at end of file; `'long'` if there is none within `limit` bytes. */
  async line(limit = 65_536): Promise<Sys<string | 'long' | undefined>> {
    let searched = 0;
    for (;;) {
      const at = this.#buffer.indexOf(newline, searched);
      if (at >= 0) {
        const end = at > 0 && this.#buffer[at - 1] === 13 ? at - 1 : at;
        const text = decode(this.#buffer.subarray(0, end));
        this.#buffer = this.#buffer.subarray(at + 1);
        return ok(text);
      }
      if (this.#buffer.length > limit) return ok('long');
      searched = this.#buffer.length;
      const more = await this.#fill();
      if (!more.ok) return more;
      if (!more.value) return ok(undefined);
    }
  }

  /** The lines up to the next empty one, which is taken too, if all of them were read ahead; without their CR LF. */
  linesThere(): readonly string[] | undefined {
    const buffer = this.#buffer;
    for (let from = 0; ;) {
      const at = buffer.indexOf(newline, from);
      if (at < 0) return undefined;
      if (at === from || (at === from + 1 && buffer[from] === 13)) {
        this.#buffer = buffer.subarray(at + 1);
        const lines = decode(buffer.subarray(0, from)).split('\n');
        lines.pop();
        return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
      }
      from = at + 1;
    }
  }

  /**
   * Waits until the peer sends something or goes away, without taking it: how a server that streams a watch notices that
   * nobody listens any more.
   */
  async peek(): Promise<'data' | 'end'> {
    if (this.#buffer.length > 0) return 'data';
    const more = await this.#fill();
    return more.ok && more.value ? 'data' : 'end';
  }

  /** One read for all who wait: true if there are bytes now, false at end of file. */
  async #fill(): Promise<Sys<boolean>> {
    if (this.#ended) return ok(false);
    this.#pending ??= this.#readOnce();
    const read = await this.#pending;
    if (!read.ok) return read;
    return ok(read.value !== undefined);
  }

  async #readOnce(): Promise<Sys<Uint8Array | undefined>> {
    try {
      for (;;) {
        const read = await this.stream.read();
        // SA_RESTART: a handled signal does not end a network read of these programs.
        if (!read.ok && read.error.code === 'EINTR') continue;
        if (read.ok && read.value === undefined) this.#ended = true;
        if (read.ok && read.value !== undefined) {
          this.#buffer = this.#buffer.length === 0 ? read.value : concat([this.#buffer, read.value]);
        }
        return read;
      }
    } finally {
      this.#pending = undefined;
    }
  }
}
