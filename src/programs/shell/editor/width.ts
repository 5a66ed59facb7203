/** Columns that a character takes on xterm.js, which counts as Unicode 6 did: emoji are narrow (its UnicodeV6.ts). */
export function widthOf(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 32 || code === 127) return 2; // shown as ^X
  if (code < 0x300) return code >= 0x80 && code < 0xa0 ? 0 : 1;
  if (combining.test(char)) return 0;
  return isWide(code) ? 2 : 1;
}

const combining = /^[\p{Mn}\p{Me}\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]/u;

const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3040, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x2fffd],
  [0x30000, 0x3fffd],
];

const isWide = (code: number): boolean => wide.some(([from, to]) => code >= from && code <= to);
