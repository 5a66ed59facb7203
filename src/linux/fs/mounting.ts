import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import type { FileSystemView } from './file-system';
import type { Inode, Superblock } from './inode';
import { Mount } from './mount';
import type { Namespace } from './mount-namespace';
import { OverlayInode } from './overlayfs';
import { SyntheticInode } from './synthetic';
import { createTmpfs, type MemoryDirectory } from './tmpfs';
import type { MountOptions } from './types';
import type { Place } from './walk';

/** Options as mount(2) takes them apart: flags of the mount, and the rest for the file system. */
export interface GivenOptions {
  readonly readOnly: boolean;
  readonly remount: boolean;
  readonly flags: readonly string[];
  readonly data: ReadonlyMap<string, string | true>;
  /** `data` as mountinfo shows it. */
  readonly shown: string;
}

const mountFlags = ['nosuid', 'nodev', 'noexec', 'noatime'];
/** Says nothing to the file system. */
const ignored = new Set([
  'async',
  'dev',
  'exec',
  'suid',
  'diratime',
  'norelatime',
  'nostrictatime',
  'rro',
  'rw',
  'ro',
  'remount',
  'bind',
  'rbind',
  'relatime',
  'strictatime',
  'defaults',
  'private',
  'rprivate',
  'shared',
  'rshared',
  'slave',
  'rslave',
]);

/** What one set of options says: many mounts have the same object. */
const known = new WeakMap<object, GivenOptions>();
const noOptions: NonNullable<MountOptions['options']> = {};

export function mountOptionsOf({ options = noOptions, readOnly = false }: MountOptions): GivenOptions {
  let given = known.get(options);
  if (given === undefined) known.set(options, (given = takenApart(options)));
  return readOnly && !given.readOnly ? { ...given, readOnly } : given;
}

function takenApart(options: NonNullable<MountOptions['options']>): GivenOptions {
  const flags = mountFlags.filter((flag) => flag in options);
  if (!flags.includes('noatime') && !('strictatime' in options)) flags.push('relatime');
  const data = new Map(Object.entries(options).filter(([name]) => !ignored.has(name) && !mountFlags.includes(name)));
  const shown = [...data].map(([name, value]) => (value === true ? name : `${name}=${value}`)).join(',');
  return { readOnly: 'ro' in options, remount: 'remount' in options, flags, data, shown };
}

/** MS_REMOUNT: new flags for what is mounted here; without MS_BIND, of the `whole` file system. */
export function remount(place: Place, given: GivenOptions, whole: boolean): Sys<void> {
  if (!place.isMountRoot) return fail('EINVAL');
  place.mount.readOnly = given.readOnly;
  if (whole) place.mount.superblock.readOnly = given.readOnly;
  place.mount.flags = given.flags;
  return ok(undefined);
}

/** MS_BIND, with MS_REC if `recursive`: the same directory (or file) at a second place. */
export function bindMount(
  { fileSystems, table }: Namespace,
  source: Place,
  target: Place,
  given: GivenOptions,
  recursive: boolean,
): Sys<void> {
  if ((source.inode.type === 'directory') !== (target.inode.type === 'directory')) return fail('ENOTDIR');
  const from = source.mount;
  if (table.propagates && table.propagation.isUnbindable(from)) return fail('EINVAL');
  const copy = (
    mount: Mount,
    root: Inode | undefined,
    path: string | Place,
    parent: Mount,
    at: string | Place,
    key: unknown,
  ): Mount => {
    const made = new Mount(fileSystems.mountId(), mount.superblock, root, path, parent, at, key);
    made.readOnly = mount.readOnly;
    made.flags = mount.flags;
    made.source = mount.source;
    if (table.propagates) table.propagation.copy(mount, made);
    table.attach(made, () => fileSystems.mountId());
    return made;
  };
  // What is mounted below is listed before the new mount may become part of it.
  const directory = source.inode.type === 'directory';
  const below = recursive && directory ? table.children(from).filter((mount) => mount.isBelow(source)) : [];
  const synthetic = source.inode instanceof SyntheticInode;
  const bound = copy(
    from,
    synthetic ? undefined : source.inode,
    synthetic ? joined(from.rootPath, source.pathInMount) : source,
    target.mount,
    placeOf(target),
    keyOf(target),
  );
  if (given.readOnly) bound.readOnly = true;
  if (given.flags.length > 1) bound.flags = given.flags;

  const copyBelow = (mount: Mount, parent: Mount, prefix: string): void => {
    const children = table.children(mount);
    const made = copy(mount, mount.root, mount.rootPath, parent, mount.at.slice(prefix.length) || '/', mount.key);
    for (const child of children) copyBelow(child, made, '');
  };
  if (below.length === 0) return ok(undefined);
  const within = source.pathInMount;
  for (const mount of below) copyBelow(mount, bound, within === '/' ? '' : within);
  return ok(undefined);
}

