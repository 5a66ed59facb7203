import { kernelRelease } from '../../../linux/process/proc';
import { encode, noBytes } from '../../../linux/io/bytes';
import { Headers, type Response } from '../../../linux/net/http/message';
import { cgroupVersion } from '../../runc/cgroups';
import { features } from '../../runc/features';
import { goTimestamp } from '../../shim/timestamp';
import { diskUsage } from './disk-usage';
import { SNIFFED } from './headers';
import { events } from './events';
import { failure, filtersOf, json, type Call, type Route } from './respond';
import { apiVersion, isLess, minApiVersion } from './versions';

export const kernelVersion = kernelRelease;

const ping = ({ engine, request }: Call) => ({
  status: 200,
  headers: new Headers({
    'Builder-Version': '2',
    'Cache-Control': 'no-cache, no-store, must-revalidate',
    Pragma: 'no-cache',
    Swarm: engine.swarm?.pingState ?? 'inactive',
    // A GET leaves the type to net/http, which looks at the body.
    ...(request.method === 'HEAD'
      ? { 'Content-Length': '0', 'Content-Type': 'text/plain; charset=utf-8' }
      : { [SNIFFED]: 'text/plain; charset=utf-8' }),
  }),
  body: request.method === 'HEAD' ? noBytes : encode('OK'),
});

function version({ build }: Call): Response {
  const { system } = build;
  const kernel = system?.kernelVersion ?? kernelVersion;
  const os = system?.os ?? 'linux';
  const others = [
    { Name: 'containerd', Version: build.containerd.version, Details: { GitCommit: build.containerd.commit } },
    { Name: 'runc', Version: build.runc.version, Details: { GitCommit: build.runc.commit } },
    { Name: 'docker-init', Version: build.init.version, Details: { GitCommit: build.init.commit } },
  ];
  return json({
    Platform: { Name: build.platform },
    Components: [
      {
        Name: 'Engine',
        Version: build.version,
        Details: {
          ApiVersion: apiVersion,
          Arch: 'amd64',
          BuildTime: build.buildTime,
          Experimental: 'false',
          GitCommit: build.gitCommit,
          GoVersion: build.goVersion,
          KernelVersion: kernel,
          MinAPIVersion: minApiVersion,
          Os: os,
        },
      },
      ...(system?.components === false ? [] : others),
    ],
    Version: build.version,
    ApiVersion: apiVersion,
    MinAPIVersion: minApiVersion,
    GitCommit: build.gitCommit,
    GoVersion: build.goVersion,
    Os: os,
    Arch: 'amd64',
    KernelVersion: kernel,
    BuildTime: build.buildTime,
  });
}

