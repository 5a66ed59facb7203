import { singleQuote } from '../expand/quote';
import { errorText, out, warn } from '../run/io';
import type { Shell } from '../shell';
import { readOptions } from './options';
import type { Builtin } from './types';

const line = (shell: Shell, name: string, value: string): string =>
  `${shell.dialect === 'bash' ? 'alias ' : ''}${name}=${value === '' ? "''" : singleQuote(value)}\n`;

export const alias: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'p', 'alias [-p] [name[=value] ... ]');
  if (options === undefined) return 2;
  if (options.rest.length === 0) {
    const names = [...shell.aliases.keys()].sort();
    return out(shell, names.map((name) => line(shell, name, shell.aliases.get(name) ?? '')).join(''));
  }
  let status = 0;
  for (const word of options.rest) {
    const equals = word.indexOf('=', 1);
    if (equals > 0) {
      const name = word.slice(0, equals);
      if (/[\s$`'"\\/&;()<>|]/.test(name)) {
        await warn(shell, `\`${name}': invalid alias name`);
        status = 1;
      } else shell.aliases.set(name, word.slice(equals + 1));
      continue;
    }
    const value = shell.aliases.get(word);
    if (value !== undefined) await out(shell, line(shell, word, value));
    else {
      if (shell.dialect === 'dash') await errorText(shell, `alias: ${word} not found\n`);
      else await warn(shell, `${word}: not found`);
      status = 1;
    }
  }
  return status;
};

export const unalias: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'a', 'unalias [-a] name [name ...]');
  if (options === undefined) return 2;
  if (options.rest.length === 0 && !options.flags.has('a') && shell.dialect === 'bash') {
    await errorText(shell, 'unalias: usage: unalias [-a] name [name ...]\n');
    return 2;
  }
  if (options.flags.has('a')) shell.aliases.clear();
  else if (options.rest.length === 0 && shell.dialect === 'bash') {
    await errorText(shell, 'unalias: usage: unalias [-a] name [name ...]\n');
    return 2;
  }
  let status = 0;
  for (const name of options.rest) {
    if (shell.aliases.delete(name)) continue;
    if (shell.dialect === 'dash') await errorText(shell, `unalias: ${name} not found\n`);
    else await warn(shell, `${name}: not found`);
    status = 1;
  }
  return status;
};
