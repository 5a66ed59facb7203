import type { Shell } from '../shell';
import { out, usage, warn } from '../run/io';
import { changeDirectory } from './cd';
import type { Builtin } from './types';

const short = (shell: Shell, path: string): string => {
  const home = shell.get('HOME');
  if (home === undefined || home === '' || home === '/') return path;
  return path === home ? '~' : path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
};

const whole = (shell: Shell): readonly string[] => [shell.get('PWD') ?? shell.process.cwd, ...shell.directoryStack];

const show = (shell: Shell): number | Promise<number> =>
  out(
    shell,
    `${whole(shell)
      .map((path) => short(shell, path))
      .join(' ')}\n`,
  );

/** The index that `+2` or `-0` means. */
function indexOf(shell: Shell, argument: string): number | undefined {
  if (!/^[+-]\d+$/.test(argument)) return undefined;
  const number = Number(argument.slice(1));
  return argument.startsWith('+') ? number : whole(shell).length - 1 - number;
}

async function outOfRange(shell: Shell, argument: string): Promise<number> {
  await warn(
    shell,
    shell.directoryStack.length === 0 ? 'directory stack empty' : `${argument}: directory stack index out of range`,
  );
  return 1;
}

export const dirs: Builtin = async (shell, args) => {
  let [clear, long, lines, numbered] = [false, false, false, false];
  for (const argument of args) {
    const index = indexOf(shell, argument);
    if (index !== undefined) {
      const path = whole(shell)[index];
      if (path === undefined) return outOfRange(shell, argument.slice(1));
      return out(shell, `${long ? path : short(shell, path)}\n`);
    }
    for (const letter of argument.replace(/^-/, '')) {
      if (letter === 'c') clear = true;
      else if (letter === 'l') long = true;
      else if (letter === 'p') lines = true;
      else if (letter === 'v') numbered = true;
      else {
        await warn(shell, `${argument}: invalid option`);
        return 2;
      }
    }
  }
  if (clear) {
    shell.directoryStack = [];
    return 0;
  }
  const paths = whole(shell).map((path) => (long ? path : short(shell, path)));
  if (numbered) return out(shell, paths.map((path, index) => `${String(index).padStart(2)}  ${path}\n`).join(''));
  return out(shell, lines ? paths.map((path) => `${path}\n`).join('') : `${paths.join(' ')}\n`);
};

export const pushd: Builtin = async (shell, args) => {
  const rest = args.filter((argument) => argument !== '-n' && argument !== '--');
  const [target] = rest;
  if (target !== undefined && /^-[^\d]/.test(target) && !args.includes('--'))
    return usage(shell, `${target}: invalid option`, 'pushd [-n] [+N | -N | dir]');
  if (rest.length > 1) {
    await warn(shell, 'too many arguments');
    return 1;
  }
  const all = whole(shell);
  if (target === undefined) {
    const [top, next, ...others] = all;
    if (top === undefined || next === undefined) {
      await warn(shell, 'no other directory');
      return 1;
    }
    if (!(await changeDirectory(shell, next))) return 1;
    shell.directoryStack = [top, ...others];
    return show(shell);
  }
  const index = indexOf(shell, target);
  if (index !== undefined) {
    if (all[index] === undefined) return outOfRange(shell, target.slice(1));
    const [first = '', ...others] = [...all.slice(index), ...all.slice(0, index)];
    if (!(await changeDirectory(shell, first))) return 1;
    shell.directoryStack = others;
    return show(shell);
  }
  if (args.includes('-n')) shell.directoryStack = [target, ...shell.directoryStack];
  else {
    if (!(await changeDirectory(shell, target === '-' ? (shell.get('OLDPWD') ?? '') : target))) return 1;
    shell.directoryStack = all;
  }
  return show(shell);
};

export const popd: Builtin = async (shell, args) => {
  const rest = args.filter((argument) => argument !== '-n' && argument !== '--');
  const [wrong] = rest.filter((argument) => !/^[-+]\d+$/.test(argument));
  if (wrong !== undefined)
    return usage(shell, `${wrong}: invalid ${wrong.startsWith('-') ? 'option' : 'argument'}`, 'popd [-n] [+N | -N]');
  const all = whole(shell);
  if (all.length === 1) {
    await warn(shell, 'directory stack empty');
    return 1;
  }
  const index = rest[0] === undefined ? (args.includes('-n') ? 1 : 0) : indexOf(shell, rest[0]);
  if (index === undefined || all[index] === undefined) return outOfRange(shell, rest[0] ?? '');
  const others = all.filter((_, position) => position !== index);
  if (index === 0 && !(await changeDirectory(shell, others[0] ?? '/'))) return 1;
  shell.directoryStack = others.slice(1);
  return show(shell);
};
