import type { ByteDuplex } from './message';
import type { ByteStream, StreamReader } from './stream';

/** The raw bytes of a connection after a protocol switch. `first` is sent before anything else. */
export function duplexOf(stream: ByteStream, reader: StreamReader, first?: Uint8Array): ByteDuplex {
  let closed = false;
  // Writes keep their order although the switch itself does not wait for its head to be sent.
  let last: Promise<unknown> = first === undefined ? Promise.resolve() : stream.write(first);
  last.catch(() => undefined);
  return {
    async read() {
      if (closed) return undefined;
      const bytes = await reader.some();
      return bytes.ok ? bytes.value : undefined;
    },
    async write(bytes) {
      if (closed) return;
      const before = last;
      const writing = (async () => {
        await before;
        if (!closed) await stream.write(bytes);
      })();
      last = writing;
      last.catch(() => undefined);
      await writing;
    },
    closeWrite() {
      const before = last;
      last = (async () => {
        await before;
        if (!closed) stream.shutdown();
      })();
      last.catch(() => undefined);
    },
    close() {
      if (closed) return;
      closed = true;
      last.then(
        () => stream.close(),
        () => stream.close(),
      );
    },
  };
}
