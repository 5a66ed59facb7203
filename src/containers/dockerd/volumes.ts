import { emptyBolt } from './disk/bolt';
import { ok, type Result } from '../../sim/result';
import type { Clock } from '../../sim/clock';
import type { FileSystem } from '../../linux/fs/types';
import type { Random } from '../../sim/random';
import type { SpecMount } from '../runc/spec';
import { refuse, type ApiError } from './api-types';
import { checkLocalOptions, mountLocal } from './local-volume';

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
  /** Of mounts below it, to and from the host; absent: rprivate. */
  readonly propagation?: string;
  /** False: without what is mounted below the source. */
  readonly recursive?: boolean;
}

const root = '/var/lib/docker/volumes';

/** The local volume driver. */
export class Volumes {
  readonly #byName = new Map<string, Volume>();
  /** Containers that run with a volume. */
  readonly #users = new Map<string, Set<string>>();

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
    const wrong = checkLocalOptions(options);
    if (wrong !== undefined) return refuse(400, `create ${name}: ${wrong}`);
    const unnamed = name === '';
    const chosen = unnamed ? this.random.hex(64) : name;
    const mountpoint = `${root}/${chosen}/_data`;
    this.setUp();
    this.fs.mkdir(`${root}/${chosen}`, 0o701);
    this.fs.mkdir(mountpoint, 0o755);
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

  /** The driver's folder, with the block device of its file system (volume/local, quota) and what the store knows. */
  setUp(): void {
    if (this.fs.stat(root).ok) return;
    this.fs.mkdirAll(root, 0o701);
    this.fs.mknod(`${root}/backingFsBlockDev`, 'block', 0o600, { major: 254, minor: 0 });
    this.fs.writeFile(`${root}/metadata.db`, emptyBolt, 0o600);
  }

  /** A container begins to use a volume: what its options name is mounted for the first. */
  mount(volume: Volume, user: string): Result<void, string> {
    const users = this.#users.get(volume.name) ?? new Set();
    if (users.size === 0 && volume.options !== null) {
      const mounted = mountLocal(this.fs, volume.options, volume.mountpoint);
      if (!mounted.ok) return mounted;
    }
    users.add(user);
    this.#users.set(volume.name, users);
    return ok(undefined);
  }

  /** The last to leave takes the mount away; false if that container did not use it. */
  unmount(volume: Volume, user: string): boolean {
    const users = this.#users.get(volume.name);
    if (users?.delete(user) !== true) return false;
    if (users.size === 0 && volume.options !== null) this.fs.umount(volume.mountpoint);
    return true;
  }

  remove(volume: Volume): void {
    this.fs.removeAll(`${root}/${volume.name}`);
    this.#byName.delete(volume.name);
  }
}

/** As an OCI mount. */
export function specMount({
  type,
  source,
  destination,
  writable,
  mode,
  propagation,
  recursive,
}: MountPoint): SpecMount {
  if (type === 'tmpfs') return { destination, type: 'tmpfs', source: 'tmpfs', options: tmpfsOptions(mode) };
  return {
    destination,
    type: 'bind',
    source,
    readonly: !writable,
    options: { [recursive === false ? 'bind' : 'rbind']: true, [propagation ?? 'rprivate']: true },
  };
}

const opposite: Readonly<Record<string, string>> = {
  noexec: 'exec',
  exec: 'noexec',
  nosuid: 'suid',
  suid: 'nosuid',
  nodev: 'dev',
  dev: 'nodev',
  ro: 'rw',
  rw: 'ro',
};

/** Of words that contradict each other the last counts (moby/sys/mount, MergeTmpfsOptions). */
function tmpfsOptions(mode: string): Readonly<Record<string, string | true>> {
  const merged = new Map<string, string | true>(['noexec', 'nosuid', 'nodev'].map((word) => [word, true]));
  for (const word of mode === '' ? [] : mode.split(',')) {
    const equals = word.indexOf('=');
    const [name, value] = equals < 0 ? [word, true as const] : [word.slice(0, equals), word.slice(equals + 1)];
    const against = opposite[name];
    if (against !== undefined) merged.delete(against);
    merged.set(name, value);
  }
  return Object.fromEntries(merged);
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
    if (type !== 'symlink') fs.utimes(target, stat.value.atime, stat.value.mtime);
  }
}
