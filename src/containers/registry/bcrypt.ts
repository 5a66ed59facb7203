import { encode } from '../../linux/io/bytes';

/** bcrypt (Provos and Mazières 1999), as `htpasswd -B` and distribution use it. */

const ROUNDS = 16;
const WORDS = ROUNDS + 2 + 4 * 256;
const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

let initial: Uint32Array | undefined;

/** Blowfish begins with the fraction of pi (Machin's formula); that is shorter than its table of 4 KB. */
function piWords(): Uint32Array {
  if (initial !== undefined) return initial;
  const bits = BigInt(WORDS * 32 + 64);
  const arctan = (inverse: bigint): bigint => {
    const square = inverse * inverse;
    let power = (1n << bits) / inverse;
    let sum = power;
    for (let divisor = 3n, sign = -1n; power > 0n; divisor += 2n, sign = -sign) {
      power /= square;
      sum += (sign * power) / divisor;
    }
    return sum;
  };
  const pi = 16n * arctan(5n) - 4n * arctan(239n);
  const hex = (pi & ((1n << bits) - 1n)).toString(16).padStart(Number(bits) / 4, '0');
  initial = Uint32Array.from({ length: WORDS }, (_none, index) =>
    Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16),
  );
  return initial;
}

class Blowfish {
  readonly #p: Uint32Array;
  readonly #s: Uint32Array;
  left = 0;
  right = 0;

  constructor() {
    const words = piWords();
    this.#p = words.slice(0, ROUNDS + 2);
    this.#s = words.slice(ROUNDS + 2);
  }

  encipher(): void {
    const [p, s] = [this.#p, this.#s];
    let [left, right] = [this.left, this.right];
    for (let round = 0; round < ROUNDS; round++) {
      left ^= p[round] ?? 0;
      const sum = ((s[left >>> 24] ?? 0) + (s[256 + ((left >>> 16) & 255)] ?? 0)) | 0;
      right ^= ((sum ^ (s[512 + ((left >>> 8) & 255)] ?? 0)) + (s[768 + (left & 255)] ?? 0)) | 0;
      [left, right] = [right, left];
    }
    this.left = (right ^ (p[ROUNDS + 1] ?? 0)) >>> 0;
    this.right = (left ^ (p[ROUNDS] ?? 0)) >>> 0;
  }

  /** ExpandKey: without salt, it is zeros. */
  expand(key: Uint8Array, salt?: Uint8Array): void {
    const word = (bytes: Uint8Array, at: number): number => {
      let value = 0;
      for (let index = 0; index < 4; index++) value = (value << 8) | (bytes[(at + index) % bytes.length] ?? 0);
      return value >>> 0;
    };
    for (let index = 0; index < this.#p.length; index++) this.#p[index] = (this.#p[index] ?? 0) ^ word(key, index * 4);
    this.left = this.right = 0;
    let at = 0;
    for (const table of [this.#p, this.#s]) {
      for (let index = 0; index < table.length; index += 2) {
        if (salt !== undefined) {
          this.left ^= word(salt, at);
          this.right ^= word(salt, at + 4);
          at = (at + 8) % 16;
        }
        this.encipher();
        table[index] = this.left;
        table[index + 1] = this.right;
      }
    }
  }
}

/** `$2y$05$…`: the hash of a password under a salt of 16 bytes. */
export function bcrypt(password: string, salt: Uint8Array, cost: number, prefix = '$2y$'): string {
  const bytes = encode(password);
  const key = new Uint8Array(Math.min(bytes.length + 1, 72));
  key.set(bytes.subarray(0, key.length));
  const cipher = new Blowfish();
  cipher.expand(key, salt);
  for (let round = 2 ** cost; round > 0; round--) {
    cipher.expand(key);
    cipher.expand(salt);
  }
  const text = encode('OrpheanBeholderScryDoubt');
  const view = new DataView(text.buffer, text.byteOffset);
  for (let at = 0; at < text.length; at += 8) {
    cipher.left = view.getUint32(at);
    cipher.right = view.getUint32(at + 4);
    for (let again = 0; again < 64; again++) cipher.encipher();
    view.setUint32(at, cipher.left);
    view.setUint32(at + 4, cipher.right);
  }
  return `${prefix}${String(cost).padStart(2, '0')}$${letters(salt)}${letters(text.subarray(0, 23))}`;
}

/** Is that the password of a hash? What is not bcrypt matches nothing. */
export function bcryptMatches(password: string, hash: string): boolean {
  const [, prefix, cost, salt = ''] = /^(\$2[aby]\$)(\d\d)\$([./A-Za-z0-9]{22})[./A-Za-z0-9]{31}$/.exec(hash) ?? [];
  if (prefix === undefined || Number(cost) > 14) return false;
  return bcrypt(password, unletters(salt), Number(cost), prefix) === hash;
}

function letters(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const count = Math.min(3, bytes.length - at) + 1;
    for (let index = 0; index < count; index++) text += alphabet.charAt((bits >>> (18 - 6 * index)) & 63);
  }
  return text;
}

function unletters(text: string): Uint8Array {
  const bytes = new Uint8Array(16);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    bits = ((bits << 6) | alphabet.indexOf(letter)) & 0xfff;
    held += 6;
    if (held < 8 || at >= 16) continue;
    held -= 8;
    bytes[at++] = (bits >>> held) & 255;
  }
  return bytes;
}