function info({ engine, build, version: client }: Call): Response {
  const containers = engine.list();
  const count = (status: string): number => containers.filter((container) => container.status === status).length;
  const [running, paused] = [count('running'), count('paused')];
  const { host, dockerd, clock } = engine.options;
  const release = host.fs.readText('/etc/os-release');
  const memory = host.fs.readText('/proc/meminfo');
  const apparmor = host.fs.readHead('/sys/module/apparmor/parameters/enabled', 1);
  const v1 = cgroupVersion(host.fs) === 1;
  const told = (name: string): string | undefined =>
    release.ok ? new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(release.value)?.[1] : undefined;
  const status = { 'org.opencontainers.runtime-spec.features': features(build.runc) };
  const runtime = { path: 'runc', status };
  const all = {
    ID: engine.id,
    Containers: containers.length,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: containers.length - running - paused,
    Images: engine.images.list().length,
    Driver: 'overlay2',
    DriverStatus: [
      ['Backing Filesystem', 'extfs'],
      ['Supports d_type', 'true'],
      ['Using metacopy', 'false'],
      ['Native Overlay Diff', 'true'],
      ['userxattr', 'false'],
    ],
    Plugins: {
      Volume: ['local'],
      Network: ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'],
      Authorization: null,
      Log: build.logDrivers,
    },
    MemoryLimit: true,
    SwapLimit: true,
    ...(v1 ? { KernelMemoryTCP: true } : {}),
    CpuCfsPeriod: true,
    CpuCfsQuota: true,
    CPUShares: true,
    CPUSet: true,
    PidsLimit: true,
    IPv4Forwarding: true,
    Debug: false,
    NFd: 25,
    OomKillDisable: v1,
    NGoroutines: 42,
    SystemTime: goTimestamp(clock.now, 444_522),
    LoggingDriver: 'json-file',
    CgroupDriver: v1 ? 'cgroupfs' : 'systemd',
    CgroupVersion: v1 ? '1' : '2',
    NEventsListener: 0,
    KernelVersion: kernelVersion,
    OperatingSystem: told('PRETTY_NAME') ?? 'Linux',
    OSVersion: told('VERSION_ID') ?? '',
    OSType: 'linux',
    Architecture: 'x86_64',
    IndexServerAddress: 'https://index.docker.io/v1/',
    RegistryConfig: {
      IndexConfigs: { 'docker.io': { Mirrors: [], Name: 'docker.io', Official: true, Secure: true } },
      InsecureRegistryCIDRs: ['::1/128', '127.0.0.0/8'],
      Mirrors: null,
    },
    NCPU: dockerd.host.cpus,
    MemTotal: 1024 * Number((memory.ok ? /^MemTotal:\s+(\d+)/m.exec(memory.value)?.[1] : undefined) ?? 0),
    GenericResources: null,
    DockerRootDir: '/var/lib/docker',
    HttpProxy: '',
    HttpsProxy: '',
    NoProxy: '',
    Name: host.name,
    Labels: [],
    ExperimentalBuild: false,
    ServerVersion: build.version,
    Runtimes: { 'io.containerd.runc.v2': runtime, runc: runtime },
    DefaultRuntime: 'runc',
    Swarm: engine.swarm?.info() ?? {
      NodeID: '',
      NodeAddr: '',
      LocalNodeState: 'inactive',
      ControlAvailable: false,
      Error: '',
      RemoteManagers: null,
    },
    LiveRestoreEnabled: false,
    Isolation: '',
    InitBinary: 'docker-init',
    ContainerdCommit: { ID: build.containerd.commit },
    RuncCommit: { ID: build.runc.commit },
    InitCommit: { ID: build.init.commit },
    SecurityOptions: [
      ...(apparmor.ok ? ['name=apparmor'] : []),
      'name=seccomp,profile=builtin',
      ...(v1 ? [] : ['name=cgroupns']),
    ],
    FirewallBackend: { Driver: 'iptables' },
    CDISpecDirs: ['/etc/cdi', '/var/run/cdi'],
    Containerd: {
      Address: '/run/containerd/containerd.sock',
      Namespaces: { Containers: 'moby', Plugins: 'plugins.moby' },
    },
    Warnings: null,
    ...build.system?.info,
  };
  return json(isLess(client, '1.47') ? olderInfo(all, client) : all);
}

/** Fields come and go with versions; what older clients get is a map, by name (api/server/router/system). */
function olderInfo(all: Readonly<Record<string, unknown>>, client: string): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = { ...all, BridgeNfIp6tables: false, BridgeNfIptables: false };
  if (isLess(client, '1.42')) fields['KernelMemory'] = true;
  delete fields['FirewallBackend'];
  delete fields['Containerd'];
  return Object.fromEntries(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export const systemRoutes: readonly Route[] = [
  ['GET', /^\/_ping$/, ping],
  ['HEAD', /^\/_ping$/, ping],
  ['GET', /^\/version$/, version],
  ['GET', /^\/info$/, info],
  ['GET', /^\/events$/, events],
  ['GET', /^\/system\/df$/, diskUsage],
  ['POST', /^\/auth$/, () => json({ Status: 'Login Succeeded', IdentityToken: '' })],
  [
    'GET',
    /^\/plugins\/([^/]+)\/json$/,
    ({ params }) => failure({ status: 404, message: `plugin "${params[0] ?? ''}" not found` }),
  ],
  ['GET', /^\/plugins$/, () => json([])],
  [
    'GET',
    /^\/plugins\/privileges$/,
    ({ query }) => {
      const [name = ''] = (query.get('remote') ?? '').split(':');
      const message = `pull access denied for ${name}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`;
      return failure({ status: 404, message });
    },
  ],
  [
    'POST',
    /^\/plugins\/([^/]+)\/(?:enable|disable|set|push|upgrade)$/,
    ({ params }) => failure({ status: 404, message: `plugin "${params[0] ?? ''}" not found` }),
  ],
  [
    'DELETE',
    /^\/plugins\/([^/]+)$/,
    ({ params }) => failure({ status: 404, message: `plugin "${params[0] ?? ''}" not found` }),
  ],
  ['GET', /^\/images\/search$/, search],
];

/** GET /images/search: names only; nobody counts stars in this world. A hub without an index refuses. */
function search({ engine, query }: Call): Response {
  const names = engine.options.registries.search(query.get('term') ?? '');
  if (names === undefined) return failure({ status: 500, message: 'Unexpected status code 401' });
  const official = filtersOf(query).get('is-official')?.[0];
  const found = names
    .map((name) => ({ star_count: 0, is_official: !name.includes('/'), name, is_automated: false, description: '' }))
    .filter(({ is_official }) => official === undefined || String(is_official) === official);
  return json(found.slice(0, Number(query.get('limit') ?? 25)));
}
