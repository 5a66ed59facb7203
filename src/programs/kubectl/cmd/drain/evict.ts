import type { Cli } from '../../cli';
import { Aggregate, Failure, isNotFound, isStatus, StatusError } from '../../errors';
import { nameOfObject, namespaceOf, text, type JsonObject } from '../../json';
import { durationText } from '../../flags/values';
import { accepts } from '../../rest/client';
import type { DryRun } from '../shared-flags';
import { waitedEnough } from './filters';

const pathOf = (pod: JsonObject): string => `/api/v1/namespaces/${namespaceOf(pod)}/pods/${nameOfObject(pod)}`;

function deleteOptions(cli: Cli, strategy: DryRun): JsonObject {
  const grace = cli.flags.number('grace-period');
  return {
    ...(grace < 0 ? {} : { gracePeriodSeconds: grace }),
    ...(strategy === 'server' ? { dryRun: ['All'] } : {}),
  };
}

/** Evicts (or deletes) pods, all at the same time, and waits until they are gone. Source: kubectl pkg/drain/drain.go. */
export async function evictPods(cli: Cli, pods: readonly JsonObject[], strategy: DryRun): Promise<void> {
  if (cli.flags.bool('disable-eviction')) return deletePods(cli, pods, strategy);
  const timeout = cli.flags.number('timeout');
  const deadline = timeout === 0 ? Infinity : cli.process.clock.now + timeout;
  // Does the server evict? (CheckEvictionSupport)
  if (pods.length > 0) await cli.factory.client.get('/api/v1');
  const outcomes = await Promise.all(pods.map((pod) => evictOne(cli, pod, strategy, deadline)));
  const failures = outcomes.filter((each) => each !== undefined);
  if (failures[0]) throw failures.length === 1 ? failures[0] : new Aggregate(failures);
}

async function evictOne(cli: Cli, pod: JsonObject, strategy: DryRun, deadline: number): Promise<Failure | undefined> {
  const [name, namespace] = [nameOfObject(pod), namespaceOf(pod)];
  const limit = durationText(cli.flags.number('timeout'));
  for (;;) {
    await cli.out(`evicting pod ${namespace}/${name}${strategy === 'server' ? ' (server dry run)' : ''}\n`);
    if (cli.process.clock.now >= deadline)
      return new Failure(`error when evicting pods/"${name}" -n "${namespace}": global timeout reached: ${limit}`);
    try {
      await cli.factory.client.json('POST', `${pathOf(pod)}/eviction`, {
        accept: accepts.typed,
        body: {
          kind: 'Eviction',
          apiVersion: 'policy/v1',
          metadata: { name, namespace, creationTimestamp: null },
          deleteOptions: deleteOptions(cli, strategy),
        },
      });
      break;
    } catch (reason) {
      if (isNotFound(reason)) return undefined;
      if (!(reason instanceof StatusError)) throw reason;
      if (!isStatus(reason, 'TooManyRequests'))
        return new Failure(`error when evicting pods/"${name}" -n "${namespace}": ${reason.message}`);
      await cli.err(`error when evicting pods/"${name}" -n "${namespace}" (will retry after 5s): ${reason.message}\n`);
      await cli.process.sleep(5000);
    }
  }
  if (strategy === 'server') return undefined;
  return untilGone(cli, pod, deadline, 'evicted');
}

async function untilGone(
  cli: Cli,
  pod: JsonObject,
  deadline: number,
  verb: 'evicted' | 'deleted',
): Promise<Failure | undefined> {
  const [name, namespace] = [nameOfObject(pod), namespaceOf(pod)];
  for (;;) {
    let found: JsonObject | undefined;
    try {
      found = await cli.factory.client.get(pathOf(pod), { accept: accepts.typed });
    } catch (reason) {
      if (!isNotFound(reason)) throw reason;
    }
    if (found === undefined || text(found, 'metadata', 'uid') !== text(pod, 'metadata', 'uid')) {
      await cli.out(`pod/${name} ${verb}\n`);
      return undefined;
    }
    if (waitedEnough(cli, found)) {
      const seconds = cli.flags.number('skip-wait-for-delete-timeout');
      await cli.out(`pod ${name} has DeletionTimestamp older than ${seconds} seconds, skipping\n`);
      return undefined;
    }
    if (cli.process.clock.now + 1000 > deadline) {
      return new Failure(
        `error when waiting for pod "${name}" in namespace "${namespace}" to terminate: global timeout reached: ${durationText(cli.flags.number('timeout'))}`,
      );
    }
    await cli.process.sleep(1000);
  }
}

async function deletePods(cli: Cli, pods: readonly JsonObject[], strategy: DryRun): Promise<void> {
  const timeout = cli.flags.number('timeout');
  const deadline = timeout === 0 ? Infinity : cli.process.clock.now + timeout;
  for (const pod of pods) {
    try {
      await cli.factory.client.json('DELETE', pathOf(pod), {
        accept: accepts.typed,
        body: { kind: 'DeleteOptions', apiVersion: 'v1', ...deleteOptions(cli, strategy) },
      });
    } catch (reason) {
      if (!isNotFound(reason)) throw reason;
    }
  }
  for (const pod of pods) {
    const failure = await untilGone(cli, pod, deadline, 'deleted');
    if (failure) throw failure;
  }
}
