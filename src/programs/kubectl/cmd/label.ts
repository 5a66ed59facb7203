import type { Cli } from '../cli';
import type { Command } from '../command';
import { Aggregate, Failure, throwAll } from '../errors';
import { flag, type Flag } from '../flags/flag-set';
import { equal, texts, withAt, type JsonObject } from '../json';
import { twoWayMerge } from '../patch';
import { nameWithKind, objectPrinter, printFlags } from '../printers/output';
import { build } from '../resource/builder';
import type { Info } from '../resource/info';
import { pathOf } from '../resource/mapper';
import { patchTypes } from '../rest/client';
import { parsePairs, resourcesAndPairs } from './pairs';
import {
  allNamespacesFlag,
  dryRun,
  dryRunFlag,
  dryRunSuffix,
  fieldManagerFlag,
  fieldSelectorFlag,
  filenameFlags,
  filenames,
  hasFiles,
  selectorFlag,
} from './shared-flags';

/** What labels and annotations differ in. */
interface Sort {
  readonly word: 'label' | 'annotation';
  readonly field: 'labels' | 'annotations';
  readonly manager: string;
  parse(pairs: readonly string[]): Change;
  /** Why existing values may not be overwritten; none if they may. */
  refuse(taken: readonly string[]): Failure | undefined;
  /** The word for what was done. */
  done(before: JsonObject, after: JsonObject, overwrite: boolean): string;
}

interface Change {
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
}

const labelValueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

function parseLabels(pairs: readonly string[]): Change {
  const set = new Map<string, string>();
  const remove: string[] = [];
  for (const pair of pairs) {
    if (pair.includes('=')) {
      const parts = pair.split('=');
      const [key = '', value = ''] = parts;
      if (parts.length !== 2) throw new Failure(`invalid label spec: ${pair}`);
      const complaints = [
        ...(value.length > 63 ? ['must be no more than 63 characters'] : []),
        ...(/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value) ? [] : [labelValueRule]),
      ];
      if (complaints.length > 0)
        throw new Failure(`invalid label value: ${JSON.stringify(pair)}: ${complaints.join(';')}`);
      set.set(key, value);
    } else if (pair.endsWith('-')) remove.push(pair.slice(0, -1));
    else throw new Failure(`unknown label spec: ${pair}`);
  }
  if (remove.some((key) => set.has(key)))
    throw new Failure('can not both modify and remove a label in the same command');
  return { set, remove };
}

const labels: Sort = {
  word: 'label',
  field: 'labels',
  manager: 'kubectl-label',
  parse: parseLabels,
  refuse: (taken) => {
    const failures = taken.map((each) => new Failure(`${each}, and --overwrite is false`));
    return failures.length > 1 ? new Aggregate(failures) : failures[0];
  },
  done: (before, after, overwrite) => {
    if (equal(before, after)) return 'not labeled';
    return !overwrite && JSON.stringify(after).length < JSON.stringify(before).length ? 'unlabeled' : 'labeled';
  },
};

const annotations: Sort = {
  word: 'annotation',
  field: 'annotations',
  manager: 'kubectl-annotate',
  parse: (pairs) => {
    const change = parsePairs(pairs, 'annotation', true);
    if (change.remove.some((key) => change.set.has(key)))
      throw new Failure('can not both modify and remove an annotation in the same command');
    return change;
  },
  refuse: (taken) =>
    taken.length === 0
      ? undefined
      : new Failure(`--overwrite is false but found the following declared annotation(s): ${taken.join('; ')}`),
  done: () => 'annotated',
};

const flags = ({ word, field, manager }: Sort): readonly Flag[] => [
  ...printFlags,
  flag.bool('all', false, 'All objects of the given types in the namespace.'),
  allNamespacesFlag(),
  dryRunFlag,
  fieldManagerFlag(manager),
  fieldSelectorFlag,
  ...filenameFlags(`that names the resource whose ${field} to change`),
  flag.bool('list', false, `Print the ${field}.`),
  flag.bool('local', false, 'Change what the file says instead of what the server has.'),
  flag.bool('overwrite', false, `Allow ${field} that are there to get another value.`),
  flag.string('resource-version', '', `Change the ${word} only if this is the current version of the object.`),
  selectorFlag,
];

const withMap = (object: JsonObject, { field }: Sort, { set, remove }: Change): JsonObject => {
  const map = { ...texts(object, 'metadata', field), ...Object.fromEntries(set) };
  for (const key of remove) Reflect.deleteProperty(map, key);
  return withAt(object, ['metadata', field], Object.keys(map).length > 0 ? map : undefined) as JsonObject;
};

