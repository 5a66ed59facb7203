import type { FileSystemView } from './file-system';
import type { Mount } from './mount';
import type { MountInfo, StatFs } from './types';
import type { Place } from './walk';

/** /proc/<pid>/mountinfo: what is mounted at or below the root of this view, in the order it was mounted. */
export function mountInfo(view: FileSystemView): readonly MountInfo[] {
  const paths = new Map<Mount, string | undefined>([[view.table.root, '/']]);
  const lines: MountInfo[] = [];
  // A chroot sees what is below its root.
  const chroot = view.chrootPath;
  for (const mount of view.table.below(view.table.root)) {
    let path = paths.get(mount);
    if (path === undefined) {
      const parent = mount.parent === undefined ? undefined : paths.get(mount.parent);
      if (parent === undefined) continue;
      path = joined(parent, mount.at);
      paths.set(mount, path);
    }
    if (path !== chroot && !path.startsWith(`${chroot}/`)) continue;
    lines.push(describe(mount, path.slice(chroot.length) || '/', view.table.propagation.shown(mount)));
  }
  return lines.sort((a, b) => a.id - b.id);
}

const joined = (parent: string, at: string): string => (at === '/' ? parent : parent === '/' ? at : `${parent}${at}`);

function describe(mount: Mount, mountPoint: string, propagation: string): MountInfo {
  const { superblock } = mount;
  return {
    id: mount.id,
    parent: mount.parent?.id ?? 1,
    device: `${superblock.dev >> 8}:${superblock.dev & 255}`,
    root: mount.rootPath,
    mountPoint,
    propagation,
    options: [mount.readOnly ? 'ro' : 'rw', ...mount.flags].join(','),
    type: superblock.type,
    source: mount.source,
    superOptions: [superblock.readOnly ? 'ro' : 'rw', ...(superblock.options === '' ? [] : [superblock.options])].join(
      ',',
    ),
  };
}

/** What df tells of the file system at a place. */
export function statFs(view: FileSystemView, place: Place): StatFs {
  let at = place;
  while (!at.isMountRoot && at.parent !== undefined) at = at.parent;
  // An overlay has the room of the disk its upper directory is on: here the machine's.
  const own = place.mount.superblock;
  const superblock = own.type === 'overlay' ? view.namespace.fileSystems.disk : own;
  const size = Number.isFinite(superblock.limit) ? superblock.limit : 0;
  return {
    type: own.type,
    source: place.mount.source,
    mountPoint: at.path,
    size,
    used: superblock.used,
    inodes: Math.floor(size / 16384),
    inodesUsed: superblock.inodes,
  };
}
