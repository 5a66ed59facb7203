import { parseSource } from '../../parse/syntax';
import { Source } from '../../parse/source';
import { glob } from '../../expand/glob';
import { matches } from '../../expand/pattern';
import { expandEmbedded, expandFields, ifsOf } from '../../expand/word';
import { singleQuote } from '../../expand/quote';
import { settle } from '../../run/fork';
import { complain } from '../../run/io';
import type { Shell, ShellFunction } from '../../shell';
import { ShellError } from '../../state/errors';
import { Flag } from '../../state/variables';
import { namesOf } from './names';
import { paths } from './paths';
import type { CompletionSpec } from './spec';

/** What functions and commands of a specification are told. */
export interface Request {
  /** The command that is completed, the word at the cursor, the word before. */
  readonly command: string;
  readonly word: string;
  readonly previous: string;
  readonly line: string;
  readonly cursor: number;
  /** COMP_WORDS and COMP_CWORD. */
  readonly words: readonly string[];
  readonly index: number;
  /** COMP_TYPE and COMP_KEY: the kind of completion, and the key that asked. */
  readonly type: string;
  readonly key: number;
}

/** The specification that a running function completes for; `compopt` changes its options. */
const running = new WeakMap<Shell, { spec: CompletionSpec; readonly name: string }>();

export const runningSpec = (shell: Shell): { spec: CompletionSpec; readonly name: string } | undefined =>
  running.get(shell);

/** What a specification offers, and itself with what its function changed by `compopt`; `again`: status 124, start over. */
export interface Generated {
  readonly values: readonly string[];
  readonly spec: CompletionSpec;
  readonly again: boolean;
}

/** Everything that a specification offers for a word (gen_compspec_completions of bash's pcomplete.c). */
export async function generate(shell: Shell, given: CompletionSpec, request: Request): Promise<Generated> {
  const { word } = request;
  let spec = given;
  let found = spec.actions.flatMap((action) => namesOf(shell, action, word));
  if (spec.glob !== undefined)
    found.push(...glob(shell.process.fs, spec.glob, { dotglob: false, globstar: false, ignoreCase: false }));
  if (spec.words !== undefined)
    found.push(...(await wordList(shell, spec.words, request.index < 0)).filter((each) => each.startsWith(word)));
  if (spec.function !== undefined) {
    const called = shell.functions.get(spec.function);
    if (called === undefined) {
      await complain(shell, `completion: function \`${spec.function}' not found`);
    } else {
      const told = await callFunction(shell, spec, called, request);
      if (told.again) return { values: [], spec, again: true };
      spec = told.spec;
      found.push(...told.values);
    }
  }
  if (spec.command !== undefined) found.push(...(await runCommand(shell, spec.command, request)));
  const { filter, prefix = '', suffix = '', options } = spec;
  if (filter !== undefined) found = filtered(found, filter, word);
  if (prefix !== '' || suffix !== '') found = found.map((each) => `${prefix}${each}${suffix}`);
  if ((found.length === 0 && options.has('dirnames')) || options.has('plusdirs'))
    found.push(...paths(shell, word, { directories: true }).filter((path) => !found.includes(path)));
  return { values: found, spec, again: false };
}

/** -X: takes away what matches; `!` what does not; `&` is the word. */
function filtered(found: readonly string[], filter: string, word: string): string[] {
  const inverted = filter.startsWith('!');
  const pattern = (inverted ? filter.slice(1) : filter).replace(/\\&|&/g, (all) =>
    all === '&' ? word.replace(/[*?[\\\]]/g, '\\$&') : '&',
  );
  return found.filter((each) => matches(pattern, each) === inverted);
}

