import type { HostConfig } from '../dockerd/api-types';
import { windowsVersion } from './system';

type Given = Partial<HostConfig>;

const any = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== '' && value !== 0;

/** What job objects have no limit for (daemon/daemon_windows.go, in its order), by the names in the API. */
const unsupported: readonly (readonly [keyof HostConfig, string])[] = [
  ['BlkioDeviceReadBps', 'BlkioDeviceReadBps'],
  ['BlkioDeviceReadIOps', 'BlkioDeviceReadIOps'],
  ['BlkioDeviceWriteBps', 'BlkioDeviceWriteBps'],
  ['BlkioDeviceWriteIOps', 'BlkioDeviceWriteIOps'],
  ['BlkioWeight', 'BlkioWeight'],
  ['CgroupParent', 'CgroupParent'],
  ['CpuPeriod', 'CPUPeriod'],
  ['CpusetCpus', 'CpusetCpus'],
  ['CpusetMems', 'CpusetMems'],
  ['MemoryReservation', 'MemoryReservation'],
  ['MemorySwap', 'MemorySwap'],
  ['PidsLimit', 'PidsLimit'],
  ['Ulimits', 'Ulimits'],
];

/** What Windows refuses in a request, where Linux does not (runconfig/hostconfig_windows.go). */
export function wrongOnWindows(host: Given): string | undefined {
  const { Isolation = '', NetworkMode = '' } = host;
  if (NetworkMode.startsWith('container:') && Isolation.toLowerCase() === 'hyperv')
    return 'invalid network-mode: using the network stack of another container is not supported while using Hyper-V Containers';
  if (!['', 'default', 'process', 'hyperv'].includes(Isolation.toLowerCase()))
    return `invalid isolation (${Isolation}): windows supports 'default' (platform default), 'process', or 'hyperv'`;
  if (host.Privileged === true) return 'Windows does not support privileged mode';
  if (host.ReadonlyRootfs === true) return 'Windows does not support root filesystem in read-only mode';
  // There are no capabilities: none is known by its name.
  for (const [what, list] of [
    ['CapAdd', host.CapAdd],
    ['CapDrop', host.CapDrop],
  ] as const) {
    const [first] = (list ?? []).filter((name) => name !== 'ALL');
    if (first !== undefined) return `invalid ${what}: unknown capability: "${first}"`;
  }
  const found = unsupported.find(([key]) => any(host[key]));
  return found === undefined ? undefined : `invalid option: Windows does not support ${found[1]}`;
}

/** An image of a later Windows than the host's (distribution/pull_v2_windows.go, checkImageCompatibility). */
export function incompatible(version: string | undefined): string | undefined {
  const build = (text: string): number => Number(text.split('.')[2] ?? 0);
  if (version === undefined || build(version) <= build(windowsVersion)) return undefined;
  const short = (text: string): string => text.split('.').slice(0, 3).join('.');
  return `a Windows version ${short(version)}-based image is incompatible with a ${short(windowsVersion)} host`;
}

/** An older image needs a kernel of its own: process isolation shares the host's. */
export function needsHyperV(version: string | undefined, isolation: string): boolean {
  const build = (text: string): string => text.split('.').slice(0, 3).join('.');
  return version !== undefined && build(version) !== build(windowsVersion) && isolation.toLowerCase() !== 'hyperv';
}
