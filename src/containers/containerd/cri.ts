import type { NetworkNamespace } from '../../linux/net/types';
import type { SignalName } from '../../linux/process/types';
import type { WindowSize } from '../../linux/tty/types';
import type { Result } from '../../sim/result';

/**
 * The Container Runtime Interface (k8s.io/cri-api/pkg/apis/runtime/v1) as containerd offers it to the kubelet: names and
 * fields are the protocol's, in camelCase. Reading is synchronous. What takes time calls `done` exactly once, later, in
 * virtual time and under the cause under which it was asked for.
 */
export interface CriRuntime {
  version(): { readonly runtimeName: 'containerd'; readonly runtimeVersion: string; readonly runtimeApiVersion: 'v1' };
  /** NetworkReady is false until a CNI configuration lies in /etc/cni/net.d. */
  status(): RuntimeStatus;

  runPodSandbox(config: PodSandboxConfig, done: Done<string>): void;
  /** Kills what still runs in the pod, takes its network away. Idempotent. */
  stopPodSandbox(sandboxId: string, done: Done): void;
  /** Removes the sandbox and its containers. Idempotent. */
  removePodSandbox(sandboxId: string, done: Done): void;
  podSandboxStatus(sandboxId: string): Result<PodSandboxStatus, CriError>;
  listPodSandbox(filter?: PodSandboxFilter): readonly PodSandboxStatus[];

  /** The image must have been pulled (`image.image` is its id or a reference). */
  createContainer(sandboxId: string, config: ContainerConfig, done: Done<string>): void;
  /** Fails with `Unknown` and runc's text where the command cannot run. */
  startContainer(containerId: string, done: Done): void;
  /** SIGTERM (or the image's StopSignal), after `timeout` seconds SIGKILL. Done when it is dead. */
  stopContainer(containerId: string, timeout: number, done: Done): void;
  removeContainer(containerId: string, done: Done): void;
  containerStatus(containerId: string): Result<ContainerStatus, CriError>;
  listContainers(filter?: ContainerFilter): readonly ContainerStatus[];
  updateContainerResources(containerId: string, resources: LinuxContainerResources): Result<void, CriError>;
  reopenContainerLog(containerId: string): Result<void, CriError>;
  /** Signals every listener of one container's (or sandbox's) life: created, started, stopped, deleted. */
  subscribe(listener: (event: ContainerEvent) => void): () => void;

  /** Runs a command in the container and gathers its output. After `timeout` seconds (0: never) it is killed: DeadlineExceeded. */
  execSync(containerId: string, command: readonly string[], timeout: number, done: Done<ExecSyncResult>): void;
  /** Starts a command in the container with streams. Fails at once if the container does not run. */
  exec(request: ExecRequest, done: Done<ExecSession>): void;
  /** Attaches to the streams of the container's first process. */
  attach(request: Omit<ExecRequest, 'command'>, done: Done<ExecSession>): void;
  /** The pod's network namespace: port-forward connects to 127.0.0.1 in it, probes may look into it. */
  sandboxNetwork(sandboxId: string): NetworkNamespace | undefined;
  /** Memory and CPU accounting for the kubelet's summary API. */
  containerStats(containerId: string): Result<ContainerStats, CriError>;

  pullImage(image: ImageSpec, options: PullOptions, done: Done<string>): void;
  imageStatus(image: ImageSpec): CriImage | undefined;
  listImages(): readonly CriImage[];
  removeImage(image: ImageSpec): Result<void, CriError>;
}

export type Done<T = void> = (result: Result<T, CriError>) => void;

/** A gRPC status. */
export interface CriError {
  readonly code:
    | 'NotFound'
    | 'AlreadyExists'
    | 'InvalidArgument'
    | 'FailedPrecondition'
    | 'DeadlineExceeded'
    | 'Unavailable'
    | 'Unknown';
  readonly message: string;
}

/** The error as events and logs show it: the kubelet unwraps gRPC's `Unknown` to its bare text. */
export const rpcErrorText = ({ code, message }: CriError): string =>
  code === 'Unknown' ? message : `rpc error: code = ${code} desc = ${message}`;

export interface RuntimeStatus {
  readonly runtimeReady: boolean;
  readonly networkReady:
    { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly message: string };
}

export interface PodSandboxMetadata {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly attempt: number;
}

