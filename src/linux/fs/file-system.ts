import { ok } from '../../sim/result';
import { isPrivileged } from '../capabilities';
import { fail, type ErrnoCode, type Sys } from '../errno';
import type { OpenFile } from '../io/open-file';
import { chmod, chown, setXattr, truncate, utimes } from './attribute-calls';
import { appendFile, executable, readFile, readText, writeFile } from './content-calls';
import { create, link, makeAll, removeAll, removeDirectory, rename, unlink } from './directory-calls';
import { textContent } from './file-data';
import { addWatcher, statOf, type Inode, type NewNode } from './inode';
import { mount, pivotRoot, setPropagation, umount } from './mount-calls';
import { mountInfo, statFs } from './mount-info';
import type { Namespace } from './mount-namespace';
import { openPlace, statOfDescriptor } from './open';
import { isReadOnly } from './permissions';
import type { PropagationKind } from './propagation';
import type {
  ExecutableFile,
  FileContent,
  FileSystem,
  FileSystemContext,
  FileType,
  MountInfo,
  MountOptions,
  OpenOptions,
  Stat,
  StatFs,
  UmountOptions,
} from './types';
import { Missing, permits, Place, walk, type Walker } from './walk';

const done: Sys<void> = ok(undefined);

/** The same viewer, standing at the root. */
const fromRoot = (context: FileSystemContext): FileSystemContext => ({
  cwd: '/',
  umask: context.umask,
  credentials: context.credentials,
  synthetic: (type, options) => context.synthetic(type, options),
  device: (major, minor) => context.device(major, minor),
});

/** A process's view of the files (see `FileSystem`): paths resolve in its namespace, from its root and cwd, as its user. */
export class FileSystemView implements FileSystem, Walker {
  #chroot: Place | undefined;
  #root: Place | undefined;

  constructor(
    readonly namespace: Namespace,
    readonly context: FileSystemContext,
    private readonly chroot: string | undefined,
  ) {}

  get table() {
    return this.namespace.table;
  }

