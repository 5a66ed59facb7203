import type { FileSystem } from '../../../linux/fs/types';
import type { ReadMember } from '../../archive/untar';
import { must, parent } from './copy';

/** Puts an archive's members below a folder, over what is there. */
export function unpack(
  fs: FileSystem,
  target: string,
  members: readonly ReadMember[],
  owner?: { readonly uid: number; readonly gid: number },
): void {
  const folder = target.replace(/\/+$/, '');
  const folders = (path: string): void => {
    if (path === '' || path === '/' || fs.stat(path).ok) return;
    folders(parent(path));
    must(fs.mkdir(path, 0o755));
  };
  folders(folder);
  const times: [string, number][] = [];
  for (const member of members) {
    const name = inside(member.name);
    if (name === undefined) continue;
    const path = `${folder}/${name}`;
    folders(parent(path));
    const existing = fs.lstat(path);
    if (member.type === 'directory') {
      if (!existing.ok || existing.value.type !== 'directory') {
        if (existing.ok) must(fs.unlink(path));
        must(fs.mkdir(path, member.mode));
      }
      times.push([path, member.mtime]);
    } else {
      if (existing.ok) must(fs.removeAll(path));
      if (member.type === 'file') must(fs.writeFile(path, member.body, member.mode));
      else if (member.type === 'symlink') must(fs.symlink(member.link ?? '', path));
      else if (member.type === 'hardlink') must(fs.link(`${folder}/${inside(member.link ?? '') ?? ''}`, path));
      else must(fs.mknod(path, member.type, member.mode, member.rdev));
    }
    if (member.type === 'hardlink') continue;
    const { uid, gid } = owner ?? member;
    fs.chown(path, uid, gid, { noFollow: true });
    if (member.type === 'symlink') continue;
    fs.chmod(path, member.mode);
    if (member.type !== 'directory') fs.utimes(path, member.mtime, member.mtime);
  }
  for (const [path, mtime] of times) fs.utimes(path, mtime, mtime);
}

/** A name that stays below the folder; undefined for the folder itself and for what leads out of it. */
function inside(name: string): string | undefined {
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '..') parts.push(part);
  }
  return parts.length === 0 ? undefined : parts.join('/');
}
