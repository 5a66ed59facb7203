import type { LineEditor } from '../line-editor';
import { charsFrom, shellWords, wordEnd, wordStart } from '../words';
import type { Command, Commands } from './types';

/** Takes what is suggested, up to an index of it; false if nothing is. */
function takeSuggestion({ buffer, ghost }: LineEditor, until = ghost.length): boolean {
  if (ghost === '' || buffer.cursor !== buffer.length) return false;
  buffer.insert(ghost.slice(0, until));
  return true;
}

const characters =
  (direction: number): Command =>
  (editor, { count }) => {
    const { buffer } = editor;
    if (direction * count > 0 && takeSuggestion(editor)) return;
    const target = charsFrom(buffer.text, buffer.cursor, direction * count);
    if (target === buffer.cursor) editor.bell();
    buffer.moveTo(target);
  };

/** Where a number of words on (or back) leads. */
export function wordsFrom(text: string, position: number, count: number): number {
  let at = position;
  for (let left = count; left > 0; left--) at = wordEnd(text, at);
  for (let left = count; left < 0; left++) at = wordStart(text, at);
  return at;
}

/** The same for the shell's words, in which quotes hold blanks together. */
export function shellWordsFrom(text: string, position: number, count: number): number {
  const words = shellWords(text);
  let at = position;
  for (let left = count; left > 0; left--) at = words.find(([, end]) => end > at)?.[1] ?? text.length;
  for (let left = count; left < 0; left++) at = words.findLast(([start]) => start < at)?.[0] ?? 0;
  return at;
}

const forwardWord: Command = (editor, { count }) => {
  const { buffer, ghost } = editor;
  if (count > 0 && takeSuggestion(editor, wordEnd(ghost, 0))) return;
  buffer.moveTo(wordsFrom(buffer.text, buffer.cursor, count));
};

/** To the next (or previous) place of a typed character. */
const toCharacter =
  (direction: number): Command =>
  async (editor, { count }) => {
    const { buffer } = editor;
    const wanted = await editor.input.next();
    const step = Math.sign(direction * count);
    let at = buffer.cursor;
    for (let left = Math.abs(count); left > 0; left--) {
      at =
        step > 0
          ? buffer.text.indexOf(wanted ?? '', at + 1)
          : at === 0
            ? -1
            : buffer.text.lastIndexOf(wanted ?? '', at - 1);
      if (at < 0) return editor.bell();
    }
    buffer.moveTo(at);
  };

/** Up or down on the screen within a line of several rows. */
const screenLine =
  (direction: number): Command =>
  ({ buffer, columns }, { count }) => {
    buffer.moveTo(buffer.cursor + direction * count * columns);
  };

export const moving: Commands = {
  'beginning-of-line': ({ buffer }) => buffer.moveTo(0),
  'end-of-line': (editor) => {
    if (!takeSuggestion(editor)) editor.buffer.moveTo(editor.buffer.length);
  },
  'forward-char': characters(1),
  'forward-byte': characters(1),
  'backward-char': characters(-1),
  'backward-byte': characters(-1),
  'forward-word': forwardWord,
  'backward-word': ({ buffer }, { count }) => buffer.moveTo(wordsFrom(buffer.text, buffer.cursor, -count)),
  'shell-forward-word': ({ buffer }, { count }) => buffer.moveTo(shellWordsFrom(buffer.text, buffer.cursor, count)),
  'shell-backward-word': ({ buffer }, { count }) => buffer.moveTo(shellWordsFrom(buffer.text, buffer.cursor, -count)),
  'previous-screen-line': screenLine(-1),
  'next-screen-line': screenLine(1),
  'character-search': toCharacter(1),
  'character-search-backward': toCharacter(-1),
  'set-mark': ({ buffer }, { count, explicit }) => {
    buffer.mark = explicit ? count : buffer.cursor;
  },
  'exchange-point-and-mark': (editor) => {
    const { buffer } = editor;
    const { mark } = buffer;
    buffer.mark = buffer.cursor;
    buffer.moveTo(mark);
  },
  'clear-screen': (editor) => editor.redraw({ clear: true }),
  'clear-display': (editor) => editor.redraw({ clear: true }),
  'redraw-current-line': (editor) => editor.redraw(),
};
