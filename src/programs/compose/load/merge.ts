import { isDict, LoadError, lookUp, sprint, type Dict, type Path, type Value } from './value';
import { parseVolume } from './volumes';

type Merger = (base: Value, over: Value, path: Path) => Value;

/** `KEY=value` entries of a mapping, sorted; a list stays as it is. */
function sequence(value: Value): Value[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return [value];
  if (!isDict(value)) return [];
  return Object.entries(value)
    .flatMap(([key, item]) =>
      item === null
        ? [key]
        : Array.isArray(item)
          ? item.map((each) => `${key}=${sprint(each)}`)
          : [`${key}=${sprint(item)}`],
    )
    .sort();
}

function mapping(value: Value, initial: Dict | null): Dict {
  if (isDict(value)) return value;
  if (!Array.isArray(value)) return {};
  return Object.fromEntries(value.map((key) => [sprint(key), initial === null ? null : { ...initial }]));
}

const toSequence: Merger = (base, over) => [...sequence(base), ...sequence(over)];
const override: Merger = (_, over) => over;
const extraHosts: Merger = (base, over) => {
  const all = sequence(base);
  return [...all, ...sequence(over).filter((entry) => !all.includes(entry))];
};
const dependsOn: Merger = (base, over, path) => {
  const started = { condition: 'service_started', required: true };
  return mergeMaps(mapping(base, started), mapping(over, started), path);
};
const byName: Merger = (base, over, path) => mergeMaps(mapping(base, null), mapping(over, null), path);
const build: Merger = (base, over, path) => {
  const whole = (value: Value): Dict => (isDict(value) ? value : { context: value });
  return mergeMaps(whole(base), whole(over), path);
};
const logging: Merger = (base, over, path) => {
  if (!isDict(base) || !isDict(over)) return over;
  const same = base['driver'] === over['driver'] || !('driver' in base) || !('driver' in over);
  return same ? mergeMaps(base, over, path) : over;
};
const ipam: Merger = (base, over, path) => {
  const result: Dict[] = [];
  for (const first of sequence(base)) {
    let right = mapping(first, null);
    for (const second of sequence(over)) {
      const left = mapping(second, null);
      const known = result.findIndex(({ subnet }) => subnet === left['subnet']);
      if (left['subnet'] !== right['subnet'] && known < 0) {
        result.push(left);
        continue;
      }
      right = mergeMaps(right, left, path);
      const at = result.findIndex(({ subnet }) => subnet === right['subnet']);
      if (at < 0) result.push(right);
      else result[at] = right;
    }
  }
  return result;
};

const service = (merger: Merger, names: string): Record<string, Merger> =>
  Object.fromEntries(names.split(' ').map((name) => [`services.*.${name}`, merger]));

/** What is not merged as YAML trees are (compose-go's mergeSpecials). */
const specials: Readonly<Record<string, Merger>> = {
  'networks.*.ipam.config': ipam,
  'networks.*.labels': toSequence,
  'volumes.*.labels': toSequence,
  ...service(toSequence, 'annotations build.args build.additional_contexts build.labels deploy.labels dns dns_opt'),
  ...service(toSequence, 'dns_search env_file label_file environment labels volumes.*.volume.labels sysctls tmpfs'),
  ...service(override, 'command entrypoint healthcheck.test ulimits.*'),
  ...service(extraHosts, 'extra_hosts build.extra_hosts'),
  ...service(byName, 'models networks'),
  ...service(build, 'build'),
  ...service(dependsOn, 'depends_on'),
  ...service(logging, 'logging'),
};

function mergeValue(base: Value, over: Value, path: Path): Value {
  const special = lookUp(specials, path);
  if (special !== undefined) return special(base, over, path);
  if (over === null) return base;
  if (isDict(base)) {
    if (!isDict(over)) throw new LoadError(`cannot override ${path.join('.')}`);
    return mergeMaps(base, over, path);
  }
  if (Array.isArray(base)) {
    if (!Array.isArray(over)) throw new LoadError(`cannot override ${path.join('.')}`);
    return [...base, ...over];
  }
  return over;
}

