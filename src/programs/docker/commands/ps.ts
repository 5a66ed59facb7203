import { familiarString, parseReference } from '../../../containers/images/reference';
import { dockerFunctions, GoStruct, parseTemplate, type GoValue } from '../../gotemplate';
import { filtersParam, query } from '../cli/api';
import { CommandError, type Command } from '../cli/command';
import { flags } from '../cli/flags';
import { ellipsis, goTime, humanDuration, humanSize, shortId } from '../cli/format';
import { renderList, rowOf, type Column, type ListOptions } from '../cli/table';

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
  readonly ImageID: string;
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
  async run({ api, flags: given, out, error, process }) {
    const last = Number(given.last('last') ?? -1);
    const limit = given.on('latest') && last === -1 ? 1 : last;
    const format = given.text('format');
    const quiet = given.on('quiet');
    const full = given.on('no-trunc');
    if (format !== '' && quiet)
      await error('WARNING: Ignoring custom format, because both --format and --quiet are set.\n');
    const columns = columnsFor(process.clock.now, full);
    const rows = {
      columns,
      typeName: '*formatter.ContainerContext',
      methods: ({ Labels }: Listed): Readonly<Record<string, GoValue>> => ({
        Label: (name) => Labels[String(name)] ?? '',
      }),
      json: () => ({ Platform: null }),
    };
    const sized = given.on('size') || (usesSize(format, rows) && !quiet && !given.given('size'));
    const listed = await api.get<readonly Listed[]>(
      `/containers/json${query({
        all: given.on('all') ? '1' : undefined,
        filters: filtersParam(given.all('filter')),
        limit: limit > 0 ? String(limit) : undefined,
        size: sized ? '1' : undefined,
      })}`,
    );
    const raw = `${rawFormat}${sized ? 'size: {{.Size}}\n' : ''}`;
    await out(
      renderList({
        ...rows,
        items: listed,
        table: [...defaultColumns, ...(sized ? ['Size'] : [])],
        format: !quiet ? format : format === 'raw' ? 'container_id: {{.ID}}' : '{{.ID}}',
        raw,
      }),
    );
    return 0;
  },
};

const defaultColumns = ['ID', 'Image', 'Command', 'RunningFor', 'Status', 'Ports', 'Names'];

const rawFormat = `container_id: {{.ID}}
image: {{.Image}}
command: {{.Command}}
created_at: {{.CreatedAt}}
state: {{- pad .State 1 0}}
status: {{- pad .Status 1 0}}
names: {{.Names}}
labels: {{- pad .Labels 1 0}}
ports: {{- pad .Ports 1 0}}
`;

const nothing: Listed = {
  Id: '',
  Names: [],
  Image: '',
  ImageID: '',
  Command: '',
  Created: 0,
  Ports: [],
  Labels: {},
  State: '',
  Status: '',
  NetworkSettings: { Networks: {} },
  Mounts: [],
};

/** Tries the template with an empty container: whether it is one, and whether it wants sizes, which cost the engine time. */
function usesSize(format: string, rows: Omit<ListOptions<Listed>, 'items' | 'table' | 'format'>): boolean {
  if (format === '') return false;
  const parsed = parseTemplate(format, '', dockerFunctions);
  if (!parsed.ok) throw new CommandError(`failed to parse template: ${parsed.error}`);
  let used = false;
  const row = rowOf({ ...rows, table: [], format }, nothing);
  const fields = new Map(row.fields).set('Size', () => {
    used = true;
    return '0B';
  });
  const tried = parsed.template.run(new GoStruct(row.typeName, fields));
  if (!tried.ok) throw new CommandError(`failed to execute template: ${tried.error}`);
  return used;
}

function columnsFor(now: number, full: boolean): readonly Column<Listed>[] {
  const column = (key: string, header: string, cell: (item: Listed) => string): Column<Listed> => ({
    key,
    header,
    cell,
  });
  return [
    column('ID', 'CONTAINER ID', ({ Id }) => (full ? Id : shortId(Id))),
    column('Names', 'NAMES', ({ Names }) => Names.map((name) => name.replace(/^\//, '')).join(',')),
    column('Image', 'IMAGE', ({ Image, ImageID }) =>
      Image === '' ? '<no image>' : full ? Image : shortImage(Image, ImageID),
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

/** Without its digest; an id where it has no name. */
function shortImage(image: string, id: string): string {
  if (shortId(id) === shortId(image)) return shortId(id);
  const parsed = parseReference(image);
  if (!parsed.ok) return image;
  const { digest: _digest, ...named } = parsed.value;
  return familiarString(named);
}

/** `443/tcp, 0.0.0.0:8080->80/tcp`; neighbours become ranges (formatter.DisplayablePorts). */
export function displayPorts(ports: readonly Port[]): string {
  const sorted = [...ports].sort(
    (a, b) =>
      a.PrivatePort - b.PrivatePort ||
      compare(a.IP ?? '', b.IP ?? '') ||
      (a.PublicPort ?? 0) - (b.PublicPort ?? 0) ||
      compare(a.Type, b.Type),
  );
  const ended: string[] = [];
  const mappings: string[] = [];
  const groups = new Map<string, { readonly first: number; last: number }>();
  for (const { IP = '', PrivatePort, PublicPort, Type } of sorted) {
    if (IP !== '' && PublicPort !== PrivatePort) {
      mappings.push(`${bracketed(IP)}:${PublicPort ?? 0}->${PrivatePort}/${Type}`);
      continue;
    }
    const key = IP === '' ? Type : `${IP}/${Type}`;
    const group = groups.get(key);
    if (group !== undefined && PrivatePort === group.last + 1) {
      group.last = PrivatePort;
      continue;
    }
    if (group !== undefined) ended.push(rangeText(key, group));
    groups.set(key, { first: PrivatePort, last: PrivatePort });
  }
  return [...ended, ...[...groups].map(([key, group]) => rangeText(key, group)), ...mappings].join(', ');
}

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
const bracketed = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip);

function rangeText(key: string, { first, last }: { readonly first: number; readonly last: number }): string {
  const [ip, type] = key.includes('/') ? key.split('/') : [undefined, key];
  const range = first === last ? String(first) : `${first}-${last}`;
  if (ip === undefined) return `${range}/${type ?? ''}`;
  return `${bracketed(ip)}:${range}->${range}/${type ?? ''}`;
}
