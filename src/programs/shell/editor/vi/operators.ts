import type { Call, Command } from '../commands/types';
import type { LineEditor } from '../line-editor';
import { charEnd, charsFrom, isBlank } from '../words';
import { enterInsert, stand } from './modes';
import { charTarget, motion, type Reach } from './motions';

/** A stretch of the line from a motion; with `whole` it is the line (`dd`). */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly whole?: boolean;
}

/** Reads the motion that an operator wants, with its own count. */
async function readStretch(
  editor: LineEditor,
  operator: string,
  { count, explicit }: Call,
): Promise<Stretch | undefined> {
  const { buffer, input } = editor;
  let digits = '';
  let key = (await input.next()) ?? '\x1b';
  while (/^[1-9]$/.test(key) || (key === '0' && digits !== '')) {
    digits += key;
    key = (await input.next()) ?? '\x1b';
  }
  const times = Math.abs(count) * (digits === '' ? 1 : Number(digits));
  if (key === operator) return { from: 0, to: buffer.length, whole: true };
  const reach = await reachOf(editor, operator, key, times, explicit || digits !== '');
  if (reach === undefined) return undefined;
  const { cursor, text } = buffer;
  const [start, end] = reach.to < cursor ? [reach.to, cursor] : [cursor, reach.to];
  return { from: start, to: reach.inclusive ? charEnd(text, end) : end };
}

async function reachOf(
  editor: LineEditor,
  operator: string,
  key: string,
  count: number,
  explicit: boolean,
): Promise<Reach | undefined> {
  const { text, cursor } = editor.buffer;
  if (/^[fFtT;,]$/.test(key)) return searchReach(editor, key, count);
  if (key === '`') return markReach(editor);
  // `cw` on a word changes to its end, not what is behind it.
  if (operator === 'c' && /^[wW]$/.test(key) && !isBlank(text.charAt(cursor))) return changeWord(editor, key, count);
  return motion(text, cursor, key, count, explicit);
}

function changeWord({ buffer: { text, cursor } }: LineEditor, key: string, count: number): Reach | undefined {
  const to = motion(text, cursor, key, count, true)?.to ?? cursor;
  let end = to;
  while (end > cursor + 1 && isBlank(text.charAt(end - 1))) end--;
  return { to: end, inclusive: false };
}

/** Where f, F, t, T and their repetitions lead. */
export async function searchReach(editor: LineEditor, key: string, count: number): Promise<Reach | undefined> {
  const { vi, buffer, input } = editor;
  const { text, cursor } = buffer;
  let search = vi.charSearch;
  if (key === ',' && search !== undefined) {
    const how = search.how;
    search = { how: how === how.toLowerCase() ? how.toUpperCase() : how.toLowerCase(), char: search.char };
  } else if (key !== ';' && key !== ',') {
    const char = (await input.next()) ?? '\x1b';
    if (char === '\x1b') return undefined;
    search = { how: key, char };
    vi.charSearch = search;
  }
  const to = search === undefined ? undefined : charTarget(text, cursor, search, count);
  if (to === undefined || search === undefined) return undefined;
  return { to, inclusive: search.how === 'f' || search.how === 't' };
}

/** Where a mark is that was set with `m`. */
export async function markReach({ vi, input }: LineEditor): Promise<Reach | undefined> {
  const to = vi.marks.get((await input.next()) ?? '');
  return to === undefined ? undefined : { to, inclusive: false };
}

const toEnd = ({ buffer }: LineEditor): Stretch => ({ from: buffer.cursor, to: buffer.length });

/** `d`, `c` and `y` with a motion; `D`, `C` to the end of the line, `Y` likewise. */
const operator =
  (letter: string, act: (editor: LineEditor, stretch: Stretch) => void): Command =>
  async (editor, call) => {
    const capital = call.keys !== call.keys.toLowerCase();
    const stretch = capital ? toEnd(editor) : await readStretch(editor, letter, call);
    if (stretch === undefined || (stretch.from === stretch.to && letter !== 'c')) return editor.bell();
    if (letter !== 'y') editor.vi.changes();
    act(editor, stretch);
  };

const cut = (editor: LineEditor, { from, to }: Stretch): void => {
  const text = editor.buffer.cut(from, to);
  if (text !== '') editor.kills.add(text, false, false);
};

export const deleteTo = operator('d', (editor, stretch) => {
  cut(editor, stretch);
  stand(editor);
});

export const changeTo = operator('c', (editor, stretch) => {
  enterInsert(editor);
  cut(editor, stretch);
});

export const yankTo = operator('y', ({ buffer, kills }, { from, to, whole = false }) => {
  kills.add(buffer.text.slice(from, to), false, false);
  if (!whole) buffer.moveTo(from);
});

/** `x` and `X`. */
export const deleteHere =
  (direction: number): Command =>
  (editor, { count }) => {
    const { buffer } = editor;
    const to = charsFrom(buffer.text, buffer.cursor, direction * count);
    if (to === buffer.cursor) return editor.bell();
    editor.vi.changes();
    cut(editor, { from: Math.min(to, buffer.cursor), to: Math.max(to, buffer.cursor) });
    stand(editor);
  };

/** `s` changes characters, `S` the line. */
export const substitute: Command = (editor, { count, keys }) => {
  const { buffer } = editor;
  editor.vi.changes();
  const stretch =
    keys === 'S'
      ? { from: 0, to: buffer.length }
      : { from: buffer.cursor, to: charsFrom(buffer.text, buffer.cursor, count) };
  enterInsert(editor);
  cut(editor, stretch);
};
