import { parseSignal } from '../../linux/process/signals';
import { err, ok, type Result } from '../../sim/result';
import type { CgroupVersion } from '../runc/cgroups';
import type { ContainerCreate, HostConfig } from './api-types';
import { wrongDestination, wrongMount } from './mount-parser';
import { normaliseCapabilities } from './security';

/** What the engine knows of the machine (pkg/sysinfo). */
export interface Machine {
  readonly cpus: number;
  readonly cgroups?: CgroupVersion;
  readonly exists: (path: string) => boolean;
}

type Request = ContainerCreate & { readonly HostConfig?: Partial<HostConfig> };

/** Settings that contradict each other (runconfig/hostconfig.go), and those that are wrong (daemon/container.go). */
export function verifyContainerSettings(request: Request, machine: Machine): Result<readonly string[], string> {
  const host = request.HostConfig ?? {};
  const wrong =
    wrongNetworkMode(request, host) ??
    wrongScheduler(host) ??
    wrongConfig(request) ??
    wrongHostConfig(host, machine) ??
    wrongMemory(host) ??
    wrongCpu(host, machine) ??
    wrongModes(host, machine);
  return wrong === undefined ? ok(warnings(host, machine)) : err(wrong);
}

const conflicting = (what: string): string => `conflicting options: ${what}`;

function wrongNetworkMode(request: Request, host: Partial<HostConfig>): string | undefined {
  const { NetworkMode = '', UTSMode = '', Links, Dns, ExtraHosts, PortBindings, PublishAllPorts = false } = host;
  const named = request.Hostname !== undefined && request.Hostname !== '';
  const any = (list: readonly unknown[] | null | undefined): boolean => (list ?? []).length > 0;
  if (NetworkMode.startsWith('container:') || NetworkMode === 'container') {
    if (NetworkMode.length <= 'container:'.length)
      return 'invalid network mode: invalid container format container:<name|id>';
    if (named) return conflicting('hostname and the network mode');
    if (any(Links))
      return conflicting("container type network can't be used with links. This would result in undefined behavior");
    if (any(Dns)) return conflicting('dns and the network mode');
    if (any(ExtraHosts)) return conflicting('custom host-to-IP mapping and the network mode');
    if (Object.keys(PortBindings ?? {}).length > 0 || PublishAllPorts)
      return conflicting('port publishing and the container type network mode');
    if (Object.keys(request.ExposedPorts ?? {}).length > 0)
      return conflicting('port exposing and the container type network mode');
  }
  if (UTSMode === 'host' && named) return conflicting('hostname and the UTS mode');
  if (NetworkMode === 'host' && any(Links))
    return conflicting("host type networking can't be used with links. This would result in undefined behavior");
  return undefined;
}

function wrongScheduler(host: Partial<HostConfig>): string | undefined {
  const { Isolation = '', CpuRealtimePeriod = 0, CpuRealtimeRuntime = 0, CpuShares = 0 } = host;
  if (!['', 'default'].includes(Isolation.toLowerCase()))
    return `invalid isolation (${Isolation}): linux only supports 'default'`;
  if ((host.IOMaximumBandwidth ?? 0) !== 0)
    return 'invalid option: QoS maximum bandwidth configuration is not supported on linux';
  if ((host.IOMaximumIOps ?? 0) !== 0)
    return 'invalid option: QoS maximum IOPs configuration is not supported on linux';
  if (CpuRealtimePeriod !== 0 || CpuRealtimeRuntime !== 0) return 'kernel does not support CPU real-time scheduler';
  if (CpuShares < 0) return `invalid CPU shares (${CpuShares}): value must be a positive integer`;
  return undefined;
}

const MILLISECOND = 1_000_000;

