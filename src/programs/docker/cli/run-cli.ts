import { ProcessEnded } from '../../../linux/process/process-ended';
import type { Process } from '../../../linux/process/types';
import { Api, clientVersion } from './api';
import { CommandError, isGroup, nameOf, type Command, type Group } from './command';
import { parseFlags } from './flags';
import { commandHelp, groupHelp, usageLine } from './help';

/** Finds the command that the arguments name, and runs it. */
export async function runCli(process: Process, root: Group, rootHelp: string): Promise<number> {
  const args = [...process.args];
  const out = (text: string) => process.stdout.write(text);
  const error = (text: string) => process.stderr.write(text);
  for (;;) {
    const first = args[0];
    if (first === undefined || !first.startsWith('-')) break;
    if (first === '-v' || first === '--version') {
      await out(`Docker version ${clientVersion}, build ecc6942\n`);
      return 0;
    }
    if (first === '--help' || first === '-h') {
      await out(rootHelp);
      return 0;
    }
    const global = /^(-D|--debug|--tls|--tlsverify)$/.test(first)
      ? 1
      : /^(-H|--host|-c|--context|--config|-l|--log-level)$/.test(first)
        ? 2
        : 0;
    if (global === 0) {
      const name = first.startsWith('--')
        ? `unknown flag: ${first.split('=')[0] ?? first}`
        : `unknown shorthand flag: '${first.charAt(1)}' in ${first}`;
      await error(`${name}\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\nRun 'docker --help' for more information\n`);
      return 125;
    }
    if (first === '-H' || first === '--host') process.env.set('DOCKER_HOST', args[1] ?? '');
    args.splice(0, global);
  }
  let at: Group = root;
  let path = 'docker';
  for (;;) {
    const word = args.shift();
    if (word === undefined) {
      if (at === root) await error(rootHelp);
      else await error(groupHelp(at, path));
      return 0;
    }
    if (word === '--help' || word === '-h') {
      await out(groupHelp(at, path));
      return 0;
    }
    if (at === root && word === 'help') {
      const wanted = args.length === 0 ? undefined : [...args];
      if (wanted === undefined) {
        await out(rootHelp);
        return 0;
      }
      args.push('--help');
      continue;
    }
    const found = at.commands.find(
      (entry) =>
        nameOf(entry) === word ||
        (isGroup(entry) ? entry.aliases?.includes(word) === true : aliasWords(entry).includes(word)),
    );
    if (found === undefined) {
      if (at === root)
        await error(`docker: unknown command: docker ${word}\n\nRun 'docker --help' for more information\n`);
      else
        await error(
          `docker: unknown command: ${path} ${word}\n\nUsage:  ${path}\n\nRun '${path} --help' for more information\n`,
        );
      return 1;
    }
    path = `${path} ${nameOf(found)}`;
    if (!isGroup(found)) return runCommand(process, found, path, args);
    at = found;
  }
}

/** Other last words by which a command goes: `list` and `ps` for `ls`. */
const aliasWords = ({ aliases = [] }: Command): readonly string[] =>
  aliases.filter((alias) => alias.split(' ').length > 2).map((alias) => alias.split(' ').at(-1) ?? '');

async function runCommand(process: Process, command: Command, path: string, argv: readonly string[]): Promise<number> {
  const out = (text: string) => process.stdout.write(text);
  const error = (text: string) => process.stderr.write(text);
  const usage = `Usage:  ${usageLine(command, path)}`;
  const parsed = parseFlags(argv, command.flags ?? [], command.stopsAtOperand !== true);
  if (parsed.ok === 'help') {
    await out(commandHelp(command, path));
    return 0;
  }
  if (!parsed.ok) {
    await error(`${parsed.error}\n\n${usage}\n\nRun '${path} --help' for more information\n`);
    return 125;
  }
  const problem = wrongCount(parsed.args.length, command.operands);
  if (problem !== undefined) {
    const verb = command.operands[1] === Infinity ? 'See' : 'Run';
    await error(`docker: '${path}' ${problem}\n\n${usage}\n\n${verb} '${path} --help' for more information\n`);
    return 1;
  }
  try {
    const api = new Api(process);
    return await command.run({ process, api, flags: parsed.values, args: parsed.args, path, out, error });
  } catch (thrown) {
    if (thrown instanceof ProcessEnded || !(thrown instanceof CommandError)) throw thrown;
    if (thrown.message !== '') await error(`${thrown.message}\n`);
    return thrown.status;
  }
}

function wrongCount(count: number, [least, most]: Command['operands']): string | undefined {
  if (count >= least && count <= most) return undefined;
  const plural = (number: number): string => `${number} argument${number === 1 ? '' : 's'}`;
  if (most === 0) return 'accepts no arguments';
  if (least === most) return `requires ${plural(least)}`;
  if (most === Infinity) return `requires at least ${plural(least)}`;
  if (least === 0 || count > most) return `requires at most ${plural(most)}`;
  return `requires at least ${least} and at most ${plural(most)}`;
}
