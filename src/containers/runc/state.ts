import { ociConfig } from './oci-config';
import type { ContainerSpec } from './spec';

/** Of whom the state tells. */
interface InitProcess {
  readonly id: string;
  readonly bundle: string;
  readonly pid: number;
  /** Hundredths of a second from boot to the process's start (field 22 of /proc/<pid>/stat). */
  readonly start: number;
  /** Virtual milliseconds. */
  readonly created: number;
}

interface Mount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

/** mount(2)'s flags by the options' names (libcontainer/specconv, initMaps). */
const flags: Readonly<Record<string, number>> = {
  ro: 1,
  nosuid: 2,
  nodev: 4,
  noexec: 8,
  noatime: 1024,
  bind: 4096,
  rbind: 4096 | 16_384,
  relatime: 1 << 21,
  strictatime: 1 << 24,
};
const propagations: Readonly<Record<string, number>> = {
  private: 1 << 18,
  rprivate: (1 << 18) | 16_384,
  slave: 1 << 19,
  rslave: (1 << 19) | 16_384,
  shared: 1 << 20,
  rshared: (1 << 20) | 16_384,
};

function mountOf({ destination, type, source, options }: Mount): object {
  const propagation = options.flatMap((option) => propagations[option] ?? []);
  const data = options.filter((option) => !(option in flags) && !(option in propagations) && option !== 'rw');
  return {
    source,
    destination,
    device: type,
    flags: options.reduce((sum, option) => sum | (flags[option] ?? 0), 0),
    cleared_flags: options.includes('rw') ? 1 : 0,
    propagation_flags: propagation.length === 0 ? null : propagation,
    data: data.join(','),
    relabel: '',
    rec_attr: null,
    extensions: 0,
  };
}

/** What every container's /dev has (specconv.AllowedDevices). */
const devices = (
  [
    ['/dev/null', 1, 3],
    ['/dev/random', 1, 8],
    ['/dev/full', 1, 7],
    ['/dev/tty', 5, 0],
    ['/dev/zero', 1, 5],
    ['/dev/urandom', 1, 9],
  ] as const
).map(([path, major, minor]) => ({ type: 99, major, minor, permissions: 'rwm', allow: true, path, file_mode: 0o666 }));

const namespaceTypes: Readonly<Record<string, string>> = {
  mount: 'NEWNS',
  network: 'NEWNET',
  uts: 'NEWUTS',
  pid: 'NEWPID',
  ipc: 'NEWIPC',
  cgroup: 'NEWCGROUP',
};
const namespaceFiles: Readonly<Record<string, string>> = { mount: 'mnt', network: 'net' };

/** state.json below runc's root, by which `runc list`, `exec` and `kill` find a container (libcontainer.State). */
export function runcState(spec: ContainerSpec, { id, bundle, pid, start, created }: InitProcess): object {
  const config = ociConfig(spec) as {
    readonly mounts: readonly Mount[];
    readonly linux: { readonly namespaces: readonly { readonly type: string }[] };
  };
  const { process, root, hostname, cgroupsPath, maskedPaths, readonlyPaths, sysctls } = spec;
  const types = config.linux.namespaces.map(({ type }) => type);
  const scope = cgroupsPath.slice(cgroupsPath.lastIndexOf('/') + 1);
  return {
    id,
    init_process_pid: pid,
    init_process_start: start,
    created: new Date(created).toISOString(),
    config: {
      no_pivot_root: false,
      parent_death_signal: 0,
      rootfs: root.path,
      umask: null,
      readonlyfs: root.readonly === true,
      rootPropagation: 0,
      mounts: config.mounts.map(mountOf),
      devices,
      mount_label: '',
      hostname: hostname ?? '',
      namespaces: types.map((type) => ({ type: namespaceTypes[type] ?? type, path: '' })),
      networks: null,
      routes: null,
      cgroups: {
        name: id,
        path: '',
        scope_prefix: 'docker',
        cgroup_path: cgroupsPath,
        systemd: scope.endsWith('.scope'),
      },
      ...(process.apparmor === undefined ? {} : { apparmor_profile: process.apparmor }),
      oom_score_adj: process.oomScoreAdj ?? 0,
      uid_mappings: null,
      gid_mappings: null,
      mask_paths: maskedPaths ?? null,
      readonly_paths: readonlyPaths ?? null,
      sysctl: sysctls ?? null,
      no_new_privileges: process.noNewPrivileges === true,
      Hooks: null,
      version: '1.2.1',
      labels: [`bundle=${bundle}`],
      no_new_keyring: false,
    },
    rootless: false,
    cgroup_paths: { '': `/sys/fs/cgroup${cgroupsPath}` },
    namespace_paths: Object.fromEntries(
      types.map((type) => [namespaceTypes[type] ?? type, `/proc/${pid}/ns/${namespaceFiles[type] ?? type}`]),
    ),
    external_descriptors: ['/dev/null', `pipe:[${pid}1]`, `pipe:[${pid}2]`],
    intel_rdt_path: '',
  };
}
