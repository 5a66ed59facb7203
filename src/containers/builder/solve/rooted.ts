import type { FileSystem, FileSystemContext } from '../../../linux/fs/types';
import type { ContainerHost } from '../../host';

const root: FileSystemContext = {
  cwd: '/',
  umask: 0,
  credentials: { uid: 0, gid: 0, groups: [0] },
  synthetic: () => undefined,
  device: () => undefined,
};

/** The host's files as root sees them who is confined to a folder: links in it lead nowhere else. */
export const rooted = (host: ContainerHost, folder: string): FileSystem => host.init.namespaces.mnt.view(root, folder);
