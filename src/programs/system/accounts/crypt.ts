import { sha512 } from '@noble/hashes/sha2.js';
import { concat, encode } from '../../../linux/io/bytes';
import type { Random } from '../../../sim/random';

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ROUNDS = 5000;

const repeat = (bytes: Uint8Array, length: number): Uint8Array => {
  const out = new Uint8Array(length);
  for (let index = 0; index < length; index++) out[index] = bytes[index % bytes.length] ?? 0;
  return out;
};

/** crypt(3) with SHA-512 (`$6$`), as Ulrich Drepper's specification describes it. */
function sha512Crypt(password: string, salt: string): string {
  const key = encode(password);
  const saltBytes = encode(salt);
  const alternate = sha512(concat([key, saltBytes, key]));
  const parts: Uint8Array[] = [key, saltBytes, repeat(alternate, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push((bits & 1) === 1 ? alternate : key);
  let digest = sha512(concat(parts));
  const keyBytes = repeat(sha512(repeat(key, key.length * key.length)), key.length);
  const saltRepeat = new Array<Uint8Array>(16 + (digest[0] ?? 0)).fill(saltBytes);
  const saltPart = repeat(sha512(concat(saltRepeat)), saltBytes.length);
  for (let round = 0; round < ROUNDS; round++) {
    const odd = (round & 1) === 1;
    const pieces = [odd ? keyBytes : digest];
    if (round % 3 !== 0) pieces.push(saltPart);
    if (round % 7 !== 0) pieces.push(keyBytes);
    pieces.push(odd ? digest : keyBytes);
    digest = sha512(concat(pieces));
  }
  let out = '';
  const add = (high: number, middle: number, low: number, count: number): void => {
    let value = ((digest[high] ?? 0) << 16) | ((digest[middle] ?? 0) << 8) | (digest[low] ?? 0);
    for (let index = 0; index < count; index++) {
      out += alphabet.charAt(value & 63);
      value >>= 6;
    }
  };
  let [a, b, c] = [0, 21, 42];
  for (let index = 0; index < 21; index++) {
    add(a, b, c, 4);
    [a, b, c] = [b + 1, c + 1, a + 1];
  }
  let last = digest[63] ?? 0;
  for (let index = 0; index < 2; index++) {
    out += alphabet.charAt(last & 63);
    last >>= 6;
  }
  return `$6$${salt}$${out}`;
}

/** A hash for /etc/shadow. */
export function hashPassword(password: string, random: Random): string {
  const salt = random
    .hex(32)
    .match(/../g)
    ?.map((pair) => alphabet.charAt(parseInt(pair, 16) & 63))
    .join('');
  return sha512Crypt(password, salt ?? 'saltsaltsaltsalt');
}

/** Whether a password is the one of that hash. */
export function verifyPassword(password: string, hash: string): boolean {
  if (hash === '') return password === '';
  const match = /^\$6\$([^$]*)\$/.exec(hash);
  return match !== null && sha512Crypt(password, match[1] ?? '') === hash;
}
