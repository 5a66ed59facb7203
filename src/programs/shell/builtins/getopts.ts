import { errorText, warn } from '../run/io';
import { isName } from './options';
import type { Builtin } from './types';

export const getopts: Builtin = async (shell, args) => {
  const [letters, name, ...given] = args;
  if (letters === undefined || name === undefined) {
    await errorText(
      shell,
      shell.dialect === 'bash'
        ? 'getopts: usage: getopts optstring name [arg ...]\n'
        : `${shell.prefix}getopts: Usage: getopts optstring var [arg...]\n`,
    );
    return 2;
  }
  const words = given.length > 0 ? given : shell.positional;
  const silent = letters.startsWith(':');
  const put = async (value: string): Promise<number> => {
    if (isName(name)) {
      shell.set(name, value);
      return 0;
    }
    await warn(shell, `\`${name}': not a valid identifier`);
    return 1;
  };
  let index = Number(shell.get('OPTIND') ?? '1') || 1;
  const at = shell.getoptsOffset;
  const word = words[index - 1];
  const done = async (): Promise<number> => {
    moveTo(Math.min(index, words.length + 1), 0);
    shell.variables.unset('OPTARG');
    await put('?');
    return 1;
  };
  const moveTo = (next: number, offset: number): void => {
    shell.set('OPTIND', String(next));
    shell.getoptsOffset = offset; // after the assignment, which resets it
  };
  if (at === 0) {
    if (word === undefined || !word.startsWith('-') || word === '-') return done();
    if (word === '--') {
      index++;
      return done();
    }
  }
  const text = word ?? '';
  const position = at === 0 ? 1 : at;
  const letter = text.charAt(position);
  const known = letters.indexOf(letter, silent ? 1 : 0);
  const rest = text.slice(position + 1);
  const forward = (): void => (rest === '' ? moveTo(index + 1, 0) : moveTo(index, position + 1));
  if (known < 0 || letter === ':') {
    forward();
    shell.set(name, '?');
    if (silent) shell.set('OPTARG', letter);
    else {
      shell.variables.unset('OPTARG');
      if (shell.get('OPTERR') !== '0')
        await errorText(shell, illegal(shell, `illegal option -- ${letter}`, `Illegal option -${letter}`));
    }
    return 0;
  }
  if (letters.charAt(known + 1) !== ':') {
    forward();
    shell.variables.unset('OPTARG');
    return put(letter);
  }
  if (rest !== '') {
    shell.set('OPTARG', rest);
    moveTo(index + 1, 0);
    return put(letter);
  }
  const value = words[index];
  moveTo(index + 2, 0);
  if (value !== undefined) {
    shell.set('OPTARG', value);
    return put(letter);
  }
  moveTo(index + 1, 0);
  if (silent) {
    shell.set('OPTARG', letter);
    return put(':');
  }
  shell.set(name, '?');
  shell.variables.unset('OPTARG');
  if (shell.get('OPTERR') !== '0') {
    await errorText(shell, illegal(shell, `option requires an argument -- ${letter}`, `No arg for -${letter} option`));
  }
  return 0;
};

const illegal = (shell: Parameters<Builtin>[0], bash: string, dash: string): string =>
  shell.dialect === 'dash' ? `${dash}\n` : `${shell.name}: ${bash}\n`;
