import type { Process } from '../../../../linux/process/types';
import { find, flagsOf, nameOf, pathText, type Command } from '../../command';
import { Failure } from '../../errors';
import { Factory } from '../../factory';
import { FlagSet, HelpRequested, type Flag } from '../../flags/flag-set';
import { globalFlags } from '../../flags/global';
import type { Connect } from '../../rest/transport';
import { answer, Directive, files, none, only, type Completions } from '../../../cobra/directives';
import { options } from '../meta/options';
import { namesToGive, offeredFlags, requiredFlags } from './flags';
import { Objects } from './objects';
import { argumentsOf, fixedArguments, flagValues, manifests } from './table';

/** Answers a shell: a line for each thing that fits, then how to take them. Source: spf13/cobra, completions.go. */
export async function complete(process: Process, root: Command, connect: Connect): Promise<number> {
  const [how, ...words] = process.args;
  if (words.length === 0) throw new Failure('requires at least 1 arg(s), only received 0');
  const { out, err } = answer(await completions(process, root, words, connect), how === '__complete');
  await process.stdout.write(out);
  await process.stderr.write(err);
  return 0;
}

async function completions(
  process: Process,
  root: Command,
  words: readonly string[],
  connect: Connect,
): Promise<Completions> {
  const wanted = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  // `help` completes the names of commands.
  if (before[0] === 'help') return commandNames(find(root, before.slice(1)).command, wanted);
  const { path, command, words: args } = find(root, before);
  const atRoot = path.length === 1;
  const defined = flagsOf(path);
  const value = valueWanted(defined, args, wanted);
  const rest = value === undefined || value.joined ? args : args.slice(0, -1);
  const given = new FlagSet(defined);
  try {
    given.parse(rest, { interspersed: command.interspersed ?? true });
  } catch (reason) {
    if (reason instanceof HelpRequested) return none;
    if (reason instanceof Failure) return files;
    throw reason;
  }
  // A word that is no command.
  if (atRoot && given.args.length > 0 && before.length > 0) return files;
  const objects = new Objects(new Factory(process, given, pathText(path), connect, 1));
  const name = path.slice(1).map(nameOf).join(' ');
  const ended = given.dashAt >= 0 || ((command.interspersed ?? true) === false && given.args.length > 0);
  if (value !== undefined && !ended) return valueCompletions(objects, name, value, given.args);
  const flags = offeredFlags(path, nameOf(command));
  if (wanted.startsWith('-') && !wanted.includes('=') && !ended) return only(namesToGive(flags, given, wanted));
  if (wanted.startsWith('-') && !ended) return files;
  return argumentCompletions(objects, { command, name, given, flags, wanted });
}

interface Value {
  readonly flag: Flag;
  readonly wanted: string;
  /** `--flag=val` in one word. */
  readonly joined: boolean;
}

/** The flag whose value is typed. */
function valueWanted(defined: readonly Flag[], args: readonly string[], wanted: string): Value | undefined {
  const equals = wanted.indexOf('=');
  const byWord = (word: string): Flag | undefined => {
    const name = word.startsWith('--') ? word.slice(2) : word.slice(-1);
    return defined.find((each) =>
      word.startsWith('--') ? each.name === name : each.short === name || each.name === name,
    );
  };
  if (wanted.startsWith('-')) {
    const found = equals < 0 ? undefined : byWord(wanted.slice(0, equals));
    return found === undefined ? undefined : { flag: found, wanted: wanted.slice(equals + 1), joined: true };
  }
  const last = args.at(-1) ?? '';
  if (!/^(-[^-]|--[^-])/.test(last) || last.includes('=') || args.slice(0, -1).includes('--')) return undefined;
  const found = byWord(last);
  return found === undefined || found.alone !== undefined ? undefined : { flag: found, wanted, joined: false };
}

async function valueCompletions(
  objects: Objects,
  name: string,
  value: Value,
  args: readonly string[],
): Promise<Completions> {
  const extensions = manifests[value.flag.name];
  if (extensions !== undefined && name !== 'logs' && value.flag.kind !== 'bool')
    return { values: extensions, directive: Directive.filterExtension };
  const found =
    flagValues[`${name} --${value.flag.name}`] ??
    (globalFlags.includes(value.flag) ? flagValues[value.flag.name] : undefined);
  return found === undefined ? files : found(objects, args, value.wanted);
}

interface Asked {
  readonly command: Command;
  readonly name: string;
  readonly given: FlagSet;
  readonly flags: readonly Flag[];
  readonly wanted: string;
}

async function argumentCompletions(
  objects: Objects,
  { command, name, given, flags, wanted }: Asked,
): Promise<Completions> {
  const { args } = given;
  const isGroup = (command.commands ?? []).length > 0;
  const own = command.flags?.some((each) => given.changed(each.name)) ?? false;
  const subcommands = isGroup && args.length === 0 && !own ? commandNames(command, wanted) : undefined;
  const required = requiredFlags(flags, given, wanted);
  const fixed = fixedArguments[name];
  if (fixed !== undefined) {
    if (args.length > 0) return files;
    return only(fixed.filter((each) => each.startsWith(wanted)));
  }
  const completer = argumentsOf[name];
  if (completer !== undefined) {
    const found = await completer(objects, args, wanted);
    return { values: [...(subcommands?.values ?? []), ...required, ...found.values], directive: found.directive };
  }
  return subcommands ?? { values: required, directive: files.directive };
}

/** Subcommands that begin with a word, by name; the root has `help`, too. */
function commandNames(command: Command, wanted: string): Completions {
  const children = (command.commands ?? [])
    .filter(
      (child) =>
        (child.hidden !== true || child === options) &&
        child.deprecated === undefined &&
        (child.run ?? child.commands) !== undefined,
    )
    .map((child) => ({ name: nameOf(child), short: child.short }));
  const all =
    command.persistentFlags === globalFlags
      ? [...children, { name: 'help', short: 'Help about any command' }]
      : children;
  return only(
    all
      .filter(({ name }) => name.startsWith(wanted))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, short }) => `${name}\t${short}`),
  );
}
