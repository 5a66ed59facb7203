import { err, ok, type Result } from '../../sim/result';
import type { FileSystem } from '../../linux/fs/types';
import { cleanName } from './entries';
import type { ReadMember } from './untar';

export interface UnpackOptions {
  /** A directory does not replace a file, nor a file a directory. */
  readonly noOverwriteDirNonDir?: boolean;
  /** Owners as the archive says; else whoever unpacks has them. */
  readonly owners?: boolean;
  /** Everything belongs to them. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** Puts an archive's members below a folder, over what is there (moby/go-archive Unpack); the error is Go's. */
export function unpack(
  fs: FileSystem,
  folder: string,
  members: readonly ReadMember[],
  { noOverwriteDirNonDir = false, owners = true, owner }: UnpackOptions = {},
): Result<void, string> {
  const base = folder.replace(/\/+$/, '');
  const times: [string, number][] = [];
  for (const member of members) {
    const name = cleanName(member.name);
    const path = `${base}${name === '/' ? '' : (name ?? '')}` || '/';
    if (name === undefined)
      return err(`breakout error: ${JSON.stringify(member.name)} is outside of ${JSON.stringify(folder)}`);
    const parent = path.slice(0, path.lastIndexOf('/')) || '/';
    if (!fs.lstat(parent).ok) {
      const made = fs.mkdirAll(parent, 0o755);
      if (!made.ok) return err(`mkdir ${parent}: ${made.error.message.toLowerCase()}`);
    }
    const existing = fs.lstat(path);
    const isDirectory = member.type === 'directory';
    if (existing.ok) {
      const was = existing.value.type === 'directory';
      if (noOverwriteDirNonDir && was && !isDirectory)
        return err(
          `cannot overwrite directory ${JSON.stringify(path)} with non-directory ${JSON.stringify(base || '/')}`,
        );
      if (noOverwriteDirNonDir && !was && isDirectory)
        return err(
          `cannot overwrite non-directory ${JSON.stringify(path)} with directory ${JSON.stringify(base || '/')}`,
        );
      if (was && name === '/') continue;
      if (!(was && isDirectory)) {
        const removed = fs.removeAll(path);
        if (!removed.ok) return err(`unlinkat ${path}: ${removed.error.message.toLowerCase()}`);
      }
    }
    const made = make(fs, base, path, member, existing.ok && existing.value.type === 'directory');
    if (!made.ok) return made;
    if (member.type === 'hardlink') continue;
    const { uid, gid } = owner ?? member;
    if (owners) {
      const owned = fs.chown(path, uid, gid, { noFollow: true });
      if (!owned.ok) return err(`lchown ${path}: ${owned.error.message.toLowerCase()}`);
    }
    if (member.type === 'symlink') continue;
    const moded = fs.chmod(path, member.mode);
    if (!moded.ok) return err(`chmod ${path}: ${moded.error.message.toLowerCase()}`);
    if (isDirectory) times.push([path, member.mtime]);
    else fs.utimes(path, member.mtime, member.mtime);
  }
  for (const [path, mtime] of times) fs.utimes(path, mtime, mtime);
  return ok(undefined);
}

function make(fs: FileSystem, base: string, path: string, member: ReadMember, there: boolean): Result<void, string> {
  const failed = (call: string, message: string): Result<void, string> =>
    err(`${call} ${path}: ${message.toLowerCase()}`);
  switch (member.type) {
    case 'directory': {
      const made = there ? ok(undefined) : fs.mkdir(path, member.mode);
      return made.ok ? made : failed('mkdir', made.error.message);
    }
    case 'file': {
      const made = fs.writeFile(path, member.body, member.mode);
      return made.ok ? made : failed('open', made.error.message);
    }
    case 'symlink': {
      const made = fs.symlink(member.link ?? '', path);
      return made.ok ? made : failed('symlink', made.error.message);
    }
    case 'hardlink': {
      const to = cleanName(member.link ?? '');
      if (to === undefined) return err(`invalid hardlink ${JSON.stringify(base)} -> ${JSON.stringify(member.link)}`);
      const made = fs.link(`${base}${to}`, path);
      return made.ok ? made : failed('link', made.error.message);
    }
    case 'char':
    case 'block':
    case 'fifo': {
      const made = fs.mknod(path, member.type, member.mode, member.rdev);
      return made.ok ? made : failed('mknod', made.error.message);
    }
  }
}
