import type { Clock } from '../../sim/clock';
import { node, type Node } from '../api/core/node';
import { pod, type ContainerStatus, type Pod, type PodCondition, type PodStatus } from '../api/core/pod';
import type { Draft } from '../apimachinery/object';
import { timeOf } from '../apimachinery/time';
import type { RegistryClient, WatchEvent } from '../apiserver/registry';

export interface HollowOptions {
  readonly client: RegistryClient;
  readonly clock: Clock;
  readonly nodes: readonly HollowNode[];
  /** Virtual milliseconds from binding to Ready, and from deletion to the end. */
  readonly readyAfter?: number | ((pod: Pod) => number | undefined);
  readonly terminateAfter?: number | ((pod: Pod) => number | undefined);
  /** Whether a pod gets ready once it runs. */
  readonly ready?: (pod: Pod) => boolean;
}

export interface HollowNode {
  readonly name: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly pods?: number;
  readonly address?: string;
  /** Pods get addresses from here: `10.244.1`. */
  readonly podNetwork?: string;
}

/**
 * Nodes without machines: their pods become Ready and end by rule, nothing runs (topology `hollow`, as KWOK does).
 * For large clusters and for tests of everything above the kubelet.
 */
export function createHollowNodes({
  client,
  clock,
  nodes,
  readyAfter = 1000,
  terminateAfter = 500,
  ready = () => true,
}: HollowOptions): () => void {
  const addresses = new Map<string, { readonly host: string; readonly network: string; used: number }>();
  const seen = new Map<string, 'starting' | 'ending'>();
  const delayOf = (rule: typeof readyAfter, of: Pod): number | undefined =>
    typeof rule === 'number' ? rule : rule(of);

  nodes.forEach((hollow, index) => {
    const host = hollow.address ?? `172.31.${index >> 8}.${index & 255}`;
    addresses.set(hollow.name, {
      host,
      network: hollow.podNetwork ?? `10.${100 + (index >> 8)}.${index & 255}`,
      used: 1,
    });
    client.create(node, nodeDraft(hollow, host, clock.now));
  });

  function onPod({ type, object }: WatchEvent<Pod>): void {
    const { uid, namespace, name, deletionTimestamp } = object.metadata;
    const on = object.spec.nodeName === undefined ? undefined : addresses.get(object.spec.nodeName);
    if (type === 'DELETED') seen.delete(uid);
    if (type === 'DELETED' || on === undefined) return;
    if (deletionTimestamp !== undefined) {
      const delay = delayOf(terminateAfter, object);
      if (seen.get(uid) === 'ending' || delay === undefined) return;
      seen.set(uid, 'ending');
      clock.setTimer(delay, () => {
        client.mutateStatus(pod, namespace, name, (now) => {
          const ended = now.status.phase === 'Succeeded' || now.status.phase === 'Failed';
          return now.metadata.uid !== uid || ended ? now : { ...now, status: failed(now, clock.now) };
        });
        client.delete(pod, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
      });
      return;
    }
    const delay = delayOf(readyAfter, object);
    if (seen.has(uid) || object.status.phase !== 'Pending' || delay === undefined) return;
    seen.set(uid, 'starting');
    clock.setTimer(delay, () => {
      if (seen.get(uid) !== 'starting') return;
      client.mutateStatus(pod, namespace, name, (now) => {
        if (now.metadata.uid !== uid) return now;
        const ip = now.spec.hostNetwork === true ? on.host : `${on.network}.${++on.used}`;
        return { ...now, status: running(now, on.host, ip, clock.now, ready(now)) };
      });
    });
  }

  const watch = client.watch(pod, {}, onPod);
  return () => watch.stop();
}

function nodeDraft(
  { name, cpu = '32', memory = '64Gi', pods = 500 }: HollowNode,
  host: string,
  now: number,
): Draft<Node> {
  const at = timeOf(now);
  const amounts = { cpu, memory, pods: String(pods) };
  return {
    metadata: {
      name,
      labels: { 'beta.kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
    },
    spec: {},
    status: {
      capacity: amounts,
      allocatable: amounts,
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          message: 'kubelet is posting ready status',
          lastHeartbeatTime: at,
          lastTransitionTime: at,
        },
      ],
      addresses: [
        { type: 'InternalIP', address: host },
        { type: 'Hostname', address: name },
      ],
    },
  };
}

const conditionTypes = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady'] as const;

function withScheduled({ status }: Pod, conditions: readonly PodCondition[]): readonly PodCondition[] {
  return [...conditions, ...(status.conditions ?? []).filter(({ type }) => type === 'PodScheduled')];
}

function running(now: Pod, hostIP: string, podIP: string, at: number, isReady: boolean): PodStatus {
  const time = timeOf(at);
  const conditions = conditionTypes.map((type): PodCondition => ({
    type,
    status: isReady || !type.endsWith('Ready') ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: time,
  }));
  return {
    ...now.status,
    phase: 'Running',
    conditions: withScheduled(now, conditions),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: time,
    containerStatuses: now.spec.containers.map(({ name, image }): ContainerStatus => ({
      name,
      state: { running: { startedAt: time } },
      lastState: {},
      ready: isReady,
      restartCount: 0,
      image,
      imageID: '',
      started: true,
    })),
  };
}

function failed(now: Pod, at: number): PodStatus {
  const time = timeOf(at);
  const conditions = conditionTypes.map((type): PodCondition => ({
    type,
    status: type === 'Initialized' ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: time,
    ...(type === 'Ready' || type === 'ContainersReady' ? { reason: 'PodFailed' } : {}),
  }));
  return {
    ...now.status,
    phase: 'Failed',
    conditions: withScheduled(now, conditions),
    ...(now.status.containerStatuses === undefined
      ? {}
      : {
          containerStatuses: now.status.containerStatuses.map((status) => ({
            ...status,
            state: { terminated: { exitCode: 137, reason: 'Error', startedAt: time, finishedAt: time } },
            ready: false,
            started: false,
          })),
        }),
  };
}
