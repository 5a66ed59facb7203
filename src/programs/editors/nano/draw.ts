import type { Frame } from '../vi/screen';
import { cells, charLength, shown } from '../vi/text';
import { barRows, questionRows, type Bar } from './bars';
import { tabStop, width, type NanoText } from './text';

export interface NanoView {
  readonly text: NanoText;
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly top: number;
  readonly numbers: boolean;
  readonly viewing: boolean;
  readonly message: { readonly text: string; readonly alert: boolean } | undefined;
  readonly prompt:
    { readonly text: string; readonly typed: string; readonly bar: Bar; readonly at: number } | undefined;
  readonly bar: Bar;
  readonly question: { readonly text: string; readonly all: boolean } | undefined;
}

const reverse = (text: string): string => `\x1b[7m${text}\x1b[m`;

/** Source: nano's winio.c titlebar(). */
function title({ text, name, columns, viewing }: NanoView): string {
  const path = name === '' ? 'New Buffer' : name;
  const offset = 15 + Math.max(0, Math.floor((columns - 25 - path.length) / 2));
  const state = viewing ? 'View' : '';
  let row = '  GNU nano 7.2'.padEnd(offset) + path + (text.buffer.modified ? ' *' : '');
  if (state !== '') row = row.padEnd(columns - state.length - 2) + state;
  if (text.mark !== undefined) row = `${row.padEnd(columns - 6)}M`;
  return row.slice(0, columns).padEnd(columns);
}

export const gutterOf = ({ numbers, text }: Pick<NanoView, 'numbers' | 'text'>): number =>
  numbers ? Math.max(2, String(text.buffer.last + 1).length) + 1 : 0;

/** The first screen column of the cursor's line that is shown: long lines move sideways. */
export function pageStart(column: number, columns: number): number {
  if (column === 0 || column + 2 < columns) return 0;
  return columns > 8 ? column - 6 - ((column - 6) % (columns - 8)) : column - columns + 2;
}

/** nano's whole screen. */
export function drawNano(view: NanoView): Frame {
  const { text, rows, columns, top } = view;
  const height = rows - 4;
  const numbers = gutterOf(view);
  const room = columns - numbers;
  const { cursor } = text;
  const column = width(text.line, cursor.col);
  const start = pageStart(column, room);
  const lines: string[] = [reverse(title(view))];
  for (let row = 0; row < height; row++) {
    const number = top + row;
    if (number > text.buffer.last) {
      lines.push('');
      continue;
    }
    const gap = numbers === 0 ? '' : reverse(`${String(number + 1).padStart(numbers - 1)} `.slice(0, numbers));
    lines.push(gap + lineOf(text, number, number === cursor.line ? start : 0, room));
  }
  const place = { row: 1 + cursor.line - top, column: numbers + column - start };
  const { prompt, question, message } = view;
  if (prompt !== undefined) {
    const row = `${prompt.text}: ${prompt.typed}`;
    lines.push(reverse(row.slice(-columns).padEnd(columns)), ...barRows(prompt.bar, columns));
    return {
      rows: lines,
      cursor: { row: rows - 3, column: Math.min(columns - 1, prompt.text.length + 2 + prompt.at) },
    };
  }
  if (question !== undefined) {
    lines.push(reverse(question.text.padEnd(columns)), ...questionRows(question.all));
    return { rows: lines, cursor: { row: rows - 3, column: Math.min(columns - 1, question.text.length + 1) } };
  }
  if (message === undefined) lines.push('');
  else {
    const told = `[ ${message.text.slice(0, columns - 4)} ]`;
    const left = ' '.repeat(Math.max(0, Math.floor((columns - told.length) / 2)));
    lines.push(left + (message.alert ? `\x1b[97;41m${told}\x1b[m` : reverse(told)));
  }
  lines.push(...barRows(view.bar, columns));
  return { rows: lines, cursor: place };
}

function lineOf(text: NanoText, number: number, start: number, room: number): string {
  const line = text.buffer.line(number);
  const region = text.region;
  let made = '';
  let at = 0;
  let on = false;
  for (let col = 0; col < line.length;) {
    const length = charLength(line, col);
    const char = line.substring(col, col + length);
    const size = cells(char, at, tabStop);
    if (at >= start && at + size <= start + room) {
      const marked = region !== undefined && !isBefore(number, col, region[0]) && isBefore(number, col, region[1]);
      if (marked !== on) made += marked ? '\x1b[7m' : '\x1b[m';
      on = marked;
      made += char === '\t' ? ' '.repeat(size) : size === 2 && char < ' ' ? shown(char) : char;
    }
    at += size;
    col += length;
  }
  if (on) made += '\x1b[m';
  if (at > start + room) made = `${made.replace(/.$/u, '')}\x1b[7m>\x1b[m`;
  if (start > 0) made = `\x1b[7m<\x1b[m${made.replace(/^./u, '')}`;
  return made;
}

const isBefore = (line: number, col: number, other: { readonly line: number; readonly col: number }): boolean =>
  line < other.line || (line === other.line && col < other.col);
