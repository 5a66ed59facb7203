import type { Clock } from '../../sim/clock';
import { noBytes } from '../io/bytes';
import { createFifo } from '../io/pipe';
import type { OpenFile, OpenFlags } from '../io/open-file';
import type { Sys } from '../errno';

/**
 * A named pipe (fifo(7)). The kernel's open waits for the other side; ours returns at once, and the first read or write
 * waits instead, which a program cannot tell from it.
 */
export class Fifo {
  readonly #open: (flags: OpenFlags) => OpenFile;
  readonly #waiting = new Set<() => void>();
  /** How many ends were ever opened for each direction. */
  readers = 0;
  writers = 0;

  constructor(
    readonly clock: Clock,
    name: string,
  ) {
    this.#open = createFifo(clock, name);
  }

  open(flags: OpenFlags): OpenFile {
    const end = new FifoEnd(this, this.#open(flags));
    if (flags.read) this.readers++;
    if (flags.write) this.writers++;
    for (const wake of this.#waiting) this.clock.setTimer(0, wake);
    this.#waiting.clear();
    return end;
  }

  onOpened(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }
}

class FifoEnd implements OpenFile {
  readonly kind = 'pipe';
  readonly #readersBefore: number;
  readonly #writersBefore: number;
  /** Both sides have met: from now on as any pipe. */
  #met = false;

  constructor(
    readonly fifo: Fifo,
    readonly end: OpenFile,
  ) {
    this.#readersBefore = fifo.readers;
    this.#writersBefore = fifo.writers;
  }

  get name(): string {
    return this.end.name;
  }
  get flags(): OpenFlags {
    return this.end.flags;
  }

  read(max: number): Sys<Uint8Array> | 'wait' {
    const got = this.end.read(max);
    if (got === 'wait' || !got.ok || got.value.length > 0) {
      this.#met = true;
      return got;
    }
    if (this.fifo.writers > this.#writersBefore) this.#met = true;
    return this.#met ? { ok: true, value: noBytes } : 'wait';
  }

  write(bytes: Uint8Array): Sys<number> | 'wait' {
    const put = this.end.write(bytes);
    if (put === 'wait' || put.ok) {
      this.#met = true;
      return put;
    }
    if (this.fifo.readers > this.#readersBefore) this.#met = true;
    return this.#met || put.error.code !== 'EPIPE' ? put : 'wait';
  }

  onReadable(wake: () => void): () => void {
    return this.#either(wake, (once) => this.end.onReadable(once));
  }

  onWritable(wake: () => void): () => void {
    return this.#either(wake, (once) => this.end.onWritable(once));
  }

  /** Wakes when the pipe says so, or when somebody opens the other side. */
  #either(wake: () => void, pipe: (once: () => void) => () => void): () => void {
    let woken = false;
    const once = (): void => {
      if (woken) return;
      woken = true;
      cancelPipe();
      cancelOpen();
      wake();
    };
    const cancelPipe = pipe(once);
    const cancelOpen = this.fifo.onOpened(once);
    return () => {
      woken = true;
      cancelPipe();
      cancelOpen();
    };
  }

  retain(): void {
    this.end.retain();
  }
  release(): void {
    this.end.release();
  }
}
