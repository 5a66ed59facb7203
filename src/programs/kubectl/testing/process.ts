import { setImmediate as turn } from 'node:timers/promises';
import { Clock } from '../../../sim/clock';
import { Random } from '../../../sim/random';
import { Trace } from '../../../sim/trace';
import { decode, encode } from '../../../linux/io/bytes';
import { createRootFileSystem } from '../../../linux/fs';
import type { FileSystem } from '../../../linux/fs/types';
import type { Process } from '../../../linux/process/types';
import { kubectl } from '../kubectl';
import type { Connect } from '../rest/transport';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a server is made of. */
export interface Parts {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
}

export interface Bench {
  readonly fs: FileSystem;
  readonly clock: Clock;
  run(
    args: readonly string[],
    options?: { readonly stdin?: string; readonly env?: Readonly<Record<string, string>> },
  ): Promise<Outcome>;
}

/** Runs kubectl in a process that has a disk, streams and a clock, but no kernel: for tests. */
export function bench(server: (parts: Parts) => Connect, now: number): Bench {
  const trace = new Trace();
  const clock = new Clock({ start: now, settle: () => turn(), trace });
  const random = new Random(7);
  const connect = server({ clock, random, trace });
  const mounts = createRootFileSystem({ clock, random });
  let cwd = '/root';
  const fs = mounts.view({
    get cwd() {
      return cwd;
    },
    umask: 0o022,
    credentials: { uid: 0, gid: 0, groups: [0] },
    synthetic: () => undefined,
    device: () => undefined,
  });
  cwd = '/root';
  fs.mkdirAll('/root/.kube');
  fs.mkdirAll('/dev');
  fs.writeFile('/dev/null', '');
  fs.mkdirAll('/tmp');
  return {
    fs,
    clock,
    async run(args, { stdin = '', env = {} } = {}) {
      let stdout = '';
      let stderr = '';
      const bytes = (data: string | Uint8Array): string => (typeof data === 'string' ? data : decode(data));
      let input: Uint8Array | undefined = encode(stdin);
      const process = {
        pid: 29_272,
        argv: ['kubectl', ...args],
        args,
        env: new Map(Object.entries({ HOME: '/root', PATH: '/usr/bin', ...env })),
        get cwd() {
          return cwd;
        },
        stdin: {
          text: () => Promise.resolve(stdin),
          read: () => {
            const chunk = input;
            input = undefined;
            return Promise.resolve(chunk);
          },
        },
        stdout: {
          write: (data: string | Uint8Array) => {
            stdout += bytes(data);
            return Promise.resolve();
          },
        },
        stderr: {
          write: (data: string | Uint8Array) => {
            stderr += bytes(data);
            return Promise.resolve();
          },
        },
        tty: undefined,
        fs,
        clock,
        random,
        trace,
        which: () => undefined,
        signals: { handle: () => () => undefined, ignore: () => () => undefined },
        sleep: (ms: number) => clock.sleep(ms).then(() => true),
        fds: { get: () => undefined },
      };
      const code = await finished(clock, kubectl(connect)(process as unknown as Process));
      return { code, stdout, stderr };
    },
  };
}

/** Lets time pass until a program has ended. */
async function finished(clock: Clock, running: Promise<number>): Promise<number> {
  let ended: { readonly code: number } | { readonly reason: unknown } | undefined;
  running.then(
    (code) => (ended = { code }),
    (reason: unknown) => (ended = { reason }),
  );
  const limit = clock.now + 3_600_000;
  for (let idle = 0; ended === undefined; idle++) {
    await turn();
    if (clock.next !== undefined && ended === undefined) {
      await clock.step();
      idle = 0;
    }
    if (idle > 50 || clock.now > limit) throw new Error('the program waits for ever');
  }
  if ('reason' in ended) throw ended.reason;
  return ended.code;
}
