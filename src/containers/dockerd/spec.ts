import { err, ok, type Result } from '../../sim/result';
import type { FileSystem } from '../../linux/fs/types';
import type { Resource } from '../../linux/process/rlimits';
import type { Namespaces } from '../../linux/process/types';
import type { ContainerHost } from '../host';
import { cgroupVersion } from '../runc/cgroups';
import { defaultMounts, type ContainerResources, type ContainerSpec, type SpecMount } from '../runc/spec';
import { resolveUser } from '../runc/user';
import type { HostConfig } from './api-types';
import { commandOf, type Container } from './container';
import { devicesOf } from './devices';
import { apparmorProfile, capabilitiesFor, parseSecurityOptions, type SecurityOptions } from './security';
import { specMount } from './volumes';

export const containerFolder = (id: string): string => `/var/lib/docker/containers/${id}`;

/** The OCI specification of a container (daemon/oci_linux.go). `find` gives containers whose namespaces it may share. */
export function dockerSpec(
  container: Container,
  host: ContainerHost,
  find: (name: string) => Container | undefined,
  linkedEnvironment: readonly string[] = [],
): Result<ContainerSpec, string> {
  const { config, hostConfig, snapshot, id } = container;
  const user = resolveUser(host.fs, snapshot.target, config.User, hostConfig.GroupAdd ?? []);
  if (!user.ok) return user;
  const namespaces = namespacesOf(container, find);
  if (!namespaces.ok) return namespaces;
  const devices = devicesOf(host.fs, hostConfig);
  if (!devices.ok) return devices;
  const security = parseSecurityOptions(hostConfig.SecurityOpt);
  if (!security.ok) return security;
  const env = new Map<string, string>([
    ['PATH', standardPath],
    ['HOSTNAME', config.Hostname],
  ]);
  if (config.Tty === true) env.set('TERM', 'xterm');
  for (const entry of [...linkedEnvironment, ...(config.Env ?? [])]) {
    const equals = entry.indexOf('=');
    if (equals > 0) env.set(entry.slice(0, equals), entry.slice(equals + 1));
    else if (equals < 0) env.delete(entry);
  }
  if (!env.has('HOME')) env.set('HOME', user.value.home);
  const withInit = hostConfig.Init === true && hostConfig.PidMode === '';
  const { Privileged, CgroupParent, OomScoreAdj, MaskedPaths, ReadonlyPaths } = hostConfig;
  return ok({
    process: {
      args: withInit ? [initPath, '--', ...commandOf(container)] : commandOf(container),
      env,
      cwd: config.WorkingDir === '' ? '/' : config.WorkingDir,
      user: user.value,
      terminal: config.Tty === true,
      capabilities: capabilitiesFor(hostConfig),
      noNewPrivileges: security.value.noNewPrivileges,
      ...apparmorOf(host.fs, hostConfig, security.value),
      seccomp: !Privileged && security.value.seccomp !== 'unconfined',
      rlimits: (hostConfig.Ulimits ?? []).map(({ Name, Soft, Hard }) => ({
        resource: Name.toUpperCase() as Resource,
        limit: { soft: Soft < 0 ? Infinity : Soft, hard: Hard < 0 ? Infinity : Hard },
      })),
      oomScoreAdj: OomScoreAdj,
    },
    root: { path: snapshot.target, readonly: hostConfig.ReadonlyRootfs },
    ...(namespaces.value.uts === 'new' ? { hostname: config.Hostname } : {}),
    mounts: mountsOf(container, withInit, security.value, find),
    cgroupsPath: groupOf(host.fs, CgroupParent, id),
    resources: resourcesOf(container, host.fs),
    namespaces: namespaces.value,
    devices: devices.value,
    ...(Privileged
      ? { privileged: true, maskedPaths: [], readonlyPaths: [] }
      : { maskedPaths: MaskedPaths ?? [], readonlyPaths: ReadonlyPaths ?? [] }),
    sysctls: { ...(namespaces.value.net === 'new' ? defaultSysctls : {}), ...hostConfig.Sysctls },
  });
}

