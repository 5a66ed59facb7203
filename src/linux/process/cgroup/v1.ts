import { ok } from '../../../sim/result';
import { fail, type Sys } from '../../errno';
import type { SyntheticNode } from '../../fs/types';
import type { Cgroup } from './cgroup';
import { cpuList, effectiveCpus } from './cpuset';
import { members, type CgroupViewer } from './files';
import { set, settable } from './settings';
import { cpuStat } from './shown';

/** The hierarchies of a host with cgroups v1, each mounted alone, as Debian's package cgroupfs-mount does it. */
export const hierarchies = [
  'cpu',
  'cpuacct',
  'cpuset',
  'memory',
  'devices',
  'freezer',
  'blkio',
  'pids',
  'name=systemd',
] as const;

/** The folder of a hierarchy below /sys/fs/cgroup. */
export const hierarchyFolder = (hierarchy: string): string => hierarchy.replace('name=', '');

/** A file of a controller; what may be written is checked and put to work by the file of v2 that stands for it. */
interface V1File {
  readonly read: (group: Cgroup, viewer: CgroupViewer) => string;
  readonly write?: (group: Cgroup, text: string, viewer: CgroupViewer) => Sys<void>;
}

const told = (read: V1File['read']): V1File => ({ read });

/** Bytes; -1 is no limit, which is shown as the largest number of whole pages. */
const NO_LIMIT = '9223372036854771712';
const bytes = (name: 'memory.max' | 'memory.low'): V1File => ({
  read: (group) => {
    const value = group.setting(name) ?? 'max';
    return value === 'max' || (name === 'memory.low' && value === '0') ? NO_LIMIT : value;
  },
  write: (group, text, viewer) => set(group, name, text === '-1' ? 'max' : text, viewer),
});

/** A number that is only kept. */
const number = (name: string, first: string, least = 0): V1File => ({
  read: (group) => group.setting(name) ?? first,
  write: (group, text) => {
    if (!/^-?\d+$/.test(text) || Number(text) < least) return fail('EINVAL');
    group.settings.set(name, text);
    return ok(undefined);
  },
});

/** What v2 says in one line, `cpu.max`, is two files here. */
const cpuMax = (group: Cgroup): readonly [string, string] => {
  const [quota = 'max', period = '100000'] = (group.setting('cpu.max') ?? settable['cpu.max']).split(' ');
  return [quota, period];
};

const times = (group: Cgroup): ReadonlyMap<string, number> =>
  new Map(
    cpuStat(group)
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name = '', value]) => [name, Number(value)]),
  );
const nanos = (name: string): V1File => told((group) => String((times(group).get(name) ?? 0) * 1000));
/** Hundredths of a second. */
const ticks = (group: Cgroup, name: string): number => Math.floor((times(group).get(name) ?? 0) / 10_000);

/** Memory and swap together; there is no swap. */
const withSwap: V1File = {
  read: (group) => group.setting('memory.memsw') ?? NO_LIMIT,
  write: (group, text) => {
    if (!/^(-1|\d+)$/.test(text)) return fail('EINVAL');
    if (text !== '-1' && Number(text) < group.memoryMax) return fail('EINVAL');
    group.settings.set('memory.memsw', text === '-1' ? NO_LIMIT : text);
    return ok(undefined);
  },
};

const memoryStat = ({ memory, shmem, memoryMax }: Cgroup): string =>
  `cache ${shmem}\nrss ${memory - shmem}\nrss_huge 0\nshmem ${shmem}\nmapped_file 0\ndirty 0\nwriteback 0\nswap 0\n` +
  `pgpgin ${Math.floor(memory / 4096)}\npgpgout 0\npgfault ${Math.floor(memory / 4096)}\npgmajfault 0\n` +
  `inactive_anon ${memory}\nactive_anon 0\ninactive_file 0\nactive_file 0\nunevictable 0\n` +
  `hierarchical_memory_limit ${memoryMax === Infinity ? NO_LIMIT : memoryMax}\ntotal_cache ${shmem}\n` +
  `total_rss ${memory - shmem}\ntotal_inactive_file 0`;

