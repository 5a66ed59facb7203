import { fail } from '../errno';
import type { OpenFile } from './open-file';

/** A write-only file that hands on what is written to it, at once and whole: the far end of a pipe to the outside. */
export function captureFile(take: (bytes: Uint8Array) => void, name = 'pipe:[1]'): OpenFile {
  return {
    kind: 'pipe',
    name,
    flags: { read: false, write: true, append: false },
    read: () => fail('EBADF'),
    write: (bytes) => {
      take(bytes.slice());
      return { ok: true, value: bytes.length };
    },
    onReadable: () => () => undefined,
    onWritable: () => () => undefined,
    retain: () => undefined,
    release: () => undefined,
  };
}
