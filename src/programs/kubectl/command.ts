import type { Cli } from './cli';
import { Failure } from './errors';
import { FlagSet, type Flag } from './flags/flag-set';

/** One command of the tree, as spf13/cobra describes it. */
export interface Command {
  /** The usage line without the parents and `[options]`: `get (TYPE | …) [flags]`. Its first word is the name. */
  readonly use: string;
  readonly aliases?: readonly string[];
  readonly short: string;
  readonly long?: string;
  readonly example?: string;
  readonly flags?: readonly Flag[];
  /** Also known to the subcommands. */
  readonly persistentFlags?: readonly Flag[];
  readonly commands?: readonly Command[];
  /** Other words for which this is suggested. */
  readonly suggestFor?: readonly string[];
  readonly hidden?: boolean;
  /** Cobra says so on stderr before running. */
  readonly deprecated?: string;
  /** False: flags end at the first argument. */
  readonly interspersed?: boolean;
  /** How often the command's layers ask a server that does not answer discovery. */
  readonly discoveryAttempts?: number;
  /** The exit status of its failures where it is not 1. Wrong flags then are answered as other wrong usage. */
  readonly failureCode?: number;
  /**
   * What a mere group does without a subcommand: it prints its help on stderr and fails, unless this says that it fails
   * with the help on stdout, or that it just prints help.
   */
  readonly bare?: 'stdout' | 'help';
  /** Has no help: `--help` runs it too. */
  readonly helpless?: boolean;
  /** Absent for a mere group. */
  readonly run?: (cli: Cli) => Promise<void>;
}

export const nameOf = ({ use }: Command): string => use.split(' ', 1)[0] ?? '';

/** A command with its parents, root first. */
export interface Located {
  readonly path: readonly Command[];
  readonly command: Command;
  /** What is left of the command line. */
  readonly words: readonly string[];
}

export const pathText = (path: readonly Command[]): string => path.map(nameOf).join(' ');

/** All flags of a command: its own, and the persistent ones of itself and its parents. */
export function flagsOf(path: readonly Command[]): readonly Flag[] {
  const own = path[path.length - 1]?.flags ?? [];
  return [...own, ...path.toReversed().flatMap(({ persistentFlags = [] }) => persistentFlags)];
}

/** Walks down the tree by the words that are no flags. Source: cobra's Find. */
export function find(root: Command, words: readonly string[]): Located {
  let path: readonly Command[] = [root];
  let rest = words;
  for (;;) {
    const command = path[path.length - 1] ?? root;
    const flags = new FlagSet(flagsOf(path));
    const next = withoutFlags(rest, flags)[0];
    const child = next === undefined ? undefined : childOf(command, next);
    if (next === undefined || child === undefined) return { path, command, words: rest };
    rest = without(rest, next, flags);
    path = [...path, child];
  }
}

const childOf = (command: Command, word: string): Command | undefined =>
  command.commands?.find((child) => nameOf(child) === word || child.aliases?.includes(word));

/** Whether the next word is this flag's value, as far as it can be told before parsing. */
function takesNext(word: string, flags: FlagSet): boolean {
  if (word.includes('=')) return false;
  if (word.startsWith('--')) return flags.lookup(word.slice(2))?.alone === undefined;
  return word.startsWith('-') && word.length === 2 && flags.lookupShort(word.slice(1))?.alone === undefined;
}

export function withoutFlags(words: readonly string[], flags: FlagSet): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') break;
    if (takesNext(word, flags)) {
      if (words.length - at <= 2) break;
      at++;
    } else if (word !== '' && !word.startsWith('-')) kept.push(word);
  }
  return kept;
}

function without(words: readonly string[], name: string, flags: FlagSet): readonly string[] {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') break;
    if (takesNext(word, flags)) at++;
    else if (word === name) return words.toSpliced(at, 1);
  }
  return words;
}

/** Cobra's complaint about a word that is no command of the root. */
export function unknownCommand(root: Command, word: string): Failure {
  const near = suggestions(root, word);
  const hint = near.length === 0 ? '' : `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}`;
  return new Failure(`unknown command "${word}" for "${nameOf(root)}"${hint}`);
}

export function suggestions(command: Command, word: string): readonly string[] {
  const typed = word.toLowerCase();
  return (command.commands ?? [])
    .filter(({ hidden, deprecated }) => !hidden && deprecated === undefined)
    .filter((child) => {
      const name = nameOf(child);
      return (
        levenshtein(typed, name.toLowerCase()) <= 2 ||
        name.toLowerCase().startsWith(typed) ||
        child.suggestFor?.some((other) => other.toLowerCase() === typed)
      );
    })
    .map(nameOf);
}

/** How many insertions, deletions and replacements make `b` of `a`. */
export function levenshtein(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
