import { ok } from '../../sim/result';
import { fail, type ErrnoCode, type Sys } from '../errno';
import { encode } from '../io/bytes';
import { Inode, type Attributes, type DirectoryEntry, type Superblock, type Through } from './inode';
import type { NewNode } from './inode';
import type { SyntheticNode } from './types';

const emptyDirectory: SyntheticNode = { type: 'directory', list: () => [], lookup: () => undefined };

/**
 * An inode of a file system that is computed (proc, sysfs, cgroup2). Made anew at each lookup, because what is there
 * depends on who looks; a mount table therefore knows it by its path.
 */
export class SyntheticInode extends Inode {
  readonly #node: SyntheticNode;

  constructor(
    readonly superblock: Superblock,
    node: SyntheticNode | undefined,
    readonly path: string,
    private readonly inherited: SyntheticNode['owner'] = undefined,
  ) {
    super();
    this.#node = node ?? emptyDirectory;
  }

  override get mountKey(): unknown {
    return this.path;
  }

  get node(): SyntheticNode {
    return this.#node;
  }

  /** Stable, and in the range where procfs' own numbers are. */
  get ino(): number {
    if (this.path === '') return 1;
    let hash = 0x811c9dc5;
    for (let index = 0; index < this.path.length; index++)
      hash = Math.imul(hash ^ this.path.charCodeAt(index), 0x01000193);
    return 4026531840 + (hash & 0xfffff);
  }
  get type() {
    return this.#node.type;
  }
  get mode(): number {
    const node = this.#node;
    switch (node.type) {
      case 'directory':
        return node.mode ?? (this.superblock.type.startsWith('cgroup') ? 0o755 : 0o555);
      case 'symlink':
        return node.mode ?? 0o777;
      case 'file':
        return node.mode ?? (node.write === undefined ? 0o444 : 0o644);
    }
  }
  get #owner(): SyntheticNode['owner'] {
    return this.#node.owner ?? this.inherited;
  }
  get uid(): number {
    return this.#owner?.uid ?? 0;
  }
  get gid(): number {
    return this.#owner?.gid ?? 0;
  }
  override get denied(): ErrnoCode | undefined {
    return this.#node.type === 'symlink' ? this.#node.denied?.() : undefined;
  }
  override get through(): Through | undefined {
    return this.#node.type === 'symlink' ? this.#node.through?.() : undefined;
  }
  get nlink(): number {
    const node = this.#node;
    if (node.type !== 'directory') return 1;
    // kernfs counts the directories in it; procfs does not.
    if (this.superblock.type !== 'sysfs') return 2;
    return 2 + node.list().filter((name) => node.lookup(name)?.type === 'directory').length;
  }
  get size(): number {
    return this.#node.type === 'symlink' ? (this.#node.size ?? 0) : 0;
  }
  get atime(): number {
    return this.superblock.now();
  }
  get mtime(): number {
    return this.superblock.now();
  }
  get ctime(): number {
    return this.superblock.now();
  }
  get rdev(): undefined {
    return undefined;
  }

  override setAttributes(_changes: Partial<Attributes>): Sys<void> {
    // A shell's `>` and cgroup delegation do this; these files keep their modes.
    return ok(undefined);
  }

  override lookup(name: string): SyntheticInode | undefined {
    const node = this.#node;
    if (node.type !== 'directory') return undefined;
    const child = node.lookup(name);
    return child === undefined
      ? undefined
      : new SyntheticInode(this.superblock, child, `${this.path}/${name}`, this.#owner);
  }

  override entries(): readonly DirectoryEntry[] {
    const node = this.#node;
    if (node.type !== 'directory') return [];
    const entries: DirectoryEntry[] = [];
    for (const name of node.list()) {
      const child = this.lookup(name);
      if (child !== undefined) entries.push({ name, type: child.type, ino: child.ino });
    }
    return entries;
  }

  override create(name: string, node: NewNode): Sys<Inode> {
    const directory = this.#node;
    if (directory.type !== 'directory') return fail('ENOTDIR');
    if (node.type !== 'directory' || directory.mkdir === undefined) {
      return fail(this.superblock.type === 'proc' ? 'ENOENT' : 'EACCES');
    }
    const made = directory.mkdir(name);
    if (!made.ok) return made;
    const child = this.lookup(name);
    return child === undefined ? fail('ENOENT') : ok(child);
  }

  override rmdir(name: string): Sys<void> {
    const node = this.#node;
    return node.type === 'directory' && node.rmdir !== undefined ? node.rmdir(name) : fail('EPERM');
  }

  override readlink(): string {
    return this.#node.type === 'symlink' ? this.#node.readlink() : '';
  }

  /** What a file says now. */
  readNow(): Sys<Uint8Array> {
    const node = this.#node;
    if (node.type !== 'file') return ok(encode(''));
    return node.unreadable === undefined ? ok(encode(node.read())) : fail(node.unreadable);
  }
}

// Known by their paths, these cannot tell.
Object.assign(SyntheticInode.prototype, { mountedOn: true });

/** The node at a path of a synthetic tree; undefined if there is none for this viewer. */
export function syntheticAt(
  superblock: Superblock,
  root: SyntheticNode | undefined,
  path: string,
): SyntheticInode | undefined {
  let inode: SyntheticInode | undefined = new SyntheticInode(superblock, root, '');
  for (const name of path.split('/')) if (name !== '') inode = inode?.lookup(name);
  return inode;
}
