import { Gunzip, Gzip } from 'fflate';
import { inPieces } from '../../containers/archive/gzip';
import { concat, noBytes } from '../../linux/io/bytes';
import type { ByteReader } from '../../linux/process/types';

/** Where bytes come from, a chunk at a time; undefined at the end. */
export type Pull = () => Promise<Uint8Array | undefined>;
/** Where bytes go. */
export type Push = (bytes: Uint8Array) => Promise<void>;

/** What is wrong with compressed data, as gzip words it. */
export class BadData extends Error {}

export const pullOf =
  (reader: ByteReader): Pull =>
  () =>
    reader.read();

/** Takes exactly so many bytes from a stream, across its chunks. */
export class Source {
  #rest: Uint8Array = noBytes;

  constructor(private readonly pull: Pull) {}

  /** Fewer only at the end of the stream. */
  async take(count: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let length = 0;
    await this.each(count, (bytes) => {
      parts.push(bytes.slice());
      length += bytes.length;
      return undefined;
    });
    return length === 0 ? noBytes : concat(parts);
  }

  /** Hands on so many bytes as they come; how many there were. */
  async each(count: number, act: (bytes: Uint8Array) => Promise<unknown> | undefined): Promise<number> {
    let left = count;
    while (left > 0) {
      if (this.#rest.length === 0) {
        const more = await this.pull();
        if (more === undefined) break;
        this.#rest = more;
        continue;
      }
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      const pending = act(part);
      if (pending !== undefined) await pending;
    }
    return count - left;
  }

  /** Looks at what comes next without taking it. */
  async peek(count: number): Promise<Uint8Array> {
    while (this.#rest.length < count) {
      const more = await this.pull();
      if (more === undefined) break;
      this.#rest = concat([this.#rest, more.slice()]);
    }
    return this.#rest.subarray(0, count);
  }

  /** What is left, a chunk at a time. */
  readonly next: Pull = async () => {
    if (this.#rest.length === 0) return this.pull();
    const rest = this.#rest;
    this.#rest = noBytes;
    return rest;
  };
}

/** The contents of a gzip stream (several members in a row count as one), as they come. Throws `BadData`. */
export function gunzipped(pull: Pull): Pull {
  const ready: Uint8Array[] = [];
  let started = false;
  let over = false;
  const gunzip = new Gunzip((chunk) => {
    if (chunk.length > 0) ready.push(chunk);
  });
  return async () => {
    for (;;) {
      const chunk = ready.shift();
      if (chunk !== undefined) return chunk;
      if (over) return undefined;
      const bytes = await pull();
      if (!started && bytes !== undefined && (bytes[0] !== 0x1f || (bytes.length > 1 && bytes[1] !== 0x8b))) {
        throw new BadData('not in gzip format');
      }
      started = true;
      try {
        if (bytes === undefined) {
          over = true;
          gunzip.push(noBytes, true);
        } else gunzip.push(bytes.slice(), false);
      } catch (error) {
        const eof = bytes === undefined || (error instanceof Error && error.message.includes('unexpected EOF'));
        throw new BadData(eof ? 'unexpected end of file' : 'invalid compressed data--format violated');
      }
    }
  };
}

/** Compresses what is written; `end` writes what is left. */
export function gzipping(push: Push, options: GzipHeader): { readonly push: Push; readonly end: () => Promise<void> } {
  const ready: Uint8Array[] = [];
  const pieces = inPieces(
    new Gzip(options, (chunk) => {
      if (chunk.length > 0) ready.push(chunk);
    }),
  );
  const drain = async (): Promise<void> => {
    for (const chunk of ready.splice(0)) await push(chunk);
  };
  return {
    push: async (bytes) => {
      pieces.push(bytes);
      await drain();
    },
    end: async () => {
      pieces.end();
      await drain();
    },
  };
}

/** What stands at the head of a gzip file. */
export interface GzipHeader {
  readonly level: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
  /** Milliseconds; 0 writes none. */
  readonly mtime: number;
  readonly filename?: string;
}
