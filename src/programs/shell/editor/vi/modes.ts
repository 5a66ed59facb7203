import type { LineEditor } from '../line-editor';

/** In command mode the cursor stands on a character, not behind the last. */
export function stand({ buffer }: LineEditor): void {
  if (buffer.length > 0 && buffer.cursor === buffer.length) buffer.moveTo(buffer.previous);
}

/** Insertion begins with a command; all of it is undone at once. */
export function enterInsert(editor: LineEditor): void {
  editor.map = 'vi-insert';
  if (editor.vi.inserting) return;
  editor.vi.inserting = true;
  editor.buffer.begin();
}

/** ESC: command mode, one character back. */
export function enterCommand(editor: LineEditor): void {
  const { vi, buffer } = editor;
  if (vi.inserting) buffer.end();
  vi.inserting = false;
  vi.original ??= buffer.text;
  vi.replaced = 0;
  editor.overwrite = false;
  editor.map = 'vi-command';
  if (buffer.cursor > 0) buffer.moveTo(buffer.previous);
}
