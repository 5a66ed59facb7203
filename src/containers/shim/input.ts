import type { Clock } from '../../sim/clock';
import type { OpenFile } from '../../linux/io/open-file';
import { createPipe } from '../../linux/io/pipe';

/** Standard input of a container: a pipe into which attached clients write. */
export class Input {
  readonly file: OpenFile;
  readonly #end: OpenFile;
  readonly #clock: Clock;
  #closed = false;

  constructor(clock: Clock, inode: number) {
    const pipe = createPipe(clock, inode);
    this.#clock = clock;
    this.file = pipe.read;
    this.#end = pipe.write;
    this.#end.retain();
  }

  /** Resolves when all is in the pipe. What nobody will read is dropped. */
  async write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0 && !this.#closed) {
      const taken = this.#end.write(rest);
      if (taken === 'wait') {
        const writable = this.#clock.deferred<void>();
        this.#end.onWritable(() => writable.resolve());
        await writable.promise;
      } else if (!taken.ok) return;
      else rest = rest.subarray(taken.value);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#end.release();
  }
}
