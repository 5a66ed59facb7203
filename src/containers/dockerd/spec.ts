import { err, ok, type Result } from '../../sim/result';
import type { Namespaces } from '../../linux/process/types';
import type { ContainerHost } from '../host';
import { defaultMounts, type ContainerResources, type ContainerSpec, type SpecMount } from '../runc/spec';
import { resolveUser } from '../runc/user';
import { commandOf, type Container } from './container';
import { specMount } from './volumes';

export const containerFolder = (id: string): string => `/var/lib/docker/containers/${id}`;

/** The OCI specification of a container (daemon/oci_linux.go). `find` gives containers whose namespaces it may share. */
export function dockerSpec(
  container: Container,
  host: ContainerHost,
  find: (name: string) => Container | undefined,
): Result<ContainerSpec, string> {
  const { config, hostConfig, snapshot, id } = container;
  const user = resolveUser(host.fs, snapshot.target, config.User, hostConfig.GroupAdd ?? []);
  if (!user.ok) return user;
  const namespaces = namespacesOf(container, find);
  if (!namespaces.ok) return namespaces;
  const env = new Map<string, string>([
    ['PATH', standardPath],
    ['HOSTNAME', config.Hostname],
  ]);
  if (config.Tty === true) env.set('TERM', 'xterm');
  for (const entry of config.Env ?? []) {
    const equals = entry.indexOf('=');
    if (equals > 0) env.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  if (!env.has('HOME')) env.set('HOME', user.value.home);
  return ok({
    process: {
      args: commandOf(container),
      env,
      cwd: config.WorkingDir === '' ? '/' : config.WorkingDir,
      user: user.value,
      terminal: config.Tty === true,
    },
    root: { path: snapshot.target, readonly: hostConfig.ReadonlyRootfs },
    ...(hostConfig.UTSMode === 'host' || hostConfig.NetworkMode === 'host' ? {} : { hostname: config.Hostname }),
    mounts: mountsOf(container),
    cgroupsPath: `/system.slice/docker-${id}.scope`,
    resources: resourcesOf(container),
    namespaces: namespaces.value,
    ...(hostConfig.Privileged ? { privileged: true } : {}),
    ...(hostConfig.Sysctls === undefined ? {} : { sysctls: hostConfig.Sysctls }),
  });
}

const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function mountsOf({ id, hostConfig, mounts }: Container): readonly SpecMount[] {
  const folder = containerFolder(id);
  const base = hostConfig.Privileged
    ? defaultMounts.map((mount) => (mount.readonly === true ? { ...mount, readonly: false } : mount))
    : defaultMounts;
  const files = ['resolv.conf', 'hostname', 'hosts'].map((name): SpecMount => ({
    destination: `/etc/${name}`,
    type: 'bind',
    source: `${folder}/${name}`,
  }));
  const own = mounts.map(specMount).sort((a, b) => a.destination.split('/').length - b.destination.split('/').length);
  const given = new Set(own.map(({ destination }) => destination));
  return [...base, ...files].filter(({ destination }) => !given.has(destination)).concat(own);
}

function namespacesOf(
  { hostConfig }: Container,
  find: (name: string) => Container | undefined,
): Result<ContainerSpec['namespaces'], string> {
  const { NetworkMode, PidMode, IpcMode, UTSMode } = hostConfig;
  const namespaces: { -readonly [N in keyof Namespaces]?: 'new' | Namespaces[N] } = { mnt: 'new', cgroup: 'new' };
  const other = (mode: string) => {
    const name = mode.slice('container:'.length);
    const target = find(name);
    if (target === undefined) return err(`No such container: ${name}`);
    return target.process === undefined || target.process.exit !== undefined
      ? err(`cannot join network of a non running container: ${target.id}`)
      : ok(target.process.namespaces);
  };
  if (PidMode.startsWith('container:')) {
    const joined = other(PidMode);
    if (!joined.ok) return joined;
    namespaces.pid = joined.value.pid;
  } else if (PidMode !== 'host') namespaces.pid = 'new';
  if (IpcMode.startsWith('container:')) {
    const joined = other(IpcMode);
    if (!joined.ok) return joined;
    namespaces.ipc = joined.value.ipc;
  } else if (IpcMode !== 'host') namespaces.ipc = 'new';
  if (NetworkMode.startsWith('container:')) {
    const joined = other(NetworkMode);
    if (!joined.ok) return joined;
    namespaces.net = joined.value.net;
    namespaces.uts = joined.value.uts;
  } else if (NetworkMode !== 'host') namespaces.net = 'new';
  if (UTSMode !== 'host' && namespaces.uts === undefined && NetworkMode !== 'host') namespaces.uts = 'new';
  return ok(namespaces);
}

function resourcesOf({ hostConfig }: Container): ContainerResources {
  const { Memory, MemorySwap, NanoCpus, CpuQuota, CpuPeriod, CpuShares, PidsLimit } = hostConfig;
  const quota = NanoCpus > 0 ? NanoCpus / 10_000 : CpuQuota;
  return {
    ...(Memory > 0 ? { memory: Memory, memorySwap: MemorySwap > 0 ? MemorySwap : Memory * 2 } : {}),
    ...(quota > 0 ? { cpuQuota: quota, cpuPeriod: CpuPeriod > 0 ? CpuPeriod : 100_000 } : {}),
    ...(CpuShares > 0 ? { cpuShares: CpuShares } : {}),
    ...(PidsLimit !== null && PidsLimit > 0 ? { pids: PidsLimit } : {}),
  };
}
