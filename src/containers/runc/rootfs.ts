import { createTree, type Namespace, type TreeEntry } from '../../linux/fs';
import type { FileSystem, MountOptions } from '../../linux/fs/types';
import { encode } from '../../linux/io/bytes';
import type { Process } from '../../linux/process/types';
import type { Sys } from '../../linux/errno';
import { err, ok, type Result } from '../../sim/result';
import { lower } from './look-path';
import { cgroupFile, cgroupVersion, hierarchiesOn, settingsFor } from './cgroups';
import type { ContainerSpec, SpecDevice, SpecMount } from './spec';

/** What a fresh /dev holds (libcontainer/rootfs_linux.go, createDevices and setupDevSymlinks), with its mount points. */
const devTree = createTree(
  () => [
    ...[
      ['null', 1, 3],
      ['zero', 1, 5],
      ['full', 1, 7],
      ['random', 1, 8],
      ['urandom', 1, 9],
      ['tty', 5, 0],
    ].map(([name, major, minor]): [string, TreeEntry] => [
      `/${name}`,
      { type: 'char', mode: 0o666, rdev: { major: Number(major), minor: Number(minor) } },
    ]),
    ...Object.entries({
      fd: '/proc/self/fd',
      stdin: '/proc/self/fd/0',
      stdout: '/proc/self/fd/1',
      stderr: '/proc/self/fd/2',
      ptmx: 'pts/ptmx',
    }).map(([name, target]): [string, TreeEntry] => [`/${name}`, { type: 'symlink', target }]),
    ...['pts', 'shm', 'mqueue'].map((name): [string, TreeEntry] => [`/${name}`, { type: 'directory' }]),
  ],
  { mtime: 'mounted' },
);

/** Where nobody says what a container may not write to (Kubernetes' pods). */
const readOnly = ['/proc/sys'];

/**
 * What `runc init` does in the container's new namespaces: mounts below the root, devices, pivot_root, hostname, limits
 * (libcontainer/rootfs_linux.go). Gives runc's error text.
 */
export function prepareRootfs(child: Process, spec: ContainerSpec): Result<void, string> {
  const { fs } = child;
  const root = spec.root.path;
  for (const mount of spec.mounts) {
    const problem =
      mount.type === 'cgroup2' && cgroupVersion(fs) === 1
        ? mountHierarchies(fs, mount, spec)
        : mountInto(fs, root, mount);
    if (problem !== undefined) return err(problem);
    if (mount.destination === '/dev') (child.namespaces.mnt as Namespace).mountTree(`${root}/dev`, devTree);
  }
  const { umask } = child;
  child.umask = 0;
  for (const device of spec.devices ?? []) makeDevice(fs, root, device);
  child.umask = umask;
  const pivot = fs.pivotRoot(root);
  if (!pivot.ok) return err(`pivot_root ${root}: ${lower(pivot.error.message)}`);
  for (const [name, value] of Object.entries(spec.sysctls ?? {})) {
    const written = writeSysctl(child, name, value);
    if (!written.ok)
      return err(
        `write sysctl key ${name}: open /proc/sys/${name.replaceAll('.', '/')}: ${lower(written.error.message)}`,
      );
  }
  for (const path of spec.readonlyPaths ?? (spec.privileged === true ? [] : readOnly))
    fs.mount({ source: path, target: path, type: 'bind', readOnly: true });
  maskAll(fs, spec.maskedPaths ?? []);
  if (spec.root.readonly === true)
    fs.mount({ source: '/', target: '/', type: 'bind', readOnly: true, options: { remount: true } });
  if (spec.hostname !== undefined && spec.namespaces.uts === 'new') child.namespaces.uts.hostname = spec.hostname;
  return ok(undefined);
}

function writeSysctl(child: Process, name: string, value: string): Sys<void> {
  if (name.startsWith('net.')) return child.net.setSysctl(name, value);
  const opened = child.fs.open(`/proc/sys/${name.replaceAll('.', '/')}`, { write: true });
  if (!opened.ok) return opened;
  opened.value.retain();
  const written = opened.value.write(encode(value));
  opened.value.release();
  return written === 'wait' || written.ok ? ok(undefined) : written;
}

/**
 * What is masked is hidden below something empty: a file behind /dev/null, directories below one tmpfs, which the first
 * gets and the others are bound to (libcontainer's maskPaths).
 */
function maskAll(fs: FileSystem, paths: readonly string[]): void {
  let empty: string | undefined;
  for (const target of paths) {
    const stat = fs.stat(target);
    if (!stat.ok) continue;
    if (stat.value.type !== 'directory') fs.mount({ source: '/dev/null', target, type: 'bind' });
    else if (empty !== undefined) fs.mount({ source: empty, target, type: 'bind', readOnly: true });
    else if (fs.mount({ source: 'tmpfs', target, type: 'tmpfs', readOnly: true, options: emptyTmpfs }).ok)
      empty = target;
  }
}

