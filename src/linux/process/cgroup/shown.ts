import type { Cgroup } from './cgroup';
import type { CgroupViewer } from './files';
import { cpuList, effectiveCpus } from './cpuset';
import { settable } from './settings';

type Shown = Readonly<Record<string, (group: Cgroup, viewer: CgroupViewer) => string>>;

const lines = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${Math.round(value)}\n`)
    .join('');

/** Files that only tell (cgroup-v2.rst). */
export const shown: Shown = {
  'cgroup.controllers': ({ parent }) => {
    const all = parent?.setting('cgroup.subtree_control') ?? settable['cgroup.subtree_control'];
    return `${all}\n`;
  },
  'cgroup.events': (group) => `populated ${group.population > 0 ? 1 : 0}\nfrozen ${group.frozen ? 1 : 0}\n`,
  'cgroup.stat': (group) => `nr_descendants ${descendants(group)}\nnr_dying_descendants 0\n`,
  'cpu.pressure': () => pressure(true),
  'cpu.stat': cpuStat,
  'cpuset.cpus.effective': (group, { cpus }) => `${cpuList(effectiveCpus(group, cpus))}\n`,
  'cpuset.mems.effective': () => '0\n',
  'io.stat': () => '',
  'memory.current': ({ memory }) => `${memory}\n`,
  'memory.events': (group) => lines({ ...group.memoryEvents }),
  'memory.events.local': (group) => lines({ ...group.localMemoryEvents }),
  'memory.peak': ({ memoryPeak }) => `${memoryPeak}\n`,
  'memory.pressure': () => pressure(true),
  'memory.stat': memoryStat,
  'memory.swap.current': () => '0\n',
  'memory.swap.events': () => 'high 0\nmax 0\nfail 0\n',
  'pids.current': ({ population }) => `${population}\n`,
  'pids.events': ({ forksRefused }) => `max ${forksRefused}\n`,
  'pids.peak': ({ pidsPeak }) => `${pidsPeak}\n`,
};

function descendants(group: Cgroup): number {
  let sum = group.children.size;
  for (const child of group.children.values()) sum += descendants(child);
  return sum;
}

/** Nothing ever waits for a resource here but for quotas. */
const pressure = (full: boolean): string =>
  `some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n${full ? 'full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n' : ''}`;

export function cpuStat({ cpuMs, bandwidth, parent }: Cgroup): string {
  const usage = Math.round(cpuMs * 1000);
  // Programs of ours do not tell time in the kernel from their own: a usual share of it.
  const system = Math.floor(usage * 0.3);
  const stat = { usage_usec: usage, user_usec: usage - system, system_usec: system };
  if (parent === undefined) return lines(stat);
  const { periods = 0, throttled = 0, throttledMs = 0 } = bandwidth ?? {};
  return lines({
    ...stat,
    nr_periods: periods,
    nr_throttled: throttled,
    throttled_usec: throttledMs * 1000,
    nr_bursts: 0,
    burst_usec: 0,
  });
}

function memoryStat({ memory, shmem }: Cgroup): string {
  return lines({
    anon: memory - shmem,
    file: shmem,
    kernel: 0,
    kernel_stack: 0,
    pagetables: 0,
    sock: 0,
    shmem,
    file_mapped: 0,
    file_dirty: 0,
    file_writeback: 0,
    inactive_anon: memory,
    active_anon: 0,
    inactive_file: 0,
    active_file: 0,
    unevictable: 0,
    slab: 0,
    pgfault: Math.floor(memory / 4096),
    pgmajfault: 0,
  });
}
