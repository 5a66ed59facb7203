import type { Process } from '../../../linux/process/types';
import { bad, bindings, endpoints, exposedPorts, keyValues, networkOf, ports } from './container-options';
import { effectiveCapabilities } from './capabilities';
import { parseDuration, parseGpus, parseUlimit } from './container-values';
import { parseDevice } from './device-option';
import type { FlagValues } from './flags';
import { readKeyValues } from './key-files';
import { parseMount } from './mount-option';
import { parseSize } from './sizes';
import { absolutePath, parseVolume } from './volume-option';

/** The body of POST /containers/create (cli/command/container/opts.go, parse): in the order of Go's structures. */
export function createRequest(
  process: Process,
  flags: FlagValues,
  [image = '', ...command]: readonly string[],
): CreateRequest {
  checkMac(flags);
  const attach = flags.all('attach').map((stream) => stream.toLowerCase());
  const interactive = flags.on('interactive');
  const swappiness = int(flags, 'memory-swappiness', -1);
  if (swappiness < -1 || swappiness > 100)
    throw bad(`invalid value: ${swappiness}. Valid memory swappiness range is 0-100`);
  const volumes = flags.all('volume').map((text) => parseVolume(text, process.cwd));
  const published = ports(flags);
  const exposed = exposedPorts(
    flags,
    published.map(({ port }) => port),
  );
  const devices = flags.all('device').map(parseDevice);
  const env = readKeyValues(process, flags.all('env-file'), flags.all('env'), true);
  const labels = readKeyValues(process, flags.all('label-file'), flags.all('label'), false);
  const { pid, uts, userns, cgroupns } = modes(flags);
  const restart = restartPolicy(flags.text('restart'));
  const logDriver = flags.text('log-driver');
  if (logDriver === 'none' && flags.given('log-opt')) throw bad('invalid logging opts for driver none');
  const security = securityOptions(process, flags.all('security-opt'));
  const storage = flags.all('storage-opt');
  if (storage.some((option) => !option.includes('='))) throw bad('invalid storage option');
  const health = healthcheck(flags);
  const requests = flags.all('gpus').map((text) => parseGpus(text));
  if (flags.on('rm') && restart.Name !== 'no' && restart.Name !== '')
    throw bad('conflicting options: cannot specify both --restart and --rm');
  const network = networkOf(flags);
  const capabilities = effectiveCapabilities(flags.all('cap-add'), flags.all('cap-drop'));
  const attachStdin = attach.includes('stdin') || interactive;
  return {
    Hostname: flags.text('hostname'),
    Domainname: flags.text('domainname'),
    User: flags.text('user'),
    AttachStdin: attachStdin,
    AttachStdout: attach.length === 0 || attach.includes('stdout'),
    AttachStderr: attach.length === 0 || attach.includes('stderr'),
    ...(Object.keys(exposed).length === 0 ? {} : { ExposedPorts: exposed }),
    Tty: flags.on('tty'),
    OpenStdin: interactive,
    StdinOnce: interactive && attachStdin,
    Env: nullIfEmpty(env),
    Cmd: nullIfEmpty(command),
    ...(health === undefined ? {} : { Healthcheck: health }),
    Image: image,
    Volumes: Object.fromEntries(
      volumes.flatMap(({ bind, anonymous }) => (bind === undefined ? [[anonymous, {}]] : [])),
    ),
    WorkingDir: flags.text('workdir'),
    // `--entrypoint ""` drops the image's.
    Entrypoint: flags.given('entrypoint') ? [flags.text('entrypoint')] : null,
    OnBuild: null,
    Labels: keyValues(labels),
    ...(flags.text('stop-signal') === '' ? {} : { StopSignal: flags.text('stop-signal') }),
    ...(flags.given('stop-timeout') ? { StopTimeout: Number(flags.text('stop-timeout')) } : {}),
    HostConfig: {
      Binds: nullIfEmpty(volumes.flatMap(({ bind }) => (bind === undefined ? [] : [bind]))),
      ContainerIDFile: flags.text('cidfile'),
      LogConfig: { Type: logDriver, Config: keyValues(flags.all('log-opt')) },
      NetworkMode: network,
      PortBindings: bindings(published),
      RestartPolicy: restart,
      AutoRemove: flags.on('rm'),
      VolumeDriver: flags.text('volume-driver'),
      VolumesFrom: nullIfEmpty(flags.all('volumes-from')),
      ConsoleSize: [0, 0],
      ...(flags.given('annotation') ? { Annotations: keyValues(flags.all('annotation')) } : {}),
      CapAdd: nullIfEmpty(capabilities.add),
      CapDrop: nullIfEmpty(capabilities.drop),
      CgroupnsMode: cgroupns,
      Dns: flags.all('dns').map((address) => address.trim()),
      DnsOptions: flags.all('dns-option'),
      DnsSearch: flags.all('dns-search'),
      ExtraHosts: nullIfEmpty(flags.all('add-host').map((entry) => entry.replace(/^([^:=]+)[:=]/, '$1:'))),
      GroupAdd: nullIfEmpty(flags.all('group-add')),
      IpcMode: flags.text('ipc'),
      Cgroup: '',
      Links: nullIfEmpty(flags.all('link')),
      OomScoreAdj: int(flags, 'oom-score-adj'),
      PidMode: pid,
      Privileged: flags.on('privileged'),
      PublishAllPorts: flags.on('publish-all'),
      ReadonlyRootfs: flags.on('read-only'),
      SecurityOpt: nullIfEmpty(security.filter((option) => option !== unconfinedPaths)),
      ...(storage.length === 0 ? {} : { StorageOpt: keyValues(storage) }),
      ...(flags.given('tmpfs') ? { Tmpfs: tmpfs(flags.all('tmpfs')) } : {}),
      UTSMode: uts,
      UsernsMode: userns,
      ShmSize: bytes(flags, 'shm-size'),
      ...(flags.given('sysctl') ? { Sysctls: keyValues(flags.all('sysctl')) } : {}),
      ...(flags.text('runtime') === '' ? {} : { Runtime: flags.text('runtime') }),
      Isolation: flags.text('isolation'),
      ...resources(flags),
      Devices: devices,
      DeviceCgroupRules: nullIfEmpty(flags.all('device-cgroup-rule')),
      DeviceRequests: nullIfEmpty(requests),
      MemoryReservation: bytes(flags, 'memory-reservation'),
      MemorySwap: bytes(flags, 'memory-swap'),
      MemorySwappiness: swappiness,
      OomKillDisable: flags.on('oom-kill-disable'),
      PidsLimit: int(flags, 'pids-limit'),
      Ulimits: flags.all('ulimit').map(parseUlimit),
      CpuCount: 0,
      CpuPercent: 0,
      IOMaximumIOps: 0,
      IOMaximumBandwidth: 0,
      ...(flags.given('mount') ? { Mounts: flags.all('mount').map((text) => mountOf(text, process.cwd)) } : {}),
      MaskedPaths: security.includes(unconfinedPaths) ? [] : null,
      ReadonlyPaths: security.includes(unconfinedPaths) ? [] : null,
      ...(flags.given('init') ? { Init: flags.on('init') } : {}),
    },
    NetworkingConfig: { EndpointsConfig: endpoints(flags, network) },
  };
}

