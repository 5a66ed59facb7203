import { ok } from '../../../sim/result';
import { fail, type Sys } from '../../errno';
import type { SyntheticNode } from '../../fs/types';
import type { Task } from '../task';
import type { Cgroup } from './cgroup';
import { isSettable, settable, set, settingText } from './settings';
import { shown } from './shown';

/** What the files of a group need of the machine and of who looks. */
export interface CgroupViewer {
  /** A pid as the reader sees it; undefined outside its pid namespace. */
  pidOf(task: Task): number | undefined;
  /** The process of a pid that the writer names; 0 is the writer. */
  taskOf(pid: number): Task | undefined;
  /** May it be moved to that group? Moves it. */
  move(task: Task, group: Cgroup): Sys<void>;
  /** Freezes or thaws what lives here. */
  freeze(group: Cgroup, frozen: boolean): void;
  /** Bytes of the machine. */
  readonly memory: number;
  readonly cpus: number;
  readonly now: number;
}

/** The group as a directory of /sys/fs/cgroup. */
export function cgroupDirectory(group: Cgroup, viewer: CgroupViewer): SyntheticNode {
  return {
    type: 'directory',
    list: () => [...interfaceNames(group), ...group.children.keys()].sort(),
    lookup: (name) => {
      const child = group.children.get(name);
      return child === undefined ? interfaceFile(group, name, viewer) : cgroupDirectory(child, viewer);
    },
    mkdir: (name) => {
      if (name.includes('\n')) return fail('EINVAL');
      group.at(name);
      return ok(undefined);
    },
    rmdir: (name) => group.remove(name),
  };
}

/** Files of the root group; the others have more (cgroup-v2.rst: those exist on non-root cgroups). */
const rootOnly = new Set([
  'cgroup.controllers',
  'cgroup.procs',
  'cgroup.threads',
  'cgroup.stat',
  'cpu.stat',
  'memory.stat',
]);
const rootSettable = new Set(['cgroup.subtree_control', 'cgroup.max.depth', 'cgroup.max.descendants']);
const inRoot = (name: string): boolean => rootOnly.has(name) || rootSettable.has(name);

const writeOnly = ['cgroup.kill', 'memory.reclaim'];

/** Which controllers a group has: what its parent enabled for its children. The lab's are all on, as systemd does. */
function interfaceNames({ parent }: Cgroup): readonly string[] {
  const names = [...Object.keys(shown), ...Object.keys(settable), 'cgroup.procs', 'cgroup.threads', ...writeOnly];
  return parent === undefined ? names.filter(inRoot) : names;
}

function interfaceFile(group: Cgroup, name: string, viewer: CgroupViewer): SyntheticNode | undefined {
  if (group.parent === undefined && !inRoot(name)) return undefined;
  if (name === 'cgroup.procs' || name === 'cgroup.threads') return members(group, viewer);
  if (name === 'cgroup.kill') {
    return { type: 'file', mode: 0o200, unreadable: 'EINVAL', read: () => '', write: (text) => killAll(group, text) };
  }
  // Nothing is cached that could be given back: EAGAIN is what the kernel says then.
  if (name === 'memory.reclaim')
    return { type: 'file', mode: 0o200, unreadable: 'EINVAL', read: () => '', write: () => fail('EAGAIN') };
  const show = Object.hasOwn(shown, name) ? shown[name] : undefined;
  if (show !== undefined) return { type: 'file', mode: 0o444, read: () => show(group, viewer) };
  if (!isSettable(name)) return undefined;
  return {
    type: 'file',
    mode: 0o644,
    read: () => settingText(group, name),
    write: (text) => set(group, name, text.trim(), viewer),
  };
}

/** cgroup.procs. */
export function members(group: Cgroup, viewer: CgroupViewer): SyntheticNode {
  return {
    type: 'file',
    mode: 0o644,
    read: () => {
      const pids = [...group.tasks].map((task) => viewer.pidOf(task) ?? 0).sort((a, b) => a - b);
      return pids.map((pid) => `${pid}\n`).join('');
    },
    write: (text) => {
      if (!/^\s*\d+\s*$/.test(text)) return fail('EINVAL');
      const task = viewer.taskOf(Number(text));
      return task === undefined ? fail('ESRCH') : viewer.move(task, group);
    },
  };
}

function killAll(group: Cgroup, text: string): Sys<void> {
  if (text.trim() !== '1') return fail('EINVAL');
  for (const task of [...group.everybody()]) task.deliver('SIGKILL');
  return ok(undefined);
}