/** -W: split at IFS, quotes honoured, then every word expanded. `strict`: what cannot be read is an error. */
async function wordList(shell: Shell, text: string, strict: boolean): Promise<string[]> {
  const ifs = ifsOf(shell);
  const words = splitAt(text, ifs);
  if (!/["'$`\\~{]/.test(text)) return words;
  // Read as words of a command; what would end a word there is protected.
  const protectedWords = words.map((word) =>
    word.replace(/\$\(\([^]*?\)\)|\$\([^)]*\)|`[^`]*`|"[^"]*"|'[^']*'|\\.|([\s;&|<>()*?[])/g, protect),
  );
  const { lines, fault } = parseSource(new Source(`: ${protectedWords.join(' ')}`, 'compgen', 'eval'));
  if (fault !== undefined && strict) throw new ShellError(fault.messages[0] ?? '');
  const [line] = lines;
  const command = line?.statements[0]?.command;
  return command?.type === 'Command'
    ? expandFields(
        shell,
        command.suffix.flatMap((word) => (word.type === 'Word' ? [word] : [])),
      )
    : words;
}

const protect = (all: string, special?: string): string => (special === undefined ? all : `\\${special}`);

function splitAt(text: string, separators: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const substitution =
      quote === '' || quote === '"'
        ? /^(\$\(\([^]*?\)\)|\$\([^)]*\)|`[^`]*`|\\[^])/.exec(text.slice(at))?.[0]
        : undefined;
    if (substitution !== undefined) {
      word += substitution;
      at += substitution.length - 1;
    } else if (quote !== '') {
      word += char;
      if (char === quote) quote = '';
    } else if (separators.includes(char)) {
      if (word !== '') words.push(word);
      word = '';
    } else {
      if (/["']/.test(char)) quote = char;
      word += char;
    }
  }
  return word === '' ? words : [...words, word];
}

const variables = ['COMP_LINE', 'COMP_POINT', 'COMP_CWORD', 'COMP_WORDS', 'COMP_TYPE', 'COMP_KEY'];

/** -F: the function fills COMPREPLY. */
async function callFunction(
  shell: Shell,
  spec: CompletionSpec,
  called: ShellFunction,
  request: Request,
): Promise<Generated> {
  const { command, word, previous, line, cursor, words, index, type, key } = request;
  const { variables: own, status, lastArgument, pipeStatuses } = shell;
  own.define('COMP_LINE', line);
  own.define('COMP_POINT', String(new TextEncoder().encode(line.slice(0, cursor)).length));
  own.define('COMP_TYPE', type);
  own.define('COMP_KEY', String(key));
  own.define('COMP_CWORD', String(index));
  own.define('COMP_WORDS', words);
  own.unset('COMPREPLY');
  const state = { spec, name: command };
  const outer = running.get(shell);
  running.set(shell, state);
  const call = (): Promise<number> => shell.interpreter.callFunction(shell, called, [command, word, previous]);
  // What fails under `compgen` abandons its line; at a prompt it only says so.
  const told = await (index < 0 ? call() : settle(shell, call));
  if (outer === undefined) running.delete(shell);
  else running.set(shell, outer);
  shell.flow = undefined;
  shell.status = status;
  shell.pipeStatuses = pipeStatuses;
  shell.lastArgument = lastArgument;
  const reply = own.get('COMPREPLY')?.value;
  const values = reply === undefined ? [] : typeof reply === 'string' ? [reply] : [...reply.values()];
  for (const name of [...variables, 'COMPREPLY']) own.unset(name);
  return { values, spec: state.spec, again: told === 124 };
}

/** -C: a command whose lines are offered. */
async function runCommand(shell: Shell, command: string, request: Request): Promise<string[]> {
  const text = `${command} ${[request.command, request.word, request.previous].map(singleQuote).join(' ')}`;
  const output = await outputOf(shell, text, request);
  return output === '' ? [] : output.split('\n').map((line) => line.replace(/\\(.)/g, '$1'));
}

/** Output of a line in a subshell that has COMP_LINE and COMP_POINT in its environment. */
export async function outputOf(shell: Shell, text: string, request: Pick<Request, 'line' | 'cursor'>): Promise<string> {
  const { variables: own, status, pipeStatuses } = shell;
  own.define('COMP_LINE', request.line, Flag.exported);
  own.define('COMP_POINT', String(request.cursor), Flag.exported);
  try {
    return await expandEmbedded(shell, `$(${text})`);
  } finally {
    shell.status = status;
    shell.pipeStatuses = pipeStatuses;
    own.unset('COMP_LINE');
    own.unset('COMP_POINT');
  }
}
