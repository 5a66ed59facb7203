import type { Editor, VisualMode } from './editor';
import { insertMode } from './insert';
import { blockInsert } from './operate';
import { blockPart, visualRegion, type Region } from './region';
import { columnAt, firstNonBlank, lineWidth } from './text';
import type { Step } from './types';
import { endVisual, prepare } from './visual';

/** `>` and `<` on a block: blanks come and go at its left edge. */
export function shiftBlock(editor: Editor, { start, end, block }: Region, operator: string, count: number): void {
  const { buffer, tabStop, options } = editor;
  const from = block?.from ?? 0;
  const by = options.shiftWidth * count;
  editor.needModifiable();
  for (let line = start.line; line <= end.line; line++) {
    const text = buffer.line(line);
    if (lineWidth(text, tabStop) <= from) continue;
    const col = columnAt(text, from, tabStop);
    const gap = /^[ \t]*/.exec(text.slice(col))?.[0] ?? '';
    const old = lineWidth(text.slice(0, col + gap.length), tabStop) - from;
    const width = operator === '>' ? old + by : Math.max(0, old - by);
    let made = '';
    if (!options.bool('expandtab'))
      for (let at = from; at - (at % tabStop) + tabStop <= from + width; at += tabStop - (at % tabStop)) made += '\t';
    made += ' '.repeat(from + width - lineWidth(' '.repeat(from) + made, tabStop));
    buffer.setLine(line, text.slice(0, col) + made + text.slice(col + gap.length), editor.cursor);
  }
}

/** I and A: typed text goes into every line of a block. */
export function* blockEdges(editor: Editor, key: 'I' | 'A'): Step {
  const { visual, buffer, tabStop } = editor;
  if (visual === undefined) return;
  const region = visualRegion(editor);
  prepare(editor, region, '');
  const { cursor } = editor;
  endVisual(editor);
  editor.needModifiable();
  const { start, end, block } = region;
  if (block === undefined) {
    if (key === 'I')
      editor.cursor =
        region.shape === 'line' ? { line: start.line, col: firstNonBlankOf(editor, start.line, visual.mode) } : start;
    else if (visual.mode === 'V') editor.cursor = { line: end.line, col: end.col };
    else editor.cursor = { line: end.line, col: end.col };
    buffer.begin(cursor);
    return yield* insertMode(editor);
  }
  const lines: number[] = [];
  if (key === 'I') {
    for (let line = start.line; line <= end.line; line++) if (!blockPart(editor, line, block).short) lines.push(line);
    const at = columnAt(buffer.line(start.line), block.from, tabStop);
    return yield* blockInsert(editor, { line: start.line, col: at }, lines, block.from, false);
  }
  for (let line = start.line; line <= end.line; line++) lines.push(line);
  if (visual.dollar) {
    return yield* blockInsert(
      editor,
      { line: start.line, col: buffer.line(start.line).length },
      lines,
      Infinity,
      true,
      { line: start.line, col: columnAt(buffer.line(start.line), block.from, tabStop) },
    );
  }
  const column = block.to + 1;
  const own = buffer.line(start.line);
  const width = lineWidth(own, tabStop);
  if (width < column) buffer.setLine(start.line, own + ' '.repeat(column - width), editor.cursor);
  const at = columnAt(buffer.line(start.line), column, tabStop);
  return yield* blockInsert(editor, { line: start.line, col: at }, lines, column, true, {
    line: start.line,
    col: columnAt(buffer.line(start.line), block.from, tabStop),
  });
}

const firstNonBlankOf = (editor: Editor, line: number, mode: VisualMode): number =>
  mode === 'V' ? 0 : firstNonBlank(editor.buffer.line(line));
