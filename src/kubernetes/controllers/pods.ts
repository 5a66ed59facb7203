import type { PodTemplateSpec } from '../api/core/pod-spec';
import type { Pod, PodCondition } from '../api/core/pod';
import type { Kind } from '../apimachinery/kind';
import { controllerRef, type ApiObject, type Draft } from '../apimachinery/object';
import { parseTime } from '../apimachinery/time';
import type { RegistryClient } from '../apiserver/registry';
import type { Outcome } from './controller';

/** controller.IsPodActive: neither finished nor on its way out. */
export const isActive = ({ metadata, status: { phase } }: Pod): boolean =>
  phase !== 'Succeeded' && phase !== 'Failed' && metadata.deletionTimestamp === undefined;

export function conditionOf(pod: Pod, type: string): PodCondition | undefined {
  const { conditions } = pod.status;
  if (conditions === undefined) return undefined;
  for (const condition of conditions) if (condition.type === type) return condition;
  return undefined;
}

export const isReady = (pod: Pod): boolean => conditionOf(pod, 'Ready')?.status === 'True';

/** When the pod became ready, in virtual milliseconds; 0 where unknown. */
export function readySince(pod: Pod): number {
  const at = conditionOf(pod, 'Ready')?.lastTransitionTime;
  return at == null ? 0 : parseTime(at);
}

/** podutil.IsPodAvailable: ready for at least `minReadySeconds`. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const ready = conditionOf(pod, 'Ready');
  if (ready?.status !== 'True') return false;
  if (minReadySeconds === 0) return true;
  return ready.lastTransitionTime != null && parseTime(ready.lastTransitionTime) + minReadySeconds * 1000 <= now;
}

/** The pod that a template makes, for `owner`. */
export function podOf(template: PodTemplateSpec, owner: ApiObject): Draft<Pod> {
  const { labels, annotations, finalizers } = template.metadata;
  return {
    metadata: {
      generateName: `${owner.metadata.name}-`,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ownerReferences: [ownerRef(owner)],
    },
    spec: template.spec,
  };
}

const refs = new WeakMap<ApiObject, ReturnType<typeof controllerRef>>();

/** One reference value for all that one version of an owner makes. */
export function ownerRef(owner: ApiObject): ReturnType<typeof controllerRef> {
  let reference = refs.get(owner);
  if (reference === undefined) refs.set(owner, (reference = Object.freeze(controllerRef(owner))));
  return reference;
}

interface Claim<T extends ApiObject> {
  readonly client: RegistryClient;
  readonly kind: Kind<T>;
  readonly owner: ApiObject;
  readonly matches: (object: T) => boolean;
  /** Others are as if they were not there: a pod that is on its way out keeps its owner. */
  readonly counts?: (object: T) => boolean;
}

/**
 * What belongs to an owner: its own that its selector matches (others it releases), and orphans that it adopts.
 * Upstream: pkg/controller/controller_ref_manager.go.
 */
export function claim<T extends ApiObject>({ client, kind, owner, matches, counts }: Claim<T>): readonly T[] {
  const { uid, namespace = '', deletionTimestamp } = owner.metadata;
  const claimed: T[] = [];
  for (const object of client.byIndex(kind, 'owner', uid)) {
    if (!isController(object, uid) || counts?.(object) === false) continue;
    if (matches(object)) claimed.push(object);
    else if (deletionTimestamp === undefined) release(client, kind, object, uid);
  }
  if (deletionTimestamp !== undefined) return claimed;
  for (const orphan of client.byIndex(kind, 'orphan', namespace)) {
    if (!matches(orphan) || counts?.(orphan) === false || orphan.metadata.deletionTimestamp !== undefined) continue;
    const adopted = client.mutate(kind, namespace, orphan.metadata.name, (object) => ({
      ...object,
      metadata: {
        ...object.metadata,
        ownerReferences: [...(object.metadata.ownerReferences ?? []), ownerRef(owner)],
      },
    }));
    if (adopted.ok) claimed.push(adopted.value);
  }
  return claimed;
}

