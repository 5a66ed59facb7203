import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import { FileSystemView } from './file-system';
import { Mount } from './mount';
import { placeOf } from './mounting';
import type { FileSystem } from './types';

/**
 * A folder of one machine mounted in another, a guest (virtiofs): the same inodes, so that either side sees at once what
 * the other writes. What is mounted below it stays where it is.
 */
export function shareFolder(from: FileSystem, path: string, guest: FileSystem, tag: string): Sys<void> {
  if (!(from instanceof FileSystemView) || !(guest instanceof FileSystemView)) return fail('EINVAL');
  const source = from.place(path);
  if (!source.ok) return source;
  const target = guest.place(path);
  if (!target.ok) return target;
  const { mount, inode } = source.value;
  const { namespace, table } = guest;
  const { mount: parent, inode: at } = target.value;
  const id = namespace.fileSystems.mountId();
  const mounted = new Mount(id, mount.superblock, inode, path, parent, placeOf(target.value), at.mountKey);
  mounted.source = tag;
  mounted.flags = ['relatime'];
  table.attach(mounted, () => namespace.fileSystems.mountId());
  return ok(undefined);
}
