import { ok } from '../../../sim/result';
import { fail } from '../../errno';
import type { Kernel } from '../kernel';
import type { Task } from '../task';
import type { Cgroup } from './cgroup';
import type { CgroupViewer } from './files';

/** The cgroup tree as one process sees and changes it. */
export function createCgroupViewer(kernel: Kernel, viewer: Task): CgroupViewer {
  const space = viewer.namespaces.pid;
  return {
    memory: kernel.host.memory,
    cpus: kernel.host.cpus,
    now: kernel.clock.now,
    pidOf: (task) => task.pidIn(space),
    taskOf: (pid) => (pid === 0 ? viewer : space.get(pid)),
    move(task, group) {
      if (task.status !== undefined) return fail('ESRCH');
      moveTo(task, group);
      return ok(undefined);
    },
    freeze(group, frozen) {
      group.freezing = frozen;
      for (const task of [...group.everybody()]) setFrozen(task, task.cgroup.frozen);
    },
  };
}

function moveTo(task: Task, group: Cgroup): void {
  task.cgroup.dismiss(task);
  task.cgroup = group;
  group.admit(task);
  setFrozen(task, group.frozen);
}

function setFrozen(task: Task, frozen: boolean): void {
  if (task.frozen === frozen) return;
  task.frozen = frozen;
  if (!frozen) task.blocking.resume();
}
