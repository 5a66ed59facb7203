import { concat, decode } from '../../../linux/io/bytes';
import type { Process } from '../../../linux/process/types';
import { readAll } from '../streams';

/** What came of a command on another host. */
export interface Remote {
  readonly status: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/** A word as a shell takes it. */
export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Runs ssh as a child with its streams in our hands. */
export async function remote(process: Process, args: readonly string[], input?: Uint8Array): Promise<Remote> {
  const [stdin, stdout, stderr] = [process.pipe(), process.pipe(), process.pipe()];
  const write = process.fds.install(stdin.write, 10);
  const [out, errors] = [process.fds.install(stdout.read, 10), process.fds.install(stderr.read, 10)];
  const child = process.spawn({
    file: process.which('ssh') ?? '/usr/bin/ssh',
    argv: ['ssh', ...args],
    fds: new Map([
      [0, stdin.read],
      [1, stdout.write],
      [2, stderr.write],
    ]),
  });
  if (!child.ok) return { status: 255, stdout: concat([]), stderr: `ssh: ${child.error.message}\n` };
  process.thread(async () => {
    if (input) await process.fds.writer(write).write(input);
    process.fds.close(write);
  });
  const [bytes, text] = await Promise.all([readAll(process.fds.reader(out)), readAll(process.fds.reader(errors))]);
  const status = await child.value.wait();
  process.fds.close(out);
  process.fds.close(errors);
  return { status: status.kind === 'exited' ? status.code : 255, stdout: bytes, stderr: decode(text) };
}
