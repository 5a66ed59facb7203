import type { Shell } from '../../shell';
import { hostNames, namesOf } from './names';
import { candidatesOf, type Candidate, type Offer } from './offer';
import { expandedPath, isDirectory, paths } from './paths';
import { unquoted, type TypedWord } from './typed-line';

export interface FileOptions {
  readonly directories?: boolean;
  readonly executables?: boolean;
  /** Only names that end so (and directories). */
  readonly extensions?: readonly string[];
  readonly ignoreCase?: boolean;
  readonly hidden?: boolean;
  readonly suffix?: string;
}

/** Files that begin with a word; the directory stays as it was typed. */
export function fileOffer(shell: Shell, word: TypedWord, options: FileOptions = {}): Offer {
  const slash = word.raw.lastIndexOf('/');
  const typed = word.raw.slice(0, slash + 1);
  const rest = word.raw.slice(slash + 1);
  // A quote that was opened in the directory stays; one before the name belongs to the name.
  const prefix = word.quote !== '' && rest.startsWith(word.quote) ? typed + word.quote : typed;
  const folder = word.quote === "'" ? unquoted(typed) : expandedPath(shell, unquoted(typed));
  const found = paths(shell, folder + unquoted(rest), options).filter(
    (path) => kindFits(shell, path, options) || isDirectory(shell, path),
  );
  const candidates = found.map((path) => fileCandidate(shell, path, options.suffix));
  return { start: word.start, prefix, quote: word.quote, quotes: true, candidates };
}

function kindFits(
  shell: Shell,
  path: string,
  { directories = false, executables = false, extensions }: FileOptions,
): boolean {
  if (directories) return false;
  if (executables) return shell.process.fs.access(path, { execute: true }).ok;
  return (
    extensions === undefined || extensions.some((extension) => path.endsWith(`.${extension.replace(/^\*?\./, '')}`))
  );
}

/** A file: shown by its name, a directory with a slash. */
export function fileCandidate(shell: Shell, path: string, suffix = ' '): Candidate {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const directory = isDirectory(shell, path);
  return { text: name, shown: directory ? `${name}/` : name, suffix: directory ? '/' : suffix };
}

/** Plain words that begin with a word. */
export function wordOffer(word: TypedWord, values: readonly string[], suffix = ' '): Offer {
  return {
    start: word.start,
    prefix: word.quote,
    quote: word.quote,
    quotes: false,
    candidates: candidatesOf(values, suffix),
  };
}

/** `$NAME` and `${NAME}`: one that holds a directory gets a slash. Undefined if the word does not end in a variable. */
export function variableOffer(shell: Shell, word: TypedWord): Offer | undefined {
  const [all, brace = '', name = ''] = /\$(\{?)(\w*)$/.exec(word.raw) ?? [];
  if (all === undefined || word.quote === "'" || /\\$/.test(word.raw.slice(0, -all.length))) return undefined;
  const found = namesOf(shell, 'variable', name);
  const tail = brace === '' ? '' : '}';
  const candidates = found.map((each) => {
    const directory = found.length === 1 && isDirectory(shell, shell.get(each) ?? '');
    const text = `$${brace}${each}${tail}`;
    return { text, shown: text, suffix: directory ? '/' : ' ' };
  });
  const start = word.start + word.raw.length - all.length;
  return { start, prefix: '', quote: word.quote, quotes: false, candidates };
}

export const userOffer = (shell: Shell, word: TypedWord): Offer => {
  const name = word.text.replace(/^~/, '');
  const users = namesOf(shell, 'user', name).map((user) => `${word.text.startsWith('~') ? '~' : ''}${user}`);
  return wordOffer(word, users, word.text.startsWith('~') ? '/' : ' ');
};

/** Hosts that a word begins, also behind an `@`. */
export function hostOffer(shell: Shell, word: TypedWord): Offer {
  const at = word.text.lastIndexOf('@') + 1;
  const wanted = word.text.slice(at);
  const hosts = hostNames(shell).filter((host) => host.startsWith(wanted));
  const own = { ...word, start: word.start + at };
  return wordOffer(own, hosts);
}

/** `%name` and `%1` of jobs. */
export function jobOffer(shell: Shell, word: TypedWord): Offer {
  const wanted = word.text.slice(1);
  const found = shell.jobs.list().flatMap(({ id, text }) => {
    const name = text.split(' ')[0] ?? '';
    return [
      { text: `%${id}`, shown: `%${id}`, description: text, suffix: ' ' },
      ...(name.startsWith(wanted) && wanted !== '' ? [{ text: `%${name}`, shown: `%${name}`, suffix: ' ' }] : []),
    ];
  });
  const candidates = found.filter(({ text }) => text.startsWith(word.text));
  return { start: word.start, prefix: '', quote: '', quotes: false, candidates };
}

/** Commands that begin with a word; with a slash in it, programs by their path. */
export function commandOffer(shell: Shell, word: TypedWord): Offer {
  if (word.raw.includes('/')) return fileOffer(shell, word, { executables: true });
  const names = namesOf(shell, 'command', word.text);
  return names.length === 0 ? fileOffer(shell, word) : wordOffer(word, names);
}
