import { CommandError, type Invocation } from '../../../cli/command';
import { renderList } from '../../../cli/table';
import { keyValues } from '../csv';
import { columnsOf, goJson } from './render';
import { builderName, isContext, storeOf, type Instance } from './store';

/** Platforms of an amd64 engine, in BuildKit's order. */
const platforms = ['linux/amd64', 'linux/amd64/v2', 'linux/amd64/v3', 'linux/amd64/v4', 'linux/386'];

interface Row {
  readonly builder: string;
  readonly driver: string;
  readonly current: boolean;
  /** Absent: the builder itself. */
  readonly node?: string;
  readonly endpoint: string;
  readonly status: string;
  readonly version: string;
  readonly platforms: readonly string[];
}

/** What buildx calls the BuildKit inside the engine; Debian's engine does not know its version. */
async function engineVersion({ api }: Invocation): Promise<string> {
  const { Version } = await api.get<{ Version: string }>('/version');
  return Version.includes('dfsg') ? 'v0.0.0+unknown' : 'v0.25.2';
}

async function rowsOf(invocation: Invocation): Promise<readonly Row[]> {
  const { session } = invocation;
  const store = storeOf(invocation);
  const current = builderName(invocation);
  const instances = store.list().flatMap((instance): readonly Row[] => {
    const { Name: builder, Driver: driver, Nodes } = instance;
    const head = { builder, driver, current: builder === current };
    return [
      { ...head, endpoint: '', status: '', version: '', platforms: [] },
      ...Nodes.map((node) => ({
        ...head,
        node: node.Name,
        endpoint: node.Endpoint,
        status: 'inactive',
        version: '',
        platforms: node.Platforms ?? [],
      })),
    ];
  });
  const name = session.contextName;
  const head = { builder: name, driver: 'docker', current: name === current };
  return [
    ...instances,
    { ...head, endpoint: '', status: '', version: '', platforms: [] },
    { ...head, node: name, endpoint: name, status: 'running', version: await engineVersion(invocation), platforms },
  ];
}

/** `docker buildx ls`. */
export async function list(invocation: Invocation): Promise<number> {
  const { flags, out } = invocation;
  const rows = await rowsOf(invocation);
  const format = flags.last('format') ?? 'table';
  const isTable = format.startsWith('table');
  if (format === 'json') {
    for (const row of rows.filter(({ node }) => node === undefined)) {
      const nodes = rows.filter(({ builder, node }) => builder === row.builder && node !== undefined);
      await out(
        `${goJson({ Current: row.current, Driver: row.driver, Dynamic: false, Name: row.builder, Nodes: nodes.map(({ node = '', endpoint, status, version, platforms: all }) => ({ Endpoint: endpoint, Name: node, Platforms: all, Status: status, Version: version })) })}\n`,
      );
    }
    return 0;
  }
  const shortened = isTable && !flags.on('no-trunc');
  await out(
    renderList({
      items: rows,
      columns: columnsOf<Row>({
        Name: [
          'NAME/NODE',
          ({ builder, node, current }) =>
            node === undefined ? `${builder}${current && isTable ? '*' : ''}` : `${isTable ? ' \\_ ' : ''}${node}`,
        ],
        DriverEndpoint: [
          'DRIVER/ENDPOINT',
          ({ node, driver, endpoint }) => (node === undefined ? driver : `${isTable ? ' \\_ ' : ''}${endpoint}`),
        ],
        Status: ['STATUS', ({ status }) => status],
        Buildkit: ['BUILDKIT', ({ version }) => version],
        Platforms: ['PLATFORMS', ({ platforms: all }) => (shortened ? truncated(all) : all.join(', '))],
        LastActivity: ['LAST ACTIVITY', () => ''],
        Error: ['ERROR', () => ''],
      }),
      table: ['Name', 'DriverEndpoint', 'Status', 'Buildkit', 'Platforms'],
      format: format === 'table' ? '' : format,
    }),
  );
  return 0;
}

/** `linux/amd64 (+4)`: variants counted behind their platform; no more than four of these. */
function truncated(all: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const platform of all) {
    const [os = '', architecture = ''] = platform.replace('*', '').split('/');
    const key = `${os}/${architecture}`;
    groups.set(key, [...(groups.get(key) ?? []), platform]);
  }
  return [...groups]
    .slice(0, 4)
    .map(([key, members]) => (members.length === 1 ? (members[0] ?? key) : `${key} (+${members.length})`))
    .join(', ');
}

/** `docker buildx inspect`. */
export async function inspect(invocation: Invocation): Promise<number> {
  const { args, out } = invocation;
  const name = args[0] ?? builderName(invocation);
  const rows = (await rowsOf(invocation)).filter(({ builder }) => builder === name);
  const [head] = rows;
  if (head === undefined) throw new CommandError(`no builder ${JSON.stringify(name)} found`);
  const lines: [string, string][] = [
    ['Name:', name],
    ['Driver:', head.driver],
  ];
  let text = aligned(lines);
  text += '\nNodes:\n';
  for (const row of rows.slice(1)) {
    const fields: [string, string][] = [
      ['Name:', row.node ?? ''],
      ['Endpoint:', row.endpoint],
      ['Status:', row.status],
    ];
    if (row.version !== '') fields.push(['BuildKit version:', row.version]);
    if (row.platforms.length > 0) fields.push(['Platforms:', row.platforms.join(', ')]);
    text += aligned(fields);
    if (row.driver === 'docker')
      text += `Labels:\n org.mobyproject.buildkit.worker.moby.host-gateway-ip: ${await gateway(invocation)}\n`;
  }
  await out(text);
  return 0;
}

