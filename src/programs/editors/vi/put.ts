import type { Editor } from './editor';
import { blanks } from './indent';
import { charLength, columnAt, indentOf, lastColumn, lineWidth, screenColumns } from './text';
import { Refused, type RegisterText } from './types';

interface PutOptions {
  readonly after: boolean;
  readonly count: number;
  /** gp: the cursor goes behind what was put. */
  readonly behind?: boolean;
  /** ]p: lines get the indent of the cursor's. */
  readonly indent?: boolean;
}

/** Puts a register's text. Source: vim register.c do_put(). */
export function put(editor: Editor, register: string, options: PutOptions): void {
  const text = editor.registers.get(register);
  if (text === undefined) throw new Refused(`E353: Nothing in register ${register === '' ? '"' : register}`);
  putText(editor, text, options);
}

/** Puts a text. */
export function putText(editor: Editor, text: RegisterText, options: PutOptions): void {
  editor.needModifiable();
  if (text.shape === 'line') putLines(editor, text.lines, options);
  else if (text.shape === 'block') putBlock(editor, text, options);
  else putChars(editor, text.lines, options);
}

function putLines(editor: Editor, lines: readonly string[], { after, count, behind, indent }: PutOptions): void {
  const { buffer, cursor, tabStop } = editor;
  const at = cursor.line + (after ? 1 : 0);
  let made = Array.from({ length: count }, () => lines).flat();
  if (indent === true) {
    const by = lineWidth(indentOf(editor.line), tabStop) - lineWidth(indentOf(lines[0] ?? ''), tabStop);
    made = made.map((line) =>
      line === '' ? '' : blanks(editor, Math.max(0, lineWidth(indentOf(line), tabStop) + by)) + line.trimStart(),
    );
  }
  buffer.replace(at, 0, made, cursor);
  buffer.marks.set('[', { line: at, col: 0 });
  const end = at + made.length - 1;
  buffer.marks.set(']', { line: end, col: lastColumn(buffer.line(end)) });
  if (made.length > 2) editor.say(`${made.length} more lines`);
  if (behind === true) editor.moveTo({ line: Math.min(at + made.length, buffer.last), col: 0 });
  else editor.toFirstNonBlank(at);
  if (behind === true && at + made.length > buffer.last) editor.moveTo({ line: buffer.last, col: 0 });
}

function putChars(editor: Editor, lines: readonly string[], { after, count, behind }: PutOptions): void {
  const { buffer, cursor, line } = editor;
  const at = after && line !== '' ? cursor.col + charLength(line, cursor.col) : cursor.col;
  const [head, tail] = [line.slice(0, at), line.slice(at)];
  if (lines.length === 1) {
    const text = (lines[0] ?? '').repeat(count);
    buffer.replace(cursor.line, 1, [head + text + tail], cursor);
    buffer.marks.set('[', { line: cursor.line, col: at });
    buffer.marks.set(']', { line: cursor.line, col: Math.max(at, at + text.length - 1) });
    const end = at + text.length;
    editor.moveTo(
      { line: cursor.line, col: behind === true ? end : text === '' ? cursor.col : lastColumn(head + text) },
      { pastEnd: behind === true },
    );
    return;
  }
  const made: string[] = [head + (lines[0] ?? '')];
  for (let left = count; left > 0; left--) {
    made.push(...lines.slice(1, -1), lines.at(-1) ?? '');
    if (left > 1) made[made.length - 1] += lines[0] ?? '';
  }
  const last = made.at(-1) ?? '';
  made[made.length - 1] = last + tail;
  buffer.replace(cursor.line, 1, made, cursor);
  const added = made.length - 1;
  buffer.marks.set('[', { line: cursor.line, col: at });
  buffer.marks.set(']', { line: cursor.line + added, col: Math.max(0, last.length - 1) });
  if (behind === true) editor.moveTo({ line: cursor.line + added, col: last.length }, { pastEnd: true });
  else editor.moveTo({ line: cursor.line, col: at });
  if (added > 2) editor.say(`${added} more lines`);
}

function putBlock(editor: Editor, { lines, width = 0 }: RegisterText, { after, count, behind }: PutOptions): void {
  const { buffer, cursor, line, tabStop } = editor;
  const here = screenColumns(line, cursor.col, tabStop);
  const column = after && line !== '' ? here.end + 1 : here.start;
  for (const [index, text] of lines.entries()) {
    const number = cursor.line + index;
    if (number > buffer.last) buffer.replace(buffer.last + 1, 0, [''], cursor);
    const own = buffer.line(number);
    const wide = lineWidth(own, tabStop);
    const at = wide <= column ? own.length : columnAt(own, column, tabStop);
    const pad = ' '.repeat(Math.max(0, column - wide));
    const tail = own.slice(at);
    const filled = text + ' '.repeat(Math.max(0, width - lineWidth(text, tabStop)));
    const repeated = filled.repeat(count - 1) + (tail === '' ? text : filled);
    buffer.setLine(number, own.slice(0, at) + pad + repeated + tail, cursor);
  }
  const col = after && line !== '' ? cursor.col + charLength(line, cursor.col) : cursor.col;
  buffer.marks.set('[', { line: cursor.line, col });
  const end = { line: cursor.line + lines.length - 1, col: col + width * count - 1 };
  buffer.marks.set(']', end);
  if (behind === true) editor.moveTo({ line: end.line, col: end.col + 1 }, { pastEnd: true });
  else editor.moveTo({ line: cursor.line, col: columnAt(buffer.line(cursor.line), column, tabStop) });
}
