import { err, ok, type Result } from '../../sim/result';
import type { Clock } from '../../sim/clock';
import type { FileSystem } from '../../linux/fs/types';
import type { Random } from '../../sim/random';
import type { SpecMount } from '../runc/spec';
import { refuse, type ApiError, type ContainerCreate } from './api-types';

export interface Volume {
  readonly name: string;
  readonly createdAt: number;
  readonly driver: string;
  readonly mountpoint: string;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly options: Readonly<Record<string, string>> | null;
  /** Made for a container that did not name it. */
  readonly anonymous: boolean;
}

/** Something mounted into a container. */
export interface MountPoint {
  readonly type: 'bind' | 'volume' | 'tmpfs';
  readonly volume?: Volume;
  readonly source: string;
  readonly destination: string;
  readonly mode: string;
  readonly writable: boolean;
  /** Copies what the image has there into an empty volume. */
  readonly copyUp: boolean;
}

const root = '/var/lib/docker/volumes';

/** The local volume driver. */
export class Volumes {
  readonly #byName = new Map<string, Volume>();

  constructor(
    readonly fs: FileSystem,
    readonly clock: Clock,
    readonly random: Random,
  ) {}

  list(): readonly Volume[] {
    return [...this.#byName.values()];
  }

  get(name: string): Volume | undefined {
    return this.#byName.get(name);
  }

  create(
    name: string,
    {
      driver = 'local',
      labels = null,
      options = null,
      anonymous = false,
    }: Partial<Pick<Volume, 'driver' | 'labels' | 'options' | 'anonymous'>> = {},
  ): Result<Volume, ApiError> {
    if (name.length === 1)
      return refuse(
        400,
        `create ${name}: volume name is too short, names should be at least two alphanumeric characters`,
      );
    if (name !== '' && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) {
      return refuse(
        400,
        `create ${name}: ${JSON.stringify(name)} includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`,
      );
    }
    if (driver !== 'local')
      return refuse(404, `create ${name}: error looking up volume plugin ${driver}: plugin "${driver}" not found`);
    const existing = this.#byName.get(name);
    if (existing !== undefined) return ok(existing);
    const unnamed = name === '';
    const chosen = unnamed ? this.random.hex(64) : name;
    const mountpoint = `${root}/${chosen}/_data`;
    this.fs.mkdirAll(mountpoint, 0o755);
    const volume: Volume = {
      name: chosen,
      createdAt: this.clock.now,
      driver,
      mountpoint,
      labels: unnamed || anonymous ? { ...labels, 'com.docker.volume.anonymous': '' } : labels,
      options,
      anonymous: unnamed || anonymous,
    };
    this.#byName.set(chosen, volume);
    return ok(volume);
  }

  remove(volume: Volume): void {
    this.fs.removeAll(`${root}/${volume.name}`);
    this.#byName.delete(volume.name);
  }

  /** The mounts that a create request and its image ask for; volumes are made as needed. */
  mountsOf(request: ContainerCreate, imageVolumes: readonly string[]): Result<readonly MountPoint[], ApiError> {
    const mounts: MountPoint[] = [];
    const { Binds, Mounts = [], Tmpfs = {} } = request.HostConfig ?? {};
    for (const bind of Binds ?? []) {
      const mount = this.#bind(bind);
      if (!mount.ok) return mount;
      mounts.push(mount.value);
    }
    for (const { Type, Source = '', Target, ReadOnly = false } of Mounts) {
      if (Type === 'tmpfs') {
        mounts.push({ type: 'tmpfs', source: '', destination: Target, mode: '', writable: true, copyUp: false });
        continue;
      }
      if (Type === 'bind') {
        if (!this.fs.stat(Source).ok)
          return refuse(400, `invalid mount config for type "bind": bind source path does not exist: ${Source}`);
        mounts.push({
          type: 'bind',
          source: Source,
          destination: Target,
          mode: '',
          writable: !ReadOnly,
          copyUp: false,
        });
        continue;
      }
      const volume = this.create(Source);
      if (!volume.ok) return volume;
      mounts.push(volumeMount(volume.value, Target, 'z', !ReadOnly));
    }
    for (const [destination, mode] of Object.entries(Tmpfs))
      mounts.push({ type: 'tmpfs', source: '', destination, mode, writable: true, copyUp: false });
    for (const path of [...Object.keys(request.Volumes ?? {}), ...imageVolumes]) {
      if (mounts.some(({ destination }) => destination === path)) continue;
      const volume = this.create('');
      if (!volume.ok) return volume;
      mounts.push(volumeMount(volume.value, path, '', true));
    }
    const twice = mounts.find(
      (mount, index) => mounts.findIndex((other) => other.destination === mount.destination) !== index,
    );
    if (twice !== undefined) return refuse(400, `Duplicate mount point: ${twice.destination}`);
    return ok(mounts);
  }

  /** `source:destination[:mode]` of `-v`. */
  #bind(text: string): Result<MountPoint, ApiError> {
    const [source = '', destination = '', mode = ''] = text.split(':');
    const bad = (why: string) => refuse(400, `invalid volume specification: '${text}': ${why}`);
    if (!destination.startsWith('/'))
      return bad(
        `invalid mount config for type "${source.startsWith('/') ? 'bind' : 'volume'}": invalid mount path: '${destination}' mount path must be absolute`,
      );
    if (destination === '/')
      return refuse(
        400,
        `invalid volume specification: '${text}': invalid mount config for type "${source.startsWith('/') ? 'bind' : 'volume'}": invalid specification: destination can't be '/'`,
      );
    const words = mode === '' ? [] : mode.split(',');
    if (words.some((word) => !modes.has(word))) return refuse(400, `invalid mode: ${mode}`);
    const writable = !words.includes('ro');
    if (source.startsWith('/')) {
      // The engine makes a missing directory, as it always has.
      if (!this.fs.stat(source).ok) this.fs.mkdirAll(source, 0o755);
      return ok({ type: 'bind', source, destination, mode, writable, copyUp: false });
    }
    const volume = this.create(source);
    if (!volume.ok) return err(volume.error);
    return ok({
      ...volumeMount(volume.value, destination, mode === '' ? 'z' : mode, writable),
      copyUp: !words.includes('nocopy'),
    });
  }
}

