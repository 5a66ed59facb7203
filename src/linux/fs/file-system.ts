import { ok } from '../../sim/result';
import { fail, type ErrnoCode, type Sys } from '../errno';
import { decode, encode } from '../io/bytes';
import type { OpenFile } from '../io/open-file';
import { addWatcher, notify, statOf, type Inode, type NewNode } from './inode';
import { MemoryDirectory } from './tmpfs';
import { SyntheticInode } from './synthetic';
import type { Namespace } from './mount-namespace';
import { bindMount, mountOptionsOf, newSuperblock, placeOf, remount } from './mounting';
import { openPlace } from './open';
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
} from './types';
import { Missing, permits, Place, walk, type Walker } from './walk';
import { mountInfo, statFs } from './mount-info';
import { Mount } from './mount';

const done: Sys<void> = ok(undefined);

/** The same viewer, standing at the root. */
const fromRoot = (context: FileSystemContext): FileSystemContext => ({
  cwd: '/',
  umask: context.umask,
  credentials: context.credentials,
  synthetic: (type) => context.synthetic(type),
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
    const place = this.find(path, true);
    return typeof place === 'string' ? fail(place) : ok(statOf(place.inode));
  }

  lstat(path: string): Sys<Stat> {
    const place = this.find(path, false);
    return typeof place === 'string' ? fail(place) : ok(statOf(place.inode));
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
    const made = this.#create(path, { type: 'directory' }, mode & ~this.context.umask);
    return made.ok ? done : made;
  }

  mkdirAll(path: string, mode = 0o777): Sys<void> {
    let place = walk(this, path, true);
    if (place === 'ENOENT') {
      // More than the last component is missing: first what is above.
      const slash = path.replace(/\/+$/, '').lastIndexOf('/');
      if (slash <= 0) return fail('ENOENT');
      const above = this.mkdirAll(path.slice(0, slash), mode);
      if (!above.ok) return above;
      place = walk(this, path, true);
    }
    if (typeof place === 'string') return fail(place);
    if (place instanceof Place) return place.inode.type === 'directory' ? done : fail('EEXIST');
    const made = this.createAt(place, { type: 'directory' }, mode & ~this.context.umask);
    return made.ok ? done : made;
  }

  rmdir(path: string): Sys<void> {
    if (/(^|\/)\.\/*$/.test(path)) return fail('EINVAL');
    if (/(^|\/)\.\.\/*$/.test(path)) return fail('ENOTEMPTY');
    const place = this.#removable(path);
    if (typeof place === 'string') return fail(place);
    if (place.inode.type !== 'directory') return fail('ENOTDIR');
    if (place.parent === undefined || place.isMountRoot) return fail('EBUSY');
    return this.#told(place.parent.inode.rmdir(place.name), place);
  }

  unlink(path: string): Sys<void> {
    const place = this.#removable(path);
    if (typeof place === 'string') return fail(place);
    if (place.inode.type === 'directory') return fail('EISDIR');
    if (path.endsWith('/')) return fail('ENOTDIR');
    if (place.parent === undefined || place.isMountRoot) return fail('EBUSY');
    return this.#told(place.parent.inode.unlink(place.name), place);
  }

  removeAll(path: string): Sys<void> {
    const place = this.find(path, false);
    if (typeof place === 'string') return place === 'ENOENT' ? done : fail(place);
    if (place.inode.type !== 'directory') return this.unlink(path);
    for (const { name } of place.inode.entries()) {
      const removed = this.removeAll(`${path}/${name}`);
      if (!removed.ok) return removed;
    }
    return this.rmdir(path);
  }

  rename(from: string, to: string): Sys<void> {
    if (/(^|\/)\.\.?\/*$/.test(from) || /(^|\/)\.\.?\/*$/.test(to)) return fail('EBUSY');
    const source = this.#removable(from);
    if (typeof source === 'string') return fail(source);
    const target = walk(this, to, false);
    if (typeof target === 'string') return fail(target);
    if (source.parent === undefined || target.parent === undefined) return fail('EBUSY');
    if (source.mount !== target.parent.mount) return fail(source.isMountRoot ? 'EBUSY' : 'EXDEV');
    const directory = source.inode.type === 'directory';
    if (target instanceof Missing) {
      if (target.mustBeDirectory && !directory) return fail('ENOTDIR');
    } else {
      if (target.inode === source.inode) return done;
      if (target.isMountRoot) return fail('EBUSY');
      if (directory && target.inode.type !== 'directory') return fail('ENOTDIR');
      if (!directory && target.inode.type === 'directory') return fail('EISDIR');
      if (directory && !target.inode.empty) return fail('ENOTEMPTY');
    }
    // A directory cannot move into itself.
    for (let at: Place | undefined = target.parent; at !== undefined; at = at.parent) {
      if (at.inode === source.inode) return fail('EINVAL');
    }
    const denied = this.mayChange(target.parent) ?? this.#sticky(target);
    if (denied !== undefined) return fail(denied);
    const moved = source.parent.inode.rename(source.name, target.parent.inode, target.name);
    if (moved.ok) {
      notify(source.parent.inode, source.name);
      notify(target.parent.inode, target.name);
    }
    return moved;
  }

  link(existing: string, path: string): Sys<void> {
    const source = this.find(existing, false);
    if (typeof source === 'string') return fail(source);
    const target = walk(this, path, false);
    if (typeof target === 'string') return fail(target);
    if (target instanceof Place) return fail('EEXIST');
    if (source.mount !== target.parent.mount) return fail('EXDEV');
    if (source.inode.type === 'directory') return fail('EPERM');
    const denied = this.mayChange(target.parent);
    if (denied !== undefined) return fail(denied);
    const linked = target.parent.inode.link(target.name, source.inode);
    if (linked.ok) notify(target.parent.inode, target.name);
    return linked;
  }

  symlink(target: string, path: string): Sys<void> {
    if (target === '') return fail('ENOENT');
    const made = this.#create(path, { type: 'symlink', target }, 0o777);
    return made.ok ? done : made;
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
    return this.#change(path, true, (inode, user) => {
      if (user !== 0 && user !== inode.uid) return fail('EPERM');
      return inode.setAttributes({ mode: mode & 0o7777 });
    });
  }

  chown(path: string, uid: number, gid: number, { noFollow = false } = {}): Sys<void> {
    return this.#change(path, !noFollow, (inode, user) => {
      const { gid: group, groups } = this.context.credentials;
      const toGroup = gid < 0 || gid === inode.gid || gid === group || groups.includes(gid);
      if (user !== 0 && (user !== inode.uid || (uid >= 0 && uid !== inode.uid) || !toGroup)) return fail('EPERM');
      // A change of owner takes set-user-ID and set-group-ID from what is executable.
      const mode = inode.type === 'file' ? inode.mode & (inode.mode & 0o010 ? ~0o6000 : ~0o4000) : inode.mode;
      return inode.setAttributes({ mode, uid: uid < 0 ? inode.uid : uid, gid: gid < 0 ? inode.gid : gid });
    });
  }

  utimes(path: string, atime: number, mtime: number): Sys<void> {
    return this.#change(path, true, (inode, user) => {
      if (user !== 0 && user !== inode.uid && !permits(inode, this.context, 2)) return fail('EACCES');
      return inode.setAttributes({ atime, mtime });
    });
  }

  mknod(
    path: string,
    type: 'fifo' | 'socket' | 'char' | 'block',
    mode: number,
    rdev?: { major: number; minor: number },
  ): Sys<void> {
    if ((type === 'char' || type === 'block') && this.context.credentials.uid !== 0) return fail('EPERM');
    const node: NewNode = rdev === undefined ? { type } : { type, rdev };
    const made = this.#create(path, node, mode & ~this.context.umask);
    return made.ok ? done : made;
  }

  truncate(path: string, size: number): Sys<void> {
    return this.#change(path, true, (inode) => {
      if (inode.type === 'directory') return fail('EISDIR');
      if (inode.type !== 'file') return fail('EINVAL');
      if (!permits(inode, this.context, 2)) return fail('EACCES');
      const data = inode.data(true);
      if (!data.ok) return data;
      if (!data.value.truncate(size)) return fail('ENOSPC');
      inode.modified();
      return done;
    });
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
    return this.#change(path, true, (inode, user) => {
      if (name.startsWith('trusted.') && user !== 0) return fail('EPERM');
      return inode.setXattr(name, value);
    });
  }

  readFile(path: string): Sys<Uint8Array> {
    const place = this.find(path, true);
    if (typeof place === 'string') return fail(place);
    const { inode } = place;
    if (inode.type === 'directory') return fail('EISDIR');
    if (!permits(inode, this.context, 4)) return fail('EACCES');
    if (inode instanceof SyntheticInode && inode.type === 'file') return ok(inode.readNow());
    if (inode.type !== 'file') return fail('EINVAL');
    const data = inode.data(false);
    return data.ok ? ok(data.value.bytes()) : data;
  }

  readHead(path: string, bytes: number): Sys<Uint8Array> {
    const found = this.executable(path, bytes);
    return found.ok ? ok(found.value.head) : found;
  }

  executable(path: string, bytes: number): Sys<ExecutableFile> {
    const place = this.find(path, true);
    if (typeof place === 'string') return fail(place);
    const { inode, mount } = place;
    if (inode.type !== 'file' || !permits(inode, this.context, 1) || mount.noexec) return fail('EACCES');
    const data = inode.data(false);
    if (!data.ok) return data;
    const { mode } = inode;
    const setId = (mode & 0o6000) !== 0 && !mount.nosuid;
    return ok({
      head: data.value.head(bytes),
      setUid: setId && (mode & 0o4000) !== 0 ? inode.uid : undefined,
      // Without group execute the bit means mandatory locking.
      setGid: setId && (mode & 0o2010) === 0o2010 ? inode.gid : undefined,
    });
  }

  readText(path: string): Sys<string> {
    const bytes = this.readFile(path);
    return bytes.ok ? ok(decode(bytes.value)) : bytes;
  }

  writeFile(path: string, data: string | FileContent, mode = 0o666): Sys<void> {
    const content = typeof data === 'string' ? encode(data) : data;
    const place = walk(this, path, true);
    if (typeof place === 'string') return fail(place);
    if (place instanceof Missing) {
      const made = this.createAt(place, { type: 'file', content }, mode & ~this.context.umask);
      return made.ok ? done : made;
    }
    if (place.inode.type !== 'file' || place.inode instanceof SyntheticInode) {
      return this.#writeAll(path, content instanceof Uint8Array ? content : content.make(), false);
    }
    if (isReadOnly(place)) return fail('EROFS');
    if (!permits(place.inode, this.context, 2)) return fail('EACCES');
    const target = place.inode.data(true);
    if (!target.ok) return target;
    if (!target.value.replace(content)) return fail('ENOSPC');
    place.inode.modified();
    notify(place.parent?.inode, place.name, place.inode);
    return done;
  }

  appendFile(path: string, data: string | Uint8Array): Sys<void> {
    return this.#writeAll(path, typeof data === 'string' ? encode(data) : data, true);
  }

  #writeAll(path: string, bytes: Uint8Array, append: boolean): Sys<void> {
    const file = this.open(path, { write: true, create: true, append, truncate: !append });
    if (!file.ok) return file;
    file.value.retain();
    const written = file.value.write(bytes);
    file.value.release();
    if (written === 'wait') return fail('EAGAIN');
    return written.ok ? done : written;
  }

  mount(options: MountOptions): Sys<void> {
    if (this.context.credentials.uid !== 0) return fail('EPERM');
    const target = this.place(options.target);
    if (!target.ok) return target;
    const given = mountOptionsOf(options);
    if (given.remount) return remount(target.value, given);
    if (options.type === 'bind' || options.type === 'rbind') {
      const source = this.place(options.source);
      if (!source.ok) return source;
      return bindMount(this.namespace, source.value, target.value, given, options.type === 'rbind');
    }
    const made = newSuperblock(this, options, given);
    if (!made.ok) return made;
    const { superblock, root } = made.value;
    const { inode, mount: parent } = target.value;
    if (inode.type !== 'directory') return fail('ENOTDIR');
    const id = this.namespace.fileSystems.mountId();
    const mount = new Mount(id, superblock, root, '/', parent, placeOf(target.value), inode.mountKey);
    mount.readOnly = given.readOnly;
    mount.flags = given.flags;
    mount.source = options.source;
    this.table.set(parent, inode.mountKey, mount);
    return done;
  }

  umount(target: string): Sys<void> {
    if (this.context.credentials.uid !== 0) return fail('EPERM');
    const place = this.place(target);
    if (!place.ok) return place;
    const { mount, isMountRoot } = place.value;
    if (!isMountRoot || mount.parent === undefined) return fail('EINVAL');
    if (mount === this.table.root || this.table.children(mount).length > 0) return fail('EBUSY');
    this.table.set(mount.parent, mount.key, undefined);
    return done;
  }

  mounts(): readonly MountInfo[] {
    return mountInfo(this);
  }

  statfs(path: string): Sys<StatFs> {
    const place = this.place(path);
    return place.ok ? ok(statFs(this, place.value)) : place;
  }

  pivotRoot(path: string): Sys<void> {
    if (this.context.credentials.uid !== 0) return fail('EPERM');
    const place = this.place(path);
    if (!place.ok) return place;
    if (place.value.inode.type !== 'directory') return fail('ENOTDIR');
    if (!place.value.isMountRoot) return fail('EINVAL');
    if (place.value.mount === this.table.root) return fail('EBUSY');
    this.table.pivot(place.value.mount);
    return done;
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

  /** Why nothing may be created or removed in this directory. */
  mayChange({ mount, inode }: Place): ErrnoCode | undefined {
    if (!permits(inode, this.context, 3)) return 'EACCES';
    return mount.readOnly || inode.superblock.readOnly ? 'EROFS' : undefined;
  }

  /** Makes a node where nothing is. `mode` is final. */
  createAt(missing: Missing, node: NewNode, mode: number): Sys<Inode> {
    if (missing.mustBeDirectory && node.type !== 'directory') return fail(node.type === 'file' ? 'EISDIR' : 'ENOENT');
    const denied = this.mayChange(missing.parent);
    if (denied !== undefined) return fail(denied);
    const directory = missing.parent.inode;
    if (directory instanceof MemoryDirectory && directory.nlink === 0) return fail('ENOENT');
    const { uid, gid } = this.context.credentials;
    // In a set-group-ID directory the group is inherited, and directories inherit the bit.
    const inherits = (directory.mode & 0o2000) !== 0;
    const made = directory.create(missing.name, node, {
      mode: inherits && node.type === 'directory' ? mode | 0o2000 : mode,
      uid,
      gid: inherits ? directory.gid : gid,
    });
    if (made.ok) notify(directory, missing.name);
    return made;
  }

  #create(path: string, node: NewNode, mode: number): Sys<Inode> {
    const place = walk(this, path, false);
    if (typeof place === 'string') return fail(place);
    return place instanceof Missing ? this.createAt(place, node, mode) : fail('EEXIST');
  }

  #removable(path: string): Place | ErrnoCode {
    const place = this.find(path, false);
    if (typeof place === 'string') return place;
    if (place.parent === undefined) return 'EBUSY';
    return this.mayChange(place.parent) ?? this.#sticky(place) ?? place;
  }

  /** In a sticky directory (/tmp) only the owner removes or replaces. */
  #sticky(place: Place | Missing): ErrnoCode | undefined {
    if (place instanceof Missing || place.parent === undefined) return undefined;
    const { uid } = this.context.credentials;
    const directory = place.parent.inode;
    if (uid === 0 || (directory.mode & 0o1000) === 0) return undefined;
    return uid === directory.uid || uid === place.inode.uid ? undefined : 'EPERM';
  }

  #told(result: Sys<void>, { parent, name, inode }: Place): Sys<void> {
    if (result.ok) notify(parent?.inode, name, inode);
    return result;
  }

  #change(path: string, follow: boolean, act: (inode: Inode, user: number) => Sys<void>): Sys<void> {
    const place = this.find(path, follow);
    if (typeof place === 'string') return fail(place);
    if (isReadOnly(place)) return fail('EROFS');
    return this.#told(act(place.inode, this.context.credentials.uid), place);
  }
}

export const isReadOnly = ({ mount, inode }: Place): boolean => mount.readOnly || inode.superblock.readOnly;

const hasBytes = (inode: Inode): boolean => inode.type === 'file' || inode.type === 'directory';
