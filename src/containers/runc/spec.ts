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
}

export interface ProcessSpec {
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly user: Credentials;
  readonly terminal: boolean;
}

export interface SpecMount {
  readonly destination: string;
  readonly type: 'bind' | 'tmpfs' | 'proc' | 'sysfs' | 'cgroup2' | 'devpts' | 'mqueue';
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
}

const nosuid = { nosuid: true, noexec: true, nodev: true } as const;

/** The mounts that every container gets (moby oci/defaults.go, containerd oci/mounts.go). */
export const defaultMounts: readonly SpecMount[] = [
  { destination: '/proc', type: 'proc', source: 'proc', options: nosuid },
  { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: { nosuid: true, mode: '755', size: '65536k' } },
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
  const { memory, memorySwap, cpuQuota, cpuPeriod = 100_000, cpuShares, pids } = resources;
  const settings: [string, string][] = [];
  if (memory !== undefined && memory > 0) settings.push(['memory.max', String(memory)]);
  if (memory !== undefined && memorySwap !== undefined && memorySwap > 0)
    settings.push(['memory.swap.max', String(memorySwap - memory)]);
  if (cpuQuota !== undefined && cpuQuota > 0) settings.push(['cpu.max', `${cpuQuota} ${cpuPeriod}`]);
  if (cpuShares !== undefined && cpuShares > 0) settings.push(['cpu.weight', String(cpuWeight(cpuShares))]);
  if (pids !== undefined && pids > 0) settings.push(['pids.max', String(pids)]);
  return settings;
}

/** From cgroup v1 shares [2, 262144] to v2 weight [1, 10000]. */
const cpuWeight = (shares: number): number => 1 + Math.floor(((shares - 2) * 9999) / 262_142);
