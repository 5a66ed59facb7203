import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import { noBytes } from '../io/bytes';
import { costOf, FileData, sizeOf, Text } from './file-data';
import {
  directoryMoved,
  Inode,
  type Superblock,
  type Attributes,
  type DeviceNumber,
  type DirectoryEntry,
} from './inode';
import type { NewNode, Ownership } from './inode';
import { FewMap } from '../../sim/few-map';
import type { Tree, TreeNode } from './tree';
import type { FileContent, FileType } from './types';

/** A node kept in memory: the base of tmpfs and of everything here that stands for a disk (ext4). */
export abstract class MemoryInode extends Inode {
  readonly ino: number;
  mode: number;
  uid: number;
  gid: number;
  nlink: number;
  atime: number;
  mtime: number;
  ctime: number;
  // Both on the prototype where there are none.
  declare readonly rdev: DeviceNumber | undefined;
  declare private xattrs: Map<string, string> | undefined;

  constructor(
    readonly superblock: Superblock,
    { mode, uid, gid }: Ownership,
    ino = superblock.ino(),
    time = superblock.now(),
  ) {
    super();
    this.ino = ino;
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
    this.nlink = 1;
    this.atime = this.mtime = this.ctime = time;
  }

  abstract override readonly type: FileType;

  override get size(): number {
    return 0;
  }
  override setAttributes(changes: Partial<Attributes>): Sys<void> {
    Object.assign(this, changes);
    this.ctime = this.superblock.now();
    return ok(undefined);
  }

  override modified(): void {
    this.mtime = this.ctime = this.superblock.now();
  }
  override accessed(): void {
    if (this.atime <= this.mtime) this.atime = this.superblock.now();
  }

  override xattr(name: string): string | undefined {
    return this.xattrs?.get(name);
  }
  override setXattr(name: string, value: string): Sys<void> {
    (this.xattrs ??= new Map()).set(name, value);
    return ok(undefined);
  }

  /** A name of this node is gone. */
  dropLink(): void {
    this.nlink--;
    if (this.nlink === 0) this.superblock.freeInode();
    this.ctime = this.superblock.now();
  }
}

Object.assign(MemoryInode.prototype, { rdev: undefined, xattrs: undefined });

export class MemoryFile extends MemoryInode {
  readonly type = 'file';
  /** Most files are never opened: until then there is only what they began with. */
  #content: FileContent | FileData;

  constructor(
    superblock: Superblock,
    ownership: Ownership,
    content = noBytes as FileContent,
    ino?: number,
    time?: number,
  ) {
    super(superblock, ownership, ino, time);
    this.#content = content;
    superblock.used += costOf(superblock, sizeOf(content));
  }

  get #data(): FileData {
    const content = this.#content;
    return content instanceof FileData ? content : (this.#content = new FileData(this.superblock, content));
  }

  override get size(): number {
    const content = this.#content;
    if (content instanceof Uint8Array) return content.length;
    return content instanceof FileData || content.exact !== false ? content.size : this.#data.size;
  }
  override data(): Sys<FileData> {
    return ok(this.#data);
  }
  override rewrite(content: FileContent): boolean {
    const { superblock } = this;
    const before = this.#content;
    const more = sizeOf(content) - (before instanceof FileData ? 0 : sizeOf(before));
    if (superblock.memory || before instanceof FileData || more > superblock.free) return false;
    superblock.used += more;
    this.#content = content;
    return true;
  }
  override get text(): string | undefined {
    const content = this.#content;
    return content instanceof Text || content instanceof FileData ? content.text : undefined;
  }
  override dropLink(): void {
    super.dropLink();
    if (this.nlink === 0) this.#data.free();
  }
}

export class MemorySymlink extends MemoryInode {
  readonly type = 'symlink';

  constructor(
    superblock: Superblock,
    ownership: Ownership,
    readonly target: string,
    ino?: number,
    time?: number,
  ) {
    super(superblock, { ...ownership, mode: 0o777 }, ino, time);
  }

  override get size(): number {
    return this.target.length;
  }
  override readlink(): string {
    return this.target;
  }
}

export class MemorySpecial extends MemoryInode {
  readonly type: 'fifo' | 'socket' | 'char' | 'block';
  override readonly rdev: DeviceNumber | undefined;

