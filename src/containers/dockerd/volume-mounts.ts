import { err, ok, type Result } from '../../sim/result';
import { mountSnapshot, unmountSnapshot } from '../containerd/snapshots';
import type { Container } from './container';
import type { Engine } from './engine';
import { copyUp } from './volumes';

/** What an image holds where a new, empty volume will be goes into it, when the container is made (populateVolumes). */
export function populateVolumes(engine: Engine, container: Container): void {
  const { host } = engine.options;
  const wanted = container.mounts.filter(({ type, copyUp: copy, volume }) => type === 'volume' && copy && volume);
  if (wanted.length === 0 || !mountSnapshot(host, container.snapshot).ok) return;
  for (const { source, destination, volume } of wanted) {
    if (volume === undefined || !engine.volumes.mount(volume, container.id).ok) continue;
    copyUp(host.fs, container.snapshot.target + destination, source);
    engine.volumes.unmount(volume, container.id);
  }
  unmountSnapshot(host, container.snapshot);
}

/** Local volumes with options are mounted while somebody uses them. */
export function mountVolumes(engine: Engine, container: Container): Result<void, string> {
  for (const { volume, destination, writable, propagation = '' } of container.mounts) {
    if (volume === undefined) continue;
    const { name, driver, mountpoint } = volume;
    const mounted = engine.volumes.mount(volume, container.id);
    if (!mounted.ok) {
      unmountVolumes(engine, container);
      return err(`error while mounting volume '${mountpoint}': ${mounted.error}`);
    }
    const how = { destination, driver, propagation, 'read/write': String(writable) };
    engine.events.emit('volume', 'mount', name, { container: container.id, ...how });
  }
  return ok(undefined);
}

export function unmountVolumes(engine: Engine, { id, mounts }: Container): void {
  for (const { volume } of mounts) {
    if (volume === undefined || !engine.volumes.unmount(volume, id)) continue;
    engine.events.emit('volume', 'unmount', volume.name, { container: id, driver: volume.driver });
  }
}