/** Where a mount point is: a place, but of what looks different to each viewer only the path is kept. */
export const placeOf = (target: Place): string | Place =>
  target.inode instanceof SyntheticInode ? common(target.pathInMount) : target;

/** Every container mounts at the same places of /proc and /sys: one text for all. */
function common(path: string): string {
  const known = paths.get(path);
  if (known !== undefined) return known;
  if (paths.size >= 1_000) paths.clear();
  paths.set(path, path);
  return path;
}
const paths = new Map<string, string>();

/** By what a mount table knows the mount point. */
export const keyOf = ({ inode }: Place): unknown => {
  const key = inode.mountKey;
  return typeof key === 'string' ? common(key) : key;
};

const joined = (root: string, path: string): string => (root === '/' ? path : path === '/' ? root : `${root}${path}`);

/** A new instance of a file system; no root for those that look different to each viewer. */
export function newSuperblock(
  view: FileSystemView,
  { type, source }: MountOptions,
  { data, shown, readOnly }: GivenOptions,
): Sys<{ superblock: Superblock; root: Inode | undefined }> {
  const { fileSystems } = view.namespace;
  switch (type) {
    case 'sysfs':
      // Each network namespace has its own, which a container mounts read-only.
      return ok({
        superblock: readOnly ? fileSystems.superblock(type, source) : fileSystems.single(type),
        root: undefined,
      });
    case 'proc':
    case 'cgroup2':
      return ok({ superblock: fileSystems.single(type), root: undefined });
    case 'cgroup':
      return ok({ superblock: fileSystems.single(type, shown), root: undefined });
    case 'devtmpfs': {
      const superblock = fileSystems.single(type);
      return ok({ superblock, root: (fileSystems.devtmpfs ??= deviceNodes(createTmpfs(superblock))) });
    }
    case 'tmpfs':
    case 'devpts':
    case 'mqueue':
    case 'ext4': {
      const size = data.get('size');
      const limit = typeof size === 'string' ? bytesOf(size) : Infinity;
      const superblock = fileSystems.superblock(
        type,
        source,
        type === 'tmpfs' ? tmpfsShown(data, fileSystems.inode64) : shown,
        limit,
      );
      const nodes = data.get('nr_inodes');
      if (typeof nodes === 'string') superblock.inodeLimit = bytesOf(nodes);
      const mode = data.get('mode');
      const fallback = type === 'tmpfs' || type === 'mqueue' ? 0o1777 : 0o755;
      // In a devpts `mode` is that of the terminals in it.
      const own = type === 'tmpfs' && typeof mode === 'string' ? Number.parseInt(mode, 8) : fallback;
      const root = createTmpfs(superblock, { mode: own });
      if (type === 'devpts') {
        root.create('ptmx', { type: 'char', rdev: { major: 5, minor: 2 } }, { mode: 0o666, uid: 0, gid: 0 });
      }
      return ok({ superblock, root });
    }
    case 'overlay':
      return overlay(view, source, data, shown);
    case 'bind':
    case 'rbind':
      return fail('EINVAL');
  }
}