function wrongConfig({ WorkingDir = '', StopSignal = '', Env, Healthcheck }: Request): string | undefined {
  if (WorkingDir !== '' && !WorkingDir.startsWith('/'))
    return `the working directory '${WorkingDir}' is invalid, it needs to be an absolute path`;
  if (StopSignal !== '' && parseSignal(StopSignal) === undefined) return `invalid signal: ${StopSignal}`;
  const nameless = (Env ?? []).find((entry) => entry === '' || entry.startsWith('='));
  if (nameless !== undefined) return `invalid environment variable: ${nameless}`;
  if (Healthcheck === undefined || Healthcheck === null) return undefined;
  const { Interval = 0, Timeout = 0, StartPeriod = 0, StartInterval = 0, Retries = 0 } = Healthcheck;
  if (Interval !== 0 && Interval < MILLISECOND) return 'Interval in Healthcheck cannot be less than 1ms';
  if (Timeout !== 0 && Timeout < MILLISECOND) return 'Timeout in Healthcheck cannot be less than 1ms';
  if (Retries < 0) return 'Retries in Healthcheck cannot be negative';
  if (StartPeriod !== 0 && StartPeriod < MILLISECOND) return 'StartPeriod in Healthcheck cannot be less than 1ms';
  if (StartInterval !== 0 && StartInterval < MILLISECOND) return 'StartInterval in Healthcheck cannot be less than 1ms';
  return undefined;
}

const policies = ['no', 'always', 'on-failure', 'unless-stopped'];

function wrongHostConfig(host: Partial<HostConfig>, { exists }: Machine): string | undefined {
  const { Name = '', MaximumRetryCount: count = 0 } = host.RestartPolicy ?? {};
  if (host.AutoRemove === true && Name !== '' && Name !== 'no')
    return `can't create 'AutoRemove' container with restart policy`;
  for (const mount of host.Mounts ?? []) {
    const wrong = wrongMount(mount, exists);
    if (wrong !== undefined) return wrong;
  }
  for (const entry of host.ExtraHosts ?? [])
    if (!/^[^:=]+[:=].+$/.test(entry)) return `bad format for add-host: ${JSON.stringify(entry)}`;
  if (Name !== '' && !policies.includes(Name))
    return `invalid restart policy: unknown policy '${Name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`;
  if (Name === 'on-failure' && count < 0) return 'invalid restart policy: maximum retry count cannot be negative';
  if (Name !== '' && Name !== 'on-failure' && count !== 0)
    return `invalid restart policy: maximum retry count can only be used with 'on-failure'${count < 0 ? ' and cannot be negative' : ''}`;
  const added = normaliseCapabilities(host.CapAdd ?? null);
  if (!added.ok) return `invalid CapAdd: ${added.error}`;
  const dropped = normaliseCapabilities(host.CapDrop ?? null);
  return dropped.ok ? undefined : `invalid CapDrop: ${dropped.error}`;
}

/** linuxMinMemory: what runc needs to start anything. */
const LEAST_MEMORY = 6 * 2 ** 20;

/** verifyPlatformContainerResources, memory. Also for `docker update`, which needs no limit for a new swap limit. */
export function wrongMemory(host: Partial<HostConfig>, update = false): string | undefined {
  const { Memory = 0, MemorySwap = 0, MemorySwappiness = -1, MemoryReservation = 0 } = host;
  if (Memory !== 0 && Memory < LEAST_MEMORY) return 'Minimum memory limit allowed is 6MB';
  if (Memory > 0 && MemorySwap > 0 && MemorySwap < Memory)
    return 'Minimum memoryswap limit should be larger than memory limit, see usage';
  if (Memory === 0 && MemorySwap > 0 && !update)
    return 'You should always set the Memory limit when using Memoryswap limit, see usage';
  if (MemorySwappiness !== null && MemorySwappiness > 100)
    return `Invalid value: ${MemorySwappiness}, valid memory swappiness range is 0-100`;
  if (MemoryReservation > 0 && MemoryReservation < LEAST_MEMORY) return 'Minimum memory reservation allowed is 6MB';
  if (Memory > 0 && MemoryReservation > 0 && Memory < MemoryReservation)
    return 'Minimum memory limit can not be less than memory reservation limit, see usage';
  return undefined;
}

