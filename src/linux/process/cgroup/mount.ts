import type { FileSystem } from '../../fs/types';
import { hierarchies, hierarchyFolder } from './v1';

/** Mounts a host's control groups: one hierarchy, or with v1 each alone as cgroupfs-mount(8) does it. */
export function mountCgroups(fs: FileSystem, version: 'v1' | undefined): void {
  const target = '/sys/fs/cgroup';
  if (version === undefined) {
    fs.mount({ type: 'cgroup2', source: 'cgroup2', target });
    return;
  }
  const options = { nosuid: true, nodev: true, noexec: true } as const;
  fs.mount({ type: 'tmpfs', source: 'tmpfs', target, options: { ...options, mode: '755' } });
  for (const hierarchy of hierarchies) {
    const folder = `${target}/${hierarchyFolder(hierarchy)}`;
    fs.mkdirAll(folder);
    fs.mount({ type: 'cgroup', source: 'cgroup', target: folder, options: { ...options, [hierarchy]: true } });
  }
}
