import type { Editor } from './editor';
import { matchesOf } from './search';
import { colours, highlight, languageOf } from './syntax';
import { blockPart, visualRegion, type Region } from './region';
import { cells, charLength, lineWidth, screenColumns, shown } from './text';
import { statusRow } from './status';

export interface Frame {
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
}

/** Columns that line numbers take. */
export function gutter(editor: Editor): number {
  const { options, buffer } = editor;
  if (!options.bool('number') && !options.bool('relativenumber')) return 0;
  return Math.max(3, String(buffer.last + 1).length) + 1;
}

/** Screen rows of a line. */
export function heightOf(editor: Editor, line: number): number {
  if (!editor.options.bool('wrap')) return 1;
  const width = Math.max(1, editor.view.columns - gutter(editor));
  const list = editor.options.bool('list') ? 1 : 0;
  return Math.max(1, Math.ceil((lineWidth(editor.buffer.line(line), editor.tabStop) + list) / width));
}

/** Moves the window so that the cursor is in it, 'scrolloff' lines from its edges. */
export function follow(editor: Editor, line = editor.cursor.line): void {
  const { view, buffer, options } = editor;
  const off = Math.min(options.number('scrolloff'), Math.floor((view.rows - 1) / 2));
  editor.top = Math.max(0, Math.min(editor.top, buffer.last));
  const far = Math.abs(line - editor.top) > view.rows * 2;
  if (line < editor.top + off) {
    const to = Math.max(0, line - off);
    editor.top = editor.top - to >= view.rows - 1 ? centred(editor, line) : to;
    return;
  }
  const last = Math.min(line + off, buffer.last);
  const rows = far ? Infinity : rowsBetween(editor, editor.top, last);
  if (rows <= view.rows) return;
  if (rows - view.rows >= view.rows - 1) {
    editor.top = centred(editor, line);
    return;
  }
  while (editor.top < line && rowsBetween(editor, editor.top, last) > view.rows) editor.top++;
}

function rowsBetween(editor: Editor, from: number, to: number): number {
  let rows = 0;
  for (let line = from; line <= to; line++) rows += heightOf(editor, line);
  return rows;
}

function centred(editor: Editor, line: number): number {
  const { view, buffer } = editor;
  let top = line;
  let above = 0;
  const half = Math.floor((view.rows - heightOf(editor, line)) / 2);
  while (top > 0 && above + heightOf(editor, top - 1) <= half) above += heightOf(editor, --top);
  while (top > 0 && rowsBetween(editor, top, buffer.last) < view.rows) top--;
  return top;
}

/** The last line that the window shows whole. */
export function bottomOf(editor: Editor): number {
  let rows = 0;
  let line = editor.top;
  for (; line <= editor.buffer.last; line++) {
    rows += heightOf(editor, line);
    if (rows > editor.view.rows) break;
  }
  return Math.max(editor.top, line - 1);
}

interface Styled {
  /** SGR parameters of each UTF-16 unit. */
  readonly at: (col: number) => string;
}

/** The screen as it should be: styled rows and the place of the cursor. */
export function draw(editor: Editor, colour: boolean): Frame {
  const { view, buffer } = editor;
  follow(editor, editor.preview?.line ?? editor.cursor.line);
  const width = view.columns;
  const rows: string[] = [];
  const numbers = gutter(editor);
  const language = colour && editor.syntaxOn ? buffer.syntax || languageOf(buffer.name, buffer.line(0)) : '';
  const region = editor.visual === undefined ? undefined : visualRegion(editor);
  const pattern = searchPattern(editor);
  const nonText = colour ? '94' : '';
  let cursorRow = 0;
  for (let line = editor.top; rows.length < view.rows; line++) {
    if (line > buffer.last) {
      rows.push(styled('~', nonText));
      continue;
    }
    if (line === editor.cursor.line) cursorRow = rows.length;
    const style = styleOf(editor, line, { language, region, pattern });
    const made = drawLine(editor, line, width - numbers, style, nonText);
    const room = view.rows - rows.length;
    if (made.length > room) {
      const marks = editor.flavour.name === 'busybox' ? '@' : '@@@';
      if (line === editor.top) rows.push(...made.slice(0, room));
      else
        while (rows.length < view.rows)
          rows.push(
            styled(rows.length === view.rows - 1 || editor.flavour.name === 'busybox' ? marks : '@@@', nonText),
          );
      break;
    }
    for (const [index, text] of made.entries()) {
      rows.push((numbers === 0 ? '' : styled(numberOf(editor, line, index, numbers), colour ? '33' : '')) + text);
    }
  }
  const place = cursorPlace(editor, cursorRow, numbers);
  rows.push(...statusRow(editor));
  return overlay(editor, { rows, cursor: place });
}

function numberOf(editor: Editor, line: number, row: number, width: number): string {
  if (row > 0) return ' '.repeat(width);
  const { options, cursor } = editor;
  const distance = Math.abs(line - cursor.line);
  if (options.bool('relativenumber') && distance > 0) return `${String(distance).padStart(width - 1)} `;
  if (options.bool('relativenumber') && options.bool('number')) return `${String(line + 1).padEnd(width - 1)} `;
  return `${String(options.bool('relativenumber') ? 0 : line + 1).padStart(width - 1)} `;
}