/** verifyPlatformContainerResources, processors and disks. */
export function wrongCpu(host: Partial<HostConfig>, { cpus }: Machine): string | undefined {
  const { NanoCpus = 0, CpuPeriod = 0, CpuQuota = 0, CpusetCpus = '', CpusetMems = '', BlkioWeight = 0 } = host;
  if (NanoCpus > 0 && CpuPeriod > 0) return 'Conflicting options: Nano CPUs and CPU Period cannot both be set';
  if (NanoCpus > 0 && CpuQuota > 0) return 'Conflicting options: Nano CPUs and CPU Quota cannot both be set';
  if (NanoCpus < 0 || NanoCpus > cpus * 1e9)
    return `range of CPUs is from 0.01 to ${cpus}.00, as there are only ${cpus} CPUs available`;
  if (CpuPeriod !== 0 && (CpuPeriod < 1000 || CpuPeriod > 1_000_000))
    return 'CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)';
  if (CpuQuota > 0 && CpuQuota < 1000) return 'CPU cfs quota can not be less than 1ms (i.e. 1000)';
  const available = cpus === 1 ? '0' : `0-${cpus - 1}`;
  return (
    wrongList(
      CpusetCpus,
      cpus,
      'cpus',
      `Requested CPUs are not available - requested ${CpusetCpus}, available: ${available}`,
    ) ??
    wrongList(
      CpusetMems,
      1,
      'mems',
      `Requested memory nodes are not available - requested ${CpusetMems}, available: 0`,
    ) ??
    (BlkioWeight > 0 && (BlkioWeight < 10 || BlkioWeight > 1000)
      ? 'Range of blkio weight is from 10 to 1000'
      : undefined)
  );
}

/** `0-3,7`: a list as cpuset(7) takes it, of what there is. */
function wrongList(text: string, count: number, kind: string, missing: string): string | undefined {
  if (text === '') return undefined;
  let most = 0;
  for (const part of text.split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (range === null) return `Invalid value ${text} for cpuset ${kind}: invalid format: ${text}`;
    const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
    if (last < first) return `Invalid value ${text} for cpuset ${kind}: invalid range start ${first} > end ${last}`;
    most = Math.max(most, last);
  }
  return most < count ? undefined : missing;
}

const runtimes = ['', 'runc', 'io.containerd.runc.v2'];
const isContainer = (mode: string): boolean => /^container:.+/.test(mode);

function wrongModes(host: Partial<HostConfig>, { cgroups = 2 }: Machine): string | undefined {
  const { IpcMode = '', PidMode = '', UTSMode = '', CgroupnsMode = '', ShmSize = 0, OomScoreAdj = 0 } = host;
  if (!['', 'host', 'private', 'shareable', 'none'].includes(IpcMode) && !isContainer(IpcMode))
    return `invalid IPC mode: ${IpcMode}`;
  if (!['', 'host'].includes(PidMode) && !isContainer(PidMode)) return `invalid PID mode: ${PidMode}`;
  if (ShmSize < 0) return 'SHM size can not be less than 0';
  if (!['', 'host'].includes(UTSMode)) return `invalid UTS mode: ${UTSMode}`;
  if (OomScoreAdj < -1000 || OomScoreAdj > 1000)
    return `Invalid value ${OomScoreAdj}, range for oom score adj is [-1000, 1000]`;
  const { CgroupParent = '', Runtime = '', Tmpfs = {} } = host;
  if (cgroups === 2 && CgroupParent !== '' && !/^.+\.slice$/.test(CgroupParent))
    return `cgroup-parent for systemd cgroup should be a valid slice named as "xxx.slice"`;
  if (!runtimes.includes(Runtime)) return `unknown or invalid runtime name: ${Runtime}`;
  for (const path of Object.keys(Tmpfs)) {
    const wrong = wrongDestination(path);
    if (wrong !== undefined) return wrong;
  }
  return ['', 'host', 'private'].includes(CgroupnsMode) ? undefined : `invalid cgroup namespace mode: ${CgroupnsMode}`;
}

/** What is taken, but not as it was meant. */
function warnings(host: Partial<HostConfig>, { cgroups = 2 }: Machine): readonly string[] {
  const said: string[] = [];
  const { MemorySwappiness = -1, OomKillDisable = false, NetworkMode = '', PortBindings } = host;
  if (cgroups === 2 && MemorySwappiness !== null && MemorySwappiness >= 0)
    said.push(
      'Your kernel does not support memory swappiness capabilities or the cgroup is not mounted. Memory swappiness discarded.',
    );
  if (cgroups === 2 && OomKillDisable === true)
    said.push('Your kernel does not support OomKillDisable. OomKillDisable discarded.');
  if (NetworkMode === 'host' && Object.keys(PortBindings ?? {}).length > 0)
    said.push('Published ports are discarded when using host network mode');
  return said;
}
