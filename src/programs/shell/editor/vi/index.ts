import { recall } from '../commands/history';
import { kill } from '../commands/killing';
import { askFor, searchAgain, searchOnce } from '../commands/searching';
import type { Call, Command, Commands } from '../commands/types';
import { historyWords } from '../history-words';
import type { LineEditor } from '../line-editor';
import { charEnd, charsFrom, isBlank } from '../words';
import { enterCommand, enterInsert, stand } from './modes';
import { motion, type Reach } from './motions';
import { changeTo, deleteHere, deleteTo, markReach, searchReach, substitute, yankTo } from './operators';

function go(editor: LineEditor, reach: Reach | undefined): void {
  if (reach === undefined) return editor.bell();
  editor.buffer.moveTo(reach.to);
  if (editor.map === 'vi-command') stand(editor);
}

/** A motion by its key. */
const move =
  (key?: string): Command =>
  (editor, call) => {
    const { text, cursor } = editor.buffer;
    go(editor, motion(text, cursor, key ?? call.keys, call.count, call.explicit));
  };

/** Starts to insert at a place. */
const insertAt =
  (place: (editor: LineEditor) => number): Command =>
  (editor) => {
    editor.vi.changes();
    editor.buffer.moveTo(place(editor));
    enterInsert(editor);
  };

const put: Command = (editor, { count, keys }) => {
  const { buffer, kills } = editor;
  if (kills.current === undefined) return editor.bell();
  editor.vi.changes();
  if (keys === 'p') buffer.moveTo(buffer.next);
  buffer.insert(kills.current.repeat(count));
  buffer.moveTo(buffer.previous);
};

/** `r`: another character in place of these. */
const changeChar: Command = async (editor, { count }) => {
  const { buffer } = editor;
  const char = (await editor.input.next({ raw: true })) ?? '\x1b';
  const to = charsFrom(buffer.text, buffer.cursor, count);
  if (char === '\x1b' || char === '\x03' || to === buffer.cursor) return;
  editor.vi.changes();
  const replaced = [...buffer.text.slice(buffer.cursor, to)].length;
  buffer.replace(buffer.cursor, to, char.repeat(Math.min(count, replaced)));
  buffer.moveTo(buffer.previous);
};

/** `~`: capitals to small letters and back. */
const changeCase: Command = (editor, { count }) => {
  const { buffer } = editor;
  const to = charsFrom(buffer.text, buffer.cursor, count);
  if (to === buffer.cursor) return editor.bell();
  editor.vi.changes();
  const turned = [...buffer.text.slice(buffer.cursor, to)].map((char) =>
    char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase(),
  );
  buffer.replace(buffer.cursor, to, turned.join(''));
  stand(editor);
};

/** `/` looks in older lines, `?` in newer ones. */
const search: Command = async (editor, { keys }) => {
  const direction = keys === '?' ? 1 : -1;
  const pattern = await askFor(editor, keys);
  if (pattern === undefined) return;
  if (pattern === '') searchAgain(editor, 1);
  else searchOnce(editor, pattern, direction);
};

/** `_`: appends the last word of the line before. */
const yankArgument: Command = (editor, { count, explicit }) => {
  const { buffer, history } = editor;
  const words = historyWords(history.text(history.at - 1) ?? '');
  const word = explicit ? words[count - 1] : words.at(-1);
  if (word === undefined) return editor.bell();
  editor.vi.changes();
  buffer.moveTo(buffer.next);
  enterInsert(editor);
  buffer.insert(buffer.length === 0 ? word : ` ${word}`);
};

/** ^W: back to where vi's word, or what is none, begins. */
const wordRubout: Command = (editor, { count }) => {
  const { buffer } = editor;
  if (buffer.cursor === 0) return editor.bell();
  const to = motion(buffer.text, buffer.cursor, 'b', count, true)?.to ?? 0;
  kill(editor, buffer.cursor, to);
};

