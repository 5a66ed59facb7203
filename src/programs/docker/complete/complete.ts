import type { Process } from '../../../linux/process/types';
import { answer, files, none, only, type Completions } from '../../cobra/directives';
import { Api } from '../cli/api';
import { buildxTree, forwardedWords } from '../commands/build/forward';
import { isGroup, nameOf, type Command, type Group } from '../cli/command';
import { FlagValues, parseFlags, type Flag } from '../cli/flags';
import { Engine } from './engine';
import { argumentsOf, containerFlags, flagValues, type Complete } from './table';

/** Answers a shell that asks what may come next (spf13/cobra, completions.go). */
export async function complete(process: Process, root: Group): Promise<number> {
  const [how, ...words] = process.args;
  const found = await completions(new Engine(new Api(process)), root, words);
  const { out, err } = answer(found, how === '__complete');
  await process.stdout.write(out);
  await process.stderr.write(err);
  return 0;
}

/** Flags before the command, and whether they take a value. */
const globals: readonly Flag[] = [
  { name: 'config', short: undefined, type: 'string', text: 'Location of client config files' },
  { name: 'context', short: 'c', type: 'string', text: 'Name of the context to use to connect to the daemon' },
  { name: 'debug', short: 'D', type: 'bool', text: 'Enable debug mode' },
  { name: 'host', short: 'H', type: 'list', text: 'Daemon socket to connect to' },
  { name: 'log-level', short: 'l', type: 'string', text: 'Set the logging level' },
  { name: 'version', short: 'v', type: 'bool', text: 'Print version information and quit' },
];
const help: Flag = { name: 'help', short: undefined, type: 'bool', text: 'Print usage' };

async function completions(engine: Engine, top: Group, words: readonly string[]): Promise<Completions> {
  const wanted = words.at(-1) ?? '';
  const forwarded = forwardedWords(words.slice(0, -1));
  const root = forwarded === undefined ? top : await buildxTree(engine.api.process);
  let at: Group = root;
  let rest = forwarded ?? words.slice(0, -1);
  const path: string[] = forwarded === undefined ? [] : ['buildx'];
  for (;;) {
    const [word, ...more] = rest;
    if (word === undefined) return inGroup(at, root, wanted);
    if (word.startsWith('-') && at === root) {
      const flag = globals.find((each) => word === `--${each.name}` || word === `-${each.short ?? ''}`);
      const takes = flag !== undefined && flag.type !== 'bool';
      if (takes && more.length === 0) return globalValue(flag, wanted);
      rest = takes ? more.slice(1) : more;
      continue;
    }
    const found = at.commands.find(
      (entry) => nameOf(entry) === word || (isGroup(entry) && entry.aliases?.includes(word) === true),
    );
    if (found === undefined) return files;
    path.push(word);
    rest = more;
    if (!isGroup(found)) return inCommand(engine, found, path.join(' '), rest, wanted);
    at = found;
  }
}

function globalValue({ name }: Flag, _wanted: string): Completions {
  if (name === 'context') return only(['default']);
  return name === 'log-level' ? only(['debug', 'info', 'warn', 'error', 'fatal', 'panic']) : files;
}

function inGroup(group: Group, root: Group, wanted: string): Completions {
  if (wanted.startsWith('-')) return only(flagNames([...(group === root ? globals : []), help], wanted));
  const names = group.commands
    .filter((entry) => !isGroup(entry) || entry.hidden !== true)
    .map((entry) => ({ name: nameOf(entry), short: entry.short }))
    .filter(({ name }) => name.startsWith(wanted))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return only(names.map(({ name, short }) => `${name}\t${short}`));
}

const flagNames = (flags: readonly Flag[], wanted: string): readonly string[] =>
  [...flags]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, short, text }) =>
      [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]
        .filter((written) => written.startsWith(wanted))
        .map((written) => `${written}\t${text}`),
    );

async function inCommand(
  engine: Engine,
  command: Command,
  path: string,
  words: readonly string[],
  wanted: string,
): Promise<Completions> {
  const known = command.flags ?? [];
  const interspersed = command.stopsAtOperand !== true;
  const flag = valueWanted(known, words, wanted);
  const joined = wanted.startsWith('-');
  const given = parseFlags(flag !== undefined && !joined ? words.slice(0, -1) : words, known, interspersed);
  if (given.ok === 'help') return none;
  if (!given.ok) return files;
  const ended = words.includes('--') || (!interspersed && given.args.length > 0);
  const name = path.replace(/^container (?!inspect)/, '').replace(/^system (?=events|info)/, '');
  if (flag !== undefined && !ended) return valueOf(engine, name, flag, given.args);
  if (wanted.startsWith('-') && !ended) {
    const left = known.filter((each) => !given.values.given(each.name) || each.type === 'list');
    return wanted.includes('=') ? files : only(flagNames([...left, help], wanted));
  }
  const completer = argumentsOf[name] ?? argumentsOf[name.replace(/^image (?=history|tag)/, '')];
  return completer === undefined ? none : completer(engine, given.args, given.values);
}

/** The flag whose value is typed. */
function valueWanted(known: readonly Flag[], words: readonly string[], wanted: string): Flag | undefined {
  const byWord = (word: string): Flag | undefined =>
    known.find(({ name, short }) => (word.startsWith('--') ? `--${name}` === word : short === word.slice(-1)));
  if (wanted.startsWith('-')) return wanted.includes('=') ? byWord(wanted.slice(0, wanted.indexOf('='))) : undefined;
  const last = words.at(-1) ?? '';
  if (!/^(-[^-]|--[^-])/.test(last) || last.includes('=')) return undefined;
  const found = byWord(last);
  return found?.type === 'bool' ? undefined : found;
}

async function valueOf(
  engine: Engine,
  name: string,
  { name: flag }: Flag,
  args: readonly string[],
): Promise<Completions> {
  const ofContainer = name === 'run' || name === 'create';
  const completer: Complete | undefined = ofContainer ? containerFlags[flag] : flagValues[`${name} --${flag}`];
  if (completer === undefined) return ofContainer ? none : files;
  return completer(engine, args, new FlagValues());
}
