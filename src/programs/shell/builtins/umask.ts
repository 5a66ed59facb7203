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
  if (/^[0-7]+$/.test(mode) && parseInt(mode, 8) <= 0o7777) {
    process.umask = parseInt(mode, 8) & 0o777;
    return 0;
  }
  const changed = /^\d/.test(mode) ? undefined : applySymbolic(process.umask, mode);
  if (changed === undefined) {
    await warn(
      shell,
      /^\d/.test(mode) && shell.dialect === 'dash'
        ? `Illegal number: ${mode}`
        : /^\d/.test(mode)
          ? `${mode}: octal number out of range`
          : shell.dialect === 'dash'
            ? `Illegal mode: ${mode}`
            : `\`${wrongOperator(mode)}': invalid symbolic mode operator`,
    );
    return shell.dialect === 'dash' ? 2 : 1;
  }
  process.umask = changed;
  return 0;
};

const letters = (bits: number): string => `${bits & 4 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 1 ? 'x' : ''}`;

const symbolic = (mask: number): string => {
  const allowed = ~mask & 0o777;
  return `u=${letters(allowed >> 6)},g=${letters((allowed >> 3) & 7)},o=${letters(allowed & 7)}`;
};

/** What stands where `+`, `-` or `=` should. */
function wrongOperator(mode: string): string {
  const clause = mode.split(',').find((each) => !/^[ugoa]*[-+=]/.test(each)) ?? '';
  return clause.replace(/^[ugoa]+/, '').charAt(0);
}

function applySymbolic(mask: number, text: string): number | undefined {
  let allowed = ~mask & 0o777;
  for (const clause of text.split(',')) {
    const [, who = '', operator, permissions = ''] = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause) ?? [];
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
