import { parseReference, withDefaultTag } from '../../../containers/images/reference';
import { projectOrName, type Command } from '../cli/context';
import { ComposeError } from '../cli/error';
import { labelFilter, query } from '../engine/api';
import {
  byName,
  listContainers,
  nameOf,
  numberOf,
  oneContainer,
  serviceOf,
  type Container,
} from '../engine/containers';
import { findImage, size, type ImageInspect } from '../engine/images';
import { labels } from '../engine/labels';
import { goJson } from '../load/print';
import { humanDuration } from './ps';
import { tabulate, templated, type Column } from './table';

export const top: Command = async (context) => {
  const { api, operands, out } = context;
  const { name } = await projectOrName(context);
  const header: string[] = ['SERVICE', '#'];
  const rows: Record<string, string>[] = [];
  for (const container of byName(await listContainers(api, name, 'include', false, operands))) {
    const { Titles, Processes } = await api.send<{ Titles: string[]; Processes: string[][] }>(
      'GET',
      `/containers/${container.Id}/top`,
    );
    for (const title of Titles) if (!header.includes(title)) header.push(title);
    for (const process of Processes)
      rows.push({
        SERVICE: serviceOf(container),
        '#': String(numberOf(container)),
        ...Object.fromEntries(Titles.map((title, index) => [title, process[index] ?? ''])),
      });
  }
  if (rows.length === 0) return 0;
  // The command comes last.
  const titles = header.includes('CMD') ? [...header.filter((title) => title !== 'CMD'), 'CMD'] : header;
  await out(tabulate([titles, ...rows.map((row) => titles.map((title) => row[title] ?? '-'))], 4, 2));
  return 0;
};