const modes = new Set([
  'ro',
  'rw',
  'z',
  'Z',
  'nocopy',
  'rprivate',
  'private',
  'rshared',
  'shared',
  'rslave',
  'slave',
  'cached',
  'delegated',
  'consistent',
]);

const volumeMount = (volume: Volume, destination: string, mode: string, writable: boolean): MountPoint => ({
  type: 'volume',
  volume,
  source: volume.mountpoint,
  destination,
  mode,
  writable,
  copyUp: true,
});

/** As an OCI mount. */
export function specMount({ type, source, destination, writable, mode }: MountPoint): SpecMount {
  if (type === 'tmpfs') {
    const size = /size=(\w+)/.exec(mode)?.[1];
    return {
      destination,
      type: 'tmpfs',
      source: 'tmpfs',
      options: { nosuid: true, nodev: true, noexec: true, ...(size === undefined ? {} : { size }) },
    };
  }
  return { destination, type: 'bind', source, readonly: !writable, options: { rbind: true } };
}

/** Copies an image's directory into an empty volume (container.CopyImagePathContent). */
export function copyUp(fs: FileSystem, from: string, to: string): void {
  const there = fs.readdir(to);
  if (!there.ok || there.value.length > 0) return;
  copyTree(fs, from, to);
  const stat = fs.stat(from);
  if (!stat.ok) return;
  fs.chmod(to, stat.value.mode);
  fs.chown(to, stat.value.uid, stat.value.gid);
}

function copyTree(fs: FileSystem, from: string, to: string): void {
  const listed = fs.readdir(from);
  if (!listed.ok) return;
  for (const { name, type } of listed.value) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    const stat = fs.lstat(source);
    if (!stat.ok) continue;
    if (type === 'directory') {
      fs.mkdir(target, stat.value.mode);
      copyTree(fs, source, target);
    } else if (type === 'symlink') {
      const link = fs.readlink(source);
      if (link.ok) fs.symlink(link.value, target);
    } else {
      const bytes = fs.readFile(source);
      if (bytes.ok) fs.writeFile(target, bytes.value, stat.value.mode);
    }
    fs.chown(target, stat.value.uid, stat.value.gid, { noFollow: true });
  }
}