async function gateway({ api }: Invocation): Promise<string> {
  const { IPAM } = await api.get<{ IPAM: { Config: readonly { Gateway?: string }[] } }>('/networks/bridge');
  return IPAM.Config[0]?.Gateway ?? '';
}

const aligned = (fields: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...fields.map(([key]) => key.length)) + 1;
  return fields.map(([key, value]) => `${key.padEnd(width)}${value}\n`).join('');
};

/** `docker buildx use`. */
export async function use(invocation: Invocation): Promise<number> {
  const { args, flags, session } = invocation;
  const [name = ''] = args;
  const store = storeOf(invocation);
  if (store.find(name) !== undefined) store.setCurrent(name, flags.on('global'));
  else if (name === session.contextName) store.setCurrent('', false);
  else if (name === 'default') throw new CommandError('run `docker context use default` to switch to default context');
  else if (isContext(invocation, name))
    throw new CommandError(`run \`docker context use ${name}\` to switch to context ${name}`);
  else
    throw new CommandError(`failed to find instance ${JSON.stringify(name)}: open ${name}: no such file or directory`);
  return 0;
}

const drivers = ['docker-container', 'kubernetes', 'remote'];
const names = ['amazing', 'brave', 'clever', 'eager', 'funny', 'gifted', 'happy', 'jolly', 'keen', 'loving'];
const people = ['austin', 'banach', 'curie', 'darwin', 'euler', 'fermi', 'gauss', 'hopper', 'joule', 'kepler'];

/** `docker buildx create`: an instance is written down; nothing of it runs before it is used. */
export async function create(invocation: Invocation): Promise<number> {
  const { args, flags, out, process, session } = invocation;
  const store = storeOf(invocation);
  const driver = flags.last('driver') ?? 'docker-container';
  if (driver === 'docker') throw new CommandError('additional instances of driver "docker" cannot be created');
  if (!drivers.includes(driver)) throw new CommandError(`failed to find driver ${JSON.stringify(driver)}`);
  const { random } = process;
  const pick = (all: readonly string[]): string => all[random.below(all.length)] ?? '';
  const name = flags.last('name') ?? `${pick(names)}_${pick(people)}`;
  if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]*$/.test(name))
    throw new CommandError(`invalid builder name ${name}, can only contain letters, numbers, '-', '_' and '.'`);
  const existing = store.find(name);
  if (existing !== undefined && !flags.on('append') && !flags.on('leave'))
    throw new CommandError(
      `existing instance for ${JSON.stringify(name)} but no append mode, specify the node name to make changes for existing instances`,
    );
  if (existing === undefined && isContext(invocation, name))
    throw new CommandError(`instance name ${JSON.stringify(name)} already exists as context builder`);
  if (flags.on('leave')) return leave(store, existing, name, flags.text('node'));
  const nodes = existing?.Nodes ?? [];
  const instance: Instance = {
    Name: name,
    Driver: driver,
    Nodes: [
      ...nodes,
      {
        Name: flags.last('node') ?? `${name}${nodes.length}`,
        Endpoint: args[0] ?? (session.contextName === 'default' ? invocation.api.host : session.contextName),
        Platforms: flags.given('platform') ? flags.all('platform').flatMap((each) => each.split(',')) : null,
        DriverOpts: flags.given('driver-opt')
          ? keyValues(
              flags.all('driver-opt').flatMap((each) => each.split(',')),
              undefined,
            )
          : null,
        Flags: flags.given('buildkitd-flags') ? flags.text('buildkitd-flags').split(' ') : null,
      },
    ],
    Dynamic: false,
  };
  store.save(instance);
  if (flags.on('use')) store.setCurrent(name, false);
  await out(`${name}\n`);
  return 0;
}

function leave(store: ReturnType<typeof storeOf>, existing: Instance | undefined, name: string, node: string): number {
  if (existing === undefined) throw new CommandError(`failed to find instance ${JSON.stringify(name)} for leave`);
  const Nodes = existing.Nodes.filter((each) => each.Name !== node);
  if (Nodes.length === existing.Nodes.length)
    throw new CommandError(`node ${JSON.stringify(node)} not found in ${JSON.stringify(name)}`);
  store.save({ ...existing, Nodes });
  return 0;
}

/** `docker buildx rm`. */
export async function remove(invocation: Invocation): Promise<number> {
  const { args, flags, error, out, process } = invocation;
  const store = storeOf(invocation);
  if (flags.on('all-inactive') && !flags.on('force')) {
    await out(
      'WARNING! This will remove all builders that are not in running state. Are you sure you want to continue? [y/N] ',
    );
    if (!/^y(es)?$/i.test(((await process.stdin.readLine()) ?? '').trim())) return 0;
  }
  const wanted = flags.on('all-inactive')
    ? store.list().map(({ Name }) => Name)
    : args.length > 0
      ? args
      : [builderName(invocation)];
  let failed = false;
  for (const name of wanted) {
    if (store.find(name) !== undefined) {
      store.remove(name);
      await error(`${name} removed\n`);
      continue;
    }
    failed = true;
    const why = isContext(invocation, name)
      ? `context builder cannot be removed, run \`docker context rm ${name}\` to remove this context`
      : `no builder ${JSON.stringify(name)} found`;
    await error(`failed to remove ${name}: ${why}\n`);
  }
  if (failed) throw new CommandError('failed to remove one or more builders');
  return 0;
}

/** `docker buildx stop`: the engine's own builder has no daemon to stop. */
export function stop(invocation: Invocation): Promise<number> {
  const name = invocation.args[0] ?? builderName(invocation);
  if (storeOf(invocation).find(name) === undefined && !isContext(invocation, name))
    throw new CommandError(`no builder ${JSON.stringify(name)} found`);
  return Promise.resolve(0);
}
