import type { Editor, VisualMode } from './editor';
import { executeLine } from './ex';
import { motion } from './motions';
import { moveBy, nextMatch, searchMotion } from './normal';
import { textObject } from './objects';
import { operate, takeOut } from './operate';
import { caseChanges, filter, format, join, mapText, setChangeMarks } from './operators';
import { putText } from './put';
import { textOf, visualRegion, type Region } from './region';
import { addTo, simpleCommand } from './simple';
import { scrollCommand } from './scroll';
import { blockEdges, shiftBlock } from './visual-block';
import { columnAt, lastColumn } from './text';
import { before, Refused, type Step } from './types';

/** Ends visual mode; `gv` comes back to it. */
export function endVisual(editor: Editor): void {
  const { visual, cursor, buffer } = editor;
  if (visual === undefined) return;
  editor.lastVisual = { mode: visual.mode, start: visual.start, end: cursor, dollar: visual.dollar };
  const [from, to] = before(cursor, visual.start) ? [cursor, visual.start] : [visual.start, cursor];
  buffer.marks.set('<', visual.mode === 'V' ? { line: from.line, col: 0 } : from);
  buffer.marks.set('>', visual.mode === 'V' ? { line: to.line, col: lastColumn(buffer.line(to.line)) } : to);
  editor.visual = undefined;
}

const operatorOf: Readonly<Record<string, string>> = {
  d: 'd',
  x: 'd',
  X: 'd',
  D: 'd',
  '\x7f': 'd',
  '\ue009': 'd',
  y: 'y',
  Y: 'y',
  c: 'c',
  s: 'c',
  C: 'c',
  S: 'c',
  R: 'c',
  '>': '>',
  '<': '<',
  '=': '=',
  '~': '~',
  u: 'gu',
  U: 'gU',
};

/** A command of visual mode. */
export function* visualCommand(editor: Editor, key: string, count: number | undefined, register: string): Step {
  const { visual, buffer } = editor;
  if (visual === undefined) return;
  switch (key) {
    case '\x1b':
    case '\x03':
      endVisual(editor);
      return;
    case 'v':
    case 'V':
    case '\x16':
      if (visual.mode === key) endVisual(editor);
      else visual.mode = key;
      return;
    case 'o':
    case 'O': {
      const { start } = visual;
      if (key === 'O' && visual.mode === '\x16') {
        const columns = [start.col, editor.cursor.col] as const;
        visual.start = { line: start.line, col: columns[1] };
        editor.moveTo({ line: editor.cursor.line, col: columns[0] });
        return;
      }
      visual.start = editor.cursor;
      editor.moveTo(start);
      return;
    }
    case ':': {
      endVisual(editor);
      editor.collecting = false;
      const line = yield* editor.readLine(":'<,'>", ':');
      if (line !== undefined) yield* executeLine(editor, `'<,'>${line}`, { typed: true });
      return;
    }
    case '/':
    case '?': {
      const found = yield* searchMotion(editor, key, count);
      if (found !== undefined) moveBy(editor, found);
      return;
    }
    case 'i':
    case 'a':
      if (visual.mode !== '\x16' || key === 'i' || key === 'a') return yield* selectObject(editor, key, count);
      return;
    case '"':
      return;
    case 'r':
      return yield* replaceAll(editor);
    case 'J':
      return joinSelected(editor, true);
    case 'p':
    case 'P':
      return putOver(editor, register, count ?? 1, key === 'p');
    case 'I':
    case 'A':
      return yield* blockEdges(editor, key);
    case '!': {
      const region = visualRegion(editor);
      endVisual(editor);
      const command = yield* editor.readLine(":'<,'>!", '!');
      if (command !== undefined) yield* filter(editor, region.start.line, region.end.line, command);
      return;
    }
    case '\x01':
    case '\x18':
      return addToAll(editor, (count ?? 1) * (key === '\x01' ? 1 : -1), false);
    case 'g':
      return yield* afterG(editor, count, register);
    default:
  }
  const operator = operatorOf[key];
  if (operator !== undefined) return yield* operateOnSelected(editor, key, operator, count, register);
  if (yield* scrollCommand(editor, key, count)) return;
  const found = yield* motion(editor, key, count, undefined);
  if (found === undefined) {
    if (key === 'q' || key === '@' || key === 'm' || key === '\x1a') {
      yield* simpleCommand(editor, key, count, register);
      return;
    }
    throw new Refused();
  }
  visual.dollar = found.want === Infinity || (visual.dollar && found.want === 'keep');
  moveBy(editor, found);
  if (visual.mode !== '\x16' && visual.dollar) editor.want = Infinity;
  if (buffer.isEmpty) editor.moveTo({ line: 0, col: 0 });
}

