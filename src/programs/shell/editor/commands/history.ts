import { historyWords } from '../history-words';
import type { LineEditor } from '../line-editor';
import type { Call, Command, Commands } from './types';

/** Shows another line of the history; the cursor stands at its end, in vi's command mode at its beginning. */
export function recall(editor: LineEditor, at: number, cursor?: number): boolean {
  const { history, buffer } = editor;
  if (!history.goTo(at, buffer, cursor ?? (editor.map === 'vi-command' ? 0 : undefined))) {
    editor.bell();
    return false;
  }
  return true;
}

const step =
  (direction: number): Command =>
  (editor, { count }) => {
    const { history } = editor;
    const target = history.at + direction * count;
    const inside = Math.max(0, Math.min(history.length, target));
    if (inside === history.at) return editor.bell();
    recall(editor, inside);
  };

/** Where a search among lines that start with what stands before the cursor began. */
const searches = new WeakMap<LineEditor, string>();

/** The next line that starts with (or holds) what stands before the cursor. */
const searchFor =
  (direction: number, anchored: boolean): Command =>
  (editor, { count }) => {
    const { buffer, history, last } = editor;
    if (!/^history-(substring-)?search-/.test(last)) searches.set(editor, buffer.before);
    const wanted = searches.get(editor) ?? '';
    if (wanted === '') return step(direction)(editor, { count, explicit: false, keys: '' });
    let at = history.at;
    const present = buffer.text;
    for (let left = Math.abs(count); left > 0; left--) {
      do at += direction * Math.sign(count);
      while (fits(history.text(at), wanted, anchored, present) === false);
      if (history.text(at) === undefined || at === history.length) {
        return editor.bell();
      }
    }
    const text = history.text(at) ?? '';
    recall(editor, at, anchored ? wanted.length : text.lastIndexOf(wanted) + wanted.length);
  };

/** Whether a line is one to stop at; beyond the ends the search ends too. */
function fits(line: string | undefined, wanted: string, anchored: boolean, present: string): boolean {
  if (line === undefined) return true;
  return line !== present && (anchored ? line.startsWith(wanted) : line.includes(wanted));
}

/** Inserts a word of the line before: the count-th, else its second. */
const yankNth: Command = (editor, { count, explicit }) => {
  const { history, buffer } = editor;
  const words = historyWords(history.text(history.at - 1) ?? '');
  const word = words.at(explicit ? count : 1);
  if (word === undefined) return editor.bell();
  insertArgument(editor, word);
  buffer.mark = buffer.cursor;
};

/** What the last M-. did: how many lines back it looked, which way it goes, and the argument it was given first. */
interface Inserted {
  readonly skip: number;
  readonly direction: number;
  readonly which: Pick<Call, 'count' | 'explicit'>;
  /** Whether it inserted something, which the next one takes back. */
  readonly done: boolean;
}
const inserted = new WeakMap<LineEditor, Inserted>();

function insertArgument({ buffer, map }: LineEditor, word: string): void {
  buffer.group(() => {
    // vi-yank-arg appends behind a blank.
    if (map === 'vi-command') {
      buffer.moveTo(buffer.next);
      buffer.insert(' ');
    }
    buffer.insert(word);
  });
}

/** Inserts the last word of the line before; pressed again, of those before that (rl_yank_last_arg). */
const lastArgument: Command = (editor, { count, explicit }) => {
  const { buffer, history } = editor;
  const before = /^(insert-last-argument|yank-last-arg)$/.test(editor.last) ? inserted.get(editor) : undefined;
  if (before?.done === true) buffer.undo();
  const turns = before !== undefined && explicit && count < 0;
  const direction = (before?.direction ?? 1) * (turns ? -1 : 1);
  const skip = before === undefined ? 0 : Math.max(0, before.skip + direction);
  const which = before?.which ?? { count, explicit };
  const words = historyWords(history.text(history.at - 1 - skip) ?? '');
  const word = which.explicit ? words.at(which.count) : words.at(-1);
  inserted.set(editor, { skip, direction, which, done: word !== undefined });
  if (word === undefined) return editor.bell();
  insertArgument(editor, word);
};

export const history: Commands = {
  'previous-history': step(-1),
  'next-history': step(1),
  'beginning-of-history': (editor) => void recall(editor, 0),
  'end-of-history': (editor) => void recall(editor, editor.history.length),
  'fetch-history': (editor, { count, explicit }) => void recall(editor, explicit ? count - 1 : 0),
  'history-search-backward': searchFor(-1, true),
  'history-search-forward': searchFor(1, true),
  'history-substring-search-backward': searchFor(-1, false),
  'history-substring-search-forward': searchFor(1, false),
  'operate-and-get-next': (editor) => {
    const { history: lines } = editor;
    // The line that is accepted now becomes the newest, so the next one is as far from the end as this one was.
    editor.resumeAt = lines.at < lines.length ? lines.at + 1 : undefined;
    editor.accept();
  },
  'yank-nth-arg': yankNth,
  'yank-last-arg': lastArgument,
  'insert-last-argument': lastArgument,
};
