import { ok } from '../../sim/result';
import { isPrivileged } from '../capabilities';
import { fail, type Sys } from '../errno';
import { told } from './directory-calls';
import type { FileSystemView } from './file-system';
import type { Inode } from './inode';
import { isReadOnly } from './permissions';
import { permits } from './walk';

const done: Sys<void> = ok(undefined);

/** Changes a node, if its file system may be written to. */
function change(view: FileSystemView, path: string, follow: boolean, act: (inode: Inode) => Sys<void>): Sys<void> {
  const place = view.find(path, follow);
  if (typeof place === 'string') return fail(place);
  if (isReadOnly(place)) return fail('EROFS');
  return told(act(place.inode), place);
}

const owns = ({ context: { credentials } }: FileSystemView, inode: Inode): boolean =>
  credentials.uid === inode.uid || isPrivileged(credentials, 'FOWNER');

/** chmod(2). Who is not in the file's group cannot make it set-group-ID. */
export const chmod = (view: FileSystemView, path: string, mode: number): Sys<void> =>
  change(view, path, true, (inode) => {
    if (!owns(view, inode)) return fail('EPERM');
    const { credentials } = view.context;
    const { gid, groups } = credentials;
    const inGroup = isPrivileged(credentials, 'FSETID') || gid === inode.gid || groups.includes(inode.gid);
    return inode.setAttributes({ mode: mode & (inGroup ? 0o7777 : 0o5777) });
  });

/** chown(2): only root gives files away; an owner changes the group to another of hers. -1 keeps what is. */
export const chown = (view: FileSystemView, path: string, uid: number, gid: number, follow: boolean): Sys<void> =>
  change(view, path, follow, (inode) => {
    const { context } = view;
    const owner = uid < 0 ? inode.uid : (context.ownerNamed?.('uid', uid) ?? uid);
    const group = gid < 0 ? inode.gid : (context.ownerNamed?.('gid', gid) ?? gid);
    const { uid: user, gid: own, groups } = context.credentials;
    const toGroup = group === inode.gid || group === own || groups.includes(group);
    if (!isPrivileged(context.credentials, 'CHOWN') && (user !== inode.uid || owner !== inode.uid || !toGroup))
      return fail('EPERM');
    // A change of owner takes set-user-ID and set-group-ID from what is executable.
    const mode = inode.type === 'file' ? inode.mode & (inode.mode & 0o010 ? ~0o6000 : ~0o4000) : inode.mode;
    return inode.setAttributes({ mode, uid: owner, gid: group });
  });

/** utimensat(2). */
export const utimes = (view: FileSystemView, path: string, atime: number, mtime: number): Sys<void> =>
  change(view, path, true, (inode) => {
    if (!owns(view, inode) && !permits(inode, view.context, 2)) return fail('EACCES');
    return inode.setAttributes({ atime, mtime });
  });

/** truncate(2). */
export const truncate = (view: FileSystemView, path: string, size: number): Sys<void> =>
  change(view, path, true, (inode) => {
    if (inode.type === 'directory') return fail('EISDIR');
    if (inode.type !== 'file' || size < 0) return fail('EINVAL');
    if (!permits(inode, view.context, 2)) return fail('EACCES');
    const data = inode.data(true);
    if (!data.ok) return data;
    data.value.payer ??= view.payerFor(inode);
    if (!data.value.truncate(size)) return fail('ENOSPC');
    inode.modified();
    return done;
  });

/** setxattr(2). */
export const setXattr = (view: FileSystemView, path: string, name: string, value: string): Sys<void> =>
  change(view, path, true, (inode) => {
    if (name.startsWith('trusted.') && !isPrivileged(view.context.credentials, 'SYS_ADMIN')) return fail('EPERM');
    if (name.startsWith('user.') && inode.type !== 'file' && inode.type !== 'directory') return fail('EPERM');
    if (!/^(user|trusted|security|system)\../.test(name)) return fail('EOPNOTSUPP');
    if (!name.startsWith('trusted.') && !permits(inode, view.context, 2)) return fail('EACCES');
    return inode.setXattr(name, value);
  });
