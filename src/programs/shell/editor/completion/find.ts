import type { Shell } from '../../shell';
import { readlineOf } from '../readline';
import { cobraOffer, isCobra } from './cobra';
import { generate, type Request } from './generate';
import { namesOf } from './names';
import { arranged, nothing, type Candidate, type Offer } from './offer';
import {
  commandOffer,
  fileCandidate,
  fileOffer,
  hostOffer,
  jobOffer,
  userOffer,
  variableOffer,
  wordOffer,
} from './sources';
import { specialNames, type CompletionSpec } from './spec';
import { completionWords, readTyped, type TypedLine, type TypedWord } from './typed-line';

/** The key that asked, and what for: as COMP_KEY and COMP_TYPE tell functions. */
export interface Asked {
  readonly key: number;
  readonly type: '9' | '63' | '33' | '64' | '37' | '42';
}

/** Everything that fits at the cursor (bash's attempt_shell_completion). */
export async function findCandidates(shell: Shell, line: string, cursor: number, asked: Asked): Promise<Offer> {
  const typed = readTyped(shell, line, cursor);
  const offer = await offerFor(shell, typed, asked);
  return { ...offer, candidates: arranged(offer.candidates, offer.candidates.length > 1 && !unsorted.has(offer)) };
}

/** Offers whose order is their own. */
const unsorted = new WeakSet<Offer>();

async function offerFor(shell: Shell, typed: TypedLine, asked: Asked): Promise<Offer> {
  const { word, arguments: args } = typed;
  const [command] = args;
  if (!typed.redirected) {
    const special = args.length > 1 ? undefined : word.raw === '' ? 'E' : 'I';
    const name = special === undefined ? undefined : specialNames[special];
    const spec = name === undefined ? undefined : shell.completions.get(name);
    if (name !== undefined && spec !== undefined) return programmed(shell, spec, name, typed, asked);
    if (args.length > 1 && command !== undefined && shell.options.on('progcomp')) {
      const found = specFor(shell, command.text);
      if (found !== undefined) return programmed(shell, found, command.text, typed, asked);
    }
  }
  const general = variableOffer(shell, word) ?? homeOf(shell, word);
  if (general !== undefined) return general;
  const assigns = args.length === 1 && /^[A-Za-z_]\w*\+?=/.test(command?.raw ?? '');
  if (typed.redirected || assigns || command === undefined) return files(shell, word);
  if (args.length === 1) return commandOffer(shell, word);
  return argumentOffer(shell, typed, command.text);
}

const homeOf = (shell: Shell, word: TypedWord): Offer | undefined =>
  word.raw.startsWith('~') && !word.raw.includes('/') ? userOffer(shell, word) : undefined;

function files(shell: Shell, word: TypedWord, directories = false): Offer {
  const { variables } = readlineOf(shell);
  return fileOffer(shell, word, {
    directories,
    ignoreCase: variables.on('completion-ignore-case'),
    hidden: variables.on('match-hidden-files'),
  });
}

function specFor(shell: Shell, command: string): CompletionSpec | undefined {
  const base = command.slice(command.lastIndexOf('/') + 1);
  return (
    shell.completions.get(command) ??
    shell.completions.get(base) ??
    (builtIn(shell, command) ? undefined : shell.completions.get(specialNames.D ?? ''))
  );
}

/** Whether the editor itself knows how a command's arguments are completed. */
const builtIn = (shell: Shell, command: string): boolean => isCobra(programOf(shell, command)[0] ?? '');

