import { createEventRecorder } from '../client/events';
import { lease } from '../api/coordination/lease';
import { node, type Node, type NodeCondition, type Taint } from '../api/core/node';
import { pod, type Pod, type PodCondition } from '../api/core/pod';
import type { Toleration } from '../api/core/pod-spec';
import { parseTime, timeOf } from '../apimachinery/time';
import type { RegistryClient } from '../apiserver/registry';
import { defineController, every, type ControllerContext, type ControllerDefinition } from './controller';

/** --node-monitor-period, --node-monitor-grace-period */
const PERIOD = 5000;
const GRACE = 50_000;

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

/** Conditions of the kubelet that become taints, but for Ready. */
const pressure: Readonly<Record<string, string>> = {
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
  NetworkUnavailable: 'node.kubernetes.io/network-unavailable',
};

/** Notices nodes that no longer renew their lease, taints them. Upstream: pkg/controller/nodelifecycle */
export const nodeLifecycleControllerWith = (grace: number): ControllerDefinition =>
  defineController('node-lifecycle-controller', (context) => {
    const { client, clock, later } = context;
    const events = createEventRecorder({ client, clock, component: 'node-controller' });
    /** When each node was last heard of, by our own clock. */
    const heard = new Map<string, { renewed: string | undefined; at: number; ready: boolean }>();
    return {
      watches: [every(node)],
      sync(name) {
        const found = client.get(node, undefined, name);
        if (found === undefined) {
          if (heard.delete(name)) {
            const about = { kind: 'Node', name, uid: '', apiVersion: 'v1' };
            events.event(about, 'Normal', 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
          }
          return;
        }
        const renewed = client.get(lease, 'kube-node-lease', name)?.spec.renewTime;
        const ready = found.status.conditions?.find(({ type }) => type === 'Ready');
        const sign = `${renewed} ${ready?.lastHeartbeatTime}`;
        let known = heard.get(name);
        if (known === undefined) {
          known = { renewed: sign, at: clock.now, ready: ready?.status === 'True' };
          heard.set(name, known);
          const text = `Node ${name} event: Registered Node ${name} in Controller`;
          events.event(found, 'Normal', 'RegisteredNode', text);
        } else if (known.renewed !== sign) {
          known.renewed = sign;
          known.at = clock.now;
        }
        // Without a lease nobody is expected to be heard of (hollow nodes).
        const lost = renewed !== undefined && clock.now > known.at + grace;
        const current = lost ? markUnknown(client, found, clock.now) : found;
        const isReady = current.status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
        if (known.ready && !isReady) {
          events.event(found, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
          markPodsNotReady(context, name);
        }
        known.ready = isReady;
        retaint(client, current, clock.now);
        if (renewed !== undefined) later(name, PERIOD);
      },
    };
  });

export const nodeLifecycleController = nodeLifecycleControllerWith(GRACE);

/** What the kubelet said is no longer known. */
function markUnknown(client: RegistryClient, found: Node, now: number): Node {
  const at = timeOf(now);
  const written = client.mutateStatus(node, undefined, found.metadata.name, (old) => {
    const conditions = old.status.conditions ?? [];
    if (conditions.every(({ type, status }) => status === 'Unknown' || type === 'NetworkUnavailable')) return old;
    return {
      ...old,
      status: {
        ...old.status,
        conditions: conditions.map((condition): NodeCondition =>
          condition.status === 'Unknown' || condition.type === 'NetworkUnavailable'
            ? condition
            : {
                ...condition,
                status: 'Unknown',
                reason: 'NodeStatusUnknown',
                message: 'Kubelet stopped posting node status.',
                lastTransitionTime: at,
              },
        ),
      },
    };
  });
  return written.ok ? written.value : found;
}

/** The taints that the conditions and `spec.unschedulable` ask for; others stay as they are. */
function retaint(client: RegistryClient, found: Node, now: number): void {
  const wanted: Taint[] = [];
  const ours = new Set([NOT_READY, UNREACHABLE, UNSCHEDULABLE, ...Object.values(pressure)]);
  const conditions = found.status.conditions ?? [];
  if (found.spec.unschedulable === true) wanted.push({ key: UNSCHEDULABLE, effect: 'NoSchedule' });
  for (const { type, status } of conditions) {
    const key = pressure[type];
    if (key !== undefined && status === 'True') wanted.push({ key, effect: 'NoSchedule' });
    if (type !== 'Ready' || status === 'True') continue;
    const what = status === 'False' ? NOT_READY : UNREACHABLE;
    wanted.push({ key: what, effect: 'NoSchedule' }, { key: what, effect: 'NoExecute' });
  }
  const before = found.spec.taints ?? [];
  const kept = before.filter(({ key }) => !ours.has(key));
  const next = wanted.map(
    (taint) =>
      before.find(({ key, effect }) => key === taint.key && effect === taint.effect) ?? {
        ...taint,
        timeAdded: timeOf(now),
      },
  );
  const all = [...kept, ...next];
  if (all.length === before.length && all.every((taint) => before.includes(taint))) return;
  client.mutate(node, undefined, found.metadata.name, (old) => {
    const { taints: _, ...spec } = old.spec;
    return { ...old, spec: all.length === 0 ? spec : { ...spec, taints: all } };
  });
}

/** nodeutil.MarkPodsNotReady: so that Services leave them out. */
function markPodsNotReady({ client, clock, events }: ControllerContext, name: string): void {
  for (const each of client.byIndex(pod, 'spec.nodeName', name)) {
    const { namespace, name: podName } = each.metadata;
    if (each.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') !== true) continue;
    events.event(each, 'Warning', 'NodeNotReady', 'Node is not ready');
    client.mutateStatus(pod, namespace, podName, (now) => ({
      ...now,
      status: {
        ...now.status,
        conditions: (now.status.conditions ?? []).map((condition): PodCondition =>
          condition.type === 'Ready'
            ? { ...condition, status: 'False', lastTransitionTime: timeOf(clock.now) }
            : condition,
        ),
      },
    }));
  }
}

/** Evicts pods from nodes with NoExecute taints, when their toleration runs out. Upstream: pkg/controller/tainteviction */
export const taintEvictionController = defineController(
  'taint-eviction-controller',
  ({ client, clock, events, later }) => ({
    watches: [
      every(node, (now, old) =>
        old === undefined || now.spec.taints !== old.spec.taints
          ? client.byIndex(pod, 'spec.nodeName', now.metadata.name).map(key)
          : undefined,
      ),
      every(pod, (now, old) =>
        now.spec.nodeName !== undefined && (old === undefined || old.spec !== now.spec) ? key(now) : undefined,
      ),
    ],
    sync(podKey) {
      const [namespace = '', name = ''] = podKey.split('/');
      const found = client.get(pod, namespace, name);
      if (found?.spec.nodeName === undefined || found.metadata.deletionTimestamp !== undefined) return;
      const taints = (client.get(node, undefined, found.spec.nodeName)?.spec.taints ?? []).filter(
        ({ effect }) => effect === 'NoExecute',
      );
      const at = evictionTime(found, taints);
      if (at === Infinity) return;
      if (at > clock.now) {
        later(podKey, at - clock.now);
        return;
      }
      events.event(
        { kind: 'Pod', apiVersion: 'v1', namespace, name, uid: found.metadata.uid },
        'Normal',
        'TaintManagerEviction',
        `Marking for deletion Pod ${podKey}`,
      );
      client.mutateStatus(pod, namespace, name, (now) => withDisruption(now, clock.now));
      client.delete(pod, namespace, name);
    },
  }),
);

const key = ({ metadata: { namespace, name } }: Pod): string => `${namespace}/${name}`;

/** When the first intolerable taint has been there for long enough; Infinity: never. */
function evictionTime({ spec: { tolerations = [] } }: Pod, taints: readonly Taint[]): number {
  let earliest = Infinity;
  for (const taint of taints) {
    const since = taint.timeAdded === undefined ? 0 : parseTime(taint.timeAdded);
    const tolerating = tolerations.filter((toleration) => tolerates(toleration, taint));
    if (tolerating.length === 0) return 0;
    for (const { tolerationSeconds } of tolerating) {
      if (tolerationSeconds !== undefined) earliest = Math.min(earliest, since + Math.max(0, tolerationSeconds) * 1000);
    }
  }
  return earliest;
}

function tolerates({ key: wanted, operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (wanted !== undefined && wanted !== '' && wanted !== taint.key) return false;
  return operator === 'Exists' || (wanted !== undefined && wanted !== '' && value === (taint.value ?? ''));
}

function withDisruption(now: Pod, at: number): Pod {
  const others = (now.status.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget');
  const condition: PodCondition = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timeOf(at),
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
  };
  return { ...now, status: { ...now.status, conditions: [...others, condition] } };
}
