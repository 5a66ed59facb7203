import { duration } from '../run/time';
import { out, warn } from '../run/io';
import { readOptions } from './options';
import type { Builtin } from './types';

export const umask: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'pS', 'umask [-p] [-S] [mode]');
  if (options === undefined) return 2;
  const { flags, rest } = options;
  const [mode] = rest;
  const { process } = shell;
  if (mode === undefined) {
    const octal = process.umask.toString(8).padStart(4, '0');
    if (flags.has('S')) return out(shell, `${flags.has('p') ? 'umask -S ' : ''}${symbolic(process.umask)}\n`);
    return out(shell, `${flags.has('p') ? 'umask ' : ''}${octal}\n`);
  }
  if (/^[0-7]+$/.test(mode)) {
    process.umask = parseInt(mode, 8) & 0o777;
    return 0;
  }
  const changed = /^\d/.test(mode) ? undefined : applySymbolic(process.umask, mode);
  if (changed === undefined) {
    await warn(
      shell,
      /^\d/.test(mode) ? `${mode}: octal number out of range` : `\`${mode.charAt(0)}': invalid symbolic mode operator`,
    );
    return 1;
  }
  process.umask = changed;
  return 0;
};

const letters = (bits: number): string => `${bits & 4 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 1 ? 'x' : ''}`;

const symbolic = (mask: number): string => {
  const allowed = ~mask & 0o777;
  return `u=${letters(allowed >> 6)},g=${letters((allowed >> 3) & 7)},o=${letters(allowed & 7)}`;
};

function applySymbolic(mask: number, text: string): number | undefined {
  let allowed = ~mask & 0o777;
  for (const clause of text.split(',')) {
    const [, who = '', operator, permissions = ''] = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(clause) ?? [];
    if (operator === undefined) return undefined;
    let bits = 0;
    for (const letter of permissions) bits |= letter === 'r' ? 4 : letter === 'w' ? 2 : 1;
    const shifts =
      who === '' || who.includes('a') ? [6, 3, 0] : [...who].map((each) => (each === 'u' ? 6 : each === 'g' ? 3 : 0));
    for (const by of shifts) {
      if (operator === '+') allowed |= bits << by;
      else if (operator === '-') allowed &= ~(bits << by);
      else allowed = (allowed & ~(7 << by)) | (bits << by);
    }
  }
  return ~allowed & 0o777;
}

/** What the limits of a process are here: nothing in the simulation exceeds Linux' usual values. */
const limits: readonly (readonly [letter: string, text: string, unit: string, soft: string, hard: string])[] = [
  ['R', 'real-time non-blocking time', '(microseconds, -R)', 'unlimited', 'unlimited'],
  ['c', 'core file size', '(blocks, -c)', '0', 'unlimited'],
  ['d', 'data seg size', '(kbytes, -d)', 'unlimited', 'unlimited'],
  ['e', 'scheduling priority', '(-e)', '0', '0'],
  ['f', 'file size', '(blocks, -f)', 'unlimited', 'unlimited'],
  ['i', 'pending signals', '(-i)', '15470', '15470'],
  ['l', 'max locked memory', '(kbytes, -l)', '8192', '8192'],
  ['m', 'max memory size', '(kbytes, -m)', 'unlimited', 'unlimited'],
  ['n', 'open files', '(-n)', '1024', '1048576'],
  ['p', 'pipe size', '(512 bytes, -p)', '8', '8'],
  ['q', 'POSIX message queues', '(bytes, -q)', '819200', '819200'],
  ['r', 'real-time priority', '(-r)', '0', '0'],
  ['s', 'stack size', '(kbytes, -s)', '8192', 'unlimited'],
  ['t', 'cpu time', '(seconds, -t)', 'unlimited', 'unlimited'],
  ['u', 'max user processes', '(-u)', '15470', '15470'],
  ['v', 'virtual memory', '(kbytes, -v)', 'unlimited', 'unlimited'],
  ['x', 'file locks', '(-x)', 'unlimited', 'unlimited'],
];

export const ulimit: Builtin = async (shell, args) => {
  const [options, value] = [
    args.filter((argument) => argument.startsWith('-')),
    args.find((argument) => !argument.startsWith('-')),
  ];
  const chosen = options.join('').replaceAll('-', '');
  const hard = chosen.includes('H') && !chosen.includes('S');
  const current = (letter: string, soft: string, top: string): string =>
    hard ? top : (shell.limits.get(letter) ?? soft);
  if (chosen.includes('a')) {
    const lines = limits.map(
      ([letter, text, unit, soft, top]) =>
        `${text.padEnd(27)} ${unit.padStart(18 - Math.max(0, text.length - 27))} ${current(letter, soft, top)}\n`,
    );
    return out(shell, lines.join(''));
  }
  const letter = chosen.replace(/[HS]/g, '').charAt(0) || 'f';
  const limit = limits.find(([each]) => each === letter);
  if (limit === undefined) {
    await warn(shell, `-${letter}: invalid option`);
    return 2;
  }
  const [, text, , soft, top] = limit;
  if (value === undefined) return out(shell, `${current(letter, soft, top)}\n`);
  if (!/^(\d+|unlimited|hard|soft)$/.test(value)) {
    await warn(shell, `${value}: invalid number`);
    return 1;
  }
  const wanted = value === 'hard' ? top : value === 'soft' ? current(letter, soft, top) : value;
  if (top !== 'unlimited' && (wanted === 'unlimited' || Number(wanted) > Number(top))) {
    await warn(shell, `${text}: cannot modify limit: Operation not permitted`);
    return 1;
  }
  shell.limits.set(letter, wanted);
  return 0;
};

export const times: Builtin = (shell) => {
  const { process } = shell;
  const all = process.host.processes(process);
  const own = (all.find(({ pid }) => pid === process.pid)?.cpuMs ?? 0) / 1000;
  const children =
    all.filter(({ parentPid }) => parentPid === process.pid).reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000;
  const row = (seconds: number): string => `${duration(seconds, 3, true)} ${duration(0, 3, true)}\n`;
  return out(shell, row(own) + row(children));
};