/** The program that a word stands for, with what an alias adds to it. */
function programOf(shell: Shell, command: string): readonly string[] {
  const alias = shell.aliases.get(command);
  return alias === undefined || /[;&|<>$`"'()]/.test(alias) ? [command] : alias.trim().split(/\s+/);
}

const kinds: Readonly<Record<string, string>> = {
  unset: 'variable',
  export: 'variable',
  declare: 'variable',
  local: 'variable',
  readonly: 'variable',
  printenv: 'variable',
  unalias: 'alias',
  alias: 'alias',
  type: 'command',
  which: 'command',
  help: 'helptopic',
  bind: 'binding',
  shopt: 'shopt',
  trap: 'signal',
  su: 'user',
  passwd: 'user',
  id: 'user',
  groups: 'user',
};
const directoryCommands = new Set(['cd', 'pushd', 'rmdir']);
const hostCommands = new Set([
  'ssh',
  'scp',
  'sftp',
  'ping',
  'ping6',
  'host',
  'dig',
  'nslookup',
  'traceroute',
  'telnet',
  'nc',
  'ssh-copy-id',
]);
const jobCommands = new Set(['fg', 'bg', 'jobs', 'kill', 'wait', 'disown']);

/** Arguments of commands that nothing was registered for. */
async function argumentOffer(shell: Shell, typed: TypedLine, name: string): Promise<Offer> {
  const { word, arguments: args } = typed;
  const last = args.at(-1) ?? word;
  const command = programOf(shell, name);
  const [program = name] = command;
  if (isCobra(program)) return keepingOrder(await cobraOffer(shell, typed, command));
  if (jobCommands.has(name) && (last.text.startsWith('%') || name === 'fg' || name === 'bg')) {
    const jobs = jobOffer(shell, last);
    if (jobs.candidates.length > 0) return jobs;
  }
  if (hostCommands.has(program) && !last.text.startsWith('-') && !last.text.includes('/')) {
    const hosts = hostOffer(shell, last);
    if (hosts.candidates.length > 0) return hosts;
  }
  if (word.start > 0 && typed.line.charAt(word.start - 1) === '@' && word.raw !== '') return hostOffer(shell, word);
  if (directoryCommands.has(program)) return files(shell, word, true);
  const kind = Object.hasOwn(kinds, program) ? kinds[program] : undefined;
  if (kind !== undefined && !last.text.startsWith('-') && word.start === last.start) {
    const names = namesOf(shell, kind, word.text);
    if (names.length > 0) return wordOffer(word, names);
  }
  return files(shell, word);
}

function keepingOrder(offer: Offer): Offer {
  unsorted.add(offer);
  return offer;
}

/** What a specification of `complete` offers, with the rests that its options ask for. */
async function programmed(
  shell: Shell,
  given: CompletionSpec,
  name: string,
  typed: TypedLine,
  asked: Asked,
): Promise<Offer> {
  const { word } = typed;
  const { words, index } = completionWords(shell, typed);
  const request: Request = {
    command: name.startsWith('_') && name.endsWith('_') ? '' : name,
    word: word.text,
    previous: words[index - 1] ?? '',
    line: typed.line,
    cursor: typed.cursor,
    words,
    index,
    type: asked.type,
    key: asked.key,
  };
  let generated = await generate(shell, given, request);
  // 124: the function loaded another specification.
  for (let tries = 0; generated.again && tries < 32; tries++)
    generated = await generate(shell, specFor(shell, name) ?? given, request);
  const { spec, values } = generated;
  const asFiles =
    spec.options.has('filenames') || spec.actions.some((action) => action === 'file' || action === 'directory');
  const suffix = spec.options.has('nospace') ? '' : ' ';
  if (values.length > 0) {
    const offer = asFiles ? pathsOffer(shell, word, values, suffix) : plainOffer(word, values, suffix);
    const quotes = asFiles && !spec.options.has('noquote');
    const result = { ...offer, quotes };
    if (spec.options.has('nosort')) unsorted.add(result);
    return result;
  }
  if (spec.options.has('bashdefault')) {
    const general = variableOffer(shell, word) ?? homeOf(shell, word);
    if (general !== undefined) return general;
  }
  if (spec.options.has('bashdefault') || spec.options.has('default')) return files(shell, word);
  return nothing(typed.cursor);
}

/** Words of a function. Cobra's scripts put descriptions behind them: `pods   (Pods of the namespace)`. */
function plainOffer(word: TypedWord, values: readonly string[], suffix: string): Offer {
  const described = values.length > 1 && values.some((value) => /\S {2,}\(.*\)$/.test(value));
  const candidates = values.map((value): Candidate => {
    const [, text, description] = described ? (/^(.*?\S) {2,}\((.*)\)$/.exec(value) ?? []) : [];
    const plain = text ?? value;
    return { text: plain, shown: plain, description, suffix };
  });
  return { start: word.start, prefix: word.quote, quote: word.quote, quotes: false, candidates };
}

/** Paths of a function: the directory that all of them have in common with the word stays as it was typed. */
function pathsOffer(shell: Shell, word: TypedWord, values: readonly string[], suffix: string): Offer {
  const folder = word.text.slice(0, word.text.lastIndexOf('/') + 1);
  const typed = word.raw.slice(0, word.raw.lastIndexOf('/') + 1);
  const within = values.every((value) => value.startsWith(folder));
  const candidates = values.map((value): Candidate => {
    const path = value.replace(/(.)\/$/, '$1');
    const file = fileCandidate(shell, path, suffix);
    return { ...file, text: within ? path.slice(folder.length) : path };
  });
  const prefix = within && folder !== '' ? typed : word.quote;
  return { start: word.start, prefix, quote: word.quote, quotes: true, candidates };
}
