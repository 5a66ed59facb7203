import { generate } from '../builtins/complete';
import { backslashQuote } from '../expand/quote';
import { homeOf } from '../expand/tilde';
import { settle } from '../run/fork';
import type { CompletionSpec, Shell } from '../shell';
import { candidates, isDirectory, paths } from './candidates';
import { completerOf } from './completers';
import { wordsBefore, type TypedWord } from './typed-words';

/** What Tab does. */
export interface Completion {
  /** Where the word that `insert` replaces begins. */
  readonly start: number;
  /** Empty if nothing more can be put in. */
  readonly insert: string;
  /** All that fits, as a listing shows it. */
  readonly choices: readonly string[];
}

interface Offer {
  readonly values: readonly string[];
  /** Files: quoted, with a slash after directories, listed without their directory. */
  readonly files: boolean;
  /** No blank after a single one. */
  readonly open: boolean;
}

/** Completes the word before the cursor: a command, a variable, a path, or what a program offers. */
export async function completeLine(shell: Shell, line: string, cursor: number): Promise<Completion> {
  const words = wordsBefore(line.slice(0, cursor));
  const word = words.at(-1) ?? { start: cursor, text: '', raw: '', quote: '' };
  const offer = await offersFor(shell, line, cursor, words, word);
  const values = [...new Set(offer.values)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const choices = offer.files ? values.map((value) => listed(shell, value)) : values;
  const [first] = values;
  if (first === undefined) return { start: word.start, insert: '', choices: [] };
  const common = values.reduce((sofar, value) => sharedStart(sofar, value));
  const single = values.length === 1;
  const slash =
    single && offer.files && isDirectory(shell, expandTilde(shell, common)) && !common.endsWith('/') ? '/' : '';
  const insert = written(common, word, offer) + slash;
  const closed = single && slash === '' && !offer.open && !/[/=]$/.test(common);
  const whole = closed ? `${insert}${word.quote} ` : insert;
  return { start: word.start, insert: whole === word.raw || common.length < word.text.length ? '' : whole, choices };
}

/** A completed word as it must be typed. */
function written(text: string, { quote, raw }: TypedWord, { files }: Offer): string {
  if (quote !== '') return quote + text;
  if (!files && !/\s/.test(text)) return text;
  const tilde = /^~[^/]*\//.exec(raw)?.[0] ?? '';
  return text.startsWith(tilde) ? tilde + quoteEmpty(text.slice(tilde.length)) : quoteEmpty(text);
}

const quoteEmpty = (text: string): string => (text === '' ? '' : backslashQuote(text));

function sharedStart(a: string, b: string): string {
  let index = 0;
  while (index < a.length && index < b.length && a.charAt(index) === b.charAt(index)) index++;
  return a.slice(0, index);
}

const expandTilde = (shell: Shell, path: string): string =>
  path.replace(/^~([^/]*)/, (all, user: string) => homeOf(shell, user) ?? all);

function listed(shell: Shell, path: string): string {
  const name = path.replace(/\/$/, '').replace(/^.*\//, '');
  return isDirectory(shell, expandTilde(shell, path)) ? `${name}/` : name;
}

async function offersFor(
  shell: Shell,
  line: string,
  cursor: number,
  words: readonly TypedWord[],
  word: TypedWord,
): Promise<Offer> {
  const variable = /\$\{?([A-Za-z_]*)$/.exec(word.text);
  if (variable !== null && word.quote !== "'") {
    const head = word.text.slice(0, variable.index) + (variable[0].startsWith('${') ? '${' : '$');
    const tail = head.endsWith('{') ? '}' : '';
    const names = candidates(shell, 'variable', variable[1] ?? '');
    return { values: names.map((name) => head + name + tail), files: false, open: false };
  }
  const command = words[0];
  if (command === undefined || words.length === 1) {
    if (word.text.includes('/')) return files(shell, word.text);
    const names = word.text === '' ? [] : candidates(shell, 'command', word.text);
    return names.length > 0 ? { values: names, files: false, open: false } : files(shell, word.text);
  }
  const name = unaliased(shell, command.text);
  const spec = shell.completions.get(name);
  if (spec !== undefined) {
    const values = await specified(shell, spec, name, line, cursor, words);
    if (values.length > 0)
      return { values, files: spec.actions.includes('file'), open: spec.options.includes('nospace') };
    if (!spec.options.some((option) => option === 'default' || option === 'bashdefault'))
      return { values, files: false, open: false };
    return files(shell, word.text);
  }
  const completer = completerOf(name.replace(/^.*\//, ''));
  if (completer !== undefined) {
    const texts = words.map(({ text }) => text);
    const values = await completer({ shell, words: [name, ...texts.slice(1)], word: word.text });
    const fitting = values.filter((value) => value.startsWith(word.text));
    if (fitting.length > 0) return { values: fitting, files: false, open: false };
  }
  if (name === 'cd' || name === 'pushd' || name === 'rmdir') return files(shell, word.text, true);
  const kind = argumentKinds[name];
  if (kind !== undefined) return { values: candidates(shell, kind, word.text), files: false, open: false };
  return files(shell, word.text);
}

const argumentKinds: Readonly<Record<string, string>> = {
  unset: 'variable',
  export: 'variable',
  unalias: 'alias',
  alias: 'alias',
  type: 'command',
  which: 'command',
  command: 'command',
  sudo: 'command',
  watch: 'command',
  builtin: 'builtin',
};

/** The program that an alias of one or more words stands for. */
function unaliased(shell: Shell, name: string): string {
  return shell.aliases.get(name)?.split(/\s+/)[0] ?? name;
}

function files(shell: Shell, word: string, directories = false): Offer {
  const tilde = /^~[^/]*/.exec(word)?.[0];
  if (tilde === undefined) return { values: paths(shell, word, directories), files: true, open: false };
  const home = expandTilde(shell, tilde);
  const found = paths(shell, home + word.slice(tilde.length), directories);
  return { values: found.map((path) => tilde + path.slice(home.length)), files: true, open: false };
}

/** What `complete` registered: lists of words and kinds, and functions that fill COMPREPLY. */
async function specified(
  shell: Shell,
  spec: CompletionSpec,
  name: string,
  line: string,
  cursor: number,
  words: readonly TypedWord[],
): Promise<string[]> {
  const word = words.at(-1)?.text ?? '';
  const listed = generate(shell, spec, word);
  const called = spec.function === undefined ? undefined : shell.functions.get(spec.function);
  if (called === undefined) return listed;
  const { variables } = shell;
  variables.define('COMP_LINE', line);
  variables.define('COMP_POINT', String(cursor));
  variables.define('COMP_CWORD', String(words.length - 1));
  variables.define(
    'COMP_WORDS',
    words.map(({ text }) => text),
  );
  variables.define('COMP_TYPE', '9');
  variables.define('COMP_KEY', '9');
  variables.define('COMPREPLY', []);
  const { status, lastArgument } = shell;
  const previous = words.at(-2)?.text ?? '';
  await settle(shell, () => shell.interpreter.callFunction(shell, called, [name, word, previous]));
  shell.status = status;
  shell.lastArgument = lastArgument;
  const reply = variables.get('COMPREPLY')?.value;
  const values = reply === undefined ? [] : typeof reply === 'string' ? [reply] : reply.values();
  for (const each of ['COMP_LINE', 'COMP_POINT', 'COMP_CWORD', 'COMP_WORDS', 'COMPREPLY']) variables.unset(each);
  return [...listed, ...values.map((value) => value.trimEnd())];
}
