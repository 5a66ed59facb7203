import type { FileSystem } from '../../linux/fs/types';
import type { Container } from './container';
import { shmOf } from './spec';

/** The shared memory that a container lends to others is the engine's mount, not its own (daemon/container_operations_unix.go). */
export function mountShm(fs: FileSystem, { id, hostConfig }: Container): void {
  if (hostConfig.IpcMode !== 'shareable') return;
  const path = shmOf({ id });
  fs.mkdirAll(path, 0o700);
  const options = { nosuid: true, nodev: true, noexec: true, mode: '1777', size: String(hostConfig.ShmSize) } as const;
  fs.mount({ source: 'shm', target: path, type: 'tmpfs', options });
}

export function umountShm(fs: FileSystem, { id, hostConfig }: Container): void {
  if (hostConfig.IpcMode === 'shareable') fs.umount(shmOf({ id }), { lazy: true });
}
