import { parse, type Word } from 'unbash';
import type { Shell } from '../shell';
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

/** The key that a text means; what runs a command is left as it is. */
export function subscriptNow(shell: Shell, name: string, text: string): string {
  if (!meaningful.test(text)) return text;
  if (isAssociative(shell, name)) {
    const word = wordOf(text);
    return word === undefined || !isImmediate(word) ? text : expandTextNow(shell, word, 'none');
  }
  const parts = embeddedParts(text);
  if (parts?.every(isImmediatePart) !== true) return text;
  const sink = new TextSink();
  expandQuotedNow(shell, parts, sink);
  return sink.text;
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
