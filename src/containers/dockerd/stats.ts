import { nanoTimestamp } from '../shim/timestamp';
import type { FileSystem } from '../../linux/fs/types';
import { cgroupFile, cgroupVersion } from '../runc/cgroups';
import type { ContainerHost } from '../host';
import { cgroupOf, isRunning, type Container } from './container';

const never = '0001-01-01T00:00:00Z';

interface CpuStats {
  readonly cpu_usage: object;
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
  readonly throttling_data: object;
}

/** One reading of a container's counters, as GET /containers/{id}/stats sends it. */
interface Stats {
  readonly read: string;
  readonly cpu_stats: CpuStats;
}

const noCpu: CpuStats = {
  cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 },
  throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
};

const blockIo = (bytes: readonly object[] | null, other: readonly object[] | null = null): object => ({
  io_service_bytes_recursive: bytes,
  io_serviced_recursive: other,
  io_queue_recursive: other,
  io_service_time_recursive: other,
  io_wait_time_recursive: other,
  io_merged_recursive: other,
  io_time_recursive: other,
  sectors_recursive: other,
});

/** What runs now, from its cgroup and its interfaces (daemon/stats_unix.go); of what does not run only the name is said. */
export function readStats(
  host: ContainerHost,
  container: Container,
  previous?: Stats,
): Stats & Readonly<Record<string, unknown>> {
  const { id, name, process } = container;
  const head = { name: `/${name}`, id };
  if (!isRunning(container) || container.status === 'restarting' || process === undefined) {
    return {
      ...head,
      read: never,
      preread: never,
      pids_stats: {},
      blkio_stats: blockIo(null),
      num_procs: 0,
      storage_stats: {},
      cpu_stats: noCpu,
      precpu_stats: noCpu,
      memory_stats: {},
    };
  }
  const version = cgroupVersion(host.fs);
  const file = (of: string): string => {
    const read = host.fs.readText(cgroupFile(version, cgroupOf(container), of));
    return read.ok ? read.value : '';
  };
  const limit = file('pids.max').trim();
  const networks = container.hostConfig.NetworkMode === 'host' ? {} : { networks: networkStats(container) };
  return {
    ...head,
    read: nanoTimestamp(host.clock.now),
    preread: previous?.read ?? never,
    pids_stats: {
      current: Number(file('pids.current')),
      // Without a limit it is the highest number there is; of version 1 nothing is said then.
      ...(limit !== 'max' ? { limit: Number(limit) } : version === 2 ? { limit: 18_446_744_073_709_552_000 } : {}),
    },
    blkio_stats: version === 2 ? blockIo(ioStats(file('io.stat'))) : blockIo([], []),
    num_procs: 0,
    storage_stats: {},
    cpu_stats: cpuStats(host, version === 2 ? table(file('cpu.stat')) : v1CpuStat(file)),
    precpu_stats: previous?.cpu_stats ?? noCpu,
    memory_stats: version === 2 ? memoryStats(host, file) : v1MemoryStats(host, file),
    ...networks,
  };
}

/** Lines of a name and a number. */
const table = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line.includes(' '))
      .map((line) => {
        const [key = '', value] = line.split(' ');
        return [key, Number(value)];
      }),
  );

function cpuStats({ fs }: ContainerHost, stat: ReadonlyMap<string, number>): CpuStats {
  const nanos = (key: string): number => Math.round((stat.get(key) ?? 0) * 1000);
  const read = fs.readText('/proc/stat');
  const proc = read.ok ? read.value : '';
  const [, ...ticks] = (proc.split('\n', 1)[0] ?? '').split(/\s+/);
  const system = ticks.slice(0, 8).reduce((sum, tick) => sum + Number(tick), 0);
  return {
    cpu_usage: {
      total_usage: nanos('usage_usec'),
      usage_in_kernelmode: nanos('system_usec'),
      usage_in_usermode: nanos('user_usec'),
    },
    // A tick is ten milliseconds.
    system_cpu_usage: system * 10_000_000,
    online_cpus: [...proc.matchAll(/^cpu\d+ /gm)].length,
    throttling_data: {
      periods: stat.get('nr_periods') ?? 0,
      throttled_periods: stat.get('nr_throttled') ?? 0,
      throttled_time: nanos('throttled_usec'),
    },
  };
}

type File = (name: string) => string;

/** The same numbers from v1's files, which tell nanoseconds. */
function v1CpuStat(file: File): ReadonlyMap<string, number> {
  const throttling = table(file('cpu.stat'));
  return new Map([
    ['usage_usec', Number(file('cpuacct.usage')) / 1000],
    ['user_usec', Number(file('cpuacct.usage_user')) / 1000],
    ['system_usec', Number(file('cpuacct.usage_sys')) / 1000],
    ['nr_periods', throttling.get('nr_periods') ?? 0],
    ['nr_throttled', throttling.get('nr_throttled') ?? 0],
    ['throttled_usec', (throttling.get('throttled_time') ?? 0) / 1000],
  ]);
}

function v1MemoryStats({ fs }: ContainerHost, file: File): object {
  const number = (name: string): number => Number(file(`memory.${name}`));
  const failures = number('failcnt');
  return {
    usage: number('usage_in_bytes'),
    max_usage: number('max_usage_in_bytes'),
    stats: Object.fromEntries([...table(file('memory.stat'))].sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(failures > 0 ? { failcnt: failures } : {}),
    limit: Math.min(number('limit_in_bytes'), memoryOf(fs)),
  };
}

/** The machine's, in bytes. */
function memoryOf(fs: FileSystem): number {
  const info = fs.readText('/proc/meminfo');
  return Number((info.ok ? /^MemTotal:\s+(\d+)/m.exec(info.value)?.[1] : undefined) ?? 0) * 1024;
}

function memoryStats({ fs }: ContainerHost, file: (name: string) => string): object {
  const max = file('memory.max').trim();
  const total = memoryOf(fs);
  const failures = table(file('memory.events')).get('oom_kill') ?? 0;
  return {
    usage: Number(file('memory.current')),
    stats: Object.fromEntries([...table(file('memory.stat'))].sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(failures > 0 ? { failcnt: failures } : {}),
    limit: max === 'max' || Number(max) > total ? total : Number(max),
  };
}

/** `8:0 rbytes=4096 wbytes=0 rios=1 …`. */
function ioStats(text: string): readonly object[] | null {
  const entries = text
    .split('\n')
    .filter((line) => line.includes('='))
    .flatMap((line) => {
      const [device = '', ...pairs] = line.split(' ');
      const [major, minor] = device.split(':').map(Number);
      const values = new Map(pairs.map((pair) => [pair.split('=')[0], Number(pair.split('=')[1])]));
      return [
        { major, minor, op: 'read', value: values.get('rbytes') ?? 0 },
        { major, minor, op: 'write', value: values.get('wbytes') ?? 0 },
      ];
    });
  return entries.length === 0 ? null : entries;
}

function networkStats({ process }: Container): object {
  const links = process?.namespaces.net.links() ?? [];
  return Object.fromEntries(
    links
      .filter(({ kind }) => kind !== 'loopback')
      .map(({ name, counters: { rxBytes, rxPackets, txBytes, txPackets } }) => [
        name,
        {
          rx_bytes: rxBytes,
          rx_packets: rxPackets,
          rx_errors: 0,
          rx_dropped: 0,
          tx_bytes: txBytes,
          tx_packets: txPackets,
          tx_errors: 0,
          tx_dropped: 0,
        },
      ]),
  );
}
