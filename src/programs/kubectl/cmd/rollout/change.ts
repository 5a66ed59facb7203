import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Aggregate, Failure, StatusError } from '../../errors';
import { equal, flagged, kindOf, withAt, type JsonObject } from '../../json';
import { twoWayStrategic } from '../../patch';
import { nameWithKind, objectPrinter, printFlags } from '../../printers/output';
import { build } from '../../resource/builder';
import { groupResource, pathOf } from '../../resource/mapper';
import { accepts, patchTypes } from '../../rest/client';
import { timeOf } from '../../../../kubernetes/apimachinery/time';
import { fieldManagerFlag, filenames, hasFiles } from '../shared-flags';
import { rolloutFlags } from './status';

interface Action {
  readonly done: string;
  /** What to say where nothing changed. */
  unchanged(name: string): string | Failure;
  change(object: JsonObject, now: number): JsonObject;
}

const onlyDeployments = (object: JsonObject, what: string): void => {
  if (kindOf(object) !== 'Deployment') throw new Failure(`${what} is not supported`);
};

const pause: Action = {
  done: 'paused',
  unchanged: () => 'already paused',
  change: (object) => {
    onlyDeployments(object, 'pausing');
    if (flagged(object, 'spec', 'paused')) throw new Failure('is already paused');
    return withAt(object, ['spec', 'paused'], true) as JsonObject;
  },
};

const resume: Action = {
  done: 'resumed',
  unchanged: () => 'already resumed',
  change: (object) => {
    onlyDeployments(object, 'resuming');
    if (!flagged(object, 'spec', 'paused')) throw new Failure('is not paused');
    return withAt(object, ['spec', 'paused'], undefined) as JsonObject;
  },
};

const restart: Action = {
  done: 'restarted',
  unchanged: (name) =>
    new Failure(
      `failed to create patch for ${name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
    ),
  change: (object, now) => {
    if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(kindOf(object)))
      throw new Failure('restarting is not supported');
    if (kindOf(object) === 'Deployment' && flagged(object, 'spec', 'paused'))
      throw new Failure("can't restart paused deployment (run rollout resume first)");
    const path = ['spec', 'template', 'metadata', 'annotations', 'kubectl.kubernetes.io/restartedAt'];
    return withAt(object, path, timeOf(now)) as JsonObject;
  },
};

async function run(cli: Cli, action: Action): Promise<void> {
  const { flags } = cli;
  if (cli.args.length === 0 && !hasFiles(cli)) throw new Failure('required resource not specified');
  const { namespace, explicit } = cli.factory.namespace;
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
  const collected = await result.collect();
  const failures: Failure[] = [...collected.failures];
  if (collected.infos.length === 0 && failures.length === 0)
    return cli.err(`No resources found in ${namespace} namespace.\n`);
  for (const { mapping, name, namespace: place, object = {} } of collected.infos) {
    let changed: JsonObject;
    try {
      changed = action.change(object, cli.process.clock.now);
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      failures.push(new Failure(`error: ${groupResource(mapping)} "${name}" ${reason.message}`));
      continue;
    }
    let shown = object;
    let operation: string | Failure = action.done;
    if (equal(object, changed)) operation = action.unchanged(name);
    else {
      try {
        shown = await cli.factory.client.json('PATCH', pathOf(mapping, place, name), {
          accept: accepts.any,
          body: twoWayStrategic(object, changed, mapping.kind),
          contentType: patchTypes.strategic,
          query: { fieldManager: flags.string('field-manager') },
        });
      } catch (reason) {
        if (!(reason instanceof StatusError)) throw reason;
        operation = new Failure(`failed to patch: ${reason.message}`);
      }
    }
    if (operation instanceof Failure) failures.push(operation);
    else await cli.out(printer ? printer.print(shown) : `${nameWithKind(shown)} ${operation}\n`);
  }
  if (failures[0]) throw failures.length === 1 ? failures[0] : new Aggregate(failures);
}

const command = (name: string, action: Action, short: string, long: string, example: string): Command => ({
  use: `${name} RESOURCE`,
  short,
  long,
  example,
  flags: [...printFlags, fieldManagerFlag('kubectl-rollout'), ...rolloutFlags],
  run: (cli) => run(cli, action),
});

export const pauseCommand = command(
  'pause',
  pause,
  'Mark the provided resource as paused',
  `Mark the provided resource as paused.

 Paused resources will not be reconciled by a controller. Use "kubectl rollout resume" to resume a paused resource. Currently only deployments support being paused.`,
  '# Changes of the deployment have no effect until it is resumed\nkubectl rollout pause deployment/nginx',
);

export const resumeCommand = command(
  'resume',
  resume,
  'Resume a paused resource',
  `Resume a paused resource.

 Paused resources will not be reconciled by a controller. By resuming a resource, we allow it to be reconciled again. Currently only deployments support being resumed.`,
  '# Go on with a deployment\nkubectl rollout resume deployment/nginx',
);

export const restartCommand = command(
  'restart',
  restart,
  'Restart a resource',
  `Restart a resource.

 Resource rollout will be restarted.`,
  '# A deployment\nkubectl rollout restart deployment/nginx',
);
