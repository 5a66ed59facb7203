import type { FileSystem, Stat } from '../../linux/fs/types';
import type { Entries, Entry } from '../images/entries';
import { walkOrder } from './entries';

export interface DirectoryOptions {
  /** Read overlayfs' marks as what they mean (of an upper directory). */
  readonly overlay?: boolean;
  /** Paths (as in the result) that are left out with all below them. */
  readonly leaveOut?: (path: string) => boolean;
}

/**
 * What a directory of the disk holds, as a layer's entries: owners, times, hard links. Contents are shared with the disk
 * (copy on write), so taking a large tree costs its names only; sockets are left out as tar leaves them out.
 */
export function entriesOfDirectory(
  fs: FileSystem,
  root: string,
  { overlay = false, leaveOut = () => false }: DirectoryOptions = {},
): Entries {
  const entries: Record<string, Entry> = {};
  const linked = new Map<string, string>();
  const top = fs.lstat(root);
  if (!top.ok || top.value.type !== 'directory') return entries;

  const add = (path: string, at: string, stat: Stat): void => {
    const { type, mode, uid, gid, mtime, rdev = { major: 0, minor: 0 } } = stat;
    const owned = { mode, uid, gid, mtime };
    if (type !== 'directory' && stat.nlink > 1) {
      const key = `${stat.dev}:${stat.ino}`;
      const first = linked.get(key);
      if (first !== undefined) {
        entries[path] = { type: 'hardlink', to: first };
        return;
      }
      linked.set(key, path);
    }
    switch (type) {
      case 'directory': {
        const mark = overlay ? fs.getxattr(at, 'trusted.overlay.opaque') : undefined;
        const opaque = mark?.ok === true && mark.value === 'y';
        // The root of a layer is told only if it says something: its attributes are those of the image's root.
        if (path !== '/' || opaque) entries[path] = { type: 'directory', ...owned, ...(opaque ? { opaque } : {}) };
        break;
      }
      case 'file': {
        const read = fs.readFile(at);
        if (read.ok) entries[path] = { type: 'file', ...owned, content: { kind: 'bytes', bytes: read.value } };
        break;
      }
      case 'symlink': {
        const target = fs.readlink(at);
        if (target.ok) entries[path] = { type: 'symlink', target: target.value, uid, gid, mtime };
        break;
      }
      case 'char':
      case 'block': {
        const whiteout = overlay && type === 'char' && rdev.major === 0 && rdev.minor === 0;
        entries[path] = whiteout ? { type: 'whiteout', mtime } : { type, ...owned, rdev };
        break;
      }
      case 'fifo':
        entries[path] = { type: 'fifo', ...owned };
        break;
      case 'socket':
    }
  };

  const walk = (path: string, at: string, stat: Stat): void => {
    add(path, at, stat);
    if (stat.type !== 'directory') return;
    const listed = fs.readdir(at);
    if (!listed.ok) return;
    for (const { name } of [...listed.value].sort((a, b) => walkOrder(a.name, b.name))) {
      const child = path === '/' ? `/${name}` : `${path}/${name}`;
      if (leaveOut(child)) continue;
      const below = fs.lstat(`${at}/${name}`);
      if (below.ok) walk(child, `${at}/${name}`, below.value);
    }
  };
  walk('/', root, top.value);
  return entries;
}
