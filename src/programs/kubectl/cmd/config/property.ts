import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { parseBool } from '../../flags/values';
import { flag } from '../../flags/flag-set';
import { withAt, type JsonObject } from '../../json';
import { base64, fromBase64 } from '../create/base64';
import { encode } from '../../../../linux/io/bytes';
import { configShape, type Shape } from './stanza';
import { ConfigStore, unexpected, type Editable } from './store';

const typeOf = (shape: Shape): string =>
  typeof shape === 'object'
    ? shape.type
    : { string: 'string', bool: 'bool', bytes: '[]uint8', strings: '[]string', anything: 'map[string]string' }[shape];

/** The keys that a dotted name means; names of entries may hold dots themselves. Source: navigation_step_parser.go. */
function stepsOf(path: string): readonly { readonly key: string; readonly shape: Shape }[] {
  const parts = path.split('.');
  const steps: { readonly key: string; readonly shape: Shape }[] = [];
  let shape: Shape = configShape;
  for (let at = 0; at < parts.length;) {
    if (typeof shape !== 'object') throw new Failure(`unable to parse one or more field values of ${path}`);
    if ('map' in shape) {
      const inner: Shape = shape.map;
      const known = typeof inner === 'object' && 'fields' in inner ? Object.keys(inner.fields) : [];
      const next = parts.findIndex((part, index) => index > at && known.includes(part));
      const end = next < 0 ? parts.length : next;
      steps.push({ key: parts.slice(at, end).join('.'), shape: inner });
      shape = inner;
      at = end;
      continue;
    }
    const key = parts[at] ?? '';
    const fields: Readonly<Record<string, Shape>> = shape.fields;
    const inner = fields[key];
    if (inner === undefined) {
      const shown = steps.map((step) => `{${step.key} ${typeOf(step.shape)}}`).join(' ');
      throw new Failure(`unable to parse ${path} after [${shown}] at ${shape.type}`);
    }
    steps.push({ key, shape: inner });
    shape = inner;
    at++;
  }
  return steps;
}

function converted(shape: Shape, value: string, raw: boolean): unknown {
  if (typeof shape === 'object') throw new Failure(`can't set a map to a value: map[]`);
  switch (shape) {
    case 'bool': {
      const truth = parseBool(value);
      if (!truth.ok) throw new Failure(`strconv.ParseBool: parsing "${value}": invalid syntax`);
      return truth.value;
    }
    case 'bytes': {
      if (raw) return base64(encode(value));
      const bytes = fromBase64(value);
      if (bytes === undefined)
        throw new Failure(`error decoding input value: illegal base64 data at input byte ${value.search(/[^\w+/]/)}`);
      return value;
    }
    case 'strings':
      throw new Failure('unrecognized slice type. string');
    default:
      return value;
  }
}

/** Puts a value into a configuration; undefined removes. */
function modified(config: Editable, path: string, value: string | undefined, raw: boolean): Editable {
  const steps = stepsOf(path);
  const last = steps[steps.length - 1];
  const target = last === undefined || value === undefined ? undefined : converted(last.shape, value, raw);
  const [first, name, ...rest] = steps.map(({ key }) => key);
  if (first === 'current-context') return { ...config, currentContext: value ?? '' };
  if (first === 'preferences')
    return {
      ...config,
      preferences: withAt(config.preferences, name === undefined ? [] : [name, ...rest], target) as JsonObject,
    };
  if (first !== 'clusters' && first !== 'contexts' && first !== 'users') return config;
  if (name === undefined) return { ...config, [first]: new Map() };
  const entries = new Map(config[first]);
  const entry = entries.get(name);
  if (rest.length === 0) entries.delete(name);
  else if (entry === undefined && value === undefined) throw new Failure(`current map key \`${name}\` is invalid`);
  else entries.set(name, withAt(entry ?? {}, rest, target) as JsonObject);
  return { ...config, [first]: entries };
}

async function runSet(cli: Cli): Promise<void> {
  const { args, flags } = cli;
  if (args.length !== 2) throw await unexpected(cli);
  const [name = '', value = ''] = args;
  if (value === '') throw new Failure('you cannot use set to unset a property');
  if (name === '') throw new Failure('you must specify a property');
  const store = new ConfigStore(cli);
  store.save(modified(store.edit(), name, value, flags.bool('set-raw-bytes')));
  await cli.out(`Property "${name}" set.\n`);
}

async function runUnset(cli: Cli): Promise<void> {
  if (cli.args.length !== 1) throw await unexpected(cli);
  const [name = ''] = cli.args;
  if (name === '') throw new Failure('you must specify a property');
  const store = new ConfigStore(cli);
  store.save(modified(store.edit(), name, undefined, true));
  await cli.out(`Property "${name}" unset.\n`);
}

export const propertyCommands: readonly Command[] = [
  {
    use: 'set PROPERTY_NAME PROPERTY_VALUE',
    short: 'Set an individual value in a kubeconfig file',
    long: `Set one value in the kubeconfig.

 PROPERTY_NAME has dots between members and names, as in clusters.dev.server.

 PROPERTY_VALUE is base64 for members that end in -data, unless --set-raw-bytes is given.`,
    example: `# The address of a cluster
    kubectl config set clusters.dev.server https://10.0.0.1:6443

    # The namespace of a context
    kubectl config set contexts.dev.namespace team`,
    flags: [flag.bool('set-raw-bytes', false, 'The value is not base64 yet.')],
    run: runSet,
  },
  {
    use: 'unset PROPERTY_NAME',
    short: 'Unset an individual value in a kubeconfig file',
    long: `Remove one value from the kubeconfig.

 PROPERTY_NAME has dots between members and names, as in contexts.dev.namespace.`,
    example: `# No current context any more
    kubectl config unset current-context

    # No namespace for a context
    kubectl config unset contexts.dev.namespace`,
    run: runUnset,
  },
];
