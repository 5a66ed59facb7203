import { encode } from '../../linux/io/bytes';
import type { FileSystem } from '../../linux/fs/types';
import type { ContainerHost } from '../host';
import { sha256Hex } from '../images/digest';
import { cgroupVersion } from '../runc/cgroups';
import { ociConfig } from '../runc/oci-config';
import { runcState } from '../runc/state';
import type { ContainerSpec } from '../runc/spec';

/** What containerd puts into a task's bundle before its shim runs (core/runtime/v2/bundle.go). */
export function writeBundle(fs: FileSystem, bundle: string, spec: ContainerSpec): void {
  fs.mkdirAll(bundle.slice(0, bundle.lastIndexOf('/')), 0o711);
  fs.mkdirAll(bundle, 0o700);
  fs.mkdirAll(`${bundle}/rootfs`, 0o711);
  const files: readonly (readonly [string, string, number])[] = [
    ['bootstrap.json', bootstrap(bundle), 0o644],
    ['log.json', '', 0o644],
    ['options.json', JSON.stringify(runtimeOptions(cgroupVersion(fs) === 2)), 0o600],
    ['runtime', 'runc', 0o600],
    ['shim-binary-path', '/usr/bin/containerd-shim-runc-v2', 0o600],
  ];
  for (const [name, content, mode] of files) fs.writeFile(`${bundle}/${name}`, content, mode);
  // Some 10 kB that are made when somebody looks: runc itself gets the specification.
  fs.writeFile(
    `${bundle}/config.json`,
    { size: 8192, exact: false, make: () => encode(JSON.stringify(ociConfig(spec))) },
    0o644,
  );
  fs.mknod(`${bundle}/log`, 'fifo', 0o700);
  fs.symlink(bundle.replace('/run/', '/var/lib/'), `${bundle}/work`);
}

/** Where the shim listens: its socket has a digest of the address, namespace and id for a name. */
const bootstrap = (bundle: string): string =>
  `{"version":3,"address":"unix:///run/containerd/s/${sha256Hex(bundle)}","protocol":"ttrpc"}`;

/** runtimeoptions.Options of runc's shim, as dockerd gives them. */
const runtimeOptions = (systemd: boolean): object => ({
  binary_name: 'runc',
  root: RUNC_ROOT,
  ...(systemd ? { systemd_cgroup: true } : {}),
});

const RUNC_ROOT = '/var/run/docker/runtime-runc';

/** The same as a message of protobuf: binary_name is its sixth field, root the seventh, systemd_cgroup the ninth. */
export function encodedOptions(fs: FileSystem): string {
  const text = (tag: number, value: string): string => String.fromCharCode((tag << 3) | 2, value.length) + value;
  return btoa(text(6, 'runc') + text(7, RUNC_ROOT) + (cgroupVersion(fs) === 2 ? '\x48\x01' : ''));
}

const stateOf = (id: string): string => `${RUNC_ROOT.replace('/var', '')}/moby/${id}`;

/** What runc keeps of a container that it started. */
export function writeState(fs: FileSystem, spec: ContainerSpec, init: Parameters<typeof runcState>[1]): void {
  const folder = stateOf(init.id);
  fs.mkdirAll(folder, 0o711);
  const make = () => encode(JSON.stringify(runcState(spec, init)));
  fs.writeFile(`${folder}/state.json`, { size: 8192, exact: false, make }, 0o600);
}

/** `runc delete`. */
export const removeState = (fs: FileSystem, id: string): void => void fs.removeAll(stateOf(id));

/** The pid of the container's first process, for runc. */
export const writeInitPid = (fs: FileSystem, bundle: string, pid: number): void =>
  void fs.writeFile(`${bundle}/init.pid`, String(pid));

/** What PID 1 says of the scope that runc asks it for, and of its end. */
export function tellSystemd({ init }: ContainerHost, { cgroupsPath }: ContainerSpec, started: boolean): void {
  const unit = cgroupsPath.slice(cgroupsPath.lastIndexOf('/') + 1);
  const id = /^docker-([0-9a-f]+)\.scope$/.exec(unit)?.[1];
  if (id === undefined) return;
  const message = started ? `Started ${unit} - libcontainer container ${id}.` : `${unit}: Deactivated successfully.`;
  init.host.systemd?.log({ unit, message, priority: 6 });
}