const emptyTmpfs = { size: '4k', nr_inodes: '1' } as const;

function makeDevice(fs: FileSystem, root: string, { path, type, major, minor, mode }: SpecDevice): void {
  const target = root + path;
  fs.mkdirAll(target.slice(0, target.lastIndexOf('/')), 0o755);
  if (!fs.lstat(target).ok) fs.mknod(target, type, mode, { major, minor });
}

function mountInto(fs: FileSystem, root: string, mount: SpecMount): string | undefined {
  const target = root + mount.destination;
  const options: MountOptions = {
    source: mount.source,
    target,
    type: mount.type === 'bind' && mount.options?.['rbind'] === true ? 'rbind' : mount.type,
    readOnly: mount.readonly === true,
    ...(mount.options === undefined ? {} : { options: mount.options }),
  };
  // A tmpfs is made writable, and only what the container sees of it is not.
  if (mount.type === 'tmpfs' && (mount.readonly === true || mount.options?.['ro'] === true)) {
    const { ro: _, ...others } = mount.options ?? {};
    const problem = mountInto(fs, root, { ...mount, readonly: false, options: others });
    if (problem !== undefined) return problem;
    const remount = { ...options, type: 'bind', readOnly: true, options: { ...others, remount: true } } as const;
    const made = fs.mount(remount);
    return made.ok ? undefined : mountError(mount, lower(made.error.message));
  }
  const mounted = fs.mount(options);
  if (mounted.ok) return undefined;
  if (mounted.error.code !== 'ENOENT') return mountError(mount, lower(mounted.error.message));
  const made = makeTarget(fs, target, mount);
  if (!made.ok)
    return mountError(mount, `create mountpoint for ${mount.destination} mount: ${lower(made.error.message)}`);
  const again = fs.mount(options);
  return again.ok ? undefined : mountError(mount, lower(again.error.message));
}

/**
 * cgroups v1: a tmpfs with a mount of each hierarchy, of which the container sees its own group (libcontainer's
 * mountCgroupV1): in a namespace of its own as the root, else because only that folder is bound.
 */
function mountHierarchies(
  fs: FileSystem,
  mount: SpecMount,
  { root, cgroupsPath, namespaces }: ContainerSpec,
): string | undefined {
  const { destination, options = {}, readonly = false } = mount;
  const problem = mountInto(fs, root.path, {
    destination,
    type: 'tmpfs',
    source: 'tmpfs',
    options: { ...options, mode: '755' },
  });
  if (problem !== undefined) return problem;
  for (const { folder, option } of hierarchiesOn(fs)) {
    const own = { destination: `${destination}/${folder}`, readonly };
    const failed =
      namespaces.cgroup === undefined
        ? mountInto(fs, root.path, { ...own, type: 'bind', source: `/sys/fs/cgroup/${folder}${cgroupsPath}`, options })
        : mountInto(fs, root.path, {
            ...own,
            type: 'cgroup',
            source: 'cgroup',
            options: { ...options, [option]: true },
          });
    if (failed !== undefined) return failed;
  }
  return undefined;
}

function mountError({ source, destination, type, options = {} }: SpecMount, reason: string): string {
  const text = `error mounting ${JSON.stringify(source)} to rootfs at ${JSON.stringify(destination)}: `;
  if (reason !== 'not a directory' || type !== 'bind') return text + reason;
  // libcontainer/mount_linux.go: the descriptor is the next that runc init has free.
  const flags = options['rbind'] === true ? 'MS_BIND|MS_REC' : 'MS_BIND';
  return (
    `${text}mount src=${source}, dst=${destination}, dstFd=/proc/thread-self/fd/14, flags=${flags}: ${reason}: ` +
    'Are you trying to mount a directory onto a file (or vice-versa)? ' +
    'Check if the specified host path exists and is the expected type'
  );
}

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

/**
 * Writes the limits into the container's cgroup, as seen from the host. A limit that cannot be set is an error: nothing
 * must run unlimited that was to be limited.
 */
export function applyResources(
  host: FileSystem,
  { cgroupsPath, resources = {} }: Pick<ContainerSpec, 'cgroupsPath' | 'resources'>,
): Result<void, string> {
  const version = cgroupVersion(host);
  for (const [file, value] of settingsFor(version, resources)) {
    const path = cgroupFile(version, cgroupsPath, file);
    // Opened without O_CREAT: only a file of the cgroup file system takes a limit.
    const opened = host.open(path, { write: true });
    if (!opened.ok)
      return err(`error setting cgroup config for procHooks process: openat2 ${path}: ${lower(opened.error.message)}`);
    opened.value.retain();
    const written = opened.value.write(encode(value));
    opened.value.release();
    if (written === 'wait' || !written.ok) {
      const why = written === 'wait' ? 'resource temporarily unavailable' : lower(written.error.message);
      return err(
        `error setting cgroup config for procHooks process: failed to write "${value}": write ${path}: ${why}`,
      );
    }
  }
  return ok(undefined);
}
