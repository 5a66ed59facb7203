import { configJson } from './config-order';
import { goTimestamp } from '../shim/timestamp';
import { familiarString, parseReference } from '../images/reference';
import { commandOf, isRunning, statusText, type Container } from './container';
import type { Engine } from './engine';
import { dnsNames } from './network/dns';
import type { Endpoint, Network } from './network/network';
import { sandboxKey } from './network/sandbox';
import { sizeBelow } from './folder-size';
import { containerFolder } from './spec';

const never = '0001-01-01T00:00:00Z';
const instant = (ms: number, below = 0): string => (ms === 0 ? never : goTimestamp(ms, below));

/** GET /containers/{id}/json. Keys stand in the order of the API's structures. */
export function inspect(engine: Engine, container: Container, size: boolean): object {
  const { id, config, hostConfig, snapshot, everStarted, health } = container;
  const [path = '', ...args] = commandOf(container);
  const folder = containerFolder(id);
  const file = (name: string): string => (everStarted || isRunning(container) ? `${folder}/${name}` : '');
  const running = isRunning(container);
  return {
    Id: id,
    Created: instant(container.createdAt, digits(id, 0)),
    Path: path,
    Args: args,
    State: {
      Status: container.status,
      Running: running,
      Paused: container.status === 'paused',
      Restarting: container.status === 'restarting',
      OOMKilled: container.oomKilled,
      Dead: container.status === 'dead',
      Pid: running && container.status !== 'restarting' ? (container.process?.pid ?? 0) : 0,
      ExitCode: container.exitCode,
      Error: container.error,
      StartedAt: instant(container.startedAt, digits(id, 5)),
      FinishedAt: instant(container.finishedAt, digits(id, 10)),
      ...(health === undefined
        ? {}
        : { Health: { Status: health.status, FailingStreak: health.failingStreak, Log: health.log } }),
    },
    Image: container.image.id,
    ResolvConfPath: file('resolv.conf'),
    HostnamePath: file('hostname'),
    HostsPath: file('hosts'),
    LogPath: hostConfig.LogConfig.Type === 'json-file' ? file(`${id}-json.log`) : '',
    Name: `/${container.name}`,
    RestartCount: container.restartCount,
    Driver: 'overlay2',
    Platform: container.image.os,
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: container.spec?.process.apparmor ?? '',
    ExecIDs: container.execs.size === 0 ? null : [...container.execs.keys()],
    HostConfig: hostConfig,
    GraphDriver: {
      Data: {
        ID: id,
        LowerDir: [
          `/var/lib/docker/overlay2/${snapshot.id}-init/diff`,
          ...container.image.layers.map((layer) => `${engine.snapshotter.pathOf(layer) ?? ''}/diff`).reverse(),
        ].join(':'),
        MergedDir: snapshot.target,
        UpperDir: snapshot.upper,
        WorkDir: snapshot.work,
      },
      Name: 'overlay2',
    },
    ...(size ? sizesOf(engine, container) : {}),
    Mounts: container.mounts.filter(({ type }) => type !== 'tmpfs').map(mountJson),
    Config: configJson(config),
    NetworkSettings: networkSettings(engine, container),
  };
}

function mountJson({ type, volume, source, destination, mode, writable }: Container['mounts'][number]): object {
  return type === 'volume'
    ? {
        Type: 'volume',
        Name: volume?.name ?? '',
        Source: source,
        Destination: destination,
        Driver: 'local',
        Mode: mode,
        RW: writable,
        Propagation: '',
      }
    : { Type: 'bind', Source: source, Destination: destination, Mode: mode, RW: writable, Propagation: 'rprivate' };
}

function networkSettings(engine: Engine, container: Container): object {
  const bridge = [...container.endpoints.values()].find(({ network }) => network.name === 'bridge');
  const live = isRunning(container);
  return {
    Bridge: '',
    SandboxID: live ? container.sandboxId : '',
    SandboxKey: live ? sandboxKey(container) : '',
    Ports: live ? portsOf(container) : {},
    HairpinMode: false,
    LinkLocalIPv6Address: '',
    LinkLocalIPv6PrefixLen: 0,
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: bridge?.id ?? '',
    Gateway: bridge?.network.pool?.gateway ?? '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    IPAddress: bridge?.address ?? '',
    IPPrefixLen: bridge?.network.pool?.prefix ?? 0,
    IPv6Gateway: '',
    MacAddress: bridge?.mac ?? '',
    Networks: networksOf(engine, container),
  };
}

function networksOf(engine: Engine, container: Container, listed = false): Readonly<Record<string, object>> {
  const networks: Record<string, object> = {};
  for (const name of [...container.networking.keys()].sort()) {
    const network = engine.networks.find(name);
    const endpoint = network === undefined ? undefined : container.endpoints.get(network.id);
    networks[name] = endpointJson(container, network, endpoint, listed);
  }
  return networks;
}

