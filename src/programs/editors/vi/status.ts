import type { Editor } from './editor';
import { bottomOf } from './screen';
import { lineWidth, screenColumns } from './text';

/** Where 'showcmd' and the ruler stand in the last row. */
const rulerColumns = (columns: number): { readonly command: number; readonly ruler: number } => ({
  command: columns - 28,
  ruler: columns - 18,
});

/** `All`, `Top`, `Bot` or how much is above. */
function relative(editor: Editor): string {
  const above = editor.top;
  const below = editor.buffer.last - bottomOf(editor);
  if (below <= 0) return above === 0 ? 'All' : 'Bot';
  if (above === 0) return 'Top';
  return `${Math.floor((above * 100) / (above + below))}%`;
}

/** `3,5-12        All`. */
export function ruler(editor: Editor): string {
  const { buffer, cursor, line, tabStop, mode } = editor;
  const empty = buffer.isEmpty;
  const { start, end } = screenColumns(line, cursor.col, tabStop);
  const column = (line[cursor.col] === '\t' && mode === 'normal' ? end : start) + 1;
  const byte = utf8(line.slice(0, cursor.col)) + 1;
  const col = line === '' && mode === 'normal' ? '0-1' : byte === column ? String(byte) : `${byte}-${column}`;
  return `${empty ? 0 : cursor.line + 1},${col}`.padEnd(14) + relative(editor);
}

function utf8(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function modeText(editor: Editor): string {
  const { mode, visual, options, recording } = editor;
  const record = recording === '' ? '' : `recording @${recording}`;
  if (!options.bool('showmode')) return record;
  const paste = options.bool('paste') ? ' (paste)' : '';
  let text = '';
  if (editor.insertPending) text = '-- (insert) --';
  else if (mode === 'insert') text = `-- INSERT${paste} --`;
  else if (mode === 'replace') text = `-- REPLACE${paste} --`;
  else if (visual !== undefined)
    text = visual.mode === 'v' ? '-- VISUAL --' : visual.mode === 'V' ? '-- VISUAL LINE --' : '-- VISUAL BLOCK --';
  return text + record;
}

/** What 'showcmd' tells: the command so far, or how much is selected. */
function pendingText(editor: Editor): string {
  const { visual, cursor, mode } = editor;
  if (visual !== undefined && mode === 'normal' && editor.pending === '') {
    const lines = Math.abs(cursor.line - visual.start.line) + 1;
    if (visual.mode === 'v' && lines === 1) return String(Math.abs(cursor.col - visual.start.col) + 1);
    if (visual.mode !== '\x16') return String(lines);
    const a = screenColumns(editor.buffer.line(visual.start.line), visual.start.col, editor.tabStop);
    const b = screenColumns(editor.line, cursor.col, editor.tabStop);
    return `${lines}x${Math.max(a.end, b.end) - Math.min(a.start, b.start) + 1}`;
  }
  return editor.pending
    .replace(/[\x00-\x1f]/g, (char) => `^${String.fromCharCode(char.charCodeAt(0) + 64)}`)
    .slice(-10);
}

/** The last row of the screen. */
export function statusRow(editor: Editor): readonly string[] {
  const { commandLine, message, view, options } = editor;
  const width = view.columns;
  if (commandLine !== undefined) {
    const text = commandLine.prompt + commandLine.text;
    return [lineWidth(text, 8) >= width ? text.slice(-(width - 1)) : text];
  }
  if (editor.flavour.name === 'busybox') return [busyboxStatus(editor)];
  const { command, ruler: at } = rulerColumns(width);
  const mode = modeText(editor);
  const shown = mode !== '' && message?.error !== true ? mode : (message?.text ?? '');
  const cut =
    width < 40 ? width - 1 : shown.length > command && message !== undefined && mode === '' ? width - 1 : command;
  const text = shown.length > cut ? shown.slice(0, cut) : shown;
  const sgr =
    mode !== '' && message?.error !== true
      ? '1'
      : message?.error === true
        ? /^search hit/.test(text)
          ? '31'
          : '97;41'
        : '';
  let row = sgr === '' ? text : `\x1b[${sgr}m${text}\x1b[m`;
  let used = text.length;
  const pending = options.bool('showcmd') ? pendingText(editor) : '';
  if (used <= command && pending !== '') {
    row += ' '.repeat(command - used) + pending;
    used = command + pending.length;
  }
  if (options.bool('ruler') && used <= at && width >= 40) row += ' '.repeat(at - used) + ruler(editor);
  return [row];
}

/** busybox's: `- p.yaml 1/3 33%`. */
function busyboxStatus(editor: Editor): string {
  const { message, buffer, cursor, mode } = editor;
  if (message !== undefined && message.text !== '')
    return message.error ? `\x1b[7m${message.text}\x1b[m` : message.text;
  const letter = mode === 'insert' ? 'I' : mode === 'replace' ? 'R' : '-';
  const name = buffer.name === '' ? 'No file' : buffer.name;
  const total = buffer.last + 1;
  const flags = `${buffer.readOnly ? ' [Readonly]' : ''}${buffer.modified ? ' [Modified]' : ''}`;
  return `${letter} ${name}${flags} ${cursor.line + 1}/${total} ${Math.floor(((cursor.line + 1) * 100) / total)}%`;
}
