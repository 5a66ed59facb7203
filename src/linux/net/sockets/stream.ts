import type { Clock } from '../../../sim/clock';
import { ok } from '../../../sim/result';
import { fail, type ErrnoCode, type Sys } from '../../errno';
import { noBytes } from '../../io/bytes';
import type { OpenFile } from '../../io/open-file';
import type { Process } from '../../process/types';
import type { Endpoint, StreamSocket } from '../types';
import { Waiters } from './waiters';

/** What a receiver takes before the sender has to wait. */
export const BUFFER = 65_536;

let inode = 40_000;

/**
 * A stream socket without its transport: the queue of received bytes, who waits, and the descriptor. What TCP and unix
 * sockets have in common.
 */
export abstract class Stream implements StreamSocket {
  abstract readonly local: Endpoint;
  abstract readonly remote: Endpoint;
  readonly #chunks: Uint8Array[] = [];
  #first = 0;
  protected queued = 0;
  protected ended = false;
  protected error: ErrnoCode | undefined;
  readonly #readers = new Waiters();
  readonly #writers = new Waiters();
  #references = 1;
  #file: OpenFile | undefined;
  #forget: (() => void) | undefined;
  protected closed = false;
  /** The span under which the newest received bytes were sent. */
  cause = 0;

  constructor(
    readonly clock: Clock,
    /** The process that made or accepted it; undefined until somebody accepts. */
    protected process: Process | undefined,
  ) {
    if (process !== undefined) this.adopt(process);
  }

  /** From now on the socket is this process's: it waits as that process, and goes with it. */
  adopt(process: Process): void {
    this.process = process;
    this.#forget?.();
    this.#forget = process.atExit(() => this.close());
  }

  get pid(): number {
    return this.process?.pid ?? 0;
  }

  get holder(): Process | undefined {
    return this.process;
  }

  // ---- the transport's side ------------------------------------------------------------------------------------

  /** How much is taken now: all of it, part, or none ('wait'). */
  protected abstract send(bytes: Uint8Array): Sys<number> | 'wait';
  protected abstract endSending(): void;
  /** The last descriptor went; `unread`: bytes were lost with it. */
  protected abstract release(unread: boolean): void;
  /** The reader took bytes: there is room again. */
  protected abstract taken(): void;

  protected push(bytes: Uint8Array): void {
    this.cause = this.clock.cause;
    this.#chunks.push(bytes);
    this.queued += bytes.length;
    this.#readers.wakeAll();
  }

  protected end(): void {
    this.ended = true;
    this.#readers.wakeAll();
  }

  protected breakWith(error: ErrnoCode): void {
    this.error ??= error;
    this.#readers.wakeAll();
    this.#writers.wakeAll();
  }

  protected wakeWriters(): void {
    this.#writers.wakeAll();
  }

  // ---- the program's side --------------------------------------------------------------------------------------

  tryRead(max: number): Sys<Uint8Array> | 'wait' {
    const chunk = this.#chunks[this.#first];
    if (chunk !== undefined) {
      const part = chunk.length <= max ? chunk : chunk.subarray(0, max);
      if (part.length === chunk.length) {
        this.#first++;
        if (this.#first > 64 || this.#first === this.#chunks.length) {
          this.#chunks.splice(0, this.#first);
          this.#first = 0;
        }
      } else this.#chunks[this.#first] = chunk.subarray(max);
      this.queued -= part.length;
      this.taken();
      return ok(part);
    }
    if (this.error !== undefined) {
      const error = this.error;
      // sk_err is told once; after it a reset connection reads end of file.
      this.error = undefined;
      this.ended = true;
      return fail(error);
    }
    return this.ended ? ok(noBytes) : 'wait';
  }

  async read(max = BUFFER): Promise<Sys<Uint8Array | undefined>> {
    for (;;) {
      const result = this.tryRead(max);
      if (result !== 'wait') return result.ok && result.value.length === 0 ? ok(undefined) : result;
      if (this.closed || this.process === undefined) return fail('EBADF');
      const woken = await this.process.block<void>((wake) => this.#readers.add(wake));
      if (!woken.ok) return woken;
    }
  }

  async write(bytes: Uint8Array): Promise<Sys<void>> {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.closed || this.process === undefined) return fail('EBADF');
      const { trace, span } = this.process;
      const result = trace.within(span, () => this.send(rest));
      if (result === 'wait') {
        const woken = await this.process.block<void>((wake) => this.#writers.add(wake));
        if (!woken.ok) return woken;
      } else if (!result.ok) return result;
      else rest = rest.subarray(result.value);
    }
    return ok(undefined);
  }

  shutdown(): void {
    if (!this.closed) this.endSending();
  }

  close(): void {
    if (this.#references > 0) this.#drop();
    this.#forget?.();
    this.#forget = undefined;
  }

  #drop(): void {
    this.#references--;
    if (this.#references > 0 || this.closed) return;
    this.closed = true;
    this.#forget?.();
    this.release(this.queued > 0);
    this.#readers.wakeAll();
    this.#writers.wakeAll();
  }

  get file(): OpenFile {
    return (this.#file ??= this.#open());
  }

  #open(): OpenFile {
    const later = (waiters: Waiters, ready: () => boolean, wake: () => void): (() => void) => {
      if (!ready()) return waiters.add(wake);
      const timer = this.clock.setTimer(0, wake);
      return () => this.clock.cancel(timer);
    };
    return {
      kind: 'socket',
      name: `socket:[${inode++}]`,
      flags: { read: true, write: true, append: false },
      read: (max) => this.tryRead(max),
      write: (bytes) => (bytes.length === 0 ? ok(0) : this.send(bytes)),
      onReadable: (wake) => later(this.#readers, () => this.queued > 0 || this.ended || this.error !== undefined, wake),
      onWritable: (wake) => later(this.#writers, () => this.writable(), wake),
      retain: () => {
        this.#references++;
      },
      release: () => this.#drop(),
    };
  }

  protected abstract writable(): boolean;
}
