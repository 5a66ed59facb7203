import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure, isNotFound, StatusError } from '../../errors';
import { flag } from '../../flags/flag-set';
import { at, isObject, list, number, text, type JsonObject } from '../../json';
import { JsonPath, JsonPathError } from '../../jsonpath/evaluate';
import { relaxed } from '../../jsonpath/relaxed';
import { nameWithKind, objectPrinter, printFlags } from '../../printers/output';
import { goText } from '../../printers/json';
import { build } from '../../resource/builder';
import type { BuilderOptions, Info } from '../../resource/info';
import { groupResource, pathOf } from '../../resource/mapper';
import { allNamespacesFlag, fieldSelectorFlag, filenames, selectorFlag } from '../shared-flags';
import { until, untilDeleted } from './until';

type Check = (object: JsonObject) => boolean;
type Condition = { readonly kind: 'delete' | 'create' } | { readonly kind: 'check'; readonly check: Check };

const week = 168 * 3_600_000;

function conditionOf(source: string): Condition {
  const lower = source.toLowerCase();
  if (lower === 'delete' || lower === 'create') return { kind: lower };
  if (source.startsWith('condition=')) {
    const [name = '', value = 'true'] = source.slice('condition='.length).split(/=(.*)/s);
    return { kind: 'check', check: hasCondition(name, value) };
  }
  if (source.startsWith('jsonpath=')) return { kind: 'check', check: hasPath(source.slice('jsonpath='.length)) };
  throw new Failure(`unrecognized condition: ${JSON.stringify(source)}`);
}

const hasCondition =
  (name: string, value: string): Check =>
  (object) => {
    const condition = list(object, 'status', 'conditions')
      .filter(isObject)
      .find((each) => text(each, 'type').toLowerCase() === name.toLowerCase() && typeof each['status'] === 'string');
    if (!condition) return false;
    const observed = at(condition, 'observedGeneration') ?? at(object, 'status', 'observedGeneration');
    if (typeof observed === 'number' && observed < number(object, 'metadata', 'generation')) return false;
    return text(condition, 'status').toLowerCase() === value.toLowerCase();
  };

/** Splits at single `=`; `==` belongs to a filter. */
function splitPath(source: string): readonly string[] {
  const parts = [''];
  for (let index = 0; index < source.length; index++) {
    const last = parts.length - 1;
    if (source[index] !== '=') parts[last] += source[index] ?? '';
    else if (source[index + 1] === '=') {
      parts[last] += '==';
      index++;
    } else parts.push('');
  }
  return parts;
}

