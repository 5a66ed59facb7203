import { concat, encode } from '../../linux/io/bytes';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes that are no UTF-8 are kept as these private characters; they are shown as `<E9>`. */
export const STRAY = 0xf700;

/** The lines of a file or pipe as far as they were read. */
export class Text {
  readonly lines: string[] = [];
  /** Where each line begins, in bytes. */
  readonly #starts: number[] = [];
  #rest: Uint8Array = new Uint8Array(0);
  #bytes = 0;
  /** The last line has no newline (yet). */
  #open = false;
  /** Nothing more comes. */
  ended = false;

  /** Bytes read so far. */
  get bytes(): number {
    return this.#bytes;
  }

  append(bytes: Uint8Array): void {
    if (this.#open) {
      this.lines.pop();
      this.#bytes -= this.#rest.length;
      this.#starts.pop();
      this.#open = false;
    }
    const all = this.#rest.length === 0 ? bytes : concat([this.#rest, bytes]);
    let from = 0;
    for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, from)) {
      this.#add(all.subarray(from, end), end + 1 - from);
      from = end + 1;
    }
    this.#rest = all.slice(from);
    if (this.#rest.length > 0) {
      this.#add(this.#rest, this.#rest.length);
      this.#open = true;
    }
  }

  #add(bytes: Uint8Array, size: number): void {
    this.#starts.push(this.#bytes);
    this.#bytes += size;
    this.lines.push(decodeLine(bytes));
  }

  /** Where a line begins, in bytes; after the last one: the end. */
  startOf(line: number): number {
    return this.#starts[line] ?? this.#bytes;
  }

  /** The line that holds a byte. */
  lineAt(byte: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= byte) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }
}

function decodeLine(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte < 128 ? byte : STRAY + byte)).join('');
  }
}

/** As less guesses: more than five characters of the first 256 that are none of a text. */
export function looksBinary(head: Uint8Array, colours: boolean): boolean {
  const text = decodeLine(head.subarray(0, 256)).replace(colours ? /\x1b\[[\d;]*m/g : /^$/, '');
  let strange = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if ((code < 32 && !/[\t\n\b\r\f]/.test(char)) || (code >= STRAY && code < STRAY + 256)) strange++;
  }
  return strange > 5;
}

/** How many bytes a text has. */
export const size = (text: string): number => encode(text.replace(/[\uf780-\uf7ff]/g, '?')).length;
