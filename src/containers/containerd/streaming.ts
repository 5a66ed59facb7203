import type { Clock } from '../../sim/clock';
import { err, ok } from '../../sim/result';
import { concat } from '../../linux/io/bytes';
import type { WindowSize } from '../../linux/tty/types';
import type { ShimProcess } from '../shim/shim';
import type { Done, ExecRequest, ExecSession, ExecSyncResult } from './cri';

type Streams = Omit<ExecRequest, 'command' | 'containerId'>;

/** Connects a client to the streams of a process in a container. */
export function session(process: ShimProcess, { tty, stdout, stderr, size }: Streams): ExecSession {
  const { streams } = process;
  const ends = [streams.stdout.listen(stdout)];
  if (!tty) ends.push(streams.stderr.listen(stderr));
  if (size !== undefined) streams.pty?.resize(size);
  return {
    async write(bytes) {
      if (streams.pty !== undefined) streams.pty.input(bytes);
      else await streams.stdin?.write(bytes);
    },
    closeStdin: () => streams.stdin?.close(),
    resize: (window: WindowSize) => streams.pty?.resize(window),
    onExit: (listener) => process.onExit(({ code }) => listener(code)),
    detach: () => ends.forEach((end) => end()),
  };
}

/** ExecSync: waits for the end, or kills at the deadline, and gives what was written. */
export function gather(clock: Clock, process: ShimProcess, timeout: number, done: Done<ExecSyncResult>): void {
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  process.streams.stdout.listen((bytes) => void stdout.push(bytes));
  process.streams.stderr.listen((bytes) => void stderr.push(bytes));
  let late = false;
  const expire = (): void => {
    late = true;
    process.kill('SIGKILL');
  };
  const timer = timeout > 0 ? clock.setTimer(timeout * 1000, expire) : undefined;
  process.onExit(({ code }) => {
    if (timer !== undefined) clock.cancel(timer);
    if (!late) done(ok({ stdout: concat(stdout), stderr: concat(stderr), exitCode: code }));
    else {
      const message = `failed to exec in container: timeout ${timeout}s exceeded: context deadline exceeded`;
      done(err({ code: 'DeadlineExceeded', message }));
    }
  });
}
