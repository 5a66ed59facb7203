import { ok, type Result } from '../../sim/result';
import type { Image } from '../images/image';
import { familiarString, parseReference, withDefaultTag } from '../images/reference';
import { refuse, type ApiError, type ContainerCreate, type EndpointSettings, type HostConfig } from './api-types';
import type { Settings } from './container';
import type { Engine } from './engine';
import { nameConflict } from './rename';

export interface Checked {
  readonly image: Image;
  readonly hostConfig: HostConfig;
  readonly networking: Map<string, EndpointSettings>;
  readonly warnings: readonly string[];
}

/** What `POST /containers/create` looks at before anything is made (daemon/create.go, daemon/daemon_unix.go). */
export function checkCreate(
  engine: Engine,
  request: ContainerCreate,
  name: string,
  image: Image | undefined,
): Result<Checked, ApiError> {
  const plain = name.replace(/^\//, '');
  if (name !== '' && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(plain))
    return refuse(400, `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
  if (image === undefined) {
    const parsed = parseReference(request.Image ?? '');
    if (!parsed.ok) return refuse(400, parsed.error);
    return refuse(404, `No such image: ${familiarString(withDefaultTag(parsed.value))}`);
  }
  const hostConfig = completeHostConfig(request.HostConfig ?? {});
  const limits = checkLimits(hostConfig);
  if (!limits.ok) return limits;
  const command = [
    ...(request.Entrypoint ?? image.config.Entrypoint ?? []),
    ...(request.Cmd ?? image.config.Cmd ?? []),
  ];
  if (command.length === 0 || (command.length === 1 && command[0] === '')) return refuse(400, 'no command specified');
  const conflict = plain === '' ? undefined : nameConflict(engine, plain);
  if (conflict !== undefined) return refuse(409, conflict);
  const networking = networkingOf(engine, request, hostConfig);
  return networking.ok ? ok({ image, hostConfig, networking: networking.value, warnings: [] }) : networking;
}

function checkLimits({ Memory, MemorySwap, NanoCpus, RestartPolicy, AutoRemove }: HostConfig): Result<void, ApiError> {
  if (Memory !== 0 && Memory < 6 * 2 ** 20) return refuse(400, 'Minimum memory limit allowed is 6MB');
  if (MemorySwap > 0 && MemorySwap < Memory)
    return refuse(400, 'Minimum memoryswap limit should be larger than memory limit, see usage');
  if (NanoCpus > 2e9) return refuse(400, `range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available`);
  if (!['', 'no', 'always', 'on-failure', 'unless-stopped'].includes(RestartPolicy.Name))
    return refuse(
      400,
      `invalid restart policy: unknown policy '${RestartPolicy.Name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`,
    );
  if (AutoRemove && !['', 'no'].includes(RestartPolicy.Name))
    return refuse(400, `can't create 'AutoRemove' container with restart policy`);
  return ok(undefined);
}

function networkingOf(
  engine: Engine,
  { NetworkingConfig }: ContainerCreate,
  { NetworkMode }: HostConfig,
): Result<Map<string, EndpointSettings>, ApiError> {
  const networking = new Map<string, EndpointSettings>();
  if (NetworkMode === 'host' || NetworkMode === 'none' || NetworkMode.startsWith('container:')) {
    if (!NetworkMode.startsWith('container:')) networking.set(NetworkMode, {});
    return ok(networking);
  }
  const named = Object.entries(NetworkingConfig?.EndpointsConfig ?? {});
  for (const [name, settings] of named.length === 0 ? [[NetworkMode, {}] as const] : named) {
    // The network itself is looked up when the container starts.
    const network = engine.networks.find(name);
    const key = network?.name ?? name;
    const address = settings?.IPAMConfig?.IPv4Address ?? '';
    if (address !== '' && network !== undefined && network.configured !== true)
      return refuse(
        400,
        key === 'bridge'
          ? 'invalid config for network bridge: invalid endpoint settings:\nuser specified IP address is supported on user defined networks only'
          : `invalid config for network ${key}: invalid endpoint settings:\nuser specified IP address is supported only when connecting to networks with user configured subnets`,
      );
    networking.set(key, settings ?? {});
  }
  return ok(networking);
}

/** With the defaults that inspect shows. */
function completeHostConfig(given: Partial<HostConfig>): HostConfig {
  const mode = given.NetworkMode ?? 'default';
  return {
    ...emptyHostConfig,
    ...given,
    NetworkMode: mode === 'default' || mode === '' ? 'bridge' : mode,
    RestartPolicy: {
      Name: given.RestartPolicy?.Name === '' ? 'no' : (given.RestartPolicy?.Name ?? 'no'),
      MaximumRetryCount: given.RestartPolicy?.MaximumRetryCount ?? 0,
    },
    IpcMode: given.IpcMode === undefined || given.IpcMode === '' ? 'private' : given.IpcMode,
    ShmSize: given.ShmSize === undefined || given.ShmSize === 0 ? 67_108_864 : given.ShmSize,
    MemorySwap:
      given.Memory !== undefined && given.Memory > 0 && !given.MemorySwap ? given.Memory * 2 : (given.MemorySwap ?? 0),
    // Clients say null when nobody asked for others; with --privileged nothing is masked.
    MaskedPaths: given.MaskedPaths ?? (given.Privileged === true ? null : emptyHostConfig.MaskedPaths),
    ReadonlyPaths: given.ReadonlyPaths ?? (given.Privileged === true ? null : emptyHostConfig.ReadonlyPaths),
    PidsLimit: given.PidsLimit === 0 || given.PidsLimit === undefined ? null : given.PidsLimit,
    ...({
      LogConfig: { Type: 'json-file', Config: {} },
      CgroupnsMode: 'private',
      Runtime: 'runc',
      MemorySwappiness: null,
      OomKillDisable: null, // there is no such thing with cgroups v2
    } as object),
  };
}

/** In the order of the API's structure: `docker inspect` shows it so. */
const emptyHostConfig = {
  Binds: null,
  ContainerIDFile: '',
  LogConfig: { Type: 'json-file', Config: {} },
  NetworkMode: 'bridge',
  PortBindings: {},
  RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
  AutoRemove: false,
  VolumeDriver: '',
  VolumesFrom: null,
  ConsoleSize: [0, 0],
  CapAdd: null,
  CapDrop: null,
  CgroupnsMode: 'private',
  Dns: [],
  DnsOptions: [],
  DnsSearch: [],
  ExtraHosts: null,
  GroupAdd: null,
  IpcMode: 'private',
  Cgroup: '',
  Links: null,
  OomScoreAdj: 0,
  PidMode: '',
  Privileged: false,
  PublishAllPorts: false,
  ReadonlyRootfs: false,
  SecurityOpt: null,
  UTSMode: '',
  UsernsMode: '',
  ShmSize: 67_108_864,
  Runtime: 'runc',
  Isolation: '',
  CpuShares: 0,
  Memory: 0,
  NanoCpus: 0,
  CgroupParent: '',
  BlkioWeight: 0,
  BlkioWeightDevice: [],
  BlkioDeviceReadBps: [],
  BlkioDeviceWriteBps: [],
  BlkioDeviceReadIOps: [],
  BlkioDeviceWriteIOps: [],
  CpuPeriod: 0,
  CpuQuota: 0,
  CpuRealtimePeriod: 0,
  CpuRealtimeRuntime: 0,
  CpusetCpus: '',
  CpusetMems: '',
  Devices: [],
  DeviceCgroupRules: null,
  DeviceRequests: null,
  MemoryReservation: 0,
  MemorySwap: 0,
  MemorySwappiness: null,
  OomKillDisable: null,
  PidsLimit: null,
  Ulimits: [],
  CpuCount: 0,
  CpuPercent: 0,
  IOMaximumIOps: 0,
  IOMaximumBandwidth: 0,
  MaskedPaths: [
    '/proc/asound',
    '/proc/acpi',
    '/proc/interrupts',
    '/proc/kcore',
    '/proc/keys',
    '/proc/latency_stats',
    '/proc/timer_list',
    '/proc/timer_stats',
    '/proc/sched_debug',
    '/proc/scsi',
    '/sys/firmware',
    '/sys/devices/virtual/powercap',
  ],
  ReadonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
} as const;

/** The request's settings with the image's below them (runconfig.Merge). */
export function mergeSettings(
  request: ContainerCreate,
  { config: image }: Image,
  id: string,
  { NetworkMode, UTSMode }: HostConfig,
  hostName: string,
): Settings {
  const { HostConfig: _host, NetworkingConfig: _networks, ...given } = request;
  const own = request.Env ?? [];
  const names = new Set(own.map((entry) => entry.split('=')[0]));
  const env = [...own, ...(image.Env ?? []).filter((entry) => !names.has(entry.split('=')[0]))];
  const entrypoint = request.Entrypoint ?? null;
  const noEntrypoint = entrypoint === null || entrypoint.length === 0;
  const cmd = request.Cmd ?? null;
  const hostname = request.Hostname !== undefined && request.Hostname !== '' ? request.Hostname : undefined;
  const shared = NetworkMode === 'host' || UTSMode === 'host';
  return {
    Hostname: hostname ?? (shared ? hostName : id.slice(0, 12)),
    Domainname: '',
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    ...given,
    ...(hostname === undefined ? { Hostname: shared ? hostName : id.slice(0, 12) } : {}),
    User: request.User !== undefined && request.User !== '' ? request.User : (image.User ?? ''),
    ...(request.ExposedPorts === undefined && image.ExposedPorts === undefined
      ? {}
      : { ExposedPorts: { ...image.ExposedPorts, ...request.ExposedPorts } }),
    Tty: request.Tty ?? false,
    OpenStdin: request.OpenStdin ?? false,
    StdinOnce: request.StdinOnce ?? false,
    Env: env.length === 0 ? null : env,
    // An entrypoint of its own drops the image's command.
    Cmd: cmd ?? (noEntrypoint ? (image.Cmd ?? null) : null),
    Image: request.Image ?? '',
    Volumes: image.Volumes === undefined ? null : { ...image.Volumes },
    WorkingDir:
      request.WorkingDir !== undefined && request.WorkingDir !== '' ? request.WorkingDir : (image.WorkingDir ?? ''),
    Entrypoint:
      entrypoint === null
        ? (image.Entrypoint ?? null)
        : entrypoint.length === 1 && entrypoint[0] === ''
          ? null
          : entrypoint,
    Labels: { ...image.Labels, ...request.Labels },
    ...(request.StopSignal === undefined && image.StopSignal === undefined
      ? {}
      : { StopSignal: request.StopSignal ?? image.StopSignal ?? '' }),
  };
}
