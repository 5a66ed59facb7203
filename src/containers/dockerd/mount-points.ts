import { err, ok, type Result } from '../../sim/result';
import type { Image } from '../images/image';
import { refuse, type ApiError, type ContainerCreate, type HostConfig, type MountRequest } from './api-types';
import type { Engine } from './engine';
import { cleanPath, parseBind, parseVolumesFrom, tmpfsOptions } from './mount-parser';
import type { MountPoint, Volume } from './volumes';

/**
 * What a new container mounts (daemon/volumes.go, registerMountPoints): volumes of others, binds, mounts, and anonymous
 * volumes for what nothing else is mounted at. Where it fails, the anonymous volumes made for it go again.
 */
export function registerMountPoints(
  engine: Engine,
  request: ContainerCreate,
  hostConfig: HostConfig,
  image: Image,
): Result<readonly MountPoint[], ApiError> {
  const points = new Map<string, MountPoint>();
  const made: Volume[] = [];
  const filled = fill(engine, request, hostConfig, image, points, made);
  if (filled.ok) return ok([...points.values()]);
  for (const volume of made) engine.volumes.remove(volume);
  return filled;
}

function fill(
  engine: Engine,
  request: ContainerCreate,
  { VolumesFrom, Binds, Mounts, Tmpfs = {}, VolumeDriver }: HostConfig,
  image: Image,
  points: Map<string, MountPoint>,
  made: Volume[],
): Result<void, ApiError> {
  for (const text of VolumesFrom ?? []) {
    const from = parseVolumesFrom(text);
    if (!from.ok) return refuse(400, from.error);
    const other = engine.find(from.value.container);
    if (!other.ok) return refuse(400, other.error.message);
    for (const point of other.value.mounts) {
      if (point.type === 'tmpfs') continue;
      const writable = point.writable && !from.value.readOnly;
      points.set(point.destination, { ...point, mode: '', writable, copyUp: false });
    }
  }
  const taken = new Set<string>();
  for (const bind of Binds ?? []) {
    const parsed = parseBind(bind, VolumeDriver);
    // What `-v` says is parsed while it is mounted: nobody has marked that as the client's fault.
    if (!parsed.ok) return refuse(500, parsed.error);
    const destination = cleanPath(parsed.value.mount.Target ?? '');
    if (taken.has(destination) || Object.hasOwn(Tmpfs, destination)) return twice(destination);
    const point = pointOf(engine, parsed.value.mount, made, parsed.value.mode);
    if (!point.ok) return point;
    // The engine makes a missing directory, as it always has.
    if (point.value.type === 'bind' && !engine.options.host.fs.stat(point.value.source).ok)
      engine.options.host.fs.mkdirAll(point.value.source, 0o755);
    taken.add(destination);
    points.set(destination, point.value);
  }
  for (const mount of Mounts ?? []) {
    const destination = cleanPath(mount.Target ?? '');
    if (taken.has(destination)) return twice(mount.Target ?? '');
    const point = pointOf(engine, mount, made, '');
    if (!point.ok) return point;
    taken.add(destination);
    points.set(destination, point.value);
  }
  for (const path of [...Object.keys(request.Volumes ?? {}), ...Object.keys(image.config.Volumes ?? {})]) {
    const destination = cleanPath(path);
    if (points.has(destination)) continue;
    const volume = createVolume(engine, '', VolumeDriver === '' ? {} : { driver: VolumeDriver });
    if (!volume.ok) return volume;
    made.push(volume.value);
    points.set(destination, volumePoint(volume.value, destination, '', true, true));
  }
  for (const [path, mode] of Object.entries(Tmpfs)) points.set(cleanPath(path), tmpfsPoint(cleanPath(path), mode));
  return ok(undefined);
}

/** As by `docker volume create`: what was not there before is told. */
function createVolume(engine: Engine, name: string, options: Parameters<Engine['volumes']['create']>[1]) {
  const known = name === '' ? undefined : engine.volumes.get(name);
  const created = engine.volumes.create(name, options);
  if (created.ok && known === undefined)
    engine.events.emit('volume', 'create', created.value.name, { driver: created.value.driver });
  return created;
}

const twice = (destination: string) => refuse(400, `Duplicate mount point: ${destination}`);

function pointOf(engine: Engine, mount: MountRequest, made: Volume[], mode: string): Result<MountPoint, ApiError> {
  const { Type, Source = '', Target = '', ReadOnly = false, BindOptions, VolumeOptions } = mount;
  const destination = cleanPath(Target);
  if (Type === 'tmpfs') return ok(tmpfsPoint(destination, tmpfsOptions(mount)));
  if (Type === 'bind') {
    const propagation = BindOptions?.Propagation ?? '';
    return ok({
      type: 'bind',
      source: cleanPath(Source),
      destination,
      mode,
      writable: !ReadOnly,
      copyUp: false,
      ...(propagation === '' ? {} : { propagation }),
      ...(BindOptions?.NonRecursive === true ? { recursive: false } : {}),
    });
  }
  if (Type !== 'volume') return refuse(400, `invalid mount config for type "${Type}": mount type unknown`);
  const { DriverConfig, Labels, NoCopy = false, Subpath = '' } = VolumeOptions ?? {};
  const driver = DriverConfig?.Name ?? '';
  const known = Source === '' ? undefined : engine.volumes.get(Source);
  const volume =
    known !== undefined && driver === ''
      ? ok(known)
      : createVolume(engine, Source, {
          ...(driver === '' ? {} : { driver }),
          labels: Labels !== undefined && Labels !== null && Object.keys(Labels).length > 0 ? Labels : null,
          options: DriverConfig?.Options ?? null,
        });
  if (!volume.ok) return err(volume.error);
  if (Source === '') made.push(volume.value);
  // Local volumes are marked for relabelling where nothing else was said (setBindModeIfNull).
  const point = volumePoint(volume.value, destination, mode === '' ? 'z' : mode, !ReadOnly, !NoCopy);
  return ok(Subpath === '' ? point : { ...point, source: `${point.source}/${Subpath}`, copyUp: false });
}

const tmpfsPoint = (destination: string, mode: string): MountPoint => ({
  type: 'tmpfs',
  source: '',
  destination,
  mode,
  writable: !mode.split(',').includes('ro'),
  copyUp: false,
});

const volumePoint = (
  volume: Volume,
  destination: string,
  mode: string,
  writable: boolean,
  copyUp: boolean,
): MountPoint => ({ type: 'volume', volume, source: volume.mountpoint, destination, mode, writable, copyUp });
