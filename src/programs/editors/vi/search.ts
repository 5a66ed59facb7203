import type { Editor } from './editor';
import type { Pattern } from './pattern';
import { charLength, firstNonBlank, lastColumn, previous } from './text';
import { before, Refused, same, type Position } from './types';

export interface Match {
  readonly start: Position;
  /** After the last character. */
  readonly end: Position;
  readonly groups: readonly (string | undefined)[];
}

/** The first match in a line at or after `col`. */
export function matchIn(editor: Editor, pattern: Pattern, line: number, col: number): Match | undefined {
  const { buffer } = editor;
  const { regex } = pattern;
  if (pattern.source.includes('\\%^') && line > 0) return undefined;
  if (pattern.source.includes('\\%$') && line < buffer.last) return undefined;
  const own = buffer.line(line);
  const text = pattern.multiline ? buffer.lines.slice(line).join('\n') : own;
  let from = 0;
  for (;;) {
    regex.lastIndex = from;
    const found = regex.exec(text);
    if (found === null) return undefined;
    const [first, last] = found.indices?.[0] ?? [0, 0];
    const start = found.indices?.groups?.['zs']?.[0] ?? first;
    const end = found.indices?.groups?.['ze']?.[0] ?? last;
    if (first > own.length) return undefined;
    if (start >= col && start <= own.length) {
      return {
        start: { line, col: start },
        end: end < start ? { line, col: start } : placed(text, line, end),
        groups: [text.slice(start, Math.max(start, end)), ...found.slice(1)],
      };
    }
    from = first + Math.max(1, charLength(text, first));
    if (from > text.length) return undefined;
  }
}

function placed(text: string, line: number, at: number): Position {
  const head = text.slice(0, at);
  const breaks = head.split('\n');
  return { line: line + breaks.length - 1, col: breaks.at(-1)?.length ?? 0 };
}

/** All matches of a line, for highlighting. */
export function matchesOf(editor: Editor, pattern: Pattern, line: number): readonly Match[] {
  const found: Match[] = [];
  for (let col = 0; ;) {
    const match = matchIn(editor, pattern, line, col);
    if (match === undefined) return found;
    found.push(match);
    const { end, start } = match;
    col = end.line === line && end.col > start.col ? end.col : start.col + 1;
    if (end.line > line || col > editor.buffer.line(line).length) return found;
  }
}

export interface SearchFound extends Match {
  readonly wrapped: boolean;
}

/** The next (or former) match from a place on; undefined if there is none. */
export function searchFrom(
  editor: Editor,
  pattern: Pattern,
  from: Position,
  forward: boolean,
): SearchFound | undefined {
  const { buffer, options } = editor;
  const wrap = options.bool('wrapscan');
  const total = buffer.last + 1;
  for (let offset = 0; offset <= total; offset++) {
    const line = (((from.line + (forward ? offset : -offset)) % total) + total) % total;
    const wrapped = forward ? line < from.line || offset === total : line > from.line || offset === total;
    if (wrapped && !wrap) return undefined;
    const matches = matchesOf(editor, pattern, line).filter(({ start }) => {
      // A match at the end of a line is none where the cursor cannot go, unless the line is empty.
      return (
        start.col < buffer.line(line).length ||
        start.col === 0 ||
        pattern.regex.source.includes('$') ||
        pattern.multiline
      );
    });
    const here = offset === 0;
    const fits = matches.filter(({ start }) => {
      const at = startOf(editor, start);
      if (here) return forward ? before(from, at) : before(at, from);
      if (offset === total) return forward ? !before(from, at) : !before(at, from);
      return true;
    });
    const found = forward ? fits[0] : fits.at(-1);
    if (found !== undefined) return { ...found, start: startOf(editor, found.start), wrapped };
  }
  return undefined;
}

const startOf = (editor: Editor, { line, col }: Position): Position => ({
  line,
  col: Math.min(col, lastColumn(editor.buffer.line(line))),
});

export interface Searched {
  readonly to: Position;
  readonly kind: 'exclusive' | 'inclusive' | 'linewise';
}