  constructor(
    superblock: Superblock,
    ownership: Ownership,
    { type, rdev }: { readonly type: 'fifo' | 'socket' | 'char' | 'block'; readonly rdev?: DeviceNumber | undefined },
    ino?: number,
    time?: number,
  ) {
    super(superblock, ownership, ino, time);
    this.type = type;
    this.rdev = rdev;
  }
}

const none = new FewMap<string, MemoryInode | null>();

/** A tree placed in this file system: its nodes become inodes when somebody looks at them. */
interface Graft {
  /** Of nodes that have none of their own. */
  readonly time: number;
  readonly firstIno: number;
  /** What its files take of the disk counts already, not as they are looked at. */
  readonly paid: boolean;
  /** Nodes with several names are one inode. */
  linked: Map<TreeNode, MemoryInode> | undefined;
}

export class MemoryDirectory extends MemoryInode {
  readonly type = 'directory';
  /** `null`: a name of the grafted tree that was removed. */
  #children: FewMap<string, MemoryInode | null> | undefined;
  #graft: Graft | undefined;
  #backing: ReadonlyMap<string, TreeNode> | undefined;

  constructor(superblock: Superblock, ownership: Ownership, ino?: number, time?: number) {
    super(superblock, ownership, ino, time);
    this.nlink = 2;
  }

  /** Puts an immutable tree here, in O(1): its nodes appear as they are looked up. */
  graft(tree: Tree, paid = false): void {
    const { superblock } = this;
    const time = tree.mtime ?? this.mtime;
    this.#back({ time, firstIno: superblock.reserveInos(tree.count), paid, linked: undefined }, tree.root);
    if (paid) superblock.used += costOfNode(superblock, tree.root);
    if (tree.root.opaque) this.setXattr('trusted.overlay.opaque', 'y');
  }

  #back(graft: Graft, node: TreeNode): void {
    this.#graft = graft;
    this.#backing = node.children;
    this.nlink = node.nlink;
  }