/** `listed`: the list leaves names out (container/view.go). */
function endpointJson(
  container: Container,
  network: Network | undefined,
  endpoint: Endpoint | undefined,
  listed: boolean,
): object {
  const settings = network === undefined ? undefined : container.networking.get(network.name);
  const own = network !== undefined && !['bridge', 'host', 'none'].includes(network.name);
  const { IPAMConfig = null, Links = null, Aliases = null, DriverOpts = null, GwPriority = 0 } = settings ?? {};
  return {
    IPAMConfig,
    Links,
    Aliases: listed ? null : Aliases,
    MacAddress: endpoint?.mac ?? '',
    DriverOpts,
    GwPriority,
    NetworkID: settings?.NetworkID ?? endpoint?.network.id ?? '',
    EndpointID: endpoint?.id ?? '',
    Gateway: endpoint?.network.internal === false ? (endpoint.network.pool?.gateway ?? '') : '',
    IPAddress: endpoint?.address ?? '',
    IPPrefixLen: endpoint?.network.pool?.prefix ?? 0,
    IPv6Gateway: endpoint?.network.pool6?.gateway ?? '',
    GlobalIPv6Address: endpoint?.address6 ?? '',
    GlobalIPv6PrefixLen: endpoint?.network.pool6?.prefix ?? 0,
    DNSNames: own && !listed && container.everStarted ? dnsNames(container, Aliases ?? []) : null,
  };
}

/** `{"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}`: exposed ports without bindings are null. */
function portsOf({ config, endpoints }: Container): Readonly<Record<string, unknown>> {
  const ports: Record<string, { HostIp: string; HostPort: string }[] | null> = {};
  const plugged = [...endpoints.values()].some(({ address }) => address !== '');
  if (plugged) for (const port of Object.keys(config.ExposedPorts ?? {})) ports[port] = null;
  for (const endpoint of endpoints.values()) {
    for (const { containerPort, protocol, hostIp, hostPort } of endpoint.ports)
      (ports[`${containerPort}/${protocol}`] ??= []).push({ HostIp: hostIp, HostPort: String(hostPort) });
  }
  return ports;
}

/** One entry of GET /containers/json. */
export function listed(engine: Engine, container: Container, size: boolean): object {
  const { id, config, hostConfig, image } = container;
  const [path = '', ...args] = commandOf(container);
  const running = isRunning(container);
  return {
    Id: id,
    Names: [`/${container.name}`],
    Image: imageName(engine, container),
    ImageID: image.id,
    Command: [path, ...args.map(quoted)].join(' '),
    Created: Math.floor(container.createdAt / 1000),
    Ports: running ? listedPorts(container) : [],
    ...(size ? withoutNothing(sizesOf(engine, container)) : {}),
    Labels: sorted(config.Labels),
    State: container.status,
    Status: statusText(container, engine.now),
    HostConfig: { NetworkMode: hostConfig.NetworkMode },
    NetworkSettings: { Networks: networksOf(engine, container, true) },
    Mounts: container.mounts.filter(({ type }) => type !== 'tmpfs').map(mountJson),
  };
}

/** The name by which it was made, unless that means another image by now. */
function imageName(engine: Engine, { config, image }: Container): string {
  const stored = engine.images.find(config.Image);
  if (stored?.image !== image) return image.id;
  const parsed = parseReference(config.Image);
  return parsed.ok && !/^[0-9a-f]{12,64}$/.test(config.Image) ? familiarString(parsed.value) : config.Image;
}

interface ListedPort {
  readonly IP?: string;
  readonly PrivatePort: number;
  readonly PublicPort?: number;
  readonly Type: string;
}

/** Published ports, and those that are only exposed. */
export function listedPorts({ config, endpoints }: Container): readonly ListedPort[] {
  const ports: ListedPort[] = [];
  const published = new Set<string>();
  for (const endpoint of endpoints.values()) {
    for (const { hostIp, hostPort, containerPort, protocol } of endpoint.ports) {
      published.add(`${containerPort}/${protocol}`);
      ports.push({ IP: hostIp, PrivatePort: containerPort, PublicPort: hostPort, Type: protocol });
    }
  }
  // An internal network has no ports to offer.
  if (![...endpoints.values()].some(({ address, network }) => address !== '' && !network.internal)) return ports;
  for (const port of Object.keys(config.ExposedPorts ?? {})) {
    const [number = '', protocol = 'tcp'] = port.split('/');
    if (!published.has(port)) ports.push({ PrivatePort: Number(number), Type: protocol });
  }
  return ports;
}

/** What the container wrote, and that with its image. */
function sizesOf({ options: { host } }: Engine, { snapshot, image }: Container) {
  const written = sizeBelow(host.fs, snapshot.upper);
  return { SizeRw: written, SizeRootFs: image.size + written };
}

/** Of lists it is left out where it is nothing. */
const withoutNothing = ({ SizeRw, SizeRootFs }: ReturnType<typeof sizesOf>): object =>
  SizeRw === 0 ? { SizeRootFs } : { SizeRw, SizeRootFs };

/** A word with what would part it in quotes, as `docker ps` shows commands (list.go, `'…'`). */
const quoted = (word: string): string => (word.includes(' ') ? `'${word}'` : word);

const sorted = (labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Digits below the millisecond, always the same for one container. */
const digits = (id: string, offset: number): number => parseInt(id.slice(offset, offset + 5), 16) % 1_000_000;
