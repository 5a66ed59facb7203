import { err } from '../../sim/result';

/** Bodies of the Engine API (api/swagger.yaml, version 1.51), as far as they are acted on. What else comes is kept and shown. */
export interface ContainerCreate extends ContainerSettings {
  readonly HostConfig?: Partial<HostConfig>;
  readonly NetworkingConfig?: { readonly EndpointsConfig?: Readonly<Record<string, EndpointSettings | null>> };
}

export interface ContainerSettings {
  readonly Hostname?: string;
  readonly Domainname?: string;
  readonly User?: string;
  readonly AttachStdin?: boolean;
  readonly AttachStdout?: boolean;
  readonly AttachStderr?: boolean;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Tty?: boolean;
  readonly OpenStdin?: boolean;
  readonly StdinOnce?: boolean;
  readonly Env?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Image?: string;
  readonly Volumes?: Readonly<Record<string, object>> | null;
  readonly WorkingDir?: string;
  readonly Entrypoint?: readonly string[] | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly StopSignal?: string;
  readonly StopTimeout?: number;
  readonly Healthcheck?: Healthcheck | null;
}

/** Of an image or a container: `["NONE"]`, `["CMD", …]`, `["CMD-SHELL", "…"]`; times in nanoseconds, 0 inherits. */
export interface Healthcheck {
  readonly Test?: readonly string[] | null;
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Retries?: number;
}

export interface HostConfig {
  readonly Binds: readonly string[] | null;
  readonly Mounts?: readonly MountRequest[];
  readonly NetworkMode: string;
  readonly PortBindings: Readonly<Record<string, readonly PortBinding[] | null>> | null;
  readonly RestartPolicy: { readonly Name: string; readonly MaximumRetryCount: number };
  readonly AutoRemove: boolean;
  readonly VolumesFrom: readonly string[] | null;
  readonly Dns: readonly string[] | null;
  readonly DnsSearch: readonly string[] | null;
  readonly DnsOptions?: readonly string[] | null;
  readonly Links?: readonly string[] | null;
  readonly ExtraHosts: readonly string[] | null;
  readonly GroupAdd: readonly string[] | null;
  readonly IpcMode: string;
  readonly PidMode: string;
  readonly UTSMode: string;
  readonly Privileged: boolean;
  readonly MaskedPaths?: readonly string[] | null;
  readonly ReadonlyPaths?: readonly string[] | null;
  readonly PublishAllPorts: boolean;
  readonly ReadonlyRootfs: boolean;
  readonly ShmSize: number;
  readonly CpuShares: number;
  readonly Memory: number;
  readonly MemorySwap: number;
  readonly NanoCpus: number;
  readonly CpuPeriod: number;
  readonly CpuQuota: number;
  readonly PidsLimit: number | null;
  readonly Tmpfs?: Readonly<Record<string, string>>;
  readonly Sysctls?: Readonly<Record<string, string>>;
  readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
  readonly VolumeDriver: string;
  readonly CapAdd: readonly string[] | null;
  readonly CapDrop: readonly string[] | null;
  readonly SecurityOpt: readonly string[] | null;
  readonly StorageOpt?: Readonly<Record<string, string>>;
  readonly OomScoreAdj: number;
  readonly CgroupnsMode: string;
  readonly UsernsMode: string;
  readonly Runtime: string;
  readonly Isolation: string;
  readonly Init?: boolean | null;
  readonly Annotations?: Readonly<Record<string, string>>;
  readonly CgroupParent: string;
  readonly CpusetCpus: string;
  readonly CpusetMems: string;
  readonly CpuRealtimePeriod: number;
  readonly CpuRealtimeRuntime: number;
  readonly BlkioWeight: number;
  readonly BlkioDeviceReadBps: readonly Throttle[] | null;
  readonly BlkioDeviceWriteBps: readonly Throttle[] | null;
  readonly BlkioDeviceReadIOps: readonly Throttle[] | null;
  readonly BlkioDeviceWriteIOps: readonly Throttle[] | null;
  readonly Devices: readonly DeviceMapping[] | null;
  readonly DeviceCgroupRules: readonly string[] | null;
  readonly DeviceRequests: readonly DeviceRequest[] | null;
  readonly MemoryReservation: number;
  readonly MemorySwappiness: number | null;
  readonly OomKillDisable: boolean | null;
  readonly Ulimits: readonly { readonly Name: string; readonly Hard: number; readonly Soft: number }[] | null;
  readonly IOMaximumIOps: number;
  readonly IOMaximumBandwidth: number;
}

/** A rate for a block device. */
export interface Throttle {
  readonly Path: string;
  readonly Rate: number;
}

export interface DeviceMapping {
  readonly PathOnHost: string;
  readonly PathInContainer: string;
  readonly CgroupPermissions: string;
}

export interface DeviceRequest {
  readonly Driver: string;
  readonly Count: number;
  readonly DeviceIDs: readonly string[] | null;
  readonly Capabilities: readonly (readonly string[])[] | null;
}

export interface MountRequest {
  readonly Type: string;
  readonly Source?: string;
  readonly Target?: string;
  readonly ReadOnly?: boolean;
  readonly BindOptions?: {
    readonly Propagation?: string;
    readonly NonRecursive?: boolean;
    readonly CreateMountpoint?: boolean;
  };
  readonly VolumeOptions?: {
    readonly NoCopy?: boolean;
    readonly Subpath?: string;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly DriverConfig?: { readonly Name?: string; readonly Options?: Readonly<Record<string, string>> | null };
  };
  readonly ImageOptions?: { readonly Subpath?: string };
  readonly TmpfsOptions?: {
    readonly SizeBytes?: number;
    readonly Mode?: number;
    readonly Options?: readonly (readonly string[])[];
  };
}

export interface PortBinding {
  readonly HostIp: string;
  readonly HostPort: string;
}

export interface EndpointSettings {
  readonly IPAMConfig?: {
    readonly IPv4Address?: string;
    readonly IPv6Address?: string;
    readonly LinkLocalIPs?: readonly string[];
  } | null;
  readonly Links?: readonly string[] | null;
  readonly Aliases?: readonly string[] | null;
  readonly MacAddress?: string;
  readonly DriverOpts?: Readonly<Record<string, string>> | null;
  readonly GwPriority?: number;
  /** Known since the container was first started. */
  readonly NetworkID?: string;
}

/** What the API answers when it refuses: a status and `{"message": …}`. */
export interface ApiError {
  readonly status: number;
  readonly message: string;
}

export const refuse = (status: number, message: string) => err<ApiError>({ status, message });
