import type { OpenFile } from '../../../linux/io/open-file';
import type { Shell } from '../shell';
import { fromBytes, toBytes } from '../text';

/**
 * Writes to a descriptor, whole. Most sinks take all at once: then nothing is waited for and the result is a plain
 * value. Gives the text of an error, or undefined.
 */
export function writeTo(
  shell: Shell,
  fd: number,
  text: string | Uint8Array,
): Promise<string | undefined> | string | undefined {
  if (text.length === 0) return undefined;
  const bytes = typeof text === 'string' ? toBytes(text) : text;
  const file = shell.process.fds.get(fd);
  if (file === undefined) return 'Bad file descriptor';
  const taken = file.write(bytes);
  if (taken !== 'wait' && taken.ok && taken.value === bytes.length) return undefined;
  const rest = taken !== 'wait' && taken.ok ? bytes.subarray(taken.value) : bytes;
  return waitToWrite(shell, fd, rest);
}

async function waitToWrite(shell: Shell, fd: number, bytes: Uint8Array): Promise<string | undefined> {
  const written = await shell.process.fds.write(fd, bytes);
  return written.ok ? undefined : written.error.message;
}

/** Output of a builtin. An error is told on stderr; gives the status, 0 or 1. */
export function out(shell: Shell, text: string | Uint8Array): Promise<number> | number {
  const failure = writeTo(shell, 1, text);
  if (failure === undefined) return 0;
  return typeof failure === 'string'
    ? writeError(shell, failure)
    : failure.then((late) => (late === undefined ? 0 : writeError(shell, late)));
}

async function writeError(shell: Shell, message: string): Promise<number> {
  await warn(shell, `write error: ${message}`);
  return 1;
}

/** A text on stderr as it is. */
export async function errorText(shell: Shell, text: string): Promise<void> {
  await writeTo(shell, 2, text);
}

/** A message on stderr with what every message begins with, and the builtin that runs. */
export async function warn(shell: Shell, message: string): Promise<void> {
  const who = shell.running === undefined ? '' : `${shell.running}: `;
  await writeTo(shell, 2, `${shell.prefix}${who}${message}\n`);
}

/** A message of the shell itself, not of a builtin. */
export async function complain(shell: Shell, message: string): Promise<void> {
  await writeTo(shell, 2, `${shell.prefix}${message}\n`);
}

/** Message and status of a builtin that was called wrongly. */
export async function usage(shell: Shell, message: string, synopsis: string): Promise<number> {
  await warn(shell, message);
  if (shell.dialect === 'bash') await errorText(shell, `${shell.running ?? ''}: usage: ${synopsis}\n`);
  return 2;
}

/** CPU time of a read that need not wait, in microseconds. */
const READ = 0.5;

/** Reads from an open file as a system call that signals interrupt; undefined then. Empty is end of file. */
export async function readFrom(shell: Shell, fd: number, max: number): Promise<Uint8Array | 'interrupted' | 'error'> {
  const file = shell.process.fds.get(fd);
  if (file === undefined) return 'error';
  if (file.kind !== 'tty') {
    const now = file.read(max);
    if (now !== 'wait') {
      if (!now.ok) return 'error';
      const slice = shell.process.compute(READ);
      if (slice !== undefined) await slice;
      return now.value;
    }
  }
  const read = await shell.process.fds.read(fd, max);
  if (read.ok) return read.value;
  return read.error.code === 'EINTR' ? 'interrupted' : 'error';
}

/** All of an open file as text, for `source` and `$(<file)`. */
export async function readAll(shell: Shell, file: OpenFile): Promise<string | undefined> {
  const { fds } = shell.process;
  const fd = fds.install(file, 10);
  shell.privateFds.add(fd);
  const chunks: Uint8Array[] = [];
  let failed = false;
  for (;;) {
    const chunk = await readFrom(shell, fd, 65_536);
    if (chunk === 'interrupted') {
      if (shell.interrupted || shell.terminating !== undefined) break;
      continue;
    }
    failed = chunk === 'error';
    if (chunk === 'error' || chunk.length === 0) break;
    chunks.push(chunk);
  }
  fds.close(fd);
  shell.privateFds.delete(fd);
  return failed ? undefined : fromBytes(join(chunks));
}

export function join(chunks: readonly Uint8Array[]): Uint8Array {
  const only = chunks[0];
  if (chunks.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
