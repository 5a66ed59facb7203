import type { Process } from '../../../linux/process/types';
import { CommandError } from './command';
import { flags, parseBytes, type Flag, type FlagValues } from './flags';
import { parsePublish } from './ports';

/** Flags of `run` and `create` (cli/command/container/opts.go). */
export const containerFlags: readonly Flag[] = flags(`
    --add-host list | Add a custom host-to-IP mapping (host:ip)
    --annotation map | Add an annotation to the container (passed through to the OCI runtime) (default map[])
    -a, --attach list | Attach to STDIN, STDOUT or STDERR
    --blkio-weight uint16 | Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)
    --blkio-weight-device list | Block IO weight (relative device weight) (default [])
    --cap-add list | Add Linux capabilities
    --cap-drop list | Drop Linux capabilities
    --cgroup-parent string | Optional parent cgroup for the container
    --cgroupns string | Cgroup namespace to use (host|private)\\n'host':    Run the container in the Docker host's cgroup namespace\\n'private': Run the container in its own private cgroup namespace\\n'':        Use the cgroup namespace as configured by the\\n           default-cgroupns-mode option on the daemon (default)
    --cidfile string | Write the container ID to the file
    --cpu-period int | Limit CPU CFS (Completely Fair Scheduler) period
    --cpu-quota int | Limit CPU CFS (Completely Fair Scheduler) quota
    --cpu-rt-period int | Limit CPU real-time period in microseconds
    --cpu-rt-runtime int | Limit CPU real-time runtime in microseconds
    -c, --cpu-shares int | CPU shares (relative weight)
    --cpus decimal | Number of CPUs
    --cpuset-cpus string | CPUs in which to allow execution (0-3, 0,1)
    --cpuset-mems string | MEMs in which to allow execution (0-3, 0,1)
    --device list | Add a host device to the container
    --device-cgroup-rule list | Add a rule to the cgroup allowed devices list
    --device-read-bps list | Limit read rate (bytes per second) from a device (default [])
    --device-read-iops list | Limit read rate (IO per second) from a device (default [])
    --device-write-bps list | Limit write rate (bytes per second) to a device (default [])
    --device-write-iops list | Limit write rate (IO per second) to a device (default [])
    --disable-content-trust | Skip image verification (default true)
    --dns list | Set custom DNS servers
    --dns-option list | Set DNS options
    --dns-search list | Set custom DNS search domains
    --domainname string | Container NIS domain name
    --entrypoint string | Overwrite the default ENTRYPOINT of the image
    -e, --env list | Set environment variables
    --env-file list | Read in a file of environment variables
    --expose list | Expose a port or a range of ports
    --gpus gpu-request | GPU devices to add to the container ('all' to pass all GPUs)
    --group-add list | Add additional groups to join
    --health-cmd string | Command to run to check health
    --health-interval duration | Time between running the check (ms|s|m|h) (default 0s)
    --health-retries int | Consecutive failures needed to report unhealthy
    --health-start-interval duration | Time between running the check during the start period (ms|s|m|h) (default 0s)
    --health-start-period duration | Start period for the container to initialize before starting health-retries countdown (ms|s|m|h) (default 0s)
    --health-timeout duration | Maximum time to allow one check to run (ms|s|m|h) (default 0s)
    --help | Print usage
    -h, --hostname string | Container host name
    --init | Run an init inside the container that forwards signals and reaps processes
    -i, --interactive | Keep STDIN open even if not attached
    --ip string | IPv4 address (e.g., 172.30.100.104)
    --ip6 string | IPv6 address (e.g., 2001:db8::33)
    --ipc string | IPC mode to use
    --isolation string | Container isolation technology
    --kernel-memory bytes | Kernel memory limit
    -l, --label list | Set meta data on a container
    --label-file list | Read in a line delimited file of labels
    --link list | Add link to another container
    --link-local-ip list | Container IPv4/IPv6 link-local addresses
    --log-driver string | Logging driver for the container
    --log-opt list | Log driver options
    --mac-address string | Container MAC address (e.g., 92:d0:c6:0a:29:33)
    -m, --memory bytes | Memory limit
    --memory-reservation bytes | Memory soft limit
    --memory-swap bytes | Swap limit equal to memory plus swap: '-1' to enable unlimited swap
    --memory-swappiness int | Tune container memory swappiness (0 to 100) (default -1)
    --mount mount | Attach a filesystem mount to the container
    --name string | Assign a name to the container
    --network network | Connect a container to a network
    --network-alias list | Add network-scoped alias for the container
    --no-healthcheck | Disable any container-specified HEALTHCHECK
    --oom-kill-disable | Disable OOM Killer
    --oom-score-adj int | Tune host's OOM preferences (-1000 to 1000)
    --pid string | PID namespace to use
    --pids-limit int | Tune container pids limit (set -1 for unlimited)
    --platform string | Set platform if server is multi-platform capable
    --privileged | Give extended privileges to this container
    -p, --publish list | Publish a container's port(s) to the host
    -P, --publish-all | Publish all exposed ports to random ports
    --pull string | Pull image before creating ("always", "|missing", "never") (default "missing")
    -q, --quiet | Suppress the pull output
    --read-only | Mount the container's root filesystem as read only
    --restart string | Restart policy to apply when a container exits (default "no")
    --rm | Automatically remove the container and its associated anonymous volumes when it exits
    --runtime string | Runtime to use for this container
    --security-opt list | Security Options
    --shm-size bytes | Size of /dev/shm
    --stop-signal string | Signal to stop the container
    --stop-timeout int | Timeout (in seconds) to stop a container
    --storage-opt list | Storage driver options for the container
    --sysctl map | Sysctl options (default map[])
    --tmpfs list | Mount a tmpfs directory
    -t, --tty | Allocate a pseudo-TTY
    --ulimit ulimit | Ulimit options (default [])
    --use-api-socket | Bind mount Docker API socket and required auth
    -u, --user string | Username or UID (format: <name|uid>[:<group|gid>])
    --userns string | User namespace to use
    --uts string | UTS namespace to use
    -v, --volume list | Bind mount a volume
    --volume-driver string | Optional volume driver for the container
    --volumes-from list | Mount volumes from the specified container(s)
    -w, --workdir string | Working directory inside the container
  `);

