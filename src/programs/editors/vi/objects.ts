import { enclosing, nextOpen } from './brackets';
import type { Editor } from './editor';
import type { Motion } from './motions';
import { sentenceStarts } from './sentences';
import { indentOf } from './text';
import { before, Refused, same, type Position } from './types';
import { Walker } from './words';

const refuse = (): never => {
  throw new Refused();
};

const brackets: Readonly<Record<string, readonly [string, string]>> = {
  '(': ['(', ')'],
  ')': ['(', ')'],
  b: ['(', ')'],
  '{': ['{', '}'],
  '}': ['{', '}'],
  B: ['{', '}'],
  '[': ['[', ']'],
  ']': ['[', ']'],
  '<': ['<', '>'],
  '>': ['<', '>'],
};

/** `iw`, `a"`, `i(`, `it`, `ap` … as a region. In visual mode what is selected grows. */
export function textObject(editor: Editor, around: boolean, key: string, count: number): Motion {
  switch (key) {
    case 'w':
    case 'W':
      return wordObject(editor, around, key === 'W', count);
    case '"':
    case "'":
    case '`':
      return quoteObject(editor, around, key);
    case 'p':
      return paragraphObject(editor, around, count);
    case 's':
      return sentenceObject(editor, around, count);
    case 't':
      return tagObject(editor, around, count);
    default: {
      const pair = brackets[key];
      return pair === undefined ? refuse() : bracketObject(editor, around, pair, count);
    }
  }
}

/** Source: vim textobject.c current_word(). */
function wordObject(editor: Editor, include: boolean, big: boolean, times: number): Motion {
  const { buffer, cursor, visual } = editor;
  const walker = new Walker(buffer, cursor, big);
  let start = visual === undefined ? cursor : visual.start;
  let inclusive = true;
  let withWhite = false;
  let count = times;
  if (visual === undefined || same(cursor, visual.start)) {
    walker.backInLine();
    start = walker.position;
    if ((walker.cls === 0) === include) {
      if (!walker.end(1, true, true)) refuse();
    } else {
      walker.forward(1, true);
      if (walker.col === 0) walker.decl();
      else walker.left();
      if (include) withWhite = true;
    }
    count--;
  }
  for (; count > 0; count--) {
    inclusive = true;
    if (visual !== undefined && before(walker.position, start)) {
      if (walker.decl() === -1) refuse();
      if (include !== (walker.cls !== 0)) {
        if (!walker.backward(1, true)) refuse();
      } else if (!walker.endBackward(1)) refuse();
      else walker.inc();
      continue;
    }
    if (walker.incl() === -1) refuse();
    if (include) {
      if (walker.cls === 0) {
        if (!walker.end(1, true, true)) refuse();
      } else {
        if (!walker.forward(1, true) && count > 1) refuse();
        if (!walker.left()) inclusive = false;
        withWhite = true;
      }
    } else if (walker.cls === 0) {
      walker.forward(1, true);
      if (!walker.left()) inclusive = false;
    } else if (!walker.end(1, true, true)) refuse();
  }
  if (withWhite && (walker.cls !== 0 || (walker.col === 0 && !inclusive))) {
    const back = new Walker(buffer, start, big);
    if (back.left()) {
      back.backInLine();
      if (back.cls === 0 && back.col > 0) start = back.position;
    }
  }
  return { from: start, to: walker.position, kind: inclusive ? 'inclusive' : 'exclusive' };
}

/** Source: vim textobject.c current_quote(). Quotes pair up from the begin of the line. */
function quoteObject(editor: Editor, around: boolean, quote: string): Motion {
  const { line, cursor, visual } = editor;
  const places: number[] = [];
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === quote) places.push(at);
  }
  let open: number | undefined;
  let close: number | undefined;
  if (line[cursor.col] === quote) {
    const index = places.indexOf(cursor.col);
    if (index >= 0)
      [open, close] = index % 2 === 0 ? [places[index], places[index + 1]] : [places[index - 1], places[index]];
  } else {
    const previous = places.filter((at) => at < cursor.col).at(-1);
    const next = places.find((at) => at > cursor.col);
    if (previous !== undefined) [open, close] = [previous, next];
    else if (next !== undefined) [open, close] = [next, places.find((at) => at > next)];
  }
  if (open === undefined || close === undefined) return refuse();
  let [from, to] = around ? [open, close] : [open + 1, close - 1];
  const selected =
    visual !== undefined && !same(visual.start, cursor) && visual.start.col === open + 1 && cursor.col === close - 1;
  if (selected && !around) [from, to] = [open, close];
  if (around) {
    const after = /^[ \t]*/.exec(line.slice(close + 1))?.[0].length ?? 0;
    if (after > 0) to += after;
    else from -= /[ \t]*$/.exec(line.slice(0, open))?.[0].length ?? 0;
  }
  const place = (col: number): Position => ({ line: cursor.line, col });
  if (to < from) return { from: place(from), to: place(from), kind: 'exclusive' };
  return { from: place(from), to: place(to), kind: 'inclusive' };
}

