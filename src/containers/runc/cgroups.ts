import type { FileSystem } from '../../linux/fs/types';
import { cgroupSettings, type ContainerResources } from './spec';

export type CgroupVersion = 1 | 2;

const MOUNT = '/sys/fs/cgroup';

/** What is mounted on a host: the unified hierarchy has this file at its root (libcontainer asks statfs). */
export const cgroupVersion = (fs: FileSystem): CgroupVersion => (fs.lstat(`${MOUNT}/cgroup.controllers`).ok ? 2 : 1);

/** v1's hierarchies as they are mounted: their folders, and the options that name them. */
export function hierarchiesOn(fs: FileSystem): readonly { readonly folder: string; readonly option: string }[] {
  const mounts = fs.readText('/proc/self/mounts');
  if (!mounts.ok) return [];
  return [...mounts.value.matchAll(/^\S+ \/sys\/fs\/cgroup\/(\S+) cgroup \S*?([^\s,]+) /gm)].map(
    ([, folder = '', option = '']) => ({ folder, option }),
  );
}

/** A file of a group; with v1 in the hierarchy of its controller, by which its name begins. */
export const cgroupFile = (version: CgroupVersion, group: string, file: string): string =>
  version === 2 ? `${MOUNT}${group}/${file}` : `${MOUNT}/${file.slice(0, file.indexOf('.'))}${group}/${file}`;

/** Removes a group of which nothing is left. */
export function removeCgroup(fs: FileSystem, group: string): void {
  if (cgroupVersion(fs) === 2) fs.rmdir(`${MOUNT}${group}`);
  else for (const { folder } of hierarchiesOn(fs)) fs.rmdir(`${MOUNT}/${folder}${group}`);
}

/** The file, and what to write into it, that stops all that runs in a group. */
export const freezer = (version: CgroupVersion, frozen: boolean): readonly [string, string] =>
  version === 2 ? ['cgroup.freeze', frozen ? '1' : '0'] : ['freezer.state', frozen ? 'FROZEN' : 'THAWED'];

/** Files and values for limits. */
export const settingsFor = (
  version: CgroupVersion,
  resources: ContainerResources,
): readonly (readonly [string, string])[] => (version === 2 ? cgroupSettings(resources) : v1Settings(resources));

/** cgroup v1 files and values (libcontainer/cgroups/fs); limits of memory in an order that never crosses. */
function v1Settings({
  memory = 0,
  memorySwap = 0,
  memoryReservation = 0,
  cpuQuota = 0,
  cpuPeriod = 0,
  cpuShares = 0,
  pids = 0,
  cpus = '',
  mems = '',
  blkioWeight = 0,
}: ContainerResources): readonly (readonly [string, string])[] {
  const settings: (readonly [string, string | number, boolean])[] = [
    ['cpuset.cpus', cpus, cpus !== ''],
    ['cpuset.mems', mems, mems !== ''],
    ['memory.limit_in_bytes', memory, memory > 0],
    ['memory.memsw.limit_in_bytes', memorySwap, memorySwap !== 0],
    ['memory.soft_limit_in_bytes', memoryReservation, memoryReservation > 0],
    ['cpu.shares', cpuShares, cpuShares > 0],
    ['cpu.cfs_period_us', cpuPeriod, cpuPeriod > 0],
    ['cpu.cfs_quota_us', cpuQuota, cpuQuota > 0],
    ['pids.max', pids, pids > 0],
    ['blkio.weight', blkioWeight, blkioWeight > 0],
  ];
  return settings.filter(([, , given]) => given).map(([file, value]) => [file, String(value)] as const);
}
