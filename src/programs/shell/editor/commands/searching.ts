import type { LineEditor } from '../line-editor';
import { charStart, isWord, wordEnd } from '../words';
import { recall } from './history';
import type { Command, Commands } from './types';

/** Where an incremental search stands. */
interface Found {
  readonly pattern: string;
  /** The history line that is shown, and where in it the match begins. */
  readonly at: number;
  readonly index: number;
  readonly failed: boolean;
}

/** The pattern of the last search; ^R twice looks for it again. */
const lastPatterns = new WeakMap<LineEditor, string>();

/** Incremental search through the history (readline's isearch.c). */
const incremental =
  (begin: -1 | 1): Command =>
  async (editor) => {
    const { buffer, history } = editor;
    const before = { at: history.at, cursor: buffer.cursor };
    history.keep(buffer);
    let direction = begin;
    let state: Found = { pattern: '', at: history.at, index: buffer.cursor, failed: false };
    const go = (next: Found): void => {
      state = next;
      if (state.failed) editor.bell();
    };
    for (;;) {
      show(editor, state, direction);
      const key = await editor.input.next();
      if (key === undefined || key === '\x07') break;
      if (key === '\x12' || key === '\x13') {
        const turned = key === '\x12' ? -1 : 1;
        const first = state.pattern === '';
        direction = turned;
        const pattern = first ? (lastPatterns.get(editor) ?? '') : state.pattern;
        if (pattern !== '') go(look(editor, { ...state, pattern }, direction, first ? 0 : 1));
        else editor.bell();
      } else if (key === '\x7f' || key === '\b') {
        const pattern = state.pattern.slice(0, charStart(state.pattern, state.pattern.length - 1));
        if (state.pattern === '') editor.bell();
        else
          state =
            pattern === '' ? { ...state, pattern, failed: false } : look(editor, { ...state, pattern }, direction, 0);
      } else if (key === '\x17' || key === '\x19') {
        const line = history.text(state.at) ?? '';
        const end = state.index + state.pattern.length;
        const word = isWord(line.charAt(end)) ? line.slice(end, wordEnd(line, end)) : '';
        const more = key === '\x19' ? (editor.kills.current ?? '') : word;
        if (more === '') editor.bell();
        else go(look(editor, { ...state, pattern: state.pattern + more }, direction, 0));
      } else if (key === '\x16') {
        const quoted = await editor.input.next({ raw: true });
        go(look(editor, { ...state, pattern: state.pattern + (quoted ?? '') }, direction, 0));
      } else if (key >= ' ') {
        go(look(editor, { ...state, pattern: state.pattern + key }, direction, 0));
      } else {
        leave(editor);
        if (state.pattern !== '') lastPatterns.set(editor, state.pattern);
        recall(editor, state.at, state.index);
        // ESC and ^J only end the search; an ESC that more follows is a prefix, everything else is a key of its own.
        if (key === '\x1b') {
          const next = await editor.input.next({ timeout: 100 });
          if (next !== undefined) editor.input.push(`\x1b${next}`);
        } else if (key !== '\n') editor.input.push(key);
        return;
      }
    }
    leave(editor);
    recall(editor, before.at, before.cursor);
    editor.bell();
  };

function show(editor: LineEditor, { pattern, at, index, failed }: Found, direction: number): void {
  const text = editor.history.text(at) ?? '';
  editor.message = `(${failed ? 'failed ' : ''}${direction < 0 ? 'reverse-' : ''}i-search)\`${pattern}': `;
  editor.shown = { text, cursor: charStart(text, index) };
}

function leave(editor: LineEditor): void {
  editor.message = undefined;
  editor.shown = undefined;
}

/** The next match, `skip` characters on; a line like the one shown is passed over. */
function look({ history }: LineEditor, from: Found, direction: number, skip: number): Found {
  const { pattern } = from;
  const shown = history.text(from.at) ?? '';
  let line = shown;
  let at = from.at;
  let start = from.index + direction * skip;
  for (;;) {
    const inside = direction < 0 ? (start < 0 ? -1 : line.lastIndexOf(pattern, start)) : line.indexOf(pattern, start);
    if (inside >= 0 && (at === from.at || line !== shown)) return { pattern, at, index: inside, failed: false };
    at += direction;
    const next = history.text(at);
    if (next === undefined) return { ...from, failed: true };
    line = next;
    start = direction < 0 ? line.length : 0;
  }
}

const searched = new WeakMap<LineEditor, { readonly pattern: string; readonly direction: number }>();

/** Reads a text at the bottom line; undefined if it was given up (noninc_search). */
export async function askFor(editor: LineEditor, prompt: string): Promise<string | undefined> {
  let text = '';
  editor.message = prompt;
  try {
    for (;;) {
      editor.shown = { text, cursor: text.length };
      const key = await editor.input.next();
      if (key === '\r' || key === '\n') return text;
      if (key === undefined || key === '\x07') return undefined;
      if (key === '\x7f' || key === '\b') {
        if (text === '') return undefined;
        text = text.slice(0, charStart(text, text.length - 1));
      } else if (key === '\x15') text = '';
      else if (key === '\x17') text = text.replace(/\S*\s*$/, '');
      else if (key === '\x1b') return undefined;
      else if (key >= ' ') text += key;
      else editor.bell();
    }
  } finally {
    leave(editor);
  }
}

/** Shows the next line that holds a text (or, after `^`, begins with it). */
export function searchOnce(editor: LineEditor, pattern: string, direction: number): boolean {
  const { history } = editor;
  searched.set(editor, { pattern, direction });
  const anchored = pattern.startsWith('^');
  const wanted = anchored ? pattern.slice(1) : pattern;
  for (let at = history.at + direction; ; at += direction) {
    const line = history.text(at);
    if (line === undefined || at === history.length) break;
    // In vi's command mode the line is shown from its beginning.
    const found = anchored ? (line.startsWith(wanted) ? 0 : -1) : line.indexOf(wanted);
    if (found >= 0) return recall(editor, at, editor.map === 'vi-command' ? 0 : found);
  }
  editor.bell();
  return false;
}

const ask =
  (direction: number): Command =>
  async (editor) => {
    const pattern = await askFor(editor, ':');
    if (pattern === undefined) return editor.bell();
    if (pattern !== '') searchOnce(editor, pattern, direction);
    else searchAgain(editor, 1);
  };

/** The last search once more; `turn` -1: the other way. */
export function searchAgain(editor: LineEditor, turn: number): void {
  const last = searched.get(editor);
  if (last === undefined) return editor.bell();
  searchOnce(editor, last.pattern, last.direction * turn);
  searched.set(editor, last);
}

export const searching: Commands = {
  'reverse-search-history': incremental(-1),
  'forward-search-history': incremental(1),
  'non-incremental-reverse-search-history': ask(-1),
  'non-incremental-forward-search-history': ask(1),
  'non-incremental-reverse-search-history-again': (editor) => searchAgain(editor, 1),
  'non-incremental-forward-search-history-again': (editor) => searchAgain(editor, -1),
};
