import { expandHistory, HistoryError } from '../history-expand';
import { homeOf } from '../../expand/tilde';
import { remember } from '../../builtins/history';
import type { LineEditor } from '../line-editor';
import { shellWords } from '../words';
import { runMeanwhile } from './shell-binding';
import type { Command, Commands } from './types';

/** Replaces the line by what the history expansion makes of it. */
async function expandHistoryLine(editor: LineEditor): Promise<boolean> {
  const { shell, buffer } = editor;
  try {
    const expanded = expandHistory(buffer.text, shell.history);
    if (expanded !== undefined) buffer.set(expanded);
    return true;
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    await editor.printBelow(`${shell.prefix}${error.message}\n`);
    return false;
  }
}

const historyExpand: Command = async (editor) => {
  await expandHistoryLine(editor);
};

/** Puts the text of an alias in place of the line's first word. */
function expandAlias({ shell, buffer }: LineEditor): void {
  const [first] = shellWords(buffer.text);
  const text = first === undefined ? undefined : shell.aliases.get(buffer.text.slice(...first));
  if (first !== undefined && text !== undefined) {
    const tail = buffer.length - buffer.cursor;
    buffer.replace(first[0], first[1], text);
    buffer.moveTo(buffer.length - tail);
  }
}

function expandTildes({ shell, buffer }: LineEditor): void {
  const expanded = buffer.text.replace(/(^|\s)~([^/\s]*)/g, (all, blank: string, user: string) => {
    const home = homeOf(shell, user);
    return home === undefined ? all : blank + home;
  });
  buffer.set(expanded);
}

/** Replaces the word at the cursor by the home directory it names. */
const tildeExpand: Command = (editor) => {
  const { buffer, shell } = editor;
  const word = shellWords(buffer.text).find(([start, end]) => start <= buffer.cursor && buffer.cursor <= end);
  const text = word === undefined ? '' : buffer.text.slice(...word);
  const [all, user] = /^~([^/]*)/.exec(text) ?? [];
  const home = user === undefined ? undefined : homeOf(shell, user);
  if (word === undefined || all === undefined || home === undefined) return editor.bell();
  buffer.replace(word[0], word[0] + all.length, home);
  buffer.moveTo(word[0] + text.length - all.length + home.length);
};

/** Aliases, history, tildes and variables, as shell-expand-line; commands are not run. */
const shellExpand: Command = async (editor) => {
  const { buffer, shell } = editor;
  if (!(await expandHistoryLine(editor))) return;
  buffer.group(() => {
    expandAlias(editor);
    expandTildes(editor);
    buffer.set(
      buffer.text.replace(
        /\$(?:(\w+)|\{(\w+)\})/g,
        (_all, plain?: string, braced?: string) => shell.get(plain ?? braced ?? '') ?? '',
      ),
    );
  });
};

/** Opens the line in $VISUAL or $EDITOR and runs what was saved (C-x C-e; `v` in vi mode). */
const editAndExecute =
  (fallback: string): Command =>
  async (editor) => {
    const { shell, buffer } = editor;
    const { fs, random } = shell.process;
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
    const path = `/tmp/bash-fc.${random.string(6, letters)}`;
    const written = fs.writeFile(path, `${buffer.text}\n`, 0o600);
    if (!written.ok) return editor.bell();
    if (buffer.text !== '') remember(shell, buffer.text);
    const chosen = `\${VISUAL:-\${EDITOR:-${fallback}}}`;
    const edited = await editor.leaveFor(async () => {
      const status = await runMeanwhile(editor, `${chosen} ${path}`);
      const saved = fs.readText(path);
      fs.unlink(path);
      return status === 0 && saved.ok ? saved.value.replace(/\n+$/, '') : '';
    });
    editor.acceptEdited(edited);
  };

export const shellCommands: Commands = {
  'history-expand-line': historyExpand,
  'alias-expand-line': expandAlias,
  'history-and-alias-expand-line': async (editor) => {
    await expandHistoryLine(editor);
    expandAlias(editor);
  },
  'magic-space': async (editor) => {
    await expandHistoryLine(editor);
    editor.buffer.insert(' ');
  },
  'tilde-expand': tildeExpand,
  'shell-expand-line': shellExpand,
  // bash itself falls back to emacs; the editor that Debian comes with is nano.
  'edit-and-execute-command': editAndExecute('nano'),
  'vi-edit-and-execute-command': editAndExecute('vi'),
  're-read-init-file': async (editor) => {
    for (const fault of editor.readline.reread()) await editor.printBelow(`${fault}\n`);
  },
  'emacs-editing-mode': (editor) => {
    editor.readline.set('editing-mode', 'emacs');
    editor.map = 'emacs';
  },
};
