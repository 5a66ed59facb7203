import { Inode, moves, type Superblock } from './inode';
import { Mounted } from './mounted';
import { Propagation } from './propagation';
import { syntheticAt } from './synthetic';
import type { FileSystemContext, SyntheticType } from './types';
import type { Place } from './walk';

/** One mount (struct mount): a subtree of a file system, and how it may be used here. */
export class Mount {
  readOnly = false;
  /** `nosuid`, `nodev`, `noexec`, … as mountinfo shows them after rw or ro. */
  flags: readonly string[] = [];
  /** What was named as source when it was mounted. */
  source: string;
  /** Paths, or the places that they follow from: most are never asked for. */
  #rootPath: string | Place;
  #at: string | Place;

  constructor(
    readonly id: number,
    readonly superblock: Superblock,
    /** Where it begins; undefined for file systems that look different to each viewer. */
    readonly root: Inode | undefined,
    rootPath: string | Place,
    readonly parent: Mount | undefined,
    at: string | Place,
    readonly key: unknown,
  ) {
    this.source = superblock.source;
    this.#rootPath = rootPath;
    this.#at = at;
  }

  /** Path of the root within its file system: more than `/` in bind mounts. */
  get rootPath(): string {
    const from = this.#rootPath;
    if (typeof from === 'string') return from;
    const { rootPath } = from.mount;
    const path = from.pathInMount;
    return (this.#rootPath = rootPath === '/' ? path : path === '/' ? rootPath : `${rootPath}${path}`);
  }

  /** Path of the mount point within the parent mount. */
  get at(): string {
    if (typeof this.#at !== 'string') this.#at = this.#at.pathInMount;
    return this.#at;
  }

  /** The same, on another mount that shows (a part of) the parent's tree. */
  copyOn(parent: Mount, id: number): Mount {
    const whole = joined(this.parent?.rootPath ?? '/', this.at);
    const at = parent.rootPath === '/' ? whole : whole.slice(parent.rootPath.length) || '/';
    const copy = new Mount(id, this.superblock, this.root, this.rootPath, parent, at, this.key);
    copy.readOnly = this.readOnly;
    copy.flags = this.flags;
    copy.source = this.source;
    return copy;
  }

  /** Whether the mount point lies below that directory of the same mount. */
  isBelow(directory: Place): boolean {
    if (directory.isMountRoot) return true;
    if (typeof this.#at === 'string') return this.#at.startsWith(`${directory.pathInMount}/`);
    for (let at = this.#at.parent; at !== undefined && at.mount === directory.mount; at = at.parent)
      if (at.inode === directory.inode) return true;
    return false;
  }

  /** The root directory (or file) as `context` sees it. */
  enter(context: FileSystemContext): Inode | undefined {
    if (this.root !== undefined) return this.root;
    const { type, options } = this.superblock;
    return syntheticAt(this.superblock, context.synthetic(type as SyntheticType, options), this.rootPath);
  }

  get noexec(): boolean {
    return this.flags.includes('noexec');
  }
  get nosuid(): boolean {
    return this.flags.includes('nosuid');
  }
}

const joined = (root: string, path: string): string => (root === '/' ? path : path === '/' ? root : `${root}${path}`);

/** A cache that grew so large begins anew. */
const MOST_DIRECTORIES = 512;

/**
 * Which mount is on which directory, for one mount namespace. A clone shares its parent's table until either changes what
 * the other must not see: runc clones the host's namespace for every container and throws most of it away at once.
 */
export class MountTable {
  readonly #own = new Mounted();
  #base: MountTable | undefined;
  #clones: Set<MountTable> | undefined;
  /** Where directories of long paths are, for whoever may search everything (see `walk`). */
  #directories: Map<string, Place> | undefined;
  #keptAt = 0;
  #inherits = true;
  #pivoted = false;
  /** Made with the first mount that is not private. */
  #propagation: Propagation | undefined;
  root: Mount;

  constructor(root: Mount, base?: MountTable) {
    this.root = root;
    this.#base = base;
  }

  /**
   * Where a directory is, if that was kept. Whatever could make it wrong empties the cache, but for removed directories
   * (`gone`). A clone sees what its parent table has kept until it mounts something on the way.
   */
  directory(path: string): Place | undefined {
    const place = this.#kept?.get(path) ?? (this.#inherits ? this.#base?.directory(path) : undefined);
    return place?.inode.gone === true ? undefined : place;
  }

  /** False where it is not worth it: in a container, whose paths are short. */
  get keepsDirectories(): boolean {
    return !this.#pivoted;
  }

  keep(path: string, place: Place): void {
    const known = this.#kept;
    if (known !== undefined && known.size < MOST_DIRECTORIES) known.set(path, place);
    else {
      this.#keptAt = moves.count;
      this.#directories = new Map([[path, place]]);
    }
  }

  get #kept(): Map<string, Place> | undefined {
    return this.#keptAt === moves.count ? this.#directories : undefined;
  }

  /** What is mounted on `key` of `parent`. */
  get(parent: Mount, key: unknown): Mount | undefined {
    const own = this.#own.get(parent, key);
    if (own !== undefined) return own ?? undefined;
    return this.#base?.get(parent, key);
  }

  /** Mounts directly on `parent`. */
  children(parent: Mount): readonly Mount[] {
    const own = this.#own.on(parent);
    const inherited = this.#base?.children(parent) ?? [];
    if (own.length === 0) return inherited;
    const keys = new Set(own.map(([key]) => key));
    const children = inherited.filter((mount) => !keys.has(mount.key));
    for (const [, mount] of own) if (mount !== null) children.push(mount);
    return children;
  }

  /** `mount` and all below it, parents first. */
  below(mount: Mount): readonly Mount[] {
    const found = [mount];
    for (let index = 0; index < found.length; index++) {
      const at = found[index];
      if (at !== undefined) found.push(...this.children(at));
    }
    return found;
  }

  set(parent: Mount, key: unknown, mount: Mount | undefined): void {
    this.#detachClones();
    if (key instanceof Inode) {
      if (mount !== undefined) key.mountedOn = true;
      if (key.cached) {
        this.#directories = undefined;
        this.#inherits = false;
      }
    }
    if (mount !== undefined) this.#own.set(parent, key, mount);
    else if (this.#base?.get(parent, key) !== undefined) this.#own.set(parent, key, null);
    else this.#own.delete(parent, key);
  }

  /** Mounts, here and wherever the parent's peers are. */
  attach(mount: Mount, nextId: () => number): void {
    const { parent } = mount;
    if (parent === undefined) return;
    this.set(parent, mount.key, mount);
    const own = this.#propagation;
    if (own === undefined || !own.isShared(parent)) return;
    const receivers = [...own.receivers(parent)];
    // What is mounted on a shared mount is shared itself.
    if (!own.isShared(mount)) own.change(mount, 'shared');
    for (const { table, mount: peer } of receivers) {
      const copy = mount.copyOn(peer, nextId());
      table.set(peer, mount.key, copy);
      table.propagation.copy(mount, copy, own);
      if (!table.propagation.isShared(peer)) table.propagation.change(copy, 'slave');
    }
  }

  /** Unmounts, here and there. */
  detach(mount: Mount): void {
    const { parent, key } = mount;
    if (parent === undefined) return;
    this.set(parent, key, undefined);
    const own = this.#propagation;
    if (own === undefined) return;
    for (const { table, mount: peer } of [...own.receivers(parent)]) {
      const copy = table.get(peer, key);
      if (copy?.superblock !== mount.superblock) continue;
      table.set(peer, key, undefined);
      table.propagation.forget(copy);
    }
    own.forget(mount);
  }

  /** Whether any mount passes on what is mounted below it, or receives. */
  get propagates(): boolean {
    return this.#propagation?.empty === false;
  }

  get propagation(): Propagation {
    return (this.#propagation ??= new Propagation(this));
  }

  clone(): MountTable {
    const clone = new MountTable(this.root, this);
    (this.#clones ??= new Set()).add(clone);
    if (this.#propagation?.empty === false) clone.propagation.copyAll(this.#propagation);
    return clone;
  }

  /** Only what is below `root` stays (pivot_root(2) and the old root's umount). */
  pivot(root: Mount): void {
    this.#detachClones();
    const kept = this.below(root).map((mount) => [mount, this.children(mount)] as const);
    this.#own.clear();
    this.#directories = undefined;
    this.#pivoted = root !== this.root || this.#pivoted;
    this.#leaveBase();
    for (const [mount, children] of kept) {
      for (const child of children) this.#own.set(mount, child.key, child);
    }
    this.root = root;
    this.#propagation?.keepOnly(new Set(kept.map(([mount]) => mount)));
  }

  /** Before a change here, those who still look through this table get their own copy. */
  #detachClones(): void {
    if (this.#clones === undefined || this.#clones.size === 0) return;
    for (const clone of [...this.#clones]) clone.pivot(clone.root);
  }

  #leaveBase(): void {
    const base = this.#base;
    if (base !== undefined) base.#clones?.delete(this);
    this.#base = undefined;
  }
}
