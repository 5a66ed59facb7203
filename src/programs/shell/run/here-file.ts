import { fail, type Sys } from '../../../linux/errno';
import { noBytes } from '../../../linux/io/bytes';
import type { OpenFile } from '../../../linux/io/open-file';

/** The body of a here-document, open for reading: what bash keeps in a pipe or an unlinked file. */
export class HereFile implements OpenFile {
  readonly kind = 'file';
  readonly name = '/tmp/sh-thd (deleted)';
  readonly flags = { read: true, write: false, append: false };
  #offset = 0;

  constructor(readonly bytes: Uint8Array) {}

  read(max: number): Sys<Uint8Array> {
    const chunk = this.bytes.subarray(this.#offset, this.#offset + max);
    this.#offset += chunk.length;
    return { ok: true, value: chunk.length === 0 ? noBytes : chunk };
  }

  write(): Sys<number> {
    return fail('EBADF');
  }

  // Always readable: nobody waits, and the contract forbids to call back at once.
  onReadable(): () => void {
    return () => undefined;
  }

  onWritable(): () => void {
    return () => undefined;
  }

  seek(offset: number, whence: 'set' | 'cur' | 'end'): Sys<number> {
    const base = whence === 'set' ? 0 : whence === 'cur' ? this.#offset : this.bytes.length;
    if (base + offset < 0) return fail('EINVAL');
    this.#offset = base + offset;
    return { ok: true, value: this.#offset };
  }

  retain(): void {
    // Memory only: nothing to close.
  }

  release(): void {
    // As above.
  }
}
