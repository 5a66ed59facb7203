import type { LineEditor } from '../line-editor';
import { charEnd, charsFrom, isBlank, wordStart } from '../words';
import { shellWordsFrom, wordsFrom } from './moving';
import type { Call, Command, Commands } from './types';

const selfInsert: Command = (editor, { count, keys }) => {
  const { buffer } = editor;
  if (count <= 0) return;
  const text = keys.repeat(count);
  if (!editor.overwrite) return buffer.insert(text, { typed: count === 1 });
  buffer.replace(buffer.cursor, charsFrom(buffer.text, buffer.cursor, count), text);
  editor.vi.replaced++;
};

/** Backspace; after vi's `R` it gives back what was written over. */
const backspace: Command = (editor, { count, explicit }) => {
  const { buffer, vi } = editor;
  if (!editor.overwrite || editor.map !== 'vi-insert') return deleteChars(editor, { count: -count, explicit });
  for (let left = count; left > 0; left--) {
    if (vi.replaced > 0) {
      vi.replaced--;
      buffer.undo();
    }
    buffer.moveTo(buffer.previous);
  }
};

/** Deletes characters; with an explicit count they can be yanked. */
function deleteChars(editor: LineEditor, { count, explicit }: Pick<Call, 'count' | 'explicit'>): void {
  const { buffer } = editor;
  const target = charsFrom(buffer.text, buffer.cursor, count);
  if (target === buffer.cursor) return editor.bell();
  const cut = buffer.cut(buffer.cursor, target);
  if (explicit) editor.kills.add(cut, count < 0, false);
}

const deleteChar: Command = (editor, call) => {
  // On an empty line ^D is the end of the input, but not right after another ^D deleted something.
  if (editor.buffer.length === 0 && call.keys === '\x04' && editor.last !== 'delete-char') return editor.end();
  deleteChars(editor, call);
};

const transposeChars: Command = (editor, { count }) => {
  const { buffer } = editor;
  const { text } = buffer;
  if (count === 0) return;
  if (buffer.cursor === 0 || charEnd(text, 0) >= text.length) return editor.bell();
  buffer.group(() => {
    // At the end the two before are exchanged.
    if (buffer.cursor === text.length) buffer.moveTo(buffer.previous);
    const start = buffer.previous;
    const char = buffer.cut(start, buffer.cursor);
    buffer.moveTo(charsFrom(buffer.text, start, count));
    buffer.insert(char);
  });
};

/** Exchanges two words, found by moving `forward` or back over words. */
const transposeWords =
  (move: (text: string, position: number, count: number) => number): Command =>
  (editor, { count }) => {
    const { buffer } = editor;
    const { text, cursor } = buffer;
    const end2 = move(text, cursor, count);
    const start2 = move(text, end2, -1);
    const start1 = move(text, start2, -count);
    const end1 = move(text, start1, 1);
    if (start1 === start2 || start2 < end1) return editor.bell();
    const swapped = text.slice(start2, end2) + text.slice(end1, start2) + text.slice(start1, end1);
    buffer.replace(start1, end2, swapped);
  };

const changeCase =
  (change: (word: string) => string): Command =>
  ({ buffer }, { count }) => {
    const { cursor } = buffer;
    const target = wordsFrom(buffer.text, cursor, count);
    const [from, to] = cursor < target ? [cursor, target] : [target, cursor];
    const changed = change(buffer.text.slice(from, to));
    if (changed !== buffer.text.slice(from, to)) buffer.replace(from, to, changed);
    buffer.moveTo(count < 0 ? cursor : from + changed.length);
  };

const capitalized = (text: string): string =>
  text.replace(/[\p{L}\p{N}]+/gu, (word) => {
    const [first = ''] = word;
    return first.toUpperCase() + word.slice(first.length).toLowerCase();
  });

/** Takes what is between brackets of a paste as one insertion (rl_bracketed_paste_begin). */
async function paste(editor: LineEditor): Promise<void> {
  const end = '\x1b[201~';
  let text = '';
  while (!text.endsWith(end)) text += (await editor.input.next({ raw: true })) ?? end;
  editor.buffer.insert(text.slice(0, -end.length).replaceAll('\r\n', '\n').replaceAll('\r', '\n'));
}

const comment: Command = (editor, { explicit }) => {
  const { buffer } = editor;
  const sign = editor.readline.variables.text('comment-begin');
  buffer.moveTo(0);
  if (explicit && buffer.text.startsWith(sign)) buffer.cut(0, sign.length);
  else buffer.insert(sign);
  editor.accept();
};

