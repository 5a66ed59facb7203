import { errorText, usage } from '../run/io';
import type { Builtin } from './types';

export const getopts: Builtin = async (shell, args) => {
  const [letters, name, ...given] = args;
  if (letters === undefined || name === undefined) {
    return usage(shell, '', 'getopts optstring name [arg ...]').then(() => 2);
  }
  const words = given.length > 0 ? given : shell.positional;
  const silent = letters.startsWith(':');
  let index = Number(shell.get('OPTIND') ?? '1') || 1;
  const at = shell.getoptsOffset;
  const word = words[index - 1];
  const done = (): number => {
    moveTo(index, 0);
    shell.set(name, '?');
    shell.variables.unset('OPTARG');
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
    shell.set(name, letter);
    return 0;
  }
  if (rest !== '') {
    shell.set('OPTARG', rest);
    moveTo(index + 1, 0);
    shell.set(name, letter);
    return 0;
  }
  const value = words[index];
  moveTo(index + 2, 0);
  if (value !== undefined) {
    shell.set('OPTARG', value);
    shell.set(name, letter);
    return 0;
  }
  moveTo(index + 1, 0);
  if (silent) {
    shell.set(name, ':');
    shell.set('OPTARG', letter);
    return 0;
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
