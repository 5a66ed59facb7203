import { concat, decode } from '../../linux/io/bytes';
import type { ByteReader } from '../../linux/process/types';

/**
 * Reads lines as they come: each `next` gives all whole lines there are, so that a command works through them without
 * waiting in between.
 */
export class Lines {
  #rest: Uint8Array[] = [];
  #over = false;
  /** The last line had no newline. */
  unterminated = false;

  constructor(
    readonly reader: Pick<ByteReader, 'read'>,
    private readonly separator = 10,
  ) {}

  /** Undefined at the end. */
  async next(): Promise<readonly string[] | undefined> {
    while (!this.#over) {
      const bytes = await this.reader.read();
      if (bytes === undefined) {
        this.#over = true;
        const last = concat(this.#rest);
        if (last.length === 0) return undefined;
        this.unterminated = true;
        return [decode(last)];
      }
      const end = bytes.lastIndexOf(this.separator);
      if (end < 0) {
        this.#rest.push(bytes.slice());
        continue;
      }
      const whole = this.#rest.length === 0 ? bytes.subarray(0, end) : concat([...this.#rest, bytes.subarray(0, end)]);
      this.#rest = end + 1 < bytes.length ? [bytes.slice(end + 1)] : [];
      return decode(whole).split(this.separator === 10 ? '\n' : '\0');
    }
    return undefined;
  }

  /** All of them. */
  async all(): Promise<string[]> {
    const all: string[] = [];
    for (let batch = await this.next(); batch !== undefined; batch = await this.next()) {
      for (const line of batch) all.push(line);
    }
    return all;
  }
}
