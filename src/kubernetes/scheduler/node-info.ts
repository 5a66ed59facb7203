import type { Labels, NodeLike, PodLike } from './objects';
import { add, noResources, podRequests, resources, subtract, type Resources } from './resources';

/** A pod with what the plugins ask of it again and again. */
export interface PodInfo {
  readonly pod: PodLike;
  readonly namespace: string;
  readonly labels: Labels;
  readonly requests: Resources;
  /** The same with a little assumed where nothing is asked for: what scores compare. */
  readonly nonZero: Resources;
  readonly hostPorts: readonly HostPort[];
}

export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const none: readonly HostPort[] = [];
const noLabels: Labels = {};
const requestsOf = new WeakMap<object, ReturnType<typeof podRequests>>();

export function podInfo(pod: PodLike): PodInfo {
  const { spec, metadata } = pod;
  // Pods of one template share their containers: what they ask for is added up once.
  let requested = spec.initContainers === undefined ? requestsOf.get(spec.containers) : undefined;
  if (requested === undefined) {
    requested = podRequests(spec);
    if (spec.overhead === undefined) requestsOf.set(spec.containers, requested);
  }
  let hostPorts: HostPort[] | undefined;
  for (const { ports } of spec.containers) {
    for (const { hostPort, containerPort, hostIP, protocol } of ports ?? []) {
      const port = hostPort || (spec.hostNetwork === true ? containerPort : 0);
      if (port > 0) (hostPorts ??= []).push({ ip: hostIP || '0.0.0.0', protocol: protocol || 'TCP', port });
    }
  }
  return {
    pod,
    namespace: metadata.namespace ?? '',
    labels: metadata.labels ?? noLabels,
    ...requested,
    hostPorts: hostPorts ?? none,
  };
}

/**
 * A node with the sums over its pods. Mutable: the scheduler's cache keeps one per node. What filters and scores ask of
 * each of thousands of nodes for each pod stands in the node itself: the way to another object is what such a look costs.
 */
export class NodeInfo {
  readonly name: string;
  readonly pods = new Map<string, PodInfo>();
  /** How many those are. */
  podCount = 0;
  labels: Labels = noLabels;
  unschedulable = false;
  /** The last answer of NodeResourcesFit's score, and for which requests; until something here changes. */
  scored = 0;
  scoredFor: Resources | undefined;
  requested: Resources = noResources;
  nonZeroRequested: Resources = noResources;
  readonly usedPorts = new Map<string, HostPort>();
  allocatable: Resources = noResources;
  maxPods = 0;
  /** Image name (normalised) → size in bytes. */
  images: ReadonlyMap<string, number> = new Map();
  #node: NodeLike;

  /** `slot`: its place in lists that are kept by node; without it stands in none. */
  constructor(
    node: NodeLike,
    readonly slot = -1,
  ) {
    this.name = node.metadata.name;
    this.#node = node;
    this.node = node;
  }

  get node(): NodeLike {
    return this.#node;
  }

  set node(node: NodeLike) {
    const before = this.#node.status;
    this.#node = node;
    this.labels = node.metadata.labels ?? noLabels;
    this.unschedulable = node.spec?.unschedulable === true;
    this.scoredFor = undefined;
    if (before?.allocatable !== node.status?.allocatable || this.maxPods === 0) {
      this.allocatable = resources(node.status?.allocatable);
      this.maxPods = this.allocatable.scalars?.get('pods') ?? 0;
    }
    if (before?.images !== node.status?.images || this.images.size === 0) {
      const images = new Map<string, number>();
      for (const { names = [], sizeBytes = 0 } of node.status?.images ?? [])
        for (const name of names) images.set(name, sizeBytes);
      this.images = images;
    }
  }

  add(key: string, info: PodInfo): void {
    this.pods.set(key, info);
    this.podCount = this.pods.size;
    this.scoredFor = undefined;
    this.requested = add(this.requested, info.requests);
    this.nonZeroRequested = add(this.nonZeroRequested, info.nonZero);
    for (const port of info.hostPorts) this.usedPorts.set(portKey(port), port);
  }

  remove(key: string): PodInfo | undefined {
    const info = this.pods.get(key);
    if (info === undefined) return undefined;
    this.pods.delete(key);
    this.podCount = this.pods.size;
    this.scoredFor = undefined;
    this.requested = subtract(this.requested, info.requests);
    this.nonZeroRequested = subtract(this.nonZeroRequested, info.nonZero);
    for (const port of info.hostPorts) this.usedPorts.delete(portKey(port));
    return info;
  }
}

const portKey = ({ ip, protocol, port }: HostPort): string => `${protocol}/${ip}/${port}`;
