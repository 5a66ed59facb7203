import { enclosing } from './brackets';
import type { Editor } from './editor';
import type { Motion } from './motions';
import { sentenceStarts } from './sentences';
import { lastColumn } from './text';
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

function bracketObject(
  editor: Editor,
  around: boolean,
  [open, close]: readonly [string, string],
  count: number,
): Motion {
  const { buffer, cursor, visual } = editor;
  let at: Position = visual === undefined || before(cursor, visual.start) ? cursor : visual.start;
  let start: Position | undefined;
  let end: Position | undefined;
  const char = buffer.line(at.line)[at.col];
  const growing = visual !== undefined && !same(visual.start, cursor);
  for (let left = count; left > 0; left--) {
    if (start === undefined && char === open && !growing) start = at;
    else start = enclosing(buffer, start ?? at, open, true) ?? refuse();
    at = start;
  }
  if (start === undefined) return refuse();
  end = enclosing(buffer, start, close, false) ?? refuse();
  if (!around) {
    const last = buffer.line(start.line).length;
    let from: Position = { line: start.line, col: start.col + 1 };
    if (from.col >= last && start.line < end.line) from = { line: start.line + 1, col: 0 };
    const closing = buffer.line(end.line).slice(0, end.col);
    if (start.line < end.line && from.line > start.line && closing.trim() === '') {
      // Whole lines between the brackets: the line break before the closing one stays.
      const line = end.line - 1;
      if (line < from.line) return { from, to: from, kind: 'exclusive', exact: true };
      if (visual !== undefined) return { from, to: { line, col: lastColumn(buffer.line(line)) }, kind: 'inclusive' };
      return { from, to: { line: end.line, col: 0 }, kind: 'exclusive' };
    }
    if (same(from, end)) return { from, to: from, kind: 'exclusive' };
    if (visual !== undefined) {
      const back = new Walker(buffer, end);
      back.decl();
      const grown = same(visual.start, from) && same(cursor, back.position);
      if (grown) {
        const outer = { ...editor.visual };
        if (outer.start === undefined) return refuse();
        return bracketOuter(editor, [open, close], start);
      }
      return { from, to: back.position, kind: 'inclusive' };
    }
    return { from, to: end, kind: 'exclusive' };
  }
  return { from: start, to: end, kind: 'inclusive' };
}

/** The inside of the next pair around a selected one. */
function bracketOuter(editor: Editor, [open, close]: readonly [string, string], inner: Position): Motion {
  const { buffer } = editor;
  const start = enclosing(buffer, inner, open, true) ?? refuse();
  const end = enclosing(buffer, start, close, false) ?? refuse();
  const back = new Walker(buffer, end);
  back.decl();
  const from = new Walker(buffer, start);
  from.incl();
  return { from: from.position, to: back.position, kind: 'inclusive' };
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

function sentenceObject(editor: Editor, around: boolean, count: number): Motion {
  const { buffer, cursor } = editor;
  const starts = sentenceStarts(buffer, 0, buffer.last);
  const begin = starts.filter((at) => !before(cursor, at)).at(-1) ?? { line: 0, col: 0 };
  const index = starts.findIndex((at) => same(at, begin));
  const next = starts[index + count];
  const end = new Walker(buffer, next ?? { line: buffer.last, col: buffer.line(buffer.last).length });
  if (next === undefined) {
    if (end.col > 0) end.dec();
  } else end.decl();
  let from = begin;
  if (!around) while (end.cls === 0 && before(begin, end.position) && end.decl() !== -1);
  else if (end.cls !== 0) {
    const back = new Walker(buffer, begin);
    while (back.left() && back.cls === 0) from = back.position;
  }
  return { from, to: end.position, kind: 'inclusive' };
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
  return { from: place(found.innerStart), to: place(found.innerEnd - 1), kind: 'inclusive' };
}