/** Whether the controller of `object` is who has this uid. */
export function isController({ metadata: { ownerReferences } }: ApiObject, uid: string): boolean {
  if (ownerReferences === undefined) return false;
  for (const reference of ownerReferences) if (reference.controller === true) return reference.uid === uid;
  return false;
}

function release<T extends ApiObject>(client: RegistryClient, kind: Kind<T>, { metadata }: T, uid: string): void {
  client.mutate(kind, metadata.namespace, metadata.name, (object) => {
    const { ownerReferences = [], ...rest } = object.metadata;
    const left = ownerReferences.filter((reference) => reference.uid !== uid);
    return { ...object, metadata: left.length === 0 ? rest : { ...rest, ownerReferences: left } };
  });
}

/** So many are made in one turn of the thread. */
const AT_ONCE = 64;

/**
 * Calls `act` in batches of 1, 2, 4, …; after a batch with a failure no other is tried. Then comes what `end` says; a
 * long one goes on in further turns.
 */
export function slowStart(count: number, act: () => boolean, end: () => Outcome): Outcome {
  let left = count;
  let batch = 1;
  const go = (): Outcome => {
    for (let done = 0; left > 0 && done < AT_ONCE;) {
      const size = Math.min(left, batch, AT_ONCE);
      let succeeded = 0;
      for (let index = 0; index < size; index++) if (act()) succeeded++;
      if (succeeded < size) return end();
      left -= size;
      done += size;
      batch *= 2;
    }
    return left > 0 ? go : end();
  };
  return go();
}

/** Which of `pods` go first when there are too many; `related` are all pods of the same workload (ranked by node). */
export function deletionOrder(pods: readonly Pod[], related: readonly Pod[], now: number): readonly Pod[] {
  const onNode = new Map<string, number>();
  for (const pod of related) {
    if (isActive(pod)) onNode.set(pod.spec.nodeName ?? '', (onNode.get(pod.spec.nodeName ?? '') ?? 0) + 1);
  }
  const keys = new Map(pods.map((pod) => [pod, sortKey(pod, onNode.get(pod.spec.nodeName ?? '') ?? 0, now)]));
  return [...pods].sort((a, b) => {
    const left = keys.get(a) ?? [];
    const right = keys.get(b) ?? [];
    for (let index = 0; index < left.length; index++) {
      const difference = (left[index] ?? 0) - (right[index] ?? 0);
      if (difference !== 0) return difference;
    }
    return a.metadata.uid < b.metadata.uid ? -1 : 1;
  });
}

const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** ActivePodsWithRanks.Less: what is smaller goes first; times count by the logarithm of their age. */
function sortKey(pod: Pod, rank: number, now: number): readonly number[] {
  const ready = isReady(pod);
  const cost = Number.parseInt(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? '0', 10);
  let restarts = 0;
  for (const { restartCount } of pod.status.containerStatuses ?? []) restarts = Math.max(restarts, restartCount);
  return [
    pod.spec.nodeName === undefined ? 0 : 1,
    phaseRank[pod.status.phase ?? 'Pending'] ?? 2,
    ready ? 1 : 0,
    Number.isNaN(cost) ? 0 : cost,
    -rank,
    ready ? ageRank(readySince(pod), now) : 0,
    -restarts,
    ageRank(parseTime(pod.metadata.creationTimestamp), now),
  ];
}

const ageRank = (since: number, now: number): number => {
  const age = (now - since) * 1e6;
  return age <= 0 ? -1 : Math.floor(Math.log2(age));
};

/** The pods of all replica sets that have the same owner. */
export function relatedPods(client: RegistryClient, sets: readonly ApiObject[], kind: Kind<Pod>): readonly Pod[] {
  return sets.flatMap((set) => client.byIndex(kind, 'owner', set.metadata.uid));
}