export const bad = (message: string): CommandError => new CommandError(message, 125);

/** The body of POST /containers/create (container.Config, HostConfig and NetworkingConfig in the order of Go's fields). */
export function createRequest(
  process: Process,
  flags: FlagValues,
  [image = '', ...command]: readonly string[],
): object {
  const published = ports(flags);
  const exposed = exposedPorts(
    flags,
    published.map(({ port }) => port),
  );
  const attach = flags.all('attach').map((stream) => stream.toLowerCase());
  const detached = flags.on('detach');
  const interactive = flags.on('interactive');
  const all = attach.length === 0 && !detached;
  const network = networkOf(flags);
  const memory = bytes(flags, 'memory');
  return {
    Hostname: flags.text('hostname'),
    Domainname: flags.text('domainname'),
    User: flags.text('user'),
    AttachStdin: attach.includes('stdin') || (all && interactive),
    AttachStdout: attach.includes('stdout') || all,
    AttachStderr: attach.includes('stderr') || all,
    ...(Object.keys(exposed).length === 0 ? {} : { ExposedPorts: exposed }),
    Tty: flags.on('tty'),
    OpenStdin: interactive,
    StdinOnce: interactive && !detached,
    Env: nullIfEmpty(environment(process, flags)),
    Cmd: nullIfEmpty(command),
    Image: image,
    Volumes: Object.fromEntries(
      flags
        .all('volume')
        .filter((text) => !text.includes(':'))
        .map((path) => [path, {}]),
    ),
    WorkingDir: flags.text('workdir'),
    // `--entrypoint ""` drops the image's.
    Entrypoint: flags.given('entrypoint') ? [flags.text('entrypoint')] : null,
    OnBuild: null,
    Labels: labels(process, flags),
    ...(flags.given('stop-signal') ? { StopSignal: flags.text('stop-signal') } : {}),
    ...(flags.given('stop-timeout') ? { StopTimeout: Number(flags.text('stop-timeout')) } : {}),
    HostConfig: {
      Binds: nullIfEmpty(binds(process, flags)),
      ContainerIDFile: flags.text('cidfile'),
      LogConfig: { Type: flags.text('log-driver'), Config: keyValues(flags.all('log-opt')) },
      NetworkMode: network,
      PortBindings: bindings(published),
      RestartPolicy: restartPolicy(flags.text('restart')),
      AutoRemove: flags.on('rm'),
      VolumeDriver: flags.text('volume-driver'),
      VolumesFrom: nullIfEmpty(flags.all('volumes-from')),
      ConsoleSize: [process.tty?.size.rows ?? 0, process.tty?.size.columns ?? 0],
      CapAdd: nullIfEmpty(flags.all('cap-add')),
      CapDrop: nullIfEmpty(flags.all('cap-drop')),
      CgroupnsMode: flags.text('cgroupns'),
      Dns: flags.all('dns'),
      DnsOptions: flags.all('dns-option'),
      DnsSearch: flags.all('dns-search'),
      ExtraHosts: nullIfEmpty(flags.all('add-host').map((entry) => entry.replace(/^([^:=]+)[:=]/, '$1:'))),
      GroupAdd: nullIfEmpty(flags.all('group-add')),
      IpcMode: flags.text('ipc'),
      Cgroup: '',
      Links: nullIfEmpty(flags.all('link')),
      OomScoreAdj: int(flags, 'oom-score-adj'),
      PidMode: flags.text('pid'),
      Privileged: flags.on('privileged'),
      PublishAllPorts: flags.on('publish-all'),
      ReadonlyRootfs: flags.on('read-only'),
      SecurityOpt: nullIfEmpty(flags.all('security-opt')),
      UTSMode: flags.text('uts'),
      UsernsMode: flags.text('userns'),
      ShmSize: bytes(flags, 'shm-size'),
      Isolation: '',
      CpuShares: int(flags, 'cpu-shares'),
      Memory: memory,
      NanoCpus: Math.round(Number(flags.last('cpus') ?? '0') * 1e9),
      CgroupParent: flags.text('cgroup-parent'),
      CpuPeriod: int(flags, 'cpu-period'),
      CpuQuota: int(flags, 'cpu-quota'),
      CpusetCpus: flags.text('cpuset-cpus'),
      MemoryReservation: bytes(flags, 'memory-reservation'),
      MemorySwap: bytes(flags, 'memory-swap'),
      PidsLimit: int(flags, 'pids-limit'),
      ...(flags.given('mount') ? { Mounts: flags.all('mount').map((text) => mount(text)) } : {}),
      ...(flags.given('tmpfs') ? { Tmpfs: tmpfs(flags.all('tmpfs')) } : {}),
      ...(flags.given('sysctl') ? { Sysctls: keyValues(flags.all('sysctl')) } : {}),
    },
    NetworkingConfig: { EndpointsConfig: endpoints(flags, network) },
  };
}

