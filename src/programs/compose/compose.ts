import { ProcessEnded } from '../../linux/process/process-ended';
import type { Process, Program } from '../../linux/process/types';
import type { Context } from './cli/context';
import { ComposeError } from './cli/error';
import { commandHelp } from './cli/help';
import { parse, type Flags } from './cli/parse';
import { rootFlags, rootHelp } from './cli/root';
import type { Spec } from './cli/spec';
import { Warnings } from './cli/warnings';
import { commands, find } from './commands';
import { Api } from './engine/api';
import { builtAs, isPackaged } from './engine/package';
import { DryRunApi } from './engine/dry-run';
import { parseDotenv } from './load/dotenv';
import type { ProjectOptions } from './load/project';
import { LoadError } from './load/value';
import { join } from './load/volumes';
import type { ProgressMode } from './progress/progress';

const modes = ['auto', 'tty', 'plain', 'json', 'quiet'];

/**
 * `docker-compose`, alone or as the plugin that `docker compose` runs. The docker command hands over its own words,
 * the first of which is then `compose`.
 */
export const compose: Program = async (process) => {
  const argv = process.args[0] === 'compose' ? process.args.slice(1) : process.args;
  if (argv[0] === 'docker-cli-plugin-metadata') {
    const metadata = { SchemaVersion: '0.1.0', Vendor: 'Docker Inc.', Version: builtAs(process) };
    await process.stdout.write(`${JSON.stringify(metadata, undefined, 5)}\n`);
    return 0;
  }
  const warnings = new Warnings(process);
  try {
    return await run(process, argv, warnings);
  } catch (thrown) {
    if (thrown instanceof ProcessEnded) throw thrown;
    await warnings.flush();
    if (thrown instanceof ComposeError || thrown instanceof LoadError) {
      if (thrown.message !== '') await process.stderr.write(`${thrown.message}\n`);
      return thrown instanceof ComposeError ? thrown.status : 1;
    }
    throw thrown;
  }
};

/** Debian's package of it. */
export const composeOfDebian: Program = (process) => {
  isPackaged(process, '2.40.3-3');
  return compose(process);
};

async function run(process: Process, argv: readonly string[], warnings: Warnings): Promise<number> {
  const out = (text: string): Promise<unknown> => process.stdout.write(text);
  const error = (text: string): Promise<unknown> => process.stderr.write(text);
  const given = parse(argv, rootFlags, false);
  if (given.ok === 'help') {
    await out(rootHelp());
    return 0;
  }
  if (!given.ok) throw new ComposeError(given.error);
  const { flags: root, operands } = given;
  const [name, ...rest] = operands;
  if (name === undefined) {
    if (root.on('version')) return runCommand('version', []);
    await out(rootHelp());
    return 0;
  }
  if (name === 'help') {
    const spec = find(rest[0] ?? '');
    await out(spec === undefined ? rootHelp() : commandHelp(spec));
    return 0;
  }
  return runCommand(name, rest);

  async function runCommand(word: string, args: readonly string[]): Promise<number> {
    const spec = find(word);
    const command = spec === undefined ? undefined : commands[spec.name];
    if (spec === undefined || command === undefined) {
      await out(rootHelp());
      throw new ComposeError(`unknown docker command: ${JSON.stringify(`compose ${word}`)}`);
    }
    const parsed = parse(args, spec.flags, spec.name !== 'run' && spec.name !== 'exec');
    if (parsed.ok === 'help') {
      await out(commandHelp(spec));
      return 0;
    }
    if (!parsed.ok) throw new ComposeError(parsed.error);
    checkOperands(spec, parsed.operands);
    readDotenv(process, root);
    const mode = progressMode(process, root);
    const options = projectOptions(process, root);
    const dryRun = root.on('dry-run') || parsed.flags.on('dry-run');
    const api = dryRun ? new DryRunApi(process) : new Api(process);
    const context: Context = {
      process,
      api,
      options,
      warnings,
      flags: parsed.flags,
      operands: parsed.operands,
      progress: mode,
      dryRun,
      colors: ansi(process, root) !== 'never' && (process.env.get('NO_COLOR') ?? '') === '',
      ansi: ansi(process, root),
      out,
      error,
    };
    return command(context);
  }
}

