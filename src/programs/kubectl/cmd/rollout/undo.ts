import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure, StatusError } from '../../errors';
import { flag } from '../../flags/flag-set';
import { at, equal, flagged, object as objectAt, texts, withAt, type JsonObject } from '../../json';
import { lastApplied } from '../../manifest/last-applied';
import { nameWithKind, objectPrinter, printFlags } from '../../printers/output';
import { build } from '../../resource/builder';
import type { Info } from '../../resource/info';
import { pathOf } from '../../resource/mapper';
import { accepts, patchTypes } from '../../rest/client';
import { podTemplateText } from '../describe/pod-template';
import { dryRun, dryRunFlag, dryRunSuffix, filenames, hasFiles, type DryRun } from '../shared-flags';
import { assertHistory, revisionsOf, revisionsOfOwner, type Revision } from './history';
import { rolloutFlags } from './status';

const hashLabel = 'pod-template-hash';
const skipped = new Set([
  lastApplied,
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]);

const notFound = (revision: number): Failure => new Failure(`unable to find specified revision ${revision} in history`);

function previous(revisions: readonly Revision[], name: string, to: number): Revision {
  if (to > 0) {
    const found = revisions.find(({ revision }) => revision === to);
    if (!found) throw notFound(to);
    return found;
  }
  const last = revisions.at(-2);
  if (!last) throw new Failure(`no rollout history found for deployment "${name}"`);
  return last;
}

const withoutHash = (template: JsonObject): JsonObject =>
  withAt(template, ['metadata', 'labels', hashLabel], undefined) as JsonObject;

async function undoDeployment(cli: Cli, info: Info, to: number, strategy: DryRun): Promise<string> {
  const path = pathOf(info.mapping, info.namespace, info.name);
  const deployment = await cli.factory.client.get(path, { accept: accepts.typed });
  const target = previous(await revisionsOfOwner(cli, info, deployment), info.name, to);
  const template = objectAt(target.object, 'spec', 'template');
  if (strategy === 'client') return podTemplateText(template);
  if (flagged(deployment, 'spec', 'paused'))
    throw new Failure(
      "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
    );
  if (equal(withoutHash(template), withoutHash(objectAt(deployment, 'spec', 'template'))))
    return `skipped rollback (current template already matches revision ${to})`;
  const own = texts(deployment, 'metadata', 'annotations');
  const old = texts(target.object, 'metadata', 'annotations');
  const annotations = {
    ...Object.fromEntries(Object.entries(own).filter(([key]) => skipped.has(key))),
    ...Object.fromEntries(Object.entries(old).filter(([key]) => !skipped.has(key))),
  };
  const patch = [
    { op: 'replace', path: '/spec/template', value: withoutHash(template) },
    { op: 'replace', path: '/metadata/annotations', value: annotations },
  ];
  await send(cli, path, patch, patchTypes.json, strategy, to);
  return 'rolled back';
}

async function send(
  cli: Cli,
  path: string,
  body: unknown,
  contentType: string,
  strategy: DryRun,
  to: number,
): Promise<void> {
  try {
    await cli.factory.client.json('PATCH', path, {
      accept: accepts.typed,
      body,
      contentType,
      ...(strategy === 'server' ? { query: { dryRun: 'All' } } : {}),
    });
  } catch (reason) {
    if (reason instanceof StatusError) throw new Failure(`failed restoring revision ${to}: ${reason.message}`);
    throw reason;
  }
}

async function undoOther(cli: Cli, info: Info, to: number, strategy: DryRun): Promise<string> {
  const revisions = await revisionsOf(cli, info);
  if (to === 0 && revisions.length <= 1) throw new Failure('no last revision to roll back to');
  const target = to === 0 ? revisions.at(-2) : revisions.find(({ revision }) => revision === to);
  if (!target?.record) throw notFound(to);
  if (strategy === 'client') return `will roll back to ${podTemplateText(target.template)}`;
  const data = objectAt(target.record, 'data');
  const present = at(info.object, 'spec', 'template');
  const { $patch: _directive, ...wanted } = objectAt(data, 'spec', 'template');
  if (equal(present, wanted)) return `skipped rollback (current template already matches revision ${to})`;
  await send(cli, pathOf(info.mapping, info.namespace, info.name), data, patchTypes.strategic, strategy, to);
  return 'rolled back';
}

export const undo: Command = {
  use: 'undo (TYPE NAME | TYPE/NAME) [flags]',
  short: 'Undo a previous rollout',
  long: 'Roll back to a previous rollout.',
  example: `# To the revision before
kubectl rollout undo deployment/abc

# To a certain one
kubectl rollout undo daemonset/abc --to-revision=3`,
  flags: [
    ...printFlags,
    dryRunFlag,
    ...rolloutFlags,
    flag.int('to-revision', 0, 'The revision to go back to. 0: the one before.'),
  ],
  run: async (cli) => {
    const { flags } = cli;
    const strategy = dryRun(cli);
    if (cli.args.length === 0 && !hasFiles(cli)) throw new Failure('required resource not specified');
    const { explicit } = cli.factory.namespace;
    const printer = objectPrinter(cli);
    const to = flags.number('to-revision');
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
      assertHistory(info, 'rollbacker');
      if (to < 0) throw notFound(to);
      const operation =
        info.mapping.kind === 'Deployment'
          ? await undoDeployment(cli, info, to, strategy)
          : await undoOther(cli, info, to, strategy);
      await cli.out(
        printer ? printer.print(info.object) : `${nameWithKind(info.object)} ${operation}${dryRunSuffix(strategy)}\n`,
      );
    });
  },
};
