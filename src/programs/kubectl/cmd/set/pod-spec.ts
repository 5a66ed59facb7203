import type { Cli } from '../../cli';
import { Aggregate, Failure, StatusError } from '../../errors';
import { flag, type Flag } from '../../flags/flag-set';
import { equal, isObject, kindOf, list, text, withAt, type JsonObject } from '../../json';
import { withTypedFields } from '../../manifest/typed';
import { twoWayStrategic } from '../../patch';
import { nameWithKind, objectPrinter, printFlags } from '../../printers/output';
import { build } from '../../resource/builder';
import type { Info } from '../../resource/info';
import { goTypeOf } from '../../resource/pods';
import { pathOf } from '../../resource/mapper';
import { accepts, patchTypes } from '../../rest/client';
import {
  dryRunFlag,
  dryRunSuffix,
  fieldManagerFlag,
  filenameFlags,
  filenames,
  selectorFlag,
  type DryRun,
} from '../shared-flags';

export const allFlag = flag.bool('all', false, 'All objects of the given types in the namespace.');
export const localFlag = flag.bool('local', false, 'Change what the file says, without asking the server.');

export const setFlags = (what: string): readonly Flag[] => [
  ...printFlags,
  allFlag,
  dryRunFlag,
  fieldManagerFlag('kubectl-set'),
  ...filenameFlags(what),
  localFlag,
  selectorFlag,
];

const podSpecPaths: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  PodTemplate: ['template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ...Object.fromEntries(
    ['ReplicationController', 'Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet', 'Job'].map((kind) => [
      kind,
      ['spec', 'template', 'spec'],
    ]),
  ),
};

/** Where the pod spec stands in an object; throws where there is none. */
export function podSpecPath(object: JsonObject): readonly string[] {
  const path = podSpecPaths[kindOf(object)];
  if (path === undefined)
    throw new Failure(`the object is not a pod or does not have a pod template: ${goTypeOf(object)}`);
  return path;
}

/** `*`, a name, or a name with stars in it. */
export function matchesName(name: string, spec: string): boolean {
  const pattern = spec.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
  return new RegExp(`^${pattern}$`).test(name);
}

/** Changes each container that a name pattern matches, init containers too; how many there were. */
export function changeContainers(
  object: JsonObject,
  spec: string,
  change: (container: JsonObject) => JsonObject,
): { readonly object: JsonObject; readonly count: number } {
  const path = podSpecPath(object);
  let count = 0;
  let result: unknown = object;
  for (const kind of ['containers', 'initContainers']) {
    const before = list(object, ...path, kind);
    if (before.length === 0) continue;
    const after = before.map((container) => {
      if (!isObject(container) || !matchesName(text(container, 'name'), spec)) return container;
      count++;
      return change(container);
    });
    result = withAt(result, [...path, kind], after);
  }
  return { object: result as JsonObject, count };
}

/** The objects that a `set` command works on. */
export async function targets(cli: Cli, args: readonly string[]): Promise<readonly Info[]> {
  const { flags } = cli;
  const local = flags.bool('local');
  if (local && args.length > 0)
    throw new Failure('error: you can only specify local files (-f) when --local=true is set');
  const { explicit } = cli.factory.namespace;
  const result = await build(cli, {
    args,
    ...filenames(cli),
    labelSelector: flags.string('selector'),
    allowEmptySelector: flags.bool('all'),
    enforceNamespace: explicit,
    flatten: true,
    latest: !local,
    local,
    continueOnError: true,
    accept: accepts.any,
  });
  const { infos, failures } = await result.collect();
  if (failures.length > 1) throw new Aggregate(failures);
  if (failures[0]) throw failures[0];
  return infos;
}

/** How messages name an object: the plural with a server, the kind without. */
const objectName = ({ mapping, name }: Info, local: boolean): string =>
  `${local ? mapping.kind.toLowerCase() : mapping.resource}/${name}`;

/** Changes objects, sends what changed, and says what was done. */
export async function update(
  cli: Cli,
  infos: readonly Info[],
  strategy: DryRun,
  words: { readonly done: string; readonly failed: string },
  change: (object: JsonObject, info: Info) => JsonObject | Promise<JsonObject>,
  before: readonly Failure[] = [],
): Promise<void> {
  const failures: Failure[] = [...before];
  const printer = objectPrinter(cli);
  const local = cli.flags.bool('local');
  for (const info of infos) {
    const original = info.object ?? {};
    let changed: JsonObject;
    try {
      changed = await change(original, info);
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      if (reason instanceof Skipped) failures.push(...reason.failures);
      else failures.push(new Failure(`error: ${objectName(info, local)} ${reason.message}\n`));
      if (!(reason instanceof Skipped) || reason.object === undefined) continue;
      changed = reason.object;
    }
    if (equal(original, changed)) continue;
    let shown = local || strategy === 'client' ? withTyped(changed, local) : changed;
    if (!local && strategy !== 'client') {
      try {
        shown = await cli.factory.client.json('PATCH', pathOf(info.mapping, info.namespace, info.name), {
          accept: accepts.any,
          body: twoWayStrategic(original, changed, info.mapping.kind),
          contentType: patchTypes.strategic,
          query: {
            fieldManager: cli.flags.string('field-manager'),
            ...(strategy === 'server' ? { dryRun: 'All' } : {}),
          },
        });
      } catch (reason) {
        if (!(reason instanceof StatusError)) throw reason;
        failures.push(new Failure(`${words.failed}${reason.message}`));
        continue;
      }
    }
    await cli.out(printer ? printer.print(shown) : `${nameWithKind(shown)} ${words.done}${dryRunSuffix(strategy)}\n`);
  }
  finish(failures);
}

const withTyped = (object: JsonObject, local: boolean): JsonObject => (local ? withTypedFields(object) : object);

/** Lines each with its own `error: `; one alone is an ordinary failure. */
function finish(failures: readonly Failure[]): void {
  if (failures.length === 1 && failures[0]) throw failures[0];
  if (failures.length > 1) throw new Aggregate(failures);
}

/** Some containers could not be changed; `object` is what the others made of it. */
export class Skipped extends Failure {
  constructor(
    readonly failures: readonly Failure[],
    readonly object: JsonObject | undefined,
  ) {
    super('');
  }
}
