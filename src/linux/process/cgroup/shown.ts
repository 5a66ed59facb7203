import type { Cgroup } from './cgroup';
import type { CgroupViewer } from './files';
import { cpuList, effectiveCpus } from './cpuset';
import { memoryStatValues } from './memory-stat';
import { controllers, subtreeControl } from './settings';

type Shown = Readonly<Record<string, (group: Cgroup, viewer: CgroupViewer) => string>>;

const lines = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${Math.round(value)}\n`)
    .join('');

/** Files that only tell (cgroup-v2.rst). */
export const shown: Shown = {
  'cgroup.controllers': ({ parent }) => {
    return `${parent === undefined ? controllers.join(' ') : subtreeControl(parent, true)}\n`;
  },
  'cgroup.events': (group) => `populated ${group.population > 0 ? 1 : 0}\nfrozen ${group.frozen ? 1 : 0}\n`,
  'cgroup.stat': cgroupStat,
  'cgroup.stat.local': () => 'frozen_usec 0\n',
  'cpu.pressure': () => pressure(true),
  'cpu.stat': cpuStat,
  'cpu.stat.local': ({ bandwidth }) => lines({ throttled_usec: (bandwidth?.throttledMs ?? 0) * 1000 }),
  'cpuset.cpus.effective': (group, { cpus }) => `${cpuList(effectiveCpus(group, cpus))}\n`,
  'cpuset.cpus.exclusive.effective': (group) => `${group.setting('cpuset.cpus.exclusive') ?? ''}\n`,
  'cpuset.mems.effective': () => '0\n',
  ...hugePages(),
  'io.pressure': () => pressure(true),
  'io.stat': () => '',
  'memory.current': ({ memory }) => `${memory}\n`,
  'memory.events': (group) => lines({ ...group.memoryEvents }),
  'memory.events.local': (group) => lines({ ...group.localMemoryEvents }),
  'memory.numa_stat': (group) =>
    Object.entries(memoryStatValues(group))
      .filter(([name]) => byNode.test(name))
      .map(([name, value]) => `${name} N0=${value}\n`)
      .join(''),
  'memory.peak': ({ memoryPeak }) => `${memoryPeak}\n`,
  'memory.pressure': () => pressure(true),
  'memory.stat': (group) => lines(memoryStatValues(group)),
  'memory.swap.current': () => '0\n',
  'memory.swap.events': () => 'high 0\nmax 0\nfail 0\n',
  'memory.swap.peak': () => '0\n',
  'memory.zswap.current': () => '0\n',
  // Nothing here has devices of InfiniBand or keys of confidential machines.
  ...Object.fromEntries(
    ['misc', 'rdma'].flatMap((name) =>
      ['current', 'events', 'events.local', 'peak'].map((file) => [`${name}.${file}`, () => '']),
    ),
  ),
  'pids.current': ({ population }) => `${population}\n`,
  'pids.events': ({ forksRefused }) => `max ${forksRefused}\n`,
  'pids.events.local': ({ forksRefused }) => `max ${forksRefused}\n`,
  'pids.peak': ({ pidsPeak }) => `${pidsPeak}\n`,
};

/** What memory.numa_stat tells by node (mm/memcontrol.c, memcg_numa_stat_show): the rest is no matter of nodes. */
const byNode = /^(?!kernel$|percpu|sock|zswap|slab$|pg|swp|zswp|thp_|numa_|workingset_nodereclaim)/;

const subsystems = ['cpuset', 'cpu', 'io', 'memory', 'perf_event', 'hugetlb', 'pids', 'rdma', 'misc'];

function cgroupStat(group: Cgroup): string {
  const below = descendants(group);
  return lines({
    nr_descendants: below,
    ...Object.fromEntries(subsystems.map((name) => [`nr_subsys_${name}`, below + 1])),
    nr_dying_descendants: 0,
    ...Object.fromEntries(subsystems.map((name) => [`nr_dying_subsys_${name}`, 0])),
  });
}

/** Pages of two sizes, of which nobody has any. */
function hugePages(): Shown {
  const of = (size: string): Shown => ({
    [`hugetlb.${size}.current`]: () => '0\n',
    [`hugetlb.${size}.events`]: () => 'max 0\n',
    [`hugetlb.${size}.events.local`]: () => 'max 0\n',
    [`hugetlb.${size}.numa_stat`]: () => 'total=0 N0=0\n',
    [`hugetlb.${size}.rsvd.current`]: () => '0\n',
  });
  return { ...of('1GB'), ...of('2MB') };
}

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
  const stat = { usage_usec: usage, user_usec: usage - system, system_usec: system, nice_usec: 0 };
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
