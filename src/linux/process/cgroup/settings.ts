import { ok } from '../../../sim/result';
import { fail, type Sys } from '../../errno';
import type { Cgroup } from './cgroup';
import { CpuBandwidth } from './cpu';
import type { CgroupViewer } from './files';
import { enforceMemoryMax } from './oom';

/** All there are; every group below the root has them, as systemd and runc enable them on the way. */
export const controllers = ['cpuset', 'cpu', 'io', 'memory', 'hugetlb', 'pids', 'rdma', 'misc'] as const;

/** Files that one may write, with what they say at first. */
export const settable = {
  'cgroup.freeze': '0',
  'cgroup.max.depth': 'max',
  'cgroup.max.descendants': 'max',
  'cgroup.pressure': '1',
  'cgroup.subtree_control': '',
  'cgroup.type': 'domain',
  'cpu.max': 'max 100000',
  'cpu.max.burst': '0',
  'cpu.uclamp.max': 'max',
  'cpu.uclamp.min': '0.00',
  'cpu.weight': '100',
  'cpu.weight.nice': '0',
  'cpu.idle': '0',
  'cpuset.cpus': '',
  'cpuset.cpus.exclusive': '',
  'cpuset.cpus.partition': 'member',
  'cpuset.mems': '',
  'hugetlb.1GB.max': 'max',
  'hugetlb.1GB.rsvd.max': 'max',
  'hugetlb.2MB.max': 'max',
  'hugetlb.2MB.rsvd.max': 'max',
  'io.weight': 'default 100',
  'io.max': '',
  'memory.high': 'max',
  'memory.low': '0',
  'memory.max': 'max',
  'memory.min': '0',
  'memory.oom.group': '0',
  'memory.swap.high': 'max',
  'memory.swap.max': 'max',
  'memory.zswap.max': 'max',
  'memory.zswap.writeback': '1',
  'misc.max': '',
  'rdma.max': '',
  'pids.max': 'max',
} as const;

type Settable = keyof typeof settable;

export const isSettable = (name: string): name is Settable => Object.hasOwn(settable, name);

/** A write to an interface file: checked as the kernel does, kept, and put to work. */
export function set(group: Cgroup, name: Settable, text: string, viewer: CgroupViewer): Sys<void> {
  switch (name) {
    case 'cpu.max':
      return setCpuMax(group, text);
    case 'cpu.weight':
      return setNumber(group, name, text, 1, 10_000);
    case 'memory.max':
    case 'memory.high':
      return setMemory(group, name, text, viewer);
    case 'memory.low':
    case 'memory.min':
    case 'memory.swap.max': {
      const bytes = bytesOf(text);
      if (bytes === undefined) return fail('EINVAL');
      return keep(group, name, Number.isFinite(bytes) ? String(bytes) : 'max');
    }
    case 'memory.oom.group':
      return setNumber(group, name, text, 0, 1);
    case 'pids.max': {
      if (text !== 'max' && !/^\d+$/.test(text)) return fail('EINVAL');
      group.pidsMax = text === 'max' ? Infinity : Number(text);
      return keep(group, name, text);
    }
    case 'cgroup.freeze': {
      if (text !== '0' && text !== '1') return fail(/^-?\d+$/.test(text) ? 'ERANGE' : 'EINVAL');
      viewer.freeze(group, text === '1');
      return keep(group, name, text);
    }
    case 'cgroup.subtree_control':
      return setControllers(group, text);
    default:
      return keep(group, name, text);
  }
}

function keep(group: Cgroup, name: string, value: string): Sys<void> {
  group.settings.set(name, value);
  return ok(undefined);
}

function setNumber(group: Cgroup, name: string, text: string, least: number, most: number): Sys<void> {
  if (!/^-?\d+$/.test(text)) return fail('EINVAL');
  const value = Number(text);
  return value < least || value > most ? fail('ERANGE') : keep(group, name, text);
}

/** `$MAX $PERIOD` in microseconds; the quota is at least 1 ms (kernel/sched/core.c). */
function setCpuMax(group: Cgroup, text: string): Sys<void> {
  const [max = '', periodText] = text.split(/\s+/);
  const period = periodText ?? (group.setting('cpu.max') ?? settable['cpu.max']).split(' ')[1] ?? '100000';
  if (!/^\d+$/.test(period) || (max !== 'max' && !/^\d+$/.test(max))) return fail('EINVAL');
  if (Number(period) < 1000 || Number(period) > 1_000_000) return fail('EINVAL');
  if (max === 'max') group.bandwidth = undefined;
  else {
    if (Number(max) < 1000) return fail('EINVAL');
    group.bandwidth = new CpuBandwidth(Number(max) / 1000, Number(period) / 1000);
  }
  return keep(group, 'cpu.max', `${max} ${period}`);
}

function setMemory(group: Cgroup, name: 'memory.max' | 'memory.high', text: string, viewer: CgroupViewer): Sys<void> {
  const bytes = bytesOf(text);
  if (bytes === undefined) return fail('EINVAL');
  // The kernel keeps whole pages.
  const limit = Number.isFinite(bytes) ? Math.floor(bytes / PAGE) * PAGE : Infinity;
  keep(group, name, Number.isFinite(limit) ? String(limit) : 'max');
  if (name === 'memory.high') group.memoryHigh = limit;
  else {
    group.memoryMax = limit;
    enforceMemoryMax(group, viewer);
  }
  return ok(undefined);
}

const PAGE = 4096;
const units: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** memparse(): `max`, or a number with a unit. */
function bytesOf(text: string): number | undefined {
  if (text === 'max') return Infinity;
  const parsed = /^(\d+)([kmgt]?)$/i.exec(text);
  return parsed === null ? undefined : Number(parsed[1]) * (units[(parsed[2] ?? '').toLowerCase()] ?? 1);
}

/** Files with no line where nothing is set. */
const listed = new Set<string>(['cgroup.subtree_control', 'io.max', 'misc.max', 'rdma.max']);

/** What a settable file says. */
export function settingText(group: Cgroup, name: Settable): string {
  const value = name === 'cgroup.subtree_control' ? subtreeControl(group) : (group.setting(name) ?? settable[name]);
  return value === '' && listed.has(name) ? '' : `${value}\n`;
}

/**
 * Controllers that a group gives to those below it. Who makes groups below one (systemd, runc) enables all for them: until
 * somebody writes here, a group with children (or one that is `asked` for by a child) gives all.
 */
export const subtreeControl = (group: Cgroup, asked = group.parent === undefined || group.children.size > 0): string =>
  group.setting('cgroup.subtree_control') ?? (asked ? controllers.join(' ') : '');

/** `+memory -io`. */
function setControllers(group: Cgroup, text: string): Sys<void> {
  const enabled = new Set(subtreeControl(group).split(' '));
  for (const word of text.split(/\s+/)) {
    if (word === '') continue;
    const name = word.slice(1);
    if (!(controllers as readonly string[]).includes(name)) return fail('EINVAL');
    if (word.startsWith('+')) enabled.add(name);
    else if (word.startsWith('-')) enabled.delete(name);
    else return fail('EINVAL');
  }
  return keep(group, 'cgroup.subtree_control', controllers.filter((name) => enabled.has(name)).join(' '));
}
