import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import type { FileData } from './file-data';
import {
  directoryMoved,
  Inode,
  type Attributes,
  type DeviceNumber,
  type DirectoryEntry,
  type Superblock,
} from './inode';
import type { NewNode, Ownership } from './inode';
import { FewMap } from '../../sim/few-map';
import type { FileType } from './types';

const opaqueXattr = 'trusted.overlay.opaque';

/** overlayfs marks a deleted file of a lower layer by a character device 0:0 of that name in the upper one. */
const isWhiteout = (inode: Inode): boolean =>
  inode.type === 'char' && inode.rdev?.major === 0 && inode.rdev.minor === 0;

/**
 * overlayfs as Documentation/filesystems/overlayfs.rst tells it, with redirect_dir, index and metacopy off (what
 * containerd and docker mount): a merged view of an upper directory, which takes all changes, over lower ones, which
 * nobody changes. Nodes are made as they are looked up, so that mounting costs the same whatever the layers hold.
 */
export class OverlayInode extends Inode {
  readonly ino: number;
  readonly type: FileType;
  #upper: Inode | undefined;
  /** Of a directory: all merged lower directories, topmost first. Of others: the one lower file, if there is no upper. */
  readonly #lowers: readonly Inode[];
  readonly #parent: OverlayInode | undefined;
  #children: FewMap<string, OverlayInode> | undefined;

  constructor(
    readonly superblock: Superblock,
    upper: Inode | undefined,
    lowers: readonly Inode[],
    parent: OverlayInode | undefined,
    name: string,
  ) {
    super();
    const real = upper ?? lowers[0];
    if (real === undefined) throw new Error('overlayfs: a node in no layer');
    this.#upper = upper;
    this.#lowers = lowers;
    this.#parent = parent;
    this.type = real.type;
    // The number stays when the file is copied up (st_ino of the lowest: "Inode properties").
    this.ino = (lowers.at(-1) ?? real).ino;
    this.container = parent;
    this.name = name;
  }

