import type { MountInfo } from '../../fs/types';
import type { Task } from '../task';
import { cgroupSeenFrom } from './cgroup-path';

/** Spaces and the like are octal (seq_path). */
const escaped = (text: string): string =>
  text.replace(/[ \t\n\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);

/** Of control groups the root is that of the namespace that mounted them, as the reader's namespace sees it. */
function rootOf({ type, root }: MountInfo, task: Task, viewer: Task): string {
  if (!type.startsWith('cgroup')) return escaped(root);
  const own = task.namespaces.cgroup.root ?? '/';
  return cgroupSeenFrom(viewer, own === '/' ? root : root === '/' ? own : `${own}${root}`);
}

/** /proc/<pid>/mountinfo (proc_pid_mountinfo(5)). */
export const mountinfo = (task: Task, viewer: Task): string =>
  task.fs
    .mounts()
    .map(
      (mount) =>
        `${mount.id} ${mount.parent} ${mount.device} ${rootOf(mount, task, viewer)} ${escaped(mount.mountPoint)} ` +
        `${mount.options}${mount.propagation} - ${mount.type} ${escaped(mount.source)} ${mount.superOptions}\n`,
    )
    .join('');

/** Options of the mount and of the file system, as mounts and df show them together. */
function together({ options, superOptions }: MountInfo): string {
  const [access = 'rw', ...flags] = options.split(',');
  const [superAccess = 'rw', ...data] = superOptions.split(',');
  return [access === 'ro' || superAccess === 'ro' ? 'ro' : 'rw', ...flags, ...data].join(',');
}

/** /proc/<pid>/mounts: fstab(5)'s columns. */
export const mounts = (task: Task): string =>
  task.fs
    .mounts()
    .map((mount) => `${escaped(mount.source)} ${escaped(mount.mountPoint)} ${mount.type} ${together(mount)} 0 0\n`)
    .join('');

/** /proc/<pid>/mountstats. */
export const mountstats = (task: Task): string =>
  task.fs
    .mounts()
    .map(({ source, mountPoint, type }) => `device ${source} mounted on ${mountPoint} with fstype ${type}\n`)
    .join('');
