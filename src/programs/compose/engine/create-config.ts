import { parseDuration } from '../load/decode';
import { serviceHash } from '../load/hash';
import type { Project, Service } from '../load/types';
import { ComposeError } from '../cli/error';
import { version } from './api';
import type { Container } from './containers';
import { labels } from './labels';
import { mountsOf } from './mounts';
import { containerName, imageOf, networksByPriority } from './names';
import { hostConfig } from './host-config';
import { resourcesOf } from './resources';

export interface CreateOptions {
  readonly project: Project;
  readonly name: string;
  readonly service: Service;
  /** 0 of a one-off container. */
  readonly number: number;
  /** Id of the image that is there. */
  readonly imageId: string | undefined;
  /** `--link` entries. */
  readonly links: readonly string[];
  /** The container that this one replaces: its anonymous volumes go over. */
  readonly inherit?: { readonly container: Container; readonly imageVolumes: readonly string[] };
  readonly labels?: Readonly<Record<string, string>>;
  readonly autoRemove?: boolean;
  readonly attachStdin?: boolean;
  readonly aliases?: boolean;
  readonly warn: (message: string) => void;
}

/** Nanoseconds of an attribute, if it is there. */
const nanoseconds = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseDuration(text, '');

/** The labels of a service's container. */
export function labelsOf({
  project,
  name,
  service,
  number,
  imageId,
  labels: more,
}: CreateOptions): Record<string, string> {
  const dependencies = Object.entries(service.depends_on ?? {}).map(
    ([other, { condition, restart }]) => `${other}:${condition}:${restart === true}`,
  );
  const all: Record<string, string> = {
    ...service.labels,
    [labels.configHash]: serviceHash(service),
    ...(number > 0 ? { [labels.number]: String(number) } : {}),
    [labels.dependsOn]: dependencies.join(','),
    ...(imageId === undefined ? {} : { [labels.image]: imageId }),
    [labels.oneOff]: 'False',
    [labels.project]: project.name,
    [labels.configFiles]: project.files.join(','),
    [labels.folder]: project.folder,
    [labels.service]: name,
    [labels.version]: version,
    ...(project.envFiles.length === 0 ? {} : { [labels.environmentFile]: project.envFiles.join(',') }),
    ...more,
  };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The body of POST /containers/create (getCreateConfigs). */
export function createBody(options: CreateOptions): Record<string, unknown> {
  const { project, name, service, attachStdin = false, warn } = options;
  const { binds, mounts } = mountsOf(project, service, options.inherit, warn);
  const { mode, endpoints } = networking(options);
  const ports: Record<string, object> = {};
  for (const expose of service.expose ?? []) ports[expose.includes('/') ? expose : `${expose}/tcp`] = {};
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { target, protocol = 'tcp', host_ip: ip = '', published = '' } of service.ports ?? []) {
    const port = `${target}/${protocol}`;
    ports[port] = {};
    (bindings[port] ??= []).push({ HostIp: ip, HostPort: published });
  }
  const unconfined = service.security_opt?.includes('systempaths=unconfined') === true;
  const grace = nanoseconds(service.stop_grace_period);
  const environment = Object.entries(service.environment ?? {}).map(([key, value]) =>
    value === null ? key : `${key}=${value}`,
  );
  return {
    Hostname: service.hostname ?? '',
    Domainname: service.domainname ?? '',
    User: service.user ?? '',
    AttachStdin: attachStdin,
    AttachStdout: true,
    AttachStderr: true,
    ...(Object.keys(ports).length === 0 ? {} : { ExposedPorts: ports }),
    Tty: service.tty === true,
    OpenStdin: service.stdin_open === true,
    StdinOnce: attachStdin && service.stdin_open === true,
    Env: environment.length === 0 ? null : environment,
    Cmd: service.command ?? null,
    ...(service.healthcheck === undefined ? {} : { Healthcheck: healthcheck(service.healthcheck) }),
    Image: imageOf(project, name, service),
    Volumes: null,
    WorkingDir: service.working_dir ?? '',
    Entrypoint: service.entrypoint ?? null,
    OnBuild: null,
    Labels: labelsOf(options),
    ...(service.stop_signal === undefined ? {} : { StopSignal: service.stop_signal }),
    ...(grace === undefined ? {} : { StopTimeout: Math.floor(grace / 1e9) }),
    HostConfig: hostConfig({
      Binds: binds.length === 0 ? null : binds,
      ...(mounts.length === 0 ? {} : { Mounts: mounts }),
      LogConfig: { Type: service.logging?.driver ?? '', Config: service.logging?.options ?? null },
      NetworkMode: mode,
      PortBindings: bindings,
      RestartPolicy: restartPolicy(service),
      AutoRemove: options.autoRemove === true,
      VolumesFrom: service.volumes_from ?? null,
      ...(service.annotations === undefined ? {} : { Annotations: service.annotations }),
      CapAdd: service.cap_add ?? null,
      CapDrop: service.cap_drop ?? null,
      CgroupnsMode: service.cgroup ?? '',
      Dns: service.dns ?? null,
      DnsOptions: service.dns_opt ?? null,
      DnsSearch: service.dns_search ?? null,
      ExtraHosts: (service.extra_hosts ?? []).map((entry) => entry.replace('=', ':')),
      GroupAdd: service.group_add ?? null,
      IpcMode: service.ipc ?? '',
      Links: options.links.length === 0 ? null : options.links,
      OomScoreAdj: service.oom_score_adj ?? 0,
      PidMode: service.pid ?? '',
      Privileged: service.privileged === true,
      PublishAllPorts: false,
      ReadonlyRootfs: service.read_only === true,
      SecurityOpt: service.security_opt?.filter((each) => each !== 'systempaths=unconfined') ?? null,
      ...(service.storage_opt === undefined ? {} : { StorageOpt: service.storage_opt }),
      ...(service.tmpfs === undefined ? {} : { Tmpfs: tmpfs(service.tmpfs) }),
      UTSMode: service.uts ?? '',
      UsernsMode: service.userns_mode ?? '',
      ShmSize: Number(service.shm_size ?? 0),
      ...(service.sysctls === undefined ? {} : { Sysctls: service.sysctls }),
      ...(service.runtime === undefined ? {} : { Runtime: service.runtime }),
      ...(service.init === undefined ? {} : { Init: service.init }),
      ...resourcesOf(service),
      ...(unconfined ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
    }),
    NetworkingConfig: endpoints === undefined ? null : { EndpointsConfig: endpoints },
  };
}

const tmpfs = (entries: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    entries.map((entry) => {
      const colon = entry.indexOf(':');
      return colon < 0 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)];
    }),
  );