  get root(): Place {
    const { table } = this;
    if (this.#root?.mount !== table.root) {
      const { root } = table;
      const inode = root.enter(this.context);
      if (inode === undefined) throw new Error('no root directory');
      this.#root = new Place(root, inode, undefined, '');
      this.#chroot = undefined;
    }
    if (this.chroot === undefined || this.chroot === '/') return this.#root;
    if (this.#chroot === undefined) {
      const walker: Walker = { table, context: fromRoot(this.context), root: this.#root };
      const place = walk(walker, this.chroot, true);
      if (!(place instanceof Place)) return this.#root;
      this.#chroot = new Place(place.mount, place.inode, undefined, '');
    }
    return this.#chroot;
  }

  /** Path of the root within the namespace; empty if it is the namespace's. */
  get chrootPath(): string {
    return this.chroot === undefined || this.chroot === '/' ? '' : this.chroot.replace(/\/+$/, '');
  }

  /** Where an existing path leads. */
  place(path: string, follow = true): Sys<Place> {
    const place = this.find(path, follow);
    return typeof place === 'string' ? fail(place) : ok(place);
  }

  find(path: string, follow: boolean): Place | ErrnoCode {
    const place = walk(this, path, follow);
    return place instanceof Missing ? 'ENOENT' : place;
  }

  open(path: string, options: OpenOptions): Sys<OpenFile> {
    return openPlace(this, path, options);
  }

  stat(path: string): Sys<Stat> {
    const place = walk(this, path, true);
    if (place instanceof Place) return ok(this.#statOf(place.inode));
    if (place instanceof Missing && !place.linked) return fail('ENOENT');
    const code = place instanceof Missing ? 'ENOENT' : place;
    const descriptor = code === 'ENOENT' ? statOfDescriptor(this, path) : undefined;
    return descriptor === undefined ? fail(code) : ok(descriptor);
  }

  lstat(path: string): Sys<Stat> {
    const place = this.find(path, false);
    return typeof place === 'string' ? fail(place) : ok(this.#statOf(place.inode));
  }

  readdir(path: string): Sys<readonly { readonly name: string; readonly type: FileType; readonly ino: number }[]> {
    const place = this.find(path, true);
    if (typeof place === 'string') return fail(place);
    const { inode } = place;
    if (inode.type !== 'directory') return fail('ENOTDIR');
    if (!permits(inode, this.context, 4)) return fail('EACCES');
    return ok(inode.entries());
  }

  mkdir(path: string, mode = 0o777): Sys<void> {
    return made(create(this, path, { type: 'directory' }, mode & ~this.context.umask));
  }

  mkdirAll(path: string, mode = 0o777): Sys<void> {
    return makeAll(this, path, mode);
  }

  rmdir(path: string): Sys<void> {
    return removeDirectory(this, path);
  }

  unlink(path: string): Sys<void> {
    return unlink(this, path);
  }

  removeAll(path: string): Sys<void> {
    return removeAll(this, path);
  }

  rename(from: string, to: string): Sys<void> {
    return rename(this, from, to);
  }

  link(existing: string, path: string): Sys<void> {
    return link(this, existing, path);
  }

  symlink(target: string, path: string): Sys<void> {
    if (target === '') return fail('ENOENT');
    return made(create(this, path, { type: 'symlink', target }, 0o777));
  }

  mknod(
    path: string,
    type: 'fifo' | 'socket' | 'char' | 'block',
    mode: number,
    rdev?: { major: number; minor: number },
  ): Sys<void> {
    if ((type === 'char' || type === 'block') && !isPrivileged(this.context.credentials, 'MKNOD')) return fail('EPERM');
    const node: NewNode = rdev === undefined ? { type } : { type, rdev };
    return made(create(this, path, node, mode & ~this.context.umask));
  }

  readlink(path: string): Sys<string> {
    const place = this.find(path, false);
    if (typeof place === 'string') return fail(place);
    const { inode } = place;
    if (inode.type !== 'symlink') return fail('EINVAL');
    return inode.denied === undefined ? ok(inode.readlink()) : fail(inode.denied);
  }

  realpath(path: string): Sys<string> {
    const place = this.find(path, true);
    return typeof place === 'string' ? fail(place) : ok(place.path);
  }

  chmod(path: string, mode: number): Sys<void> {
    return chmod(this, path, mode);
  }

  chown(path: string, uid: number, gid: number, { noFollow = false } = {}): Sys<void> {
    return chown(this, path, uid, gid, !noFollow);
  }

  utimes(path: string, atime: number, mtime: number): Sys<void> {
    return utimes(this, path, atime, mtime);
  }

  truncate(path: string, size: number): Sys<void> {
    return truncate(this, path, size);
  }

  access(
    path: string,
    mode: { readonly read?: boolean; readonly write?: boolean; readonly execute?: boolean },
  ): Sys<void> {
    const place = this.find(path, true);
    if (typeof place === 'string') return fail(place);
    const wanted = (mode.read ? 4 : 0) | (mode.write ? 2 : 0) | (mode.execute ? 1 : 0);
    if (mode.write === true && isReadOnly(place) && hasBytes(place.inode)) return fail('EROFS');
    return permits(place.inode, this.context, wanted) ? done : fail('EACCES');
  }

  getxattr(path: string, name: string): Sys<string> {
    const place = this.find(path, true);
    if (typeof place === 'string') return fail(place);
    const value = place.inode.xattr(name);
    return value === undefined ? fail('ENODATA') : ok(value);
  }

  setxattr(path: string, name: string, value: string): Sys<void> {
    return setXattr(this, path, name, value);
  }

  readFile(path: string): Sys<Uint8Array> {
    return readFile(this, path);
  }

  readHead(path: string, bytes: number): Sys<Uint8Array> {
    const found = executable(this, path, bytes);
    return found.ok ? ok(found.value.head) : found;
  }

  executable(path: string, bytes: number): Sys<ExecutableFile> {
    return executable(this, path, bytes);
  }

  readText(path: string): Sys<string> {
    return readText(this, path);
  }

  writeFile(path: string, data: string | FileContent, mode = 0o666): Sys<void> {
    return writeFile(this, path, typeof data === 'string' ? textContent(data) : data, mode);
  }

  appendFile(path: string, data: string | Uint8Array): Sys<void> {
    return appendFile(this, path, data);
  }

  mount(options: MountOptions): Sys<void> {
    return mount(this, options);
  }

  umount(target: string, options: UmountOptions = {}): Sys<void> {
    return umount(this, target, options);
  }

  setPropagation(path: string, kind: PropagationKind, recursive = false): Sys<void> {
    return setPropagation(this, path, kind, recursive);
  }

  pivotRoot(path: string): Sys<void> {
    return pivotRoot(this, path);
  }

  isOn(path: string, mount: object): boolean {
    const place = this.find(path, true);
    return typeof place !== 'string' && place.mount === mount;
  }

  mounts(): readonly MountInfo[] {
    return mountInfo(this);
  }

  statfs(path: string): Sys<StatFs> {
    const place = this.place(path);
    return place.ok ? ok(statFs(this, place.value)) : place;
  }

  watch(path: string, changed: (path: string) => void): () => void {
    const place = this.find(path, true);
    if (typeof place === 'string') return () => undefined;
    const { inode, parent, name } = place;
    const base = path.endsWith('/') ? path.slice(0, -1) : path;
    const own = addWatcher(inode, { changed: (below) => changed(below === '' ? path : `${base}/${below}`) });
    if (inode.type === 'directory' || parent === undefined) return own;
    // A file may also be replaced: that is a change of its directory.
    const entry = addWatcher(parent.inode, {
      changed: (below) => {
        if (below === name && parent.inode.lookup(name) !== inode) changed(path);
      },
    });
    return () => {
      own();
      entry();
    };
  }

  /** Who pays for pages of this file that are written now. */
  payerFor(inode: Inode): ((bytes: number) => boolean) | undefined {
    return inode.superblock.memory ? this.context.memoryAccount?.() : undefined;
  }

  /** stat(2), owners as the viewer's user namespace has them. */
  #statOf(inode: Inode): Stat {
    const stat = statOf(inode);
    const { context } = this;
    if (context.ownerSeen === undefined) return stat;
    const uid = context.ownerSeen('uid', stat.uid);
    const gid = context.ownerSeen('gid', stat.gid);
    return uid === stat.uid && gid === stat.gid ? stat : { ...stat, uid, gid };
  }
}

const made = (result: Sys<unknown>): Sys<void> => (result.ok ? done : result);
const hasBytes = (inode: Inode): boolean => inode.type === 'file' || inode.type === 'directory';
