import type { Editor } from './editor';
import { indentOf, lineWidth } from './text';

/** Blanks of so many cells: tabs where 'noexpandtab'. */
export function blanks(editor: Editor, width: number): string {
  const { options, tabStop } = editor;
  if (options.bool('expandtab')) return ' '.repeat(width);
  return '\t'.repeat(Math.floor(width / tabStop)) + ' '.repeat(width % tabStop);
}

/** A line with its indent moved by so many shiftwidths. */
export function indented(editor: Editor, text: string, by: number): string {
  const { options, tabStop } = editor;
  const indent = indentOf(text);
  const shift = options.shiftWidth;
  let width = lineWidth(indent, tabStop);
  if (options.bool('shiftround')) {
    const over = width % shift;
    if (over > 0) {
      width -= over;
      if (by < 0) by++;
    }
  }
  return blanks(editor, Math.max(0, width + by * shift)) + text.slice(indent.length);
}

/** The indent of a new line below (or above) this one. */
export function autoIndent(editor: Editor, line: string): string {
  return editor.options.bool('autoindent') ? indentOf(line) : '';
}

/** `=`: without an 'indentexpr' a line is indented as C would be, or as the one above: braces count. */
export function reindent(editor: Editor, from: number, to: number): void {
  const { buffer, options, tabStop } = editor;
  editor.needModifiable();
  for (let line = from; line <= to; line++) {
    const text = buffer.line(line).replace(/^[ \t]+/, '');
    if (text === '') {
      buffer.setLine(line, '', editor.cursor);
      continue;
    }
    let above = line - 1;
    while (above >= 0 && buffer.line(above).trim() === '') above--;
    const former = above < 0 ? '' : buffer.line(above);
    let width = lineWidth(indentOf(former), tabStop);
    if (/[{([]\s*$/.test(former)) width += options.shiftWidth;
    if (/^[})\]]/.test(text)) width -= options.shiftWidth;
    buffer.setLine(line, blanks(editor, Math.max(0, width)) + text, editor.cursor);
  }
  const lines = to - from + 1;
  if (lines > 2) editor.say(`${lines} lines indented `);
}
