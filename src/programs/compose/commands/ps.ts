import { projectOrName, type Command } from '../cli/context';
import { ComposeError } from '../cli/error';
import { listContainers, nameOf, serviceOf, type Container, type Inspected } from '../engine/containers';
import { labels } from '../engine/labels';
import { GoStruct, type GoValue } from '../../gotemplate';
import { displayPorts } from './ports';
import { goJson, tabulate, templated, type Column } from './table';

/** A container with what only its inspection tells. */
interface Row {
  readonly container: Container;
  readonly health: string;
  readonly exitCode: number;
  readonly now: number;
  readonly trunc: boolean;
}

export const ps: Command = async (context) => {
  const { api, flags, operands, out, process } = context;
  const statuses = [...flags.all('status')];
  const filter = flags.text('filter');
  if (filter !== '') {
    const [key = '', value] = filter.split('=');
    if (value === undefined) throw new ComposeError('arguments to --filter should be in form KEY=VAL');
    if (key === 'source') throw new ComposeError('not implemented');
    if (key !== 'status') throw new ComposeError(`unknown filter ${key}`);
    statuses.push(value);
  }
  const { project, name } = await projectOrName(context, operands);
  let wanted: readonly string[] = operands;
  if (project !== undefined) {
    for (const service of operands)
      if (!(service in project.services)) throw new ComposeError(`no such service: ${service}`);
    if (operands.length === 0 && flags.given('orphans') && !flags.on('orphans')) wanted = Object.keys(project.services);
  }
  const all = flags.on('all') || statuses.length > 0;
  const found = await listContainers(api, name, all ? 'include' : 'exclude', all);
  const rows: Row[] = [];
  for (const container of found) {
    if (wanted.length > 0 && !wanted.includes(serviceOf(container))) continue;
    if (statuses.length > 0 && !statuses.includes(container.State)) continue;
    const { State } = await api.send<Inspected>('GET', `/containers/${container.Id}/json`);
    rows.push({
      container,
      health: State.Health?.Status ?? '',
      exitCode: container.State === 'exited' || container.State === 'dead' ? State.ExitCode : 0,
      now: process.clock.now,
      trunc: !flags.on('no-trunc'),
    });
  }
  rows.sort((a, b) => (nameOf(a.container) < nameOf(b.container) ? -1 : 1));
  if (flags.on('quiet')) await out(rows.map(({ container }) => `${container.Id}\n`).join(''));
  else if (flags.on('services'))
    await out(`${[...new Set(rows.map(({ container }) => serviceOf(container)))].join('\n')}\n`);
  else await out(render(rows, flags.text('format')));
  return 0;
};

function render(rows: readonly Row[], format: string): string {
  if (format === 'json') return rows.map((row) => `${goJson(jsonOf(row))}\n`).join('');
  if (format !== '' && format !== 'table')
    return templated(format, rows, columns, (row) => ({
      ExitCode: row.exitCode,
      Health: row.health,
      Publishers: publishers(row),
      Label: (label) => row.container.Labels[String(label)] ?? '',
    }));
  const shown = ['Name', 'Image', 'Command', 'Service', 'RunningFor', 'Status', 'Ports'];
  const chosen = shown
    .map((key) => columns.find((column) => column.key === key))
    .filter((column) => column !== undefined);
  return tabulate([chosen.map(({ header }) => header), ...rows.map((row) => chosen.map(({ cell }) => cell(row)))], 10);
}

const ellipsis = (text: string, width: number): string => {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join('')}…`;
};

const mountNames = ({ container: { Mounts = [] } }: Row): readonly string[] =>
  Mounts.map(({ Name, Source }) => Name ?? Source);

const columns: readonly Column<Row>[] = [
  {
    key: 'ID',
    header: 'CONTAINER ID',
    cell: ({ container, trunc }) => (trunc ? container.Id.slice(0, 12) : container.Id),
  },
  { key: 'Name', header: 'NAME', cell: ({ container }) => nameOf(container) },
  { key: 'Names', header: 'NAMES', cell: ({ container }) => nameOf(container) },
  { key: 'Image', header: 'IMAGE', cell: ({ container }) => container.Image },
  {
    key: 'Command',
    header: 'COMMAND',
    cell: ({ container, trunc }) => quote(trunc ? ellipsis(container.Command, 20) : container.Command),
  },
  { key: 'Project', header: 'PROJECT', cell: ({ container }) => container.Labels[labels.project] ?? '' },
  { key: 'Service', header: 'SERVICE', cell: ({ container }) => serviceOf(container) },
  { key: 'CreatedAt', header: 'CREATED AT', cell: ({ container }) => createdAt(container) },
  {
    key: 'RunningFor',
    header: 'CREATED',
    cell: ({ container, now }) => `${humanDuration(now / 1000 - container.Created)} ago`,
  },
  { key: 'State', header: 'STATE', cell: ({ container }) => container.State },
  { key: 'Status', header: 'STATUS', cell: ({ container }) => container.Status },
  { key: 'Ports', header: 'PORTS', cell: ({ container }) => displayPorts(container.Ports) },
  { key: 'Size', header: 'SIZE', cell: () => '0B' },
  {
    key: 'Labels',
    header: 'LABELS',
    cell: ({ container }) =>
      Object.entries(container.Labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
  },
  {
    key: 'Mounts',
    header: 'MOUNTS',
    cell: (row) =>
      mountNames(row)
        .map((name) => (row.trunc ? ellipsis(name, 15) : name))
        .join(','),
  },
  {
    key: 'LocalVolumes',
    header: 'LOCAL VOLUMES',
    cell: ({ container }) => String((container.Mounts ?? []).filter(({ Type }) => Type === 'volume').length),
  },
  {
    key: 'Networks',
    header: 'NETWORKS',
    cell: ({ container }) => Object.keys(container.NetworkSettings?.Networks ?? {}).join(','),
  },
];

/** strconv.Quote, which leaves letters of other scripts as they are. */
const quote = (text: string): string => JSON.stringify(text);

const createdAt = ({ Created }: Container): string =>
  `${new Date(Created * 1000).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;

const publishers = ({ container }: Row) =>
  container.Ports.map(
    ({ IP = '', PrivatePort, PublicPort = 0, Type }) =>
      new GoStruct(
        'api.PortPublisher',
        new Map<string, GoValue>([
          ['URL', IP],
          ['TargetPort', PrivatePort],
          ['PublishedPort', PublicPort],
          ['Protocol', Type],
        ]),
      ),
  );

function jsonOf(row: Row): Record<string, GoValue> {
  const cell = (key: string): string => columns.find((column) => column.key === key)?.cell(row) ?? '';
  const texts = Object.fromEntries(columns.map(({ key }) => [key, cell(key)]));
  const all: Record<string, GoValue> = {
    ...texts,
    ExitCode: row.exitCode,
    Health: row.health,
    Publishers: publishers(row),
  };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** go-units' HumanDuration. */
export function humanDuration(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 1) return 'Less than a second';
  if (whole === 1) return '1 second';
  if (whole < 60) return `${whole} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(seconds / 3600);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
  return `${Math.floor(seconds / 3600 / 24 / 365)} years`;
}
