import { replicaSet, type ReplicaSet, type ReplicaSetStatus } from '../api/apps/replicaset';
import { pod, type Pod } from '../api/core/pod';
import { selectorMatcher } from '../apimachinery/selector-matcher';
import { controllerOf, keyOf, splitKey } from '../apimachinery/object';
import type { Status } from '../apimachinery/status';
import { timeOf } from '../apimachinery/time';
import type { RegistryClient } from '../apiserver/registry';
import { defineController, every, ownedBy, type Outcome } from './controller';
import {
  claim,
  deletionOrder,
  isActive,
  isAvailable,
  isReady,
  podOf,
  readySince,
  relatedPods,
  slowStart,
} from './pods';
import { Tally, type Counts } from './tally';

/** controller.BurstReplicas: at most so many pods in one sync. */
const BURST = 500;

/** Keeps `spec.replicas` pods alive per ReplicaSet. Upstream: pkg/controller/replicaset/replica_set.go */
export const replicaSetController = defineController('replicaset-controller', ({ client, events, clock, later }) => {
  const tallies = new Map<string, Tally>();

  /** What the set has; pods are claimed only where there is one to adopt or to release. */
  const count = (key: string, set: ReplicaSet): Counts => {
    const { uid, namespace = '' } = set.metadata;
    let tally = tallies.get(key);
    if (tally === undefined) tallies.set(key, (tally = new Tally()));
    const counts = tally.count(set, client.byIndex(pod, 'owner', uid));
    if (counts !== undefined && client.byIndex(pod, 'orphan', namespace).length === 0) return counts;
    const { length } = podsOf(client, set);
    return tally.count(set, client.byIndex(pod, 'owner', uid)) ?? { replicas: length, labelled: 0, ready: 0 };
  };

  return {
    watches: [
      every(replicaSet),
      ownedBy(pod, replicaSet),
      every(pod, (orphan) => (controllerOf(orphan) === undefined ? adopters(client, orphan) : undefined)),
    ],

    sync(key) {
      const { namespace, name } = splitKey(key);
      const set = client.get(replicaSet, namespace, name);
      if (set === undefined) {
        tallies.delete(key);
        return;
      }
      // What a sync makes or removes counts from the next one on, as upstream.
      const counts = { ...count(key, set) };
      const { minReadySeconds = 0 } = set.spec;

      let failure: { readonly reason: string; readonly error: Status } | undefined;
      let pods: readonly Pod[] | undefined;
      if (minReadySeconds > 0 && counts.ready > 0) pods = podsOf(client, set);
      const available =
        pods === undefined ? counts.ready : pods.filter((each) => isAvailable(each, minReadySeconds, clock.now)).length;
      const end = (): Outcome => {
        const why = failure && { ...failure, message: failure.error.message };
        const status = replicaSetStatus(set, { ...counts, available }, clock.now, why);
        if (status !== set.status) client.mutateStatus(replicaSet, namespace, name, (now) => ({ ...now, status }));
        if (pods !== undefined && minReadySeconds > 0 && counts.ready !== available) {
          later(key, untilAvailable(pods, minReadySeconds, clock.now));
        }
        // A Status of 403 for a terminating namespace cannot be mended by trying again.
        return failure !== undefined && !isNamespaceTerminating(failure.error) ? 'retry' : undefined;
      };

      if (set.metadata.deletionTimestamp === undefined) {
        const missing = set.spec.replicas - counts.replicas;
        if (missing > 0) {
          const make = (): boolean => {
            const created = client.create(pod, podOf(set.spec.template, set));
            if (created.ok) {
              events.event(set, 'Normal', 'SuccessfulCreate', `Created pod: ${created.value.metadata.name}`);
            } else if (!isNamespaceTerminating(created.error)) {
              events.event(set, 'Warning', 'FailedCreate', `Error creating: ${created.error.message}`);
            }
            if (!created.ok) failure ??= { reason: 'FailedCreate', error: created.error };
            return created.ok;
          };
          return slowStart(Math.min(missing, BURST), make, end);
        }
        if (missing < 0) {
          const known = (pods ??= podsOf(client, set));
          const related = relatedPods(client, siblings(client, set), pod);
          for (const victim of deletionOrder(known, related, clock.now).slice(0, Math.min(-missing, BURST))) {
            const deleted = client.delete(pod, namespace, victim.metadata.name, {
              preconditions: { uid: victim.metadata.uid },
            });
            if (deleted.ok) {
              events.event(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${victim.metadata.name}`);
            } else if (deleted.error.code !== 404) {
              events.event(set, 'Warning', 'FailedDelete', `Error deleting: ${deleted.error.message}`);
              failure ??= { reason: 'FailedDelete', error: deleted.error };
            }
          }
        }
      }

      return end();
    },
  };
});

/** The set's active pods, after it has adopted and released what its selector says. */
function podsOf(client: RegistryClient, set: ReplicaSet): readonly Pod[] {
  const matches = selectorMatcher(set.spec.selector);
  return claim({
    client,
    kind: pod,
    owner: set,
    counts: isActive,
    matches: ({ metadata }) => matches(metadata.labels),
  });
}

const isNamespaceTerminating = ({ details }: Status): boolean =>
  details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true;

/** Until the next ready pod has been so for long enough. */
function untilAvailable(pods: readonly Pod[], minReadySeconds: number, now: number): number {
  let least = minReadySeconds * 1000;
  for (const candidate of pods) {
    if (!isReady(candidate) || isAvailable(candidate, minReadySeconds, now)) continue;
    least = Math.min(least, readySince(candidate) + minReadySeconds * 1000 - now);
  }
  return Math.max(1, least);
}

/** The replica sets that have the same controller; the set itself where it has none. */
const siblings = (client: RegistryClient, set: ReplicaSet): readonly ReplicaSet[] => {
  const owner = controllerOf(set);
  return owner === undefined ? [set] : client.byIndex(replicaSet, 'owner', owner.uid);
};

/** Whoever's selector matches a pod without an owner. */
const adopters = (client: RegistryClient, { metadata: { labels, namespace } }: Pod): readonly string[] =>
  labels === undefined
    ? []
    : client
        .list(replicaSet, { namespace, matches: ({ spec }) => selectorMatcher(spec.selector)(labels) })
        .map((set) => keyOf(set));

/** The status of a set with these pods; the same value where nothing changes (calculateStatus). */
function replicaSetStatus(
  set: ReplicaSet,
  { replicas, labelled, ready, available }: Counts & { readonly available: number },
  now: number,
  failure: { readonly reason: string; readonly message: string } | undefined,
): ReplicaSetStatus {
  const { status: before, metadata } = set;
  const failing = before.conditions?.some(({ type }) => type === 'ReplicaFailure') === true;
  const same =
    before.replicas === replicas &&
    (before.fullyLabeledReplicas ?? 0) === labelled &&
    (before.readyReplicas ?? 0) === ready &&
    (before.availableReplicas ?? 0) === available &&
    before.observedGeneration === metadata.generation &&
    failing === (failure !== undefined);
  if (same) return before;
  const conditions =
    failing === (failure !== undefined) ? before.conditions : failure && [replicaFailure(failure, now)];
  return {
    replicas,
    ...(labelled === 0 ? {} : { fullyLabeledReplicas: labelled }),
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(available === 0 ? {} : { availableReplicas: available }),
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
    ...(conditions === undefined ? {} : { conditions }),
  };
}

const replicaFailure = ({ reason, message }: { readonly reason: string; readonly message: string }, now: number) => ({
  type: 'ReplicaFailure' as const,
  status: 'True' as const,
  lastTransitionTime: timeOf(now),
  reason,
  message,
});
