/** `npm run world`: the same world without a page. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { World, type WorldHooks } from '../world';
import { parseArguments, usage, type WorldArguments } from './arguments';
import { parseEntry, runBatch, type BatchEntry } from './batch';
import { interactive } from './interactive';
import { runLine } from './run-line';
import { outsideInput, type ChunkSource } from './standard-input';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const quiet: WorldHooks = {
  output: () => undefined,
  closed: () => undefined,
  checked: () => undefined,
  fault: (error, where) => {
    console.error(
      `bottleship: a fault in ${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  },
};

const create = ({ seed, topology }: WorldArguments, hooks: WorldHooks): Promise<World> =>
  World.create({ seed, topology, settle, hooks });

/** Real standard input, chunk by chunk, opened when first asked for. */
function stdinChunks(): ChunkSource {
  let iterator: AsyncIterator<Uint8Array> | undefined;
  return async () => {
    iterator ??= process.stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    const { value, done } = await iterator.next();
    return done === true ? undefined : value;
  };
}

/** Passes bytes through to a real stream; false once its reader has gone. */
function passTo(stream: NodeJS.WriteStream): (bytes: Uint8Array) => boolean {
  let open = true;
  stream.on('error', () => {
    open = false;
  });
  return (bytes) => {
    if (open) stream.write(bytes);
    return open;
  };
}

async function runScript(args: WorldArguments, argv: readonly string[]): Promise<number> {
  const world = await create(args, quiet);
  process.on('SIGINT', () => world.lab.first.kernel.signalSession(lastSession(world), 'SIGINT'));
  return runLine(world, {
    argv,
    stdin: outsideInput(world.lab.clock, stdinChunks()),
    stdout: passTo(process.stdout),
    stderr: passTo(process.stderr),
  });
}

/** The session of the shell that runs: the newest one there is. */
const lastSession = (world: World): number =>
  Math.max(...[...world.lab.first.kernel.pidNamespace.tasks].map(({ session }) => session));

async function runBatchFile(args: WorldArguments, path: string): Promise<number> {
  const text = path === '-' ? readFileSync(0, 'utf8') : readFileSync(path, 'utf8');
  const entries: BatchEntry[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const entry = parseEntry(line);
    if ('error' in entry) {
      console.error(`${path}:${index + 1}: ${entry.error}`);
      return 2;
    }
    entries.push(entry);
  }
  for await (const result of runBatch(entries, { fresh: () => create(args, quiet), cpu })) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  return 0;
}

async function main(): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  if ('error' in args) {
    process.stderr.write(`world: ${args.error}\n${usage}`);
    return 2;
  }
  const { mode } = args;
  switch (mode.kind) {
    case 'line':
      return runScript(args, ['bash', '-c', mode.line, ...mode.args]);
    case 'script': {
      const script = readFileSync(mode.path === '-' ? 0 : mode.path, 'utf8');
      const name = mode.path === '-' ? 'bash' : basename(mode.path);
      return runScript(args, ['bash', '-c', script, name, ...mode.args]);
    }
    case 'batch':
      return runBatchFile(args, mode.path);
    case 'interactive':
      if (!process.stdin.isTTY) return runScript(args, ['bash', '-c', readFileSync(0, 'utf8')]);
      return interactive((hooks) => create(args, { ...quiet, ...hooks }));
  }
}

main().then(
  (code) => {
    process.exitCode = code;
    // Whatever still waits in the world (timers are virtual) must not keep the real process; output is flushed first.
    process.stdout.write('', () => process.exit(code));
  },
  (error: unknown) => {
    const known = error instanceof Error;
    process.stderr.write(`world: ${known ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
