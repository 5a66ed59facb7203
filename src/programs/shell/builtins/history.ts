import { expandHistory, HistoryError } from '../editor/history-expand';
import { out, usage, warn } from '../run/io';
import type { Shell } from '../shell';
import { parseNumber } from './numbers';
import { readOptions } from './options';
import type { Builtin } from './types';

/** Where the history of this shell is kept; undefined: nowhere. */
const historyFile = (shell: Shell): string | undefined => shell.get('HISTFILE');

/** The lines of a history file; stamps of HISTTIMEFORMAT are none. */
function linesOf(shell: Shell, path: string): readonly string[] | undefined {
  const text = shell.process.fs.readText(path);
  if (!text.ok) return undefined;
  return text.value.split('\n').filter((line) => line !== '' && !/^#\d+$/.test(line));
}

/** Reads the history file. */
export function loadHistory(shell: Shell): void {
  const path = historyFile(shell);
  const lines = path === undefined ? undefined : linesOf(shell, path);
  if (lines !== undefined) {
    shell.history = [...shell.history, ...lines];
    shell.historyRead = lines.length;
  }
  shell.historySaved = shell.history.length;
}

/** Writes new lines to the history file, as bash does when it ends. */
export function saveHistory(shell: Shell): void {
  const path = historyFile(shell);
  const fresh = shell.history.slice(shell.historySaved);
  if (path === undefined || path === '' || fresh.length === 0) return;
  // More lines than are remembered means that those of the file are forgotten, too.
  const whole = !shell.options.on('histappend') && fresh.length >= shell.history.length;
  if (whole) shell.process.fs.writeFile(path, textOf(shell.history));
  else shell.process.fs.appendFile(path, textOf(fresh));
  shell.historySaved = shell.history.length;
  truncateFile(shell, path);
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** HISTFILESIZE. */
function truncateFile(shell: Shell, path: string): void {
  const limit = parseNumber(shell.get('HISTFILESIZE') ?? '');
  const lines = limit === undefined || limit < 0 ? undefined : linesOf(shell, path);
  if (limit !== undefined && lines !== undefined && lines.length > limit)
    shell.process.fs.writeFile(path, textOf(lines.slice(lines.length - limit)));
}

/** HISTSIZE. */
function truncateMemory(shell: Shell): void {
  const limit = parseNumber(shell.get('HISTSIZE') ?? '');
  const over = limit === undefined || limit < 0 ? 0 : shell.history.length - limit;
  if (over <= 0) return;
  shell.history = shell.history.slice(over);
  shell.historySaved = Math.max(0, shell.historySaved - over);
}

/** What assigning to HISTSIZE and HISTFILESIZE does at once. */
export function historyResized(shell: Shell, name: string): void {
  if (name === 'HISTSIZE') truncateMemory(shell);
  const path = historyFile(shell);
  if (name === 'HISTFILESIZE' && path !== undefined) truncateFile(shell, path);
}

/** Notes a typed line, as HISTCONTROL wants it. */
export function remember(shell: Shell, line: string): void {
  const control = (shell.get('HISTCONTROL') ?? '').split(':');
  const space = control.includes('ignorespace') || control.includes('ignoreboth');
  const twice = control.includes('ignoredups') || control.includes('ignoreboth');
  if (line.trim() === '' || (space && line.startsWith(' ')) || (twice && shell.history.at(-1) === line)) return;
  if (control.includes('erasedups')) shell.history = shell.history.filter((old) => old !== line);
  shell.history.push(line);
  truncateMemory(shell);
}

const SYNOPSIS = 'history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]';

/** `history -p`: the words with their `!` expanded, and nothing kept. */
async function printExpanded(shell: Shell, words: readonly string[]): Promise<number> {
  // The line itself is no part of what it speaks of.
  if (shell.options.has('history')) shell.history = shell.history.slice(0, -1);
  for (const word of words) {
    try {
      await out(shell, `${expandHistory(word, shell.history) ?? word}\n`);
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error;
      await warn(shell, `${word}: history expansion failed`);
      return 1;
    }
  }
  return 0;
}

export const history: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'acd:npsrw', SYNOPSIS);
  if (options === undefined) return 2;
  const { flags, rest } = options;
  if (flags.has('c')) {
    shell.history = [];
    shell.historySaved = 0;
    if (flags.size === 1) return 0;
  }
  const position = flags.get('d');
  if (position !== undefined) return remove(shell, position);
  if (flags.has('s')) {
    // The call of history itself is not kept.
    if (shell.interactive) shell.history = shell.history.slice(0, -1);
    if (rest.length > 0) shell.history = [...shell.history, rest.join(' ')];
    return 0;
  }
  if (flags.has('p')) return printExpanded(shell, rest);
  const transfer = ['a', 'n', 'r', 'w'].filter((letter) => flags.has(letter));
  if (transfer.length > 1) {
    await warn(shell, 'cannot use more than one of -anrw');
    return 1;
  }
  if (transfer[0] !== undefined) return file(shell, transfer[0], rest[0]);
  return flags.has('c') ? 0 : list(shell, rest);
};

async function list(shell: Shell, [first, second]: readonly string[]): Promise<number> {
  const count = first === undefined ? shell.history.length : parseNumber(first);
  if (count === undefined) {
    await warn(shell, `${first ?? ''}: numeric argument required`);
    return 1;
  }
  if (second !== undefined) {
    await warn(shell, 'too many arguments');
    return 1;
  }
  const from = Math.max(0, shell.history.length - count);
  const lines = shell.history.slice(from).map((line, index) => `${String(from + index + 1).padStart(5)}  ${line}\n`);
  return out(shell, lines.join(''));
}

async function remove(shell: Shell, text: string): Promise<number> {
  const [, first, second] = /^(-?\d+)(?:-(-?\d+))?$/.exec(text) ?? [];
  const place = (of: string): number => (of.startsWith('-') ? shell.history.length + Number(of) : Number(of) - 1);
  const from = first === undefined ? -1 : place(first);
  const until = second === undefined ? from : place(second);
  if (shell.history[from] === undefined || shell.history[until] === undefined || until < from) {
    await warn(shell, `${text}: history position out of range`);
    return 1;
  }
  shell.history = shell.history.filter((_, index) => index < from || index > until);
  if (shell.historySaved > from) shell.historySaved = Math.max(from, shell.historySaved - (until - from + 1));
  return 0;
}

/** `-a`, `-n`, `-r`, `-w`: to and from a file. */
async function file(shell: Shell, how: string, named: string | undefined): Promise<number> {
  const path = named ?? historyFile(shell);
  if (path === undefined || path === '') return 1;
  const { fs } = shell.process;
  if (how === 'w' || how === 'a') {
    const fresh = how === 'w' ? shell.history : shell.history.slice(shell.historySaved);
    const written = how === 'w' ? fs.writeFile(path, textOf(fresh)) : fs.appendFile(path, textOf(fresh));
    if (!written.ok) return usage(shell, `${path}: cannot create: ${written.error.message}`, SYNOPSIS).then(() => 1);
    shell.historySaved = shell.history.length;
    shell.historyRead += how === 'a' ? fresh.length : 0;
    return 0;
  }
  const lines = linesOf(shell, path);
  if (lines === undefined) {
    await warn(shell, `${path}: cannot read: ${fs.stat(path).ok ? 'Permission denied' : 'No such file or directory'}`);
    return 1;
  }
  const fresh = how === 'n' ? lines.slice(shell.historyRead) : lines;
  shell.history = [...shell.history, ...fresh];
  shell.historyRead = lines.length;
  shell.historySaved = shell.history.length;
  truncateMemory(shell);
  return 0;
}
