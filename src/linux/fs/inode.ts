import { fail, type ErrnoCode, type Sys } from '../errno';
import type { FileContent, FileSystem, FileType, Stat } from './types';
import type { FileData } from './file-data';

/** One mounted instance of a file system (struct super_block): its device number, its clock and what it may hold. */
export class Superblock {
  /** Bytes in use, and how many there may be (tmpfs' size=). */
  used = 0;
  readOnly = false;
  #nextIno = 1;
  #freed = 0;

  constructor(
    readonly dev: number,
    readonly type: string,
    readonly source: string,
    readonly now: () => number,
    /** Options of the file system itself, as the last field of mountinfo shows them after `rw,`. */
    readonly options: string = '',
    public limit: number = Infinity,
    /** tmpfs' nr_inodes=. */
    public inodeLimit: number = Infinity,
  ) {
    this.memory = type === 'tmpfs';
  }

  /** Its files are pages in memory: whole pages, which somebody pays for. */
  readonly memory: boolean;

  /** Bytes that are left. */
  get free(): number {
    return this.limit - this.used;
  }
  /** Whether one more node fits. */
  get hasInode(): boolean {
    return this.inodes < this.inodeLimit;
  }

  /** How many nodes there are. */
  get inodes(): number {
    return this.#nextIno - 1 - this.#freed;
  }

  /** A node is gone for good. */
  freeInode(): void {
    this.#freed++;
  }

  ino(): number {
    return this.#nextIno++;
  }

  /** Sets aside a range of inode numbers for a tree of `count` nodes; the first of them. */
  reserveInos(count: number): number {
    const first = this.#nextIno;
    this.#nextIno += count;
    return first;
  }
}

/** What chmod, chown and utimes change. */
export interface Attributes {
  mode: number;
  uid: number;
  gid: number;
  atime: number;
  mtime: number;
}

/** A path in another process's view of the files. */
export interface Through {
  readonly fs: FileSystem;
  readonly path: string;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly type: FileType;
  readonly ino: number;
}

export interface DeviceNumber {
  readonly major: number;
  readonly minor: number;
}

/** What to create in a directory. */
export type NewNode =
  | { readonly type: 'file'; readonly content?: FileContent }
  | { readonly type: 'directory' }
  | { readonly type: 'symlink'; readonly target: string }
  | { readonly type: 'fifo' | 'socket' | 'char' | 'block'; readonly rdev?: DeviceNumber };

export interface Ownership {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * A node of a file system (struct inode with its inode_operations). Permission checks happen before, in the walk and in
 * the `FileSystem`; these methods only do what they are told.
 */
export abstract class Inode {
  abstract readonly superblock: Superblock;
  abstract readonly ino: number;
  abstract get type(): FileType;
  abstract get mode(): number;
  abstract get uid(): number;
  abstract get gid(): number;
  abstract get nlink(): number;
  abstract get size(): number;
  abstract get atime(): number;
  abstract get mtime(): number;
  abstract get ctime(): number;
  abstract get rdev(): DeviceNumber | undefined;

  // These stand on the prototype until somebody sets them: most nodes never need them, and a class with so many kinds
  // of nodes below it sets fields slowly.

  /** A directory that was removed: paths that led here lead nowhere. */
  declare gone: boolean;
  /** Some cache of paths leads through here (see `MountTable.directories`). */
  declare cached: boolean;
  /** Something may be mounted here, in some table: else nobody looks for a mount. */
  declare mountedOn: boolean;
  /** Directories: where they hang, for watches that look at whole trees. */
  declare container: Inode | undefined;
  declare name: string;
  /** Who wants to know of changes here (inotify). */
  declare watchers: Set<Watcher> | undefined;

  /** By what a mount table knows this node as a mount point. */
  get mountKey(): unknown {
    return this;
  }

  abstract setAttributes(changes: Partial<Attributes>): Sys<void>;
  /** Its bytes changed. */
  modified(): void {}
  /** Its bytes were read (relatime: noted only where somebody could tell). */
  accessed(): void {}

  // Directories.

  lookup(_name: string): Inode | undefined {
    return undefined;
  }
  entries(): readonly DirectoryEntry[] {
    return [];
  }
  /** Without making a list. */
  get empty(): boolean {
    return this.entries().length === 0;
  }
  create(_name: string, _node: NewNode, _ownership: Ownership): Sys<Inode> {
    return fail('EPERM');
  }
  link(_name: string, _inode: Inode): Sys<void> {
    return fail('EPERM');
  }
  unlink(_name: string): Sys<void> {
    return fail('EPERM');
  }
  rmdir(_name: string): Sys<void> {
    return fail('EPERM');
  }
  /** Both names are in this file system; a target that exists is replaced. */
  rename(_name: string, _directory: Inode, _newName: string): Sys<void> {
    return fail('EPERM');
  }

  // Symbolic links.

  readlink(): string {
    return '';
  }
  /** Why the viewer may not follow it (what /proc shows of other users' processes). */
  get denied(): ErrnoCode | undefined {
    return undefined;
  }
  /** Where it leads, if that is in another process's view. */
  get through(): Through | undefined {
    return undefined;
  }

  // Regular files: the bytes, of which overlayfs makes a copy in its upper layer before the first write.

  data(_write: boolean): Sys<FileData> {
    return fail('EINVAL');
  }

  /** The text that it was written as, where that is still at hand. */
  get text(): string | undefined {
    return undefined;
  }

  /** Gives a file that nobody has opened another content; false: it has to be done through its data. */
  rewrite(_content: FileContent): boolean {
    return false;
  }

  xattr(_name: string): string | undefined {
    return undefined;
  }
  setXattr(_name: string, _value: string): Sys<void> {
    return fail('EOPNOTSUPP');
  }
}

Object.assign(Inode.prototype, {
  gone: false,
  cached: false,
  mountedOn: false,
  container: undefined,
  name: '',
  watchers: undefined,
});

export interface Watcher {
  /** `path`: what changed, relative to where the watcher sits; empty for the node itself. */
  changed(path: string): void;
}

/** stat(2) of a node. */
export function statOf(inode: Inode): Stat {
  const { rdev } = inode;
  const stat = {
    dev: inode.superblock.dev,
    ino: inode.ino,
    type: inode.type,
    mode: inode.mode,
    nlink: inode.nlink,
    uid: inode.uid,
    gid: inode.gid,
    size: inode.size,
    atime: inode.atime,
    mtime: inode.mtime,
    ctime: inode.ctime,
  };
  return rdev === undefined ? stat : { ...stat, rdev };
}

/** How often any directory was given another name: what caches of paths hold is as old as this. */
export const moves = { count: 0 };

export function directoryMoved(): void {
  moves.count++;
}

/** How many watchers there are at all; nobody climbs up trees while there are none. */
const watching = { count: 0 };

export function addWatcher(inode: Inode, watcher: Watcher): () => void {
  (inode.watchers ??= new Set()).add(watcher);
  watching.count++;
  return () => {
    if (inode.watchers?.delete(watcher) === true) watching.count--;
  };
}

/** Tells those who watch `inode` (unless undefined), its directory or any directory above. */
export function notify(directory: Inode | undefined, name: string, inode?: Inode): void {
  if (watching.count === 0) return;
  if (inode?.watchers !== undefined) for (const watcher of [...inode.watchers]) watcher.changed('');
  let path = name;
  for (let at = directory; at !== undefined; at = at.container) {
    if (at.watchers !== undefined) for (const watcher of [...at.watchers]) watcher.changed(path);
    path = `${at.name}/${path}`;
  }
}
