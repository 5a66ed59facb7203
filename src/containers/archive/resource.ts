import type { FileSystem } from '../../linux/fs/types';
import { entriesOfDirectory } from './directory';
import { membersOf } from './entries';
import type { TarMember } from './tar';

/**
 * The archive of one file or directory, as `docker cp` sends it (moby/go-archive TarResourceRebase): names begin with
 * `name` instead of what the thing is called.
 */
export function membersOfResource(fs: FileSystem, path: string, name: string): readonly TarMember[] {
  const stat = fs.lstat(path);
  if (!stat.ok) return [];
  const { type, mode, uid, gid, mtime, rdev } = stat.value;
  const owned = { mode, uid, gid, mtime };
  switch (type) {
    case 'directory': {
      // The root itself has no name; `.` stays, so that another name can be put in its place.
      const inside = name === '/' ? '/' : `${name}/`;
      const below = [...membersOf(entriesOfDirectory(fs, path), 0)].map((member) => ({
        ...member,
        name: `${inside}${member.name}`,
        ...(member.type === 'hardlink' ? { link: `${inside}${member.link ?? ''}` } : {}),
      }));
      return [{ name: inside, type: 'directory', ...owned }, ...below];
    }
    case 'symlink': {
      const link = fs.readlink(path);
      return link.ok ? [{ name, type: 'symlink', ...owned, mode: 0o777, link: link.value }] : [];
    }
    case 'file': {
      const read = fs.readFile(path);
      return read.ok ? [{ name, type: 'file', ...owned, body: read.value }] : [];
    }
    case 'char':
    case 'block':
      return [{ name, type, ...owned, rdev: rdev ?? { major: 0, minor: 0 } }];
    case 'fifo':
      return [{ name, type: 'fifo', ...owned }];
    case 'socket':
      return [];
  }
}
