import { concat } from '../../../linux/io/bytes';
import type { FileSystem } from '../../../linux/fs/types';
import type { Process } from '../../../linux/process/types';
import { CommandError } from './command';
import type { Reader } from './streams';

const dirOf = (path: string): string => {
  const clean = path.replace(/(?<=.)\/+$/, '');
  const slash = clean.lastIndexOf('/');
  return slash < 0 ? '.' : slash === 0 ? '/' : clean.slice(0, slash);
};

/** All bytes of a stream. */
export async function readAll(from: Reader): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const bytes = await from.read();
    if (bytes === undefined) return concat(chunks);
    chunks.push(bytes);
  }
}

/** Whether something can be written to a path (cli/command ValidateOutputPath). */
export function validateOutputPath(fs: FileSystem, path: string): void {
  const dir = dirOf(path);
  if (dir !== '.' && !fs.stat(dir).ok)
    throw new CommandError(`invalid output path: directory ${JSON.stringify(dir)} does not exist`);
  const stat = fs.stat(path);
  if (!stat.ok || stat.value.type === 'directory' || stat.value.type === 'file') return;
  const why = outputModeError(stat.value.type);
  if (why !== undefined)
    throw new CommandError(
      `invalid output path: ${JSON.stringify(path)} must be a directory or a regular file: ${why}`,
    );
}

/** ValidateOutputPathFileMode: what cannot be a target. */
export const outputModeError = (type: string): string | undefined =>
  type === 'char' || type === 'block' ? 'got a device' : undefined;

/** Whether a file can be put in place of a path (moby/sys/atomicwriter validateDestination). */
export function validateDestination(fs: FileSystem, path: string): void {
  const dir = dirOf(path);
  if (dir !== '.' && dir !== '..') {
    const stat = fs.stat(dir);
    if (!stat.ok) throw new CommandError(`invalid output path: stat ${dir}: ${stat.error.message.toLowerCase()}`);
    if (stat.value.type !== 'directory') throw new CommandError(`invalid output path: stat ${dir}: not a directory`);
  }
  const existing = fs.lstat(path);
  if (!existing.ok || existing.value.type === 'file') return;
  const kinds: Readonly<Record<string, string>> = {
    directory: 'cannot write to a directory',
    symlink: 'cannot write to a symbolic link directly',
    char: 'cannot write to a character device file',
    block: 'cannot write to a block device file',
    fifo: 'cannot write to a named pipe file',
    socket: 'cannot write to a socket file',
  };
  throw new CommandError(kinds[existing.value.type] ?? 'cannot write to a file of this type');
}

/** Writes a stream to a file that takes its place once it is whole. */
export async function writeAtomically({ fs }: Process, path: string, from: Reader, mode = 0o600): Promise<void> {
  const bytes = await readAll(from);
  const temporary = `${dirOf(path)}/.tmp-${path.slice(path.lastIndexOf('/') + 1)}`;
  const written = fs.writeFile(temporary, bytes, mode);
  if (!written.ok) throw new CommandError(`open ${temporary}: ${written.error.message.toLowerCase()}`);
  const renamed = fs.rename(temporary, path);
  if (!renamed.ok) throw new CommandError(`rename ${temporary} ${path}: ${renamed.error.message.toLowerCase()}`);
}

/** Copies a stream to standard output. */
export async function writeOut(process: Process, from: Reader): Promise<void> {
  for (;;) {
    const bytes = await from.read();
    if (bytes === undefined) return;
    const written = await process.stdout.write(bytes);
    if (!written.ok) return;
  }
}
