import { standardPath } from '../../../linux/process/kernel';
import type { Shell } from '../shell';
import { isName } from '../builtins/options';
import { Flag } from '../state/variables';

/** Variables of a new shell: the environment, then what the shell itself sets. */
export function importEnvironment(shell: Shell): void {
  const { variables, process, dialect } = shell;
  for (const [name, value] of process.env) {
    if (isName(name) && name !== '_') variables.define(name, value, Flag.exported);
  }
  const usual = (name: string, value: string, flags = 0): void => {
    if (variables.raw(name) === undefined) variables.define(name, value, flags);
  };
  variables.define('IFS', ' \t\n');
  variables.define('OPTIND', '1');
  usual('PATH', standardPath);
  variables.define('PWD', workingDirectory(shell), Flag.exported);
  variables.mark('OLDPWD', Flag.exported);
  variables.define('PPID', String(process.parentPid), Flag.readonly | Flag.integer);
  usual('PS4', '+ ');
  if (dialect !== 'bash') {
    usual('PS1', process.credentials.uid === 0 ? '# ' : '$ ');
    if (dialect === 'ash') variables.define('PS1', '\\w \\$ ');
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
  variables.define('OSTYPE', 'linux-gnu');
  variables.define('OPTERR', '1');
  usual('HOSTNAME', process.namespaces.uts.hostname);
  usual('TERM', 'dumb');
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
