import { deployment } from '../api/apps/deployment';
import { replicaSet } from '../api/apps/replicaset';
import { statefulSet } from '../api/apps/statefulset';
import { pod as podKind, type Pod } from '../api/core/pod';
import { replicationController } from '../api/core/replicationcontroller';
import { isUpToDate, withAllowedCondition, withCondition } from '../api/policy/disruption-allowed';
import { podDisruptionBudget, type PodDisruptionBudget } from '../api/policy/poddisruptionbudget';
import { isEmptySelector } from '../api/validation/workload';
import { equal } from '../apimachinery/equal';
import { controllerOf, keyOf, splitKey, type IntOrString } from '../apimachinery/object';
import { selectorMatches } from '../apimachinery/selector';
import { parseTime, timeOf } from '../apimachinery/time';
import type { RegistryClient } from '../apiserver/registry';
import { createEventRecorder } from '../client/events';
import { defineController, every, type Outcome } from './controller';
import { goSelectorText } from './go-selector';
import { isReady } from './pods';

/** How long an evicted pod may take to begin to go, before it counts again (DeletionTimeout). */
const DELETION_TIMEOUT = 120_000;

/** Keeps what disruption budgets allow. Upstream: pkg/controller/disruption */
export const disruptionController = defineController('disruption-controller', ({ client, clock, later }) => {
  const events = createEventRecorder({ client, clock, component: 'controllermanager' });

  function sync(key: string): Outcome | void {
    const { namespace, name } = splitKey(key);
    const budget = client.get(podDisruptionBudget, namespace, name);
    if (budget === undefined) return;
    const pods = client.list(podKind, { namespace, matches: (each) => isGuarded(budget, each) });
    if (pods.length === 0) events.event(budget, 'Normal', 'NoPods', 'No matching pods found');
    const expected = expectedPods(client, budget, pods);
    if (typeof expected === 'string') {
      events.event(
        budget,
        'Warning',
        'CalculateExpectedPodCountFailed',
        `Failed to calculate the number of expected pods: ${expected}`,
      );
      return write(budget, {
        ...withCondition(
          { ...budget.status, disruptionsAllowed: 0 },
          'False',
          'SyncFailed',
          expected,
          timeOf(clock.now),
        ),
      });
    }
    if (expected.unmanaged)
      events.event(
        budget,
        'Warning',
        'UnmanagedPods',
        `Pods selected by this PodDisruptionBudget (selector: ${goSelectorText(budget.spec.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`,
      );
    const disruptedPods = stillDisrupted(pods, budget);
    const currentHealthy = pods.filter(
      (each) =>
        each.metadata.deletionTimestamp === undefined &&
        disruptedPods[each.metadata.name] === undefined &&
        isReady(each),
    ).length;
    const { count, desired } = expected;
    const { disruptedPods: _disrupted, observedGeneration: _observed, ...rest } = budget.status;
    const status = {
      ...rest,
      ...(budget.metadata.generation === undefined ? {} : { observedGeneration: budget.metadata.generation }),
      ...(Object.keys(disruptedPods).length === 0 ? {} : { disruptedPods }),
      disruptionsAllowed: count <= 0 ? 0 : Math.max(currentHealthy - desired, 0),
      currentHealthy,
      desiredHealthy: desired,
      expectedPods: count,
    };
    const next = { ...budget, status };
    if (equal(status, budget.status) && isUpToDate(next)) return;
    return write(budget, withAllowedCondition(status, timeOf(clock.now)));
  }

  function write(budget: PodDisruptionBudget, status: PodDisruptionBudget['status']): Outcome | void {
    if (equal(status, budget.status)) return;
    return client.updateStatus(podDisruptionBudget, { ...budget, status }).ok ? undefined : 'retry';
  }

  /** buildDisruptedPodMap: evicted pods that are there and do not go yet, while there is hope. */
  function stillDisrupted(pods: readonly Pod[], budget: PodDisruptionBudget): Readonly<Record<string, string>> {
    const { disruptedPods = {} } = budget.status;
    const kept: [string, string][] = [];
    let next = Infinity;
    for (const pod of pods) {
      const { name, deletionTimestamp } = pod.metadata;
      const since = Object.hasOwn(disruptedPods, name) ? disruptedPods[name] : undefined;
      if (deletionTimestamp !== undefined || since === undefined) continue;
      const until = parseTime(since) + DELETION_TIMEOUT;
      if (until < clock.now) {
        const { namespace } = budget.metadata;
        const text = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`;
        events.event(pod, 'Warning', 'NotDeleted', text);
      } else {
        kept.push([name, since]);
        next = Math.min(next, until);
      }
    }
    if (next < Infinity) later(keyOf(budget), next - clock.now + 1);
    return Object.fromEntries(kept);
  }

  const budgetsOf = (pod: Pod): readonly string[] =>
    client
      .list(podDisruptionBudget, { namespace: pod.metadata.namespace })
      .filter((budget) => isGuarded(budget, pod))
      .map(keyOf);

  return {
    watches: [
      every(podDisruptionBudget),
      every(podKind, (pod, old) =>
        old === undefined ? budgetsOf(pod) : new Set([...budgetsOf(old), ...budgetsOf(pod)]),
      ),
    ],
    sync,
  };
});

/** A budget without a selector guards nothing, one with an empty selector everything. */
const isGuarded = ({ spec: { selector } }: PodDisruptionBudget, { metadata }: Pod): boolean =>
  selector !== undefined && (isEmptySelector(selector) || selectorMatches(selector, metadata.labels));

interface Expected {
  readonly count: number;
  readonly desired: number;
  readonly unmanaged: boolean;
}

/** getExpectedPodCount; a text says why not. */
function expectedPods(client: RegistryClient, { spec }: PodDisruptionBudget, pods: readonly Pod[]): Expected | string {
  const { maxUnavailable, minAvailable } = spec;
  if (maxUnavailable === undefined && typeof minAvailable === 'number')
    return { count: pods.length, desired: minAvailable, unmanaged: false };
  const value = maxUnavailable ?? minAvailable;
  if (value === undefined) return { count: 0, desired: 0, unmanaged: false };
  const scales = new Map<string, number>();
  let unmanaged = false;
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (owner === undefined) {
      unmanaged = true;
      continue;
    }
    if (scales.has(owner.uid)) continue;
    const scale = scaleOf(client, pod);
    if (typeof scale === 'string') return scale;
    scales.set(scale.uid, scale.replicas);
  }
  let count = 0;
  for (const replicas of scales.values()) count += replicas;
  const scaled = scaledUp(value, count);
  return { count, desired: maxUnavailable === undefined ? scaled : Math.max(count - scaled, 0), unmanaged };
}

/** intstr.GetScaledValueFromIntOrPercent, rounded up. */
const scaledUp = (value: IntOrString, total: number): number =>
  typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * total) / 100);

/** The finders of the controller: who decides how many pods there are. */
function scaleOf(client: RegistryClient, pod: Pod): { readonly uid: string; readonly replicas: number } | string {
  const { namespace, name } = pod.metadata;
  const owner = controllerOf(pod);
  if (owner === undefined) return `found no controllers for pod ${JSON.stringify(name)}`;
  const none = `found no controllers for pod ${JSON.stringify(name)}`;
  switch (owner.kind) {
    case 'ReplicaSet': {
      const set = client.get(replicaSet, namespace, owner.name);
      if (set === undefined || set.metadata.uid !== owner.uid) return none;
      const above = controllerOf(set);
      if (above?.kind !== 'Deployment') return { uid: set.metadata.uid, replicas: set.spec.replicas };
      const found = client.get(deployment, namespace, above.name);
      return found === undefined || found.metadata.uid !== above.uid
        ? none
        : { uid: found.metadata.uid, replicas: found.spec.replicas };
    }
    case 'StatefulSet': {
      const set = client.get(statefulSet, namespace, owner.name);
      return set === undefined || set.metadata.uid !== owner.uid
        ? none
        : { uid: owner.uid, replicas: set.spec.replicas };
    }
    case 'ReplicationController': {
      const found = client.get(replicationController, namespace, owner.name);
      return found === undefined || found.metadata.uid !== owner.uid
        ? none
        : { uid: owner.uid, replicas: found.spec.replicas };
    }
    case 'DaemonSet':
      return 'daemonsets.apps does not implement the scale subresource';
    case 'Job':
      return 'jobs.batch does not implement the scale subresource';
    default:
      return none;
  }
}
