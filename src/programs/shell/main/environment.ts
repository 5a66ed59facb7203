import { standardPath } from '../../../linux/process/kernel';
import type { Shell } from '../shell';
import { isName } from '../builtins/options';
import { accounts } from '../expand/tilde';
import { Source } from '../parse/source';
import { parseSource } from '../parse/syntax';
import { isSetOption } from '../state/options';
import { Flag } from '../state/variables';

/** Variables of a new shell: the environment, then what the shell itself sets. */
export function importEnvironment(shell: Shell): void {
  const { variables, process, dialect } = shell;
  for (const [name, value] of process.env) {
    if (dialect === 'bash' && importFunction(shell, name, value)) continue;
    if (!isName(name) || name === '_') continue;
    if (((variables.raw(name)?.flags ?? 0) & Flag.dynamic) === 0) variables.define(name, value, Flag.exported);
    else if (name === 'SHELLOPTS' || name === 'BASHOPTS') importOptions(shell, name, value);
  }
  const usual = (name: string, value: string, flags = 0): void => {
    if (variables.raw(name) === undefined) variables.define(name, value, flags);
  };
  variables.define('IFS', ' \t\n');
  variables.define('OPTIND', '1');
  usual('PATH', standardPath);
  shell.directory = workingDirectory(shell);
  variables.define('PWD', shell.directory, Flag.exported);
  variables.mark('OLDPWD', Flag.exported);
  variables.define('PPID', String(process.parentPid), shell.dialect === 'dash' ? 0 : Flag.readonly | Flag.integer);
  shell.lastArgument = process.env.get('_') ?? `/usr/bin/${dialect}`;
  usual('PS4', '+ ');
  if (dialect !== 'bash') {
    for (const option of ['braceexpand', 'hashall', 'interactive-comments'] as const)
      shell.options.change(option, false);
    shell.options.shopt('expand_aliases', true);
    usual('PS1', process.credentials.uid === 0 ? '# ' : '$ ');
    if (dialect === 'ash') {
      variables.define('PS1', '\\w \\$ ');
      const level = Number.parseInt(process.env.get('SHLVL') ?? '0', 10);
      variables.define('SHLVL', String((Number.isNaN(level) ? 0 : level) + 1), Flag.exported);
    }
    usual('PS2', '> ');
    return;
  }
  const level = Number(process.env.get('SHLVL') ?? '0');
  variables.define('SHLVL', String((Number.isInteger(level) ? level : 0) + 1), Flag.exported);
  variables.define('BASH', process.argv[0]?.replace(/^-/, '').replace(/^bash$/, '/bin/bash') ?? '/bin/bash');
  variables.define('BASH_VERSION', '5.2.15(1)-release');
  variables.define('BASH_VERSINFO', ['5', '2', '15', '1', 'release', 'x86_64-pc-linux-gnu'], Flag.readonly);
  variables.define('UID', String(process.credentials.uid), Flag.readonly | Flag.integer);
  variables.define('EUID', String(process.credentials.uid), Flag.readonly | Flag.integer);
  variables.define('HOSTTYPE', 'x86_64');
  variables.define('MACHTYPE', 'x86_64-pc-linux-gnu');
  usual('OSTYPE', 'linux-gnu');
  usual('SHELL', accounts(shell).find(({ uid }) => uid === process.credentials.uid)?.shell ?? '/bin/sh');
  variables.define('OPTERR', '1');
  usual('HOSTNAME', process.namespaces.uts.hostname);
  usual('TERM', 'dumb');
}

/** `BASH_FUNC_name%%=() { … }`: a function that a parent shell exported. */
function importFunction(shell: Shell, variable: string, text: string): boolean {
  const [, name] = /^BASH_FUNC_(.+)%%$/s.exec(variable) ?? [];
  if (name === undefined || !/^\(\)\s*\{/.test(text)) return false;
  const source = new Source(`${name} ${text}`, 'environment', 'command');
  const node = parseSource(source).lines[0]?.statements[0]?.command;
  if (node?.type === 'Function' && node.body.type !== 'CompoundList')
    shell.functions.set(name, { name, body: node.body, source, line: 1, exported: true });
  return true;
}

/** Options that a parent shell exported. */
function importOptions({ options, variables }: Shell, name: string, value: string): void {
  for (const option of value.split(':')) {
    if (name === 'SHELLOPTS' && isSetOption(option)) options.change(option, true);
    else if (name === 'BASHOPTS' && options.knows(option)) options.shopt(option, true);
  }
  variables.mark(name, Flag.exported);
}

/** PWD of the environment, if it still is this directory (it may go through symbolic links); else the path itself. */
function workingDirectory({ process }: Shell): string {
  const told = process.env.get('PWD');
  const here = process.fs.realpath('.');
  const real = here.ok ? here.value : process.cwd;
  if (told === undefined || !told.startsWith('/')) return real;
  const there = process.fs.realpath(told);
  return there.ok && there.value === real ? told : real;
}
