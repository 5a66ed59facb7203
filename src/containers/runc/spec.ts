import type { Capability } from '../../linux/capabilities';
import type { Limit, Resource } from '../../linux/process/rlimits';
import type { Credentials, Namespaces } from '../../linux/process/types';

/** The part of the OCI runtime specification (runtime-spec/config.md) that this world acts on. */
export interface ContainerSpec {
  readonly process: ProcessSpec;
  /** Where the root file system is mounted on the host. */
  readonly root: { readonly path: string; readonly readonly?: boolean };
  readonly hostname?: string;
  readonly mounts: readonly SpecMount[];
  /** `/system.slice/docker-<id>.scope`. */
  readonly cgroupsPath: string;
  readonly resources?: ContainerResources;
  /** Which namespaces are made and which are joined; what is absent is the host's. */
  readonly namespaces: Partial<{ readonly [N in keyof Namespaces]: 'new' | Namespaces[N] }>;
  readonly privileged?: boolean;
  readonly sysctls?: Readonly<Record<string, string>>;
  /** What is hidden from the container, and what it only reads (linux.maskedPaths, linux.readonlyPaths). */
  readonly maskedPaths?: readonly string[];
  readonly readonlyPaths?: readonly string[];
  /** Besides those that every container has. */
  readonly devices?: readonly SpecDevice[];
}

/** A device node below the container's /dev (linux.devices). */
export interface SpecDevice {
  readonly path: string;
  readonly type: 'char' | 'block' | 'fifo';
  readonly major: number;
  readonly minor: number;
  readonly mode: number;
}

export interface ProcessSpec {
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly user: Credentials;
  readonly terminal: boolean;
  /** Absent: nothing is taken from it. */
  readonly capabilities?: readonly Capability[];
  readonly noNewPrivileges?: boolean;
  /** A filter of system calls is loaded. */
  readonly seccomp?: boolean;
  /** AppArmor's profile, or `unconfined`; absent where the host has no AppArmor. */
  readonly apparmor?: string;
  readonly rlimits?: readonly { readonly resource: Resource; readonly limit: Limit }[];
  readonly oomScoreAdj?: number;
}

export interface SpecMount {
  readonly destination: string;
  readonly type: 'bind' | 'tmpfs' | 'proc' | 'sysfs' | 'cgroup' | 'cgroup2' | 'devpts' | 'mqueue';
  readonly source: string;
  readonly readonly?: boolean;
  readonly options?: Readonly<Record<string, string | true>>;
}

export interface ContainerResources {
  /** Bytes; absent: no limit. */
  readonly memory?: number;
  readonly memorySwap?: number;
  /** CFS: microseconds of quota in a period. */
  readonly cpuQuota?: number;
  readonly cpuPeriod?: number;
  readonly cpuShares?: number;
  readonly pids?: number;
  readonly cpus?: string;
  readonly mems?: string;
  readonly memoryReservation?: number;
  /** cgroup v1 alone knows it (memory.oom_control). */
  readonly oomKillDisable?: boolean;
  readonly blkioWeight?: number;
  /** Lines of io.max. */
  readonly ioMax?: readonly string[];
}

const nosuid = { nosuid: true, noexec: true, nodev: true } as const;

/** The mounts that every container gets (moby oci/defaults.go, containerd oci/mounts.go). */
export const defaultMounts: readonly SpecMount[] = [
  { destination: '/proc', type: 'proc', source: 'proc', options: nosuid },
  {
    destination: '/dev',
    type: 'tmpfs',
    source: 'tmpfs',
    options: { nosuid: true, strictatime: true, mode: '755', size: '65536k' },
  },
  {
    destination: '/dev/pts',
    type: 'devpts',
    source: 'devpts',
    options: { nosuid: true, noexec: true, gid: '5', mode: '620', ptmxmode: '666' },
  },
  { destination: '/sys', type: 'sysfs', source: 'sysfs', readonly: true, options: nosuid },
  { destination: '/sys/fs/cgroup', type: 'cgroup2', source: 'cgroup', readonly: true, options: nosuid },
  { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: nosuid },
  { destination: '/dev/shm', type: 'tmpfs', source: 'shm', options: { ...nosuid, mode: '1777', size: '65536k' } },
];

/** cgroup v2 files and values for limits (libcontainer/cgroups/fs2). */
export function cgroupSettings(resources: ContainerResources): readonly (readonly [string, string])[] {
  const { memory, memorySwap, cpuQuota, cpuPeriod = 100_000, cpuShares, pids, cpus = '', mems = '' } = resources;
  const { memoryReservation, blkioWeight = 0, ioMax = [] } = resources;
  const settings: [string, string][] = [];
  if (memory !== undefined && memory > 0) settings.push(['memory.max', String(memory)]);
  if (memory !== undefined && memorySwap !== undefined && memorySwap !== 0)
    settings.push(['memory.swap.max', memorySwap < 0 ? 'max' : String(memorySwap - memory)]);
  if (memoryReservation !== undefined && memoryReservation > 0)
    settings.push(['memory.low', String(memoryReservation)]);
  if (cpuQuota !== undefined && cpuQuota > 0) settings.push(['cpu.max', `${cpuQuota} ${cpuPeriod}`]);
  if (cpuShares !== undefined && cpuShares > 0) settings.push(['cpu.weight', String(cpuWeight(cpuShares))]);
  if (pids !== undefined && pids > 0) settings.push(['pids.max', String(pids)]);
  if (cpus !== '') settings.push(['cpuset.cpus', cpus]);
  if (mems !== '') settings.push(['cpuset.mems', mems]);
  if (blkioWeight > 0) settings.push(['io.weight', String(ioWeight(blkioWeight))]);
  for (const line of ioMax) settings.push(['io.max', line]);
  return settings;
}

/** From cgroup v1's [10, 1000] to v2's [1, 10000]. */
const ioWeight = (weight: number): number => 1 + Math.floor(((weight - 10) * 9999) / 990);

/** From cgroup v1 shares [2, 262144] to v2 weight [1, 10000]. */
const cpuWeight = (shares: number): number => 1 + Math.floor(((shares - 2) * 9999) / 262_142);