/** Reads the digits of a numeric argument, then the keys it is for (rl_digit_loop). */
async function digits(editor: LineEditor, { keys }: Call): Promise<void> {
  let typed = keys.slice(-1);
  for (;;) {
    const count = countOf(typed);
    editor.message = `(arg: ${count}) `;
    const next = (await editor.input.next()) ?? '';
    if (next >= '0' && next <= '9' && next !== '') typed += next;
    else if (next === '-' && typed === '-') typed = '-';
    else {
      // M-3 M-4: more digits by their own keys.
      const more = next === '\x1b' ? await editor.input.next({ timeout: 500 }) : undefined;
      if (more !== undefined && /^[0-9]$/.test(more)) {
        typed += more;
        continue;
      }
      editor.message = undefined;
      if (more !== undefined) editor.input.push(more);
      await editor.press(next, { count, explicit: true });
      return;
    }
  }
}

const countOf = (typed: string): number =>
  typed === '-' ? -1 : Math.max(-1_000_000, Math.min(1_000_000, Number(typed)));

/** C-u as in emacs: four times the argument, or digits after it. */
async function universalArgument(editor: LineEditor): Promise<void> {
  let count = 4;
  for (;;) {
    editor.message = `(arg: ${count}) `;
    const next = (await editor.input.next()) ?? '';
    if (next === '\x15') count *= 4;
    else if (/^[-\d]$/.test(next)) return digits(editor, { count: 1, explicit: false, keys: next });
    else {
      editor.message = undefined;
      await editor.press(next, { count, explicit: true });
      return;
    }
  }
}

export const changing: Commands = {
  'self-insert': selfInsert,
  'tab-insert': (editor, call) => selfInsert(editor, { ...call, keys: '\t' }),
  'quoted-insert': async (editor, call) => {
    const next = await editor.input.next({ raw: true });
    if (next !== undefined) await selfInsert(editor, { ...call, keys: next });
  },
  'bracketed-paste-begin': paste,
  'delete-char': deleteChar,
  'delete-char-or-list': async (editor, call) => {
    if (editor.buffer.cursor < editor.buffer.length || editor.buffer.length === 0) return deleteChar(editor, call);
    await editor.run('possible-completions', call);
  },
  'backward-delete-char': backspace,
  'forward-backward-delete-char': (editor, { count, explicit }) => {
    const atEnd = editor.buffer.cursor === editor.buffer.length;
    deleteChars(editor, { count: atEnd ? -count : count, explicit });
  },
  'delete-horizontal-space': ({ buffer }) => {
    const { text, cursor } = buffer;
    const start = wordStart(text, cursor, isBlank);
    const from = text.slice(start, cursor).trim() === '' ? start : cursor;
    let to = cursor;
    while (to < text.length && isBlank(text.charAt(to))) to++;
    if (from < to) buffer.cut(from, to);
  },
  'transpose-chars': transposeChars,
  'transpose-words': transposeWords(wordsFrom),
  'shell-transpose-words': transposeWords(shellWordsFrom),
  'upcase-word': changeCase((word) => word.toUpperCase()),
  'downcase-word': changeCase((word) => word.toLowerCase()),
  'capitalize-word': changeCase(capitalized),
  'overwrite-mode': (editor, { count, explicit }) => {
    editor.overwrite = explicit ? count > 0 : !editor.overwrite;
  },
  undo: (editor, { count }) => {
    for (let left = count; left > 0; left--) if (!editor.buffer.undo()) return editor.bell();
  },
  'revert-line': (editor) => {
    const { buffer, map, vi } = editor;
    if (!buffer.changed) return editor.bell();
    const original = map === 'vi-command' ? vi.original : undefined;
    while (buffer.text !== original && buffer.undo());
    if (original !== undefined) buffer.moveTo(0);
  },
  'insert-comment': comment,
  'accept-line': (editor) => editor.accept(),
  abort: (editor) => {
    editor.message = undefined;
    editor.input.forget();
    editor.bell();
  },
  'do-lowercase-version': (editor) => editor.bell(),
  'skip-csi-sequence': async (editor) => {
    for (let next = await editor.input.next(); next !== undefined && !/[@-~]/.test(next);)
      next = await editor.input.next();
  },
  'digit-argument': digits,
  'universal-argument': universalArgument,
};
