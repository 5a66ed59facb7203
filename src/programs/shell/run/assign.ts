import type { ArrayValue, Assignment, Word } from 'unbash';
import { parse } from 'unbash';
import { closingBracket } from '../expand/arithmetic';
import { bracedWords } from '../expand/literal';
import { subscriptText } from '../expand/parameter';
import { expandFields, expandText } from '../expand/word';
import type { Shell } from '../shell';
import { ShellError } from '../state/errors';
import { Flag } from '../state/variables';
import { AssociativeArray } from '../state/values';
import { traceQuote } from './xtrace';

export interface ArrayElement {
  readonly subscript: string | undefined;
  readonly value: string;
  readonly append: boolean;
}

/** An assignment with everything expanded. */
export interface Prepared {
  readonly name: string;
  readonly subscript: string | undefined;
  readonly append: boolean;
  readonly value: string | readonly ArrayElement[];
  /** The subscript as it was written, for messages. */
  readonly written?: string | undefined;
}

/** Expands the value of `name=value`. Arrays are not assigned yet, since `declare -A` must come first. */
export async function prepareAssignment(shell: Shell, { name, value, append, index }: Assignment): Promise<Prepared> {
  const subscript = index === undefined ? undefined : await subscriptText(shell, name, index);
  if (value.type === 'ArrayValue') {
    if (shell.dialect !== 'bash') throw new ShellError('Syntax error: "(" unexpected', { status: 2, exits: true });
    return { name, subscript, append: append === true, value: await arrayElements(shell, name, value) };
  }
  const written = index?.text;
  return { name, subscript, append: append === true, value: await expandText(shell, value, 'assignment'), written };
}

/** `( … )` of an array assignment: words as fields, `[subscript]=value` as they stand. */
export async function arrayElements(
  shell: Shell,
  name: string,
  { elements }: ArrayValue,
  associative = shell.variables.get(name)?.value instanceof AssociativeArray,
): Promise<ArrayElement[]> {
  const out: ArrayElement[] = [];
  for (const word of elements) {
    const keyed = associative || bracedWords(word) === undefined ? keyedElement(word) : undefined;
    if (keyed === undefined) {
      for (const value of await expandFields(shell, [word])) out.push({ subscript: undefined, value, append: false });
      continue;
    }
    const subscript = await elementSubscript(shell, name, keyed.subscript);
    const value = await expandText(shell, keyed.value, associative ? 'none' : 'assignment');
    out.push({ subscript, value, append: keyed.append });
  }
  return out;
}

interface Keyed {
  readonly subscript: Word;
  readonly value: Word;
  readonly append: boolean;
}

const keyedWords = new WeakMap<Word, { readonly keyed: Keyed | undefined }>();

/** `[subscript]=value` or `[subscript]+=value`, taken apart and parsed anew; remembered by word. */
function keyedElement(word: Word): Keyed | undefined {
  if (!word.text.startsWith('[')) return undefined;
  const known = keyedWords.get(word);
  if (known !== undefined) return known.keyed;
  const keyed = takeApart(word.text);
  keyedWords.set(word, { keyed });
  return keyed;
}

function takeApart(text: string): Keyed | undefined {
  const close = closingBracket(text, 0);
  const operator = close < 0 ? undefined : /^\+?=/.exec(text.slice(close + 1))?.[0];
  if (operator === undefined) return undefined;
  const subscript = wordOf(text.slice(1, close));
  const value = assignedWord(text.slice(close + 1 + operator.length));
  return subscript === undefined || value === undefined ? undefined : { subscript, value, append: operator === '+=' };
}

function wordOf(text: string): Word | undefined {
  if (text === '') return undefined;
  const command = parse(`: "" ${text}`).commands[0]?.command;
  const word = command?.type === 'Command' ? command.args[1] : undefined;
  // What is more than one word (a subscript such as `1 + 2`) is taken as it is.
  return word?.type === 'Word' && word.text === text
    ? word
    : { type: 'Word', text, value: text, pos: 0, end: text.length };
}

function assignedWord(text: string): Word | undefined {
  const command = parse(`x=${text}`).commands[0]?.command;
  const assignment = command?.type === 'Command' ? command.prefix[0] : undefined;
  return assignment?.type === 'Assignment' && assignment.value.type === 'Word' ? assignment.value : undefined;
}

/** Subscripts of a compound assignment stay texts: an associative array's keys, or expressions for later. */
async function elementSubscript(shell: Shell, name: string, word: Word): Promise<string> {
  const target = shell.variables.resolve(name).name;
  const associative = shell.variables.raw(target)?.value instanceof AssociativeArray;
  return associative || word.parts !== undefined ? expandText(shell, word, 'none') : word.text;
}

/** Does it. */
export function assign(shell: Shell, { name, subscript, append, value, written }: Prepared): void {
  const { variables } = shell;
  const associative = subscript === '' && variables.get(name)?.value instanceof AssociativeArray;
  if (subscript === '' && (associative || written === ''))
    throw new ShellError(`${name}[${written ?? ''}]: bad array subscript`);
  if (typeof value !== 'string') {
    if (subscript !== undefined) throw new ShellError(`${name}[${subscript}]: cannot assign list to array member`);
    variables.assignArray(name, value, append);
  } else if (subscript === undefined) variables.assign(name, value, append);
  else variables.assignElement(name, subscript, value, append);
  if (shell.options.has('allexport')) variables.mark(name, Flag.exported);
}

/** How `set -x` shows an assignment. */
export function assignmentText({ name, subscript, append, value }: Prepared): string {
  const target = subscript === undefined ? name : `${name}[${subscript}]`;
  const operator = append ? '+=' : '=';
  if (typeof value === 'string') return `${target}${operator}${value === '' ? '' : traceQuote(value)}`;
  const items = value.map(
    (each) => (each.subscript === undefined ? '' : `[${each.subscript}]=`) + traceQuote(each.value),
  );
  return `${target}${operator}(${items.join(' ')})`;
}
