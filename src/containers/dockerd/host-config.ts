import type { CgroupVersion } from '../runc/cgroups';
import type { HostConfig } from './api-types';

const orElse = (text: string | undefined, fallback: string): string =>
  text === undefined || text === '' ? fallback : text;

/** With the defaults that inspect shows (daemon/daemon_unix.go, adaptContainerSettings and fixMemorySwappiness). */
export function completeHostConfig(given: Partial<HostConfig>, cgroups: CgroupVersion = 2): HostConfig {
  const mode = orElse(given.NetworkMode, 'default');
  const { Memory = 0, MemorySwap = 0, Privileged = false, PidMode, IpcMode } = given;
  const swappiness = given.MemorySwappiness ?? -1;
  return {
    ...emptyHostConfig,
    ...given,
    LogConfig: { Type: orElse(given.LogConfig?.Type, 'json-file'), Config: given.LogConfig?.Config ?? {} },
    NetworkMode: mode === 'default' ? 'bridge' : mode,
    RestartPolicy: {
      Name: orElse(given.RestartPolicy?.Name, 'no'),
      MaximumRetryCount: given.RestartPolicy?.MaximumRetryCount ?? 0,
    },
    IpcMode: orElse(IpcMode, 'private'),
    CgroupnsMode: orElse(given.CgroupnsMode, cgroups === 1 ? 'host' : 'private'),
    Runtime: orElse(given.Runtime, 'runc'),
    ShmSize: given.ShmSize === undefined || given.ShmSize === 0 ? 67_108_864 : given.ShmSize,
    MemorySwap: Memory > 0 && MemorySwap === 0 ? Memory * 2 : MemorySwap,
    // Who shares the host's processes or has all rights is not labelled.
    SecurityOpt:
      (IpcMode === 'host' || PidMode === 'host' || Privileged) &&
      given.SecurityOpt?.some((option) => option.startsWith('label=')) !== true
        ? [...(given.SecurityOpt ?? []), 'label=disable']
        : (given.SecurityOpt ?? null),
    // Clients say null when nobody asked for others; with --privileged nothing is masked.
    MaskedPaths: given.MaskedPaths ?? (Privileged ? null : emptyHostConfig.MaskedPaths),
    ReadonlyPaths: given.ReadonlyPaths ?? (Privileged ? null : emptyHostConfig.ReadonlyPaths),
    PidsLimit: given.PidsLimit === 0 || given.PidsLimit === undefined ? null : given.PidsLimit,
    // There are no such things with cgroups v2.
    MemorySwappiness: cgroups === 1 && swappiness >= 0 ? swappiness : null,
    OomKillDisable: cgroups === 1 ? (given.OomKillDisable ?? false) : null,
  };
}

/** In the order of the API's structure: `docker inspect` shows it so. */
const emptyHostConfig = {
  Binds: null,
  ContainerIDFile: '',
  LogConfig: { Type: 'json-file', Config: {} },
  NetworkMode: 'bridge',
  PortBindings: {},
  RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
  AutoRemove: false,
  VolumeDriver: '',
  VolumesFrom: null,
  ConsoleSize: [0, 0],
  CapAdd: null,
  CapDrop: null,
  CgroupnsMode: 'private',
  Dns: [],
  DnsOptions: [],
  DnsSearch: [],
  ExtraHosts: null,
  GroupAdd: null,
  IpcMode: 'private',
  Cgroup: '',
  Links: null,
  OomScoreAdj: 0,
  PidMode: '',
  Privileged: false,
  PublishAllPorts: false,
  ReadonlyRootfs: false,
  SecurityOpt: null,
  UTSMode: '',
  UsernsMode: '',
  ShmSize: 67_108_864,
  Runtime: 'runc',
  Isolation: '',
  CpuShares: 0,
  Memory: 0,
  NanoCpus: 0,
  CgroupParent: '',
  BlkioWeight: 0,
  BlkioWeightDevice: [],
  BlkioDeviceReadBps: [],
  BlkioDeviceWriteBps: [],
  BlkioDeviceReadIOps: [],
  BlkioDeviceWriteIOps: [],
  CpuPeriod: 0,
  CpuQuota: 0,
  CpuRealtimePeriod: 0,
  CpuRealtimeRuntime: 0,
  CpusetCpus: '',
  CpusetMems: '',
  Devices: [],
  DeviceCgroupRules: null,
  DeviceRequests: null,
  MemoryReservation: 0,
  MemorySwap: 0,
  MemorySwappiness: null,
  OomKillDisable: null,
  PidsLimit: null,
  Ulimits: [],
  CpuCount: 0,
  CpuPercent: 0,
  IOMaximumIOps: 0,
  IOMaximumBandwidth: 0,
  MaskedPaths: [
    '/proc/asound',
    '/proc/acpi',
    '/proc/interrupts',
    '/proc/kcore',
    '/proc/keys',
    '/proc/latency_stats',
    '/proc/timer_list',
    '/proc/timer_stats',
    '/proc/sched_debug',
    '/proc/scsi',
    '/sys/firmware',
    '/sys/devices/virtual/powercap',
  ],
  ReadonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
} as const;
