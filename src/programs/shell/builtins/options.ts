import type { Shell } from '../shell';
import { usage, warn } from '../run/io';
import { Exit } from '../state/errors';

export interface Options {
  /** Letters that were given; those with an argument map to it. */
  readonly flags: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

/** Special builtins: dash ends where it does not know an option of theirs. */
const endsDash = new Set(['unset', 'trap', 'exec']);

/** Letters that bash alone has. */
const beyondDash: Readonly<Record<string, string>> = { unset: 'n', trap: 'lp' };
const inDash = (builtin: string | undefined, letter: string): boolean =>
  !(beyondDash[builtin ?? ''] ?? '').includes(letter);

/**
 * Reads options of a builtin as bash's internal_getopt: letters, `:` after those that take an argument. A wrong one is
 * told and gives undefined; `synopsis` follows in bash.
 */
export async function readOptions(
  shell: Shell,
  args: readonly string[],
  letters: string,
  synopsis: string,
): Promise<Options | undefined> {
  const flags = new Map<string, string>();
  let index = 0;
  for (; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (argument === '--') {
      index++;
      break;
    }
    if (!argument.startsWith('-') || argument.length === 1) break;
    for (let at = 1; at < argument.length; at++) {
      const letter = argument.charAt(at);
      const known = letters.indexOf(letter);
      if (shell.dialect === 'dash' && (letter === ':' || known < 0 || !inDash(shell.running, letter))) {
        await warn(shell, `Illegal option -${letter}`);
        if (endsDash.has(shell.running ?? '')) throw new Exit(2);
        return undefined;
      }
      if (letter === ':' || known < 0) {
        await usage(shell, `-${letter}: invalid option`, synopsis);
        return undefined;
      }
      if (letters.charAt(known + 1) !== ':') {
        flags.set(letter, '');
        continue;
      }
      const inline = argument.slice(at + 1);
      const value = inline === '' ? args[++index] : inline;
      if (value === undefined) {
        await usage(shell, `-${letter}: option requires an argument`, synopsis);
        return undefined;
      }
      flags.set(letter, value);
      break;
    }
  }
  return { flags, rest: args.slice(index) };
}

export const isName = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text);