const nullIfEmpty = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);
const int = (flags: FlagValues, name: string): number => Number(flags.last(name) ?? '0');
const bytes = (flags: FlagValues, name: string): number =>
  flags.given(name) ? (parseBytes(flags.text(name)) ?? 0) : 0;

function ports(flags: FlagValues) {
  return flags.all('publish').flatMap((text) => {
    const parsed = parsePublish(text);
    if (!parsed.ok) throw bad(`docker: ${parsed.error}`);
    return parsed.value;
  });
}

function exposedPorts(flags: FlagValues, published: readonly string[]): Record<string, object> {
  const exposed: Record<string, object> = Object.fromEntries(published.map((port) => [port, {}]));
  for (const text of flags.all('expose')) {
    const [range = '', proto = 'tcp'] = text.split('/');
    const [first = '', last = first] = range.split('-');
    if (!/^\d+$/.test(first) || !/^\d+$/.test(last))
      throw bad(
        `docker: invalid range format for --expose: ${text}, error: invalid start port '${first}': invalid syntax`,
      );
    for (let port = Number(first); port <= Number(last); port++) exposed[`${port}/${proto}`] = {};
  }
  return exposed;
}

function bindings(published: ReturnType<typeof ports>): Record<string, { HostIp: string; HostPort: string }[]> {
  const all: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { port, hostIp, hostPort } of published) (all[port] ??= []).push({ HostIp: hostIp, HostPort: hostPort });
  return all;
}

function restartPolicy(text: string): { Name: string; MaximumRetryCount: number } {
  if (text === '') return { Name: 'no', MaximumRetryCount: 0 };
  const [name = '', count] = text.split(':');
  if (count !== undefined && !/^\d+$/.test(count))
    throw bad('docker: invalid restart policy format: maximum retry count must be an integer');
  return { Name: name, MaximumRetryCount: Number(count ?? 0) };
}

/** `-e A=1`, `-e A` (from the caller's environment), `--env-file`. */
function environment(process: Process, flags: FlagValues): readonly string[] {
  const entries: string[] = [];
  for (const path of flags.all('env-file')) entries.push(...keyFile(process, path, 'env'));
  for (const entry of flags.all('env')) {
    if (entry.includes('=')) entries.push(entry);
    else {
      const value = process.env.get(entry);
      if (value !== undefined) entries.push(`${entry}=${value}`);
    }
  }
  return entries;
}

