import type { LineEditor } from '../line-editor';
import { blankStart, isBlank, wordStart } from '../words';
import { shellWordsFrom, wordsFrom } from './moving';
import type { Command, Commands } from './types';

/** Cuts a stretch for later yanks; kills in a row make one text. */
export function kill(editor: LineEditor, from: number, to: number): void {
  if (from === to) return;
  const before = to < from;
  const joins = kills.has(editor.last);
  const cut = editor.buffer.cut(from, to);
  editor.kills.add(cut, before, joins);
}

const killTo =
  (target: (text: string, position: number, count: number) => number): Command =>
  (editor, { count }) => {
    const { buffer } = editor;
    kill(editor, buffer.cursor, target(buffer.text, buffer.cursor, count));
  };

/** Puts a stretch on the ring and leaves it where it is. */
const copy =
  (stretch: (editor: LineEditor, count: number) => readonly [number, number]): Command =>
  (editor, { count }) => {
    const [a, b] = stretch(editor, count);
    editor.kills.add(editor.buffer.text.slice(Math.min(a, b), Math.max(a, b)), b < a, false);
  };

const yank: Command = (editor, { count }) => {
  const { buffer, kills: ring } = editor;
  if (ring.current === undefined) return editor.bell();
  buffer.mark = buffer.cursor;
  yankedAt.set(editor, buffer.cursor);
  for (let left = count; left > 0; left--) buffer.insert(ring.current);
};

const yankPop: Command = (editor) => {
  const { buffer, kills: ring } = editor;
  const start = yankedAt.get(editor);
  if (!/^(vi-)?(yank|yank-pop|put)$/.test(editor.last) || start === undefined) return editor.bell();
  ring.rotate();
  buffer.replace(start, buffer.cursor, ring.current ?? '');
};

/** Where the text of the last yank begins. */
const yankedAt = new WeakMap<LineEditor, number>();

const killRegion: Command = (editor) => kill(editor, editor.buffer.mark, editor.buffer.cursor);

/** What stands before the cursor up to a blank or slash. */
function filenameStart(text: string, position: number): number {
  let at = position;
  while (at > 0 && (isBlank(text.charAt(at - 1)) || text.charAt(at - 1) === '/')) at--;
  return wordStart(text, at, (char) => !isBlank(char) && char !== '/');
}

const repeated =
  (move: (text: string, position: number) => number) => (text: string, position: number, count: number) => {
    let at = position;
    for (let left = count; left > 0; left--) at = move(text, at);
    return at;
  };

const rubout: Command = (editor, call) => {
  if (editor.buffer.cursor === 0) return editor.bell();
  return killTo(repeated(blankStart))(editor, call);
};

const killers: Commands = {
  'kill-line': (editor, { count }) => kill(editor, editor.buffer.cursor, count < 0 ? 0 : editor.buffer.length),
  'backward-kill-line': (editor, { count }) => kill(editor, editor.buffer.cursor, count < 0 ? editor.buffer.length : 0),
  'unix-line-discard': (editor) => {
    if (editor.buffer.cursor === 0) editor.bell();
    else kill(editor, editor.buffer.cursor, 0);
  },
  'kill-whole-line': (editor) => kill(editor, 0, editor.buffer.length),
  'kill-word': killTo(wordsFrom),
  'backward-kill-word': killTo((text, position, count) => wordsFrom(text, position, -count)),
  'shell-kill-word': killTo(shellWordsFrom),
  'shell-backward-kill-word': killTo((text, position, count) => shellWordsFrom(text, position, -count)),
  'unix-word-rubout': rubout,
  'unix-filename-rubout': killTo(repeated(filenameStart)),
  'kill-region': killRegion,
};

/** Commands whose texts join when one follows the other. */
const kills = new Set([...Object.keys(killers), 'vi-unix-word-rubout']);

export const killing: Commands = {
  ...killers,
  'copy-region-as-kill': copy(({ buffer }) => [buffer.mark, buffer.cursor]),
  'copy-forward-word': copy(({ buffer }, count) => [buffer.cursor, wordsFrom(buffer.text, buffer.cursor, count)]),
  'copy-backward-word': copy(({ buffer }, count) => [buffer.cursor, wordsFrom(buffer.text, buffer.cursor, -count)]),
  yank,
  'yank-pop': yankPop,
};
