import { noBytes } from '../../linux/io/bytes';
import type { OpenFile } from '../../linux/io/open-file';
import type { Clock } from '../../sim/clock';

/** Real chunks of bytes; undefined at the end. */
export type ChunkSource = () => Promise<Uint8Array | undefined>;

/**
 * Standard input from outside. Read only when a program of the world reads it; while it waits for the outside, virtual
 * time stands still.
 */
export function outsideInput(clock: Clock, next: ChunkSource): OpenFile {
  let buffer: Uint8Array = noBytes;
  let ended = false;
  let loading: Promise<void> | undefined;
  const load = (): Promise<void> =>
    (loading ??= clock.external(async () => {
      const chunk = await next();
      if (chunk === undefined) ended = true;
      else buffer = chunk;
      loading = undefined;
    }));
  return {
    kind: 'pipe',
    name: 'pipe:[0]',
    flags: { read: true, write: false, append: false },
    read(max) {
      if (buffer.length > 0) {
        const taken = buffer.subarray(0, max);
        buffer = buffer.subarray(taken.length);
        return { ok: true, value: taken };
      }
      return ended ? { ok: true, value: noBytes } : 'wait';
    },
    write: () => ({ ok: false, error: { code: 'EBADF', number: 9, message: 'Bad file descriptor' } }),
    onReadable(wake) {
      let wanted = true;
      void load().then(() => {
        if (wanted) clock.setTimer(0, wake);
      });
      return () => {
        wanted = false;
      };
    },
    onWritable: () => () => undefined,
    retain: () => undefined,
    release: () => undefined,
  };
}