function healthcheck(check: NonNullable<Service['healthcheck']>): Record<string, unknown> {
  const interval = nanoseconds(check.interval);
  const timeout = nanoseconds(check.timeout);
  const period = nanoseconds(check.start_period);
  const startInterval = nanoseconds(check.start_interval);
  return {
    ...(check.disable === true ? { Test: ['NONE'] } : check.test === undefined ? {} : { Test: check.test }),
    ...(interval === undefined ? {} : { Interval: interval }),
    ...(timeout === undefined ? {} : { Timeout: timeout }),
    ...(period === undefined ? {} : { StartPeriod: period }),
    ...(startInterval === undefined ? {} : { StartInterval: startInterval }),
    ...(check.retries === undefined ? {} : { Retries: check.retries }),
  };
}

const policies: Readonly<Record<string, string>> = { none: 'no', any: 'always' };

function restartPolicy({ restart = '', deploy }: Service): { Name: string; MaximumRetryCount: number } {
  const policy = deploy?.restart_policy;
  if (policy !== undefined) {
    const { condition = '', max_attempts: attempts = 0 } = policy;
    return { Name: policies[condition] ?? condition, MaximumRetryCount: attempts };
  }
  const [name = '', attempts = '0'] = restart.split(':');
  return { Name: policies[name] ?? name, MaximumRetryCount: Number(attempts) || 0 };
}

/** The network mode, and how the container is on each network (defaultNetworkSettings). */
function networking(options: CreateOptions): { mode: string; endpoints: Record<string, object> | undefined } {
  const { project, service } = options;
  if (service.network_mode !== undefined) return { mode: service.network_mode, endpoints: undefined };
  if (Object.keys(project.networks).length === 0) return { mode: 'none', endpoints: undefined };
  const [primary = 'default', ...others] = networksByPriority(service);
  const endpoints: Record<string, object> = {};
  for (const key of [...others, primary]) {
    const network = project.networks[key];
    if (network === undefined) throw new ComposeError(`service "${options.name}" refers to undefined network ${key}`);
    endpoints[network.name] = endpoint(options, key, key === primary ? service.mac_address : undefined);
  }
  return { mode: project.networks[primary]?.name ?? primary, endpoints };
}

function endpoint(options: CreateOptions, key: string, mac: string | undefined): object {
  const { project, name, service, number, links, aliases = true } = options;
  const config = service.networks?.[key] ?? undefined;
  const driverOpts =
    config?.interface_name === undefined
      ? config?.driver_opts
      : { 'com.docker.network.endpoint.ifname': config.interface_name, ...config.driver_opts };
  return {
    IPAMConfig:
      config === undefined
        ? null
        : {
            ...(config.ipv4_address === undefined ? {} : { IPv4Address: config.ipv4_address }),
            ...(config.ipv6_address === undefined ? {} : { IPv6Address: config.ipv6_address }),
            ...(config.link_local_ips === undefined ? {} : { LinkLocalIPs: config.link_local_ips }),
          },
    Links: links.length === 0 ? null : links,
    Aliases: [containerName(project, name, service, number), ...(aliases ? [name, ...(config?.aliases ?? [])] : [])],
    MacAddress: config?.mac_address ?? mac ?? '',
    DriverOpts: driverOpts ?? null,
    GwPriority: config?.gw_priority ?? 0,
    NetworkID: '',
    EndpointID: '',
    Gateway: '',
    IPAddress: config?.ipv4_address ?? '',
    IPPrefixLen: 0,
    IPv6Gateway: '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    DNSNames: null,
  };
}
