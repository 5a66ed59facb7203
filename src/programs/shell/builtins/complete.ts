import { candidates } from '../editor/candidates';
import { out, warn } from '../run/io';
import type { CompletionSpec, Shell } from '../shell';
import { readOptions } from './options';
import type { Builtin } from './types';

const LETTERS = 'abcdefgjksuvprDEIo:A:G:W:F:C:X:P:S:';
const byLetter: Readonly<Record<string, string>> = {
  a: 'alias',
  b: 'builtin',
  c: 'command',
  d: 'directory',
  e: 'export',
  f: 'file',
  j: 'job',
  k: 'keyword',
  u: 'user',
  v: 'variable',
};

function specOf(flags: ReadonlyMap<string, string>): CompletionSpec {
  const actions = Object.entries(byLetter).flatMap(([letter, action]) => (flags.has(letter) ? [action] : []));
  const named = flags.get('A');
  const option = flags.get('o');
  return {
    function: flags.get('F'),
    words: flags.get('W'),
    options: option === undefined ? [] : [option],
    actions: named === undefined ? actions : [...actions, named],
  };
}

export const complete: Builtin = async (shell, args) => {
  const options = await readOptions(
    shell,
    args,
    LETTERS,
    'complete [-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]',
  );
  if (options === undefined) return 2;
  const { flags, rest } = options;
  if (flags.has('r')) {
    if (rest.length === 0) shell.completions.clear();
    for (const name of rest) shell.completions.delete(name);
    return 0;
  }
  if (flags.has('p') || (rest.length === 0 && !flags.has('D') && !flags.has('E') && !flags.has('I'))) {
    let status = 0;
    for (const name of rest.length === 0 ? [...shell.completions.keys()].sort() : rest) {
      const spec = shell.completions.get(name);
      if (spec !== undefined) await out(shell, `complete ${describe(spec)}${name}\n`);
      else {
        await warn(shell, `${name}: no completion specification`);
        status = 1;
      }
    }
    return status;
  }
  for (const name of rest) shell.completions.set(name, specOf(flags));
  return 0;
};

function describe({ function: called, words, options, actions }: CompletionSpec): string {
  const parts = [...options.map((option) => `-o ${option}`), ...actions.map((action) => `-A ${action}`)];
  if (words !== undefined) parts.push(`-W '${words}'`);
  if (called !== undefined) parts.push(`-F ${called}`);
  return parts.map((part) => `${part} `).join('');
}

export const compgen: Builtin = async (shell, args) => {
  const options = await readOptions(
    shell,
    args,
    LETTERS,
    'compgen [-abcdefgjksuv] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [word]',
  );
  if (options === undefined) return 2;
  const { flags, rest } = options;
  const [word = ''] = rest;
  const found = generate(shell, specOf(flags), word);
  const [prefix, suffix] = [flags.get('P') ?? '', flags.get('S') ?? ''];
  if (found.length === 0) return 1;
  return out(shell, found.map((each) => `${prefix}${each}${suffix}\n`).join(''));
};

/** What a specification offers for a word, but for what functions offer. */
export function generate(shell: Shell, { words, actions }: CompletionSpec, word: string): string[] {
  const listed = words === undefined ? [] : words.split(/\s+/).filter((each) => each !== '' && each.startsWith(word));
  return [...listed, ...actions.flatMap((action) => candidates(shell, action, word))];
}

/** Options of the completion that runs: accepted. */
export const compopt: Builtin = () => 0;
