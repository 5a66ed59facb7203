import { isPrivileged } from '../capabilities';
import type { ErrnoCode } from '../errno';
import type { Inode, Through } from './inode';
import type { Mount, MountTable } from './mount';
import type { FileSystemContext } from './types';

/** Where a path led (struct path, with all the way back to the root). */
export class Place {
  constructor(
    readonly mount: Mount,
    readonly inode: Inode,
    /** What `..` is; undefined at the root. */
    readonly parent: Place | undefined,
    readonly name: string,
  ) {}

  /** Seen from the root of the walk. */
  get path(): string {
    if (this.parent === undefined) return '/';
    let path = `/${this.name}`;
    for (let at = this.parent; at.parent !== undefined; at = at.parent) path = `/${at.name}${path}`;
    return path;
  }

  get isMountRoot(): boolean {
    return this.parent === undefined || this.parent.mount !== this.mount;
  }

  /** Path within the file system of the mount. */
  get pathInMount(): string {
    let path = '';
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- climbs from here
    let at: Place = this;
    while (at.parent !== undefined && at.parent.mount === at.mount) {
      path = `/${at.name}${path}`;
      at = at.parent;
    }
    return path === '' ? '/' : path;
  }
}

/** A path whose last component does not exist (a negative dentry): where one may create it. */
export class Missing {
  constructor(
    readonly parent: Place,
    readonly name: string,
    /** The path ended in a slash: only a directory may be made here. */
    readonly mustBeDirectory: boolean,
    /** A symbolic link led here. */
    readonly linked = false,
  ) {}
}

export interface Walker {
  readonly table: MountTable;
  readonly context: FileSystemContext;
  readonly root: Place;
}

/** MAXSYMLINKS of the kernel. */
const maxLinks = 40;
const maxPath = 4096;
const maxName = 255;

/** May these credentials search (execute) this directory? */
export function maySearch(inode: Inode, context: FileSystemContext): boolean {
  return permits(inode, context, 1);
}

/** Permission bits (4 read, 2 write, 1 execute) as the kernel's generic_permission; root passes (CAP_DAC_OVERRIDE). */
export function permits(inode: Inode, context: FileSystemContext, wanted: number): boolean {
  const { uid, gid, groups } = context.credentials;
  const { mode } = inode;
  if (isPrivileged(context.credentials, 'DAC_OVERRIDE'))
    return (wanted & 1) === 0 || inode.type === 'directory' || (mode & 0o111) !== 0;
  const shift = inode.uid === uid ? 6 : inode.gid === gid || groups.includes(inode.gid) ? 3 : 0;
  return ((mode >> shift) & wanted) === wanted;
}

/** fs.protected_symlinks: in a sticky directory that all may write to, links of others are not followed (proc_sys_fs(5)). */
function mayFollow(link: Inode, directory: Inode, { credentials: { uid } }: FileSystemContext): boolean {
  if ((directory.mode & 0o1002) !== 0o1002) return true;
  return link.uid === uid || link.uid === directory.uid;
}

/**
 * Resolves a path as path_resolution(7): symbolic links, mounts, `..`, search permission. `follow` tells whether a
 * symbolic link at the end is followed; a missing last component gives `Missing`.
 */
export function walk(walker: Walker, path: string, follow: boolean): Place | Missing | ErrnoCode {
  if (path === '') return 'ENOENT';
  if (path.length > maxPath) return 'ENAMETOOLONG';
  if (path.charCodeAt(0) === 47) {
    const end = path.lastIndexOf('/');
    if (end >= LONG && end < path.length - 1 && isPrivileged(walker.context.credentials, 'DAC_OVERRIDE')) {
      const { root, table } = walker;
      if (table.keepsDirectories && root.mount === table.root && root.inode === table.root.root) {
        const directory = directoryAt(walker, path.slice(0, end));
        if (directory !== undefined) return walkFrom(walker, directory, path, follow, { left: maxLinks }, end);
      }
    }
    return walkFrom(walker, walker.root, path, follow, { left: maxLinks });
  }
  const { cwd } = walker.context;
  if (cwd === '/') return walkFrom(walker, walker.root, path, follow, { left: maxLinks });
  const start = walkFrom(walker, walker.root, cwd, true, { left: maxLinks });
  if (typeof start === 'string') return start;
  if (start instanceof Missing) return 'ENOENT';
  return walkFrom(walker, start, path, follow, { left: maxLinks });
}

/** From how many characters on a directory's path is worth keeping. */
const LONG = 12;

/**
 * The directory at a path from the root, kept for the next walk (the dentry cache). Only where nothing but mounts lies
 * between the names: no symbolic link, no `..`, nothing that looks different to each viewer. A mount on one of them or a
 * directory's new name empties the cache; a removed directory is seen by itself, as all in it was removed before.
 */
