import type { Shell } from '../shell';
import { homeOf } from '../expand/tilde';
import { out, warn } from '../run/io';
import { Flag } from '../state/variables';
import { readOptions } from './options';
import type { Builtin } from './types';

const SYNOPSIS = 'cd [-L|[-P [-e]] [-@]] [dir]';

/** Resolves `.` and `..` in the text, as `cd -L` does. */
export function logicalPath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : `${cwd}/`}${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Changes the directory; a message and false if that fails. */
export async function changeDirectory(shell: Shell, path: string, physical = false): Promise<boolean> {
  const { process } = shell;
  const before = shell.get('PWD') ?? process.cwd;
  const target = logicalPath(before, path);
  const real = physical ? process.fs.realpath(target) : undefined;
  const wanted = real?.ok === true ? real.value : target;
  // A way back from where nothing is leads nowhere.
  const stat = /[^/.][^/]*\/+\.\.(\/|$)/.test(path) ? process.fs.stat(path) : process.fs.stat(target);
  const problem = !stat.ok
    ? stat.error.message
    : stat.value.type !== 'directory'
      ? 'Not a directory'
      : process.fs.access(target, { execute: true }).ok
        ? undefined
        : 'Permission denied';
  if (problem !== undefined) {
    if (shell.dialect === 'dash') await warn(shell, `can't cd to ${path}`);
    else if (shell.dialect === 'ash') await warn(shell, `can't cd to ${path}: ${problem}`);
    else await warn(shell, `${path}: ${problem}`);
    return false;
  }
  process.cwd = wanted;
  shell.directory = wanted;
  shell.variables.assign('OLDPWD', before);
  shell.variables.mark('OLDPWD', Flag.exported);
  shell.variables.assign('PWD', wanted);
  shell.variables.mark('PWD', Flag.exported);
  return true;
}

export const cd: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'LPe@', SYNOPSIS);
  if (options === undefined) return 2;
  const { flags, rest } = options;
  if (rest.length > 1 && shell.dialect === 'bash') {
    await warn(shell, 'too many arguments');
    return 1;
  }
  const physical = flags.has('P') || (shell.options.has('physical') && !flags.has('L'));
  let target = rest[0];
  let show = false;
  if (target === undefined) {
    target = shell.get('HOME') ?? homeOf(shell, '');
    if (target === undefined || shell.get('HOME') === undefined) {
      await warn(shell, 'HOME not set');
      return 1;
    }
  } else if (target === '-') {
    target = shell.get('OLDPWD');
    show = true;
    if (target === undefined) {
      await warn(shell, 'OLDPWD not set');
      return 1;
    }
  }
  if (target === '') return 0;
  const viaPath = cdpath(shell, target);
  if (!(await changeDirectory(shell, viaPath ?? target, physical))) return shell.dialect === 'dash' ? 2 : 1;
  return show || viaPath !== undefined ? out(shell, `${shell.get('PWD') ?? ''}\n`) : 0;
};

function cdpath(shell: Shell, target: string): string | undefined {
  const path = shell.get('CDPATH');
  if (path === undefined || path === '' || /^(\/|\.\.?(\/|$))/.test(target)) return undefined;
  for (const folder of path.split(':')) {
    if (folder === '' || folder === '.') continue;
    const candidate = `${folder.replace(/\/$/, '')}/${target}`;
    const stat = shell.process.fs.stat(candidate);
    if (stat.ok && stat.value.type === 'directory') return candidate;
  }
  return undefined;
}

export const pwd: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'LP', 'pwd [-LP]');
  if (options === undefined) return 2;
  const logical = shell.directory ?? shell.process.cwd;
  if (!options.flags.has('P')) return out(shell, `${logical}\n`);
  const real = shell.process.fs.realpath(shell.process.cwd);
  return out(shell, `${real.ok ? real.value : logical}\n`);
};