/** Goes to the count-th match with its offset (`e+1`, `+2`, `;/…`). */
export function doSearch(
  editor: Editor,
  source: string,
  offset: string,
  forward: boolean,
  count: number,
  from: Position = editor.cursor,
): Searched {
  const pattern = editor.pattern(source);
  editor.highlightOff = false;
  let at = from;
  let match: SearchFound | undefined;
  let wrapped = false;
  const former = offsetOf(offset);
  for (let left = count; left > 0; left--) {
    // After an offset by lines or to the end, the search goes on behind the match.
    let begin = at;
    if (match === undefined && former.kind === 'line' && former.amount !== 0) begin = searchBegin(editor, at, forward);
    if (match === undefined && former.kind === 'e' && forward) {
      const back = shift(editor, at, -former.amount);
      begin = back;
    }
    match = searchFrom(editor, pattern, begin, forward);
    if (match === undefined) {
      if (editor.options.bool('wrapscan')) throw new Refused(`E486: Pattern not found: ${source}`);
      throw new Refused(
        forward
          ? `E385: Search hit BOTTOM without match for: ${source}`
          : `E384: Search hit TOP without match for: ${source}`,
      );
    }
    wrapped ||= match.wrapped;
    at = match.start;
  }
  if (wrapped) {
    editor.sayError(forward ? 'search hit BOTTOM, continuing at TOP' : 'search hit TOP, continuing at BOTTOM');
  } else if (editor.quiet === 0)
    editor.say(`${forward ? '/' : '?'}${source}${offset === '' ? '' : (forward ? '/' : '?') + offset}`);
  if (match === undefined) return { to: at, kind: 'exclusive' };
  const { kind, amount } = former;
  if (kind === 'line') {
    const line = Math.max(0, Math.min(at.line + amount, editor.buffer.last));
    return { to: { line, col: firstNonBlank(editor.buffer.line(line)) }, kind: 'linewise' };
  }
  if (kind === 'e') {
    const last = same(match.start, match.end) ? match.start : shift(editor, match.end, -1);
    return { to: shift(editor, last, amount), kind: 'inclusive' };
  }
  if (kind === 's') return { to: shift(editor, at, amount), kind: 'exclusive' };
  return { to: at, kind: 'exclusive' };
}

const searchBegin = (editor: Editor, at: Position, forward: boolean): Position =>
  forward ? { line: at.line, col: editor.buffer.line(at.line).length } : { line: at.line, col: 0 };

function offsetOf(offset: string): { readonly kind: '' | 'line' | 'e' | 's'; readonly amount: number } {
  const found = /^([esb]?)([-+]?)(\d*)/.exec(offset);
  const [, letter = '', sign = '', digits = ''] = found ?? [];
  const amount = (sign === '-' ? -1 : 1) * (digits === '' ? (sign === '' ? 0 : 1) : Number(digits));
  if (letter === 'e') return { kind: 'e', amount };
  if (letter !== '') return { kind: 's', amount };
  return sign === '' && digits === '' ? { kind: '', amount: 0 } : { kind: 'line', amount };
}

/** So many characters further, across lines. */
function shift(editor: Editor, { line, col }: Position, amount: number): Position {
  const { buffer } = editor;
  for (; amount > 0; amount--) {
    const text = buffer.line(line);
    if (col + charLength(text, col) < text.length) col += charLength(text, col);
    else if (line < buffer.last) [line, col] = [line + 1, 0];
  }
  for (; amount < 0; amount++) {
    if (col > 0) col = previous(buffer.line(line), col);
    else if (line > 0) [line, col] = [line - 1, lastColumn(buffer.line(line - 1))];
  }
  return { line, col };
}

/** Splits what was typed after / into pattern and offset. */
export function splitSearch(
  typed: string,
  delimiter: string,
): { readonly source: string; readonly rest: string | undefined } {
  let inBrackets = false;
  for (let at = 0; at < typed.length; at++) {
    const char = typed[at];
    if (char === '\\') at++;
    else if (char === '[' && typed.indexOf(']', at + 2) > 0) inBrackets = true;
    else if (char === ']') inBrackets = false;
    else if (char === delimiter && !inBrackets) {
      const source = typed.slice(0, at).replaceAll(`\\${delimiter}`, delimiter === '/' ? '\\/' : delimiter);
      return { source, rest: typed.slice(at + 1) };
    }
  }
  return { source: typed, rest: undefined };
}
