import type { Shell } from '../shell';
import { fromBytes } from '../text';
import { join, readFrom } from './io';
import { handlePending, hasPending } from './traps';

const NEWLINE = 10;
const BLOCK = 4096;

/**
 * One line without its newline, and not a byte more, so that commands that follow read the rest: byte by byte, or in
 * blocks where one can go back. Undefined at the end of file with nothing read.
 */
export async function readLine(shell: Shell, fd: number): Promise<string | undefined> {
  const line = await readDelimited(shell, fd, NEWLINE);
  return line.bytes.length === 0 && !line.delimited ? undefined : fromBytes(line.bytes);
}

export interface Line {
  readonly bytes: Uint8Array;
  /** False if the end of file came first. */
  readonly delimited: boolean;
}

/** Reads up to a delimiter, which is taken and dropped. */
export async function readDelimited(shell: Shell, fd: number, delimiter: number): Promise<Line> {
  const file = shell.process.fds.get(fd);
  const seekable = file?.kind === 'file' && file.seek !== undefined;
  const chunks: Uint8Array[] = [];
  for (;;) {
    // Bytes may never end, and never have to be waited for (/dev/zero).
    if (shell.interrupted) await handlePending(shell);
    const line = file?.kind === 'tty';
    const chunk = await readFrom(shell, fd, seekable ? BLOCK : line ? BLOCK : 1);
    if (chunk === 'interrupted') {
      if (hasPending(shell)) await handlePending(shell);
      continue;
    }
    if (chunk === 'error' || chunk.length === 0) return { bytes: join(chunks), delimited: false };
    const at = chunk.indexOf(delimiter);
    if (at < 0) {
      // bash drops NULs as it reads: a line of nothing else takes no memory, however long it is.
      if (delimiter === 0 || chunk.some((byte) => byte !== 0)) chunks.push(chunk);
      continue;
    }
    if (at + 1 < chunk.length) file?.seek?.(at + 1 - chunk.length, 'cur');
    chunks.push(chunk.subarray(0, at));
    return { bytes: join(chunks), delimited: true };
  }
}
