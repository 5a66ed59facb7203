import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import { FileSystemView } from './file-system';
import { Superblock } from './inode';
import { createTmpfs, MemoryDirectory } from './tmpfs';
import { Mount, MountTable } from './mount';
import type { Tree } from './tree';
import type { FileSystem, FileSystemContext, MountNamespace } from './types';

export interface Disk {
  readonly source: string;
  /** Of the file system, as mountinfo shows them after `rw,`. */
  readonly options: string;
}

const usualDisk: Disk = { source: '/dev/vda1', options: 'discard,errors=remount-ro,commit=30' };

/** What all mount namespaces of one machine share: counters, the clock, and file systems of which there is one. */
export class FileSystems {
  #nextMount = 21;
  #nextDevice = 0x1b;
  readonly #single = new Map<string, Superblock>();
  #disk: Superblock | undefined;
  devtmpfs: MemoryDirectory | undefined;

  constructor(
    readonly clock: Clock,
    readonly random: Random | undefined,
    private readonly diskSize: number,
    private readonly diskAs: Disk,
    /** CONFIG_TMPFS_INODE64. */
    readonly inode64: boolean,
  ) {}

  /** The machine's disk. */
  get disk(): Superblock {
    const { source, options } = this.diskAs;
    // Disks of virtio have the major 254, their partitions the minors after theirs.
    const dev = 0xfe00 + Number(/\d+$/.exec(source)?.[0] ?? 0);
    return (this.#disk ??= new Superblock(dev, 'ext4', source, this.now, options, this.diskSize));
  }

  readonly now = (): number => this.clock.now;

  mountId(): number {
    return this.#nextMount++;
  }

  superblock(type: string, source: string, options?: string, limit?: number): Superblock {
    return new Superblock(this.#nextDevice++, type, source, this.now, options, limit);
  }

  /** proc, sysfs, cgroup2, each hierarchy of cgroup: one instance, whatever viewers see in it. */
  single(type: string, options = ''): Superblock {
    const key = `${type} ${options}`;
    let superblock = this.#single.get(key);
    if (superblock === undefined) this.#single.set(key, (superblock = this.superblock(type, type, options)));
    return superblock;
  }

  randomBytes = (count: number): Uint8Array => this.random?.bytes(count) ?? new Uint8Array(count);
}

/** Root's view for what the machine itself does. */
const kernelContext: FileSystemContext = {
  cwd: '/',
  umask: 0o022,
  credentials: { uid: 0, gid: 0, groups: [] },
  synthetic: () => undefined,
  device: () => undefined,
};

export interface MountTreeOptions {
  /** Mounts it read-only instead of making it part of the file system that is there. */
  readonly readOnly?: boolean;
  /** What its files take counts at once; without, as somebody looks at them: layers are shared on a real disk, too. */
  readonly paid?: boolean;
}

export class Namespace implements MountNamespace {
  constructor(
    readonly id: number,
    readonly fileSystems: FileSystems,
    readonly table: MountTable,
  ) {}

  view(context: FileSystemContext, root?: string): FileSystem {
    return new FileSystemView(this, context, root);
  }

  clone(id: number): Namespace {
    return new Namespace(id, this.fileSystems, this.table.clone());
  }

  /**
   * Places an immutable tree at a path, in O(1) whatever it holds: a snapshotter's unpacked layer. The directory is made
   * if need be; nodes come to life as somebody looks at them.
   */
  mountTree(path: string, tree: Tree, { readOnly = false, paid = false }: MountTreeOptions = {}): Sys<void> {
    const view = new FileSystemView(this, kernelContext, undefined);
    const made = view.mkdirAll(path);
    if (!made.ok) return made;
    const place = view.place(path);
    if (!place.ok) return place;
    const { inode, mount } = place.value;
    if (!readOnly) {
      if (!(inode instanceof MemoryDirectory)) return fail('EXDEV');
      if (!inode.empty) return fail('ENOTEMPTY');
      inode.graft(tree, paid);
      const { mode, uid, gid } = tree.root;
      return inode.setAttributes({ mode, uid, gid });
    }
    const { fileSystems, table } = this;
    const superblock = fileSystems.superblock('ext4', 'tree');
    const root = createTmpfs(superblock, tree.root);
    root.graft(tree);
    const made2 = new Mount(fileSystems.mountId(), superblock, root, '/', mount, place.value, inode.mountKey);
    made2.readOnly = true;
    table.set(mount, inode.mountKey, made2);
    return ok(undefined);
  }
}

export interface RootFileSystemOptions {
  readonly clock: Clock;
  /** For /dev/random; without it, zeros. */
  readonly random?: Random;
  /** Size of the disk in bytes. */
  readonly size?: number;
  /** Inode number of the namespace in /proc/<pid>/ns/mnt. */
  readonly id?: number;
  readonly disk?: Disk | undefined;
  /** A tmpfs has inode numbers of 64 bits, as Debian's kernels have it, and says so. */
  readonly inode64?: boolean;
}

/** The initial mount namespace of a machine: an empty disk (ext4 on /dev/vda1) as root. */
export function createRootFileSystem({
  clock,
  random,
  size = 20 * 2 ** 30,
  id = 4026531841,
  disk = usualDisk,
  inode64 = true,
}: RootFileSystemOptions): Namespace {
  const fileSystems = new FileSystems(clock, random, size, disk, inode64);
  const superblock = fileSystems.disk;
  const root = createTmpfs(superblock);
  const mount = new Mount(fileSystems.mountId(), superblock, root, '/', undefined, '/', undefined);
  mount.flags = ['relatime'];
  return new Namespace(id, fileSystems, new MountTable(mount));
}