/** Source: vim textobject.c current_block(). Quotes count for nothing here. */
function bracketObject(
  editor: Editor,
  around: boolean,
  [open, close]: readonly [string, string],
  times: number,
): Motion {
  const { buffer, cursor, visual } = editor;
  const walker = new Walker(buffer, cursor);
  const inIndent = (): boolean => walker.col < indentOf(walker.text).length;
  let oldStart = cursor;
  let oldEnd = cursor;
  if (visual === undefined || same(visual.start, cursor)) {
    if (open === '{') while (inIndent() && walker.inc() === 0);
    if (walker.char === open) walker.col++;
  } else if (before(visual.start, cursor)) {
    oldStart = visual.start;
    walker.line = visual.start.line;
    walker.col = visual.start.col;
  } else oldEnd = visual.start;
  let start: Position | undefined;
  let at = walker.position;
  for (let left = times; left > 0; left--) {
    const found = enclosing(buffer, at, open, true, true);
    if (found === undefined) {
      if (start === undefined) break;
      return refuse();
    }
    start = at = found;
  }
  if (start === undefined) {
    for (let left = times; left > 0; left--) {
      start = at = nextOpen(buffer, at, open, close) ?? refuse();
    }
  }
  if (start === undefined) return refuse();
  let end = enclosing(buffer, start, close, false, true) ?? refuse();
  let lineBreak = false;
  let from = start;
  for (;;) {
    const last = new Walker(buffer, end);
    from = start;
    if (around) {
      walker.line = end.line;
      walker.col = end.col;
      break;
    }
    const first = new Walker(buffer, start);
    first.incl();
    from = first.position;
    lineBreak = end.col === 0;
    last.decl();
    while (last.col < indentOf(last.text).length) {
      lineBreak = true;
      if (last.decl() !== 0) break;
    }
    walker.line = last.line;
    walker.col = last.col;
    if (visual === undefined || same(visual.start, cursor) || before(from, oldStart) || before(oldEnd, last.position))
      break;
    const out = new Walker(buffer, oldStart);
    out.decl();
    start = enclosing(buffer, out.position, open, true, true) ?? refuse();
    end = enclosing(buffer, start, close, false, true) ?? refuse();
  }
  if (visual !== undefined) {
    if (lineBreak && walker.char !== '') walker.inc();
    return { from, to: walker.position, kind: 'inclusive' };
  }
  if (lineBreak) {
    walker.incl();
    return { from, to: walker.position, kind: 'exclusive' };
  }
  if (before(walker.position, from)) return { from, to: from, kind: 'exclusive' };
  return { from, to: walker.position, kind: 'inclusive' };
}

const isBlank = (line: string): boolean => line.trim() === '';

function paragraphObject(editor: Editor, around: boolean, count: number): Motion {
  const { buffer, cursor, visual } = editor;
  const extending = visual !== undefined && !same(visual.start, cursor) && visual.start.line !== cursor.line;
  let from = extending ? visual.start.line : cursor.line;
  let to = cursor.line;
  const kindAt = (line: number): boolean => isBlank(buffer.line(line));
  const runEnd = (line: number): number => {
    const blank = kindAt(line);
    while (line < buffer.last && kindAt(line + 1) === blank) line++;
    return line;
  };
  if (!extending) {
    const blank = kindAt(from);
    while (from > 0 && kindAt(from - 1) === blank) from--;
    to = from - 1;
  }
  const startsBlank = kindAt(from);
  for (let left = count; left > 0; left--) {
    if (to >= buffer.last) return refuse();
    to = runEnd(to + 1);
    if (around) {
      if (to < buffer.last) to = runEnd(to + 1);
      else if (startsBlank || extending) return refuse();
      else if (from > 0 && kindAt(from - 1)) while (from > 0 && kindAt(from - 1)) from--;
    }
  }
  return { from: { line: from, col: 0 }, to: { line: to, col: 0 }, kind: 'linewise' };
}