function* selectObject(editor: Editor, key: string, count: number | undefined): Step {
  const { visual } = editor;
  const object = yield* editor.key();
  if (visual === undefined) return;
  const found = textObject(editor, key === 'a', object, count ?? 1);
  const backward = before(editor.cursor, visual.start);
  if (found.kind === 'linewise') visual.mode = 'V';
  else if (visual.mode === 'V' && object !== 'w' && object !== 'W') visual.mode = 'v';
  const from = found.from ?? visual.start;
  if (backward && found.kind !== 'linewise') {
    editor.moveTo(found.to);
    return;
  }
  visual.start = from;
  editor.moveTo(
    found.kind === 'exclusive' && before(from, found.to)
      ? { line: found.to.line, col: Math.max(0, found.to.col - 1) }
      : found.to,
  );
}

/** Remembers the size of what is selected, for `.`. */
export function prepare(editor: Editor, region: Region, register: string, count?: number): void {
  const { visual } = editor;
  if (visual === undefined) return;
  const { start, end } = region;
  const lines =
    region.shape === 'char' && end.col === 0 && end.line > start.line
      ? end.line - start.line
      : end.line - start.line + 1;
  let columns: number;
  if (visual.dollar) columns = Infinity;
  else if (region.block !== undefined) columns = region.block.to - region.block.from + 1;
  else columns = start.line === end.line ? end.col - start.col : end.col;
  editor.repeatable = { register, count, visual: { mode: visual.mode, lines, columns } };
}

function* operateOnSelected(
  editor: Editor,
  key: string,
  operator: string,
  count: number | undefined,
  register: string,
): Step {
  const { visual, buffer } = editor;
  if (visual === undefined) return;
  if (/[XDYCSR]/.test(key) && !(visual.mode === '\x16' && /[DYCX]/.test(key) && key !== 'X')) {
    if (visual.mode !== '\x16' || key === 'S' || key === 'R' || key === 'X') visual.mode = 'V';
  } else if ((key === 'D' || key === 'C') && visual.mode === '\x16') visual.dollar = true;
  const region = visualRegion(editor);
  if (operator !== 'y') prepare(editor, region, register, count);
  endVisual(editor);
  buffer.begin(editor.cursor);
  const { start } = region;
  editor.cursor = region.shape === 'line' ? { line: start.line, col: operator === 'y' ? start.col : 0 } : start;
  if ((operator === '>' || operator === '<') && region.block !== undefined) {
    shiftBlock(editor, region, operator, count ?? 1);
    return editor.moveTo(blockStart(editor, region));
  }
  yield* operate(editor, { operator, register, region, visual: true, ...(count === undefined ? {} : { count }) });
  if (operator === 'y' && region.shape === 'line') {
    const column = visual.mode === 'V' && key === 'y' ? 0 : 0;
    editor.moveTo({
      line: start.line,
      col: key === 'y' ? Math.min(visualColumn(visual.mode, region), lastColumn(buffer.line(start.line))) : column,
    });
  }
}

const visualColumn = (mode: VisualMode, region: Region): number => (mode === 'V' ? region.start.col : 0);

function* replaceAll(editor: Editor): Step {
  const char = yield* editor.key();
  if (char === '\x1b') return endVisual(editor);
  const region = visualRegion(editor);
  prepare(editor, region, '');
  endVisual(editor);
  const { start } = region;
  editor.buffer.begin(editor.cursor);
  editor.cursor = start;
  mapText(editor, region, (text) => [...text].map(() => char).join(''));
  editor.moveTo(region.shape === 'line' ? { line: start.line, col: 0 } : blockStart(editor, region));
}

const blockStart = (editor: Editor, region: Region): { line: number; col: number } =>
  region.block === undefined
    ? region.start
    : { line: region.start.line, col: editor.columnFor(region.start.line, region.block.from) };

function joinSelected(editor: Editor, spaces: boolean): void {
  const region = visualRegion(editor);
  prepare(editor, region, '');
  const { visual, cursor } = editor;
  endVisual(editor);
  if (visual === undefined) return;
  const from = Math.min(cursor.line, visual.start.line);
  const to = Math.max(cursor.line, visual.start.line);
  if (from === to && from === editor.buffer.last) throw new Refused();
  editor.buffer.begin(cursor);
  join(editor, from, Math.max(2, to - from + 1), spaces);
  editor.moveTo(editor.cursor);
}

