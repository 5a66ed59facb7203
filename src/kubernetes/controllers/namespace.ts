import { kinds } from '../api';
import { namespace, type Namespace } from '../api/core/namespace';
import { pod } from '../api/core/pod';
import { timeOf } from '../apimachinery/time';
import type { RegistryClient } from '../apiserver/registry';
import { defineController, every } from './controller';

/** Between the deletion and the first look: what was being written when it came has arrived (namespaceDeletionGracePeriod). */
const GRACE = 5000;

/** Empties namespaces that are to go, then lets go of them. Upstream: pkg/controller/namespace/deletion */
export const namespaceController = defineController('namespace-controller', ({ client, clock, later }) => {
  const begun = new Map<string, number>();
  return {
    watches: [every(namespace)],
    sync(key) {
      const found = client.get(namespace, undefined, key);
      if (found?.metadata.deletionTimestamp === undefined) {
        begun.delete(key);
        return undefined;
      }
      const since = begun.get(key) ?? clock.now;
      begun.set(key, since);
      if (clock.now < since + GRACE) {
        later(key, since + GRACE - clock.now);
        return undefined;
      }
      const left = deleteContent(client, key);
      const conditions = conditionsFor(left, clock.now);
      client.mutateStatus(namespace, undefined, key, (now) => withConditions(now, conditions));
      if (left.count > 0) {
        // Pods take as long as they were given: upstream estimates half of the longest grace period, plus one.
        later(key, (left.graceSeconds / 2 + 1) * 1000);
        return undefined;
      }
      const finalizers = client.get(namespace, undefined, key)?.spec.finalizers ?? [];
      client.finalizeNamespace(
        key,
        finalizers.filter((name) => name !== 'kubernetes'),
      );
      return undefined;
    },
  };
});

interface Left {
  readonly count: number;
  readonly graceSeconds: number;
  /** `pods.` has 2 resource instances. */
  readonly byKind: readonly string[];
  readonly byFinalizer: ReadonlyMap<string, number>;
}

function deleteContent(client: RegistryClient, name: string): Left {
  const byKind: string[] = [];
  const byFinalizer = new Map<string, number>();
  let count = 0;
  let graceSeconds = 0;
  for (const kind of kinds) {
    if (!kind.namespaced) continue;
    for (const object of client.list(kind, { namespace: name })) {
      client.delete(kind, name, object.metadata.name, { propagationPolicy: 'Background' });
    }
    const remaining = client.list(kind, { namespace: name });
    if (remaining.length === 0) continue;
    count += remaining.length;
    byKind.push(`${kind.names.plural}.${kind.names.group} has ${remaining.length} resource instances`);
    for (const { metadata } of remaining) {
      for (const finalizer of metadata.finalizers ?? []) {
        byFinalizer.set(finalizer, (byFinalizer.get(finalizer) ?? 0) + 1);
      }
    }
  }
  for (const { metadata } of client.list(pod, { namespace: name })) {
    graceSeconds = Math.max(graceSeconds, metadata.deletionGracePeriodSeconds ?? 0);
  }
  return { count, graceSeconds, byKind, byFinalizer };
}

type Conditions = NonNullable<Namespace['status']['conditions']>;

function conditionsFor({ count, byKind, byFinalizer }: Left, now: number): Conditions {
  const lastTransitionTime = timeOf(now);
  const condition = (type: string, bad: boolean, reason: string, message: string): Conditions[number] => ({
    type,
    status: bad ? 'True' : 'False',
    lastTransitionTime,
    reason,
    message,
  });
  const finalizers = [...byFinalizer].sort().map(([name, many]) => `${name} in ${many} resource instances`);
  return [
    condition(
      'NamespaceDeletionDiscoveryFailure',
      false,
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ),
    condition(
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    condition(
      'NamespaceDeletionContentFailure',
      false,
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    count > 0
      ? condition(
          'NamespaceContentRemaining',
          true,
          'SomeResourcesRemain',
          `Some resources are remaining: ${[...byKind].sort().join(', ')}`,
        )
      : condition('NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'),
    finalizers.length > 0
      ? condition(
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${finalizers.join(', ')}`,
        )
      : condition(
          'NamespaceFinalizersRemaining',
          false,
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ),
  ];
}

/** A condition keeps its time while its status does not change. */
function withConditions(now: Namespace, conditions: Conditions): Namespace {
  const before = now.status.conditions ?? [];
  const next = conditions.map((condition) => {
    const old = before.find(({ type }) => type === condition.type);
    if (old?.status !== condition.status) return condition;
    if (old.reason === condition.reason && old.message === condition.message) return old;
    return { ...condition, lastTransitionTime: old.lastTransitionTime ?? null };
  });
  if (next.length === before.length && next.every((condition, index) => condition === before[index])) return now;
  return { ...now, status: { ...now.status, conditions: next } };
}
