import { filtersParam, query } from '../cli/api';
import type { Command } from '../cli/command';
import { flags } from '../cli/flags';
import { ellipsis, goTime, humanDuration, humanSize, shortId } from '../cli/format';
import { renderList, type Column } from '../cli/table';

interface Port {
  readonly IP?: string;
  readonly PrivatePort: number;
  readonly PublicPort?: number;
  readonly Type: string;
}

interface Listed {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Image: string;
  readonly Command: string;
  readonly Created: number;
  readonly Ports: readonly Port[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly State: string;
  readonly Status: string;
  readonly SizeRw?: number;
  readonly SizeRootFs?: number;
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, object>> };
  readonly Mounts: readonly {
    readonly Name?: string;
    readonly Source: string;
    readonly Type: string;
    readonly Driver?: string;
  }[];
}

export const ps: Command = {
  use: 'ps [OPTIONS]',
  short: 'List containers',
  aliases: ['docker container ls', 'docker container list', 'docker container ps', 'docker ps'],
  flags: flags(`
    -a, --all | Show all containers (default shows just running)
    -f, --filter filter | Filter output based on conditions provided
    --format string | {format}
    -n, --last int | Show n last created containers (includes all states) (default -1)
    -l, --latest | Show the latest created container (includes all states)
    --no-trunc | Don't truncate output
    -q, --quiet | Only display container IDs
    -s, --size | Display total file sizes
  `),
  operands: [0, 0],
  async run({ api, flags: given, out, process }) {
    const limit = given.on('latest') ? 1 : Number(given.last('last') ?? -1);
    const listed = await api.get<readonly Listed[]>(
      `/containers/json${query({
        all: given.on('all') ? '1' : undefined,
        filters: filtersParam(given.all('filter')),
        limit: limit > 0 ? String(limit) : undefined,
        size: given.on('size') ? '1' : undefined,
      })}`,
    );
    const full = given.on('no-trunc');
    const now = process.clock.now;
    const columns = columnsFor(now, full);
    const table = [
      'ID',
      'Image',
      'Command',
      'RunningFor',
      'Status',
      'Ports',
      'Names',
      ...(given.on('size') ? ['Size'] : []),
    ];
    await out(
      renderList({
        items: listed,
        columns,
        table,
        format: given.text('format'),
        ...(given.on('quiet') ? { quiet: ({ Id }: Listed) => (full ? Id : shortId(Id)) } : {}),
        methods: ({ Labels }) => ({ Label: (name) => Labels[String(name)] ?? '' }),
        json: (item) => {
          const values = Object.fromEntries(columns.map(({ key, cell }) => [key, cell(item)]));
          // encoding/json sorts the keys; Platform is there and nil.
          return sortKeys({ ...values, Platform: null });
        },
      }),
    );
    return 0;
  },
};

const sortKeys = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

function columnsFor(now: number, full: boolean): readonly Column<Listed>[] {
  const column = (key: string, header: string, cell: (item: Listed) => string): Column<Listed> => ({
    key,
    header,
    cell,
  });
  return [
    column('ID', 'CONTAINER ID', ({ Id }) => (full ? Id : shortId(Id))),
    column('Names', 'NAMES', ({ Names }) => Names.map((name) => name.replace(/^\//, '')).join(',')),
    column('Image', 'IMAGE', ({ Image }) =>
      Image === '' ? '<no image>' : !full && Image.startsWith('sha256:') ? shortId(Image) : Image,
    ),
    column('Command', 'COMMAND', ({ Command: text }) => JSON.stringify(full ? text : ellipsis(text, 20))),
    column('CreatedAt', 'CREATED AT', ({ Created }) => goTime(Created)),
    column('RunningFor', 'CREATED', ({ Created }) => `${humanDuration(now - Created * 1000)} ago`),
    column('Ports', 'PORTS', ({ Ports }) => displayPorts(Ports)),
    column('State', 'STATE', ({ State }) => State),
    column('Status', 'STATUS', ({ Status }) => Status),
    column('Size', 'SIZE', ({ SizeRw = 0, SizeRootFs = 0 }) =>
      SizeRootFs > 0 ? `${humanSize(SizeRw, 3)} (virtual ${humanSize(SizeRootFs, 3)})` : humanSize(SizeRw, 3),
    ),
    column('Labels', 'LABELS', ({ Labels }) =>
      Object.entries(Labels)
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(','),
    ),
    column('Mounts', 'MOUNTS', ({ Mounts }) =>
      Mounts.map(({ Name, Source }) => Name ?? Source)
        .map((name) => (full ? name : ellipsis(name, 15)))
        .join(','),
    ),
    column('LocalVolumes', 'LOCAL VOLUMES', ({ Mounts }) =>
      String(Mounts.filter(({ Driver }) => Driver === 'local').length),
    ),
    column('Networks', 'NETWORKS', ({ NetworkSettings }) => Object.keys(NetworkSettings.Networks).join(',')),
  ];
}

/** `0.0.0.0:8080->80/tcp, 443/tcp`; neighbours become ranges (formatter.DisplayablePorts). */
export function displayPorts(ports: readonly Port[]): string {
  const sorted = [...ports].sort((a, b) => {
    if (a.PrivatePort !== b.PrivatePort) return a.PrivatePort - b.PrivatePort;
    if ((a.IP ?? '') !== (b.IP ?? '')) return (a.IP ?? '') < (b.IP ?? '') ? -1 : 1;
    return (a.PublicPort ?? 0) - (b.PublicPort ?? 0);
  });
  const shown: string[] = [];
  const groups = new Map<string, { first: number; last: number }>();
  const order: string[] = [];
  for (const { IP, PrivatePort, PublicPort, Type } of sorted) {
    if (PublicPort !== undefined && PublicPort !== PrivatePort) {
      const ip = IP?.includes(':') === true ? `[${IP}]` : (IP ?? '');
      shown.push(`${ip}:${PublicPort}->${PrivatePort}/${Type}`);
      continue;
    }
    const key = PublicPort === undefined ? Type : `${IP ?? ''}/${Type}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { first: PrivatePort, last: PrivatePort });
      order.push(key);
    } else if (PrivatePort === group.last + 1) group.last = PrivatePort;
    else if (PrivatePort !== group.last) {
      shown.push(rangeText(key, group));
      groups.set(key, { first: PrivatePort, last: PrivatePort });
    }
  }
  for (const key of order) {
    const group = groups.get(key);
    if (group !== undefined) shown.push(rangeText(key, group));
  }
  return shown.join(', ');
}

function rangeText(key: string, { first, last }: { readonly first: number; readonly last: number }): string {
  const [ip, type] = key.includes('/') ? key.split('/') : [undefined, key];
  const range = first === last ? String(first) : `${first}-${last}`;
  if (ip === undefined) return `${range}/${type ?? ''}`;
  return `${ip.includes(':') ? `[${ip}]` : ip}:${range}->${range}/${type ?? ''}`;
}
