import { concat } from '../../linux/io/bytes';
import type { ByteReader, Process } from '../../linux/process/types';

/** All bytes to the end of a stream. */
export async function readAll(reader: ByteReader): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let chunk = await reader.read(); chunk !== undefined; chunk = await reader.read()) chunks.push(chunk);
  return concat(chunks);
}

/** isatty(3). */
export const isTty = (process: Process, fd: number): boolean => process.fds.get(fd)?.kind === 'tty';

/** The name under which the program was called, without its directory. */
export const calledAs = ({ argv }: Process): string => (argv[0] ?? '').replace(/^.*\//, '').replace(/^-/, '');