function hasPath(source: string): Check {
  const parts = splitPath(source);
  if (parts.length > 2)
    throw new Failure(
      "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    );
  const [expression = '', given] = parts;
  const value = given?.replace(/^['"]+|['"]+$/g, '');
  if (value === '')
    throw new Failure(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    );
  let path: JsonPath;
  try {
    const written = relaxed(expression);
    if (written === '') throw new Failure('jsonpath expression cannot be empty');
    path = new JsonPath(written, { allowMissingKeys: true });
  } catch (reason) {
    if (reason instanceof JsonPathError) throw new Failure(reason.message);
    throw reason;
  }
  return (object) => {
    const found = path.find(object);
    const [first] = found;
    if (first === undefined || first.length === 0) return false;
    if (found.length > 1) throw new Failure('given jsonpath expression matches more than one list');
    if (first.length > 1) throw new Failure('given jsonpath expression matches more than one value');
    if (value === undefined) return true;
    if (typeof first[0] === 'object' && first[0] !== null)
      throw new Failure('jsonpath leads to a nested object or list which is not supported');
    return goText(first[0]).trim() === value.trim();
  };
}

const notMet = ({ mapping, name }: Info): Failure => new Failure(`condition not met for ${mapping.resource}/${name}`);

async function waitCheck(cli: Cli, info: Info, check: Check, timeout: number): Promise<JsonObject> {
  if (timeout === 0) {
    const object = await cli.factory.client.get(pathOf(info.mapping, info.namespace, info.name));
    if (check(object)) return object;
    throw notMet(info);
  }
  let first = true;
  return until(cli, info, timeout, (object) => {
    if (object === undefined && first)
      throw new StatusError({
        reason: 'NotFound',
        code: 404,
        message: `${groupResource(info.mapping)} "${info.name}" not found`,
      });
    first = false;
    return object !== undefined && check(object) ? object : undefined;
  });
}

async function waitDelete(cli: Cli, info: Info, timeout: number): Promise<JsonObject> {
  const gone = info.object ?? {};
  if (timeout > 0) {
    await untilDeleted(cli, info, text(gone, 'metadata', 'uid'), timeout);
    return gone;
  }
  try {
    await cli.factory.client.get(pathOf(info.mapping, info.namespace, info.name));
  } catch (reason) {
    if (isNotFound(reason)) return gone;
    throw reason;
  }
  throw notMet(info);
}

/** `--for=create`: looks every half second until it can be found. */
async function waitCreate(cli: Cli, options: BuilderOptions, timeout: number): Promise<void> {
  const deadline = cli.process.clock.now + timeout;
  for (;;) {
    try {
      const infos = await (await build(cli, options)).infos();
      if (infos.length > 0) return;
    } catch (reason) {
      if (!isNotFound(reason)) throw reason;
    }
    if (cli.process.clock.now >= deadline) throw new Failure('timed out waiting for the condition');
    await cli.process.sleep(500);
  }
}

export const wait: Command = {
  use: "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  short: 'Experimental: Wait for a specific condition on one or many resources',
  long: `Experimental: Wait for a specific condition on one or many resources.

 The command takes multiple resources and waits until the specified condition is seen in the Status field of every given resource.

 Alternatively, the command can wait for the given set of resources to be created or deleted by providing the "create" or "delete" keyword as the value to the --for flag.

 A successful message will be printed to stdout indicating when the specified condition has been met. You can use -o option to change to output destination.`,
  example: `# Until a pod is ready
kubectl wait --for=condition=Ready pod/busybox1

# Until it runs
kubectl wait --for=jsonpath='{.status.phase}'=Running pod/busybox1

# Until it is gone, a minute at most
kubectl wait --for=delete pod/busybox1 --timeout=60s`,
  flags: [
    ...printFlags,
    flag.bool('all', false, 'All objects of the given types in the namespace.'),
    allNamespacesFlag(),
    fieldSelectorFlag,
    flag.strings('filename', [], 'identifying the resource.', { short: 'f' }),
    flag.string('for', '', "What to wait for: create, delete, condition=NAME[=VALUE] or jsonpath='{PATH}'[=VALUE]."),
    flag.bool('local', false, 'Ask no server; take only what files say.'),
    flag.bool('recursive', true, 'Also read the directories below the one given with -f.', { short: 'R' }),
    selectorFlag,
    flag.duration('timeout', 30_000, 'How long to wait. 0: look once. Negative: a week.'),
  ],
  suggestFor: ['list', 'ps'],
  run: async (cli) => {
    const { flags } = cli;
    const printer = objectPrinter(cli);
    const condition = conditionOf(flags.string('for'));
    const given = flags.number('timeout');
    const timeout = given < 0 ? week : given;
    const { explicit } = cli.factory.namespace;
    const options: BuilderOptions = {
      args: cli.args,
      ...filenames(cli),
      labelSelector: flags.string('selector'),
      fieldSelector: flags.string('field-selector'),
      all: flags.bool('all'),
      allNamespaces: flags.bool('all-namespaces'),
      enforceNamespace: explicit,
      flatten: true,
      latest: true,
      continueOnError: true,
    };
    if (condition.kind === 'create') await waitCreate(cli, options, timeout);
    const built = await build(cli, options);
    const result = condition.kind === 'delete' ? built.ignoring(isNotFound) : built;
    let count = 0;
    await result.visit(async (info) => {
      count++;
      const object =
        condition.kind === 'check'
          ? await waitCheck(cli, info, condition.check, timeout)
          : condition.kind === 'delete'
            ? await waitDelete(cli, info, timeout)
            : (info.object ?? {});
      await cli.out(printer ? printer.print(object) : `${nameWithKind(object)} condition met\n`);
    });
    if (count === 0 && condition.kind !== 'delete') throw new Failure('no matching resources found');
  },
};
