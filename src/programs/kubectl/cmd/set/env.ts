import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Exit, Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { at, isObject, kindOf, list, nameOfObject, object as objectAt, text, type JsonObject } from '../../json';
import { optional } from '../../manifest/objects';
import { build } from '../../resource/builder';
import { fromBase64 } from '../create/base64';
import { dryRun, hasFiles } from '../shared-flags';
import { decode } from '../../../../linux/io/bytes';
import { changeContainers, setFlags, targets, update } from './pod-spec';

interface EnvChange {
  readonly set: readonly JsonObject[];
  readonly remove: readonly string[];
}

const isEnv = (word: string): boolean => /^[^=]+=/.test(word) || word.endsWith('-');

function split(args: readonly string[]): { readonly resources: readonly string[]; readonly pairs: readonly string[] } {
  const first = args.findIndex(isEnv);
  const resources = first < 0 ? args : args.slice(0, first);
  const pairs = first < 0 ? [] : args.slice(first);
  if (pairs.some((word) => !isEnv(word)))
    throw new Failure(`all resources must be specified before environment changes: ${args.join(' ')}`);
  return { resources, pairs };
}

async function parse(cli: Cli, pairs: readonly string[]): Promise<EnvChange> {
  const set: JsonObject[] = [];
  const remove: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (pair === '-') {
      for (const line of (await cli.process.stdin.text()).split('\n')) {
        const [name, value] = line.replace(/#.*$/, '').split(/=(.*)/s);
        if (name && value !== undefined) set.push({ name, ...optional('value', value) });
      }
    } else if (equals >= 0) {
      const name = pair.slice(0, equals);
      if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name))
        throw new Failure(
          `${JSON.stringify(name)} is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
        );
      set.push({ name, ...optional('value', pair.slice(equals + 1)) });
    } else remove.push(pair.slice(0, -1));
  }
  if (set.some(({ name }) => remove.includes(String(name))))
    throw new Failure('can not both modify and remove the same environment variable in the same command');
  return { set, remove };
}

/** Variables that stand for the keys of a config map or secret. */
async function fromResource(cli: Cli, source: string): Promise<readonly JsonObject[]> {
  const { flags } = cli;
  const result = await build(cli, { args: [source], flatten: true, latest: true, continueOnError: true });
  const wanted = flags.list('keys');
  const found: JsonObject[] = [];
  for (const { object = {} } of await result.infos()) {
    const kind = kindOf(object);
    const ref = { Secret: 'secretKeyRef', ConfigMap: 'configMapKeyRef' }[kind];
    if (ref === undefined) throw new Failure('unsupported resource specified in --from');
    for (const key of Object.keys(objectAt(object, 'data'))) {
      if (wanted.length > 0 && !wanted.includes(key)) continue;
      const name = key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase();
      if (name !== key) await cli.err(`Warning: key ${key} transferred to ${name}\n`);
      found.push({ name, valueFrom: { [ref]: { name: nameOfObject(object), key } } });
    }
  }
  return found;
}

const updated = (existing: readonly unknown[], { set, remove }: EnvChange): readonly unknown[] => {
  const covered = new Set(remove);
  const out: unknown[] = [];
  for (const each of existing) {
    const name = text(each, 'name');
    if (covered.has(name)) continue;
    const newer = set.find((variable) => variable['name'] === name);
    if (newer) covered.add(name);
    out.push(newer ?? each);
  }
  for (const each of set) {
    const name = String(each['name']);
    if (covered.has(name)) continue;
    covered.add(name);
    out.push(each);
  }
  return out;
};

/** Where a value comes from, in words. */
function refText(valueFrom: unknown): string {
  const map = at(valueFrom, 'configMapKeyRef');
  if (map !== undefined) return `configmap ${text(map, 'name')}, key ${text(map, 'key')}`;
  const secret = at(valueFrom, 'secretKeyRef');
  if (secret !== undefined) return `secret ${text(secret, 'name')}, key ${text(secret, 'key')}`;
  const field = at(valueFrom, 'fieldRef');
  if (field !== undefined) return `field path ${text(field, 'fieldPath')}`;
  const resource = at(valueFrom, 'resourceFieldRef');
  if (resource === undefined) return 'invalid valueFrom';
  const container = text(resource, 'containerName');
  return `resource field ${container === '' ? '' : `${container}/`}${text(resource, 'resource')}`;
}

async function resolved(cli: Cli, valueFrom: unknown, owner: JsonObject): Promise<string> {
  const { namespace } = cli.factory.namespace;
  for (const [ref, plural, word] of [
    ['secretKeyRef', 'secrets', 'secret'],
    ['configMapKeyRef', 'configmaps', 'config map'],
  ] as const) {
    const selector = at(valueFrom, ref);
    if (selector === undefined) continue;
    const name = text(selector, 'name');
    const key = text(selector, 'key');
    const found = await cli.factory.client.get(`/api/v1/namespaces/${namespace}/${plural}/${name}`);
    const value = at(found, 'data', key);
    if (typeof value !== 'string') throw new Failure(`key ${key} not found in ${word} ${name}`);
    return ref === 'secretKeyRef' ? decode(fromBase64(value) ?? new Uint8Array(0)) : value;
  }
  const path = text(valueFrom, 'fieldRef', 'fieldPath');
  if (path !== '') return text(owner, ...path.split('.'));
  throw new Failure('invalid valueFrom');
}

export const setEnv: Command = {
  use: 'env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  short: 'Update environment variables on a pod template',
  long: `Update environment variables on a pod template.

 List environment variable definitions in one or more pods, pod templates. Add, update, or remove container environment variable definitions in one or more pod templates (within replication controllers or deployment configurations). View or modify the environment variable definitions on all containers in the specified pods or pod templates, or just those that match a wildcard.

 If "--env -" is passed, environment variables can be read from STDIN using the standard env syntax.

 Possible resources include (case insensitive):

  pod (po), replicationcontroller (rc), deployment (deploy), daemonset (ds), statefulset (sts), cronjob (cj), replicaset (rs)`,
  example: `# Set a variable
kubectl set env deployment/registry STORAGE_DIR=/local

# Show those of a deployment
kubectl set env deployment/sample-build --list

# From a config map
kubectl set env --from=configmap/myconfigmap --prefix=MYSQL_ deployment/myapp

# Remove one
kubectl set env deploy/web ENV-`,
  flags: [
    ...setFlags('to use to update the env'),
    flag.string('containers', '*', 'Names of the containers to change; * stands for any letters.', { short: 'c' }),
    flag.array('env', [], 'Variable to set: KEY=value.', { short: 'e' }),
    flag.string('from', '', 'Config map or secret whose keys become variables.'),
    flag.strings('keys', [], 'Only these keys of it.'),
    flag.bool('list', false, 'Print the variables and change nothing.'),
    flag.bool('overwrite', true, 'Allow variables that are there to get another value.'),
    flag.string('prefix', '', 'Put before the names of variables.'),
    flag.bool('resolve', false, 'With --list: look up what references stand for.'),
  ],
  run: async (cli) => {
    const { flags } = cli;
    if (flags.bool('all') && flags.string('selector') !== '')
      throw new Failure('cannot set --all and --selector at the same time');
    const { resources, pairs } = split(cli.args);
    const strategy = dryRun(cli);
    const listing = flags.bool('list');
    if (flags.bool('local') && strategy === 'server')
      throw new Failure('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
    if (resources.length === 0 && !hasFiles(cli))
      throw new Failure('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    if (listing && flags.string('output') !== '')
      throw new Failure('--list and --output may not be specified together');
    const from = flags.string('from');
    if (flags.list('keys').length > 0 && from === '')
      throw new Failure('when specifying --keys, a configmap or secret must be provided with --from');
    const given = await parse(cli, [...pairs, ...flags.list('env')]);
    const all = from === '' ? given.set : [...given.set, ...(await fromResource(cli, from))];
    const prefix = flags.string('prefix');
    const change = {
      remove: given.remove,
      set: all.map((each) => ({ ...each, name: `${prefix}${String(each['name'])}` })),
    };
    const infos = await targets(cli, resources);
    const changed = async (object: JsonObject): Promise<JsonObject> => {
      const lines: string[] = [];
      const listed: { readonly name: string; readonly env: readonly unknown[] }[] = [];
      const result = changeContainers(object, flags.string('containers'), (container) => {
        const before = list(container, 'env');
        if (!flags.bool('overwrite')) {
          for (const each of before) {
            const newer = change.set.find(({ name }) => name === text(each, 'name'));
            if (newer)
              throw new Failure(
                `'${text(each, 'name')}' already has a value (${text(each, 'value')}), and --overwrite is false`,
              );
          }
        }
        const env = updated(before, change);
        listed.push({ name: text(container, 'name'), env });
        return withEnv(container, env);
      });
      if (result.count === 0)
        await cli.err(
          `Warning: ${kindOf(object)}/${nameOfObject(object)} does not have any containers matching "${flags.string('containers')}"\n`,
        );
      if (listing) {
        for (const { name, env } of listed) {
          lines.push(`# ${kindOf(object)} ${nameOfObject(object)}, container ${name}\n`);
          for (const each of env) lines.push(await lineOf(cli, each, object));
        }
        await cli.out(lines.join(''));
      }
      return result.object;
    };
    if (listing) {
      for (const { object } of infos) if (isObject(object)) await changed(object);
      return;
    }
    const words = { done: 'env updated', failed: 'failed to patch env update to pod template: ' };
    await update(cli, infos, strategy, words, changed);
  },
};

const withEnv = (container: JsonObject, env: readonly unknown[]): JsonObject => {
  if (env.length > 0) return { ...container, env };
  const { env: _gone, ...rest } = container;
  return rest;
};

async function lineOf(cli: Cli, variable: unknown, owner: JsonObject): Promise<string> {
  const name = text(variable, 'name');
  const valueFrom = at(variable, 'valueFrom');
  if (valueFrom === undefined) return `${name}=${text(variable, 'value')}\n`;
  if (!cli.flags.bool('resolve')) return `# ${name} from ${refText(valueFrom)}\n`;
  try {
    return `${name}=${await resolved(cli, valueFrom, owner)}\n`;
  } catch (reason) {
    if (!(reason instanceof Failure) || reason instanceof Exit) throw reason;
    await cli.err(`error retrieving reference for ${name}: ${reason.message}\n`);
    return `# ${name} from ${refText(valueFrom)}\n`;
  }
}
