import type { Clock, Timer } from '../../sim/clock';
import { node, type Node } from '../api/core/node';
import { pod, type Pod } from '../api/core/pod';
import type { Draft } from '../apimachinery/object';
import { timeOf } from '../apimachinery/time';
import type { RegistryClient, WatchEvent } from '../apiserver/registry';
import { standardStages, type Stage } from './hollow-stages';

export interface HollowOptions {
  readonly client: RegistryClient;
  readonly clock: Clock;
  /** Nodes to register; those that others register are looked after too. */
  readonly nodes: readonly Draft<Node>[];
  readonly stages?: readonly Stage[];
}

/**
 * Nodes without machines: their pods become Ready and end by rule, nothing runs (topology `hollow`, as KWOK does).
 * For large clusters and for tests of everything above the kubelet.
 */
export function createHollowNodes({ client, clock, nodes, stages = standardStages() }: HollowOptions): () => void {
  const pools = new Map<string, AddressPool>();
  const pending = new Map<string, { readonly stage: Stage; readonly timer: Timer }>();
  const addresses = new Map<string, { readonly node: string; readonly ip: string }>();
  for (const draft of nodes) client.create(node, draft);

  function placeOf(object: Pod, nodeName: string): { readonly hostIP: string; readonly podIP: string } {
    const { uid } = object.metadata;
    const on = client.get(node, undefined, nodeName);
    const hostIP = on?.status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '127.0.0.1';
    if (object.spec.hostNetwork === true) return { hostIP, podIP: hostIP };
    const known = addresses.get(uid)?.ip ?? object.status.podIP;
    if (known !== undefined) return { hostIP, podIP: known };
    let pool = pools.get(nodeName);
    if (pool === undefined) pools.set(nodeName, (pool = new AddressPool(on?.spec.podCIDR ?? '10.0.0.0/24')));
    const ip = pool.take();
    addresses.set(uid, { node: nodeName, ip });
    return { hostIP, podIP: ip };
  }

  function forget(uid: string): void {
    const waiting = pending.get(uid);
    if (waiting !== undefined) clock.cancel(waiting.timer);
    pending.delete(uid);
  }

  function onPod({ type, object }: WatchEvent<Pod>): void {
    const { uid } = object.metadata;
    if (type === 'DELETED') {
      forget(uid);
      const held = addresses.get(uid);
      if (held !== undefined) pools.get(held.node)?.give(held.ip);
      addresses.delete(uid);
      return;
    }
    if (object.spec.nodeName === undefined) return;
    const stage = stages.find(({ when }) => when(object));
    if (pending.get(uid)?.stage === stage) return;
    forget(uid);
    const delay = stage?.after(object);
    if (stage === undefined || delay === undefined) return;
    pending.set(uid, { stage, timer: clock.setTimer(delay, () => play(stage, object.metadata)) });
  }

  function play(stage: Stage, { uid, namespace, name }: Pod['metadata']): void {
    pending.delete(uid);
    if (stage.next === 'delete') {
      client.delete(pod, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
      return;
    }
    const { next } = stage;
    client.mutateStatus(pod, namespace, name, (now) => {
      if (now.metadata.uid !== uid || now.spec.nodeName === undefined || !stage.when(now)) return now;
      return { ...now, status: next(now, { ...placeOf(now, now.spec.nodeName), now: timeOf(clock.now) }) };
    });
  }

  const watch = client.watch(pod, {}, onPod);
  return () => {
    watch.stop();
    for (const uid of [...pending.keys()]) forget(uid);
  };
}

/** The addresses of one node's pod network, lowest free one first. */
class AddressPool {
  readonly #base: number;
  readonly #free: number[] = [];
  #used = 1;

  constructor(cidr: string) {
    const [a = 0, b = 0, c = 0, d = 0] = cidr.split(/[./]/).map(Number);
    this.#base = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }

  take(): string {
    const address = this.#base + (this.#free.pop() ?? ++this.#used);
    return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
  }

  give(ip: string): void {
    const [a = 0, b = 0, c = 0, d = 0] = ip.split('.').map(Number);
    this.#free.push((((a << 24) | (b << 16) | (c << 8) | d) >>> 0) - this.#base);
    this.#free.sort((one, other) => other - one);
  }
}

export interface HollowNode {
  readonly name: string;
  readonly address: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly pods?: number;
  readonly podCIDR?: string;
}

/** A node of which nothing but its size is said. */
export function hollowNode(
  { name, address, cpu = '32', memory = '64Gi', pods = 500, podCIDR }: HollowNode,
  now: number,
): Draft<Node> {
  const at = timeOf(now);
  const amounts = { cpu, memory, pods: String(pods) };
  return {
    metadata: {
      name,
      labels: { 'beta.kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
    },
    spec: podCIDR === undefined ? {} : { podCIDR, podCIDRs: [podCIDR] },
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
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
    },
  };
}
