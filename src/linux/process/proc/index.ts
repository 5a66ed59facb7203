import type { SyntheticNode } from '../../fs/types';
import type { Kernel } from '../kernel';
import type { Task } from '../task';
import { processDirectory } from './process';
import { systemFiles } from './system';

export { kernelRelease } from '../release';

const systemNames = Object.keys(systemFiles);
/** Files of what a kernel may be built without. */
const optional = { sysrq: 'sysrq-trigger', kcore: 'kcore' } as const;

function namesOn({ host }: Kernel): readonly string[] {
  const missing = new Set<string>();
  for (const part of host.without) if (part === 'sysrq' || part === 'kcore') missing.add(optional[part]);
  return missing.size === 0 ? systemNames : systemNames.filter((name) => !missing.has(name));
}

/** proc(5) as `viewer` sees it: the processes of its pid namespace. */
export function procDirectory(kernel: Kernel, viewer: Task): SyntheticNode {
  const space = viewer.namespaces.pid;
  const names = namesOn(kernel);
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
