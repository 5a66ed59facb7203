import { signalNumber } from '../../linux/process/signals';
import { fail } from '../../linux/errno';
import type { OpenFile } from '../../linux/io/open-file';
import type { Process, WaitStatus } from '../../linux/process/types';
import { loginEnvironment } from '../environment';
import type { Lab } from '../../cluster/lab';

/** Where a line's output goes; false says that nobody reads it any more (EPIPE). */
export type Sink = (bytes: Uint8Array) => boolean;

/** Something with a booted lab in it. */
export interface Inhabited {
  readonly lab: Lab;
}

export interface LineOptions {
  readonly argv: readonly string[];
  readonly stdin: OpenFile;
  readonly stdout: Sink;
  readonly stderr: Sink;
}

/** The exit status as a shell gives it. */
export const statusOf = (status: WaitStatus | undefined): number =>
  status?.kind === 'exited' ? status.code : status?.kind === 'signaled' ? 128 + signalNumber(status.signal) : 1;

/** Starts bash on the learner's host. Call it between two instants. */
export function startLine({ lab }: Inhabited, { argv, stdin, stdout, stderr }: LineOptions): Process {
  const child = lab.first.spawn({
    file: '/bin/bash',
    argv,
    cwd: '/root',
    env: loginEnvironment,
    newSession: true,
    fds: new Map([
      [0, stdin],
      [1, sinkFile(stdout)],
      [2, sinkFile(stderr)],
    ]),
  });
  if (!child.ok) throw new Error(`/bin/bash: ${child.error.message}`);
  lab.clock.wake();
  return child.value.process;
}

/** Runs bash on the learner's host at full speed until it ends. The result is its exit status. */
export async function runLine(world: Inhabited, options: LineOptions): Promise<number> {
  const { clock } = world.lab;
  const process = startLine(world, options);
  await clock.runUntil(() => process.status !== undefined);
  await clock.advanceTo(clock.now);
  return statusOf(process.status);
}

function sinkFile(take: Sink): OpenFile {
  return {
    kind: 'pipe',
    name: 'pipe:[1]',
    flags: { read: false, write: true, append: false },
    read: () => fail('EBADF'),
    write: (bytes) => (take(bytes.slice()) ? { ok: true, value: bytes.length } : fail('EPIPE')),
    onReadable: () => () => undefined,
    onWritable: () => () => undefined,
    retain: () => undefined,
    release: () => undefined,
  };
}
