/** Characters and columns of one line. A column index counts UTF-16 units; what composes belongs to what it follows. */

const composing = /^[\p{Mn}\p{Me}\u200b-\u200f\ufe00-\ufe0f]/u;

const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x23f0, 0x23f3],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x26a1, 0x26a1],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2728, 0x2728],
  [0x274c, 0x274e],
  [0x2753, 0x2757],
  [0x2795, 0x2797],
  [0x2b1b, 0x2b1c],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Length in units of the character at `col`, with what composes. 0 at the end of the line. */
export function charLength(line: string, col: number): number {
  const code = line.codePointAt(col);
  if (code === undefined) return 0;
  let length = code > 0xffff ? 2 : 1;
  while (line.charCodeAt(col + length) >= 0x300) {
    const next = String.fromCodePoint(line.codePointAt(col + length) ?? 0);
    if (!composing.test(next)) break;
    length += next.length;
  }
  return length;
}

/** The character at `col`; empty at the end. */
export const charAt = (line: string, col: number): string => line.substring(col, col + charLength(line, col));

/** Start of the character before `col`. */
export function previous(line: string, col: number): number {
  let at = col - 1;
  while (at > 0 && (isTrail(line, at) || (line.charCodeAt(at) >= 0x300 && composing.test(line.slice(at))))) at--;
  return Math.max(0, at);
}

const isTrail = (line: string, at: number): boolean => {
  const code = line.charCodeAt(at);
  return code >= 0xdc00 && code < 0xe000;
};

/** Start of the last character; 0 in an empty line. */
export const lastColumn = (line: string): number => (line === '' ? 0 : previous(line, line.length));

/** Cells that a character takes when it is shown at screen column `at`. */
export function cells(char: string, at: number, tabStop: number): number {
  if (char === '\t') return tabStop - (at % tabStop);
  const code = char.codePointAt(0) ?? 0;
  if (code < 32 || code === 127) return 2; // ^X
  if (code >= 0x80 && code < 0xa0) return 4; // <80>
  if (code < 0x1100) return composing.test(char) ? 0 : 1;
  return wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** Screen columns (from 0) of the character at `col`: where it begins and its last cell. */
export function screenColumns(
  line: string,
  col: number,
  tabStop: number,
): { readonly start: number; readonly end: number } {
  let at = 0;
  for (let index = 0; index < col && index < line.length;) {
    const length = charLength(line, index);
    at += cells(line.substring(index, index + length), at, tabStop);
    index += length;
  }
  const char = charAt(line, col);
  return { start: at, end: at + Math.max(1, char === '' ? 1 : cells(char, at, tabStop)) - 1 };
}

/** The column whose character covers screen column `wanted`; the line's length if it is too short. */
export function columnAt(line: string, wanted: number, tabStop: number): number {
  let at = 0;
  for (let index = 0; index < line.length;) {
    const length = charLength(line, index);
    at += cells(line.substring(index, index + length), at, tabStop);
    if (at > wanted) return index;
    index += length;
  }
  return line.length;
}

/** Width of a whole line on the screen. */
export const lineWidth = (line: string, tabStop: number): number => screenColumns(line, line.length, tabStop).start;

/** 0: blank, 1: punctuation, 2 and more: words (scripts apart, as vim has them). */
export function charClass(char: string, big: boolean): number {
  if (char === '' || char === ' ' || char === '\t') return 0;
  if (big) return 1;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return /[\wÀ-ÖØ-öø-ÿµ]/.test(char) ? 2 : 1;
  if (code >= 0x2000 && code <= 0x206f) return 1;
  if (code >= 0x3001 && code <= 0x3020) return 1;
  if (code >= 0x3040 && code <= 0x309f) return 0x3040;
  if (code >= 0x30a0 && code <= 0x30ff) return 0x30a0;
  if (code >= 0x4e00 && code <= 0x9fff) return 0x4e00;
  if (code >= 0xac00 && code <= 0xd7a3) return 0xac00;
  if (code >= 0xff01 && code <= 0xff0f) return 1;
  if (code >= 0x1f000) return 3;
  return 2;
}

/** Column of the first character that is no blank; the last one if all are. */
export function firstNonBlank(line: string): number {
  const at = line.search(/[^ \t]/);
  return at < 0 ? lastColumn(line) : at;
}

/** The blanks that a line begins with. */
export const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? '';

/** A control character as vim shows it. */
export function shown(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 32) return `^${String.fromCharCode(code + 64)}`;
  if (code === 127) return '^?';
  if (code >= 0x80 && code < 0xa0) return `<${code.toString(16)}>`;
  return char;
}
