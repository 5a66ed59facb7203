import type { Buffer } from './buffer';
import type { Position } from './types';

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };
const opening: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', '>': '<' };

/** `%`: the bracket that belongs to the first one at or after a place in its line. */
export function matchingBracket(buffer: Buffer, { line, col }: Position): Position | undefined {
  const text = buffer.line(line);
  for (let at = col; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char in closing && char !== '<') return partner(buffer, { line, col: at }, char, closing[char] ?? '', 1);
    if (char in opening && char !== '>') return partner(buffer, { line, col: at }, char, opening[char] ?? '', -1);
  }
  return undefined;
}

/** Walks to the bracket that closes (or opens) the one at a place. Brackets in strings count only among themselves. */
function partner(buffer: Buffer, from: Position, own: string, other: string, step: 1 | -1): Position | undefined {
  const quoted = inString(buffer.line(from.line), from.col);
  let depth = 0;
  let { line, col } = from;
  for (;;) {
    const text = buffer.line(line);
    for (; col >= 0 && col < text.length; col += step) {
      const char = text[col];
      if (char !== own && char !== other) continue;
      if (inString(text, col) !== quoted) continue;
      depth += char === own ? 1 : -1;
      if (depth === 0) return { line, col };
    }
    line += step;
    if (line < 0 || line > buffer.last) return undefined;
    col = step > 0 ? 0 : buffer.line(line).length - 1;
  }
}

/** Whether a place is between double quotes; never in a line whose quotes are odd. */
function inString(text: string, col: number): boolean {
  let inside = false;
  let result = false;
  for (let at = 0; at < text.length; at++) {
    if (at === col) result = inside;
    if (text[at] === '\\') {
      at++;
      if (at === col) result = inside;
    } else if (text[at] === '"') inside = !inside;
  }
  return inside ? false : result;
}

/** The unclosed bracket before (or the unopened one after) a place: `[(`, `])`, text objects. */
export function enclosing(
  buffer: Buffer,
  from: Position,
  bracket: string,
  backward: boolean,
  plain = false,
): Position | undefined {
  const other = backward ? (closing[bracket] ?? '') : (opening[bracket] ?? '');
  const step = backward ? -1 : 1;
  let depth = 0;
  let { line } = from;
  let col = from.col + step;
  const quoted = inString(buffer.line(from.line), from.col);
  for (;;) {
    const text = buffer.line(line);
    for (; col >= 0 && col < text.length; col += step) {
      const char = text[col];
      if (char !== bracket && char !== other) continue;
      if (!plain && inString(text, col) && !quoted) continue;
      if (char === other) depth++;
      else if (depth-- === 0) return { line, col };
    }
    line += step;
    if (line < 0 || line > buffer.last) return undefined;
    col = step > 0 ? 0 : buffer.line(line).length - 1;
  }
}

/** The next opening bracket behind a place that is not inside others: where `i(` looks outside of brackets. */
export function nextOpen(buffer: Buffer, from: Position, open: string, close: string): Position | undefined {
  let depth = 0;
  for (let { line } = from, col = from.col + 1; line <= buffer.last; line++, col = 0) {
    const text = buffer.line(line);
    for (; col < text.length; col++) {
      if (text[col] === close) depth++;
      else if (text[col] === open && depth-- === 0) return { line, col };
    }
  }
  return undefined;
}
