import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure, StatusError } from '../../errors';
import { flag } from '../../flags/flag-set';
import {
  at,
  isObject,
  kindOf,
  list,
  number,
  object as objectAt,
  text,
  texts,
  withAt,
  type JsonObject,
} from '../../json';
import { applyStrategic } from '../../patch';
import { describeOptions, TabWriter } from '../../../toolkit/tabwriter';
import { nameWithKind, objectPrinter, printFlags } from '../../printers/output';
import { build } from '../../resource/builder';
import type { Info } from '../../resource/info';
import { labelSelectorText } from '../../resource/pods';
import { accepts } from '../../rest/client';
import { podTemplateText } from '../describe/pod-template';
import { filenames, hasFiles } from '../shared-flags';
import { revisionOf, rolloutFlags } from './status';

const changeCause = 'kubernetes.io/change-cause';

/** One revision: its number, what stands for it (a replica set, or the workload as it was), its template and cause. */
export interface Revision {
  readonly revision: number;
  readonly object: JsonObject;
  readonly template: JsonObject;
  readonly cause: string;
  /** The controller revision, for daemon sets and stateful sets. */
  readonly record?: JsonObject;
}

const ownedBy = (object: JsonObject, owner: JsonObject): boolean =>
  list(object, 'metadata', 'ownerReferences').some(
    (reference) => at(reference, 'controller') === true && text(reference, 'uid') === text(owner, 'metadata', 'uid'),
  );

/** The replica sets of a deployment, oldest first. */
export async function replicaSetsOf(cli: Cli, deployment: JsonObject): Promise<readonly JsonObject[]> {
  const namespace = text(deployment, 'metadata', 'namespace');
  const found = await cli.factory.client.get(`/apis/apps/v1/namespaces/${namespace}/replicasets`, {
    accept: accepts.typed,
    query: { labelSelector: labelSelectorText(at(deployment, 'spec', 'selector')) },
  });
  return list(found, 'items')
    .filter(isObject)
    .map((item) => ({ kind: 'ReplicaSet', apiVersion: 'apps/v1', ...item }))
    .filter((set) => ownedBy(set, deployment));
}

/** All revisions of a workload, by number. Source: kubectl pkg/polymorphichelpers/history.go. */
export async function revisionsOf(cli: Cli, info: Info): Promise<readonly Revision[]> {
  const { mapping, namespace, name } = info;
  let owner: JsonObject;
  try {
    owner = await cli.factory.client.get(`/apis/apps/v1/namespaces/${namespace}/${mapping.resource}/${name}`, {
      accept: accepts.typed,
    });
  } catch (reason) {
    if (!(reason instanceof StatusError)) throw reason;
    const { kind } = mapping;
    const what = { Deployment: 'deployment', DaemonSet: 'DaemonSet', StatefulSet: 'Statefulset' }[kind] ?? kind;
    throw new Failure(`failed to retrieve ${what} ${name}: ${reason.message}`);
  }
  return revisionsOfOwner(cli, info, owner);
}

/** The revisions of a workload that was read before. */
export async function revisionsOfOwner(
  cli: Cli,
  { mapping: { kind }, namespace }: Info,
  owner: JsonObject,
): Promise<readonly Revision[]> {
  if (kind === 'Deployment') {
    return (await replicaSetsOf(cli, owner))
      .map((set) => {
        const cause = text(set, 'metadata', 'annotations', changeCause);
        const template = objectAt(set, 'spec', 'template');
        const annotated =
          cause === '' ? template : (withAt(template, ['metadata', 'annotations', changeCause], cause) as JsonObject);
        return { revision: revisionOf(set), object: set, template: annotated, cause };
      })
      .sort((a, b) => a.revision - b.revision);
  }
  const found = await cli.factory.client.get(`/apis/apps/v1/namespaces/${namespace}/controllerrevisions`, {
    accept: accepts.typed,
    query: { labelSelector: labelSelectorText(at(owner, 'spec', 'selector')) },
  });
  return list(found, 'items')
    .filter(isObject)
    .filter((record) => ownedBy(record, owner))
    .map((record) => {
      const object = applyStrategic(owner, objectAt(record, 'data'), kindOf(owner) || kind);
      return {
        revision: number(record, 'revision'),
        object,
        template: objectAt(object, 'spec', 'template'),
        cause: texts(record, 'metadata', 'annotations')[changeCause] ?? '',
        record,
      };
    })
    .sort((a, b) => a.revision - b.revision);
}

const withTemplates = new Set([
  'CronJob',
  'DaemonSet',
  'Deployment',
  'Job',
  'Pod',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
]);

export function assertHistory({ mapping: { kind, group } }: Info, what: string): void {
  if (group === 'apps' && ['Deployment', 'DaemonSet', 'StatefulSet'].includes(kind)) return;
  const shown = `"${group === '' ? kind : `${kind}.${group}`}"`;
  if (!withTemplates.has(kind) || !['', 'apps', 'batch'].includes(group)) {
    const asked = what === 'history viewer' ? 'history' : what;
    throw new Failure(`error retrieving ${asked} for ${shown}, no visitor method exists for {${group} ${kind}}`);
  }
  throw new Failure(`no ${what} has been implemented for ${shown}`);
}

function historyText(revisions: readonly Revision[], wanted: number): string {
  if (revisions.length === 0) return 'No rollout history found.';
  if (wanted > 0) {
    const found = revisions.find(({ revision }) => revision === wanted);
    if (!found) throw new Failure('unable to find the specified revision');
    return podTemplateText(found.template);
  }
  const writer = new TabWriter(describeOptions);
  writer.write('REVISION\tCHANGE-CAUSE\n');
  for (const { revision, cause } of revisions) writer.write(`${revision}\t${cause === '' ? '<none>' : cause}\n`);
  return writer.flush();
}

export const history: Command = {
  use: 'history (TYPE NAME | TYPE/NAME) [flags]',
  short: 'View rollout history',
  long: 'View previous rollout revisions and configurations.',
  example: `# The history of a deployment
kubectl rollout history deployment/abc

# One of its revisions
kubectl rollout history daemonset/abc --revision=3`,
  flags: [
    ...printFlags,
    ...rolloutFlags,
    flag.int('revision', 0, 'See the details of this revision, pod template included.'),
  ],
  run: async (cli) => {
    const { flags } = cli;
    if (cli.args.length === 0 && !hasFiles(cli)) throw new Failure('required resource not specified');
    const wanted = flags.number('revision');
    if (wanted < 0) throw new Failure(`revision must be a positive integer: ${wanted}`);
    const { explicit } = cli.factory.namespace;
    const printer = objectPrinter(cli);
    const result = await build(cli, {
      args: cli.args,
      ...filenames(cli),
      labelSelector: flags.string('selector'),
      allowEmptySelector: true,
      enforceNamespace: explicit,
      flatten: true,
      latest: true,
      continueOnError: true,
      accept: accepts.any,
    });
    await result.visit(async (info) => {
      assertHistory(info, 'history viewer');
      const revisions = await revisionsOf(cli, info);
      if (printer) {
        const chosen = wanted > 0 ? revisions.filter(({ revision }) => revision === wanted) : revisions;
        if (chosen.length === 0 && wanted > 0) throw new Failure('unable to find the specified revision');
        for (const { object } of chosen) await cli.out(printer.print(object));
        return;
      }
      const head = wanted > 0 ? `with revision #${wanted}` : '';
      await cli.out(`${nameWithKind(info.object)} ${head}\n${historyText(revisions, wanted)}\n`);
    });
  },
};