/** What of the body `run` itself looks at. */
export interface CreateRequest {
  AttachStdin: boolean;
  AttachStdout: boolean;
  AttachStderr: boolean;
  StdinOnce: boolean;
  readonly HostConfig: { ConsoleSize: readonly [number, number]; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

const unconfinedPaths = 'systempaths=unconfined';

const nullIfEmpty = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);
const int = (flags: FlagValues, name: string, fallback = 0): number => Number(flags.last(name) ?? fallback);

function bytes(flags: FlagValues, name: string): number {
  const text = flags.last(name);
  if (text === undefined || text === '-1') return text === undefined ? 0 : -1;
  const size = parseSize(text);
  return size.ok ? size.value : 0;
}

function resources(flags: FlagValues): object {
  const throttles = (name: string, unit: boolean): object[] =>
    flags.all(name).map((text) => {
      const [Path = '', rate = ''] = text.split(':');
      const size = parseSize(rate);
      return { Path, Rate: unit && size.ok ? size.value : Number(rate) };
    });
  return {
    CpuShares: int(flags, 'cpu-shares'),
    Memory: bytes(flags, 'memory'),
    NanoCpus: nanoCpus(flags.last('cpus') ?? '0'),
    CgroupParent: flags.text('cgroup-parent'),
    BlkioWeight: int(flags, 'blkio-weight'),
    BlkioWeightDevice: flags.all('blkio-weight-device').map((text) => {
      const [Path = '', weight = ''] = text.split(':');
      return { Path, Weight: Number(weight) };
    }),
    BlkioDeviceReadBps: throttles('device-read-bps', true),
    BlkioDeviceWriteBps: throttles('device-write-bps', true),
    BlkioDeviceReadIOps: throttles('device-read-iops', false),
    BlkioDeviceWriteIOps: throttles('device-write-iops', false),
    CpuPeriod: int(flags, 'cpu-period'),
    CpuQuota: int(flags, 'cpu-quota'),
    CpuRealtimePeriod: int(flags, 'cpu-rt-period'),
    CpuRealtimeRuntime: int(flags, 'cpu-rt-runtime'),
    CpusetCpus: flags.text('cpuset-cpus'),
    CpusetMems: flags.text('cpuset-mems'),
  };
}

/** `1.5`, `1/2`. */
function nanoCpus(text: string): number {
  const [above = '0', below = '1'] = text.split('/');
  return Math.round((Number(above) / Number(below)) * 1e9);
}

function checkMac(flags: FlagValues): void {
  const mac = flags.text('mac-address').trim();
  if (mac !== '' && !/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$|^[0-9a-f]{4}(\.[0-9a-f]{4}){2}$/i.test(mac))
    throw bad(`${flags.text('mac-address')} is not a valid mac address`);
}

/** Whose namespaces it takes (api/types/container, PidMode.Valid and so on). */
function modes(flags: FlagValues) {
  const pid = flags.text('pid');
  if (!['', 'host'].includes(pid) && !/^container:.+$/.test(pid)) throw bad('--pid: invalid PID mode');
  const uts = flags.text('uts');
  if (!['', 'host'].includes(uts)) throw bad('--uts: invalid UTS mode');
  const userns = flags.text('userns');
  if (!['', 'host'].includes(userns)) throw bad('--userns: invalid USER mode');
  const cgroupns = flags.text('cgroupns');
  if (!['', 'host', 'private'].includes(cgroupns)) throw bad('--cgroupns: invalid CGROUP mode');
  return { pid, uts, userns, cgroupns };
}

/** `--restart` (opts.ParseRestartPolicy). */
export function restartPolicy(text: string): { Name: string; MaximumRetryCount: number } {
  if (text === '') return { Name: 'no', MaximumRetryCount: 0 };
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const count = colon < 0 ? '' : text.slice(colon + 1);
  if (colon === 0) throw bad('invalid restart policy format: no policy provided before colon');
  if (count !== '' && !/^[+-]?\d+$/.test(count))
    throw bad('invalid restart policy format: maximum retry count must be an integer');
  return { Name: name, MaximumRetryCount: Number(count) };
}

/** A seccomp profile is a file of the client's: its content goes to the engine. */
function securityOptions(process: Process, given: readonly string[]): readonly string[] {
  return given.map((option) => {
    const parted = /^([^=]*)=(.*)$/s.exec(option) ?? /^([^:]*):(.*)$/s.exec(option);
    const [, key = option, value = ''] = parted ?? [];
    if (value === '' && key !== 'no-new-privileges') throw bad(`Invalid --security-opt: ${JSON.stringify(option)}`);
    if (key !== 'seccomp' || value === 'builtin' || value === 'unconfined') return option;
    const read = process.fs.readText(value);
    if (!read.ok)
      throw bad(`opening seccomp profile (${value}) failed: open ${value}: ${read.error.message.toLowerCase()}`);
    try {
      return `seccomp=${JSON.stringify(JSON.parse(read.value))}`;
    } catch {
      const [first = ''] = read.value.trim();
      const why =
        first === '' ? 'unexpected end of JSON input' : `invalid character '${first}' looking for beginning of value`;
      throw bad(`compacting json for seccomp profile (${value}) failed: ${why}`);
    }
  });
}

function healthcheck(flags: FlagValues): object | undefined {
  const duration = (name: string): number => parseDuration(flags.last(`health-${name}`) ?? '0') ?? 0;
  const command = flags.text('health-cmd');
  const [interval, timeout, startPeriod, startInterval] = [
    duration('interval'),
    duration('timeout'),
    duration('start-period'),
    duration('start-interval'),
  ];
  const retries = int(flags, 'health-retries');
  const any = command !== '' || [interval, timeout, startPeriod, startInterval, retries].some((value) => value !== 0);
  if (flags.on('no-healthcheck')) {
    if (any) throw bad('--no-healthcheck conflicts with --health-* options');
    return { Test: ['NONE'] };
  }
  if (!any) return undefined;
  const values = { interval, timeout, retries, 'start-period': startPeriod, 'start-interval': startInterval };
  for (const [name, value] of Object.entries(values)) if (value < 0) throw bad(`--health-${name} cannot be negative`);
  const unlessZero = (key: string, value: number) => (value === 0 ? {} : { [key]: value });
  return {
    ...(command === '' ? {} : { Test: ['CMD-SHELL', command] }),
    ...unlessZero('Interval', interval),
    ...unlessZero('Timeout', timeout),
    ...unlessZero('StartPeriod', startPeriod),
    ...unlessZero('StartInterval', startInterval),
    ...unlessZero('Retries', retries),
  };
}

function mountOf(text: string, cwd: string): object {
  const parsed = parseMount(text, (path) => absolutePath(path, cwd));
  if (!parsed.ok) throw bad(parsed.error);
  return parsed.value;
}

const tmpfs = (entries: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    entries.map((entry) => {
      const colon = entry.indexOf(':');
      return colon < 0 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)];
    }),
  );
