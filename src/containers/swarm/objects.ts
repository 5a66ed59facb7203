import type { Healthcheck, MountRequest } from '../dockerd/api-types';

/** Objects of a swarm as the Engine API shows them (api/types/swarm). What else a client says is kept and shown. */
export interface Meta {
  readonly ID: string;
  Version: { Index: number };
  readonly CreatedAt: string;
  UpdatedAt: string;
}

export type Labels = Readonly<Record<string, string>>;

export interface PortConfig {
  readonly Name?: string;
  readonly Protocol?: string;
  readonly TargetPort: number;
  readonly PublishedPort?: number;
  readonly PublishMode?: string;
}

export interface FileReference {
  readonly File?: { readonly Name: string; readonly UID: string; readonly GID: string; readonly Mode: number };
  readonly SecretID?: string;
  readonly SecretName?: string;
  readonly ConfigID?: string;
  readonly ConfigName?: string;
}

export interface ContainerSpec {
  readonly Image: string;
  readonly Labels?: Labels;
  readonly Command?: readonly string[];
  readonly Args?: readonly string[];
  readonly Hostname?: string;
  readonly Env?: readonly string[];
  readonly Dir?: string;
  readonly User?: string;
  readonly Groups?: readonly string[];
  readonly StopSignal?: string;
  readonly TTY?: boolean;
  readonly OpenStdin?: boolean;
  readonly ReadOnly?: boolean;
  readonly Mounts?: readonly MountRequest[];
  readonly StopGracePeriod?: number;
  readonly Healthcheck?: Healthcheck;
  readonly Hosts?: readonly string[];
  readonly DNSConfig?: {
    readonly Nameservers?: readonly string[];
    readonly Search?: readonly string[];
    readonly Options?: readonly string[];
  };
  readonly Secrets?: readonly FileReference[];
  readonly Configs?: readonly FileReference[];
  readonly Isolation?: string;
  readonly Init?: boolean | null;
  readonly Sysctls?: Readonly<Record<string, string>>;
  readonly CapabilityAdd?: readonly string[];
  readonly CapabilityDrop?: readonly string[];
  readonly Ulimits?: readonly { readonly Name: string; readonly Hard: number; readonly Soft: number }[];
  readonly OomScoreAdj?: number;
}

export interface RestartPolicy {
  readonly Condition?: string;
  readonly Delay?: number;
  readonly MaxAttempts?: number;
  readonly Window?: number;
}

export interface NetworkTarget {
  readonly Target: string;
  readonly Aliases?: readonly string[];
}

export interface TaskSpec {
  readonly ContainerSpec?: ContainerSpec;
  readonly Resources?: {
    readonly Limits?: { readonly NanoCPUs?: number; readonly MemoryBytes?: number; readonly Pids?: number };
    readonly Reservations?: {
      readonly NanoCPUs?: number;
      readonly MemoryBytes?: number;
      readonly GenericResources?: readonly object[];
    };
  };
  readonly RestartPolicy?: RestartPolicy;
  readonly Placement?: {
    readonly Constraints?: readonly string[];
    readonly Preferences?: readonly object[];
    readonly MaxReplicas?: number;
    readonly Platforms?: readonly { readonly Architecture?: string; readonly OS?: string }[];
  };
  readonly Networks?: readonly NetworkTarget[];
  readonly LogDriver?: { readonly Name?: string; readonly Options?: Readonly<Record<string, string>> };
  readonly ForceUpdate?: number;
  readonly Runtime?: string;
}

export interface UpdateConfig {
  readonly Parallelism?: number;
  readonly Delay?: number;
  readonly FailureAction?: string;
  readonly Monitor?: number;
  readonly MaxFailureRatio?: number;
  readonly Order?: string;
}

export interface ServiceSpec {
  readonly Name: string;
  readonly Labels?: Labels;
  readonly TaskTemplate: TaskSpec;
  readonly Mode?: {
    readonly Replicated?: { readonly Replicas?: number };
    readonly Global?: object;
    readonly ReplicatedJob?: { readonly MaxConcurrent?: number; readonly TotalCompletions?: number };
    readonly GlobalJob?: object;
  };
  readonly UpdateConfig?: UpdateConfig;
  readonly RollbackConfig?: UpdateConfig;
  readonly EndpointSpec?: { readonly Mode?: string; readonly Ports?: readonly PortConfig[] };
}