export const styled = (text: string, sgr: string): string => (sgr === '' ? text : `\x1b[${sgr}m${text}\x1b[m`);

function searchPattern(editor: Editor): ReturnType<Editor['pattern']> | undefined {
  if (!editor.options.bool('hlsearch') || editor.highlightOff || editor.search === undefined) return undefined;
  try {
    return editor.pattern(editor.search.source);
  } catch {
    return undefined;
  }
}

function styleOf(
  editor: Editor,
  line: number,
  {
    language,
    region,
    pattern,
  }: { language: string; region: Region | undefined; pattern: ReturnType<Editor['pattern']> | undefined },
): Styled {
  const text = editor.buffer.line(line);
  const styles: string[] = [];
  const fill = (from: number, to: number, sgr: string): void => {
    for (let col = from; col < to; col++) styles[col] = sgr;
  };
  for (const { from, to, token } of highlight(text, language)) fill(from, to, colours[token]);
  if (pattern !== undefined)
    for (const { start, end } of matchesOf(editor, pattern, line))
      fill(start.col, end.line > line ? text.length : end.col, '30;43');
  const asked = editor.confirming;
  if (asked?.start.line === line) fill(asked.start.col, asked.end.line > line ? text.length : asked.end.col, '7');
  if (editor.preview?.line === line) fill(editor.preview.col, editor.preview.col + 1, '7');
  if (region !== undefined && line >= region.start.line && line <= region.end.line) {
    if (region.block !== undefined) {
      const part = blockPart(editor, line, region.block);
      fill(part.start, part.end, '7');
    } else if (region.shape === 'line') fill(0, text.length + 1, '7');
    else
      fill(
        line === region.start.line ? region.start.col : 0,
        line === region.end.line ? region.end.col : text.length + 1,
        '7',
      );
  }
  return { at: (col) => styles[col] ?? '' };
}

/** The rows of one line. */
function drawLine(editor: Editor, line: number, width: number, style: Styled, nonText: string): readonly string[] {
  const { buffer, tabStop, options } = editor;
  const text = buffer.line(line);
  const list = options.bool('list');
  const rows: string[] = [];
  let row = '';
  let column = 0;
  let total = 0;
  let current = '';
  const put = (glyph: string, size: number, sgr: string): void => {
    if (column + size > width) {
      if (current !== '') row += '\x1b[m';
      rows.push(row);
      row = '';
      column = 0;
      current = '';
    }
    if (sgr !== current) {
      row += sgr === '' ? '\x1b[m' : `\x1b[${current === '' ? '' : '0;'}${sgr}m`;
      current = sgr;
    }
    row += glyph;
    column += size;
  };
  for (let col = 0; col < text.length;) {
    const length = charLength(text, col);
    const char = text.substring(col, col + length);
    const size = cells(char, total, tabStop);
    const sgr = style.at(col);
    if (char === '\t' && !list) for (let left = size; left > 0; left--) put(' ', 1, sgr);
    else if (char < ' ' || char === '\x7f')
      for (const glyph of shown(char)) put(glyph, 1, nonText === '' ? sgr : nonText);
    else if (size === 4) for (const glyph of shown(char)) put(glyph, 1, nonText);
    else put(char, size, sgr);
    total += size;
    col += length;
    if (!options.bool('wrap') && total >= width) break;
  }
  if (list) put('$', 1, nonText);
  else if (style.at(text.length) !== '') put(' ', 1, style.at(text.length));
  if (current !== '') row += '\x1b[m';
  rows.push(row);
  return options.bool('wrap') ? rows : rows.slice(0, 1);
}

function cursorPlace(editor: Editor, row: number, numbers: number): { row: number; column: number } {
  const width = Math.max(1, editor.view.columns - numbers);
  const { commandLine, view } = editor;
  if (commandLine !== undefined) {
    const typed = commandLine.prompt + commandLine.text.slice(0, commandLine.at);
    return { row: view.rows, column: Math.min(view.columns - 1, lineWidth(typed, 8)) };
  }
  const { start, end } = screenColumns(editor.line, editor.cursor.col, editor.tabStop);
  const column =
    editor.mode === 'normal' && editor.line[editor.cursor.col] === '\t' && !editor.options.bool('list') ? end : start;
  if (!editor.options.bool('wrap')) return { row, column: numbers + Math.min(column, width - 1) };
  return { row: row + Math.floor(column / width), column: numbers + (column % width) };
}

/** Lines of :reg and the like, over the lower part of the screen. */
function overlay(editor: Editor, frame: Frame): Frame {
  const { output, view } = editor;
  if (output === undefined) return frame;
  const prompt = styled('Press ENTER or type command to continue', '32');
  const lines = [`:${editor.lastCommand}`, ...output.filter((line) => !line.startsWith(':'))].map((line) =>
    line.slice(0, view.columns),
  );
  const all = [...lines, prompt];
  const rows = [...frame.rows.slice(0, view.rows + 1), ...all].slice(-(view.rows + 1));
  return { rows, cursor: { row: view.rows, column: 39 } };
}
