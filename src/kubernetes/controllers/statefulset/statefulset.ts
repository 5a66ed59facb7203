import type { ControllerRevision } from '../../api/apps/controllerrevision';
import { statefulSet, type StatefulSet, type StatefulSetStatus } from '../../api/apps/statefulset';
import { pod, type Pod } from '../../api/core/pod';
import { equal } from '../../apimachinery/equal';
import { controllerOf, keyOf, splitKey } from '../../apimachinery/object';
import { selectorMatcher } from '../../apimachinery/selector-matcher';
import type { RegistryClient } from '../../apiserver/registry';
import { defineController, every, ownedBy, type ControllerContext, type Outcome } from '../controller';
import { createRevision, renumber, revisionHash, revisionsOf, templatePatch, truncateHistory } from '../history';
import { claim, isAvailable } from '../pods';
import { createClaims, retainClaims } from './claims';
import {
  endOf,
  isHealthy,
  isInRange,
  isRunningAndReady,
  isTerminating,
  ordinalOf,
  podName,
  revisionOf,
  startOf,
  statefulPod,
  templateOf,
} from './identity';

/** Pods with names that stay, one after the other. Upstream: pkg/controller/statefulset/stateful_set_control.go */
export const statefulSetController = defineController('statefulset-controller', (context) => {
  const { client, clock, later } = context;
  return {
    watches: [
      every(statefulSet),
      ownedBy(pod, statefulSet),
      every(pod, (orphan) => (controllerOf(orphan) === undefined ? adopters(client, orphan) : undefined)),
    ],
    sync(key) {
      const { namespace, name } = splitKey(key);
      const set = client.get(statefulSet, namespace, name);
      if (set === undefined) return;
      const revisions = revisionsOf(client, set);
      const pods = podsOf(client, set);
      const found = currentAndUpdate(client, set, revisions);
      if (found === undefined) return 'retry';
      const { current, update, collisionCount } = found;
      const work = new Work(context, set, current, update, pods);
      const outcome = set.metadata.deletionTimestamp === undefined ? work.run() : undefined;
      const status = work.status(collisionCount);
      if (!equal(status, set.status)) client.mutateStatus(statefulSet, namespace, name, (now) => ({ ...now, status }));
      const live = new Set([current.metadata.name, update.metadata.name, ...pods.map(revisionOf)]);
      truncateHistory(client, revisions, live, set.spec.revisionHistoryLimit);
      const { minReadySeconds = 0 } = set.spec;
      const waiting = pods.some((each) => isRunningAndReady(each) && !isAvailable(each, minReadySeconds, clock.now));
      if (minReadySeconds > 0 && waiting) later(key, 1000);
      return outcome;
    },
  };
});

function podsOf(client: RegistryClient, set: StatefulSet): readonly Pod[] {
  const matches = selectorMatcher(set.spec.selector);
  return claim({
    client,
    kind: pod,
    owner: set,
    matches: ({ metadata }) => matches(metadata.labels) && ordinalOf(set, metadata.name) >= 0,
  });
}

const adopters = (client: RegistryClient, { metadata: { labels, namespace } }: Pod): readonly string[] =>
  labels === undefined
    ? []
    : client
        .list(statefulSet, { namespace, matches: ({ spec }) => selectorMatcher(spec.selector)(labels) })
        .map((set) => keyOf(set));

interface Revisions {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly collisionCount: number;
}

/** getStatefulSetRevisions: the state that is wanted, and the one that pods had before. */
function currentAndUpdate(
  client: RegistryClient,
  set: StatefulSet,
  revisions: readonly ControllerRevision[],
): Revisions | undefined {
  let collisionCount = set.status.collisionCount ?? 0;
  const data = templatePatch(set.spec.template);
  const last = revisions.at(-1);
  const next = (last?.revision ?? 0) + 1;
  const same = revisions.filter((each) => equal(each.data, data)).at(-1);
  let update: ControllerRevision | undefined;
  if (same !== undefined) update = same === last ? same : renumber(client, same, next);
  for (let tries = 0; update === undefined && tries < 10; tries++) {
    update = createRevision(client, { owner: set, hash: revisionHash(data, collisionCount), data, revision: next });
    if (update === undefined) collisionCount++;
  }
  if (update === undefined) return undefined;
  const current = revisions.find(({ metadata }) => metadata.name === set.status.currentRevision) ?? update;
  return { current, update, collisionCount };
}

/** One pass over a set: updateStatefulSet. */
class Work {
  readonly #context: ControllerContext;
  readonly #set: StatefulSet;
  readonly #current: ControllerRevision;
  readonly #update: ControllerRevision;
  readonly #pods: readonly Pod[];
  /** One after the other: the next comes when the one before it is there. */
  readonly #ordered: boolean;
  #left = 0;

  constructor(
    context: ControllerContext,
    set: StatefulSet,
    current: ControllerRevision,
    update: ControllerRevision,
    pods: readonly Pod[],
  ) {
    this.#context = context;
    this.#set = set;
    this.#current = current;
    this.#update = update;
    this.#pods = pods;
    this.#ordered = set.spec.podManagementPolicy !== 'Parallel';
  }

