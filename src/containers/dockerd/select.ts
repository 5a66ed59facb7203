import { ok, type Result } from '../../sim/result';
import { refuse, type ApiError } from './api-types';
import { isRunning, type Container } from './container';
import type { Engine } from './engine';

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

/** Which containers `docker ps` shows, newest first (daemon/list.go). */
export function selectContainers(
  engine: Engine,
  filters: ReadonlyMap<string, readonly string[]>,
  { all, limit }: { readonly all: boolean; readonly limit: number },
): Result<readonly Container[], ApiError> {
  for (const name of filters.keys()) if (!known.has(name)) return refuse(400, `invalid filter '${name}'`);
  const statuses = filters.get('status') ?? [];
  for (const status of statuses) {
    if (!['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'].includes(status))
      return refuse(400, `invalid filter 'status=${status}'`);
  }
  const before = filters.get('before')?.[0];
  const since = filters.get('since')?.[0];
  const everything = [...engine.list()].reverse();
  const edge = (name: string | undefined): Result<number | undefined, ApiError> => {
    if (name === undefined) return ok(undefined);
    const found = engine.find(name);
    return found.ok ? ok(everything.indexOf(found.value)) : found;
  };
  const beforeIndex = edge(before);
  if (!beforeIndex.ok) return beforeIndex;
  const sinceIndex = edge(since);
  if (!sinceIndex.ok) return sinceIndex;
  const showAll =
    all || limit > 0 || statuses.length > 0 || filters.has('exited') || before !== undefined || since !== undefined;
  const selected = everything.filter(
    (container, index) =>
      (showAll || isRunning(container)) &&
      (beforeIndex.value === undefined || index > beforeIndex.value) &&
      (sinceIndex.value === undefined || index < sinceIndex.value) &&
      [...filters].every(([name, values]) => matches(engine, container, name, values)),
  );
  return ok(limit > 0 ? selected.slice(0, limit) : selected);
}

function matches(engine: Engine, container: Container, name: string, values: readonly string[]): boolean {
  const { config, id, status, exitCode, networking, mounts } = container;
  switch (name) {
    case 'id':
      return values.some((value) => id.startsWith(value));
    case 'name':
      return values.some(
        (value) => new RegExp(value).test(container.name) || new RegExp(value).test(`/${container.name}`),
      );
    case 'status':
      return values.includes(status);
    case 'exited':
      return status === 'exited' && values.map(Number).includes(exitCode);
    case 'label':
      return values.every((value) => {
        const [key = '', wanted] = splitOnce(value);
        const has = config.Labels[key];
        return has !== undefined && (wanted === undefined || has === wanted);
      });
    case 'ancestor':
      return values.some((value) => {
        const stored = engine.images.find(value);
        return stored !== undefined && container.image.chainIds.join().startsWith(stored.image.chainIds.join());
      });
    case 'network':
      return values.some((value) => {
        const network = engine.networks.find(value);
        return [...networking.keys()].some((key) => key === value || key === network?.name);
      });
    case 'volume':
      return values.some((value) =>
        mounts.some(({ volume, destination }) => volume?.name === value || destination === value),
      );
    case 'expose':
    case 'publish':
      return values.some((value) => {
        const port = value.includes('/') ? value : `${value}/tcp`;
        return name === 'expose'
          ? config.ExposedPorts?.[port] !== undefined
          : (container.hostConfig.PortBindings?.[port] ?? []).length > 0;
      });
    case 'health':
      return values.includes(container.health?.status ?? 'none');
    default:
      return true;
  }
}

function splitOnce(text: string): readonly [string, string | undefined] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
}
