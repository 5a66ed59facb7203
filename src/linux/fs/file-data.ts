import { encode, noBytes } from '../io/bytes';
import type { FileContent } from './types';
import type { Superblock } from './inode';

const PAGE = 4096;

/** How many bytes a content has, as far as that is known without making it. */
export const sizeOf = (content: FileContent): number => (content instanceof Uint8Array ? content.length : content.size);

/** A text that nobody read yet: it takes no room but its own. */
export class Text {
  constructor(readonly text: string) {}

  get size(): number {
    return this.text.length;
  }

  make(): Uint8Array {
    return encode(this.text);
  }
}

/** A text as a file's content; only of ASCII it is known how many bytes it has. */
export const textContent = (text: string): FileContent =>
  text === '' ? noBytes : /^[\x00-\x7f]*$/.test(text) ? new Text(text) : encode(text);

/** What so many bytes cost their file system: tmpfs has whole pages. */
export const costOf = ({ memory }: Superblock, size: number): number => (memory ? Math.ceil(size / PAGE) * PAGE : size);

type Lazy = Exclude<FileContent, Uint8Array>;

/**
 * The bytes of a regular file. Made when somebody looks; handed out without copying, and copied before a change of bytes
 * that somebody else may hold.
 */
export class FileData {
  #buffer: Uint8Array = noBytes;
  #lazy: Lazy | undefined;
  #size = 0;
  /** What this file costs its file system. */
  #charged = 0;
  /** Who pays for pages in memory: the group of the first who wrote. */
  payer: ((bytes: number) => boolean) | undefined;
  /** Somebody may hold a view of the buffer: bytes below `#size` must not change in place. */
  #shared = true;

  constructor(
    readonly superblock: Superblock,
    content: FileContent,
  ) {
    // Whoever made the file has paid for what it began with.
    if (content instanceof Uint8Array) this.#buffer = content;
    else this.#lazy = content;
    this.#size = sizeOf(content);
    this.#charged = costOf(superblock, this.#size);
  }

  get size(): number {
    if (this.#lazy?.exact === false) this.#made();
    return this.#size;
  }

  /** Replaces everything; takes the bytes without copying them. False where the file system is full. */
  replace(content: FileContent): boolean {
    const size = sizeOf(content);
    if (!this.#charge(size - this.#size)) return false;
    if (content instanceof Uint8Array) {
      this.#buffer = content;
      this.#lazy = undefined;
    } else {
      this.#buffer = noBytes;
      this.#lazy = content;
    }
    this.#size = size;
    this.#shared = true;
    return true;
  }

  /** The content for another file: shared, not copied. */
  share(): FileContent {
    return this.#lazy ?? this.bytes();
  }

  bytes(): Uint8Array {
    const buffer = this.#made();
    this.#shared = true;
    return buffer.length === this.#size ? buffer : buffer.subarray(0, this.#size);
  }

  /** The text it was written as, if nobody read or changed its bytes since. */
  get text(): string | undefined {
    return this.#lazy instanceof Text ? this.#lazy.text : undefined;
  }

  /** The first bytes, without making the rest if they are known. */
  head(count: number): Uint8Array {
    const head = this.#lazy?.head;
    if (head !== undefined) return head.length > count ? head.subarray(0, count) : head;
    return this.read(0, count);
  }

  read(offset: number, max: number): Uint8Array {
    const buffer = max > 0 && offset < this.size ? this.#made() : noBytes;
    if (buffer.length === 0) return noBytes;
    this.#shared = true;
    return buffer.subarray(offset, Math.min(this.#size, offset + max));
  }

  /** False where the file system is full. */
  write(offset: number, bytes: Uint8Array): boolean {
    const end = offset + bytes.length;
    if (end > this.size && !this.#charge(end - this.#size)) return false;
    let buffer = this.#made();
    if (end > buffer.length) {
      buffer = this.#grow(end);
    } else if (offset < this.#size && this.#shared) {
      buffer = this.#copy(buffer.length);
    }
    buffer.set(bytes, offset);
    if (end > this.#size) this.#size = end;
    return true;
  }

  truncate(size: number): boolean {
    if (size === 0) return this.replace(noBytes);
    if (size > this.size) {
      if (!this.#charge(size - this.#size)) return false;
      if (size > this.#made().length) this.#grow(size);
    } else {
      this.#charge(size - this.#size);
      this.#made();
      // What is cut off must read as zeros if the file grows again.
      this.#size = size;
      this.#copy(size);
    }
    this.#size = size;
    return true;
  }

  /** The file is gone. */
  free(): void {
    this.superblock.used -= this.#charged;
    if (this.payer !== undefined) this.payer(-this.#charged);
    this.#charged = 0;
  }

  #made(): Uint8Array {
    if (this.#lazy !== undefined) {
      const lazy = this.#lazy;
      this.#lazy = undefined;
      this.#buffer = lazy.make();
      this.#charge(this.#buffer.length - this.#size);
      this.#size = this.#buffer.length;
    }
    return this.#buffer;
  }

  #grow(size: number): Uint8Array {
    return this.#copy(Math.max(size, Math.min(this.#buffer.length * 2, this.#buffer.length + (1 << 20)), 256));
  }

  #copy(capacity: number): Uint8Array {
    const grown = new Uint8Array(capacity);
    grown.set(this.#buffer.length === this.#size ? this.#buffer : this.#buffer.subarray(0, this.#size));
    this.#buffer = grown;
    this.#shared = false;
    return grown;
  }

  /** How many bytes more the file could have from `offset` on. */
  room(offset: number, wanted: number): number {
    const { superblock } = this;
    if (superblock.limit === Infinity || offset + wanted <= this.#charged) return wanted;
    return Math.max(0, Math.min(wanted, this.#charged + superblock.free - offset));
  }

  #charge(bytes: number): boolean {
    const { superblock } = this;
    const size = this.#size + bytes;
    const charge = costOf(superblock, size);
    const more = charge - this.#charged;
    if (more === 0) return true;
    if (more > 0 && more > superblock.free) return false;
    if (this.payer !== undefined && !this.payer(more)) return false;
    superblock.used += more;
    this.#charged = charge;
    return true;
  }
}
