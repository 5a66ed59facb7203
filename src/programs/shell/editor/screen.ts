import { widthOf } from './width';

export interface Position {
  readonly row: number;
  readonly column: number;
}

export const zero: Position = { row: 0, column: 0 };
export const same = (a: Position, b: Position): boolean => a.row === b.row && a.column === b.column;

/** What stands between \x01 and \x02, and escape sequences, takes no room. */
const invisible = /\x01[^\x02]*\x02|\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07/g;

/** Where the cursor stands after a prompt's last line. */
export const promptEnd = (prompt: string, columns: number): Position =>
  advance(zero, prompt.replace(invisible, ''), columns).position;

/** A prompt as it is written. */
export const bare = (prompt: string): string => prompt.replace(/[\x01\x02]/g, '');

/** A text as a terminal shows it from a position on, and where the cursor stands then. */
export interface Shown {
  /** What to write: control characters as ^X, tabs as blanks, with a nudge where a full row must wrap at once. */
  readonly output: string;
  readonly position: Position;
}

/**
 * Lays a text out. A terminal waits at the end of a full row for the next character; so that rows and positions agree,
 * the wrap is forced (a blank, then back to the margin), which also lets terminals know that the row goes on.
 */
export function advance(start: Position, text: string, columns: number): Shown {
  let { row, column } = start;
  let output = '';
  // The last character filled its row and the terminal has not wrapped yet.
  let pending = false;
  for (const char of text) {
    if (char === '\n') {
      output += pending ? ' \r\n' : '\n';
      pending = false;
      row++;
      column = 0;
      continue;
    }
    for (const each of char === '\t' ? ' '.repeat(8 - (column % 8)) : shownAs(char)) {
      const width = widthOf(each);
      output += each;
      if (width === 0) continue;
      if (column + width > columns) {
        row++;
        column = 0;
      }
      column += width;
      pending = column >= columns;
      if (pending) {
        row++;
        column = 0;
      }
    }
  }
  return { output: pending ? `${output} \r` : output, position: { row, column } };
}

/** How a character is shown: control characters as `^X`. */
function shownAs(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\${(code - 0xdc00).toString(8)}`;
  return code < 32 || code === 127 ? `^${String.fromCharCode(code ^ 0x40)}` : char;
}

/** The sequence that brings the cursor from one place to another. */
export function movement(from: Position, to: Position): string {
  const rows = to.row - from.row;
  let out = rows < 0 ? `\x1b[${-rows}A` : rows > 0 ? `\x1b[${rows}B` : '';
  const distance = to.column - from.column;
  if (distance === 0) return out;
  if (to.column === 0) out += '\r';
  else if (distance < 0) out += distance >= -3 ? '\b'.repeat(-distance) : `\x1b[${-distance}D`;
  else out += `\x1b[${distance}C`;
  return out;
}
