import type { Sys } from '../errno';

/**
 * An open file description (open(2)): what file descriptors point to and dup(2) and fork share. Reads and writes may
 * have to wait; `Process` turns that into interruptible system calls.
 */
export interface OpenFile {
  readonly kind: 'file' | 'directory' | 'pipe' | 'tty' | 'socket' | 'device';
  /** For messages and /proc/<pid>/fd: a path, `pipe:[4711]`, `socket:[4712]`. */
  readonly name: string;
  readonly flags: OpenFlags;
  /** Up to `max` bytes; an empty array is end of file; `'wait'` means nothing yet (see `onReadable`). */
  read(max: number): Sys<Uint8Array> | 'wait';
  /** How many bytes were taken; `'wait'` means none now (see `onWritable`). EPIPE where nobody reads any more. */
  write(bytes: Uint8Array): Sys<number> | 'wait';
  /** Calls once when a read may succeed; the result cancels. Never calls synchronously. */
  onReadable(wake: () => void): () => void;
  onWritable(wake: () => void): () => void;
  /** Regular files: calls after each change of the file, wherever its name went (inotify); the result ends it. */
  watch?(changed: () => void): () => void;
  seek?(offset: number, whence: 'set' | 'cur' | 'end'): Sys<number>;
  /** How many descriptors point here. `release` closes at zero. */
  retain(): void;
  release(): void;
}

export interface OpenFlags {
  readonly read: boolean;
  readonly write: boolean;
  readonly append: boolean;
}
