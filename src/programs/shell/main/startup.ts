import { loadHistory } from '../builtins/history';
import { Source } from '../parse/source';
import { statusOf } from '../run/fork';
import { readScript } from '../run/script';
import type { Shell } from '../shell';
import { Exit } from '../state/errors';
import type { CommandLine } from './command-line';

/** Files that a shell reads before anything else (bash(1), INVOCATION). */
export async function readStartupFiles(shell: Shell, line: CommandLine): Promise<void> {
  const home = shell.get('HOME') ?? '';
  if (shell.interactive) interactiveVariables(shell);
  if (shell.dialect !== 'bash') {
    if (line.login) {
      await sourceIfThere(shell, '/etc/profile');
      await sourceIfThere(shell, `${home}/.profile`);
    }
    const env = shell.get('ENV');
    if (shell.interactive && env !== undefined && env !== '') await sourceIfThere(shell, env);
    return;
  }
  if (line.login && !line.noProfile) {
    await sourceIfThere(shell, '/etc/profile');
    for (const name of ['.bash_profile', '.bash_login', '.profile']) {
      if (await sourceIfThere(shell, `${home}/${name}`)) break;
    }
  } else if (shell.interactive && !line.login && !line.noRc) {
    if (line.rcFile === undefined) await sourceIfThere(shell, '/etc/bash.bashrc');
    await sourceIfThere(shell, line.rcFile ?? `${home}/.bashrc`);
  } else if (!shell.interactive) {
    const env = shell.get('BASH_ENV');
    if (env !== undefined && env !== '') await sourceIfThere(shell, env);
  }
  if (shell.interactive) loadHistory(shell);
}

function interactiveVariables(shell: Shell): void {
  const usual = (name: string, value: string): void => {
    if (shell.get(name) === undefined) shell.variables.define(name, value);
  };
  usual('PS1', shell.dialect === 'bash' ? '\\s-\\v\\$ ' : '$ ');
  usual('PS2', '> ');
  if (shell.dialect !== 'bash') return;
  usual('HISTFILE', `${shell.get('HOME') ?? ''}/.bash_history`);
  usual('HISTSIZE', '500');
  usual('HISTFILESIZE', '500');
}

/** Runs a file in this shell; true if there was one. */
async function sourceIfThere(shell: Shell, path: string): Promise<boolean> {
  const stat = shell.process.fs.stat(path);
  if (!stat.ok || stat.value.type !== 'file') return false;
  const text = await readScript(shell, path);
  if (text === undefined) return false;
  shell.sourceDepth++;
  try {
    shell.status = await shell.interpreter.source(shell, new Source(text, path, 'file'));
  } catch (error) {
    if (error instanceof Exit) throw error;
    shell.status = await statusOf(shell, error);
  } finally {
    shell.sourceDepth--;
    shell.flow = undefined;
  }
  return true;
}
