import type { Process, Program } from '../../linux/process/types';
import { makeCli } from './cli';
import { find, flagsOf, pathText, unknownCommand, withoutFlags, type Located } from './command';
import { checkErr, Exit, Failure, PlainFailure, usageError } from './errors';
import { Factory } from './factory';
import { FlagSet, HelpRequested } from './flags/flag-set';
import { helpText } from './help';
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

async function main(process: Process, connect: Connect): Promise<number> {
  const words = process.args;
  const located = locate(words);
  const { path, command } = located;
  const flags = new FlagSet(flagsOf(path));
  const help = (): string => helpText(path, rootGroups);
  try {
    flags.parse(located.words, { interspersed: command.interspersed ?? true });
  } catch (reason) {
    if (reason instanceof HelpRequested) {
      await process.stdout.write(help());
      return 0;
    }
    if (!(reason instanceof Failure)) throw reason;
    if (command.failureCode !== undefined) {
      const { text } = checkErr(usageError(pathText(path), reason.message));
      throw new PlainFailure(text, command.failureCode);
    }
    throw new Failure(`${reason.message}\nSee '${pathText(path)} --help' for usage.`);
  }
  if (command.run === undefined) return group(process, located, flags, help());
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

/** Finds the command; an unknown word at the root is an error. `help x y` is `x y --help`. */
function locate(words: readonly string[]): Located {
  if (words[0] === 'help') return locate([...words.slice(1), '--help']);
  const located = find(root, words);
  if (located.path.length > 1) return located;
  const [word] = withoutFlags(located.words, new FlagSet(flagsOf(located.path)));
  if (word !== undefined) throw unknownCommand(root, word);
  return located;
}

/** A command that only holds others: help for none, an error for an unknown one. */
async function group(process: Process, { path, command }: Located, flags: FlagSet, help: string): Promise<number> {
  const [word] = flags.args;
  const { bare } = command;
  if (word !== undefined && bare !== 'help')
    throw new Failure(`unknown command "${word}"\nSee '${pathText(path)} -h' for help and examples`);
  const plain = path.length === 1 || bare === 'help';
  await (plain || bare === 'stdout' ? process.stdout : process.stderr).write(help);
  return plain ? 0 : 1;
}
