import type { Editor } from './editor';
import type { Motion } from './motions';
import { charLength, columnAt, firstNonBlank, lineWidth, screenColumns } from './text';
import { before, type Position, type RegisterText, type Shape } from './types';

/** What an operator works on. `end` is the place after the last character (char) or in the last line. */
export interface Region {
  readonly shape: Shape;
  readonly start: Position;
  readonly end: Position;
  /** Screen columns of a block, the last one included. */
  readonly block?: { readonly from: number; readonly to: number };
  readonly far: boolean;
  /** The whole lines came of a motion over characters. */
  readonly adjusted?: boolean;
}

/** Column after the character at a place. */
const after = (editor: Editor, { line, col }: Position): Position => {
  const text = editor.buffer.line(line);
  return { line, col: Math.min(text.length, col + charLength(text, col)) };
};

/** The region between the cursor (or the text object's start) and a motion's end. Source: vim do_pending_operator(). */
export function regionOf(editor: Editor, motion: Motion, operator: string, force = ''): Region {
  const { buffer } = editor;
  const origin = motion.from ?? editor.cursor;
  const [start, end] = before(motion.to, origin) ? [motion.to, origin] : [origin, motion.to];
  let { kind } = motion;
  const far = motion.far === true;
  if (force === 'v') kind = kind === 'linewise' ? 'exclusive' : kind === 'exclusive' ? 'inclusive' : 'exclusive';
  if (force === 'V') kind = 'linewise';
  if (force === '\x16') return blockRegion(editor, start, end, false);
  if (kind === 'linewise') return { shape: 'line', start, end, far };
  let last = end;
  if (kind === 'exclusive' && end.col === 0 && end.line > start.line && motion.exact !== true) {
    const text = buffer.line(start.line);
    const inIndent = text.slice(0, start.col).trim() === '' && firstBlankEnd(text) >= start.col;
    last = { line: end.line - 1, col: buffer.line(end.line - 1).length };
    if (inIndent) return { shape: 'line', start, end: last, far, adjusted: true };
  } else if (kind === 'inclusive') last = after(editor, end);
  if (operator === 'd' && start.line < last.line && force === '') {
    const rest = buffer.line(last.line).slice(last.col);
    const text = buffer.line(start.line);
    if (rest.trim() === '' && firstBlankEnd(text) >= start.col) return { shape: 'line', start, end: last, far };
  }
  return { shape: 'char', start, end: last, far };
}

const firstBlankEnd = (text: string): number => /^[ \t]*/.exec(text)?.[0].length ?? 0;

/** What is selected. */
export function visualRegion(editor: Editor): Region {
  const { visual, cursor } = editor;
  const origin = visual?.start ?? cursor;
  const [start, end] = before(cursor, origin) ? [cursor, origin] : [origin, cursor];
  if (visual?.mode === 'V') return { shape: 'line', start, end, far: false };
  if (visual?.mode === '\x16') return blockRegion(editor, start, end, visual.dollar);
  const text = editor.buffer.line(end.line);
  // With its end behind the last character, the line break is part of it.
  if (end.col >= text.length) {
    if (end.line < editor.buffer.last) return { shape: 'char', start, end: { line: end.line + 1, col: 0 }, far: false };
    return { shape: 'char', start, end: { line: end.line, col: text.length }, far: false };
  }
  return { shape: 'char', start, end: after(editor, end), far: false };
}

function blockRegion(editor: Editor, start: Position, end: Position, dollar: boolean): Region {
  const { tabStop, buffer } = editor;
  const a = screenColumns(buffer.line(start.line), start.col, tabStop);
  const b = screenColumns(buffer.line(end.line), end.col, tabStop);
  const [from, to] = [Math.min(a.start, b.start), dollar ? Infinity : Math.max(a.end, b.end)];
  return { shape: 'block', start, end, block: { from, to }, far: false };
}

/** The columns that a block takes of a line, and the cells cut off of tabs at its edges. */
export function blockPart(
  editor: Editor,
  line: number,
  { from, to }: { readonly from: number; readonly to: number },
): {
  readonly start: number;
  readonly end: number;
  readonly short: boolean;
  readonly leftPad: number;
  readonly rightPad: number;
} {
  const { tabStop, buffer } = editor;
  const text = buffer.line(line);
  const width = lineWidth(text, tabStop);
  if (width <= from) return { start: text.length, end: text.length, short: true, leftPad: 0, rightPad: 0 };
  let start = columnAt(text, from, tabStop);
  const first = screenColumns(text, start, tabStop);
  let leftPad = 0;
  let rightPad = 0;
  if (first.start < from && text[start] === '\t') {
    leftPad = Math.min(first.end, to) - from + 1;
    if (first.end > to) return { start, end: start, short: false, leftPad, rightPad: 0 };
    start++;
  }
  let end = to === Infinity ? text.length : columnAt(text, to, tabStop);
  if (to !== Infinity && end < text.length) {
    const last = screenColumns(text, end, tabStop);
    if (text[end] === '\t' && last.end > to) rightPad = to - last.start + 1;
    else end += charLength(text, end);
  }
  return { start, end: Math.max(start, end), short: false, leftPad, rightPad };
}

/** The text of a region, for a register. */
export function textOf(editor: Editor, region: Region): RegisterText {
  const { buffer } = editor;
  const { start, end } = region;
  if (region.shape === 'line') return { shape: 'line', lines: buffer.lines.slice(start.line, end.line + 1) };
  if (region.shape === 'char') {
    if (start.line === end.line) return { shape: 'char', lines: [buffer.line(start.line).slice(start.col, end.col)] };
    return {
      shape: 'char',
      lines: [
        buffer.line(start.line).slice(start.col),
        ...buffer.lines.slice(start.line + 1, end.line),
        buffer.line(end.line).slice(0, end.col),
      ],
    };
  }
  const block = region.block ?? { from: 0, to: 0 };
  const lines: string[] = [];
  for (let line = start.line; line <= end.line; line++) {
    const part = blockPart(editor, line, block);
    lines.push(' '.repeat(part.leftPad) + buffer.line(line).slice(part.start, part.end) + ' '.repeat(part.rightPad));
  }
  const width = block.to === Infinity ? Math.max(...lines.map((line) => line.length)) : block.to - block.from + 1;
  return { shape: 'block', lines: lines.map((line) => line.replace(/ +$/, (blanks) => blanks)), width };
}

/** Where the cursor goes to in a line of a linewise change. */
export const lineStart = (editor: Editor, line: number): Position => ({
  line,
  col: firstNonBlank(editor.buffer.line(line)),
});
