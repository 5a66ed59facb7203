import { isDict, LoadError, lookUp, sprint, type Dict, type Path, type Value } from './value';
import { join } from './volumes';

type Resolver = (value: Value, base: string, home: string) => Value;

/** A path against a folder; `~` is the home folder. */
export const absolute = (path: string, base: string, home: string): string => {
  if (path === '') return path;
  if (path === '~' || path.startsWith('~/')) return join(home, path.slice(1));
  return path.startsWith('/') ? path : join(base, path);
};

const path: Resolver = (value, base, home) =>
  Array.isArray(value) ? value.map((each) => path(each, base, home)) : absolute(sprint(value), base, home);
const context: Resolver = (value, base, home) => {
  const text = sprint(value);
  const remote = text.includes('://') || /^(service:|github\.com\/|git@)/.test(text);
  return remote ? text : absolute(text, base, home);
};
const mount: Resolver = (value, base, home) => {
  if (!isDict(value) || value['type'] !== 'bind') return value;
  if (value['source'] === undefined)
    throw new LoadError('invalid mount config for type "bind": field Source must not be empty');
  return { ...value, source: absolute(sprint(value['source']), base, home) };
};
const driverOpts: Resolver = (value, base, home) => {
  if (!isDict(value) || value['driver'] !== 'local' || !isDict(value['driver_opts'])) return value;
  const { driver_opts: options } = value;
  if (options['o'] !== 'bind' || options['device'] === undefined) return value;
  return { ...value, driver_opts: { ...options, device: absolute(sprint(options['device']), base, home) } };
};

const resolvers: Readonly<Record<string, Resolver>> = {
  'services.*.build.context': context,
  'services.*.build.additional_contexts.*': context,
  'services.*.env_file.[].path': path,
  'services.*.label_file.[]': path,
  'services.*.extends.file': path,
  'services.*.develop.watch.[].path': path,
  'services.*.volumes.[]': mount,
  'configs.*.file': path,
  'secrets.*.file': path,
  'volumes.*': driverOpts,
};

/** Makes relative paths absolute (compose-go's ResolveRelativePaths). */
export function resolvePaths(model: Dict, base: string, home: string): Dict {
  const walk = (value: Value, at: Path): Value => {
    const resolver = lookUp(resolvers, at);
    if (resolver !== undefined) return resolver(value, base, home);
    if (Array.isArray(value)) return value.map((item) => walk(item, [...at, '[]']));
    if (!isDict(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...at, key])]));
  };
  return walk(model, []) as Dict;
}