const endOfFile: Command = (editor) => {
  if (editor.buffer.length === 0) editor.end();
  else editor.accept();
};

const undo: Command = (editor, call) => {
  for (let left = call.count; left > 0; left--) {
    if (editor.buffer.undo()) continue;
    editor.bell();
    break;
  }
  if (editor.map === 'vi-command') stand(editor);
};

const complete: Command = async (editor, call) => {
  const name = { '*': 'insert-completions', '=': 'possible-completions' }[call.keys] ?? 'complete';
  editor.buffer.moveTo(endOfBlankWord(editor));
  await editor.run(name, { ...call, keys: '\t' });
  if (call.keys !== '=') enterInsert(editor);
};

function endOfBlankWord({ buffer: { text, cursor } }: LineEditor): number {
  let at = cursor;
  while (at < text.length && !isBlank(text.charAt(at))) at++;
  return at;
}

const withReach =
  (find: (editor: LineEditor, call: Call) => Promise<Reach | undefined>): Command =>
  async (editor, call) => {
    const reach = await find(editor, call);
    go(editor, reach);
  };

export const vi: Commands = {
  'vi-movement-mode': enterCommand,
  'vi-insertion-mode': insertAt(({ buffer }) => buffer.cursor),
  'vi-insert-beg': insertAt(() => 0),
  'vi-append-mode': insertAt(({ buffer }) => charEnd(buffer.text, buffer.cursor)),
  'vi-append-eol': insertAt(({ buffer }) => buffer.length),
  'vi-replace': (editor) => {
    editor.vi.changes();
    enterInsert(editor);
    editor.overwrite = true;
  },
  'vi-overstrike': (editor, call) => editor.run('self-insert', call),
  'vi-next-word': move(),
  'vi-prev-word': move(),
  'vi-end-word': move(),
  'vi-fword': move('w'),
  'vi-forward-word': move('w'),
  'vi-fWord': move('W'),
  'vi-forward-bigword': move('W'),
  'vi-bword': move('b'),
  'vi-backward-word': move('b'),
  'vi-bWord': move('B'),
  'vi-backward-bigword': move('B'),
  'vi-eword': move('e'),
  'vi-eWord': move('E'),
  'vi-end-bigword': move('E'),
  'vi-first-print': move('^'),
  'vi-back-to-indent': move('^'),
  'vi-column': move('|'),
  'vi-match': move('%'),
  'vi-char-search': withReach((editor, { keys, count }) => searchReach(editor, keys, count)),
  'vi-goto-mark': withReach(markReach),
  'vi-set-mark': async ({ vi: state, buffer, input }) => {
    state.marks.set((await input.next()) ?? '', buffer.cursor);
  },
  'vi-delete': deleteHere(1),
  'vi-rubout': deleteHere(-1),
  'vi-delete-to': deleteTo,
  'vi-change-to': changeTo,
  'vi-yank-to': yankTo,
  'vi-subst': substitute,
  'vi-change-char': changeChar,
  'vi-change-case': changeCase,
  'vi-put': put,
  'vi-undo': undo,
  'vi-redo': (editor, { count, explicit }) => {
    const keys = editor.vi.repeat(explicit ? count : undefined);
    if (keys === '') editor.bell();
    else editor.input.push(keys);
  },
  'vi-arg-digit': (editor, call) => editor.run('digit-argument', call),
  'vi-fetch-history': (editor, { count, explicit }) => void recall(editor, explicit ? count - 1 : 0),
  'vi-search': search,
  'vi-search-again': (editor, { keys }) => searchAgain(editor, keys === 'N' ? -1 : 1),
  'vi-eof-maybe': endOfFile,
  'vi-unix-word-rubout': wordRubout,
  'vi-yank-arg': yankArgument,
  'vi-tilde-expand': (editor, call) => editor.run('tilde-expand', call),
  'vi-complete': complete,
  'vi-editing-mode': (editor) => {
    editor.readline.set('editing-mode', 'vi');
    editor.map = 'vi-insert';
  },
};
