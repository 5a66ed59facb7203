/**
 * What the page may know of the world: small plain values, one per thing drawn, each with a stable key. The feed sends
 * only those that changed; the page keeps them in maps and draws.
 */

export interface NodeView {
  readonly key: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly address: string;
  readonly ready: boolean;
  /** What `kubectl get nodes` prints under STATUS. */
  readonly status: string;
  readonly taints: readonly string[];
}

export interface ContainerView {
  readonly name: string;
  readonly image: string;
  readonly state: string;
  readonly ready: boolean;
  readonly restarts: number;
}

export interface PodView {
  /** The uid. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly node: string | undefined;
  readonly ip: string | undefined;
  readonly phase: string;
  /** What `kubectl get pods` prints under STATUS. */
  readonly status: string;
  readonly ready: boolean;
  readonly readyText: string;
  readonly restarts: number;
  readonly terminating: boolean;
  readonly owner: string | undefined;
  readonly containers: readonly ContainerView[];
  /** The span that last changed it: ask `why`. */
  readonly cause: number;
}

/** A Deployment, ReplicaSet or DaemonSet: the owner line above the pods. */
export interface WorkloadView {
  readonly key: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly owner: string | undefined;
  readonly ready: number;
  readonly wanted: number;
  readonly cause: number;
}

export interface EndpointView {
  readonly pod: string | undefined;
  readonly address: string;
  readonly port: number;
  readonly ready: boolean;
}

export interface ServiceView {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly clusterIP: string;
  readonly ports: readonly string[];
  readonly endpoints: readonly EndpointView[];
  readonly cause: number;
}

/** A container of the workstation's docker engine. */
export interface DockerView {
  readonly key: string;
  readonly name: string;
  readonly image: string;
  readonly state: string;
  readonly status: string;
  readonly ip: string | undefined;
  readonly ports: readonly string[];
}

export interface SheetRow {
  readonly path: string;
  /** docker diff's letter, or what a layer's entry hides; empty: simply there. */
  readonly mark: '' | 'A' | 'C' | 'D' | 'whiteout' | 'opaque';
  /** Bytes. */
  readonly size: number;
}

/** One layer of the container that the page looks at; the writable one is on top. */
export interface SheetView {
  readonly key: string;
  readonly container: string;
  /** From the lowest, 0, up. */
  readonly order: number;
  /** The instruction that made it. */
  readonly title: string;
  readonly size: number;
  readonly writable: boolean;
  readonly rows: readonly SheetRow[];
  /** How many paths are not told. */
  readonly more: number;
}

export interface RuleView {
  /** As iptables-save prints it. */
  readonly text: string;
  readonly packets: number;
  readonly bytes: number;
}

export interface ChainView {
  /** `nat/KUBE-SERVICES`, unique within its host. */
  readonly key: string;
  readonly table: string;
  readonly name: string;
  readonly policy: string | undefined;
  readonly rules: readonly RuleView[];
}

export interface SpanView {
  readonly key: string;
  readonly id: number;
  readonly parent: number;
  readonly at: number;
  readonly actor: string;
  readonly verb: string;
  readonly subject: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** The collections the feed keeps up to date on the page, by name. */
export interface Collections {
  readonly nodes: NodeView;
  readonly pods: PodView;
  readonly workloads: WorkloadView;
  readonly services: ServiceView;
  readonly docker: DockerView;
  /** Layers of the container that the page watches. */
  readonly sheets: SheetView;
  /** Chains of the nat table of the host that the page watches. */
  readonly nat: ChainView;
  /** The causal steps of the last command. */
  readonly life: SpanView;
}

export type CollectionName = keyof Collections;

/** What changed since the last update. `reset` empties the collection first (another host's rules, another command). */
export type CollectionChange<N extends CollectionName = CollectionName> = {
  readonly [K in N]: {
    readonly of: K;
    readonly reset?: true;
    readonly set: readonly Collections[K][];
    readonly removed: readonly string[];
  };
}[N];

export interface WorldUpdate {
  /** Virtual milliseconds since the epoch. */
  readonly now: number;
  readonly revision: number;
  readonly speed: number;
  readonly paused: boolean;
  readonly changes: readonly CollectionChange[];
}
