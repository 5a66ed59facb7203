import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { isObject, list, nameOfObject, number, text, at, type JsonObject } from '../../json';
import { build } from '../../resource/builder';
import type { Mapping } from '../../resource/mapper';
import { accepts } from '../../rest/client';
import { filenameFlags, filenames, hasFiles, selectorFlag } from '../shared-flags';
import { TimedOut, until } from '../wait/until';

/** What `rollout status` says of an object, and whether it is done. */
export interface RolloutState {
  readonly message: string;
  readonly done: boolean;
}

const waiting = (message: string): RolloutState => ({ message: `Waiting for ${message}...\n`, done: false });

/** The revision annotation of a deployment or replica set; NaN where it is no number. */
export const revisionOf = (object: JsonObject): number =>
  Number(text(object, 'metadata', 'annotations', 'deployment.kubernetes.io/revision') || 0);

function deploymentState(object: JsonObject, revision: number): RolloutState {
  const name = nameOfObject(object);
  if (revision > 0 && revisionOf(object) !== revision)
    throw new Failure(`desired revision (${revision}) is different from the running revision (${revisionOf(object)})`);
  const status = at(object, 'status');
  if (number(object, 'metadata', 'generation') > number(status, 'observedGeneration'))
    return waiting('deployment spec update to be observed');
  const progressing = list(status, 'conditions')
    .filter(isObject)
    .find((each) => each['type'] === 'Progressing');
  if (progressing?.['reason'] === 'ProgressDeadlineExceeded')
    throw new Failure(`deployment "${name}" exceeded its progress deadline`);
  const updated = number(status, 'updatedReplicas');
  const wanted = at(object, 'spec', 'replicas');
  if (typeof wanted === 'number' && updated < wanted)
    return waiting(
      `deployment "${name}" rollout to finish: ${updated} out of ${wanted} new replicas have been updated`,
    );
  const total = number(status, 'replicas');
  if (total > updated)
    return waiting(`deployment "${name}" rollout to finish: ${total - updated} old replicas are pending termination`);
  const available = number(status, 'availableReplicas');
  if (available < updated)
    return waiting(`deployment "${name}" rollout to finish: ${available} of ${updated} updated replicas are available`);
  return { message: `deployment "${name}" successfully rolled out\n`, done: true };
}

function daemonSetState(object: JsonObject): RolloutState {
  const name = nameOfObject(object);
  if (text(object, 'spec', 'updateStrategy', 'type') !== 'RollingUpdate')
    throw new Failure('rollout status is only available for RollingUpdate strategy type');
  const status = at(object, 'status');
  if (number(object, 'metadata', 'generation') > number(status, 'observedGeneration'))
    return waiting('daemon set spec update to be observed');
  const [desired, updated] = [number(status, 'desiredNumberScheduled'), number(status, 'updatedNumberScheduled')];
  if (updated < desired)
    return waiting(`daemon set "${name}" rollout to finish: ${updated} out of ${desired} new pods have been updated`);
  const available = number(status, 'numberAvailable');
  if (available < desired)
    return waiting(`daemon set "${name}" rollout to finish: ${available} of ${desired} updated pods are available`);
  return { message: `daemon set "${name}" successfully rolled out\n`, done: true };
}

function statefulSetState(object: JsonObject): RolloutState {
  if (text(object, 'spec', 'updateStrategy', 'type') !== 'RollingUpdate')
    throw new Failure('rollout status is only available for RollingUpdate strategy type');
  const status = at(object, 'status');
  const observed = number(status, 'observedGeneration');
  if (observed === 0 || number(object, 'metadata', 'generation') > observed)
    return waiting('statefulset spec update to be observed');
  const wanted = number(object, 'spec', 'replicas');
  const ready = number(status, 'readyReplicas');
  if (ready < wanted) return waiting(`${wanted - ready} pods to be ready`);
  const updated = number(status, 'updatedReplicas');
  const rolling = at(object, 'spec', 'updateStrategy', 'rollingUpdate');
  if (rolling !== undefined) {
    const partition = number(rolling, 'partition');
    if (at(rolling, 'partition') !== undefined && updated < wanted - partition)
      return waiting(
        `partitioned roll out to finish: ${updated} out of ${wanted - partition} new pods have been updated`,
      );
    return { message: `partitioned roll out complete: ${updated} new pods have been updated...\n`, done: true };
  }
  const [current, update] = [text(status, 'currentRevision'), text(status, 'updateRevision')];
  if (current !== update)
    return {
      message: `waiting for statefulset rolling update to complete ${updated} pods at revision ${update}...\n`,
      done: false,
    };
  return {
    message: `statefulset rolling update complete ${number(status, 'currentReplicas')} pods at revision ${current}...\n`,
    done: true,
  };
}

/** Source: kubectl pkg/polymorphichelpers/rollout_status.go. */
export function rolloutState(mapping: Mapping, object: JsonObject, revision: number): RolloutState {
  if (mapping.kind === 'Deployment') return deploymentState(object, revision);
  if (mapping.kind === 'DaemonSet') return daemonSetState(object);
  return statefulSetState(object);
}

export const rolloutFlags = [...filenameFlags('that names the resource to get from a server.'), selectorFlag];

export const status: Command = {
  use: 'status (TYPE NAME | TYPE/NAME) [flags]',
  short: 'Show the status of the rollout',
  long: `Show the status of the rollout.

 By default 'rollout status' will watch the status of the latest rollout until it's done. If you don't want to wait for the rollout to finish then you can use --watch=false. Note that if a new rollout starts in-between, then 'rollout status' will continue watching the latest revision. If you want to pin to a specific revision and abort if it is rolled over by another revision, use --revision=N where N is the revision you need to watch for.`,
  example: '# Watch the rollout of a deployment\nkubectl rollout status deployment/nginx',
  flags: [
    ...rolloutFlags,
    flag.int('revision', 0, 'Watch this revision only. 0: the latest.'),
    flag.duration('timeout', 0, 'How long to wait before giving up; 0: for ever.'),
    flag.bool('watch', true, 'Watch until it is done.', { short: 'w' }),
  ],
  run: async (cli) => {
    const { flags } = cli;
    if (cli.args.length === 0 && !hasFiles(cli)) throw new Failure('required resource not specified');
    const revision = flags.number('revision');
    if (revision < 0) throw new Failure(`revision must be a positive integer: ${revision}`);
    const { namespace, explicit } = cli.factory.namespace;
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
    let found = false;
    const timeout = flags.number('timeout') || Infinity;
    await result.visit(async (info) => {
      found = true;
      const { mapping } = info;
      if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(mapping.kind) || mapping.group !== 'apps')
        throw new Failure(
          `no status viewer has been implemented for ${mapping.kind}${mapping.group === '' ? '' : `.${mapping.group}`}`,
        );
      const said: string[] = [];
      let failure: Failure | undefined;
      const flush = (): void => {
        for (const message of said.splice(0)) void cli.process.stdout.write(message);
      };
      try {
        await until(cli, info, timeout, (object, event) => {
          if (object === undefined) {
            if (event === 'DELETED') throw new Failure('object has been deleted');
            return undefined;
          }
          const state = rolloutState(mapping, object, revision);
          said.push(state.message);
          flush();
          return state.done || !flags.bool('watch') ? true : undefined;
        });
      } catch (reason) {
        if (!(reason instanceof Failure)) throw reason;
        failure = reason instanceof TimedOut ? new Failure('timed out waiting for the condition') : reason;
      }
      if (failure) throw failure;
    });
    if (!found) await cli.err(`No resources found in ${namespace} namespace.\n`);
  },
};
