import type { Editor } from './editor';
import { indented } from './indent';
import { formatLines } from './format';
import { blockPart, lineStart, textOf, type Region } from './region';
import { firstNonBlank, lastColumn, screenColumns } from './text';
import { Refused, type Position, type Step } from './types';

/** Yanks a region and says so if it is large. */
export function yank(editor: Editor, register: string, region: Region): void {
  const text = textOf(editor, region);
  editor.registers.yanked(register, text);
  setChangeMarks(editor, region);
  const { length } = text.lines;
  const block = text.shape === 'block' ? 'block of ' : '';
  const into = register === '' || register === '_' ? '' : ` into "${register}`;
  if (length > 2) editor.say(`${block}${length} lines yanked${into}`);
}

export function setChangeMarks(editor: Editor, { start, end, shape }: Region): void {
  const { marks } = editor.buffer;
  marks.set('[', shape === 'line' ? { line: start.line, col: 0 } : start);
  marks.set(
    ']',
    shape === 'line'
      ? { line: end.line, col: lastColumn(editor.buffer.line(end.line)) }
      : { line: end.line, col: Math.max(0, end.col - 1) },
  );
}

/** Deletes a region into a register. The cursor goes where it began. */
export function remove(editor: Editor, register: string, region: Region): void {
  const { buffer } = editor;
  const { start, end, shape } = region;
  editor.needModifiable();
  if (shape === 'char' && start.line === end.line && buffer.line(start.line) === '') return;
  const small = shape === 'char' && start.line === end.line;
  const text = textOf(editor, region);
  if (register !== '_')
    editor.registers.deleted(register, text, {
      small: small || (shape === 'block' && start.line === end.line),
      far: region.far,
    });
  const former = buffer.lines.length;
  cut(editor, region);
  if (shape === 'line') {
    editor.cursor = { line: Math.min(start.line, buffer.last), col: 0 };
    buffer.marks.set('[', editor.cursor);
    buffer.marks.set(']', editor.cursor);
  }
  tellGrowth(editor, former);
}

/** `5 fewer lines`. */
export function tellGrowth(editor: Editor, former: number): void {
  const by = editor.buffer.lines.length - former;
  if (by > 2) editor.say(`${by} more lines`);
  else if (by < -2)
    editor.say(former === -by + 1 && editor.buffer.isEmpty ? '--No lines in buffer--' : `${-by} fewer lines`);
  if (editor.buffer.isEmpty && former >= 1 && by <= 0 && former === 1 - by && by < 0) return;
}

/** Takes a region out of the text. */
export function cut(editor: Editor, { shape, start, end, block }: Region): void {
  const { buffer } = editor;
  if (shape === 'line') {
    const all = start.line === 0 && end.line >= buffer.last;
    buffer.replace(start.line, end.line - start.line + 1, all ? [''] : [], editor.cursor);
    if (all) editor.say('--No lines in buffer--');
    return;
  }
  if (shape === 'char') {
    const head = buffer.line(start.line).slice(0, start.col);
    const tail = buffer.line(end.line).slice(end.col);
    buffer.replace(start.line, end.line - start.line + 1, [head + tail], editor.cursor);
    editor.cursor = start;
    buffer.marks.set('[', start);
    buffer.marks.set(']', start);
    return;
  }
  if (block === undefined) return;
  for (let line = start.line; line <= end.line; line++) {
    const part = blockPart(editor, line, block);
    if (part.short) continue;
    const text = buffer.line(line);
    const { tabStop } = editor;
    // Cells of a cut tab that stay become blanks.
    let head = text.slice(0, part.start);
    let tail = text.slice(part.end);
    if (part.leftPad > 0 || part.rightPad > 0) {
      const tabAt = part.leftPad > 0 && part.end === part.start ? part.start : part.start - 1;
      if (part.leftPad > 0) {
        const tab = screenColumns(text, tabAt, tabStop);
        head = text.slice(0, tabAt) + ' '.repeat(block.from - tab.start);
        if (tab.end > block.to) tail = ' '.repeat(tab.end - block.to) + text.slice(tabAt + 1);
      }
      if (part.rightPad > 0) {
        const tab = screenColumns(text, part.end, tabStop);
        tail = ' '.repeat(tab.end - block.to) + text.slice(part.end + 1);
      }
    }
    buffer.setLine(line, head + tail, editor.cursor);
  }
  const col = editor.columnFor(start.line, block.from);
  editor.cursor = { line: start.line, col };
}