/** Files by hierarchy (Documentation/admin-guide/cgroup-v1). */
const files: Readonly<Record<string, Readonly<Record<string, V1File>>>> = {
  cpu: {
    'cpu.cfs_period_us': {
      read: (group) => cpuMax(group)[1],
      write: (group, text, viewer) => set(group, 'cpu.max', `${cpuMax(group)[0]} ${text}`, viewer),
    },
    'cpu.cfs_quota_us': {
      read: (group) => cpuMax(group)[0].replace('max', '-1'),
      write: (group, text, viewer) =>
        set(group, 'cpu.max', `${text.startsWith('-') ? 'max' : text} ${cpuMax(group)[1]}`, viewer),
    },
    'cpu.shares': number('cpu.shares', '1024', 2),
    'cpu.stat': told((group) => {
      const of = times(group);
      const throttled = (of.get('throttled_usec') ?? 0) * 1000;
      return `nr_periods ${of.get('nr_periods') ?? 0}\nnr_throttled ${of.get('nr_throttled') ?? 0}\nthrottled_time ${throttled}`;
    }),
  },
  cpuacct: {
    'cpuacct.stat': told((group) => `user ${ticks(group, 'user_usec')}\nsystem ${ticks(group, 'system_usec')}`),
    'cpuacct.usage': nanos('usage_usec'),
    'cpuacct.usage_sys': nanos('system_usec'),
    'cpuacct.usage_user': nanos('user_usec'),
  },
  cpuset: {
    'cpuset.cpus': {
      read: (group, { cpus }) => cpuList(effectiveCpus(group, cpus)),
      write: (group, text, viewer) => set(group, 'cpuset.cpus', text, viewer),
    },
    'cpuset.mems': {
      read: (group) => group.setting('cpuset.mems') ?? '0',
      write: (group, text, viewer) => set(group, 'cpuset.mems', text, viewer),
    },
  },
  memory: {
    'memory.failcnt': told(({ memoryEvents }) => String(memoryEvents.max)),
    'memory.limit_in_bytes': bytes('memory.max'),
    'memory.max_usage_in_bytes': told(({ memoryPeak }) => String(memoryPeak)),
    'memory.memsw.limit_in_bytes': withSwap,
    'memory.memsw.usage_in_bytes': told(({ memory }) => String(memory)),
    'memory.oom_control': told(
      ({ memoryEvents }) => `oom_kill_disable 0\nunder_oom 0\noom_kill ${memoryEvents.oom_kill}`,
    ),
    'memory.soft_limit_in_bytes': bytes('memory.low'),
    'memory.stat': told(memoryStat),
    'memory.swappiness': number('memory.swappiness', '60'),
    'memory.usage_in_bytes': told(({ memory }) => String(memory)),
    'memory.use_hierarchy': number('memory.use_hierarchy', '1'),
  },
  devices: { 'devices.list': told(() => 'a *:* rwm') },
  freezer: {
    'freezer.state': {
      read: ({ frozen }) => (frozen ? 'FROZEN' : 'THAWED'),
      write: (group, text, viewer) =>
        text === 'FROZEN' || text === 'THAWED'
          ? set(group, 'cgroup.freeze', text === 'FROZEN' ? '1' : '0', viewer)
          : fail('EINVAL'),
    },
  },
  blkio: {
    'blkio.throttle.io_service_bytes': told(() => 'Total 0'),
    'blkio.throttle.io_serviced': told(() => 'Total 0'),
    'blkio.weight': number('blkio.weight', '500', 10),
  },
  pids: {
    'pids.current': told(({ population }) => String(population)),
    'pids.max': {
      read: (group) => group.setting('pids.max') ?? 'max',
      write: (group, text, viewer) => set(group, 'pids.max', text, viewer),
    },
  },
};

/** What every hierarchy has. */
const everywhere: Readonly<Record<string, V1File>> = {
  'cgroup.clone_children': number('cgroup.clone_children', '0'),
  notify_on_release: number('notify_on_release', '0'),
};

/**
 * A group as a directory of one hierarchy. The kernel keeps a tree for each; here all are views of one, so that who is
 * moved in one is moved in all: that is how everybody used them.
 */
export function hierarchyDirectory(hierarchy: string, group: Cgroup, viewer: CgroupViewer): SyntheticNode {
  const own = { ...everywhere, ...files[hierarchy] };
  return {
    type: 'directory',
    list: () => [...Object.keys(own), 'cgroup.procs', 'tasks', ...group.children.keys()].sort(),
    lookup: (name) => {
      const child = group.children.get(name);
      if (child !== undefined) return hierarchyDirectory(hierarchy, child, viewer);
      if (name === 'cgroup.procs' || name === 'tasks') return members(group, viewer);
      const file = Object.hasOwn(own, name) ? own[name] : undefined;
      if (file === undefined) return undefined;
      const { read, write } = file;
      return {
        type: 'file',
        mode: write === undefined ? 0o444 : 0o644,
        read: () => `${read(group, viewer)}\n`,
        ...(write === undefined ? {} : { write: (text: string) => write(group, text.trim(), viewer) }),
      };
    },
    mkdir: (name) => {
      if (name.includes('\n')) return fail('EINVAL');
      group.at(name);
      return ok(undefined);
    },
    // The other hierarchies' directories of it may have gone before.
    rmdir: (name) => (group.children.has(name) ? group.remove(name) : ok(undefined)),
  };
}
