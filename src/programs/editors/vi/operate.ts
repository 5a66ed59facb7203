import type { Editor } from './editor';
import { openLine, insertMode } from './insert';
import { autoIndent, reindent } from './indent';
import { caseChanges, cut, filter, format, mapText, remove, shift, yank } from './operators';
import type { Region } from './region';
import { textOf } from './region';
import { columnAt, lineWidth } from './text';
import type { Step } from './types';

export interface Operation {
  readonly operator: string;
  readonly register: string;
  readonly region: Region;
  readonly count?: number;
  /** The cursor was here before the operator. */
  readonly visual?: boolean;
}

/** Does what an operator does to a region. */
export function* operate(editor: Editor, operation: Operation): Step {
  const { operator, register, region } = operation;
  const { start, end, shape } = region;
  const { buffer } = editor;
  switch (operator) {
    case 'd':
      remove(editor, register, region);
      if (shape === 'line') editor.toFirstNonBlank(start.line);
      else editor.moveTo(editor.cursor);
      return;
    case 'y':
      yank(editor, register, region);
      return editor.moveTo(
        shape === 'block' ? { line: start.line, col: editor.columnFor(start.line, region.block?.from ?? 0) } : start,
      );
    case 'c':
      return yield* change(editor, register, region);
    case '>':
    case '<':
      shift(editor, start.line, end.line, operator, operation.count ?? 1);
      return editor.toFirstNonBlank(start.line);
    case '=':
      reindent(editor, start.line, end.line);
      return editor.toFirstNonBlank(start.line);
    case 'J':
    case 'gJ':
      return;
    case '!': {
      const lines = end.line - start.line;
      const command = yield* editor.readLine(`:.${lines > 0 ? `,.+${lines}` : ''}!`, '!');
      if (command !== undefined) yield* filter(editor, start.line, end.line, command);
      return;
    }
    case 'gq':
    case 'gw': {
      const { cursor } = editor;
      const to = format(editor, start.line, end.line);
      return editor.moveTo(operator === 'gq' ? to : editor.inside(cursor));
    }
    default: {
      const convert = caseChanges[operator];
      if (convert === undefined) return;
      // As in vim, an empty region at the begin of the text is its first character.
      const nothing = shape === 'char' && start.line === 0 && end.line === 0 && start.col === 0 && end.col === 0;
      mapText(editor, nothing ? { ...region, end: { line: 0, col: 1 } } : region, convert);
      const to =
        shape === 'block' ? { line: start.line, col: editor.columnFor(start.line, region.block?.from ?? 0) } : start;
      editor.moveTo(shape === 'line' && operation.visual === true ? { line: start.line, col: 0 } : to);
      if (shape === 'line' && buffer.line(start.line) === '') editor.moveTo({ line: start.line, col: 0 });
    }
  }
}

/** `c`: takes the region out and types in its place. */
function* change(editor: Editor, register: string, region: Region): Step {
  const { buffer } = editor;
  const { start, end, shape, block } = region;
  editor.needModifiable();
  if (shape === 'line') {
    const text = textOf(editor, region);
    editor.registers.deleted(register, text, { small: false, far: false });
    const indent = autoIndent(editor, buffer.line(start.line));
    // Where vim's op_delete() stands when it saves for undo.
    if (end.line > start.line) buffer.begin({ line: start.line + 1, col: start.col });
    buffer.replace(start.line, end.line - start.line + 1, [indent], editor.cursor);
    editor.cursor = { line: start.line, col: indent.length };
    const fewer = end.line - start.line;
    if (fewer > 2) editor.say(`${fewer} fewer lines`);
    editor.mode = 'insert';
    return yield* insertMode(editor, { opens: true });
  }
  if (shape === 'block' && block !== undefined) {
    const lines: number[] = [];
    for (let line = start.line; line <= end.line; line++)
      if (lineWidth(buffer.line(line), editor.tabStop) > block.from) lines.push(line);
    remove(editor, register, region);
    const at = columnAt(buffer.line(start.line), block.from, editor.tabStop);
    return yield* blockInsert(editor, { line: start.line, col: at }, lines, block.from, false);
  }
  remove(editor, register, region);
  editor.cursor = region.start;
  yield* insertMode(editor);
}

/** Types in the first line of a block; the other lines then get the same. */
export function* blockInsert(
  editor: Editor,
  at: { readonly line: number; readonly col: number },
  lines: readonly number[],
  column: number,
  append: boolean,
  back?: { readonly line: number; readonly col: number },
): Step {
  const { buffer, tabStop } = editor;
  editor.cursor = at;
  editor.mode = 'insert';
  const former = buffer.line(at.line);
  const count = buffer.lines.length;
  yield* insertMode(editor);
  const text = buffer.line(at.line);
  const grown = text.length - former.length;
  const left = back ?? at;
  editor.moveTo(left);
  if (grown <= 0 || buffer.lines.length !== count) return;
  const typed = text.slice(at.col, at.col + grown);
  for (const line of lines) {
    if (line === at.line) continue;
    const own = buffer.line(line);
    if (column === Infinity) {
      buffer.setLine(line, own + typed, editor.cursor);
      continue;
    }
    const width = lineWidth(own, tabStop);
    if (width < column && !append) continue;
    const col = width <= column ? own.length : columnAt(own, column, tabStop);
    const pad = ' '.repeat(Math.max(0, column - width));
    buffer.setLine(line, own.slice(0, col) + pad + typed + own.slice(col), editor.cursor);
  }
}

/** `o` and `O`. */
export function* open(editor: Editor, below: boolean, count: number): Step {
  const { cursor, line } = editor;
  openLine(editor, cursor.line + (below ? 1 : 0), line);
  yield* insertMode(editor, { count, opens: true });
}

/** Deletes without a register's shift: what a visual `p` replaces. */
export function takeOut(editor: Editor, region: Region): void {
  editor.needModifiable();
  cut(editor, region);
}
