import type { FileSystem, FileSystemContext, SyntheticNode, SyntheticType } from '../fs/types';
import type { Sys } from '../errno';
import type { OpenFile } from '../io/open-file';
import { cgroupDirectory, chargeMemory, hierarchyDirectory } from './cgroup';
import { procDirectory } from './proc';
import type { Kernel } from './kernel';
import type { Task } from './task';
import type { Credentials } from './types';

/** What path resolution needs of a process, as it is at each look. */
export class TaskContext implements FileSystemContext {
  constructor(
    readonly kernel: Kernel,
    readonly task: Task,
  ) {}

  get cwd(): string {
    return this.task.cwd;
  }
  get umask(): number {
    return this.task.umask;
  }
  get credentials(): Credentials {
    return this.task.kernelCredentials;
  }

  /** open(2) may give one more descriptor (RLIMIT_NOFILE). */
  get mayOpen(): boolean {
    const { fds, limitTable } = this.task;
    return fds.count < limitTable.NOFILE.soft;
  }

  isBusy(view: FileSystem, mount: object): boolean {
    const { mnt } = this.task.namespaces;
    for (const task of this.kernel.pidNamespace.tasks) {
      if (task.namespaces.mnt !== mnt || task.status !== undefined) continue;
      if (task.cwd !== '/' && task.root === '/' && view.isOn(task.cwd, mount)) return true;
      for (const [, file] of task.fds.entries()) if ('mount' in file && file.mount === mount) return true;
    }
    return false;
  }

  ownerSeen(kind: 'uid' | 'gid', id: number): number {
    return this.task.namespaces.user.fromKernel(kind, id);
  }

  ownerNamed(kind: 'uid' | 'gid', id: number): number | undefined {
    return this.task.namespaces.user.toKernel(kind, id);
  }

  get mayMount(): boolean {
    return this.task.capableIn(this.task.namespaces.mnt, 'SYS_ADMIN');
  }

  memoryAccount(): (bytes: number) => boolean {
    const { task } = this;
    const { cgroup } = task;
    return (bytes) => chargeMemory(task, cgroup, bytes, true).ok;
  }

  synthetic(type: SyntheticType, options: string): SyntheticNode | undefined {
    const { kernel, task } = this;
    if (type === 'proc') return procDirectory(kernel, task);
    if (type === 'cgroup2' || type === 'cgroup') {
      // cgroup_namespaces(7): the group it was made in is the root.
      const root = kernel.cgroups.find(task.namespaces.cgroup.root ?? '/');
      if (root === undefined) return undefined;
      const viewer = kernel.cgroupViewer(task);
      return type === 'cgroup2' ? cgroupDirectory(root, viewer) : hierarchyDirectory(options, root, viewer);
    }
    return kernel.options.sysfs?.(task);
  }

  device(major: number, minor: number): Sys<OpenFile> | undefined {
    return this.kernel.options.device(this.task, major, minor);
  }
}
