import type { Clock } from '../../sim/clock';
import { Few } from '../../sim/few';
import { fail, type Sys } from '../../linux/errno';
import type { OpenFile, OpenFlags } from '../../linux/io/open-file';
import { WaitQueue } from '../../linux/io/wait-queue';

/** Takes output; a promise says that it has enough for now (back-pressure reaches the writing process). */
export type Listener = (bytes: Uint8Array) => Promise<void> | void;

/** One output stream of a container: whoever listens (the log, attached clients) gets what its processes write. */
export class Output {
  readonly #listeners = new Few<Listener>();
  readonly #ends = new Few<() => void>();
  readonly #writable: WaitQueue;
  #busy = 0;
  #ended = false;

  constructor(readonly clock: Clock) {
    this.#writable = new WaitQueue(clock);
  }

  get busy(): boolean {
    return this.#busy > 0;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls when nobody can write any more. */
  onEnd(listener: () => void): void {
    if (this.#ended) listener();
    else this.#ends.add(listener);
  }

  emit(bytes: Uint8Array): void {
    for (const listener of this.#listeners) {
      const later = listener(bytes);
      // A listener that has nothing to wait for may still give back something: TypeScript lets it.
      if (!(later instanceof Promise)) continue;
      this.#busy++;
      void later.then(() => {
        if (--this.#busy === 0) this.#writable.wakeAll();
      });
    }
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const listener of this.#ends) listener();
    this.#ends.clear();
  }

  onWritable(wake: () => void): () => void {
    return this.#writable.add(wake);
  }
}

const writing: OpenFlags = { read: false, write: true, append: false };

/** The writing end of a pipe whose reader is the shim: what is written is handed on at once. */
export class OutputFile implements OpenFile {
  readonly kind = 'pipe';
  readonly flags = writing;
  #references = 0;

  constructor(
    readonly name: string,
    readonly output: Output,
  ) {}

  read(): Sys<Uint8Array> {
    return fail('EBADF');
  }

  write(bytes: Uint8Array): Sys<number> | 'wait' {
    if (this.output.busy) return 'wait';
    // The writer may reuse its buffer.
    this.output.emit(bytes.slice());
    return { ok: true, value: bytes.length };
  }

  onReadable(): () => void {
    return () => undefined;
  }

  onWritable(wake: () => void): () => void {
    return this.output.onWritable(wake);
  }

  retain(): void {
    this.#references++;
  }

  release(): void {
    if (--this.#references === 0) this.output.end();
  }
}
