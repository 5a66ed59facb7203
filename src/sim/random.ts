/**
 * Seeded chance: sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32. Everything that looks random in the
 * world (name suffixes, uids, ports, MAC addresses, `statistic --probability`) is drawn from one of these.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(readonly seed: number) {
    const next = splitmix32(seed);
    this.#a = next();
    this.#b = next();
    this.#c = next();
    for (let round = 0; round < 12; round++) this.uint32();
  }

  /** A stream of its own for one part of the world, so that what one part draws does not shift what another gets. */
  fork(label: string): Random {
    let hash = this.seed ^ 0x9e3779b9;
    for (let index = 0; index < label.length; index++) hash = Math.imul(hash ^ label.charCodeAt(index), 0x01000193);
    return new Random(hash | 0);
  }

  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }

  /** In [0, 2³¹), as the kernel's `get_random_u32() & 0x7FFFFFFF` in xt_statistic. */
  uint31(): number {
    return this.uint32() >>> 1;
  }

  /** In [0, 1). */
  fraction(): number {
    return this.uint32() / 2 ** 32;
  }

  /** An integer in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** An integer from low to high, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  string(length: number, alphabet: string): string {
    let text = '';
    for (let index = 0; index < length; index++) text += alphabet.charAt(this.below(alphabet.length));
    return text;
  }

  /** As `string` of these digits, in one piece: identifiers are kept for long. */
  hex(digits: number): string {
    const codes: number[] = [];
    for (let left = digits; left > 0; left--) codes.push(this.#digit());
    return String.fromCharCode(...codes);
  }

  #digit(): number {
    const value = this.uint32() >>> 28;
    return value < 10 ? 48 + value : 87 + value;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index++) bytes[index] = this.uint32() & 0xff;
    return bytes;
  }

  /** A version 4 UUID (RFC 9562). */
  uuid(): string {
    // The letter of the variant is drawn first.
    const variant = '89ab'.charCodeAt(this.below(4));
    for (let at = 0; at < 36; at++) {
      if (at === 8 || at === 13 || at === 18 || at === 23) uuidCodes[at] = 45;
      else if (at === 14) uuidCodes[at] = 52;
      else uuidCodes[at] = at === 19 ? variant : this.#digit();
    }
    return String.fromCharCode(...uuidCodes);
  }
}

/** The letters of the uuid that is being made. */
const uuidCodes: number[] = Array.from({ length: 36 }, () => 0);

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) | 0;
  };
}