function keyFile(process: Process, path: string, what: string): readonly string[] {
  const read = process.fs.readText(path);
  if (!read.ok) throw bad(`docker: open ${path}: ${read.error.message.toLowerCase()}`);
  return read.value
    .split('\n')
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const equals = line.indexOf('=');
      const key = equals < 0 ? line : line.slice(0, equals);
      if (/\s/.test(key)) throw bad(`docker: invalid ${what} file (${path}): variable '${key}' contains whitespaces`);
      if (key === '') throw bad(`docker: invalid ${what} file (${path}): no variable name on line '${line}'`);
      if (equals >= 0) return [line];
      const value = process.env.get(key);
      return value === undefined ? [] : [`${key}=${value}`];
    });
}

function labels(process: Process, flags: FlagValues): Record<string, string> {
  const lines = [...flags.all('label-file').flatMap((path) => keyFile(process, path, 'label')), ...flags.all('label')];
  return keyValues(lines);
}

export const keyValues = (entries: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    entries.map((entry) => {
      const equals = entry.indexOf('=');
      return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );

/** `-v` with a colon; a relative path is the caller's. */
function binds(process: Process, flags: FlagValues): readonly string[] {
  return flags
    .all('volume')
    .filter((text) => text.includes(':'))
    .map((text) => {
      const [source = '', ...rest] = text.split(':');
      if (!/^\.{1,2}(\/|$)|^~\//.test(source)) return text;
      const absolute = normalise(
        source.startsWith('~/') ? `${process.env.get('HOME') ?? ''}/${source.slice(2)}` : `${process.cwd}/${source}`,
      );
      return [absolute, ...rest].join(':');
    });
}

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** `--mount type=volume,source=data,target=/data,readonly`. */
function mount(text: string): object {
  const fields = new Map<string, string>();
  for (const field of text.split(',')) {
    const equals = field.indexOf('=');
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    fields.set(key, equals < 0 ? 'true' : field.slice(equals + 1));
  }
  const known = [
    'type',
    'source',
    'src',
    'target',
    'dst',
    'destination',
    'readonly',
    'ro',
    'bind-propagation',
    'tmpfs-size',
    'tmpfs-mode',
    'volume-nocopy',
    'consistency',
  ];
  for (const key of fields.keys()) {
    if (!known.includes(key)) throw usageError(text, `unexpected key '${key}' in '${key}=${fields.get(key) ?? ''}'`);
  }
  const target = fields.get('target') ?? fields.get('dst') ?? fields.get('destination');
  if (target === undefined) throw usageError(text, 'target is required');
  const source = fields.get('source') ?? fields.get('src');
  const readOnly = fields.get('readonly') ?? fields.get('ro');
  return {
    Type: fields.get('type') ?? 'volume',
    ...(source === undefined ? {} : { Source: source }),
    Target: target,
    ...(readOnly === undefined ? {} : { ReadOnly: readOnly === 'true' || readOnly === '1' }),
  };
}

const usageError = (text: string, why: string): CommandError =>
  bad(
    `invalid argument ${JSON.stringify(text)} for "--mount" flag: ${why}\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nRun 'docker run --help' for more information`,
  );

const tmpfs = (entries: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    entries.map((entry) => {
      const colon = entry.indexOf(':');
      return colon < 0 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)];
    }),
  );

function networkOf(flags: FlagValues): string {
  const [first = 'default'] = flags.all('network');
  return first.startsWith('name=') ? (keyValues(first.split(','))['name'] ?? '') : first;
}

function endpoints(flags: FlagValues, network: string): Record<string, object> {
  if (network === 'host' || network === 'none' || network.startsWith('container:')) return {};
  const all = flags.all('network').length === 0 ? [network] : flags.all('network');
  return Object.fromEntries(
    all.map((text, index) => {
      const fields: Record<string, string> = text.includes('=') ? keyValues(text.split(',')) : { name: text };
      const address = fields['ip'] ?? (index === 0 ? flags.last('ip') : undefined);
      const aliases = [
        ...(fields['alias'] === undefined ? [] : [fields['alias']]),
        ...(index === 0 ? flags.all('network-alias') : []),
      ];
      return [
        fields['name'] ?? '',
        {
          IPAMConfig: address === undefined ? null : { IPv4Address: address },
          Links: null,
          Aliases: nullIfEmpty(aliases),
          MacAddress: '',
          DriverOpts: null,
          GwPriority: 0,
          NetworkID: '',
          EndpointID: '',
          Gateway: '',
          IPAddress: '',
          IPPrefixLen: 0,
          IPv6Gateway: '',
          GlobalIPv6Address: '',
          GlobalIPv6PrefixLen: 0,
          DNSNames: null,
        },
      ];
    }),
  );
}
