import type { SignalName } from '../../../linux/process/types';
import type { OpenFile } from '../../../linux/io/open-file';
import { concat, encode } from '../../../linux/io/bytes';
import type { Process, WaitStatus } from '../../../linux/process/types';
import { sha256, sha384, sha512, sha224 } from '@noble/hashes/sha2.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import type { Plain } from '../engine/memory';
import { fromHex, toHex } from './bytes';
import { failure, integer, string, type Calls } from './call';

const hashes: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  md5,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
};

/** Time, chance, the environment, children and signals. */
export function processCalls(process: Process): Calls {
  const { clock, random } = process;
  const pending: string[] = [];
  const catching = new Map<string, () => void>();
  const handle = (name: SignalName): void => {
    catching.get(name)?.();
    catching.set(
      name,
      process.signals.handle(name, () => pending.push(name)),
    );
  };
  handle('SIGINT');
  process.signals.ignore('SIGPIPE');
  return {
    now: () => clock.now / 1000 + 0.000001,
    sleep: (args) => process.sleep(Math.max(0, Number(args[0]) * 1000)).then((whole) => whole),
    compute: (args) => process.compute(integer(args, 0))?.then(() => 0) ?? 0,
    signal: () => pending.shift() ?? '',
    handle: (args) => {
      handle(string(args, 0) as SignalName);
      return 0;
    },
    dispose: (args) => {
      const name = string(args, 0) as SignalName;
      catching.get(name)?.();
      catching.delete(name);
      if (string(args, 1) === 'ignore') catching.set(name, process.signals.ignore(name));
      else process.signals.reset(name);
      return 0;
    },
    pause: () => process.block<void>(() => () => undefined, { interruptible: true }).then(() => 0),
    fraction: () => random.fraction(),
    urandom: (args) => toHex(Uint8Array.from({ length: integer(args, 0) }, () => random.below(256))),
    hash: (args) => {
      const hash = hashes[string(args, 0)];
      return hash === undefined ? null : toHex(hash(fromHex(string(args, 1))));
    },
    arguments: () => JSON.stringify(process.argv),
    environment: () => JSON.stringify(Object.fromEntries(process.env)),
    setenv: (args) => {
      if (typeof args[1] === 'string') process.env.set(string(args, 0), args[1]);
      else process.env.delete(string(args, 0));
      return 0;
    },
    getcwd: () => process.cwd,
    chdir: (args) => {
      const to = process.fs.realpath(string(args, 0));
      if (!to.ok) return failure(to.error);
      const about = process.fs.stat(to.value);
      if (about.ok && about.value.type !== 'directory') return '!20 Not a directory';
      process.cwd = to.value;
      return 0;
    },
    hostname: () => process.namespaces.uts.hostname,
    ids: () => JSON.stringify([process.pid, process.parentPid, process.credentials.uid, process.credentials.gid]),
    cpus: () => process.host.cpus,
    columns: () => process.tty?.size.columns ?? 80,
    which: (args) => process.which(string(args, 0)) ?? null,
    kill: (args) => {
      const done = process.kill(integer(args, 0), string(args, 1) as SignalName);
      return done.ok ? 0 : failure(done.error);
    },
    spawn: (args) => spawn(process, JSON.parse(string(args, 0)) as Command),
    exit: (args) => process.exit(integer(args, 0)),
    die: (args) => {
      const name = string(args, 0) as SignalName;
      catching.get(name)?.();
      process.signals.reset(name);
      process.kill(process.pid, name);
      return process.block<void>(() => () => undefined).then(() => 0);
    },
  };
}

interface Command {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>> | null;
  readonly cwd: string | null;
  /** What its standard input has, in hexadecimal; null: ours. */
  readonly input: string | null;
  readonly output: 'pipe' | 'null' | null;
  readonly errors: 'pipe' | 'null' | 'output' | null;
}

const code = (status: WaitStatus): number | string =>
  status.kind === 'exited' ? status.code : status.kind === 'signaled' ? status.signal : 0;

/** Runs a command to its end: `[pid, status, output, errors]`. */
async function spawn(process: Process, command: Command): Promise<Plain> {
  const [name = ''] = command.argv;
  const file = name.includes('/') ? name : process.which(name);
  if (file === undefined) return '!2 No such file or directory';
  const fds = new Map<number, OpenFile>();
  for (const descriptor of [0, 1, 2]) {
    const own = process.fds.get(descriptor);
    if (own !== undefined) fds.set(descriptor, own);
  }
  const given: OpenFile[] = [];
  const readers: Promise<Uint8Array>[] = [];
  const collect = (): { readonly write: OpenFile; readonly all: () => Promise<Uint8Array> } => {
    const { read, write } = process.pipe();
    given.push(write);
    const descriptor = process.fds.install(read, 10);
    return { write, all: () => drain(process, descriptor) };
  };
  const outputs: (() => Promise<Uint8Array>)[] = [];
  const redirect = (descriptor: number, how: string | null): number => {
    if (how === 'pipe') {
      const { write, all } = collect();
      fds.set(descriptor, write);
      return outputs.push(all) - 1;
    }
    if (how === 'null') {
      const opened = process.fs.open('/dev/null', { write: true });
      if (opened.ok) {
        fds.set(descriptor, opened.value);
        given.push(opened.value);
      }
    }
    return -1;
  };
  const output = redirect(1, command.output);
  const errors = redirect(2, command.errors);
  if (command.errors === 'output') fds.set(2, fds.get(1) ?? given[0] ?? process.pipe().write);
  let feed: number | undefined;
  if (command.input !== null) {
    const { read, write } = process.pipe();
    fds.set(0, read);
    given.push(read);
    feed = process.fds.install(write, 10);
  }
  const started = process.spawn({
    file,
    argv: command.argv,
    fds,
    ...(command.env === null ? {} : { env: new Map(Object.entries(command.env)) }),
    ...(command.cwd === null ? {} : { cwd: command.cwd }),
  });
  given.forEach((one) => one.release());
  if (!started.ok) return failure(started.error);
  for (const all of outputs) readers.push(all());
  if (feed !== undefined) {
    await process.fds.write(feed, fromHex(command.input ?? ''));
    process.fds.close(feed);
  }
  const texts = await Promise.all(readers);
  const status = await started.value.wait();
  return JSON.stringify([
    started.value.pid,
    code(status),
    toHex(texts[output] ?? encode('')),
    toHex(texts[errors] ?? encode('')),
  ]);
}

async function drain(process: Process, descriptor: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const read = await process.fds.read(descriptor, 65_536);
    if (!read.ok || read.value.length === 0) break;
    chunks.push(read.value);
  }
  process.fds.close(descriptor);
  return concat(chunks);
}
