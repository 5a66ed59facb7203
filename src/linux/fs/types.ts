import type { Restrictions } from '../capabilities';
import type { ErrnoCode, Sys } from '../errno';
import type { OpenFile } from '../io/open-file';

export type FileType = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'char' | 'block';

export interface Stat {
  readonly dev: number;
  readonly ino: number;
  readonly type: FileType;
  /** Permission bits with set-id and sticky bits, 0o7777. */
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Virtual milliseconds since the epoch. */
  readonly atime: number;
  readonly mtime: number;
  readonly ctime: number;
  readonly rdev?: { readonly major: number; readonly minor: number };
}

/** What a regular file holds: bytes, or bytes made when somebody looks (a 200 MB layer costs its metadata only). */
export type FileContent =
  | Uint8Array
  | {
      readonly size: number;
      make(): Uint8Array;
      /** The first bytes, known without making the rest (what exec looks at). */
      readonly head?: Uint8Array;
      /** The size is a guess: the bytes are made for who asks how many there are, too. */
      readonly exact?: false;
    };

/** File systems that are computed; of `cgroup` (v1) there is one for each hierarchy, named by its options. */
export type SyntheticType = 'proc' | 'sysfs' | 'cgroup' | 'cgroup2';

/** Files that somebody computes: /proc, /sys, the cgroup tree. Looked up anew at each access. */
export type SyntheticNode = SyntheticDirectory | SyntheticFileNode | SyntheticLink;

interface SyntheticCommon {
  /** Absent: as the directory it is in; there, root. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

export interface SyntheticDirectory extends SyntheticCommon {
  readonly type: 'directory';
  readonly mode?: number;
  list(): readonly string[];
  lookup(name: string): SyntheticNode | undefined;
  readonly mkdir?: (name: string) => Sys<void>;
  readonly rmdir?: (name: string) => Sys<void>;
}

export interface SyntheticFileNode extends SyntheticCommon {
  readonly type: 'file';
  readonly mode?: number;
  /** What read(2) fails with: it is there to be written to. */
  readonly unreadable?: ErrnoCode;
  read(): string;
  readonly write?: (text: string) => Sys<void>;
}

export interface SyntheticLink extends SyntheticCommon {
  readonly type: 'symlink';
  /** lrwxrwxrwx of no size, but for the descriptors of processes. */
  readonly mode?: number;
  readonly size?: number;
  readlink(): string;
  /** A magic link (/proc/<pid>/fd/1): opening it opens this, whatever the text says. */
  readonly open?: () => Sys<OpenFile> | undefined;
  /** Why the viewer may not read or follow it. */
  readonly denied?: () => ErrnoCode | undefined;
  /** It leads into another process's view of the files (/proc/<pid>/root). */
  readonly through?: () => { readonly fs: FileSystem; readonly path: string };
}

/** Who looks: what path resolution and permission checks of one process need. Read anew at each call. */
export interface FileSystemContext {
  readonly cwd: string;
  readonly umask: number;
  readonly credentials: {
    readonly uid: number;
    readonly gid: number;
    readonly groups: readonly number[];
    readonly restrictions?: Restrictions | undefined;
  };
  /** False where the process has as many descriptors as it may have (EMFILE). */
  readonly mayOpen?: boolean;
  /** May it mount here: root, or who made the user namespace that owns the mount namespace. Absent: root may. */
  readonly mayMount?: boolean;
  /** Does any process have files open or stand on that mount (EBUSY)? */
  isBusy?(view: FileSystem, mount: object): boolean;
  /** A node's owner as it reads in the viewer's user namespace, and the other way; absent: as it is. */
  ownerSeen?(kind: 'uid' | 'gid', id: number): number;
  ownerNamed?(kind: 'uid' | 'gid', id: number): number | undefined;
  /** Who pays for pages in memory that are written now; the result charges bytes, false where there is no room for them. */
  memoryAccount?(): (bytes: number) => boolean;
  /** Roots of the synthetic file systems as this process sees them (its pid namespace, its cgroup namespace). */
  synthetic(type: SyntheticType, options: string): SyntheticNode | undefined;
  /** Opens a device that is more than bytes: /dev/tty, /dev/pts/N, /dev/ptmx. */
  device(major: number, minor: number): Sys<OpenFile> | undefined;
}

/** A mount namespace (mount_namespaces(7)): a root and what is mounted where. Made by `createMountNamespace`. */
export interface MountNamespace {
  readonly id: number;
  /** A process's view. Several views share the mounts. `root`: chroot. */
  view(context: FileSystemContext, root?: string): FileSystem;
  /** CLONE_NEWNS: the same mounts, from now on its own table. */
  clone(id: number): MountNamespace;
}

export interface OpenOptions {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly append?: boolean;
  readonly create?: boolean;
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
  readonly directory?: boolean;
  readonly mode?: number;
}