export interface PodSandboxConfig {
  readonly metadata: PodSandboxMetadata;
  readonly hostname: string;
  /** `/var/log/pods/<namespace>_<name>_<uid>`; made by the kubelet. */
  readonly logDirectory: string;
  /** Written to the sandbox's resolv.conf; absent: the host's. */
  readonly dnsConfig?: {
    readonly servers: readonly string[];
    readonly searches: readonly string[];
    readonly options: readonly string[];
  };
  readonly portMappings?: readonly PortMapping[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** `/kubepods/besteffort/pod<uid>` or its systemd spelling. */
  readonly cgroupParent?: string;
  readonly namespaceOptions?: NamespaceOptions;
  readonly sysctls?: Readonly<Record<string, string>>;
}

export interface NamespaceOptions {
  readonly network?: 'pod' | 'node';
  readonly pid?: 'container' | 'pod' | 'node';
  readonly ipc?: 'pod' | 'node';
}

export interface PortMapping {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly containerPort: number;
  readonly hostPort: number;
  readonly hostIp?: string;
}

export interface PodSandboxStatus {
  readonly id: string;
  readonly metadata: PodSandboxMetadata;
  readonly state: 'SANDBOX_READY' | 'SANDBOX_NOTREADY';
  /** Virtual milliseconds since the epoch. */
  readonly createdAt: number;
  /** Empty for pods in the node's network. */
  readonly ip: string;
  readonly network: 'pod' | 'node';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface PodSandboxFilter {
  readonly id?: string;
  readonly podUid?: string;
  readonly state?: PodSandboxStatus['state'];
}

export interface ImageSpec {
  readonly image: string;
}

export interface ContainerConfig {
  readonly metadata: { readonly name: string; readonly attempt: number };
  readonly image: ImageSpec & { readonly userSpecifiedImage?: string };
  /** Replaces ENTRYPOINT; empty: the image's. */
  readonly command?: readonly string[];
  /** Replaces CMD; empty: the image's, unless `command` is given. */
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly envs: readonly { readonly key: string; readonly value: string }[];
  readonly mounts: readonly ContainerMount[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Relative to the sandbox's log directory: `<container>/<attempt>.log`. */
  readonly logPath: string;
  readonly stdin?: boolean;
  readonly stdinOnce?: boolean;
  readonly tty?: boolean;
  readonly resources?: LinuxContainerResources;
  readonly securityContext?: LinuxContainerSecurityContext;
}

export interface ContainerMount {
  readonly containerPath: string;
  readonly hostPath: string;
  readonly readonly?: boolean;
  readonly propagation?: 'PRIVATE' | 'HOST_TO_CONTAINER' | 'BIDIRECTIONAL';
}

export interface LinuxContainerResources {
  readonly cpuPeriod?: number;
  readonly cpuQuota?: number;
  readonly cpuShares?: number;
  readonly memoryLimitInBytes?: number;
  readonly oomScoreAdj?: number;
}

export interface LinuxContainerSecurityContext {
  readonly privileged?: boolean;
  readonly namespaceOptions?: NamespaceOptions;
  readonly runAsUser?: number;
  readonly runAsUsername?: string;
  readonly runAsGroup?: number;
  readonly supplementalGroups?: readonly number[];
  readonly readonlyRootfs?: boolean;
  readonly noNewPrivs?: boolean;
  readonly addCapabilities?: readonly string[];
  readonly dropCapabilities?: readonly string[];
}

export interface ContainerStatus {
  readonly id: string;
  readonly sandboxId: string;
  readonly metadata: { readonly name: string; readonly attempt: number };
  readonly state: 'CONTAINER_CREATED' | 'CONTAINER_RUNNING' | 'CONTAINER_EXITED' | 'CONTAINER_UNKNOWN';
  /** Virtual milliseconds; 0 where it has not come to that. */
  readonly createdAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  /** The signal that ended it, if one did (exitCode is 128 + its number). */
  readonly signal?: SignalName;
  /** `Completed`, `Error`, `OOMKilled`, `StartError`, `ContainerCannotRun`; empty while it lives. */
  readonly reason: string;
  readonly message: string;
  /** The reference by which it was asked for. */
  readonly image: string;
  /** The image's id: `sha256:<digest of its config>`. */
  readonly imageId: string;
  /** `registry/repository@sha256:<digest of its manifest>`. */
  readonly imageRef: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Absolute path on the node. */
  readonly logPath: string;
  /** In the node's pid namespace; 0 unless running. */
  readonly pid: number;
}

export interface ContainerFilter {
  readonly id?: string;
  readonly sandboxId?: string;
  readonly state?: ContainerStatus['state'];
}

export interface ContainerEvent {
  readonly type: 'created' | 'started' | 'stopped' | 'deleted';
  /** A container's id, or the sandbox's own. */
  readonly containerId: string;
  readonly sandboxId: string;
  readonly podUid: string;
}

export interface ExecSyncResult {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly exitCode: number;
}

export interface ExecRequest {
  readonly containerId: string;
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly stdout: ExecOutput;
  /** Not used with a tty. */
  readonly stderr: ExecOutput;
  readonly size?: WindowSize;
}

/** Takes output; a promise says that it has enough for now (back-pressure reaches the writing process). */
export type ExecOutput = (bytes: Uint8Array) => Promise<void> | void;

export interface ExecSession {
  /** Bytes for standard input. */
  write(bytes: Uint8Array): Promise<void>;
  closeStdin(): void;
  resize(size: WindowSize): void;
  /** Calls once with the exit status, after the last output was taken. */
  onExit(listener: (exitCode: number) => void): void;
  /** The client went away: streams close, the process lives on until it notices. */
  detach(): void;
}

export interface ContainerStats {
  readonly memoryWorkingSetBytes: number;
  readonly cpuUsageCoreNanoSeconds: number;
}

export interface PullOptions {
  readonly sandboxConfig?: PodSandboxConfig;
  readonly auth?: { readonly username: string; readonly password: string; readonly serverAddress?: string };
}

export interface CriImage {
  /** `sha256:<digest of the config>`. */
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly size: number;
  readonly uid?: number;
  readonly username?: string;
}

/** What containerd needs from the network plug-in that /etc/cni/net.d names. */
export interface CniPlugin {
  /** CNI ADD: gives the namespace its interface, address and routes. */
  add(sandbox: CniSandbox): Result<{ readonly ip: string }, string>;
  /** CNI DEL. Idempotent. */
  del(sandbox: CniSandbox): Result<void, string>;
}

export interface CniSandbox {
  readonly id: string;
  readonly netns: NetworkNamespace;
  /** `/var/run/netns/cni-<uuid>`. */
  readonly netnsPath: string;
  /** The pod's namespace and name (K8S_POD_NAMESPACE, K8S_POD_NAME). */
  readonly namespace: string;
  readonly name: string;
  readonly portMappings: readonly PortMapping[];
}