  get #real(): Inode {
    const real = this.#upper ?? this.#lowers[0];
    if (real === undefined) throw new Error('overlayfs: a node in no layer');
    return real;
  }

  get mode(): number {
    return this.#real.mode;
  }
  get uid(): number {
    return this.#real.uid;
  }
  get gid(): number {
    return this.#real.gid;
  }
  get nlink(): number {
    // A merged directory (in two layers) does not count its subdirectories.
    const merged = this.type === 'directory' && this.#lowers.length > (this.#upper === undefined ? 1 : 0);
    return merged ? 1 : this.#real.nlink;
  }
  get size(): number {
    return this.#real.size;
  }
  get atime(): number {
    return this.#real.atime;
  }
  get mtime(): number {
    return this.#real.mtime;
  }
  get ctime(): number {
    return this.#real.ctime;
  }
  get rdev(): DeviceNumber | undefined {
    return this.#real.rdev;
  }

  override setAttributes(changes: Partial<Attributes>): Sys<void> {
    const upper = this.#copyUp();
    return upper.ok ? upper.value.setAttributes(changes) : upper;
  }

  override modified(): void {
    this.#upper?.modified();
  }
  override accessed(): void {
    this.#upper?.accessed();
  }

  override readlink(): string {
    return this.#real.readlink();
  }

  override get text(): string | undefined {
    return this.#real.text;
  }

  override data(write: boolean): Sys<FileData> {
    if (!write) return this.#real.data(false);
    const upper = this.#copyUp();
    return upper.ok ? upper.value.data(true) : upper;
  }

  override xattr(name: string): string | undefined {
    return name.startsWith('trusted.overlay.') ? undefined : this.#real.xattr(name);
  }

  override setXattr(name: string, value: string): Sys<void> {
    if (name.startsWith('trusted.overlay.')) return fail('EPERM');
    const upper = this.#copyUp();
    return upper.ok ? upper.value.setXattr(name, value) : upper;
  }

  override lookup(name: string): OverlayInode | undefined {
    const known = this.#children?.get(name);
    if (known !== undefined) return known;
    if (this.type !== 'directory') return undefined;
    const upper = this.#upper?.lookup(name);
    if (upper !== undefined && isWhiteout(upper)) return undefined;
    let lowers: readonly Inode[] = none;
    if (upper === undefined || (upper.type === 'directory' && upper.xattr(opaqueXattr) !== 'y')) {
      lowers = this.#lookupLower(name, upper !== undefined);
    }
    if (upper === undefined && lowers.length === 0) return undefined;
    // A file of the upper layer hides what is below.
    if (upper !== undefined && upper.type !== 'directory') lowers = none;
    const node = new OverlayInode(this.superblock, upper, lowers, this, name);
    this.#remember(name, node);
    return node;
  }

  /** What the lower layers have of this name: directories to merge, or the topmost other file. */
  #lookupLower(name: string, mergeOnly: boolean): readonly Inode[] {
    let found: Inode[] | undefined;
    for (const lower of this.#lowers) {
      const inode = lower.lookup(name);
      if (inode === undefined) continue;
      if (isWhiteout(inode)) break;
      if (inode.type !== 'directory') {
        if (found === undefined && !mergeOnly) found = [inode];
        break;
      }
      // Exactly as long as it is: most have one.
      found = found === undefined ? [inode] : found.concat([inode]);
      if (inode.xattr(opaqueXattr) === 'y') break;
    }
    return found ?? none;
  }

  override entries(): readonly DirectoryEntry[] {
    // Only one layer: its list is ours (but for whiteouts).
    const layers = this.#upper === undefined ? this.#lowers : [this.#upper, ...this.#lowers];
    const only = layers.length === 1 ? layers[0] : undefined;
    if (only !== undefined) return only.entries().filter((entry) => !this.#hidden(only, entry));
    const seen = new Map<string, DirectoryEntry | undefined>();
    for (const layer of layers) {
      for (const entry of layer.entries()) {
        if (!seen.has(entry.name)) seen.set(entry.name, this.#hidden(layer, entry) ? undefined : entry);
      }
    }
    const entries: DirectoryEntry[] = [];
    for (const entry of seen.values()) if (entry !== undefined) entries.push(entry);
    return entries;
  }

  #hidden(layer: Inode, entry: DirectoryEntry): boolean {
    if (entry.type !== 'char') return false;
    const inode = layer.lookup(entry.name);
    return inode !== undefined && isWhiteout(inode);
  }

  override create(name: string, node: NewNode, ownership: Ownership): Sys<OverlayInode> {
    // What would read as a whiteout cannot be made through the overlay (ovl_mknod).
    if (node.type === 'char' && node.rdev?.major === 0 && node.rdev.minor === 0) return fail('EPERM');
    const upper = this.#copyUp();
    if (!upper.ok) return upper;
    const covered = this.#uncover(upper.value, name);
    const created = upper.value.create(name, node, ownership);
    if (!created.ok) return created;
    // Where a whiteout was, a new directory must not show what the whiteout hid.
    if (covered && node.type === 'directory') created.value.setXattr(opaqueXattr, 'y');
    const inode = new OverlayInode(this.superblock, created.value, none, this, name);
    this.#remember(name, inode);
    return ok(inode);
  }

  override link(name: string, inode: Inode): Sys<void> {
    if (!(inode instanceof OverlayInode) || inode.superblock !== this.superblock) return fail('EXDEV');
    const source = inode.#copyUp();
    if (!source.ok) return source;
    const upper = this.#copyUp();
    if (!upper.ok) return upper;
    this.#uncover(upper.value, name);
    const linked = upper.value.link(name, source.value);
    if (linked.ok) this.#remember(name, new OverlayInode(this.superblock, source.value, none, this, name));
    return linked;
  }

  override unlink(name: string): Sys<void> {
    return this.#remove(name, (upper) => upper.unlink(name));
  }

  override rmdir(name: string): Sys<void> {
    const child = this.lookup(name);
    if (child === undefined) return fail('ENOENT');
    if (!child.empty) return fail('ENOTEMPTY');
    child.gone = true;
    return this.#remove(name, (upper, real) => {
      // Empty means: nothing but whiteouts.
      for (const entry of real.entries()) real.unlink(entry.name);
      return upper.rmdir(name);
    });
  }

  #remove(name: string, removeUpper: (upper: Inode, real: Inode) => Sys<void>): Sys<void> {
    const child = this.lookup(name);
    if (child === undefined) return fail('ENOENT');
    const upper = this.#copyUp();
    if (!upper.ok) return upper;
    if (child.#upper !== undefined) {
      const removed = removeUpper(upper.value, child.#upper);
      if (!removed.ok) return removed;
    }
    this.#children?.delete(name);
    return this.#cover(upper.value, name);
  }

  override rename(name: string, directory: Inode, newName: string): Sys<void> {
    const child = this.lookup(name);
    if (child === undefined) return fail('ENOENT');
    if (!(directory instanceof OverlayInode) || directory.superblock !== this.superblock) return fail('EXDEV');
    // Without redirect_dir a directory that is (partly) in a lower layer cannot move; mv then copies.
    if (child.type === 'directory' && child.#lowers.length > 0) return fail('EXDEV');
    const from = this.#copyUp();
    if (!from.ok) return from;
    const moved = child.#copyUp();
    if (!moved.ok) return moved;
    const to = directory.#copyUp();
    if (!to.ok) return to;
    const replaced = directory.lookup(newName);
    if (replaced !== undefined) {
      if (replaced.type === 'directory' && !replaced.empty) return fail('ENOTEMPTY');
      const removed = replaced.type === 'directory' ? directory.rmdir(newName) : directory.unlink(newName);
      if (!removed.ok) return removed;
    }
    if (child.type === 'directory') directoryMoved();
    const covered = directory.#uncover(to.value, newName);
    const renamed = from.value.rename(name, to.value, newName);
    if (!renamed.ok) return renamed;
    // Something may be below the new name: directly, or because the new parent is merged (ovl_rename).
    const merges = covered || directory.#lowers.length > 0;
    if (merges && child.type === 'directory') moved.value.setXattr(opaqueXattr, 'y');
    this.#children?.delete(name);
    directory.#remember(newName, new OverlayInode(this.superblock, moved.value, none, directory, newName));
    return this.#cover(from.value, name);
  }

  /** Takes a whiteout away; true if something below was hidden by it. */
  #uncover(upper: Inode, name: string): boolean {
    const there = upper.lookup(name);
    if (there === undefined || !isWhiteout(there)) return false;
    upper.unlink(name);
    return true;
  }

  /** Hides what the lower layers have of this name. */
  #cover(upper: Inode, name: string): Sys<void> {
    if (this.#lookupLower(name, false).length === 0) return ok(undefined);
    const rdev = { major: 0, minor: 0 };
    const made = upper.create(name, { type: 'char', rdev }, { mode: 0, uid: 0, gid: 0 });
    return made.ok ? ok(undefined) : made;
  }

  #remember(name: string, node: OverlayInode): void {
    (this.#children ??= new FewMap()).set(name, node);
  }

  /** Makes sure that the node is in the upper layer, its directories first; file contents are shared until written. */
  #copyUp(): Sys<Inode> {
    if (this.#upper !== undefined) return ok(this.#upper);
    const lower = this.#lowers[0];
    const parent = this.#parent;
    // A file system mounted without an upper directory is read-only.
    if (parent === undefined || lower === undefined) return fail('EROFS');
    const directory = parent.#copyUp();
    if (!directory.ok) return directory;
    const copied = directory.value.create(this.name, contentOf(lower), lower);
    if (!copied.ok) return copied;
    copied.value.setAttributes({ mode: lower.mode, atime: lower.atime, mtime: lower.mtime });
    this.#upper = copied.value;
    return copied;
  }
}

const none: readonly Inode[] = [];

function contentOf(inode: Inode): NewNode {
  switch (inode.type) {
    case 'file': {
      const data = inode.data(false);
      return data.ok ? { type: 'file', content: data.value.share() } : { type: 'file' };
    }
    case 'directory':
      return { type: 'directory' };
    case 'symlink':
      return { type: 'symlink', target: inode.readlink() };
    case 'fifo':
    case 'socket':
    case 'char':
    case 'block':
      return inode.rdev === undefined ? { type: inode.type } : { type: inode.type, rdev: inode.rdev };
  }
}
