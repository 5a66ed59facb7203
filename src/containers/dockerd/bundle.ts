import { encode } from '../../linux/io/bytes';
import type { FileSystem } from '../../linux/fs/types';
import { ociConfig } from '../runc/oci-config';
import type { ContainerSpec } from '../runc/spec';

/** What containerd puts into a task's bundle before its shim runs (core/runtime/v2/bundle.go). */
export function writeBundle(fs: FileSystem, bundle: string, spec: ContainerSpec): void {
  fs.mkdirAll(bundle, 0o700);
  fs.mkdirAll(`${bundle}/rootfs`, 0o711);
  const files: readonly (readonly [string, string, number])[] = [
    ['bootstrap.json', '{"version":3,"address":"unix:///run/containerd/s/shim","protocol":"ttrpc"}', 0o644],
    ['log.json', '', 0o644],
    ['options.json', '{"systemd_cgroup":true,"type_url":"containerd.runc.v1.Options"}', 0o600],
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

/** The pid of the container's first process, for runc. */
export const writeInitPid = (fs: FileSystem, bundle: string, pid: number): void =>
  void fs.writeFile(`${bundle}/init.pid`, String(pid));
