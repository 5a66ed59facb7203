import { Inode, moves, type Superblock } from './inode';
import { syntheticAt } from './synthetic';
import type { FileSystemContext } from './types';
import type { Place } from './walk';

export type SyntheticType = 'proc' | 'sysfs' | 'cgroup2';

/** One mount (struct mount): a subtree of a file system, and how it may be used here. */
export class Mount {
  readOnly = false;
  /** `nosuid`, `nodev`, `noexec`, … as mountinfo shows them after rw or ro. */
  flags: readonly string[] = [];
  /** What was named as source when it was mounted. */
  source: string;

  constructor(
    readonly id: number,
    readonly superblock: Superblock,
    /** Where it begins; undefined for file systems that look different to each viewer. */
    readonly root: Inode | undefined,
    /** Path of the root within its file system: more than `/` in bind mounts. */
    readonly rootPath: string,
    readonly parent: Mount | undefined,
    /** Path of the mount point within the parent mount. */
    readonly at: string,
    readonly key: unknown,
  ) {
    this.source = superblock.source;
  }

  /** The root directory (or file) as `context` sees it. */
  enter(context: FileSystemContext): Inode | undefined {
    if (this.root !== undefined) return this.root;
    return syntheticAt(this.superblock, context.synthetic(this.superblock.type as SyntheticType), this.rootPath);
  }

  get noexec(): boolean {
    return this.flags.includes('noexec');
  }
}

/** A cache that grew so large begins anew. */
const MOST_DIRECTORIES = 10_000;

/**
 * Which mount is on which directory, for one mount namespace. A clone shares its parent's table until either changes what
 * the other must not see: runc clones the host's namespace for every container and throws most of it away at once.
 */
export class MountTable {
  /** `null`: the base has one there, and here it is gone. */
  readonly #own = new Map<Mount, Map<unknown, Mount | null>>();
  #base: MountTable | undefined;
  readonly #clones = new Set<MountTable>();
  /** Where directories of long paths are, for whoever may search everything (see `walk`). */
  #directories: Map<string, Place> | undefined;
  #directoriesAt = 0;
  root: Mount;

  constructor(root: Mount, base?: MountTable) {
    this.root = root;
    this.#base = base;
  }

  /** The cache of directories by path; empty again after whatever could make it wrong, but for removed directories. */
  get directories(): Map<string, Place> {
    const known = this.#directories;
    if (known !== undefined && this.#directoriesAt === moves.count && known.size < MOST_DIRECTORIES) return known;
    this.#directoriesAt = moves.count;
    return (this.#directories = new Map());
  }

  /** What is mounted on `key` of `parent`. */
  get(parent: Mount, key: unknown): Mount | undefined {
    const own = this.#own.get(parent)?.get(key);
    if (own !== undefined) return own ?? undefined;
    return this.#base?.get(parent, key);
  }

  /** Mounts directly on `parent`. */
  children(parent: Mount): readonly Mount[] {
    const own = this.#own.get(parent);
    const inherited = this.#base?.children(parent) ?? [];
    if (own === undefined) return inherited;
    const children = inherited.filter((mount) => !own.has(mount.key));
    for (const mount of own.values()) if (mount !== null) children.push(mount);
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
    if (!(key instanceof Inode) || key.cached) this.#directories = undefined;
    let own = this.#own.get(parent);
    if (own === undefined) this.#own.set(parent, (own = new Map()));
    if (mount !== undefined) own.set(key, mount);
    else if (this.#base?.get(parent, key) !== undefined) own.set(key, null);
    else own.delete(key);
    if (own.size === 0) this.#own.delete(parent);
  }

  clone(): MountTable {
    const clone = new MountTable(this.root, this);
    this.#clones.add(clone);
    return clone;
  }

  /** Only what is below `root` stays (pivot_root(2) and the old root's umount). */
  pivot(root: Mount): void {
    this.#detachClones();
    const kept = this.below(root).map((mount) => [mount, this.children(mount)] as const);
    this.#own.clear();
    this.#directories = undefined;
    this.#leaveBase();
    for (const [mount, children] of kept) {
      if (children.length > 0) this.#own.set(mount, new Map(children.map((child) => [child.key, child])));
    }
    this.root = root;
  }

  /** Before a change here, those who still look through this table get their own copy. */
  #detachClones(): void {
    if (this.#clones.size === 0) return;
    for (const clone of [...this.#clones]) clone.pivot(clone.root);
  }

  #leaveBase(): void {
    if (this.#base !== undefined) this.#base.#clones.delete(this);
    this.#base = undefined;
  }
}
