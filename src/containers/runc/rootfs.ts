import type { FileSystem } from '../../linux/fs/types';
import type { Process } from '../../linux/process/types';
import type { Sys } from '../../linux/errno';
import { err, ok, type Result } from '../../sim/result';
import { lower } from './look-path';
import { cgroupSettings, type ContainerSpec, type SpecMount } from './spec';

const devices = [
  ['null', 1, 3],
  ['zero', 1, 5],
  ['full', 1, 7],
  ['random', 1, 8],
  ['urandom', 1, 9],
  ['tty', 5, 0],
] as const;

const links = [
  ['/proc/self/fd', 'fd'],
  ['/proc/self/fd/0', 'stdin'],
  ['/proc/self/fd/1', 'stdout'],
  ['/proc/self/fd/2', 'stderr'],
  ['pts/ptmx', 'ptmx'],
] as const;

/** Files of /proc that a container may not read (moby oci/defaults.go, MaskedPaths), hidden behind /dev/null. */
const masked = ['/proc/interrupts', '/proc/kcore', '/proc/keys', '/proc/timer_list'];
const readOnly = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/**
 * What `runc init` does in the container's new namespaces: mounts below the root, devices, pivot_root, hostname, limits
 * (libcontainer/rootfs_linux.go). Gives runc's error text.
 */
export function prepareRootfs(child: Process, spec: ContainerSpec): Result<void, string> {
  const { fs } = child;
  const root = spec.root.path;
  for (const mount of spec.mounts) {
    const problem = mountInto(fs, root, mount);
    if (problem !== undefined) return err(problem);
    if (mount.destination === '/dev') makeDevices(fs, root);
  }
  const pivot = fs.pivotRoot(root);
  if (!pivot.ok) return err(`pivot_root ${root}: ${lower(pivot.error.message)}`);
  if (spec.privileged !== true && spec.mounts.some(({ destination }) => destination === '/proc')) mask(fs);
  if (spec.root.readonly === true)
    fs.mount({ source: '/', target: '/', type: 'bind', readOnly: true, options: { remount: true } });
  if (spec.hostname !== undefined && spec.namespaces.uts === 'new') child.namespaces.uts.hostname = spec.hostname;
  for (const [name, value] of Object.entries(spec.sysctls ?? {})) {
    if (name.startsWith('net.')) child.net.setSysctl(name, value);
  }
  return ok(undefined);
}

function mountInto(fs: FileSystem, root: string, mount: SpecMount): string | undefined {
  const target = root + mount.destination;
  const there = makeTarget(fs, target, mount);
  if (!there.ok)
    return mountError(mount, `create mountpoint for ${mount.destination} mount: ${lower(there.error.message)}`);
  const options = mount.options === undefined ? {} : { options: mount.options };
  const mounted = fs.mount({
    source: mount.source,
    target,
    type: mount.type,
    readOnly: mount.readonly === true,
    ...options,
  });
  return mounted.ok ? undefined : mountError(mount, lower(mounted.error.message));
}

const mountError = ({ source, destination }: SpecMount, reason: string): string =>
  `error mounting ${JSON.stringify(source)} to rootfs at ${JSON.stringify(destination)}: ${reason}`;

/** A mount point is made if it is missing: a directory, or a file where a file is bound. */
function makeTarget(fs: FileSystem, target: string, mount: SpecMount): Sys<void> {
  const existing = fs.stat(target);
  if (existing.ok) return ok(undefined);
  const source = mount.type === 'bind' ? fs.stat(mount.source) : undefined;
  if (source !== undefined && !source.ok) return source;
  if (source === undefined || source.value.type === 'directory') return fs.mkdirAll(target, 0o755);
  const folder = fs.mkdirAll(target.slice(0, target.lastIndexOf('/')) || '/', 0o755);
  return folder.ok ? fs.writeFile(target, '', 0o755) : folder;
}

function makeDevices(fs: FileSystem, root: string): void {
  for (const [name, major, minor] of devices) fs.mknod(`${root}/dev/${name}`, 'char', 0o666, { major, minor });
  for (const [target, name] of links) fs.symlink(target, `${root}/dev/${name}`);
}

function mask(fs: FileSystem): void {
  for (const path of readOnly) {
    if (fs.stat(path).ok) fs.mount({ source: path, target: path, type: 'bind', readOnly: true });
  }
  for (const path of masked) {
    if (fs.stat(path).ok) fs.mount({ source: '/dev/null', target: path, type: 'bind' });
  }
}

/** Writes the limits into the container's cgroup, as seen from the host. */
export function applyResources(host: FileSystem, spec: Pick<ContainerSpec, 'cgroupsPath' | 'resources'>): void {
  for (const [file, value] of cgroupSettings(spec.resources ?? {}))
    host.writeFile(`/sys/fs/cgroup${spec.cgroupsPath}/${file}`, value);
}
