import { fail, type Sys } from '../errno';
import { decode, encode } from '../io/bytes';
import type { OpenFile } from '../io/open-file';
import { kmsgRecord, type KernelLog } from './kernel-log';

/** /dev/kmsg: each read is one record of the kernel log, each write a new one (Documentation/ABI/testing/dev-kmsg). */
export function openKmsg(log: KernelLog): OpenFile {
  let next = 0;
  return {
    kind: 'device',
    name: '/dev/kmsg',
    flags: { read: true, write: true, append: false },
    read(): Sys<Uint8Array> | 'wait' {
      const line = log.lines().find(({ sequence }) => sequence >= next);
      if (line === undefined) return 'wait';
      next = line.sequence + 1;
      return { ok: true, value: encode(kmsgRecord(line)) };
    },
    write(bytes) {
      log.write(
        decode(bytes)
          .replace(/^<\d+>/, '')
          .trimEnd(),
      );
      return { ok: true, value: bytes.length };
    },
    onReadable: (wake) => log.onWrite(wake),
    onWritable: () => () => undefined,
    seek(offset, whence) {
      if (offset !== 0) return fail('ESPIPE');
      next = whence === 'end' ? (log.lines().at(-1)?.sequence ?? -1) + 1 : 0;
      return { ok: true, value: 0 };
    },
    retain: () => undefined,
    release: () => undefined,
  };
}
