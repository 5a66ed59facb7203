import { filtersParam, query } from '../cli/api';
import { CommandError, type Command, type Group } from '../cli/command';
import { keyValues } from '../cli/container-options';
import { flags } from '../cli/flags';
import { renderList } from '../cli/table';
import { inspectVolume } from './inspect';
import { prune } from './prune';

interface VolumeJson {
  readonly Name: string;
  readonly Driver: string;
  readonly Scope: string;
  readonly Mountpoint: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

const ls: Command = {
  use: 'ls [OPTIONS]',
  short: 'List volumes',
  aliases: ['docker volume ls', 'docker volume list'],
  flags: flags(`
    -f, --filter filter | Provide filter values (e.g. "dangling=true")
    --format string | {format}
    -q, --quiet | Only display volume names
  `),
  operands: [0, 0],
  async run({ api, flags: given, out }) {
    const { Volumes } = await api.get<{ Volumes: readonly VolumeJson[] }>(
      `/volumes${query({ filters: filtersParam(given.all('filter')) })}`,
    );
    const column = (key: string, header: string, cell: (item: VolumeJson) => string) => ({ key, header, cell });
    await out(
      renderList({
        items: [...Volumes].sort((a, b) => (a.Name < b.Name ? -1 : 1)),
        columns: [
          column('Availability', 'AVAILABILITY', () => 'N/A'),
          column('Driver', 'DRIVER', ({ Driver }) => Driver),
          column('Group', 'GROUP', () => 'N/A'),
          column('Labels', 'LABELS', ({ Labels }) =>
            Object.entries(Labels ?? {})
              .map(([key, value]) => `${key}=${value}`)
              .join(','),
          ),
          column('Links', 'LINKS', () => 'N/A'),
          column('Mountpoint', 'MOUNTPOINT', ({ Mountpoint }) => Mountpoint),
          column('Name', 'VOLUME NAME', ({ Name }) => Name),
          column('Scope', 'SCOPE', ({ Scope }) => Scope),
          column('Size', 'SIZE', () => 'N/A'),
          column('Status', 'STATUS', () => 'N/A'),
        ],
        table: ['Driver', 'Name'],
        format: given.text('format'),
        ...(given.on('quiet') ? { quiet: ({ Name }: VolumeJson) => Name } : {}),
      }),
    );
    return 0;
  },
};

const create: Command = {
  use: 'create [OPTIONS] [VOLUME]',
  short: 'Create a volume',
  flags: flags(`
    -d, --driver string | Specify volume driver name (default "local")
    --label list | Set metadata for a volume
    -o, --opt map | Set driver specific options (default map[])
  `),
  operands: [0, 1],
  async run({ api, args, flags: given, out }) {
    const options = keyValues(given.all('opt'));
    const labels = keyValues(given.all('label'));
    const created = await api.send('POST', '/volumes/create', {
      Driver: given.last('driver') ?? 'local',
      ...(Object.keys(options).length === 0 ? {} : { DriverOpts: options }),
      ...(Object.keys(labels).length === 0 ? {} : { Labels: labels }),
      ...(args[0] === undefined ? {} : { Name: args[0] }),
    });
    await out(`${created.json<VolumeJson>().Name}\n`);
    return 0;
  },
};

const rm: Command = {
  use: 'rm [OPTIONS] VOLUME [VOLUME...]',
  short: 'Remove one or more volumes',
  long: 'Remove one or more volumes. You cannot remove a volume that is in use by a container.',
  aliases: ['docker volume rm', 'docker volume remove'],
  flags: flags(`-f, --force | Force the removal of one or more volumes`),
  operands: [1, Infinity],
  async run({ api, args, flags: given, out, error }) {
    let status = 0;
    for (const name of args) {
      try {
        await api.send(
          'DELETE',
          `/volumes/${encodeURIComponent(name)}${query({ force: given.on('force') ? '1' : undefined })}`,
        );
        await out(`${name}\n`);
      } catch (thrown) {
        if (!(thrown instanceof CommandError)) throw thrown;
        await error(`${thrown.message}\n`);
        status = 1;
      }
    }
    return status;
  },
};

export const volume: Group = {
  name: 'volume',
  short: 'Manage volumes',
  commands: [create, inspectVolume, ls, prune('volumes'), rm],
};