async function run(cli: Cli, sort: Sort): Promise<void> {
  const { flags: given } = cli;
  const { word, field } = sort;
  const strategy = dryRun(cli);
  const { resources, pairs } = resourcesAndPairs(cli.args, word);
  const change = sort.parse(pairs);
  const [all, list, local] = [given.bool('all'), given.bool('list'), given.bool('local')];
  const refuse = (message: string): never => {
    throw new Failure(message);
  };
  if (list && given.string('output') !== '') refuse('--list and --output may not be specified together');
  if (all && given.string('selector') !== '') refuse('cannot set --all and --selector at the same time');
  if (all && given.string('field-selector') !== '') refuse('cannot set --all and --field-selector at the same time');
  if (local && strategy === 'server')
    refuse('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
  if (local && resources.length > 0)
    refuse('can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set');
  if (local && !hasFiles(cli)) refuse('one or more files must be specified as -f pod.yaml or --filename=pod.json');
  if (!local && resources.length === 0 && !hasFiles(cli))
    refuse('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  if (change.set.size === 0 && change.remove.length === 0 && !list) refuse(`at least one ${word} update is required`);

  const { explicit } = cli.factory.namespace;
  const result = await build(cli, {
    args: resources,
    ...filenames(cli),
    labelSelector: given.string('selector'),
    fieldSelector: given.string('field-selector'),
    allNamespaces: given.bool('all-namespaces'),
    allowEmptySelector: all,
    enforceNamespace: explicit,
    flatten: true,
    latest: !local,
    local,
    continueOnError: true,
  });
  const version = given.string('resource-version');
  const one = result.singleItemImplied;
  if (!one && version !== '') refuse('--resource-version may only be used with a single resource');
  const printer = objectPrinter(cli);
  const overwrite = given.bool('overwrite');

  await result.visit(async (info) => {
    const before = info.object ?? {};
    const map = texts(before, 'metadata', field);
    const changes = strategy !== 'client' && !local && !list;
    if (changes && sort.word === 'label')
      for (const key of change.remove) if (!(key in map)) await cli.out(`label "${key}" not found.\n`);
    if (!overwrite) {
      const taken = [...change.set]
        .filter(([key, value]) => key in map && map[key] !== value)
        .map(([key]) => `'${key}' already has a value (${map[key] ?? ''})`);
      const refusal = sort.refuse(taken);
      if (refusal) throwAll(refusal instanceof Aggregate ? refusal.errors : [refusal]);
    }
    const after = withMap(before, sort, change);
    if (list) return listMap(cli, info, texts(after, 'metadata', field), one);
    const shown = changes ? await send(cli, info, before, after, version, strategy === 'server') : after;
    const operation = sort.done(before, after, overwrite);
    await cli.out(
      printer
        ? printer.print(sort.word === 'label' ? after : shown)
        : `${nameWithKind(after)} ${operation}${dryRunSuffix(strategy)}\n`,
    );
  });
}

async function send(
  cli: Cli,
  { mapping, namespace, name }: Info,
  before: JsonObject,
  after: JsonObject,
  version: string,
  dry: boolean,
): Promise<JsonObject> {
  const patch = twoWayMerge(before, after);
  const body = version === '' ? patch : withAt(patch, ['metadata', 'resourceVersion'], version);
  return cli.factory.client.json('PATCH', pathOf(mapping, namespace, name), {
    body,
    contentType: patchTypes.merge,
    query: { fieldManager: cli.flags.string('field-manager'), ...(dry ? { dryRun: 'All' } : {}) },
  });
}

async function listMap(
  cli: Cli,
  { mapping, name }: Info,
  map: Readonly<Record<string, string>>,
  one: boolean,
): Promise<void> {
  const head = one
    ? ''
    : `Listing ${cli.path.endsWith('label') ? 'labels' : 'annotations'} for ${mapping.kind}.${mapping.group}/${name}:\n`;
  const lines = Object.entries(map).map(([key, value]) => `${one ? '' : ' '}${key}=${value}\n`);
  await cli.out(head + lines.join(''));
}

export const label: Command = {
  use: 'label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  short: 'Update the labels on a resource',
  long: `Update the labels on a resource.

  *  A label key and value must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to 63 characters each.
  *  Optionally, the key can begin with a DNS subdomain prefix and a single '/', like example.com/my-app.
  *  If --overwrite is true, then existing labels can be overwritten, otherwise attempting to overwrite a label will result in an error.
  *  If --resource-version is specified, then updates will use this resource version, otherwise the existing resource-version will be used.`,
  example: `# Add a label
kubectl label pods foo unhealthy=true

# Give another value to one that is there
kubectl label --overwrite pods foo status=unhealthy

# Remove it
kubectl label pods foo status-`,
  flags: flags(labels),
  run: (cli) => run(cli, labels),
};

export const annotate: Command = {
  use: 'annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  short: 'Update the annotations on a resource',
  long: `Update the annotations on one or more resources.

 Annotations are key/value pairs that can be larger than labels and hold any text. Tools keep their data in them.

 With --overwrite those that are there may be changed. With --resource-version the change happens only to that version.`,
  example: `# Add an annotation
kubectl annotate pods foo description='my frontend'

# Remove it
kubectl annotate pods foo description-`,
  flags: flags(annotations),
  run: (cli) => run(cli, annotations),
};
