import { seccompProfile } from './seccomp-profile';
import type { ContainerSpec, SpecMount } from './spec';

/** Devices that every container may use, and those it may not (moby oci/defaults.go). */
const deviceRules = [
  { allow: false, access: 'rwm' },
  ...(
    [
      [1, 5],
      [1, 3],
      [1, 9],
      [1, 8],
      [5, 0],
      [5, 1],
    ] as const
  ).map(([major, minor]) => ({ allow: true, type: 'c', major, minor, access: 'rwm' })),
  { allow: false, type: 'c', major: 10, minor: 229, access: 'rwm' },
];

const namespaceNames = { mnt: 'mount', net: 'network', uts: 'uts', pid: 'pid', ipc: 'ipc', cgroup: 'cgroup' } as const;

/** config.json of a container's bundle (runtime-spec/config.md), as dockerd writes it. */
export function ociConfig(spec: ContainerSpec): object {
  const { process, root, hostname, mounts, cgroupsPath, namespaces, sysctls, maskedPaths, readonlyPaths } = spec;
  const { capabilities, user, rlimits = [], noNewPrivileges = false, seccomp = false, apparmor } = process;
  const caps = capabilities?.map((name) => `CAP_${name}`);
  const held = user.uid === 0 ? { effective: caps, permitted: caps } : {};
  const unlimited = (value: number): number => (Number.isFinite(value) ? value : -1);
  return {
    ociVersion: '1.2.1',
    process: {
      ...(process.terminal ? { terminal: true } : {}),
      user: { uid: user.uid, gid: user.gid, additionalGids: user.groups },
      args: process.args,
      env: [...process.env].filter(([name]) => name !== 'HOME').map(([name, value]) => `${name}=${value}`),
      cwd: process.cwd,
      ...(caps === undefined ? {} : { capabilities: { bounding: caps, ...held } }),
      ...(rlimits.length === 0
        ? {}
        : {
            rlimits: rlimits.map(({ resource, limit }) => ({
              type: `RLIMIT_${resource}`,
              hard: unlimited(limit.hard),
              soft: unlimited(limit.soft),
            })),
          }),
      ...(noNewPrivileges ? { noNewPrivileges } : {}),
      ...(apparmor === undefined ? {} : { apparmorProfile: apparmor }),
      oomScoreAdj: process.oomScoreAdj ?? 0,
    },
    root: { path: root.path, ...(root.readonly === true ? { readonly: true } : {}) },
    ...(hostname === undefined ? {} : { hostname }),
    mounts: mounts.map(mountOf),
    linux: {
      ...(sysctls === undefined || Object.keys(sysctls).length === 0
        ? {}
        : { sysctl: Object.fromEntries(Object.entries(sysctls).sort(([a], [b]) => (a < b ? -1 : 1))) }),
      resources: { devices: [...deviceRules, ...deviceRules], ...resourcesOf(spec), blockIO: {} },
      // The driver for systemd: slice, prefix and name of the scope.
      cgroupsPath:
        /^\/(?:.*\/)?([^/]+\.slice)\/docker-([0-9a-f]+)\.scope$/.exec(cgroupsPath)?.slice(1).join(':docker:') ??
        cgroupsPath,
      namespaces: Object.entries(namespaceNames).flatMap(([name, type]) => {
        const how = namespaces[name as keyof typeof namespaceNames];
        return how === undefined ? [] : [how === 'new' ? { type } : { type, path: `/proc/…/ns/${name}` }];
      }),
      ...(spec.devices === undefined || spec.devices.length === 0
        ? {}
        : {
            devices: spec.devices.map(({ path, type, major, minor, mode }) => ({
              path,
              type: type.charAt(0),
              major,
              minor,
              fileMode: mode,
              uid: 0,
              gid: 0,
            })),
          }),
      ...(seccomp ? { seccomp: seccompProfile(capabilities ?? []) } : {}),
      ...(maskedPaths === undefined || maskedPaths.length === 0 ? {} : { maskedPaths }),
      ...(readonlyPaths === undefined || readonlyPaths.length === 0 ? {} : { readonlyPaths }),
    },
  };
}

/** The order in which moby writes the options of what every container has. */
const ordered: Readonly<Record<string, readonly string[]>> = {
  '/dev/pts': ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
  '/sys/fs/cgroup': ['ro', 'nosuid', 'noexec', 'nodev'],
};

function mountOf({ destination, type, source, readonly, options = {} }: SpecMount): object {
  const words = Object.entries(options).map(([name, value]) => (value === true ? name : `${name}=${value}`));
  const known = type === 'bind' ? undefined : ordered[destination];
  const own = known?.filter((word) => word !== 'ro' || readonly === true) ?? [
    ...words,
    ...(readonly === true ? ['ro'] : []),
  ];
  return { destination, type: type === 'cgroup2' ? 'cgroup' : type, source, options: own };
}

function resourcesOf({ resources = {} }: ContainerSpec): object {
  const {
    memory,
    memorySwap,
    memoryReservation,
    oomKillDisable,
    cpuQuota,
    cpuPeriod = 100_000,
    cpuShares,
    cpus,
    mems,
    pids,
  } = resources;
  const memoryPart = {
    ...(memory === undefined ? {} : { limit: memory }),
    ...(memoryReservation === undefined ? {} : { reservation: memoryReservation }),
    ...(memorySwap === undefined ? {} : { swap: memorySwap }),
    ...(oomKillDisable === undefined ? {} : { disableOOMKiller: oomKillDisable }),
  };
  const cpu = {
    ...(cpuShares === undefined ? {} : { shares: cpuShares }),
    ...(cpuQuota === undefined ? {} : { quota: cpuQuota, period: cpuPeriod }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(mems === undefined ? {} : { mems }),
  };
  const some = (part: object): boolean => Object.keys(part).length > 0;
  return {
    ...(some(memoryPart) ? { memory: memoryPart } : {}),
    ...(some(cpu) ? { cpu } : {}),
    ...(pids === undefined ? {} : { pids: { limit: pids } }),
  };
}
