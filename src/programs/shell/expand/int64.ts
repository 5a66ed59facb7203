/**
 * Arithmetic of the shell is in 64-bit two's complement. Values that a JavaScript number holds exactly stay numbers
 * (they are nearly all), the others are BigInts; every operation gives the value in that form.
 */
export type Int = number | bigint;

const MIN = -(2n ** 63n);

const narrow = (value: bigint): Int => {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped >= -9007199254740991n && wrapped <= 9007199254740991n ? Number(wrapped) : wrapped;
};

const exact = (value: number): boolean => Number.isSafeInteger(value);

export function add(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (exact(sum)) return sum;
  }
  return narrow(BigInt(a) + BigInt(b));
}

export function subtract(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (exact(difference)) return difference;
  }
  return narrow(BigInt(a) - BigInt(b));
}

export function multiply(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (exact(product)) return product + 0;
  }
  return narrow(BigInt(a) * BigInt(b));
}

/** `b` is not zero. */
export function divide(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') return Math.trunc(a / b) + 0;
  return narrow(BigInt(a) / BigInt(b));
}

/** `b` is not zero. */
export function remainder(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0;
  return narrow(BigInt(a) % BigInt(b));
}

/** `exponent` is not negative. */
export function power(base: Int, exponent: Int): Int {
  let result = 1n;
  let factor = BigInt(base);
  for (let rest = BigInt(exponent); rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asIntN(64, result * factor);
    factor = BigInt.asIntN(64, factor * factor);
  }
  return narrow(result);
}

export const shiftLeft = (a: Int, b: Int): Int => narrow(BigInt(a) << (BigInt(b) & 63n));
export const shiftRight = (a: Int, b: Int): Int => narrow(BigInt(a) >> (BigInt(b) & 63n));
export const and = (a: Int, b: Int): Int => narrow(BigInt(a) & BigInt(b));
export const or = (a: Int, b: Int): Int => narrow(BigInt(a) | BigInt(b));
export const xor = (a: Int, b: Int): Int => narrow(BigInt(a) ^ BigInt(b));
export const not = (a: Int): Int => narrow(~BigInt(a));
export const negate = (a: Int): Int => (typeof a === 'number' ? 0 - a : narrow(-a));
export const isZero = (a: Int): boolean => a === 0;
export const fromBig = (value: bigint): Int => narrow(value);

/** A decimal integer as strtoimax reads it, or undefined. Out of range values stop at the ends. */
export function parseDecimal(text: string): Int | undefined {
  const trimmed = text.trim();
  if (!/^[+-]?\d+$/.test(trimmed)) return undefined;
  const small = Number(trimmed);
  if (exact(small)) return small + 0;
  const value = BigInt(trimmed.replace(/^\+/, ''));
  const top = 2n ** 63n - 1n;
  return narrow(value > top ? top : value < MIN ? MIN : value);
}
