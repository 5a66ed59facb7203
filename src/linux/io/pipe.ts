import type { Clock } from '../../sim/clock';
import { fail, type Sys } from '../errno';
import { noBytes } from './bytes';
import type { OpenFile, OpenFlags } from './open-file';
import { WaitQueue } from './wait-queue';

/** PIPE_BUF's big sister: how much a pipe holds (pipe(7), 16 pages). */
const CAPACITY = 65_536;

/** What both ends of a pipe share. */
class PipeBuffer {
  #chunks: Uint8Array[] = [];
  #length = 0;
  readers = 0;
  writers = 0;
  readonly readable: WaitQueue;
  readonly writable: WaitQueue;

  constructor(readonly clock: Clock) {
    this.readable = new WaitQueue(clock);
    this.writable = new WaitQueue(clock);
  }

  get length(): number {
    return this.#length;
  }

  put(bytes: Uint8Array): number {
    const room = CAPACITY - this.#length;
    const taken = bytes.length <= room ? bytes.slice() : bytes.slice(0, room);
    if (taken.length === 0) return 0;
    this.#chunks.push(taken);
    this.#length += taken.length;
    this.readable.wakeAll();
    return taken.length;
  }

  take(max: number): Uint8Array {
    const first = this.#chunks[0];
    if (first === undefined) return noBytes;
    let taken = first;
    if (first.length <= max) this.#chunks.shift();
    else {
      taken = first.subarray(0, max);
      this.#chunks[0] = first.subarray(max);
    }
    this.#length -= taken.length;
    this.writable.wakeAll();
    return taken;
  }
}

const reading: OpenFlags = { read: true, write: false, append: false };
const writing: OpenFlags = { read: false, write: true, append: false };

class PipeEnd implements OpenFile {
  readonly kind = 'pipe';
  #references = 0;

  constructor(
    readonly name: string,
    readonly flags: OpenFlags,
    readonly buffer: PipeBuffer,
  ) {
    if (flags.read) buffer.readers++;
    if (flags.write) buffer.writers++;
  }

  read(max: number): Sys<Uint8Array> | 'wait' {
    if (!this.flags.read) return fail('EBADF');
    if (this.buffer.length > 0) return { ok: true, value: this.buffer.take(max) };
    return this.buffer.writers > 0 ? 'wait' : { ok: true, value: noBytes };
  }

  write(bytes: Uint8Array): Sys<number> | 'wait' {
    if (!this.flags.write) return fail('EBADF');
    if (this.buffer.readers === 0) return fail('EPIPE');
    const taken = this.buffer.put(bytes);
    return taken === 0 && bytes.length > 0 ? 'wait' : { ok: true, value: taken };
  }

  onReadable(wake: () => void): () => void {
    return this.buffer.readable.add(wake);
  }

  onWritable(wake: () => void): () => void {
    return this.buffer.writable.add(wake);
  }

  retain(): void {
    this.#references++;
  }

  release(): void {
    if (--this.#references > 0) return;
    if (this.flags.read && --this.buffer.readers === 0) this.buffer.writable.wakeAll();
    if (this.flags.write && --this.buffer.writers === 0) this.buffer.readable.wakeAll();
  }
}

/**
 * pipe(2). Both ends begin without references: the fd table that installs one retains it, and the end closes when the
 * last releases it.
 */
export function createPipe(clock: Clock, inode: number): { readonly read: OpenFile; readonly write: OpenFile } {
  const buffer = new PipeBuffer(clock);
  const name = `pipe:[${inode}]`;
  return { read: new PipeEnd(name, reading, buffer), write: new PipeEnd(name, writing, buffer) };
}

/** A named pipe's common buffer; each `open` gives a further end (fifo(7), without the blocking open). */
export function createFifo(clock: Clock, name: string): (flags: OpenFlags) => OpenFile {
  const buffer = new PipeBuffer(clock);
  return (flags) => new PipeEnd(name, flags, buffer);
}
