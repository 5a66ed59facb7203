import type { Service } from '../load/types';

const bytes = (text: string | undefined): number => Number(text ?? 0);

/** The part of HostConfig that limits what a container may use (getDeployResources). */
export function resourcesOf(service: Service): Record<string, unknown> {
  const { limits, reservations } = service.deploy?.resources ?? {};
  const pids = limits?.pids ?? service.pids_limit;
  const { blkio_config: blkio } = service;
  const throttle = (all: readonly { readonly path: string; readonly rate: string }[] | undefined) =>
    all?.map(({ path, rate }) => ({ Path: path, Rate: Number(rate) })) ?? null;
  const devices = (service.devices ?? []).map(({ source, target, permissions }) => ({
    PathOnHost: source,
    PathInContainer: target,
    CgroupPermissions: permissions,
  }));
  return {
    CgroupParent: service.cgroup_parent ?? '',
    Memory: bytes(limits?.memory ?? service.mem_limit),
    MemorySwap: bytes(service.memswap_limit),
    ...(service.mem_swappiness === undefined ? {} : { MemorySwappiness: bytes(service.mem_swappiness) }),
    MemoryReservation: bytes(reservations?.memory ?? service.mem_reservation),
    OomKillDisable: service.oom_kill_disable === true,
    CpuPeriod: service.cpu_period ?? 0,
    CpuQuota: service.cpu_quota ?? 0,
    CpuRealtimePeriod: service.cpu_rt_period ?? 0,
    CpuRealtimeRuntime: service.cpu_rt_runtime ?? 0,
    CpuShares: service.cpu_shares ?? 0,
    CpusetCpus: service.cpuset ?? '',
    NanoCpus: Math.round((limits?.cpus ?? service.cpus ?? 0) * 1e9),
    ...(pids === undefined ? {} : { PidsLimit: pids }),
    BlkioWeight: blkio?.weight ?? 0,
    BlkioWeightDevice: blkio?.weight_device?.map(({ path, weight }) => ({ Path: path, Weight: weight })) ?? null,
    BlkioDeviceReadBps: throttle(blkio?.device_read_bps),
    BlkioDeviceWriteBps: throttle(blkio?.device_write_bps),
    BlkioDeviceReadIOps: throttle(blkio?.device_read_iops),
    BlkioDeviceWriteIOps: throttle(blkio?.device_write_iops),
    Devices: devices.length === 0 ? null : devices,
    DeviceCgroupRules: service.device_cgroup_rules ?? null,
    ...(reservations?.devices === undefined
      ? {}
      : {
          DeviceRequests: reservations.devices.map(({ capabilities = [], driver = '', count, device_ids: ids }) => ({
            Driver: driver,
            Count: count === 'all' ? -1 : Number(count ?? 0),
            DeviceIDs: ids ?? null,
            Capabilities: [capabilities],
            Options: null,
          })),
        }),
    Ulimits: ulimits(service),
  };
}

function ulimits({ ulimits: all }: Service): readonly object[] | null {
  if (all === undefined) return null;
  return Object.entries(all).map(([Name, limit]) =>
    typeof limit === 'number'
      ? { Name, Hard: limit, Soft: limit }
      : { Name, Hard: limit.hard ?? 0, Soft: limit.soft ?? 0 },
  );
}
