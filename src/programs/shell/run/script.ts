import { Source } from '../parse/source';
import { Flag } from '../state/variables';
import type { Shell } from '../shell';
import { complain, errorText, readAll } from './io';
import { openPath } from './redirect';

/** Runs a file as a script in this (forked) shell: what bash does with an executable text without `#!`. */
export async function runScriptFile(shell: Shell, path: string, words: readonly string[]): Promise<number> {
  const text = await readScript(shell, path);
  if (text === undefined) return 126;
  shell.positional = words.slice(1);
  const [zero = path] = words;
  shell.name = zero;
  const source = new Source(text, zero, 'file');
  shell.functions.clear();
  shell.aliases.clear();
  // A new shell would have got the environment only.
  for (const name of shell.variables.names()) {
    const flags = shell.variables.raw(name)?.flags ?? 0;
    if ((flags & (Flag.exported | Flag.dynamic | Flag.readonly)) === 0) shell.variables.unset(name);
  }
  shell.variables.define('IFS', ' \t\n');
  shell.variables.define('OPTIND', '1');
  return shell.interpreter.source(shell, source, { last: true });
}

/** The text of a file, or a message. */
export async function readScript(shell: Shell, path: string): Promise<string | undefined> {
  const stat = shell.process.fs.stat(path);
  if (stat.ok && stat.value.type === 'directory') {
    const head = shell.source.kind === 'file' && shell.source.text === '' ? '' : shell.prefix;
    await errorText(shell, `${head === '' ? '' : head}${path}: ${path}: Is a directory\n`);
    return undefined;
  }
  const opened = openPath(shell, path, { read: true });
  if (!opened.ok) {
    await complain(shell, `${path}: ${opened.error.message}`);
    return undefined;
  }
  return (await readAll(shell, opened.value)) ?? '';
}
