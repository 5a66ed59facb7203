import { glob } from '../../expand/glob';
import { backslashQuote } from '../../expand/quote';
import { candidatesOf } from '../completion/offer';
import { listRows } from '../completion/list';
import { printList } from '../completion/pager';
import { expandedPath } from '../completion/paths';
import { readTyped } from '../completion/typed-line';
import type { LineEditor } from '../line-editor';
import type { Command, Commands } from './types';

/** The word before the cursor and the paths it matches as a pattern; `open`: as if a `*` stood behind it. */
function matched(editor: LineEditor, open: boolean): { readonly start: number; readonly paths: readonly string[] } {
  const { shell, buffer } = editor;
  const { word } = readTyped(shell, buffer.text, buffer.cursor);
  const pattern = expandedPath(shell, word.raw) + (open && !word.raw.endsWith('*') ? '*' : '');
  const paths = glob(shell.process.fs, pattern, {
    dotglob: shell.options.on('dotglob'),
    globstar: shell.options.on('globstar'),
    ignoreCase: shell.options.on('nocaseglob'),
  });
  return { start: word.start, paths };
}

/** Puts all paths that the word matches in its place. */
const expand: Command = (editor, { explicit }) => {
  const { buffer } = editor;
  const { start, paths } = matched(editor, explicit);
  if (paths.length === 0) return editor.bell();
  buffer.replace(start, buffer.cursor, `${paths.map(backslashQuote).join(' ')} `);
};

const list: Command = async (editor, { explicit }) => {
  const { paths } = matched(editor, explicit);
  if (paths.length === 0) editor.bell();
  else await printList(editor, paths.length, listRows(candidatesOf(paths), editor.columns));
};

/** What all that the word matches begin with, or the only one. */
const complete: Command = async (editor, call) => {
  const { buffer } = editor;
  const { start, paths } = matched(editor, true);
  const [first] = paths;
  if (first === undefined) return editor.bell();
  if (paths.length === 1) buffer.replace(start, buffer.cursor, `${backslashQuote(first)} `);
  else if (editor.last === 'glob-complete-word') await list(editor, { ...call, explicit: true });
  else editor.bell();
};

export const globbing: Commands = {
  'glob-complete-word': complete,
  'glob-expand-word': expand,
  'glob-list-expansions': list,
};
