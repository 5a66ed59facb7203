import { out, warn } from '../run/io';
import type { Shell } from '../shell';
import { parseNumber } from './numbers';
import type { Builtin } from './types';

/** Where the history of this shell is kept. */
export const historyFile = (shell: Shell): string =>
  shell.get('HISTFILE') ?? `${shell.get('HOME') ?? ''}/.bash_history`;

/** Reads the history file. */
export function loadHistory(shell: Shell): void {
  const text = shell.process.fs.readText(historyFile(shell));
  if (text.ok) shell.history = [...shell.history, ...text.value.split('\n').filter((line) => line !== '')];
  shell.historySaved = shell.history.length;
}

/** Writes new lines to the history file, as bash does when it ends. */
export function saveHistory(shell: Shell): void {
  const fresh = shell.history.slice(shell.historySaved);
  if (fresh.length > 0) shell.process.fs.appendFile(historyFile(shell), fresh.map((line) => `${line}\n`).join(''));
  shell.historySaved = shell.history.length;
}

/** Notes a typed line, as HISTCONTROL wants it. */
export function remember(shell: Shell, line: string): void {
  const control = (shell.get('HISTCONTROL') ?? '').split(':');
  const space = control.includes('ignorespace') || control.includes('ignoreboth');
  const twice = control.includes('ignoredups') || control.includes('ignoreboth');
  if (line.trim() === '' || (space && line.startsWith(' ')) || (twice && shell.history.at(-1) === line)) return;
  if (control.includes('erasedups')) shell.history = shell.history.filter((old) => old !== line);
  shell.history.push(line);
  const limit = Number(shell.get('HISTSIZE') ?? '');
  const over = shell.history.length - limit;
  if (limit <= 0 || !(over > 0)) return;
  shell.history = shell.history.slice(over);
  shell.historySaved = Math.max(0, shell.historySaved - over);
}

export const history: Builtin = async (shell, args) => {
  const [first, second] = args;
  switch (first) {
    case '-c':
      shell.history = [];
      shell.historySaved = 0;
      return 0;
    case '-d': {
      const number = parseNumber(second ?? '');
      const index = number === undefined ? -1 : number < 0 ? shell.history.length + number : number - 1;
      if (shell.history[index] === undefined) {
        await warn(shell, `${second ?? ''}: history position out of range`);
        return 1;
      }
      shell.history = shell.history.filter((_, position) => position !== index);
      return 0;
    }
    case '-w':
      shell.process.fs.writeFile(second ?? historyFile(shell), shell.history.map((line) => `${line}\n`).join(''));
      shell.historySaved = shell.history.length;
      return 0;
    case '-a':
      saveHistory(shell);
      return 0;
    case '-r':
    case '-n':
      loadHistory(shell);
      return 0;
    case '-s':
      shell.history.push(args.slice(1).join(' '));
      return 0;
    default:
  }
  const count = first === undefined ? shell.history.length : parseNumber(first);
  if (count === undefined) {
    await warn(shell, `${first ?? ''}: numeric argument required`);
    return 1;
  }
  const from = Math.max(0, shell.history.length - count);
  const lines = shell.history.slice(from).map((line, index) => `${String(from + index + 1).padStart(5)}  ${line}\n`);
  return out(shell, lines.join(''));
};