/** As the kernel shows them: sizes in kilobytes, in its own order, without what goes without saying (shmem_show_options). */
function tmpfsShown(data: ReadonlyMap<string, string | true>, inode64: boolean): string {
  const shown: string[] = [];
  for (const name of ['size', 'nr_inodes', 'mode', 'uid', 'gid']) {
    const value = data.get(name);
    if (typeof value !== 'string') continue;
    const bytes = name === 'size' && !value.endsWith('%') ? bytesOf(value) : undefined;
    const mode = name === 'mode' ? value.replace(/^0+(?=.)/, '') : value;
    if (name === 'mode' && mode === '1777') continue;
    shown.push(`${name}=${bytes === undefined ? mode : `${Math.ceil(bytes / 1024)}k`}`);
  }
  if (inode64) shown.push('inode64');
  return shown.join(',');
}

/** `lowerdir=/top:/…:/bottom,upperdir=/…,workdir=/…`. */
function overlay(
  view: FileSystemView,
  source: string,
  data: ReadonlyMap<string, string | true>,
  shown: string,
): Sys<{ superblock: Superblock; root: Inode | undefined }> {
  const directory = (path: string): Sys<Place> => {
    const place = view.place(path);
    if (!place.ok) return place;
    return place.value.inode.type === 'directory' ? place : fail('ENOTDIR');
  };
  const lowerdir = data.get('lowerdir');
  const upperdir = data.get('upperdir');
  const workdir = data.get('workdir');
  if (typeof lowerdir !== 'string') return fail('EINVAL');
  const lowers: Inode[] = [];
  for (const path of lowerdir.split(':')) {
    const place = directory(path);
    if (!place.ok) return place;
    lowers.push(place.value.inode);
  }
  let upper: Place | undefined;
  if (typeof upperdir === 'string') {
    if (typeof workdir !== 'string') return fail('EINVAL');
    const place = directory(upperdir);
    if (!place.ok) return place;
    const work = directory(workdir);
    if (!work.ok) return work;
    if (work.value.mount !== place.value.mount) return fail('EXDEV');
    upper = place.value;
    // Where files are prepared before they appear in the upper directory (ovl_workdir_create).
    const below = work.value.inode;
    if (below.lookup('work') === undefined) below.create('work', { type: 'directory' }, { mode: 0, uid: 0, gid: 0 });
  }
  const superblock = view.namespace.fileSystems.superblock('overlay', source, shown);
  superblock.readOnly = upper === undefined || upper.mount.readOnly;
  return ok({ superblock, root: new OverlayInode(superblock, upper?.inode, lowers, undefined, '') });
}

const units: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

function bytesOf(size: string): number {
  const parsed = /^(\d+)([kmg]?)$/i.exec(size);
  return parsed === null ? Infinity : Number(parsed[1]) * (units[(parsed[2] ?? '').toLowerCase()] ?? 1);
}

/** What devtmpfs has from the start: mem(4), tty(4), console(4). */
function deviceNodes(root: MemoryDirectory): MemoryDirectory {
  const devices: readonly (readonly [string, number, number, number])[] = [
    ['null', 1, 3, 0o666],
    ['zero', 1, 5, 0o666],
    ['full', 1, 7, 0o666],
    ['random', 1, 8, 0o666],
    ['urandom', 1, 9, 0o666],
    ['kmsg', 1, 11, 0o644],
    ['tty', 5, 0, 0o666],
    ['console', 5, 1, 0o600],
    ['ptmx', 5, 2, 0o666],
  ];
  for (const [name, major, minor, mode] of devices) {
    root.create(name, { type: 'char', rdev: { major, minor } }, { mode, uid: 0, gid: 0 });
  }
  const owner = { mode: 0o777, uid: 0, gid: 0 };
  const links: readonly (readonly [string, string])[] = [
    ['fd', '/proc/self/fd'],
    ['stdin', '/proc/self/fd/0'],
    ['stdout', '/proc/self/fd/1'],
    ['stderr', '/proc/self/fd/2'],
  ];
  for (const [name, target] of links) root.create(name, { type: 'symlink', target }, owner);
  for (const name of ['pts', 'shm', 'mqueue']) root.create(name, { type: 'directory' }, { ...owner, mode: 0o755 });
  return root;
}
