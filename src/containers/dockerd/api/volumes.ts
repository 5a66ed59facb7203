import type { Engine } from '../engine';
import type { Volume } from '../volumes';
import { failure, filtersOf, flag, json, noContent, readJson, type Route } from './respond';

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

export const volumeRoutes: readonly Route[] = [
  [
    'GET',
    /^\/volumes$/,
    ({ engine, query }) => {
      const filters = filtersOf(query);
      const known = new Set(['dangling', 'driver', 'label', 'name']);
      for (const filter of filters.keys())
        if (!known.has(filter)) return failure({ status: 400, message: `invalid filter '${filter}'` });
      const volumes = engine.volumes.list().filter((volume) =>
        [...filters].every(([filter, values]) =>
          values.some((value) => {
            if (filter === 'name') return volume.name.includes(value);
            if (filter === 'driver') return volume.driver === value;
            if (filter === 'dangling') return (usersOf(engine, volume).length === 0) === ['true', '1'].includes(value);
            const [key = '', wanted] = value.split('=');
            const has = volume.labels?.[key];
            return has !== undefined && (wanted === undefined || has === wanted);
          }),
        ),
      );
      return json({ Volumes: volumes.map(volumeJson), Warnings: null });
    },
  ],
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
  [
    'POST',
    /^\/volumes\/prune$/,
    ({ engine, query }) => {
      const all =
        filtersOf(query)
          .get('all')
          ?.some((value) => ['true', '1'].includes(value)) === true;
      const unused = engine.volumes
        .list()
        .filter((volume) => (all || volume.anonymous) && usersOf(engine, volume).length === 0);
      for (const volume of unused) engine.volumes.remove(volume);
      return json({ VolumesDeleted: unused.length === 0 ? null : unused.map(({ name }) => name), SpaceReclaimed: 0 });
    },
  ],
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
