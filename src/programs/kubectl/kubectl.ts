import type { Process, Program } from '../../linux/process/types';
import { makeCli } from './cli';
import { completeCommands } from '../cobra/directives';
import { complete } from './cmd/complete/complete';
import { find, flagsOf, pathText, unknownCommand, withoutFlags, type Located } from './command';
import { checkErr, Exit, Failure, PlainFailure, usageError } from './errors';
import { Factory } from './factory';
import { FlagSet, HelpRequested } from './flags/flag-set';
import { helpText, usageText } from './help';
import { pluginFor, runPlugin, type Plugin } from './plugins';
import { root, rootGroups } from './root';
import type { Connect } from './rest/transport';

/** The kubectl program; `connect` is how it reaches servers. */
export const kubectl =
  (connect: Connect): Program =>
  async (process) => {
    try {
      return await main(process, connect);
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      const { text, code } = checkErr(reason);
      if (text !== '') await process.stderr.write(text);
      return code;
    }
  };

const profiles = new Set(['none', 'cpu', 'heap', 'goroutine', 'threadcreate', 'block', 'mutex']);

async function main(process: Process, connect: Connect): Promise<number> {
  if (completeCommands.includes(process.args[0] ?? '')) return complete(process, root, connect);
  const located = locate(process, process.args);
  if ('topic' in located) {
    await process.stderr.write(located.topic);
    return 0;
  }
  if ('file' in located) return runPlugin(process, located);
  const { path, command } = located;
  const flags = new FlagSet(flagsOf(path));
  const help = (): string => helpText(path, rootGroups);
  try {
    flags.parse(located.words, { interspersed: command.interspersed ?? true });
  } catch (reason) {
    if (reason instanceof HelpRequested && command.helpless !== true) {
      await process.stdout.write(help());
      return 0;
    }
    if (!(reason instanceof Failure) && !(reason instanceof HelpRequested)) throw reason;
    if (command.failureCode !== undefined) {
      const { text } = checkErr(usageError(pathText(path), reason.message));
      throw new PlainFailure(text, command.failureCode);
    }
    if (reason instanceof Failure) throw new Failure(`${reason.message}\nSee '${pathText(path)} --help' for usage.`);
  }
  for (const { flag } of flags.given)
    if (flag.deprecated !== undefined)
      await process.stderr.write(`Flag --${flag.name} has been deprecated, ${flag.deprecated}\n`);
  if (command.run === undefined) return group(process, located, flags, help());
  const profile = flags.lookup('profile')?.default === 'none' ? flags.string('profile') : 'none';
  if (!profiles.has(profile)) throw new Failure(`unknown profile '${profile}'`);
  const missing = flags.missing();
  if (missing.length > 0)
    throw new Failure(`required flag(s) ${missing.map((name) => `"${name}"`).join(', ')} not set`);
  if (command.deprecated !== undefined)
    await process.stderr.write(
      `Command "${path[path.length - 1]?.use.split(' ')[0] ?? ''}" is deprecated, ${command.deprecated}\n`,
    );
  const factory = new Factory(process, flags, pathText(path), connect, command.discoveryAttempts);
  const cli = makeCli(process, pathText(path), flags, factory, help);
  try {
    await command.run(cli);
  } catch (reason) {
    if (!(reason instanceof Failure) || reason instanceof Exit || command.failureCode === undefined) throw reason;
    await cli.flushWarnings();
    throw new PlainFailure(checkErr(reason).text, command.failureCode);
  } finally {
    await cli.flushWarnings();
  }
  if (flags.bool('warnings-as-errors') && factory.warnings > 0) {
    const count = factory.warnings;
    throw new Failure(`${count} ${count === 1 ? 'warning' : 'warnings'} received`);
  }
  return 0;
}

/** Finds the command; an unknown word at the root is a plugin or an error. `help x y` is `x y --help`. */
function locate(process: Process, words: readonly string[]): Located | Plugin | { readonly topic: string } {
  if (words[0] === 'help') {
    const located = find(root, words.slice(1));
    const [topic] = withoutFlags(located.words, new FlagSet(flagsOf(located.path)));
    if (located.path.length > 1 || topic === undefined) return { ...located, words: [...located.words, '--help'] };
    return { topic: `Unknown help topic [\`${words.slice(1).join('` `')}\`]\n${usageText([root], rootGroups)}` };
  }
  const located = find(root, words);
  if (located.path.length > 1) return located;
  const [word] = withoutFlags(located.words, new FlagSet(flagsOf(located.path)));
  if (word === undefined) return located;
  const [first = ''] = words;
  if (first.startsWith('-')) throw new PlainFailure(`Error: flags cannot be placed before plugin name: ${first}`);
  const found = pluginFor(process, words);
  if (found !== undefined) return found;
  throw unknownCommand(root, word);
}

/** A command that only holds others: help for none, an error for an unknown one. */
async function group(process: Process, { path, command }: Located, flags: FlagSet, help: string): Promise<number> {
  const { bare } = command;
  if (flags.args.length > 0 && bare !== 'help' && path.length > 1)
    throw new Failure(`unknown command "${flags.args.join(' ')}"\nSee '${pathText(path)} -h' for help and examples`);
  const plain = path.length === 1 || bare === 'help';
  await (plain || bare === 'stdout' ? process.stdout : process.stderr).write(help);
  return plain ? 0 : 1;
}
