import type { Clock } from '../../sim/clock';
import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import { decode, noBytes } from '../io/bytes';
import type { OpenFile, OpenFlags } from '../io/open-file';
import type { FileData } from './file-data';
import { addWatcher, notify, type Inode } from './inode';
import type { SyntheticInode } from './synthetic';
import type { Place } from './walk';

/** What open file descriptions share: who points here, and that these kinds never have to wait. */
export abstract class Description implements OpenFile {
  abstract readonly kind: OpenFile['kind'];
  #references = 0;

  constructor(
    readonly name: string,
    readonly flags: OpenFlags,
    protected readonly clock: Clock,
  ) {}

  abstract read(max: number): Sys<Uint8Array> | 'wait';
  abstract write(bytes: Uint8Array): Sys<number> | 'wait';

  onReadable(wake: () => void): () => void {
    const timer = this.clock.setTimer(0, wake);
    return () => this.clock.cancel(timer);
  }
  onWritable(wake: () => void): () => void {
    return this.onReadable(wake);
  }

  retain(): void {
    this.#references++;
  }
  release(): void {
    if (--this.#references <= 0) this.closed();
  }
  protected closed(): void {}
}

/** An open regular file. */
export class RegularFile extends Description {
  readonly kind = 'file';
  #position = 0;

  constructor(
    readonly place: Place,
    readonly data: FileData,
    name: string,
    flags: OpenFlags,
    clock: Clock,
    /** Who opened it is not root. */
    readonly unprivileged = false,
  ) {
    super(name, flags, clock);
  }

  read(max: number): Sys<Uint8Array> {
    if (!this.flags.read) return fail('EBADF');
    const bytes = this.data.read(this.#position, max);
    this.#position += bytes.length;
    this.place.inode.accessed();
    return ok(bytes);
  }

  write(bytes: Uint8Array): Sys<number> {
    if (!this.flags.write) return fail('EBADF');
    if (this.flags.append) this.#position = this.data.size;
    // As much as there is room for; the next write gets the error.
    const room = this.data.room(this.#position, bytes.length);
    const taken = room < bytes.length ? bytes.subarray(0, room) : bytes;
    if ((taken.length === 0 && bytes.length > 0) || !this.data.write(this.#position, taken)) return fail('ENOSPC');
    this.#position += taken.length;
    const { inode, parent, name } = this.place;
    if (this.unprivileged && (inode.mode & 0o6000) !== 0) dropSetId(inode);
    inode.modified();
    notify(parent?.inode, name, inode);
    return ok(taken.length);
  }

  /** Keeps it busy. */
  get mount(): object {
    return this.place.mount;
  }

  watch(changed: () => void): () => void {
    return addWatcher(this.place.inode, { changed });
  }

  seek(offset: number, whence: 'set' | 'cur' | 'end'): Sys<number> {
    const position = offset + (whence === 'set' ? 0 : whence === 'cur' ? this.#position : this.data.size);
    if (position < 0) return fail('EINVAL');
    this.#position = position;
    return ok(position);
  }
}

/** A directory opened for reading: good for fchdir and for existing, not for read(2). */
export class DirectoryFile extends Description {
  readonly kind = 'directory';

  read(): Sys<Uint8Array> {
    return fail('EISDIR');
  }
  write(): Sys<number> {
    return fail('EBADF');
  }
}

/** A file of proc, sysfs or cgroup2: what it says is made at the first read from its start (seq_file). */
export class SyntheticFile extends Description {
  readonly kind = 'file';
  #text: Uint8Array | undefined;
  #position = 0;

  constructor(
    readonly inode: SyntheticInode,
    name: string,
    flags: OpenFlags,
    clock: Clock,
  ) {
    super(name, flags, clock);
  }

  read(max: number): Sys<Uint8Array> {
    if (!this.flags.read) return fail('EBADF');
    if (this.#position === 0 || this.#text === undefined) {
      const said = this.inode.readNow();
      if (!said.ok) return said;
      this.#text = said.value;
    }
    const bytes = this.#text.subarray(this.#position, this.#position + max);
    this.#position += bytes.length;
    return ok(bytes);
  }

  write(bytes: Uint8Array): Sys<number> {
    if (!this.flags.write) return fail('EBADF');
    const { node } = this.inode;
    if (node.type !== 'file' || node.write === undefined) return fail('EIO');
    const written = node.write(decode(bytes));
    return written.ok ? ok(bytes.length) : written;
  }

  seek(offset: number, whence: 'set' | 'cur' | 'end'): Sys<number> {
    if (whence === 'end') return fail('EINVAL');
    this.#position = whence === 'cur' ? this.#position + offset : offset;
    return ok(this.#position);
  }
}

/** A character device that is only bytes: /dev/null and its like. */
export class ByteDevice extends Description {
  readonly kind = 'device';

  constructor(
    name: string,
    flags: OpenFlags,
    clock: Clock,
    private readonly bytes: (max: number) => Uint8Array,
    private readonly full = false,
  ) {
    super(name, flags, clock);
  }

  read(max: number): Sys<Uint8Array> {
    if (!this.flags.read) return fail('EBADF');
    return ok(this.bytes(max));
  }
  write(bytes: Uint8Array): Sys<number> {
    if (!this.flags.write) return fail('EBADF');
    if (this.full && bytes.length > 0) return fail('ENOSPC');
    return ok(bytes.length);
  }
  seek(): Sys<number> {
    return ok(0);
  }
}

/** What the memory devices give (drivers/char/mem.c: major 1). */
export function memoryDevice(minor: number, random: (count: number) => Uint8Array) {
  switch (minor) {
    case 3:
      return { bytes: () => noBytes, full: false };
    case 5:
      return { bytes: (max: number) => new Uint8Array(max), full: false };
    case 7:
      return { bytes: (max: number) => new Uint8Array(max), full: true };
    case 8:
    case 9:
      return { bytes: random, full: false };
    default:
      return undefined;
  }
}

/** file_remove_privs(): what somebody else wrote to must not run with its owner's rights. */
function dropSetId(inode: Inode): void {
  const group = (inode.mode & 0o010) !== 0 ? 0o2000 : 0;
  inode.setAttributes({ mode: inode.mode & ~(0o4000 | group) });
}
