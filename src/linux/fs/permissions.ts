import { isPrivileged } from '../capabilities';
import type { ErrnoCode } from '../errno';
import type { Inode } from './inode';
import type { FileSystemContext } from './types';
import { Missing, permits, type Place } from './walk';

export const isReadOnly = ({ mount, inode }: Place): boolean => mount.readOnly || inode.superblock.readOnly;

/** Why nothing may be created or removed in this directory. */
export function mayChange({ mount, inode }: Place, context: FileSystemContext): ErrnoCode | undefined {
  if (!permits(inode, context, 3)) return 'EACCES';
  return mount.readOnly || inode.superblock.readOnly ? 'EROFS' : undefined;
}

/** In a sticky directory (/tmp) only the owner removes or replaces. */
export function stickyDenies(place: Place | Missing, context: FileSystemContext): ErrnoCode | undefined {
  if (place instanceof Missing || place.parent === undefined) return undefined;
  const { uid } = context.credentials;
  const directory = place.parent.inode;
  if (isPrivileged(context.credentials, 'FOWNER') || (directory.mode & 0o1000) === 0) return undefined;
  return uid === directory.uid || uid === place.inode.uid ? undefined : 'EPERM';
}

/** fs.protected_hardlinks: others link only to what they could also write, and to no set-id programs (proc_sys_fs(5)). */
export function mayLink(inode: Inode, context: FileSystemContext): boolean {
  const { uid } = context.credentials;
  if (uid === inode.uid || isPrivileged(context.credentials, 'FOWNER')) return true;
  if (inode.type !== 'file' || (inode.mode & 0o4000) !== 0 || (inode.mode & 0o2010) === 0o2010) return false;
  return permits(inode, context, 6);
}

/** fs.protected_regular: who means to create a file in a sticky directory of all does not get another user's. */
export function mayReuse({ inode, parent }: Place, { credentials: { uid } }: FileSystemContext): boolean {
  if (parent === undefined || (parent.inode.mode & 0o1002) !== 0o1002) return true;
  if (inode.type !== 'file' && inode.type !== 'fifo') return true;
  return inode.uid === uid || inode.uid === parent.inode.uid;
}
