import { ProcessEnded } from '../../../linux/process/process-ended';
import type { Process } from '../../../linux/process/types';
import { Api } from './api';
import type { ClientBuild } from './build';
import { CommandError, isGroup, nameOf, type Command, type Group } from './command';
import { parseFlags, type FlagValues } from './flags';
import { forwardBuilder } from '../commands/build/forward';
import { forwardPlugin } from './forward-plugin';
import { globalFlags } from './globals';
import { commandHelp, groupHelp, helpWidth, usageLine, type Seen } from './help';
import { rootHelp } from './root-help';
import { Session } from './session';

const deprecatedShort = 'Flag shorthand -h has been deprecated, use --help\n';
const rootUsage = 'docker [OPTIONS] COMMAND [ARG...]';

/** Finds the command that the arguments name, and runs it. */
export async function runCli(process: Process, root: Group, build: ClientBuild): Promise<number> {
  const error = (text: string) => process.stderr.write(text);
  const known = globalFlags(process);
  const given = parseFlags(process.args, known, false);
  if (given.ok !== true) {
    if (given.ok === 'help') return 0;
    await seen(new Api(process, new Session(process, build)));
    await error(`${given.error}\n\nUsage:  ${rootUsage}\n\nRun 'docker --help' for more information\n`);
    return 125;
  }
  const session = new Session(process, build, given.values);
  const cli = new Cli(process, root, session);
  if (given.values.given('version')) {
    await process.stdout.write(`Docker version ${build.version}, build ${build.gitCommit}\n`);
    return 0;
  }
  if (given.values.given('help')) {
    if (process.args.includes('-h')) await error(deprecatedShort);
    return cli.reported(() => cli.help(given.args));
  }
  if (given.values.given('host') && given.values.given('context')) {
    await error('conflicting options: cannot specify both --host and --context\n');
    return 1;
  }
  const level = given.values.last('log-level');
  if (level !== undefined && !/^(trace|debug|info|warn|warning|error|fatal|panic)$/i.test(level)) {
    await error(`unable to parse logging level: ${level}\n`);
    return 125;
  }
  return cli.run(given.args);
}

/** What the engine says when it is pinged: help hides what it cannot do. */
async function seen(api: Api): Promise<Seen> {
  const swarm = await api.ping().then(
    (response) => response?.headers.get('Swarm'),
    (thrown: unknown) => {
      if (thrown instanceof ProcessEnded) throw thrown;
      return undefined;
    },
  );
  return { swarm: swarm ?? undefined, width: helpWidth(api.process) };
}

class Cli {
  constructor(
    readonly process: Process,
    readonly root: Group,
    readonly session: Session,
  ) {}

  /** Walks down to the command, and runs it. */
  async run(words: readonly string[]): Promise<number> {
    const { process, root } = this;
    const error = (text: string) => process.stderr.write(text);
    const forwarded = forwardPlugin(process, this.session, words) ?? forwardBuilder(process, this.session, words);
    if (forwarded !== undefined) return this.reported(forwarded);
    const args = [...words];
    let at: Group = root;
    let path = 'docker';
    for (;;) {
      const word = args.shift();
      if (word === undefined) {
        await error(await this.#groupHelp(at, path));
        return 0;
      }
      if (at === root && word === 'help') return this.reported(() => this.help(args));
      if (word.startsWith('-') && at !== root) {
        const status = await this.#groupFlag(at, path, [word, ...args]);
        if (status !== undefined) return status;
        continue;
      }
      const found = this.find(at, word);
      if (found === undefined) {
        const usage = at === root ? '' : `Usage:  ${path}\n\n`;
        await error(`docker: unknown command: ${path} ${word}\n\n${usage}Run '${path} --help' for more information\n`);
        return 1;
      }
      path = `${path} ${nameOf(found)}`;
      if (!isGroup(found)) return this.#runCommand(found, path, args);
      at = found;
    }
  }

  /** A flag where a command was awaited: help, or a mistake. */
  async #groupFlag(group: Group, path: string, words: readonly string[]): Promise<number | undefined> {
    const parsed = parseFlags(words, group.flags ?? [], false);
    if (parsed.ok === 'help') {
      if (words.includes('-h')) await this.process.stderr.write(deprecatedShort);
      await this.process.stdout.write(await this.#groupHelp(group, path));
      return 0;
    }
    if (parsed.ok) return this.run([...path.split(' ').slice(1), ...parsed.args]);
    await this.process.stderr.write(
      `${parsed.error}\n\nUsage:  ${path}\n\nRun '${path} --help' for more information\n`,
    );
    return 125;
  }

  find(group: Group, word: string): Command | Group | undefined {
    let known = entries.get(group);
    if (known === undefined) entries.set(group, (known = entriesOf(group)));
    return known.get(word);
  }

  /** `docker help network ls`. */
  async help(words: readonly string[]): Promise<number> {
    let at: Command | Group = this.root;
    let path = 'docker';
    for (const word of words) {
      const found: Command | Group | undefined = isGroup(at) ? this.find(at, word) : undefined;
      if (found === undefined)
        throw new CommandError(`unknown help topic: ${words.slice(path.split(' ').length - 1).join(' ')}`);
      at = found;
      path = `${path} ${nameOf(found)}`;
    }
    const text = isGroup(at)
      ? await this.#groupHelp(at, path)
      : commandHelp(at, path, await seen(new Api(this.process, this.session)));
    await this.process.stdout.write(text);
    return 0;
  }

  async #groupHelp(group: Group, path: string): Promise<string> {
    const known = await seen(new Api(this.process, this.session));
    return group === this.root ? rootHelp(this.process, group, known) : groupHelp(group, path, known);
  }

