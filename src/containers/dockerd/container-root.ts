import type { Result } from '../../sim/result';
import type { FileSystem, FileSystemContext, Namespace } from '../../linux/fs';
import { mountSnapshot, unmountSnapshot } from '../containerd/snapshots';
import { refuse, type ApiError } from './api-types';
import { isRunning, type Container } from './container';
import type { Engine } from './engine';
import { containerFolder } from './spec';

const root: FileSystemContext = {
  cwd: '/',
  umask: 0,
  credentials: { uid: 0, gid: 0, groups: [0] },
  synthetic: () => undefined,
  device: () => undefined,
};

/**
 * Looks at a container's files, whether it runs or not: its overlay is mounted for that time if it is not
 * (daemon/containerfs_linux.go). With `mounts` its volumes and binds are there too, in a mount namespace of their own.
 * The view's root is the container's.
 */
export function withContainerRoot<T>(
  { options: { host } }: Engine,
  container: Container,
  { mounts }: { readonly mounts: boolean },
  act: (fs: FileSystem) => Result<T, ApiError>,
): Result<T, ApiError> {
  const { snapshot } = container;
  const { target } = snapshot;
  const mounted = isRunning(container) ? undefined : mountSnapshot(host, snapshot);
  if (mounted?.ok === false) return refuse(500, mounted.error);
  try {
    const own = host.init.namespaces.mnt as Namespace;
    if (!mounts) return act(own.view(root, target));
    const namespace = own.clone(own.id);
    const fs = namespace.view(root);
    fs.setPropagation('/', 'private', true);
    const confined = namespace.view(root, target);
    const folder = containerFolder(container.id);
    const wanted = [
      ...['hosts', 'hostname', 'resolv.conf'].map((name) => ({
        source: `${folder}/${name}`,
        destination: `/etc/${name}`,
      })),
      ...[...container.mounts].sort((a, b) => a.destination.length - b.destination.length),
    ];
    for (const mount of wanted) {
      const type = 'type' in mount ? mount.type : 'bind';
      const source = fs.stat(mount.source);
      if (type !== 'tmpfs' && !source.ok) continue;
      makeMountPoint(confined, mount.destination, type === 'tmpfs' || (source.ok && source.value.type === 'directory'));
      const at = confined.realpath(mount.destination);
      if (!at.ok) continue;
      const readOnly = 'writable' in mount && !mount.writable;
      fs.mount(
        type === 'tmpfs'
          ? { source: 'tmpfs', target: `${target}${at.value}`, type: 'tmpfs', readOnly }
          : { source: mount.source, target: `${target}${at.value}`, type: 'rbind', readOnly },
      );
    }
    const acted = act(confined);
    fs.umount(target, { lazy: true });
    return acted;
  } finally {
    if (mounted !== undefined) unmountSnapshot(host, snapshot);
  }
}

function makeMountPoint(fs: FileSystem, path: string, folder: boolean): void {
  if (fs.stat(path).ok) return;
  if (folder) fs.mkdirAll(path);
  else {
    fs.mkdirAll(path.slice(0, path.lastIndexOf('/')) || '/');
    fs.writeFile(path, '');
  }
}