function mergeMaps(base: Dict, over: Dict, path: Path): Dict {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = result[key];
    result[key] = old === undefined ? value : mergeValue(old, value, [...path, key]);
  }
  return result;
}

/** What a second file says over a first one. */
export const mergeModels = (base: Dict, over: Dict): Dict => mergeMaps(base, over, []);

/** What a service says over the one that it extends. */
export const extendService = (base: Dict, over: Dict): Dict => mergeMaps(base, over, ['services', 'x']);

type Indexer = (entry: Value, path: Path) => string;

const keyValue: Indexer = (entry, path) => {
  if (typeof entry === 'string') return entry.split('=')[0] ?? '';
  throw new LoadError(`${path.join('.')}: unexpected type ${goType(entry)}`);
};
const goType = (value: Value): string =>
  value === null
    ? '<nil>'
    : Array.isArray(value)
      ? '[]interface {}'
      : typeof value === 'object'
        ? 'map[string]interface {}'
        : typeof value === 'number'
          ? Number.isInteger(value)
            ? 'int'
            : 'float64'
          : 'bool';
const targetOf =
  (what: string, ofText: (text: string) => string): Indexer =>
  (entry, path) => {
    if (typeof entry === 'string') return ofText(entry);
    const target = isDict(entry) ? entry['target'] : undefined;
    if (typeof target !== 'string') throw new LoadError(`service ${what} ${path.join('.')} is missing a mount target`);
    return target;
  };
const port: Indexer = (entry, path) => {
  if (!isDict(entry)) return sprint(entry);
  const { target, published, host_ip = '0.0.0.0', protocol = 'tcp' } = entry;
  if (target === undefined) throw new LoadError(`service ports ${path.join('.')} is missing a target port`);
  return `${sprint(host_ip)}:${sprint(published ?? null)}:${sprint(target)}/${sprint(protocol)}`;
};
const mountAt =
  (folder: string): Indexer =>
  (entry) =>
    isDict(entry)
      ? typeof entry['target'] === 'string'
        ? entry['target']
        : `${folder}/${sprint(entry['source'] ?? null)}`
      : `${folder}/${sprint(entry)}`;
const envFile: Indexer = (entry) => (isDict(entry) ? sprint(entry['path'] ?? null) : sprint(entry));

const serviceKeys = (indexer: Indexer, names: string): Record<string, Indexer> =>
  Object.fromEntries(names.split(' ').map((name) => [`services.*.${name}`, indexer]));

/** Lists of which the last entry of a kind counts. */
const unique: Readonly<Record<string, Indexer>> = {
  'networks.*.labels': keyValue,
  'networks.*.ipam.options': keyValue,
  ...serviceKeys(keyValue, 'annotations build.args build.additional_contexts build.platform build.tags build.labels'),
  ...serviceKeys(keyValue, 'cap_add cap_drop deploy.labels dns dns_opt dns_search environment labels links'),
  ...serviceKeys(keyValue, 'networks.*.aliases networks.*.link_local_ips profiles sysctls tmpfs'),
  ...serviceKeys((entry) => sprint(entry), 'expose'),
  ...serviceKeys(
    targetOf('volume', (text) => sprint(parseVolume(text)['target'] ?? '')),
    'volumes',
  ),
  ...serviceKeys(
    targetOf('device', (text) => text.split(':')[1] ?? text),
    'devices',
  ),
  ...serviceKeys(mountAt(''), 'configs'),
  ...serviceKeys(mountAt('/run/secrets'), 'secrets'),
  ...serviceKeys(port, 'ports'),
  ...serviceKeys(envFile, 'env_file'),
};

/** Removes what a later entry of the same list says again (compose-go's EnforceUnicity). */
export function enforceUnicity(value: Dict): Dict {
  const walk = (item: Value, path: Path): Value => {
    if (isDict(item))
      return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, walk(inner, [...path, key])]));
    if (!Array.isArray(item)) return item;
    const indexer = lookUp(unique, path);
    if (indexer === undefined) return item;
    const kept = new Map<string, Value>();
    item.forEach((entry, index) => kept.set(indexer(entry, [...path, `[${index}]`]), entry));
    return [...kept.values()];
  };
  return walk(value, []) as Dict;
}