/** Applies a function to the text of a region, piece by piece in its lines. */
export function mapText(editor: Editor, region: Region, change: (text: string) => string): void {
  const { buffer } = editor;
  editor.needModifiable();
  const { start, end } = region;
  let changed = 0;
  for (let line = start.line; line <= end.line; line++) {
    const text = buffer.line(line);
    let from = 0;
    let to = text.length;
    if (region.shape === 'char') {
      if (line === start.line) from = start.col;
      if (line === end.line) to = end.col;
    } else if (region.block !== undefined) ({ start: from, end: to } = blockPart(editor, line, region.block));
    const next = text.slice(0, from) + change(text.slice(from, to)) + text.slice(to);
    if (next !== text) {
      changed++;
      buffer.setLine(line, next, editor.cursor);
    }
  }
  setChangeMarks(editor, region);
  const lines = end.line - start.line + 1;
  if (changed > 0 && lines > 2) editor.say(`${lines} lines changed`);
}

const swapCase = (text: string): string =>
  [...text].map((char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase())).join('');

const rot13 = (text: string): string =>
  text.replace(/[a-zA-Z]/g, (char) => {
    const base = char <= 'Z' ? 65 : 97;
    return String.fromCharCode(((char.charCodeAt(0) - base + 13) % 26) + base);
  });

export const caseChanges: Readonly<Record<string, (text: string) => string>> = {
  '~': swapCase,
  'g~': swapCase,
  gu: (text) => text.toLowerCase(),
  gU: (text) => text.toUpperCase(),
  'g?': rot13,
};

/** Shifts lines by `amount` shiftwidths. */
export function shift(editor: Editor, from: number, to: number, operator: '<' | '>', amount: number): void {
  editor.needModifiable();
  for (let line = from; line <= to; line++) {
    const text = editor.buffer.line(line);
    if (text !== '')
      editor.buffer.setLine(line, indented(editor, text, operator === '>' ? amount : -amount), editor.cursor);
  }
  const lines = to - from + 1;
  if (lines > 2) editor.say(`${lines} lines ${operator}ed ${amount} time${amount === 1 ? '' : 's'}`);
}

/** `J`: joins so many lines into the first. Source: vim ops.c do_join(). */
export function join(editor: Editor, from: number, count: number, spaces: boolean): void {
  const { buffer } = editor;
  editor.needModifiable();
  const last = Math.min(from + count - 1, buffer.last);
  if (last <= from) return;
  let text = buffer.line(from);
  let col = text.length;
  for (let line = from + 1; line <= last; line++) {
    let next = buffer.line(line);
    if (spaces) {
      next = next.replace(/^[ \t]+/, '');
      let gap = '';
      if (next !== '' && !next.startsWith(')') && text !== '' && !text.endsWith('\t')) {
        gap = ' ';
        if (text.endsWith(' ')) gap = '';
        else if (editor.options.bool('joinspaces') && /[.!?]$/.test(text)) gap = '  ';
      }
      col = text.length + (gap === '' ? 0 : 0);
      text += gap + next;
    } else {
      col = text.length;
      text += next;
    }
  }
  buffer.replace(from, last - from + 1, [text], editor.cursor);
  editor.cursor = { line: from, col };
  const removed = last - from;
  if (removed > 2) editor.say(`${removed} fewer lines`);
}

/** Sends lines through a command: `!{motion}`, `:%!cmd`. */
export function* filter(editor: Editor, from: number, to: number, command: string): Step {
  const { buffer } = editor;
  editor.needModifiable();
  const expanded = expandBang(editor, command);
  const input = buffer.lines.slice(from, to + 1).join('\n') + '\n';
  const answer = (yield { kind: 'shell', command: expanded, input, capture: true }) as {
    output: string;
    status: number;
  };
  const lines = answer.output.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const former = to - from + 1;
  const empty = lines.length === 0 && former === buffer.lines.length;
  buffer.replace(from, former, empty ? [''] : lines, editor.cursor);
  editor.cursor = lineStart(editor, Math.min(from, buffer.last));
  if (former > 2) editor.say(`${former} lines filtered`);
  if (answer.status !== 0) editor.say(`shell returned ${answer.status}`);
}

/** `!` in a shell command is the one before. */
export function expandBang(editor: Editor, command: string): string {
  const text = command.replace(/(\\?)!/g, (_, escaped: string) => {
    if (escaped !== '') return '!';
    if (editor.lastShell === '') throw new Refused('E34: No previous command');
    return editor.lastShell;
  });
  editor.lastShell = text;
  return text;
}

/** `gq`: fills lines to 'textwidth'. */
export function format(editor: Editor, from: number, to: number): Position {
  editor.needModifiable();
  const { buffer } = editor;
  const width = editor.options.number('textwidth') || Math.min(79, editor.view.columns - 1);
  const lines = formatLines(buffer.lines.slice(from, to + 1), width);
  const former = buffer.lines.length;
  buffer.replace(from, to - from + 1, lines, editor.cursor);
  tellGrowth(editor, former);
  const line = from + lines.length - 1;
  return { line, col: firstNonBlank(buffer.line(line)) };
}