export interface UpdateStatus {
  readonly State: string;
  readonly StartedAt?: string;
  readonly CompletedAt?: string;
  readonly Message?: string;
}

export interface Service extends Meta {
  Spec: ServiceSpec;
  PreviousSpec?: ServiceSpec;
  Endpoint: {
    readonly Spec: { readonly Mode?: string; readonly Ports?: readonly PortConfig[] };
    readonly Ports?: readonly PortConfig[];
    readonly VirtualIPs?: readonly { readonly NetworkID: string; readonly Addr: string }[];
  };
  UpdateStatus?: UpdateStatus;
  /** Of a job: which run of it this is. */
  JobStatus?: { readonly JobIteration: { readonly Index: number }; readonly LastExecution?: string };
}

/** What a task goes through, in this order (api/types.proto, TaskState). */
export const taskStates = [
  'new',
  'allocated',
  'pending',
  'assigned',
  'accepted',
  'preparing',
  'ready',
  'starting',
  'running',
  'complete',
  'shutdown',
  'failed',
  'rejected',
  'remove',
  'orphaned',
] as const;
export type TaskState = (typeof taskStates)[number];

/** Whether a state comes after another. */
export const isAfter = (state: TaskState, other: TaskState): boolean =>
  taskStates.indexOf(state) > taskStates.indexOf(other);
/** Whether a task has come to its end. */
export const isOver = (state: TaskState): boolean => isAfter(state, 'running');

export interface Attachment {
  readonly NetworkID: string;
  readonly Addresses: readonly string[];
  readonly Aliases?: readonly string[];
}

export interface Task extends Meta {
  readonly Labels: Labels;
  readonly Spec: TaskSpec;
  readonly ServiceID: string;
  readonly Slot?: number;
  NodeID?: string;
  Status: {
    readonly Timestamp: string;
    readonly State: TaskState;
    readonly Message: string;
    readonly Err?: string;
    readonly ContainerStatus?: { readonly ContainerID: string; readonly PID: number; readonly ExitCode: number };
    readonly PortStatus: { readonly Ports?: readonly PortConfig[] };
  };
  DesiredState: TaskState;
  attachments: readonly Attachment[];
  readonly JobIteration?: { readonly Index: number };
  /** The whole specification that it was made by: when the service's differs, the task is dirty. */
  readonly made: ServiceSpec;
  readonly createdMs: number;
  /** Since when its state is what it is. */
  since: number;
  /** It has ended, and its restart policy wants no other in its place. */
  final?: boolean;
}

export interface NodeSpec {
  readonly Name?: string;
  readonly Labels: Labels;
  readonly Role: string;
  readonly Availability: string;
}

export interface SwarmNode extends Meta {
  Spec: NodeSpec;
  readonly Description: {
    readonly Hostname: string;
    readonly Platform: { readonly Architecture: string; readonly OS: string };
    readonly Resources: { readonly NanoCPUs: number; readonly MemoryBytes: number };
    readonly Engine: {
      readonly EngineVersion: string;
      readonly Labels?: Labels;
      readonly Plugins: readonly { readonly Type: string; readonly Name: string }[];
    };
    readonly TLSInfo: TlsInfo;
  };
  readonly Status: { readonly State: string; readonly Addr: string };
  readonly ManagerStatus: { readonly Leader: boolean; readonly Reachability: string; readonly Addr: string };
}

export interface TlsInfo {
  readonly TrustRoot: string;
  readonly CertIssuerSubject: string;
  readonly CertIssuerPublicKey: string;
}

export interface FileSpec {
  readonly Name: string;
  readonly Labels: Labels;
  /** In base64. */
  readonly Data?: string;
  readonly Driver?: { readonly Name: string; readonly Options?: Labels };
  readonly Templating?: { readonly Name: string };
}

/** A secret or a config. */
export interface StoredFile extends Meta {
  Spec: FileSpec;
}

export interface ClusterSpec {
  readonly Name: string;
  readonly Labels: Labels;
  readonly Orchestration: { readonly TaskHistoryRetentionLimit?: number };
  readonly Raft: object;
  readonly Dispatcher: { readonly HeartbeatPeriod?: number };
  readonly CAConfig: { readonly NodeCertExpiry?: number };
  readonly TaskDefaults: object;
  readonly EncryptionConfig: { readonly AutoLockManagers: boolean };
}
