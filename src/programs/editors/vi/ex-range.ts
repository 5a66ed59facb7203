import type { Editor } from './editor';
import { searchFrom, splitSearch } from './search';
import { Refused, type Position } from './types';

export interface ParsedRange {
  /** Line numbers from 1; how many were given. */
  readonly lines: readonly number[];
  readonly rest: string;
}

/** The lines that an ex command begins with: `1,3`, `%`, `.,$`, `'a,'b`, `/x/,/y/+1`. */
export function parseRange(editor: Editor, text: string): ParsedRange {
  let rest = text.replace(/^[ \t:]+/, '');
  if (rest.startsWith('%')) return { lines: [1, editor.buffer.last + 1], rest: rest.slice(1) };
  if (rest.startsWith('*') && !/^\*\w/.test(rest)) rest = `'<,'>${rest.slice(1)}`;
  const lines: number[] = [];
  const origin = editor.cursor;
  let at: Position = origin;
  for (;;) {
    const found = address(editor, rest.trimStart(), at);
    const separator = /^[ \t]*([,;])/.exec(found?.rest ?? rest);
    if (found === undefined && separator === null) {
      if (lines.length > 0) lines.push(at.line + 1);
      break;
    }
    const line = found?.line ?? at.line + 1;
    lines.push(line);
    rest = found?.rest ?? rest;
    if (separator === null) break;
    rest = rest.slice(separator[0].length);
    at = separator[1] === ';' ? { line: line - 1, col: 0 } : origin;
  }
  return { lines: lines.slice(-2), rest: rest.trimStart() };
}

/** One address with its offsets. */
export function address(
  editor: Editor,
  text: string,
  at: Position,
): { readonly line: number; readonly rest: string } | undefined {
  const { buffer } = editor;
  let rest = text;
  let line: number | undefined;
  const number = /^\d+/.exec(rest);
  if (number) {
    line = Number(number[0]);
    rest = rest.slice(number[0].length);
  } else if (rest.startsWith('.')) [line, rest] = [at.line + 1, rest.slice(1)];
  else if (rest.startsWith('$')) [line, rest] = [buffer.last + 1, rest.slice(1)];
  else if (rest.startsWith("'")) {
    const name = rest[1] ?? '';
    if (name === '') throw new Refused('E20: Mark not set');
    line = editor.mark(name).line + 1;
    rest = rest.slice(2);
  } else if (/^[/?]/.test(rest)) {
    const delimiter = rest[0] ?? '/';
    const { source, rest: after } = splitSearch(rest.slice(1), delimiter);
    line = lineOf(editor, source, delimiter === '/', at);
    rest = after ?? '';
  } else if (/^\\[/?&]/.test(rest)) {
    const source = rest[1] === '&' ? (editor.lastSubstitute?.pattern ?? '') : (editor.search?.source ?? '');
    line = lineOf(editor, source, rest[1] !== '?', at);
    rest = rest.slice(2);
  }
  for (;;) {
    const offset = /^[ \t]*([-+])(\d*)/.exec(rest) ?? (line === undefined ? null : /^[ \t]*()(\d+)/.exec(rest));
    if (offset === null) break;
    line = (line ?? at.line + 1) + (offset[1] === '-' ? -1 : 1) * (offset[2] === '' ? 1 : Number(offset[2]));
    rest = rest.slice(offset[0].length);
  }
  return line === undefined ? undefined : { line, rest };
}

function lineOf(editor: Editor, typed: string, forward: boolean, at: Position): number {
  const source = typed === '' ? editor.search?.source : typed;
  if (source === undefined) throw new Refused('E35: No previous regular expression');
  editor.search = { source, forward, offset: '' };
  const from = forward ? { line: at.line, col: Infinity } : { line: at.line, col: -1 };
  const found = searchFrom(editor, editor.pattern(source), from, forward);
  if (found === undefined) throw new Refused(`E486: Pattern not found: ${source}`);
  return found.start.line + 1;
}