export interface MountOptions {
  readonly source: string;
  readonly target: string;
  readonly type:
    | 'tmpfs'
    | 'overlay'
    | 'proc'
    | 'sysfs'
    | 'devtmpfs'
    | 'devpts'
    | 'mqueue'
    | 'cgroup'
    | 'cgroup2'
    | 'bind'
    | 'rbind'
    | 'ext4';
  readonly options?: Readonly<Record<string, string | true>>;
  readonly readOnly?: boolean;
}

export interface UmountOptions {
  /** MNT_DETACH: with all below, whoever uses it. */
  readonly lazy?: boolean;
}

/** A file as execve(2) looks at it. */
export interface ExecutableFile {
  readonly head: Uint8Array;
  readonly setUid: number | undefined;
  readonly setGid: number | undefined;
}

/** statfs(2), in bytes. */
export interface StatFs {
  readonly type: string;
  readonly source: string;
  readonly mountPoint: string;
  readonly size: number;
  readonly used: number;
  readonly inodes: number;
  readonly inodesUsed: number;
}

/** One line of /proc/<pid>/mountinfo. */
export interface MountInfo {
  readonly id: number;
  readonly parent: number;
  /** `major:minor` of the file system. */
  readonly device: string;
  readonly root: string;
  readonly mountPoint: string;
  readonly options: string;
  /** ` shared:1 master:2`, each with a blank before it; empty for a private mount. */
  readonly propagation: string;
  readonly type: string;
  readonly source: string;
  readonly superOptions: string;
}

/**
 * A process's view of the tree: its mount namespace, root, cwd and credentials. All calls are synchronous and follow the
 * man page of the system call of that name. Relative paths start at the cwd.
 */
export interface FileSystem {
  open(path: string, options: OpenOptions): Sys<OpenFile>;
  stat(path: string): Sys<Stat>;
  lstat(path: string): Sys<Stat>;
  /** Names without `.` and `..`, in the order the file system keeps them. */
  readdir(path: string): Sys<readonly { readonly name: string; readonly type: FileType; readonly ino: number }[]>;
  mkdir(path: string, mode?: number): Sys<void>;
  /** mkdir -p */
  mkdirAll(path: string, mode?: number): Sys<void>;
  rmdir(path: string): Sys<void>;
  unlink(path: string): Sys<void>;
  /** rm -r; what is not there is fine. */
  removeAll(path: string): Sys<void>;
  rename(from: string, to: string): Sys<void>;
  link(existing: string, path: string): Sys<void>;
  symlink(target: string, path: string): Sys<void>;
  readlink(path: string): Sys<string>;
  /** The path with all symbolic links resolved, as seen from this root. */
  realpath(path: string): Sys<string>;
  chmod(path: string, mode: number): Sys<void>;
  chown(path: string, uid: number, gid: number, options?: { readonly noFollow?: boolean }): Sys<void>;
  utimes(path: string, atime: number, mtime: number): Sys<void>;
  mknod(
    path: string,
    type: 'fifo' | 'socket' | 'char' | 'block',
    mode: number,
    rdev?: { major: number; minor: number },
  ): Sys<void>;
  truncate(path: string, size: number): Sys<void>;
  access(
    path: string,
    mode: { readonly read?: boolean; readonly write?: boolean; readonly execute?: boolean },
  ): Sys<void>;
  getxattr(path: string, name: string): Sys<string>;
  setxattr(path: string, name: string, value: string): Sys<void>;

  readFile(path: string): Sys<Uint8Array>;
  /** The first `bytes` bytes, without making the rest (exec's look at a file, BINPRM_BUF_SIZE). Checks execute, not read, permission. */
  readHead(path: string, bytes: number): Sys<Uint8Array>;
  /** What execve(2) needs: as `readHead`, with the owners that set-id bits make of the user. */
  executable(path: string, bytes: number): Sys<ExecutableFile>;
  readText(path: string): Sys<string>;
  /** Creates or truncates. */
  writeFile(path: string, data: string | FileContent, mode?: number): Sys<void>;
  appendFile(path: string, data: string | Uint8Array): Sys<void>;

  mount(options: MountOptions): Sys<void>;
  umount(target: string, options?: UmountOptions): Sys<void>;
  /** `mount --make-shared` and its like; `recursive` with all mounts below. */
  setPropagation(path: string, kind: 'shared' | 'slave' | 'private' | 'unbindable', recursive?: boolean): Sys<void>;
  mounts(): readonly MountInfo[];
  /** Whether that path is on that mount (as `isBusy` gets it). */
  isOn(path: string, mount: object): boolean;
  /** pivot_root(2) as runc uses it: `path` becomes the root of this mount namespace. */
  pivotRoot(path: string): Sys<void>;
  statfs(path: string): Sys<StatFs>;
  /** Calls after each change below `path` (inotify, simplified); the result ends it. */
  watch(path: string, changed: (path: string) => void): () => void;
}
