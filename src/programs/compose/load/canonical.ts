import { parsePorts } from './ports';
import { isDict, LoadError, lookUp, sprint, type Dict, type Path, type Value } from './value';
import { parseVolume } from './volumes';

/** How a place's short forms become the long one; `inner` brings what is below into canonical form. */
type Transformer = (value: Value, path: Path, context: Context) => Value;

interface Context {
  /** Variables are still in the texts: what cannot be parsed stays. */
  readonly lenient: boolean;
  readonly warn: (message: string) => void;
}

const orList: Transformer = (value) => (typeof value === 'string' ? [value] : value);
const namesToMap: Transformer = (value) =>
  Array.isArray(value) ? Object.fromEntries(value.map((each) => [sprint(each), null])) : value;
const fileMount: Transformer = (value) => (typeof value === 'string' ? { source: value } : value);
const text: Transformer = (value) => sprint(value);
const keyValue: Transformer = (value, path, { lenient }) => {
  if (!Array.isArray(value)) return value;
  const result: Dict = {};
  for (const entry of value.map(sprint)) {
    const equals = entry.indexOf('=');
    if (equals < 0) {
      if (lenient) return value;
      throw new LoadError(`${path.join('.')}: invalid value ${entry}, expected key=value`);
    }
    result[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  return result;
};
const dependsOn: Transformer = (value) => {
  const started = { condition: 'service_started', required: true };
  if (Array.isArray(value)) return Object.fromEntries(value.map((each) => [sprint(each), { ...started }]));
  if (!isDict(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, { ...started, ...(each as Dict) }]));
};
const envFile: Transformer = (value) =>
  (Array.isArray(value) ? value : [value]).map((each) =>
    isDict(each) ? { required: true, ...each } : { path: each, required: true },
  );
const ports: Transformer = (value, _, { lenient }) => {
  if (!Array.isArray(value)) return value;
  try {
    return value.flatMap((entry) => (isDict(entry) ? [entry] : parsePorts(sprint(entry))));
  } catch (error) {
    if (lenient && error instanceof LoadError) return value;
    throw error;
  }
};
const volume: Transformer = (value, _, { lenient }) => {
  if (typeof value !== 'string') return value;
  try {
    return parseVolume(value);
  } catch (error) {
    if (lenient && error instanceof LoadError) return value;
    throw error;
  }
};
const device: Transformer = (value) => {
  if (typeof value !== 'string') return value;
  const [source = '', target = source, permissions = 'rwm'] = value.split(':');
  return { source, target, permissions };
};
const ssh: Transformer = (value) => {
  if (!Array.isArray(value)) return value;
  return Object.fromEntries(
    value.map((each) => {
      const [key = '', path] = sprint(each).split('=');
      return [key, path ?? null];
    }),
  );
};
const gpus: Transformer = (value) => (value === 'all' ? [{ capabilities: ['gpu'], count: -1 }] : value);
const external: Transformer = (value, path, context) => {
  if (!isDict(value)) return value;
  const resource = below(value, path, context) as Dict;
  const { external: mark } = resource;
  if (!isDict(mark)) return resource;
  const at = path.join('.');
  const name = mark['name'];
  if (name === undefined) return { ...resource, external: true };
  context.warn(`${at}: external.name is deprecated. Please set name and external: true`);
  if ('name' in resource && resource['name'] !== name)
    throw new LoadError(`${at}: name and external.name conflict; only use name`);
  return { ...resource, external: true, name };
};
const build: Transformer = (value, path, context) =>
  typeof value === 'string' ? { context: value } : below(value, path, context);

const transformers: Readonly<Record<string, Transformer>> = {
  'services.*.build': build,
  'services.*.build.secrets.[]': fileMount,
  'services.*.build.provenance': text,
  'services.*.build.sbom': text,
  'services.*.build.additional_contexts': keyValue,
  'services.*.build.ssh': ssh,
  'services.*.depends_on': dependsOn,
  'services.*.env_file': envFile,
  'services.*.label_file': orList,
  'services.*.gpus': gpus,
  'services.*.networks': namesToMap,
  'services.*.models': namesToMap,
  'services.*.volumes.[]': volume,
  'services.*.dns': orList,
  'services.*.devices.[]': device,
  'services.*.secrets.[]': fileMount,
  'services.*.configs.[]': fileMount,
  'services.*.ports': ports,
  'services.*.develop.watch.[].ignore': orList,
  'services.*.develop.watch.[].include': orList,
  'volumes.*': external,
  'networks.*': external,
  'secrets.*': external,
  'configs.*': external,
};

function transform(value: Value, path: Path, context: Context): Value {
  const transformer = lookUp(transformers, path);
  return transformer === undefined ? below(value, path, context) : transformer(value, path, context);
}

function below(value: Value, path: Path, context: Context): Value {
  if (Array.isArray(value)) return value.map((item) => transform(item, [...path, '[]'], context));
  if (!isDict(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, transform(item, [...path, key], context)]),
  );
}

/** Short forms to long ones (compose-go's transform.Canonical). */
export function canonical(model: Dict, context: Context): Dict {
  const result = below(model, [], context) as Dict;
  for (const service of Object.values(isDict(result['services']) ? result['services'] : {})) {
    if (!isDict(service) || !Array.isArray(service['dns'])) continue;
    service['dns'] = service['dns'].filter((each) => each !== null && each !== '');
  }
  return result;
}

/** What is implied where nothing is said (compose-go's SetDefaultValues). */
export function setDefaults(model: Dict): void {
  const services = model['services'];
  for (const service of Object.values(isDict(services) ? services : {})) {
    if (!isDict(service)) continue;
    if (isDict(service['build'])) service['build']['context'] ??= '.';
    for (const port of listOf(service['ports'])) {
      port['protocol'] ??= 'tcp';
      port['mode'] ??= 'ingress';
    }
    for (const secret of listOf(service['secrets']))
      secret['target'] ??= `/run/secrets/${sprint(secret['source'] ?? '')}`;
  }
}

const listOf = (value: Value | undefined): readonly Dict[] => (Array.isArray(value) ? value.filter(isDict) : []);