  override get size(): number {
    switch (this.superblock.type) {
      case 'tmpfs':
        return 40 + 20 * (this.#children?.size ?? 0);
      case 'mqueue':
        return 40;
      case 'devpts':
        return 0;
      default:
        return 4096;
    }
  }

  override lookup(name: string): MemoryInode | undefined {
    const child = this.#children?.get(name);
    if (child !== undefined) return child ?? undefined;
    const node = this.#backing?.get(name);
    return node === undefined ? undefined : this.#awaken(name, node);
  }

  override entries(): readonly DirectoryEntry[] {
    const entries: DirectoryEntry[] = [];
    if (this.#backing !== undefined && this.#graft !== undefined) {
      for (const [name, node] of this.#backing) {
        if (this.#children?.has(name) === true) continue;
        entries.push({ name, type: node.type, ino: this.#graft.firstIno + node.index });
      }
    }
    for (const [name, child] of this.#children ?? none) {
      if (child !== null) entries.push({ name, type: child.type, ino: child.ino });
    }
    return entries;
  }

  override get empty(): boolean {
    if (this.#children === undefined || this.#children.size === 0)
      return this.#backing === undefined || this.#backing.size === 0;
    return this.#backing === undefined ? false : this.entries().length === 0;
  }

  override create(name: string, node: NewNode, ownership: Ownership): Sys<MemoryInode> {
    const { superblock } = this;
    const size = node.type === 'file' && node.content !== undefined ? sizeOf(node.content) : 0;
    if (size > superblock.free || !superblock.hasInode) return fail('ENOSPC');
    const child = make(superblock, node, ownership);
    if (child.type === 'directory') this.nlink++;
    this.#attach(name, child);
    this.modified();
    return ok(child);
  }

  override link(name: string, inode: Inode): Sys<void> {
    if (!(inode instanceof MemoryInode) || inode.superblock !== this.superblock) return fail('EXDEV');
    inode.nlink++;
    inode.ctime = this.superblock.now();
    this.#attach(name, inode);
    this.modified();
    return ok(undefined);
  }

  override unlink(name: string): Sys<void> {
    const child = this.lookup(name);
    if (child === undefined) return fail('ENOENT');
    this.#detach(name);
    child.dropLink();
    this.modified();
    return ok(undefined);
  }

  override rmdir(name: string): Sys<void> {
    const child = this.lookup(name);
    if (child === undefined) return fail('ENOENT');
    if (!child.empty) return fail('ENOTEMPTY');
    this.#detach(name);
    child.nlink = 0;
    this.superblock.freeInode();
    child.gone = true;
    child.container = undefined;
    this.nlink--;
    this.modified();
    return ok(undefined);
  }

  override rename(name: string, directory: Inode, newName: string): Sys<void> {
    const child = this.lookup(name);
    if (child === undefined) return fail('ENOENT');
    if (!(directory instanceof MemoryDirectory) || directory.superblock !== this.superblock) return fail('EXDEV');
    const replaced = directory.lookup(newName);
    if (replaced === child) return ok(undefined);
    if (replaced !== undefined) {
      const removed = replaced.type === 'directory' ? directory.rmdir(newName) : directory.unlink(newName);
      if (!removed.ok) return removed;
    }
    this.#detach(name);
    directory.#attach(newName, child);
    if (child.type === 'directory') directoryMoved();
    if (child.type === 'directory' && directory !== this) {
      this.nlink--;
      directory.nlink++;
    }
    child.ctime = this.superblock.now();
    this.modified();
    directory.modified();
    return ok(undefined);
  }

  #attach(name: string, child: MemoryInode): void {
    (this.#children ??= new FewMap()).set(owned(name), child);
    if (child.type === 'directory') {
      child.container = this;
      child.name = name;
    }
  }

  #detach(name: string): void {
    if (this.#backing?.has(name) === true) (this.#children ??= new FewMap()).set(name, null);
    else this.#children?.delete(name);
  }

  /** Makes the inode of a grafted tree's node. */
  #awaken(name: string, node: TreeNode): MemoryInode | undefined {
    const graft = this.#graft;
    if (graft === undefined) return undefined;
    const linked = node.nlink > 1 ? graft.linked?.get(node) : undefined;
    const child = linked ?? wake(this.superblock, node, graft);
    if (child instanceof MemoryDirectory) child.#back(graft, node);
    else if (node.nlink > 1) (graft.linked ??= new Map()).set(node, child);
    this.#attach(name, child);
    return child;
  }
}

/** V8 makes a part of a path a view of the whole path. As the name of a property it becomes a text of its own. */
const owned = (name: string): string => {
  if (name.length > 12) Object.hasOwn(nobody, name);
  return name;
};
const nobody = {};

/** What all files of a tree take of a disk. */
function costOfNode(superblock: Superblock, { type, content, children }: TreeNode): number {
  let cost = type === 'file' ? costOf(superblock, sizeOf(content)) : 0;
  for (const child of children?.values() ?? []) cost += costOfNode(superblock, child);
  return cost;
}

function wake(superblock: Superblock, node: TreeNode, graft: Graft): MemoryInode {
  const ino = graft.firstIno + node.index;
  const time = node.mtime ?? graft.time;
  switch (node.type) {
    case 'file': {
      const file = new MemoryFile(superblock, node, node.content, ino, time);
      file.nlink = node.nlink;
      if (graft.paid) superblock.used -= costOf(superblock, sizeOf(node.content));
      return file;
    }
    case 'directory': {
      const directory = new MemoryDirectory(superblock, node, ino, time);
      if (node.opaque) directory.setXattr('trusted.overlay.opaque', 'y');
      return directory;
    }
    case 'symlink':
      return new MemorySymlink(superblock, node, node.target, ino, time);
    case 'fifo':
    case 'socket':
    case 'char':
    case 'block':
      return new MemorySpecial(superblock, node, { type: node.type, rdev: node.rdev }, ino, time);
  }
}

function make(superblock: Superblock, node: NewNode, ownership: Ownership): MemoryInode {
  switch (node.type) {
    case 'file':
      return new MemoryFile(superblock, ownership, node.content);
    case 'directory':
      return new MemoryDirectory(superblock, ownership);
    case 'symlink':
      return new MemorySymlink(superblock, ownership, node.target);
    case 'fifo':
    case 'socket':
    case 'char':
    case 'block':
      return new MemorySpecial(superblock, ownership, node);
  }
}

/** The root directory of a new file system in memory. */
export function createTmpfs(superblock: Superblock, ownership: Partial<Ownership> = {}): MemoryDirectory {
  return new MemoryDirectory(superblock, { mode: 0o755, uid: 0, gid: 0, ...ownership });
}
