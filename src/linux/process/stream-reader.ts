import type { Errno } from '../errno';
import { concat, decode, noBytes } from '../io/bytes';
import type { ByteReader } from './types';

const CHUNK = 65_536;
const NEWLINE = 10;

/** Buffered reading over a `read(2)`: an empty result is end of file. */
export class StreamReader implements ByteReader {
  #rest: Uint8Array = noBytes;
  failure: Errno | undefined;

  constructor(readonly source: (max: number) => Promise<Uint8Array>) {}

  async read(max = CHUNK): Promise<Uint8Array | undefined> {
    if (this.#rest.length > 0) {
      const taken = this.#rest.subarray(0, max);
      this.#rest = this.#rest.subarray(taken.length);
      return taken;
    }
    const bytes = await this.source(max);
    return bytes.length === 0 ? undefined : bytes;
  }

  async readLine(): Promise<string | undefined> {
    const parts: Uint8Array[] = [];
    for (;;) {
      const bytes = await this.read();
      if (bytes === undefined) return parts.length === 0 ? undefined : decode(concat(parts));
      const end = bytes.indexOf(NEWLINE);
      if (end < 0) {
        parts.push(bytes);
        continue;
      }
      parts.push(bytes.subarray(0, end));
      const after = bytes.subarray(end + 1);
      this.#rest = this.#rest.length === 0 ? after : concat([after, this.#rest]);
      return decode(concat(parts));
    }
  }

  async text(): Promise<string> {
    const parts: Uint8Array[] = [];
    for await (const bytes of this) parts.push(bytes);
    return decode(concat(parts));
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for (;;) {
      const bytes = await this.read();
      if (bytes === undefined) return;
      yield bytes;
    }
  }
}