function directoryAt(walker: Walker, path: string): Place | undefined {
  const { table } = walker;
  const known = table.directory(path);
  if (known !== undefined) return known;
  const end = path.lastIndexOf('/');
  const parent = end === 0 ? walker.root : directoryAt(walker, path.slice(0, end));
  const name = path.slice(end + 1);
  if (parent === undefined || name === '' || name === '.' || name === '..') return undefined;
  let inode = parent.inode.lookup(name);
  if (inode?.type !== 'directory') return undefined;
  inode.cached = true;
  let { mount } = parent;
  while (inode.mountedOn) {
    const on = table.get(mount, inode.mountKey);
    if (on === undefined) break;
    // A mount without a root of its own looks different to each viewer.
    if (on.root?.type !== 'directory') return undefined;
    mount = on;
    inode = on.root;
    inode.cached = true;
  }
  const place = new Place(mount, inode, parent, name);
  table.keep(path, place);
  return place;
}

function walkFrom(
  walker: Walker,
  start: Place,
  path: string,
  follow: boolean,
  links: { left: number },
  from = 0,
): Place | Missing | ErrnoCode {
  const { context } = walker;
  let { table } = walker;
  // Who may search everything needs not be asked at each directory.
  const searchesAll = isPrivileged(context.credentials, 'DAC_OVERRIDE');
  let at = start;
  let index = from;
  const length = path.length;
  for (;;) {
    while (index < length && path.charCodeAt(index) === 47) index++;
    if (index >= length) return at;
    let end = path.indexOf('/', index);
    if (end < 0) end = length;
    const name = path.slice(index, end);
    index = end;

    const directory = at.inode;
    if (directory.type !== 'directory') return 'ENOTDIR';
    if (!searchesAll && !maySearch(directory, context)) return 'EACCES';
    if (name === '.') continue;
    if (name === '..') {
      at = at.parent ?? at;
      continue;
    }
    if (name.length > maxName) return 'ENAMETOOLONG';

    const child = directory.lookup(name);
    if (child === undefined) {
      const rest = skipSlashes(path, index);
      if (rest < length) return 'ENOENT';
      return new Missing(at, name, index < length);
    }
    if (child.type === 'symlink') {
      // A slash after it means what it points to.
      if (index >= length && !follow) return new Place(at.mount, child, at, name);
      if (--links.left < 0) return 'ELOOP';
      const { denied, through } = child;
      if (denied !== undefined) return denied;
      const rest = skipSlashes(path, index);
      if (rest >= length && !mayFollow(child, directory, context)) return 'EACCES';
      if (through !== undefined) {
        const other = elsewhere(walker, through, links);
        if (typeof other === 'string') return other;
        [at, table] = other;
        if (index < length && at.inode.type !== 'directory') return 'ENOTDIR';
        continue;
      }
      const target = child.readlink();
      if (target === '') return 'ENOENT';
      const next = walkFrom(walker, target.charCodeAt(0) === 47 ? walker.root : at, target, true, links);
      if (typeof next === 'string') return next;
      if (next instanceof Missing)
        return rest < length ? 'ENOENT' : new Missing(next.parent, next.name, next.mustBeDirectory, true);
      at = next;
    } else {
      at = cross(table, context, new Place(at.mount, child, at, name));
    }
    if (index < length && at.inode.type !== 'directory') return 'ENOTDIR';
  }
}

/** /proc/<pid>/root: the way goes on among the other process's mounts, with the viewer's own rights. */
function elsewhere(
  { context }: Walker,
  { fs, path }: Through,
  links: { left: number },
): readonly [Place, MountTable] | ErrnoCode {
  if (!isWalker(fs)) return 'ENOENT';
  const other: Walker = { table: fs.table, root: fs.root, context };
  const found = walkFrom(other, fs.root, path, true, links);
  return typeof found === 'string' ? found : found instanceof Missing ? 'ENOENT' : [found, fs.table];
}

const isWalker = (fs: object): fs is Walker => 'table' in fs && 'root' in fs;

/** Goes through whatever is mounted here (and on that). */
export function cross(table: MountTable, context: FileSystemContext, place: Place): Place {
  let at = place;
  for (;;) {
    if (!at.inode.mountedOn) return at;
    const mount = table.get(at.mount, at.inode.mountKey);
    if (mount === undefined) return at;
    const inode = mount.enter(context);
    if (inode === undefined) return at;
    at = new Place(mount, inode, place.parent, place.name);
  }
}

function skipSlashes(path: string, from: number): number {
  let index = from;
  while (index < path.length && path.charCodeAt(index) === 47) index++;
  return index;
}
