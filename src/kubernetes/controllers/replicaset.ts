import { replicaSet, type ReplicaSet, type ReplicaSetStatus } from '../api/apps/replicaset';
import { pod, type Pod } from '../api/core/pod';
import { replicationController, type ReplicationController } from '../api/core/replicationcontroller';
import type { Kind } from '../apimachinery/kind';
import { selectorMatcher } from '../apimachinery/selector-matcher';
import { controllerOf, keyOf, splitKey, type ApiObject } from '../apimachinery/object';
import type { Status } from '../apimachinery/status';
import { timeOf } from '../apimachinery/time';
import type { RegistryClient } from '../apiserver/registry';
import {
  defineController,
  every,
  ownedBy,
  type ControllerContext,
  type ControllerParts,
  type Outcome,
} from './controller';
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

/** A kind that keeps so many pods, and how to see one of it as a ReplicaSet. */
interface Replicated<T extends ApiObject> {
  readonly kind: Kind<T, 'orphan'>;
  readonly asSet: (object: T) => ReplicaSet;
}

const views = new WeakMap<ReplicationController, ReplicaSet>();

/** pkg/controller/replication/conversion.go: one view for each version, for it is known again by its identity. */
function setOf(given: ReplicationController): ReplicaSet {
  let view = views.get(given);
  if (view === undefined) {
    const { selector, ...spec } = given.spec;
    view = { ...given, spec: { ...spec, selector: selector === undefined ? {} : { matchLabels: selector } } };
    views.set(given, view);
  }
  return view;
}

/** Keeps `spec.replicas` pods alive per ReplicaSet. Upstream: pkg/controller/replicaset/replica_set.go */
export const replicaSetController = defineController('replicaset-controller', (context) =>
  keepReplicas({ kind: replicaSet, asSet: (set) => set }, context),
);

/** The same for ReplicationControllers. Upstream: pkg/controller/replication */
export const replicationControllerController = defineController('replication-controller', (context) =>
  keepReplicas({ kind: replicationController, asSet: setOf }, context),
);

function keepReplicas<T extends ApiObject & Pick<ReplicaSet, 'status'>>(
  replicated: Replicated<T>,
  { client, events, clock, later }: ControllerContext,
): ControllerParts {
  const { kind, asSet } = replicated;
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
      every(kind),
      ownedBy(pod, kind as unknown as Kind),
      every(pod, (orphan) => (controllerOf(orphan) === undefined ? adopters(client, replicated, orphan) : undefined)),
    ],

    sync(key) {
      const { namespace, name } = splitKey(key);
      const found = client.get(kind, namespace, name);
      if (found === undefined) {
        tallies.delete(key);
        return;
      }
      const set = asSet(found);
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
        if (status !== set.status) client.mutateStatus(kind, namespace, name, (now) => ({ ...now, status }));
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
          const related = relatedPods(client, siblings(client, kind, set), pod);
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
}

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

/** Those of its kind that have the same controller; the set itself where it has none. */
const siblings = <T extends ApiObject>(
  client: RegistryClient,
  kind: Kind<T, 'orphan'>,
  set: ReplicaSet,
): readonly ApiObject[] => {
  const owner = controllerOf(set);
  return owner === undefined ? [set] : client.byIndex(kind, 'owner', owner.uid);
};

/** Whoever's selector matches a pod without an owner. */
const adopters = <T extends ApiObject>(
  client: RegistryClient,
  { kind, asSet }: Replicated<T>,
  { metadata: { labels, namespace } }: Pod,
): readonly string[] =>
  labels === undefined
    ? []
    : client
        .list(kind, { namespace, matches: (each) => selectorMatcher(asSet(each).spec.selector)(labels) })
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
