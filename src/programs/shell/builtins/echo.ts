import { unescape } from '../expand/quote';
import { normalizeBytes } from '../text';
import { out } from '../run/io';
import type { Builtin } from './types';

/** `echo`: in dash escapes always act and `-n` is the only option; bash and ash take -n, -e and -E. */
export const echo: Builtin = (shell, args) => {
  let newline = true;
  let escapes = shell.dialect === 'dash' || shell.options.on('xpg_echo');
  let index = 0;
  if (shell.dialect === 'dash') {
    if (args[0] === '-n') {
      newline = false;
      index = 1;
    }
  } else {
    for (; index < args.length; index++) {
      const argument = args[index] ?? '';
      if (!/^-[neE]+$/.test(argument)) break;
      for (const letter of argument.slice(1)) {
        if (letter === 'n') newline = false;
        else escapes = letter === 'e';
      }
    }
  }
  const text = (index === 0 ? args : args.slice(index)).join(' ');
  if (!escapes || !text.includes('\\')) return out(shell, newline ? `${text}\n` : text);
  const { text: decoded, stopped } = unescape(text, 'echo');
  return out(shell, normalizeBytes(decoded) + (newline && !stopped ? '\n' : ''));
};
