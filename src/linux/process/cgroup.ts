import { fail, type Sys } from '../errno';
import type { SyntheticNode } from '../fs/types';
import type { Task } from './task';

/** One group of the unified hierarchy (cgroups(7), Documentation/admin-guide/cgroup-v2.rst). */
export class Cgroup {
  readonly children = new Map<string, Cgroup>();
  readonly tasks = new Set<Task>();
  /** Values that were written to interface files: `memory.max`, `cpu.max`, `pids.max` … */
  readonly settings = new Map<string, string>();
  cpuMs = 0;

  constructor(
    readonly name: string,
    readonly parent: Cgroup | undefined,
  ) {}

  get path(): string {
    if (this.parent === undefined) return '/';
    return this.parent.parent === undefined ? `/${this.name}` : `${this.parent.path}/${this.name}`;
  }

  /** Makes what is missing on the way. */
  at(path: string): Cgroup {
    let group: Cgroup = this;
    for (const name of path.split('/')) {
      if (name === '') continue;
      let child = group.children.get(name);
      if (child === undefined) {
        child = new Cgroup(name, group);
        group.children.set(name, child);
      }
      group = child;
    }
    return group;
  }

  count(): number {
    let sum = this.tasks.size;
    for (const child of this.children.values()) sum += child.count();
    return sum;
  }

  /** Whether one more process may live here: pids.max of this group and all above. */
  get mayFork(): boolean {
    for (let group: Cgroup | undefined = this; group !== undefined; group = group.parent) {
      const max = group.settings.get('pids.max');
      if (max !== undefined && max !== 'max' && group.count() >= Number(max)) return false;
    }
    return true;
  }

  remove(name: string): Sys<void> {
    const child = this.children.get(name);
    if (child === undefined) return fail('ENOENT');
    if (child.tasks.size > 0 || child.children.size > 0) return fail('EBUSY');
    this.children.delete(name);
    return { ok: true, value: undefined };
  }
}

const settable = {
  'cpu.max': 'max 100000',
  'cpu.weight': '100',
  'memory.high': 'max',
  'memory.low': '0',
  'memory.max': 'max',
  'memory.min': '0',
  'memory.swap.max': 'max',
  'pids.max': 'max',
} as const;

/** The group as a directory of /sys/fs/cgroup. `pidOf` gives pids as the reader sees them. */
export function cgroupDirectory(group: Cgroup, pidOf: PidOf): SyntheticNode {
  return {
    type: 'directory',
    list: () => [...interfaceNames(group), ...group.children.keys()].sort(),
    lookup: (name) => {
      const child = group.children.get(name);
      return child === undefined ? interfaceFile(group, name, pidOf) : cgroupDirectory(child, pidOf);
    },
    mkdir: (name) => {
      group.at(name);
      return { ok: true, value: undefined };
    },
    rmdir: (name) => group.remove(name),
  };
}

type PidOf = (task: Task) => number | undefined;

const shown: Readonly<Record<string, (group: Cgroup, pidOf: PidOf) => string>> = {
  'cgroup.controllers': () => 'cpuset cpu io memory hugetlb pids rdma misc\n',
  'cgroup.procs': ({ tasks }, pidOf) => [...tasks].map((task) => `${pidOf(task) ?? 0}\n`).join(''),
  'cgroup.events': (group) => `populated ${group.count() > 0 ? 1 : 0}\nfrozen 0\n`,
  'cpu.stat': ({ cpuMs }) => `usage_usec ${Math.round(cpuMs * 1000)}\nuser_usec 0\nsystem_usec 0\n`,
  'memory.current': (group) => `${rss(group)}\n`,
  'pids.current': (group) => `${group.count()}\n`,
};

const interfaceNames = ({ parent }: Cgroup): readonly string[] =>
  parent === undefined ? Object.keys(shown) : [...Object.keys(shown), ...Object.keys(settable)];

function interfaceFile(group: Cgroup, name: string, pidOf: PidOf): SyntheticNode | undefined {
  const show = Object.hasOwn(shown, name) ? shown[name] : undefined;
  if (show !== undefined) return { type: 'file', mode: 0o444, read: () => show(group, pidOf) };
  if (group.parent === undefined || !isSettable(name)) return undefined;
  return {
    type: 'file',
    mode: 0o644,
    read: () => `${group.settings.get(name) ?? settable[name]}\n`,
    write: (text) => {
      group.settings.set(name, text.trim());
      return { ok: true, value: undefined };
    },
  };
}

const isSettable = (name: string): name is keyof typeof settable => Object.hasOwn(settable, name);

function rss(group: Cgroup): number {
  let sum = 0;
  for (const task of group.tasks) sum += task.rssKb * 1024;
  for (const child of group.children.values()) sum += rss(child);
  return sum;
}