/** How many words a command takes besides its flags. */
function checkOperands({ name, use }: Spec, operands: readonly string[]): void {
  const [least, most] = counts[name] ?? [0, Infinity];
  if (operands.length >= least && operands.length <= most) return;
  const run = `See 'docker compose ${name} --help'.\n\nUsage:  docker compose ${name} ${use}\n`;
  if (name === 'cp' || name === 'publish')
    throw new ComposeError(
      `"docker compose ${name}" requires exactly ${least} argument${least === 1 ? '' : 's'}.\n${run}`.trimEnd(),
    );
  if (name === 'wait') throw new ComposeError(`"docker compose wait" requires at least 1 argument.\n${run}`.trimEnd());
  if (most === 0)
    throw new ComposeError(`unknown command ${JSON.stringify(operands[0] ?? '')} for "docker compose ${name}"`);
  if (operands.length < least)
    throw new ComposeError(
      most === Infinity
        ? `requires at least ${least} arg(s), only received ${operands.length}`
        : `accepts between ${least} and ${most} arg(s), received ${operands.length}`,
    );
  throw new ComposeError(
    least === 0
      ? `accepts at most ${most} arg(s), received ${operands.length}`
      : `accepts between ${least} and ${most} arg(s), received ${operands.length}`,
  );
}

const counts: Readonly<Record<string, readonly [number, number]>> = {
  attach: [1, Infinity],
  commit: [1, 2],
  cp: [2, 2],
  exec: [2, Infinity],
  export: [1, Infinity],
  ls: [0, 0],
  port: [2, Infinity],
  publish: [1, 1],
  run: [1, Infinity],
  scale: [1, Infinity],
  stats: [0, 1],
  version: [0, 0],
  wait: [1, Infinity],
};

/** `COMPOSE_…` of the .env file count before anything is loaded (setEnvWithDotEnv). */
function readDotenv({ fs, cwd, env }: Process, root: Flags): void {
  const folder = root.last('project-directory') ?? cwd;
  const given = root.all('env-file');
  for (const file of given.length > 0 ? given : [join(folder.startsWith('/') ? folder : join(cwd, folder), '.env')]) {
    const text = fs.readText(file.startsWith('/') ? file : join(cwd, file));
    if (!text.ok) continue;
    try {
      const values = parseDotenv(
        text.value,
        (key) => env.get(key),
        () => undefined,
      );
      for (const [key, value] of values) if (key.startsWith('COMPOSE_') && !env.has(key)) env.set(key, value);
    } catch (error) {
      // Told when the project is loaded.
      if (!(error instanceof Error)) throw error;
    }
  }
}

const ansi = ({ env }: Process, root: Flags): string =>
  root.on('no-ansi') ? 'never' : (root.last('ansi') ?? env.get('COMPOSE_ANSI') ?? 'auto');

function progressMode(process: Process, root: Flags): ProgressMode {
  const wanted = root.last('progress') ?? process.env.get('COMPOSE_PROGRESS') ?? '';
  const control = ansi(process, root);
  if (wanted === '' || wanted === 'auto') {
    if (control === 'always') return 'tty';
    return control === 'never' ? 'plain' : 'auto';
  }
  if (wanted === 'none') return 'quiet';
  if (wanted === 'tty' && control === 'never')
    throw new ComposeError("can't use --progress tty while ANSI support is disabled");
  if (wanted === 'plain' && control === 'always')
    throw new ComposeError("can't use --progress plain while ANSI support is forced");
  if (!modes.includes(wanted)) throw new ComposeError(`unsupported --progress value ${JSON.stringify(wanted)}`);
  return wanted as ProgressMode;
}

function projectOptions({ env }: Process, root: Flags): ProjectOptions {
  const envFiles = root.all('env-file');
  return {
    files: root.all('file'),
    projectName: root.last('project-name'),
    projectDirectory: root.last('project-directory') ?? root.last('workdir'),
    envFiles:
      envFiles.length > 0 ? envFiles : (env.get('COMPOSE_ENV_FILES') ?? '').split(',').filter((file) => file !== ''),
    profiles: root.all('profile'),
    compatibility: root.on('compatibility'),
    allResources: root.on('all-resources'),
  };
}