/** `p` on a selection: the register comes in, what was there goes into the unnamed one. */
function putOver(editor: Editor, register: string, count: number, keep: boolean): void {
  const region = visualRegion(editor);
  const text = editor.registers.get(register);
  if (text === undefined) throw new Refused(`E353: Nothing in register ${register === '' ? '"' : register}`);
  prepare(editor, region, register, count);
  const old = textOf(editor, region);
  endVisual(editor);
  const { buffer } = editor;
  const { start, end, shape } = region;
  editor.needModifiable();
  if (keep) editor.registers.deleted('', old, { small: shape !== 'line' && start.line === end.line, far: false });
  const wasLast = shape === 'line' && end.line >= buffer.last;
  editor.cursor = start;
  editor.buffer.begin(start);
  if (shape === 'line') {
    takeOut(editor, region);
    const empty = wasLast && start.line === 0;
    if (text.shape === 'line') {
      editor.cursor = { line: Math.min(start.line, buffer.last), col: 0 };
      putText(editor, text, { after: wasLast && !empty, count });
      if (empty) buffer.replace(buffer.last, 1, [], editor.cursor);
    } else {
      editor.cursor = { line: Math.min(start.line, buffer.last), col: 0 };
      if (!empty) {
        const at = wasLast ? buffer.last + 1 : start.line;
        buffer.replace(at, 0, [''], editor.cursor);
        editor.cursor = { line: at, col: 0 };
      }
      putText(editor, { shape: 'line', lines: text.lines }, { after: false, count });
      buffer.replace(editor.cursor.line + text.lines.length * count, 1, [], editor.cursor);
      editor.moveTo({ line: editor.cursor.line, col: 0 });
    }
    return;
  }
  takeOut(editor, region);
  editor.cursor = region.shape === 'block' ? editor.cursor : start;
  if (text.shape === 'line' && shape === 'char') {
    const line = buffer.line(start.line);
    buffer.replace(start.line, 1, [line.slice(0, start.col), line.slice(start.col)], editor.cursor);
    putText(editor, text, { after: true, count });
    return;
  }
  const atEnd = start.col >= buffer.line(start.line).length && start.col > 0;
  if (atEnd) editor.cursor = { line: start.line, col: lastColumn(buffer.line(start.line)) };
  putText(editor, text, { after: atEnd, count });
}

function addToAll(editor: Editor, by: number, growing: boolean): void {
  const region = visualRegion(editor);
  prepare(editor, region, '');
  endVisual(editor);
  editor.needModifiable();
  const { start, end, shape, block } = region;
  let step = by;
  for (let line = start.line; line <= end.line; line++) {
    const col =
      block !== undefined
        ? columnAt(editor.buffer.line(line), block.from, editor.tabStop)
        : shape === 'char' && line === start.line
          ? start.col
          : 0;
    editor.cursor = { line, col };
    try {
      addTo(editor, step);
      if (growing) step += by;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
  editor.moveTo(start);
}

function* afterG(editor: Editor, count: number | undefined, register: string): Step {
  const { visual } = editor;
  const found = yield* motion(editor, 'g', count, undefined);
  if (visual === undefined) return;
  if (found !== undefined) {
    visual.dollar = found.want === Infinity;
    return moveBy(editor, found);
  }
  const key = editor.pending.at(-1) ?? '';
  switch (key) {
    case 'J':
      return joinSelected(editor, false);
    case 'v': {
      const { lastVisual } = editor;
      if (lastVisual === undefined) return;
      const former = { mode: visual.mode, start: visual.start, end: editor.cursor, dollar: visual.dollar };
      editor.visual = { mode: lastVisual.mode, start: lastVisual.start, dollar: lastVisual.dollar };
      editor.moveTo(lastVisual.end);
      editor.lastVisual = former;
      return;
    }
    case 'n': {
      const match = nextMatch(editor);
      return editor.moveTo(match.to);
    }
    case '\x01':
    case '\x18':
      return addToAll(editor, (count ?? 1) * (key === '\x01' ? 1 : -1), true);
    case 'q':
    case 'w': {
      const region = visualRegion(editor);
      prepare(editor, region, register);
      endVisual(editor);
      editor.moveTo(format(editor, region.start.line, region.end.line));
      return;
    }
    case '~':
    case 'u':
    case 'U':
    case '?': {
      const region = visualRegion(editor);
      prepare(editor, region, register);
      endVisual(editor);
      const { start } = region;
      editor.buffer.begin(editor.cursor);
      editor.cursor = start;
      const convert = caseChanges[`g${key}`];
      if (convert !== undefined) mapText(editor, region, convert);
      setChangeMarks(editor, region);
      return editor.moveTo(region.shape === 'line' ? { line: start.line, col: 0 } : blockStart(editor, region));
    }
    default:
      throw new Refused();
  }
}