  run(): Outcome {
    const set = this.#set;
    const byOrdinal = new Map(this.#pods.map((each) => [ordinalOf(set, each.metadata.name), each]));
    const condemned = [...byOrdinal]
      .filter(([ordinal]) => !isInRange(set, ordinal))
      .sort(([a], [b]) => b - a)
      .map(([, each]) => each);
    for (let ordinal = startOf(set); ordinal <= endOf(set); ordinal++) {
      const done = this.#replica(ordinal, byOrdinal.get(ordinal));
      if (done !== 'next') return done === 'failed' ? 'retry' : undefined;
    }
    const living = [...byOrdinal].filter(([ordinal]) => isInRange(set, ordinal)).sort(([a], [b]) => a - b);
    const unhealthy = [...living.map(([, each]) => each), ...[...condemned].reverse()].find((each) => !isHealthy(each));
    for (const each of condemned) retainClaims(this.#context.client, set, each);
    for (const each of condemned) if (!this.#condemned(each, unhealthy)) return undefined;
    return this.#roll(living);
  }

  /** processReplica. `next`: this one is as it should be. */
  #replica(ordinal: number, there: Pod | undefined): 'next' | 'wait' | 'failed' {
    const { client, clock } = this.#context;
    const set = this.#set;
    if (there === undefined) {
      if (!this.#create(ordinal)) return 'failed';
      return this.#ordered ? 'wait' : 'next';
    }
    if (there.status.phase === 'Failed' || there.status.phase === 'Succeeded') {
      if (!isTerminating(there)) this.#delete(there);
      return 'wait';
    }
    if (there.status.phase === 'Pending')
      createClaims(client, this.#context.events, set, ordinal, podName(set, ordinal));
    const { minReadySeconds = 0 } = set.spec;
    const good = isHealthy(there) && isAvailable(there, minReadySeconds, clock.now);
    if (!good && this.#ordered) return 'wait';
    retainClaims(client, set, there);
    return 'next';
  }

  /** processCondemned; false: wait. */
  #condemned(each: Pod, unhealthy: Pod | undefined): boolean {
    if (isTerminating(each)) return !this.#ordered;
    if (!isRunningAndReady(each) && this.#ordered && each !== unhealthy) return false;
    this.#delete(each);
    return !this.#ordered;
  }

  /** From the last pod down, those of another state make room for new ones. */
  #roll(living: readonly (readonly [number, Pod])[]): undefined {
    const { updateStrategy } = this.#set.spec;
    if (updateStrategy.type !== 'RollingUpdate') return;
    const least = updateStrategy.rollingUpdate?.partition ?? 0;
    for (let target = living.length - 1; target >= least; target--) {
      const each = living[target]?.[1];
      if (each === undefined) continue;
      if (revisionOf(each) !== this.#update.metadata.name && !isTerminating(each)) {
        if (this.#delete(each) && revisionOf(each) === this.#current.metadata.name) this.#left++;
        return;
      }
      if (!isHealthy(each)) return;
    }
  }

  /** newVersionedStatefulSetPod: below the partition pods stay what they were. */
  #create(ordinal: number): boolean {
    const { client, events } = this.#context;
    const set = this.#set;
    const { type, rollingUpdate } = set.spec.updateStrategy;
    const bound = rollingUpdate?.partition ?? set.status.currentReplicas ?? 0;
    const old = type === 'RollingUpdate' && ordinal < startOf(set) + bound;
    const revision = old ? this.#current : this.#update;
    const name = podName(set, ordinal);
    if (!createClaims(client, events, set, ordinal, name)) return false;
    const made = client.create(pod, statefulPod(set, templateOf(revision, set), revision.metadata.name, ordinal));
    const what = `create Pod ${name} in StatefulSet ${set.metadata.name}`;
    if (made.ok) events.event(set, 'Normal', 'SuccessfulCreate', `${what} successful`);
    else events.event(set, 'Warning', 'FailedCreate', `${what} failed error: ${made.error.message}`);
    return made.ok;
  }

  #delete({ metadata }: Pod): boolean {
    const { client, events } = this.#context;
    const gone = client.delete(pod, metadata.namespace, metadata.name, { preconditions: { uid: metadata.uid } });
    const what = `delete Pod ${metadata.name} in StatefulSet ${this.#set.metadata.name}`;
    if (gone.ok) events.event(this.#set, 'Normal', 'SuccessfulDelete', `${what} successful`);
    else events.event(this.#set, 'Warning', 'FailedDelete', `${what} failed error: ${gone.error.message}`);
    return gone.ok;
  }

  /** What holds of the pods that were there when the pass began. */
  status(collisionCount: number): StatefulSetStatus {
    const set = this.#set;
    const { minReadySeconds = 0 } = set.spec;
    const now = this.#context.clock.now;
    const update = this.#update.metadata.name;
    let current = this.#current.metadata.name;
    let [ready, available, ofCurrent, ofUpdate] = [0, 0, -this.#left, 0];
    for (const each of this.#pods) {
      if (isRunningAndReady(each)) {
        ready++;
        if (isAvailable(each, minReadySeconds, now)) available++;
      }
      if (isTerminating(each)) continue;
      if (revisionOf(each) === current) ofCurrent++;
      if (revisionOf(each) === update) ofUpdate++;
    }
    const replicas = this.#pods.length;
    // completeRollingUpdate
    if (set.spec.updateStrategy.type === 'RollingUpdate' && ofUpdate === replicas && ready === replicas) {
      if (replicas === set.spec.replicas || current === update) {
        current = update;
        ofCurrent = ofUpdate;
      }
    }
    return {
      ...(set.metadata.generation === undefined ? {} : { observedGeneration: set.metadata.generation }),
      replicas,
      ...(ready === 0 ? {} : { readyReplicas: ready }),
      ...(ofCurrent <= 0 ? {} : { currentReplicas: ofCurrent }),
      ...(ofUpdate === 0 ? {} : { updatedReplicas: ofUpdate }),
      currentRevision: current,
      updateRevision: update,
      collisionCount,
      availableReplicas: available,
      ...(set.status.conditions === undefined ? {} : { conditions: set.status.conditions }),
    };
  }
}
