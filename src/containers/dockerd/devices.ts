import { err, ok, type Result } from '../../sim/result';
import type { FileSystem, Stat } from '../../linux/fs/types';
import type { SpecDevice } from '../runc/spec';
import type { HostConfig } from './api-types';

/** Below /dev, but nobody's devices (containerd oci/utils_unix.go, getDevices). */
const skipped = new Set(['pts', 'shm', 'fd', 'mqueue', '.lxc', '.lxd-mounts', '.udev', 'console']);

/** The device nodes of a container (daemon/oci_linux.go, WithDevices): all of the host's with `--privileged`. */
export function devicesOf(fs: FileSystem, hostConfig: HostConfig): Result<readonly SpecDevice[], string> {
  const { Privileged, Devices, DeviceRequests } = hostConfig;
  const devices: SpecDevice[] = Privileged ? [...hostDevices(fs, '/dev')] : [];
  for (const { PathOnHost, PathInContainer } of Devices ?? []) {
    const stat = fs.stat(PathOnHost);
    if (!stat.ok)
      return err(
        `error gathering device information while adding custom device ${JSON.stringify(PathOnHost)}: no such file or directory`,
      );
    const device = deviceOf(PathInContainer, stat.value);
    const below = stat.value.type === 'directory' ? [...hostDevices(fs, PathOnHost)] : [];
    if (device !== undefined) devices.push(device);
    else if (below.length > 0)
      devices.push(
        ...below.map((found) => ({ ...found, path: PathInContainer + found.path.slice(PathOnHost.length) })),
      );
    else
      return err(
        `error gathering device information while adding custom device ${JSON.stringify(PathOnHost)}: not a device node`,
      );
  }
  const { BlkioDeviceReadBps, BlkioDeviceWriteBps, BlkioDeviceReadIOps, BlkioDeviceWriteIOps } = hostConfig;
  for (const list of [BlkioDeviceReadBps, BlkioDeviceWriteBps, BlkioDeviceReadIOps, BlkioDeviceWriteIOps])
    for (const { Path } of list ?? []) if (!fs.stat(Path).ok) return err(`stat ${Path}: no such file or directory`);
  const [request] = DeviceRequests ?? [];
  // No driver for accelerators is registered: there is none in this machine.
  if (request !== undefined) {
    const wanted = (request.Capabilities ?? []).map((all) => `[${all.join(' ')}]`).join(' ');
    return err(`could not select device driver ${JSON.stringify(request.Driver)} with capabilities: [${wanted}]`);
  }
  return ok(devices);
}

function* hostDevices(fs: FileSystem, folder: string): Iterable<SpecDevice> {
  const listed = fs.readdir(folder);
  if (!listed.ok) return;
  for (const { name } of listed.value) {
    const path = `${folder}/${name}`;
    const stat = fs.lstat(path);
    if (!stat.ok || skipped.has(name)) continue;
    if (stat.value.type === 'directory') yield* hostDevices(fs, path);
    const device = deviceOf(path, stat.value);
    if (device !== undefined && device.type !== 'fifo') yield device;
  }
}

function deviceOf(path: string, { type, rdev, mode }: Stat): SpecDevice | undefined {
  if (type !== 'char' && type !== 'block' && type !== 'fifo') return undefined;
  return { path, type, major: rdev?.major ?? 0, minor: rdev?.minor ?? 0, mode };
}