/** Sentences and the blanks between them count by turns for `is`; `as` takes both. */
function sentenceObject(editor: Editor, around: boolean, count: number): Motion {
  const { buffer, cursor } = editor;
  const bounds: Position[] = [];
  const starts = sentenceStarts(buffer, 0, buffer.last);
  const end = { line: buffer.last, col: buffer.line(buffer.last).length };
  for (const [index, start] of starts.entries()) {
    const next = starts[index + 1] ?? end;
    let { col } = next;
    const text = buffer.line(next.line);
    if (next !== end) while (col > 0 && /[ \t]/.test(text[col - 1] ?? '')) col--;
    bounds.push(start, { line: next.line, col });
  }
  bounds.push(end);
  let index = bounds.findLastIndex((at) => !before(cursor, at));
  // An empty gap is no place to be in.
  if (index % 2 === 1 && same(bounds[index] ?? end, bounds[index + 1] ?? end))
    index = Math.min(index + 1, bounds.length - 2);
  if (index < 0) index = 0;
  const inGap = index % 2 === 1;
  let from = bounds[index] ?? cursor;
  let last = index + count;
  if (around) {
    last = index + 2 * count;
    if (!inGap) {
      const gap = [bounds[last - 1], bounds[last]] as const;
      if (gap[0] === undefined || gap[1] === undefined || same(gap[0], gap[1])) from = bounds[index - 1] ?? from;
    }
  }
  const to = bounds[Math.min(last, bounds.length - 1)] ?? end;
  return { from, to, kind: 'exclusive' };
}

interface Tag {
  readonly start: number;
  readonly innerStart: number;
  readonly innerEnd: number;
  readonly end: number;
}

function tagObject(editor: Editor, around: boolean, count: number): Motion {
  const { buffer, cursor, visual } = editor;
  const text = buffer.lines.join('\n');
  const starts: number[] = [];
  let total = 0;
  for (const line of buffer.lines) {
    starts.push(total);
    total += line.length + 1;
  }
  const offset = (at: Position): number => (starts[at.line] ?? 0) + at.col;
  const place = (at: number): Position => {
    const line = starts.findLastIndex((begin) => begin <= at);
    return { line, col: at - (starts[line] ?? 0) };
  };
  const tags: Tag[] = [];
  const open: { name: string; start: number; inner: number }[] = [];
  for (const { index, 0: tag, 1: slash, 2: name = '' } of text.matchAll(/<(\/?)([^\s>/]+)[^>]*>/g)) {
    if (tag.endsWith('/>')) continue;
    if (slash === '') open.push({ name, start: index, inner: index + tag.length });
    else {
      const at = open.findLastIndex((each) => each.name === name);
      const found = open[at];
      if (found === undefined) continue;
      open.length = at;
      tags.push({ start: found.start, innerStart: found.inner, innerEnd: index, end: index + tag.length });
    }
  }
  let here = offset(cursor);
  const indent = /^[ \t]*/.exec(editor.line)?.[0].length ?? 0;
  if (cursor.col < indent && editor.line[indent] === '<') here += indent - cursor.col;
  const low = visual === undefined ? here : Math.min(here, offset(visual.start));
  const high = visual === undefined ? here : Math.max(here, offset(visual.start));
  const growing = low !== high;
  const fitting = tags
    .filter(({ start, end, innerStart, innerEnd }) => {
      if (!(start <= low && high < end)) return false;
      const [from, to] = around ? [start, end - 1] : [innerStart, innerEnd - 1];
      return !growing || from < low || to > high;
    })
    .sort((a, b) => b.start - a.start);
  const found = fitting[count - 1] ?? refuse();
  if (around) return { from: place(found.start), to: place(found.end - 1), kind: 'inclusive' };
  if (found.innerStart === found.innerEnd)
    return { from: place(found.innerStart), to: place(found.innerStart), kind: 'exclusive' };
  if (visual !== undefined) return { from: place(found.innerStart), to: place(found.innerEnd - 1), kind: 'inclusive' };
  return { from: place(found.innerStart), to: place(found.innerEnd), kind: 'exclusive', exact: true };
}
