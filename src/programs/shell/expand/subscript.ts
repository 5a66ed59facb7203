import { parse, type Word } from 'unbash';
import type { Shell } from '../shell';
import { ShellError } from '../state/errors';
import { AssociativeArray } from '../state/values';
import { embeddedParts } from './literal';
import { TextSink } from './split';
import { expandArithmetic, expandQuotedNow, expandText, expandTextNow, isImmediate, isImmediatePart } from './word';

/**
 * Subscripts that come as texts (`unset 'a[$i]'`, name references, `${!name}`, arithmetic) are expanded once more: as a
 * word for an associative array, else as arithmetic.
 */
const isAssociative = (shell: Shell, name: string): boolean =>
  shell.variables.get(name)?.value instanceof AssociativeArray;

const meaningful = /["'$`\\]/;

/** A subscript runs a command where nobody can wait for it. */
class NeedsCommand extends ShellError {
  constructor(
    readonly array: string,
    readonly text: string,
  ) {
    super(`${text}: syntax error: operand expected (error token is "${text}")`);
  }
}

/** Evaluates what may look at subscripts that run commands (`$((x))` with `x='a[$(date +%s)]'`): those run first. */
export async function withCommands<T>(shell: Shell, evaluate: () => T): Promise<T> {
  const outer = shell.subscripts;
  const known = new Map(outer);
  shell.subscripts = known;
  try {
    for (;;) {
      try {
        return evaluate();
      } catch (error) {
        if (!(error instanceof NeedsCommand)) throw error;
        known.set(error.text, await subscriptOf(shell, error.array, error.text));
      }
    }
  } finally {
    shell.subscripts = outer;
  }
}

/** The key that a text means. */
export function subscriptNow(shell: Shell, name: string, text: string): string {
  if (!meaningful.test(text)) return text;
  if (isAssociative(shell, name)) {
    const word = wordOf(text);
    if (word === undefined) return text;
    return isImmediate(word) ? expandTextNow(shell, word, 'none') : keptOf(shell, name, text);
  }
  const parts = embeddedParts(text);
  if (parts === undefined) return text;
  if (!parts.every(isImmediatePart)) return keptOf(shell, name, text);
  const sink = new TextSink();
  expandQuotedNow(shell, parts, sink);
  return sink.text;
}

/** What a command gave for a subscript. */
function keptOf(shell: Shell, name: string, text: string): string {
  const kept = shell.subscripts?.get(text);
  if (kept === undefined) throw new NeedsCommand(name, text);
  return kept;
}

/** The same where commands may run. */
export async function subscriptOf(shell: Shell, name: string, text: string): Promise<string> {
  if (!meaningful.test(text)) return text;
  if (!isAssociative(shell, name)) return expandArithmetic(shell, text);
  const word = wordOf(text);
  return word === undefined ? text : expandText(shell, word, 'none');
}

/** A text as the one word that it is; undefined if it is none. */
function wordOf(text: string): Word | undefined {
  const command = parse(`: "" ${text}`).commands[0]?.command;
  const word = command?.type === 'Command' && command.args.length === 2 ? command.args[1] : undefined;
  return word?.type === 'Word' && word.text === text ? word : undefined;
}
