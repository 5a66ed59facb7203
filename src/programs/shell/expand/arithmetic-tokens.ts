import * as int from './int64';
import type { Int } from './int64';

/** Characters and tokens of arithmetic expressions (expr.c of bash). */
export const operators = new Set('=><+-*/%!()~^?:&|,'.split(''));
export const infix = new Set([
  '=',
  '>',
  '<',
  '+',
  '-',
  '*',
  '/',
  '%',
  '!',
  '(',
  ')',
  '&',
  '|',
  '^',
  '~',
  '?',
  ':',
  ',',
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  '<<',
  '>>',
  '**',
  'assign',
  'cond',
  'pre+',
  'pre-',
  'post+',
  'post-',
]);
export const starter = /[A-Za-z_]/;
export const follower = /[A-Za-z0-9_]/;
export const blank = /[ \t\n]/;

/** strlong() of bash: 10, 010, 0x1f, 2#101, 64#@_. */
export function parseNumber(digits: string): Int | { readonly fault: string } {
  let base = 10;
  let rest = digits;
  if (/^0[xX]/.test(rest)) {
    base = 16;
    rest = rest.slice(2);
    if (rest === '') return 0;
  } else if (rest.startsWith('0') && rest.length > 1) {
    base = 8;
    rest = rest.slice(1);
  }
  const hash = rest.indexOf('#');
  if (hash >= 0) {
    if (base !== 10) return { fault: 'invalid number' };
    base = Number(rest.slice(0, hash));
    if (!(base >= 2 && base <= 64)) return { fault: 'invalid arithmetic base' };
    rest = rest.slice(hash + 1);
    if (rest === '') return { fault: 'invalid integer constant' };
  }
  let small = 0;
  let big: bigint | undefined;
  for (const char of rest) {
    const digit = digitOf(char, base);
    if (digit < 0) return { fault: 'invalid number' };
    if (digit >= base) return { fault: 'value too great for base' };
    if (big === undefined) {
      const next = small * base + digit;
      if (Number.isSafeInteger(next)) small = next;
      else big = BigInt(small) * BigInt(base) + BigInt(digit);
    } else big = big * BigInt(base) + BigInt(digit);
  }
  return big === undefined ? small : int.fromBig(big);
}

function digitOf(char: string, base: number): number {
  if (char >= '0' && char <= '9') return Number(char);
  if (char >= 'a' && char <= 'z') return char.charCodeAt(0) - 87;
  if (char >= 'A' && char <= 'Z') return char.charCodeAt(0) - (base <= 36 ? 55 : 29);
  if (char === '@') return 62;
  if (char === '_') return 63;
  return -1;
}
