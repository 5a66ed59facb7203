import { ProcessEnded } from '../../../../linux/process/process-ended';
import type { Process } from '../../../../linux/process/types';
import { Api } from '../../cli/api';
import { CommandError, isGroup, nameOf, type Command } from '../../cli/command';
import { flags, parseFlags, type Flag } from '../../cli/flags';
import { commandHelp, groupHelp, helpWidth, usageLine } from '../../cli/help';
import type { Session } from '../../cli/session';
import { ExitCode, UsageError } from './cli/errors';
import { tree, type PluginGroup } from './cli/tree';

const hint = '\nExperimental commands and flags are hidden. Set BUILDX_EXPERIMENTAL=1 to show them.\n';

/** Flags of every command. */
function persistent(process: Process): readonly Flag[] {
  const builder = process.env.get('BUILDX_BUILDER') ?? '';
  return flags(`
    --builder string | Override the configured builder instance${builder === '' ? '' : ` (default "${builder}")`}
    -D, --debug | Enable debug logging
  `);
}

/** Commands that no builder can be chosen for. */
const withoutBuilder = new Set(['create', 'ls', 'version'].map((name) => `docker buildx ${name}`));

/** The plugin `docker-buildx`: runs `docker buildx ARGS`, and tells its errors as it does (cmd/buildx/main.go). */
export async function runBuildx(process: Process, session: Session, words: readonly string[]): Promise<number> {
  const error = (text: string) => process.stderr.write(text);
  try {
    return await run(process, session, words);
  } catch (thrown) {
    if (thrown instanceof ProcessEnded) throw thrown;
    if (thrown instanceof ExitCode) return thrown.status;
    if (thrown instanceof UsageError) {
      await error(`${thrown.message}\n`);
      return thrown.status;
    }
    if (!(thrown instanceof CommandError)) throw thrown;
    if (thrown.message !== '') await error(`ERROR: ${thrown.message}\n`);
    return thrown.status;
  }
}

async function run(process: Process, session: Session, words: readonly string[]): Promise<number> {
  const args = [...words];
  const known = persistent(process);
  const seen = { swarm: undefined, width: helpWidth(process) };
  let at: PluginGroup = tree;
  let path = 'docker buildx';
  const globals: string[] = [];
  for (;;) {
    const word = args[0];
    const own = [...known, ...(at.flags ?? [])];
    const help = `${groupHelp({ ...at, flags: own }, path, seen)}${at === tree ? hint : ''}`;
    const found: Command | PluginGroup | undefined = at.commands.find(
      (entry) =>
        nameOf(entry) === word || (word !== undefined && !isPlugins(entry) && aliasWords(entry).includes(word)),
    );
    const asked = word === '--help' || word === '-h';
    if (found === undefined && at.self !== undefined && !asked)
      return runCommand(process, session, at.self, path, [...globals, ...args], known);
    if (word === undefined || asked) {
      await process.stdout.write(help);
      return 0;
    }
    if (word.startsWith('-')) {
      const parsed = parseFlags(args, own, false);
      if (parsed.ok === false)
        throw new UsageError(`${parsed.error}\n\nUsage:  ${path}\n\nRun '${path} --help' for more information`, 125);
      const rest = parsed.ok === true ? parsed.args : [];
      globals.push(...args.splice(0, args.length - rest.length));
      continue;
    }
    if (found === undefined) {
      await process.stdout.write(help);
      throw new UsageError(`ERROR: unknown command: ${JSON.stringify(word)}`, 1);
    }
    args.shift();
    path = `${path} ${nameOf(found)}`;
    if (!isPlugins(found)) return runCommand(process, session, found, path, [...globals, ...args], known);
    at = found;
  }
}

const isPlugins = (entry: Command | PluginGroup): entry is PluginGroup => isGroup(entry);

const aliasWords = ({ aliases = [] }: Command): readonly string[] =>
  aliases.filter((alias) => alias.startsWith('docker buildx ')).map((alias) => alias.split(' ').at(-1) ?? '');

async function runCommand(
  process: Process,
  session: Session,
  command: Command,
  path: string,
  argv: readonly string[],
  known: readonly Flag[],
): Promise<number> {
  const inherited = known.filter(({ name }) => name !== 'builder' || !withoutBuilder.has(path));
  const all = { ...command, flags: [...inherited, ...(command.flags ?? [])] };
  const usage = `Usage:  ${usageLine(command, path)}`;
  const parsed = parseFlags(argv, all.flags, true);
  if (parsed.ok === 'help') {
    await process.stdout.write(commandHelp(all, path, { swarm: undefined, width: helpWidth(process) }));
    return 0;
  }
  if (!parsed.ok) throw new UsageError(`${parsed.error}\n\n${usage}\n\nRun '${path} --help' for more information`, 125);
  const problem = wrongCount(parsed.args.length, command.operands);
  if (problem !== undefined) {
    const [text, verb] = problem;
    throw new CommandError(`docker: '${path}' ${text}\n\n${usage}\n\n${verb} '${path} --help' for more information`);
  }
  if (parsed.values.on('debug')) process.env.set('DEBUG', '1');
  return command.run({
    process,
    api: new Api(process, session, 'Go-http-client/1.1'),
    session,
    flags: parsed.values,
    args: parsed.args,
    path,
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  });
}

function wrongCount(count: number, [least, most]: Command['operands']): readonly [string, string] | undefined {
  if (count >= least && count <= most) return undefined;
  const plural = (number: number): string => `${number} argument${number === 1 ? '' : 's'}`;
  if (most === 0) return ['accepts no arguments', 'Run'];
  if (least === most) return [`requires ${plural(least)}`, 'Run'];
  if (most === Infinity) return [`requires at least ${plural(least)}`, 'See'];
  return [`requires at most ${plural(most)}`, 'See'];
}

export { runLegacy } from './legacy/main';
