import type { SyntheticNode } from '../../fs/types';
import type { Kernel } from '../kernel';
import type { Task } from '../task';
import { processDirectory } from './process';
import { systemFiles } from './system';

export { kernelRelease } from '../release';

const systemNames = Object.keys(systemFiles);
/** A kernel without the magic key has no file for it. */
const withoutSysrq = systemNames.filter((name) => name !== 'sysrq-trigger');

/** proc(5) as `viewer` sees it: the processes of its pid namespace. */
export function procDirectory(kernel: Kernel, viewer: Task): SyntheticNode {
  const space = viewer.namespaces.pid;
  const names = kernel.host.without.includes('sysrq') ? withoutSysrq : systemNames;
  return {
    type: 'directory',
    list: () => [...[...space.tasks].map((task) => String(task.pidIn(space) ?? 0)), ...names],
    lookup: (name) => {
      if (/^[1-9]\d*$/.test(name)) {
        const task = space.get(Number(name));
        return task === undefined ? undefined : processDirectory(task, viewer);
      }
      return names.includes(name) ? systemFiles[name]?.(kernel, viewer) : undefined;
    },
  };
}

/** What a process does now, as its stat and status show it. */
export function stateOf(task: Task): 'R' | 'S' | 'T' | 'Z' {
  return task.state;
}