export const images: Command = async (context) => {
  const { api, flags, operands, out, process } = context;
  const { name } = await projectOrName(context);
  const filters = labelFilter(`${labels.project}=${name}`);
  const containers = await api.send<Container[]>('GET', `/containers/json${query({ all: '1', filters })}`);
  const found: { container: string; repository: string; tag: string; image: ImageInspect }[] = [];
  for (const each of byName(containers)) {
    if (operands.length > 0 && !operands.includes(serviceOf(each))) continue;
    const image = await findImage(api, each.Image);
    if (image === undefined) throw new ComposeError(`Error response from daemon: No such image: ${each.Image}`);
    const parsed = parseReference(each.Image);
    const reference = parsed.ok ? withDefaultTag(parsed.value) : undefined;
    const short = (path: string): string => path.replace(/^library\//, '');
    const repository =
      reference === undefined
        ? ''
        : reference.domain === 'docker.io'
          ? short(reference.path)
          : `${reference.domain}/${reference.path}`;
    found.push({ container: nameOf(each), repository, tag: reference?.tag ?? '', image });
  }
  const platform = ({ Os, Architecture, Variant = '' }: ImageInspect): string =>
    [Os, Architecture, Variant].filter((part) => part !== '').join('/');
  if (flags.on('quiet')) {
    await out([...new Set(found.map(({ image }) => `${image.Id.replace(/^sha256:/, '')}\n`))].join(''));
    return 0;
  }
  if (flags.text('format') === 'json') {
    const list = found.map(({ container, repository, tag, image }) => ({
      ID: image.Id,
      ContainerName: container,
      Repository: repository,
      Tag: tag,
      Platform: platform(image),
      Size: image.Size,
      LastTagTime: image.Metadata?.LastTagTime ?? image.Created,
    }));
    await out(`${list.length === 0 ? 'null' : goJson(list)}\n`);
    return 0;
  }
  const rows = found.map(({ container, repository, tag, image }) => [
    container,
    repository || '<none>',
    tag || '<none>',
    platform(image),
    image.Id.replace(/^sha256:/, '').slice(0, 12),
    size(image.Size, 3),
    `${humanDuration(since(process.clock.now, image.Metadata?.LastTagTime ?? image.Created))} ago`,
  ]);
  await out(tabulate([['CONTAINER', 'REPOSITORY', 'TAG', 'PLATFORM', 'IMAGE ID', 'SIZE', 'CREATED'], ...rows], 20));
  return 0;
};

/** time.Sub, in seconds: no duration is longer than 292 years, as that since the year 1 would be. */
const since = (now: number, time: string): number => Math.min((now - Date.parse(time)) / 1000, 2 ** 63 / 1e9);

export const port: Command = async (context) => {
  const { api, flags, operands, out } = context;
  const [service = '', wanted = ''] = operands;
  if (!/^\d+$/.test(wanted))
    throw new ComposeError(`strconv.ParseUint: parsing ${JSON.stringify(wanted)}: invalid syntax`);
  if (Number(wanted) > 65535)
    throw new ComposeError(`strconv.ParseUint: parsing ${JSON.stringify(wanted)}: value out of range`);
  const protocol = (flags.last('protocol') ?? 'tcp').toLowerCase();
  const { name } = await projectOrName(context);
  const container = await target(context, name, service);
  const found = container.Ports.find(({ PrivatePort, Type }) => PrivatePort === Number(wanted) && Type === protocol);
  if (found === undefined) {
    const others = container.Ports.map(({ Type, PublicPort = 0 }) => `${PublicPort}/${Type}`).join(', ');
    throw new ComposeError(`no port ${wanted}/${protocol} for container ${nameOf(container)}: ${others}`);
  }
  await out(`${found.IP ?? ''}:${found.PublicPort ?? 0}\n`);
  return 0;

  async function target({ flags: given }: typeof context, project: string, which: string): Promise<Container> {
    const index = given.number('index') ?? 0;
    const one = await oneContainer(api, project, which, index, 'include');
    if (one === undefined) throw notRunning(which, index);
    return one;
  }
};

/** Why no container of a service was found. */
export const notRunning = (service: string, index: number): ComposeError =>
  new ComposeError(`service ${JSON.stringify(service)} is not running${index > 0 ? ` container #${index}` : ''}`);

interface Volume {
  readonly Name: string;
  readonly Driver: string;
  readonly Scope: string;
  readonly Mountpoint: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

const volumeColumns: readonly Column<Volume>[] = [
  { key: 'Name', header: 'VOLUME NAME', cell: ({ Name }) => Name },
  { key: 'Driver', header: 'DRIVER', cell: ({ Driver }) => Driver },
  { key: 'Scope', header: 'SCOPE', cell: ({ Scope }) => Scope },
  { key: 'Mountpoint', header: 'MOUNTPOINT', cell: ({ Mountpoint }) => Mountpoint },
  {
    key: 'Labels',
    header: 'LABELS',
    cell: ({ Labels }) =>
      Object.entries(Labels ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
  },
  { key: 'Links', header: 'LINKS', cell: () => 'N/A' },
  { key: 'Size', header: 'SIZE', cell: () => 'N/A' },
  { key: 'Availability', header: 'AVAILABILITY', cell: () => 'N/A' },
  { key: 'Group', header: 'GROUP', cell: () => 'N/A' },
  { key: 'Status', header: 'STATUS', cell: () => 'N/A' },
];

export const volumes: Command = async (context) => {
  const { api, flags, operands, out } = context;
  const { project, name } = await projectOrName(context, operands);
  for (const service of operands)
    if (project !== undefined && !(service in project.services)) throw new ComposeError(`no such service: ${service}`);
  const filters = labelFilter(`${labels.project}=${name}`);
  const { Volumes } = await api.send<{ Volumes: Volume[] | null }>('GET', `/volumes${query({ filters })}`);
  const containers = await listContainers(api, name, 'include', true, operands);
  const used = new Set(containers.flatMap(({ Mounts = [] }) => Mounts.map(({ Name = '' }) => Name)));
  const found = (Volumes ?? []).filter((volume) => operands.length === 0 || used.has(volume.Name));
  const format = flags.text('format');
  if (flags.on('quiet')) await out(found.map(({ Name }) => `${Name}\n`).join(''));
  else if (format === 'json')
    await out(
      found
        .map((volume) => {
          const entries = volumeColumns.map(({ key, cell }): [string, string] => [key, cell(volume)]);
          return `${goJson(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))))}\n`;
        })
        .join(''),
    );
  else if (format === '' || format === 'table')
    await out(tabulate([['DRIVER', 'VOLUME NAME'], ...found.map(({ Driver, Name }) => [Driver, Name])], 10));
  else await out(templated(format, found, volumeColumns));
  return 0;
};