/** WithApparmor (daemon/apparmor_linux.go): the default profile, another, or none for whoever is privileged. */
function apparmorOf(
  fs: FileSystem,
  hostConfig: Pick<HostConfig, 'Privileged'>,
  { apparmor }: SecurityOptions,
): { readonly apparmor?: string } {
  const profile = apparmorProfile(fs, hostConfig.Privileged, apparmor);
  return profile === '' ? {} : { apparmor: profile };
}

/** Where docker-init is bound to, with `--init`. */
const initPath = '/sbin/docker-init';

/** Safe for everybody: the capabilities for them are granted anyway. */
const defaultSysctls = { 'net.ipv4.ping_group_range': '0 2147483647', 'net.ipv4.ip_unprivileged_port_start': '0' };

/** systemd makes a scope of it; without (cgroupfs, with v1) it is a folder below /docker. */
function groupOf(fs: FileSystem, parent: string, id: string): string {
  if (cgroupVersion(fs) === 1) return `/${parent === '' ? 'docker' : parent.replace(/^\/+|\/+$/g, '')}/${id}`;
  return `/${parent === '' ? 'system.slice' : slicePath(parent)}/docker-${id}.scope`;
}

/** `a-b.slice` is below `a.slice` (systemd.slice(5)). */
function slicePath(slice: string): string {
  const parts = slice.replace(/\.slice$/, '').split('-');
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('-')}.slice`).join('/');
}

const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const boundFile = { rbind: true, rprivate: true } as const;

function mountsOf(
  { id, hostConfig, mounts, extraMounts = [] }: Container,
  withInit: boolean,
  { writableCgroups }: SecurityOptions,
  find: (name: string) => Container | undefined,
): readonly SpecMount[] {
  const { Privileged, ReadonlyRootfs, IpcMode, ShmSize } = hostConfig;
  const folder = containerFolder(id);
  const base = defaultMounts.flatMap((mount): readonly SpecMount[] => {
    const { destination } = mount;
    if (destination === '/sys' && Privileged) return [{ ...mount, readonly: false }];
    if (destination === '/sys/fs/cgroup' && (writableCgroups ?? Privileged)) return [{ ...mount, readonly: false }];
    if (destination !== '/dev/shm') return [mount];
    if (IpcMode === 'none') return [];
    const donor = IpcMode.startsWith('container:') ? find(IpcMode.slice('container:'.length)) : undefined;
    const source = IpcMode === 'host' ? '/dev/shm' : donor === undefined ? undefined : shmOf(donor);
    if (source !== undefined) return [{ destination, type: 'bind', source, options: { rbind: true } }];
    if (IpcMode === 'shareable')
      return [{ destination, type: 'bind', source: shmOf({ id }), options: { rbind: true } }];
    return [{ ...mount, options: { ...mount.options, size: String(ShmSize) } }];
  });
  const files = ['resolv.conf', 'hostname', 'hosts'].map((name): SpecMount => ({
    destination: `/etc/${name}`,
    type: 'bind',
    source: `${folder}/${name}`,
    readonly: ReadonlyRootfs,
    options: boundFile,
  }));
  const parts = ({ destination }: SpecMount): number => destination.split('/').length;
  const own = [...mounts, ...extraMounts].map(specMount).sort((a, b) => parts(a) - parts(b));
  const given = new Set(own.map(({ destination }) => destination));
  const kept = [...base, ...files].filter(
    ({ destination }) => !given.has(destination) && !(given.has('/dev') && destination.startsWith('/dev/')),
  );
  const init: readonly SpecMount[] = withInit
    ? [{ destination: initPath, type: 'bind', source: '/usr/bin/docker-init', readonly: true, options: { bind: true } }]
    : [];
  return [...kept, ...own, ...init];
}

/** Where the engine keeps the shared memory that a container lends to others (`--ipc shareable`). */
export const shmOf = ({ id }: Pick<Container, 'id'>): string => `${containerFolder(id)}/mounts/shm`;

function namespacesOf(
  { hostConfig }: Container,
  find: (name: string) => Container | undefined,
): Result<ContainerSpec['namespaces'], string> {
  const { NetworkMode, PidMode, IpcMode, UTSMode, CgroupnsMode } = hostConfig;
  const namespaces: { -readonly [N in keyof Namespaces]?: 'new' | Namespaces[N] } = { mnt: 'new' };
  if (CgroupnsMode !== 'host') namespaces.cgroup = 'new';
  const other = (mode: string, what: string) => {
    const name = mode.slice('container:'.length);
    const target = find(name);
    if (target === undefined) return err(`${what}No such container: ${name}`);
    return target.process === undefined || target.process.exit !== undefined
      ? err(
          what === ''
            ? `cannot join network of a non running container: ${target.id}`
            : `${what}container ${name} is not running`,
        )
      : ok({ target, namespaces: target.process.namespaces });
  };
  if (IpcMode.startsWith('container:')) {
    const what = 'failed to join IPC namespace: ';
    const joined = other(IpcMode, what);
    if (!joined.ok) return joined;
    if (joined.value.target.hostConfig.IpcMode !== 'shareable')
      return err(
        `${what}container ${IpcMode.slice('container:'.length)}: non-shareable IPC (hint: use IpcMode:shareable for the donor container)`,
      );
    namespaces.ipc = joined.value.namespaces.ipc;
  } else if (IpcMode !== 'host') namespaces.ipc = 'new';
  if (PidMode.startsWith('container:')) {
    const joined = other(PidMode, 'failed to join PID namespace: ');
    if (!joined.ok) return joined;
    namespaces.pid = joined.value.namespaces.pid;
  } else if (PidMode !== 'host') namespaces.pid = 'new';
  if (NetworkMode.startsWith('container:')) {
    const joined = other(NetworkMode, '');
    if (!joined.ok) return joined;
    namespaces.net = joined.value.namespaces.net;
    if (UTSMode !== 'host') namespaces.uts = joined.value.namespaces.uts;
  } else if (NetworkMode !== 'host') namespaces.net = 'new';
  if (UTSMode !== 'host' && namespaces.uts === undefined) namespaces.uts = 'new';
  return ok(namespaces);
}

/** The limits of a container, as its host settings have them. */
export function resourcesOf({ hostConfig }: Container, fs: FileSystem): ContainerResources {
  const { Memory, MemorySwap, MemoryReservation, NanoCpus, CpuQuota, CpuPeriod, CpuShares, PidsLimit } = hostConfig;
  const { CpusetCpus, CpusetMems, BlkioWeight, OomKillDisable } = hostConfig;
  const quota = NanoCpus > 0 ? NanoCpus / 10_000 : CpuQuota;
  const ioMax = throttles(hostConfig, fs);
  return {
    ...(Memory > 0 ? { memory: Memory, memorySwap: MemorySwap === 0 ? Memory * 2 : MemorySwap } : {}),
    ...(MemoryReservation > 0 ? { memoryReservation: MemoryReservation } : {}),
    ...(OomKillDisable === null ? {} : { oomKillDisable: OomKillDisable }),
    ...(quota > 0 ? { cpuQuota: quota, cpuPeriod: CpuPeriod > 0 ? CpuPeriod : 100_000 } : {}),
    ...(CpuShares > 0 ? { cpuShares: CpuShares } : {}),
    ...(PidsLimit !== null && PidsLimit > 0 ? { pids: PidsLimit } : {}),
    ...(CpusetCpus === '' ? {} : { cpus: CpusetCpus }),
    ...(CpusetMems === '' ? {} : { mems: CpusetMems }),
    ...(BlkioWeight > 0 ? { blkioWeight: BlkioWeight } : {}),
    ...(ioMax.length > 0 ? { ioMax } : {}),
  };
}

/** `254:0 rbps=1048576`: the devices that `--device-read-bps` and the like name. */
function throttles(hostConfig: HostConfig, fs: FileSystem): readonly string[] {
  const { BlkioDeviceReadBps, BlkioDeviceWriteBps, BlkioDeviceReadIOps, BlkioDeviceWriteIOps } = hostConfig;
  const kinds = [
    ['rbps', BlkioDeviceReadBps],
    ['wbps', BlkioDeviceWriteBps],
    ['riops', BlkioDeviceReadIOps],
    ['wiops', BlkioDeviceWriteIOps],
  ] as const;
  return kinds.flatMap(([name, list]) =>
    (list ?? []).flatMap(({ Path, Rate }) => {
      const stat = fs.stat(Path);
      const rdev = stat.ok ? stat.value.rdev : undefined;
      return rdev === undefined ? [] : [`${rdev.major}:${rdev.minor} ${name}=${Rate}`];
    }),
  );
}
