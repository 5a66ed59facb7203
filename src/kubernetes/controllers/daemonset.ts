import { daemonSet, type DaemonSet, type DaemonSetStatus } from '../api/apps/daemonset';
import { node, type Node, type Taint } from '../api/core/node';
import { pod, type Pod } from '../api/core/pod';
import type { PodTemplateSpec, Toleration } from '../api/core/pod-spec';
import { selectorMatcher } from '../apimachinery/selector-matcher';
import { keyOf, splitKey, type Draft } from '../apimachinery/object';
import { required } from '../scheduler/plugins/node-affinity';
import { tolerates } from '../scheduler/selectors';
import { defineController, every, ownedBy } from './controller';
import { podTemplateHash } from './deployment/template-hash';
import { claim, isAvailable, isReady, podOf, slowStart } from './pods';

const HASH = 'controller-revision-hash';
const GENERATION = 'pod-template-generation';

/** One pod on each fitting node. Upstream: pkg/controller/daemon */
export const daemonSetController = defineController('daemonset-controller', ({ client, events, clock, later }) => {
  return {
    watches: [
      every(daemonSet),
      ownedBy(pod, daemonSet),
      every(node, (now, old) =>
        old !== undefined && now.spec === old.spec && now.metadata.labels === old.metadata.labels
          ? undefined
          : client.list(daemonSet).map((set) => keyOf(set)),
      ),
    ],
    sync(key) {
      const { namespace, name } = splitKey(key);
      const set = client.get(daemonSet, namespace, name);
      if (set === undefined) return undefined;
      const matches = selectorMatcher(set.spec.selector);
      const pods = claim({ client, kind: pod, owner: set, matches: ({ metadata }) => matches(metadata.labels) });
      if (set.metadata.deletionTimestamp !== undefined) return undefined;
      const hash = podTemplateHash(set.spec.template, set.status.collisionCount);
      const onNode = new Map<string, Pod[]>();
      for (const each of pods) {
        const where = targetNode(each);
        if (where === undefined) continue;
        const there = onNode.get(where);
        if (there === undefined) onNode.set(where, [each]);
        else there.push(each);
      }

      const nodes = client.list(node);
      const missing: Node[] = [];
      const doomed: Pod[] = [];
      for (const each of nodes) {
        const there = onNode.get(each.metadata.name) ?? [];
        const { shouldRun, shouldContinue } = fits(set, each);
        const alive: Pod[] = [];
        for (const running of there) {
          if (running.metadata.deletionTimestamp !== undefined) continue;
          if (running.status.phase === 'Failed') {
            const { namespace: space, name: podName } = running.metadata;
            const text = `Found failed daemon pod ${space}/${podName} on node ${each.metadata.name}, will try to kill it`;
            events.event(set, 'Warning', 'FailedDaemonPod', text);
            doomed.push(running);
          } else if (running.status.phase === 'Succeeded') {
            const { namespace: space, name: podName } = running.metadata;
            const text = `Found succeeded daemon pod ${space}/${podName} on node ${each.metadata.name}, will try to delete it`;
            events.event(set, 'Normal', 'SucceededDaemonPod', text);
            doomed.push(running);
          } else alive.push(running);
        }
        if (!shouldContinue) doomed.push(...alive);
        else if (shouldRun && there.length === 0) missing.push(each);
        else if (alive.length > 1) doomed.push(...alive.sort(byAge).slice(1));
      }

      // The rolling update: pods of former templates go, as many as may be missing at a time.
      if (set.spec.updateStrategy.type === 'RollingUpdate' && doomed.length === 0 && missing.length === 0) {
        doomed.push(...outdated(set, hash, nodes, onNode, clock.now));
      }

      let failed = false;
      let next = 0;
      const make = (): boolean => {
        const on = missing[next++];
        if (on === undefined) return true;
        const created = client.create(pod, daemonPod(set, hash, on.metadata.name));
        if (created.ok) events.event(set, 'Normal', 'SuccessfulCreate', `Created pod: ${created.value.metadata.name}`);
        else events.event(set, 'Warning', 'FailedCreate', `Error creating: ${created.error.message}`);
        failed ||= !created.ok;
        return created.ok;
      };
      return slowStart(missing.length, make, () => {
        for (const { metadata } of doomed) {
          const deleted = client.delete(pod, namespace, metadata.name);
          if (deleted.ok) events.event(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${metadata.name}`);
          else if (deleted.error.code !== 404) failed = true;
        }

        const status = statusOf(set, hash, nodes, onNode, clock.now);
        client.mutateStatus(daemonSet, namespace, name, (now) => ({ ...now, status }));
        const { minReadySeconds = 0 } = set.spec;
        if (minReadySeconds > 0 && status.numberReady !== (status.numberAvailable ?? 0))
          later(key, minReadySeconds * 1000);
        return failed ? 'retry' : undefined;
      });
    },
  };
});

const byAge = (a: Pod, b: Pod): number => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1);

/** Where a daemon's pod is or, by its affinity, will be. */
function targetNode({ spec }: Pod): string | undefined {
  if (spec.nodeName !== undefined) return spec.nodeName;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  for (const { matchFields } of terms ?? []) {
    const field = matchFields?.find(({ key }) => key === 'metadata.name');
    if (field?.values?.[0] !== undefined) return field.values[0];
  }
  return undefined;
}

const daemonTolerations: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];
const hostNetworkToleration: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
};

/** util.AddOrUpdateDaemonPodTolerations */
function tolerationsOf({ spec }: PodTemplateSpec): readonly Toleration[] {
  const added = spec.hostNetwork === true ? [...daemonTolerations, hostNetworkToleration] : daemonTolerations;
  const own = spec.tolerations ?? [];
  const same = (a: Toleration, b: Toleration): boolean => a.key === b.key && a.effect === b.effect;
  return [...own, ...added.filter((toleration) => !own.some((other) => same(other, toleration)))];
}

/** NodeShouldRunDaemonPod: whether a pod should be made there, and whether one that is there may stay. */
function fits(set: DaemonSet, on: Node): { readonly shouldRun: boolean; readonly shouldContinue: boolean } {
  const { template } = set.spec;
  const no = { shouldRun: false, shouldContinue: false };
  if (template.spec.nodeName !== undefined && template.spec.nodeName !== on.metadata.name) return no;
  if (!required(template.spec, on)) return no;
  const tolerations = tolerationsOf(template);
  const intolerable = (effects: readonly string[]): boolean =>
    (on.spec.taints ?? []).some(
      (taint: Taint) =>
        effects.includes(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)),
    );
  if (intolerable(['NoSchedule', 'NoExecute']))
    return { shouldRun: false, shouldContinue: !intolerable(['NoExecute']) };
  return { shouldRun: true, shouldContinue: true };
}

function daemonPod(set: DaemonSet, hash: string, nodeName: string): Draft<Pod> {
  const { template } = set.spec;
  const draft = podOf(template, set);
  const affinity = {
    ...template.spec.affinity,
    nodeAffinity: {
      ...template.spec.affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: [nodeName] }] }],
      },
    },
  };
  return {
    ...draft,
    metadata: {
      ...draft.metadata,
      labels: { ...draft.metadata.labels, [HASH]: hash, [GENERATION]: templateGeneration(set) },
    },
    spec: { ...draft.spec, affinity, tolerations: tolerationsOf(template) },
  };
}

const templateGeneration = ({ metadata }: DaemonSet): string =>
  metadata.annotations?.['deprecated.daemonset.template.generation'] ?? String(metadata.generation ?? 1);

/** Pods of a former template that may go now (rollingUpdate with maxUnavailable; surge is treated as unavailable 1). */
function outdated(
  set: DaemonSet,
  hash: string,
  nodes: readonly Node[],
  onNode: ReadonlyMap<string, readonly Pod[]>,
  now: number,
): readonly Pod[] {
  const wanted = nodes.filter((each) => fits(set, each).shouldRun);
  const { maxUnavailable = 1 } = set.spec.updateStrategy.rollingUpdate ?? {};
  const limit =
    typeof maxUnavailable === 'number'
      ? maxUnavailable
      : Math.ceil((Number.parseInt(maxUnavailable, 10) * wanted.length) / 100);
  let unavailable = 0;
  const replaceable: Pod[] = [];
  const broken: Pod[] = [];
  for (const each of wanted) {
    const alive = (onNode.get(each.metadata.name) ?? []).filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    );
    const old = alive.filter(({ metadata }) => metadata.labels?.[HASH] !== hash);
    const available = alive.some((running) => isAvailable(running, set.spec.minReadySeconds ?? 0, now));
    if (!available) unavailable++;
    if (old.length > 0) (available ? replaceable : broken).push(...old);
  }
  return [...broken, ...replaceable.slice(0, Math.max(0, Math.max(1, limit) - unavailable))];
}

function statusOf(
  set: DaemonSet,
  hash: string,
  nodes: readonly Node[],
  onNode: ReadonlyMap<string, readonly Pod[]>,
  now: number,
): DaemonSetStatus {
  let current = 0;
  let misscheduled = 0;
  let desired = 0;
  let ready = 0;
  let updated = 0;
  let available = 0;
  for (const each of nodes) {
    const there = onNode.get(each.metadata.name) ?? [];
    const [oldest] = [...there].sort(byAge);
    if (!fits(set, each).shouldRun) {
      if (oldest !== undefined) misscheduled++;
      continue;
    }
    desired++;
    if (oldest === undefined) continue;
    current++;
    if (isReady(oldest)) ready++;
    if (isAvailable(oldest, set.spec.minReadySeconds ?? 0, now)) available++;
    if (oldest.metadata.labels?.[HASH] === hash) updated++;
  }
  const { generation } = set.metadata;
  return {
    currentNumberScheduled: current,
    numberMisscheduled: misscheduled,
    desiredNumberScheduled: desired,
    numberReady: ready,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(updated === 0 ? {} : { updatedNumberScheduled: updated }),
    ...(available === 0 ? {} : { numberAvailable: available }),
    ...(desired === available ? {} : { numberUnavailable: desired - available }),
    ...(set.status.collisionCount === undefined ? {} : { collisionCount: set.status.collisionCount }),
  };
}
