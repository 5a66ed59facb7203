import { concat } from '../../../linux/io/bytes';

/** Base lengths and extra bits of length codes 257…285, and of distance codes (RFC 1951 §3.2.5). */
const lengthBase = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBase = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const distanceExtra = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A canonical Huffman code: how many codes of each length there are, and the symbols in order. */
interface Huffman {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

function huffman(lengths: readonly number[]): Huffman {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  const offsets = new Uint16Array(16);
  for (let bits = 1; bits < 16; bits++) offsets[bits] = (offsets[bits - 1] ?? 0) + (counts[bits - 1] ?? 0);
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    const at = offsets[length] ?? 0;
    symbols[at] = symbol;
    offsets[length] = at + 1;
  });
  return { counts, symbols };
}

const range = (count: number, value: number): number[] => Array.from({ length: count }, () => value);
const fixedLengths = huffman([...range(144, 8), ...range(112, 9), ...range(24, 7), ...range(8, 8)]);
const fixedDistances = huffman(range(30, 5));

class Inflater {
  #bits = 0;
  #held = 0;
  #out = new Uint8Array(1024);
  #length = 0;

  constructor(
    readonly input: Uint8Array,
    public at: number,
  ) {}

  bits(count: number): number {
    while (this.#held < count) {
      if (this.at >= this.input.length) throw new RangeError('unexpected end of compressed data');
      this.#bits |= (this.input[this.at++] ?? 0) << this.#held;
      this.#held += 8;
    }
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#held -= count;
    return value;
  }

  #symbol({ counts, symbols }: Huffman): number {
    let [code, first, index] = [0, 0, 0];
    for (let length = 1; length < 16; length++) {
      code |= this.bits(1);
      const count = counts[length] ?? 0;
      if (code - count < first) return symbols[index + (code - first)] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new RangeError('invalid code');
  }

  #push(byte: number): void {
    if (this.#length === this.#out.length) {
      const larger = new Uint8Array(this.#out.length * 2);
      larger.set(this.#out);
      this.#out = larger;
    }
    this.#out[this.#length++] = byte;
  }

  #codes(lengths: Huffman, distances: Huffman): void {
    for (;;) {
      const symbol = this.#symbol(lengths);
      if (symbol === 256) return;
      if (symbol < 256) {
        this.#push(symbol);
        continue;
      }
      const length = (lengthBase[symbol - 257] ?? 0) + this.bits(lengthExtra[symbol - 257] ?? 0);
      const code = this.#symbol(distances);
      const distance = (distanceBase[code] ?? 0) + this.bits(distanceExtra[code] ?? 0);
      for (let copied = 0; copied < length; copied++) this.#push(this.#out[this.#length - distance] ?? 0);
    }
  }

  #dynamic(): void {
    const literals = this.bits(5) + 257;
    const distances = this.bits(5) + 1;
    const codes = this.bits(4) + 4;
    const codeLengths = range(19, 0);
    for (const place of codeOrder.slice(0, codes)) codeLengths[place] = this.bits(3);
    const code = huffman(codeLengths);
    const lengths: number[] = [];
    while (lengths.length < literals + distances) {
      const symbol = this.#symbol(code);
      if (symbol < 16) lengths.push(symbol);
      else if (symbol === 16) lengths.push(...range(3 + this.bits(2), lengths.at(-1) ?? 0));
      else lengths.push(...range(symbol === 17 ? 3 + this.bits(3) : 11 + this.bits(7), 0));
    }
    this.#codes(huffman(lengths.slice(0, literals)), huffman(lengths.slice(literals)));
  }

  run(): Uint8Array {
    for (let last = 0; last === 0;) {
      last = this.bits(1);
      const type = this.bits(2);
      if (type === 1) this.#codes(fixedLengths, fixedDistances);
      else if (type === 2) this.#dynamic();
      else if (type === 0) {
        this.#bits = 0;
        this.#held = 0;
        const length = (this.input[this.at] ?? 0) | ((this.input[this.at + 1] ?? 0) << 8);
        this.at += 4;
        for (const byte of this.input.subarray(this.at, this.at + length)) this.#push(byte);
        this.at += length;
      } else throw new RangeError('invalid block type');
    }
    return this.#out.slice(0, this.#length);
  }
}

/** What a zlib stream (RFC 1950) that begins at `from` holds, and where it ends. Throws a RangeError if it is none. */
export function inflate(bytes: Uint8Array, from = 0): { readonly bytes: Uint8Array; readonly end: number } {
  if (((bytes[from] ?? 0) & 15) !== 8) throw new RangeError('incorrect header check');
  const inflater = new Inflater(bytes, from + 2);
  return { bytes: inflater.run(), end: inflater.at + 4 };
}

function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return ((high << 16) | low) >>> 0;
}

/** A zlib stream of stored blocks: objects here are small, and nobody waits for a disk. */
export function deflate(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let at = 0; at === 0 || at < bytes.length; at += 0xffff) {
    const part = bytes.subarray(at, at + 0xffff);
    const { length } = part;
    const last = at + length >= bytes.length ? 1 : 0;
    parts.push(Uint8Array.of(last, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255), part);
  }
  const sum = adler32(bytes);
  return concat([...parts, Uint8Array.of(sum >>> 24, (sum >> 16) & 255, (sum >> 8) & 255, sum & 255)]);
}
