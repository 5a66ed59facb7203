import { Source } from '../parse/source';
import { singleQuote } from '../expand/quote';
import { errorText, out, warn } from '../run/io';
import type { Shell } from '../shell';
import { readOptions } from './options';
import type { Builtin } from './types';

const SYNOPSIS = 'fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]';

/** `fc`: lists commands of the history, or runs them again, perhaps through an editor. */
export const fc: Builtin = async (shell, args) => {
  const { letters, words } = splitNumbers(args);
  const options = await readOptions(shell, letters, 'e:lnrs', SYNOPSIS);
  if (options === undefined) return 2;
  const { flags } = options;
  const rest = [...options.rest, ...words];
  // The line with `fc` in it is in the history already.
  const known = shell.history.length - (shell.options.has('history') ? 1 : 0);
  const editor = flags.get('e');
  if (flags.has('s') || editor === '-') return again(shell, rest, known);
  if (known === 0) return 0;
  const listing = flags.has('l');
  const [from, to] = rest;
  const last = known - 1;
  const first = from === undefined ? (listing ? Math.max(0, last - 15) : last) : indexOf(shell, from, known);
  const end = to === undefined ? (listing || from === undefined ? last : first) : indexOf(shell, to, known);
  if (first < 0 || end < 0) {
    await warn(shell, 'no command found');
    return 1;
  }
  const indices = range(Math.min(first, last), Math.min(end, last));
  if (flags.has('r') && first <= end) indices.reverse();
  if (!listing) return edited(shell, indices, editor);
  const lines = indices.map((index) => `${flags.has('n') ? '' : index + 1}\t ${shell.history[index] ?? ''}\n`);
  return out(shell, lines.join(''));
};

/** `-3` is a number here, not an option. */
function splitNumbers(args: readonly string[]): { readonly letters: string[]; readonly words: readonly string[] } {
  const at = args.findIndex((argument) => /^-\d/.test(argument));
  return at < 0 ? { letters: [...args], words: [] } : { letters: args.slice(0, at), words: args.slice(at) };
}

function range(first: number, last: number): number[] {
  const step = first <= last ? 1 : -1;
  return Array.from({ length: Math.abs(last - first) + 1 }, (_, index) => first + index * step);
}

/** fc_gethnum(): a number, counted back if negative, or the beginning of a command. */
function indexOf(shell: Shell, word: string, known: number): number {
  if (/^[-+]?\d+$/.test(word)) {
    const number = Number(word);
    if (word.startsWith('-') || number <= 0) return Math.max(0, known + number - (number === 0 ? 1 : 0));
    return Math.min(number, known) - 1;
  }
  return shell.history.slice(0, known).findLastIndex((line) => line.startsWith(word));
}

/** `fc -s`: the last command (that begins so) once more, with a text replaced. */
async function again(shell: Shell, words: readonly string[], known: number): Promise<number> {
  const changes = words.filter((word) => word.includes('='));
  const prefix = words.find((word) => !word.includes('='));
  const index = prefix === undefined ? known - 1 : indexOf(shell, prefix, known);
  let line = shell.history[index];
  if (line === undefined) {
    await warn(shell, 'no command found');
    return 1;
  }
  for (const change of changes) {
    const [pattern = '', replacement = ''] = change.split(/=(.*)/s);
    line = line.replaceAll(pattern, () => replacement);
  }
  return rerun(shell, line);
}

async function rerun(shell: Shell, line: string): Promise<number> {
  await errorText(shell, `${line}\n`);
  if (shell.options.has('history')) shell.history[shell.history.length - 1] = line;
  return shell.interpreter.source(shell, new Source(line, shell.source.name, 'eval', shell.line));
}

/** What the editor leaves of the commands is run. */
async function edited(shell: Shell, indices: readonly number[], editor: string | undefined): Promise<number> {
  const { fs } = shell.process;
  const path = `/tmp/bash-fc.${shell.process.pid}`;
  fs.writeFile(path, indices.map((index) => `${shell.history[index] ?? ''}\n`).join(''));
  const name = editor ?? shell.get('FCEDIT') ?? shell.get('EDITOR') ?? 'vi';
  const status = await shell.interpreter.source(
    shell,
    new Source(`${name} ${singleQuote(path)}`, shell.source.name, 'eval', shell.line),
  );
  const text = fs.readText(path);
  fs.unlink(path);
  if (status !== 0 || !text.ok || text.value.trim() === '') return status;
  return rerun(shell, text.value.replace(/\n$/, ''));
}
