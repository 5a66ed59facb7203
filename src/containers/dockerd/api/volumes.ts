import type { Engine } from '../engine';
import { matchesLabels, pruneUntil } from '../filters';
import { sizeBelow } from '../folder-size';
import type { Volume } from '../volumes';
import { failure, filtersOf, flag, json, noContent, readJson, type Call, type Route } from './respond';

interface VolumeCreateRequest {
  readonly Name?: string;
  readonly Driver?: string;
  readonly DriverOpts?: Readonly<Record<string, string>>;
  readonly Labels?: Readonly<Record<string, string>>;
}

export const volumeJson = ({ name, createdAt, driver, labels, mountpoint, options }: Volume): object => ({
  CreatedAt: `${new Date(createdAt).toISOString().slice(0, 19)}Z`,
  Driver: driver,
  Labels: labels,
  Mountpoint: mountpoint,
  Name: name,
  Options: options,
  Scope: 'local',
});

export const usersOf = (engine: Engine, volume: Volume) =>
  engine.list().filter(({ mounts }) => mounts.some((mount) => mount.volume === volume));

function list({ engine, query }: Call) {
  const filters = filtersOf(query);
  const known = new Set(['dangling', 'driver', 'label', 'name']);
  for (const filter of filters.keys())
    if (!known.has(filter)) return failure({ status: 400, message: `invalid filter '${filter}'` });
  const dangling = filters.get('dangling') ?? [];
  const vague = dangling.find((value) => !['true', '1', 'false', '0'].includes(value));
  if (vague !== undefined) return failure({ status: 400, message: `invalid filter 'dangling=[${vague}]'` });
  const any = (filter: string, fits: (value: string) => boolean): boolean => filters.get(filter)?.some(fits) ?? true;
  const volumes = engine.volumes
    .list()
    .filter(({ name }) => any('name', (value) => name.includes(value)))
    .filter(({ driver }) => any('driver', (value) => driver === value))
    .filter(({ labels }) => matchesLabels(labels, filters.get('label') ?? []))
    .filter((volume) =>
      any('dangling', (value) => (usersOf(engine, volume).length === 0) === ['true', '1'].includes(value)),
    );
  return json({ Volumes: volumes.map(volumeJson), Warnings: null });
}

/** Volumes with options belong to somebody's mounts: they stay (volume/service, Prune). */
function prune({ engine, query }: Call) {
  const filters = filtersOf(query);
  const checked = pruneUntil(filters, 0, ['all', 'label', 'label!']);
  if (!checked.ok) return failure(checked.error);
  const all = filters.get('all')?.some((value) => ['true', '1'].includes(value)) === true;
  const unused = engine.volumes
    .list()
    .filter(({ anonymous, options }) => (all || anonymous) && options === null)
    .filter(({ labels }) => matchesLabels(labels, filters.get('label') ?? []))
    .filter(({ labels }) => !(filters.get('label!') ?? []).some((value) => matchesLabels(labels, [value])))
    .filter((volume) => usersOf(engine, volume).length === 0);
  let reclaimed = 0;
  for (const volume of unused) {
    reclaimed += sizeBelow(engine.options.host.fs, volume.mountpoint);
    engine.volumes.remove(volume);
    engine.events.emit('volume', 'destroy', volume.name, { driver: volume.driver });
  }
  engine.events.emit('volume', 'prune', '', { reclaimed: String(reclaimed) });
  const names = unused.map(({ name }) => name);
  return json({ VolumesDeleted: names, SpaceReclaimed: reclaimed });
}

export const volumeRoutes: readonly Route[] = [
  ['GET', /^\/volumes$/, list],
  [
    'POST',
    /^\/volumes\/create$/,
    async (call) => {
      const { Name = '', Driver = 'local', DriverOpts, Labels } = (await readJson<VolumeCreateRequest>(call)) ?? {};
      const options = DriverOpts === undefined || Object.keys(DriverOpts).length === 0 ? null : DriverOpts;
      const created = call.engine.volumes.create(Name, {
        driver: Driver === '' ? 'local' : Driver,
        labels: Labels === undefined || Object.keys(Labels).length === 0 ? null : Labels,
        options,
      });
      if (!created.ok) return failure(created.error);
      call.engine.events.emit('volume', 'create', created.value.name, { driver: created.value.driver });
      return json(volumeJson(created.value), 201);
    },
  ],
  ['POST', /^\/volumes\/prune$/, prune],
  [
    'GET',
    /^\/volumes\/([^/]+)$/,
    ({ engine, params }) => {
      const name = decodeURIComponent(params[0] ?? '');
      const volume = engine.volumes.get(name);
      return volume === undefined
        ? failure({ status: 404, message: `get ${name}: no such volume` })
        : json(volumeJson(volume));
    },
  ],
  [
    'DELETE',
    /^\/volumes\/([^/]+)$/,
    ({ engine, params, query }) => {
      const name = decodeURIComponent(params[0] ?? '');
      const volume = engine.volumes.get(name);
      if (volume === undefined)
        return flag(query, 'force') ? noContent() : failure({ status: 404, message: `get ${name}: no such volume` });
      const users = usersOf(engine, volume);
      if (users.length > 0) {
        const message = `remove ${name}: volume is in use - [${users.map(({ id }) => id).join(', ')}]`;
        return failure({ status: 409, message });
      }
      engine.volumes.remove(volume);
      engine.events.emit('volume', 'destroy', name, { driver: volume.driver });
      return noContent();
    },
  ],
];