  /** Prints what a command throws as its refusal. */
  async reported(run: () => Promise<number>): Promise<number> {
    try {
      return await run();
    } catch (thrown) {
      if (thrown instanceof ProcessEnded || !(thrown instanceof CommandError)) throw thrown;
      if (thrown.message !== '') await this.process.stderr.write(`${thrown.message}\n`);
      return thrown.status;
    }
  }

  async #runCommand(command: Command, path: string, argv: readonly string[]): Promise<number> {
    const { process, session } = this;
    const out = (text: string) => process.stdout.write(text);
    const error = (text: string) => process.stderr.write(text);
    const usage = `Usage:  ${usageLine(command, path)}`;
    const parsed = parseFlags(argv, command.flags ?? [], command.stopsAtOperand !== true);
    const asksNothing = parsed.ok === true && command.needsFlag === true && parsed.values.none;
    if (parsed.ok === 'help' || asksNothing || (parsed.ok && parsed.values.on('help'))) {
      if (parsed.ok === 'help' && argv.includes('-h')) await error(deprecatedShort);
      await out(commandHelp(command, path, await this.reportedSeen()));
      return 0;
    }
    if (!parsed.ok) {
      if (parsed.error.startsWith('invalid argument')) await this.reportedSeen();
      await error(`${parsed.error}\n\n${usage}\n\nRun '${path} --help' for more information\n`);
      return 125;
    }
    const problem = wrongCount(parsed.args.length, command.operands);
    if (problem !== undefined) {
      const verb = command.operands[1] === Infinity ? 'See' : 'Run';
      await error(`docker: '${path}' ${problem}\n\n${usage}\n\n${verb} '${path} --help' for more information\n`);
      return 1;
    }
    const flags: FlagValues = parsed.values;
    process.record('parse', path, { operands: parsed.args, line: process.argv });
    return this.reported(async () => {
      const api = new Api(process, session);
      if (command.offline !== true) await api.greet();
      return command.run({ process, api, session, flags, args: parsed.args, path, out, error });
    });
  }

  reportedSeen(): Promise<Seen> {
    return seen(new Api(this.process, this.session));
  }
}

/** A group's commands by each word that names them; they never change. */
const entries = new WeakMap<Group, ReadonlyMap<string, Command | Group>>();

function entriesOf({ commands }: Group): ReadonlyMap<string, Command | Group> {
  const byWord = new Map<string, Command | Group>();
  for (const entry of commands)
    for (const word of [nameOf(entry), ...aliasWords(entry)]) if (!byWord.has(word)) byWord.set(word, entry);
  return byWord;
}

/** Other last words by which a command goes: `list` and `ps` for `ls`. */
function aliasWords(entry: Command | Group): readonly string[] {
  const { aliases = [] } = entry;
  if (isGroup(entry)) return aliases;
  return aliases.filter((alias) => alias.split(' ').length > 2).map((alias) => alias.split(' ').at(-1) ?? '');
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
