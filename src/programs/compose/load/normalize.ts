import { clean } from './volumes';
import { dictAt, isDict, sprint, type Dict, type Value } from './value';
import type { Lookup } from './template';

/** What is implied gets said (compose-go's Normalize): the default network, names, what depends on what. */
export function normalize(model: Dict, lookup: Lookup): void {
  normalizeNetworks(model);
  for (const service of services(model)) normalizeService(service, lookup);
  for (const kind of ['networks', 'volumes', 'configs', 'secrets']) {
    const all = model[kind];
    if (!isDict(all)) continue;
    for (const [key, value] of Object.entries(all)) {
      const resource = isDict(value) ? value : {};
      resource['name'] ??=
        resource['external'] === true || resource['external'] === 'true'
          ? key
          : `${sprint(model['name'] ?? '')}_${key}`;
      all[key] = resource;
    }
  }
}

/** The services of a model. */
export const services = (model: Dict): readonly Dict[] => Object.values(dictAt(model, 'services')).filter(isDict);

function normalizeNetworks(model: Dict): void {
  let used = false;
  for (const service of services(model)) {
    if ('provider' in service || 'network_mode' in service) continue;
    const { networks } = service;
    if (!isDict(networks) || Object.keys(networks).length === 0) service['networks'] = { default: null };
    if ('default' in dictAt(service, 'networks')) used = true;
  }
  const networks = dictAt(model, 'networks');
  if (used && !('default' in networks)) networks['default'] = null;
  if (Object.keys(networks).length > 0) model['networks'] = networks;
}

function normalizeService(service: Dict, lookup: Lookup): void {
  if (service['pull_policy'] === 'if_not_present') service['pull_policy'] = 'missing';
  const { build, environment, volumes } = service;
  if (isDict(build)) {
    build['context'] ??= '.';
    if (build['dockerfile_inline'] === undefined) build['dockerfile'] ??= 'Dockerfile';
    if (build['args'] !== undefined) build['args'] = resolve(build['args'], lookup, false);
  }
  if (environment !== undefined) service['environment'] = resolve(environment, lookup, true);
  for (const volume of Array.isArray(volumes) ? volumes : [])
    if (isDict(volume) && typeof volume['target'] === 'string') volume['target'] = clean(volume['target']);
  const dependsOn = { ...dictAt(service, 'depends_on') };
  const depend = (name: string, restart: boolean): void => {
    dependsOn[name] ??= { condition: 'service_started', restart, required: true };
  };
  for (const link of texts(service['links'])) depend(link.split(':')[0] ?? '', true);
  for (const key of ['network_mode', 'ipc', 'pid', 'uts', 'cgroup']) {
    const mode = service[key];
    if (typeof mode === 'string' && mode.startsWith('service:')) depend(mode.slice('service:'.length), true);
  }
  for (const from of texts(service['volumes_from']))
    if (!from.startsWith('container:')) depend(from.split(':')[0] ?? '', false);
  if (Object.keys(dependsOn).length > 0) service['depends_on'] = dependsOn;
}

const texts = (value: Value | undefined): readonly string[] => (Array.isArray(value) ? value.map(sprint) : []);

/** Gives keys without a value that of the environment. */
function resolve(value: Value, lookup: Lookup, keep: boolean): Value {
  if (Array.isArray(value))
    return value.flatMap((each): Value[] => {
      const entry = sprint(each);
      if (entry.includes('=')) return [entry];
      const found = lookup(entry);
      return found === undefined ? (keep ? [entry] : []) : [`${entry}=${found}`];
    });
  if (!isDict(value)) return value;
  const result: Dict = {};
  for (const [key, item] of Object.entries(value)) {
    const found = item ?? lookup(key);
    if (found !== undefined) result[key] = found;
    else if (keep) result[key] = null;
  }
  return result;
}
