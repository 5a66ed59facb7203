import { ok, type Result } from '../../sim/result';
import { refuse, type ApiError } from './api-types';
import { isRunning, type Container } from './container';
import type { Engine } from './engine';
import { matchesLabels } from './filters';
import { listedPorts } from './inspect';

const known = new Set([
  'ancestor',
  'before',
  'exited',
  'expose',
  'health',
  'id',
  'isolation',
  'is-task',
  'label',
  'name',
  'network',
  'publish',
  'since',
  'status',
  'volume',
]);

const states = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'];
const healths = ['none', 'starting', 'healthy', 'unhealthy'];

type Filters = ReadonlyMap<string, readonly string[]>;

/** What is wrong with the filters' values (foldFilter). */
function wrongValue(filters: Filters): string | undefined {
  for (const value of filters.get('exited') ?? [])
    if (!/^[+-]?\d+$/.test(value))
      return `invalid filter 'exited=${value}': strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`;
  for (const value of filters.get('status') ?? [])
    if (!states.includes(value))
      return `invalid filter 'status=${value}': invalid value for state (${value}): must be one of ${states.join(', ')}`;
  for (const value of filters.get('is-task') ?? [])
    if (!/^(1|0|true|false)$/i.test(value)) return `invalid filter 'is-task=[${value}]'`;
  for (const value of filters.get('health') ?? [])
    if (!healths.includes(value))
      return `invalid filter 'health=${value}': invalid value for health (${value}): must be one of ${healths.join(', ')}`;
  return undefined;
}

/** Which containers `docker ps` shows, newest first (daemon/list.go). */
export function selectContainers(
  engine: Engine,
  filters: Filters,
  { all, limit }: { readonly all: boolean; readonly limit: number },
): Result<readonly Container[], ApiError> {
  for (const name of [...filters.keys()].sort()) if (!known.has(name)) return refuse(400, `invalid filter '${name}'`);
  const wrong = wrongValue(filters);
  if (wrong !== undefined) return refuse(400, wrong);
  const everything = engine.list().toReversed();
  const edge = (name: string): Result<number | undefined, ApiError> => {
    const asked = filters.get(name)?.at(-1);
    if (asked === undefined) return ok(undefined);
    const found = engine.find(asked);
    return found.ok ? ok(everything.indexOf(found.value)) : found;
  };
  const before = edge('before');
  if (!before.ok) return before;
  const since = edge('since');
  if (!since.ok) return since;
  const ports = new Map<string, ReadonlySet<string>>();
  for (const name of ['publish', 'expose']) {
    const parsed = portsOf(name, filters.get(name) ?? []);
    if (!parsed.ok) return parsed;
    ports.set(name, parsed.value);
  }
  const stopped = all || limit > 0 || filters.has('status');
  const selected = everything.filter(
    (container, index) =>
      (before.value === undefined || index > before.value) &&
      (since.value === undefined || index < since.value) &&
      (stopped || isRunning(container)) &&
      [...filters].every(([name, values]) => matches(engine, container, name, values)) &&
      hasPort(container, ports),
  );
  return ok(limit > 0 ? selected.slice(0, limit) : selected);
}

/** `80`, `80/udp`, `8000-8010/tcp` (list.go, portOp). */
function portsOf(key: string, values: readonly string[]): Result<ReadonlySet<string>, ApiError> {
  const ports = new Set<string>();
  for (const value of values) {
    if (value.includes(':')) return refuse(500, `filter for '${key}' should not contain ':': ${value}`);
    const [range = '', protocol = 'tcp'] = value.split('/');
    const [, first = '', last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    if (first === '')
      return refuse(500, `error while looking up for ${key} ${value}: invalid start port '${range}': invalid syntax`);
    for (let port = Number(first); port <= Number(last); port++) ports.add(`${port}/${protocol}`);
  }
  return ok(ports);
}

/** One of the ports that are asked for: published ones by the host's number, exposed ones by the container's. */
function hasPort(container: Container, asked: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const publish = asked.get('publish');
  const expose = asked.get('expose');
  if ((publish?.size ?? 0) + (expose?.size ?? 0) === 0) return true;
  return listedPorts(container).some(
    ({ PublicPort = 0, PrivatePort, Type }) =>
      publish?.has(`${PublicPort}/${Type}`) === true || expose?.has(`${PrivatePort}/${Type}`) === true,
  );
}

/** A text or a regular expression anywhere in it (filters.Args.Match). */
function anyMatch(values: readonly string[], source: string): boolean {
  return values.some((value) => {
    try {
      return source === value || new RegExp(value).test(source);
    } catch {
      return source === value;
    }
  });
}

function matches(engine: Engine, container: Container, name: string, values: readonly string[]): boolean {
  const { config, id, status, exitCode, networking, mounts } = container;
  switch (name) {
    case 'id':
      return anyMatch(values, id);
    case 'name':
      return anyMatch(values, `/${container.name}`) || anyMatch(values, container.name);
    case 'status':
      return anyMatch(values, status);
    case 'exited':
      return !isRunning(container) && container.everStarted && values.map(Number).includes(exitCode);
    case 'label':
      return matchesLabels(config.Labels, values);
    case 'is-task':
      return values.some((value) => /^(0|false)$/i.test(value));
    case 'ancestor':
      return values.some((value) => {
        const stored = engine.images.find(value);
        return stored !== undefined && container.image.chainIds.join().startsWith(stored.image.chainIds.join());
      });
    case 'network':
      return values.some((value) =>
        [...networking.keys()].some((key) => key === value || (engine.networks.find(key)?.id ?? '').startsWith(value)),
      );
    case 'volume':
      return values.some((value) =>
        mounts.some(({ volume, source, destination }) => (volume?.name ?? source) === value || destination === value),
      );
    case 'health':
      return values.includes(container.health?.status ?? 'none');
    default:
      return true;
  }
}
