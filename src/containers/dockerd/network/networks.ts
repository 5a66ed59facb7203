import { err, ok, type Result } from '../../../sim/result';
import type { Clock } from '../../../sim/clock';
import type { Random } from '../../../sim/random';
import type { NetworkAdmin } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import type { EndpointSettings } from '../api-types';
import { AddressPool, defaultPools, overlaps } from './ipam';
import { DockerRules, type PublishedPort } from './iptables';
import { PortAllocator, startProxy } from './ports';

/** A network of the engine: `bridge`, `host`, `none`, or one that somebody made. */
export interface Network {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly createdAt: number;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  /** Bridges only. */
  readonly pool?: AddressPool;
  readonly bridge?: string;
  /** Somebody chose the subnet: then containers may choose addresses. */
  readonly configured: boolean;
  readonly endpoints: Map<string, Endpoint>;
}

/** A container's place in a network. */
export interface Endpoint {
  readonly id: string;
  readonly network: Network;
  readonly containerId: string;
  readonly containerName: string;
  readonly address: string;
  readonly mac: string;
  readonly link: string;
  readonly hostLink: string;
  readonly aliases: readonly string[];
  readonly ports: PublishedPort[];
  readonly proxies: { readonly pid: number }[];
}

export interface NetworkCreate {
  readonly name: string;
  readonly driver: string;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly subnet?: string;
  readonly gateway?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string>>;
}

export interface PortRequest {
  readonly protocol: string;
  readonly containerPort: number;
  readonly hostIp: string;
  /** 0: any. */
  readonly hostPort: number;
}

export interface NetworksOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** The host's own namespace. */
  readonly net: NetworkAdmin;
  /** Parent of the proxies. */
  readonly dockerd: Process;
}

/** Networks, their bridges and rules (libnetwork). */
export class Networks {
  readonly #byId = new Map<string, Network>();
  readonly #ports = new PortAllocator();
  readonly rules: DockerRules;
  #options: NetworksOptions;

  constructor(options: NetworksOptions) {
    this.#options = options;
    this.rules = new DockerRules(options.net.netfilter, (args) => {
      const { dockerd } = options;
      dockerd.trace.record(`netfilter@${dockerd.host.name}`, 'iptables', args.join(' '));
    });
  }

  /** What dockerd does when it starts. */
  setUp(): void {
    const { net } = this.#options;
    net.setSysctl('net.ipv4.ip_forward', '1');
    this.rules.setUp();
    this.#add({ name: 'host', driver: 'host' });
    this.#add({ name: 'none', driver: 'null' });
    this.#addBridge(
      {
        name: 'bridge',
        driver: 'bridge',
        options: {
          'com.docker.network.bridge.default_bridge': 'true',
          'com.docker.network.bridge.enable_icc': 'true',
          'com.docker.network.bridge.enable_ip_masquerade': 'true',
          'com.docker.network.bridge.host_binding_ipv4': '0.0.0.0',
          'com.docker.network.bridge.name': 'docker0',
          'com.docker.network.driver.mtu': '1500',
        },
      },
      new AddressPool('172.17.0.0/16'),
      'docker0',
    );
  }

  /** dockerd was started again. */
  resume(dockerd: Process): void {
    this.#options = { ...this.#options, dockerd };
  }

  /** Newest last, as the API lists them. */
  list(): readonly Network[] {
    return [...this.#byId.values()];
  }

  /** By name, by id or by the beginning of an id. */
  find(text: string): Network | undefined {
    const wanted = text === 'default' || text === '' ? 'bridge' : text;
    const all = this.list();
    return (
      this.#byId.get(wanted) ??
      all.find(({ name }) => name === wanted) ??
      (/^[0-9a-f]+$/.test(wanted) ? all.find(({ id }) => id.startsWith(wanted)) : undefined)
    );
  }

  create(request: NetworkCreate): Result<Network, { readonly status: number; readonly message: string }> {
    const { name, driver } = request;
    if (!/^[a-zA-Z0-9]/.test(name)) {
      return err({ status: 400, message: `invalid network name: ${name}` });
    }
    if (['bridge', 'host', 'none', 'default'].includes(name))
      return err({ status: 403, message: `operation is not permitted on predefined ${name} network ` });
    if (this.list().some((network) => network.name === name))
      return err({ status: 409, message: `network with name ${name} already exists` });
    if (driver === 'host' || driver === 'null')
      return err({ status: 403, message: `only one instance of "${driver}" network is allowed` });
    if (driver !== 'bridge')
      return err({ status: 404, message: `could not find plugin ${driver} in v1 plugin registry: plugin not found` });
    const used = this.list().flatMap(({ pool }) => (pool === undefined ? [] : [pool.subnet]));
    if (request.subnet !== undefined && used.some((subnet) => overlaps(subnet, request.subnet ?? '')))
      return err({ status: 403, message: 'invalid pool request: Pool overlaps with other one on this address space' });
    const subnet = request.subnet ?? this.#freePool(used);
    if (subnet === undefined)
      return err({ status: 500, message: 'all predefined address pools have been fully subnetted' });
    return ok(this.#addBridge(request, new AddressPool(subnet, request.gateway)));
  }

  /** A pool that neither a network nor one of the host's routes uses. */
  #freePool(used: readonly string[]): string | undefined {
    const routes = this.#options.net
      .routes()
      .map(({ destination }) => destination)
      .filter((destination) => destination !== 'default');
    for (const pool of defaultPools()) {
      if (![...used, ...routes].some((other) => overlaps(pool, other.includes('/') ? other : `${other}/32`)))
        return pool;
    }
    return undefined;
  }

  #add(
    request: NetworkCreate,
    more: Pick<Network, 'pool' | 'bridge'> = {},
    id = this.#options.random.hex(64),
  ): Network {
    const network: Network = {
      id,
      name: request.name,
      driver: request.driver,
      createdAt: this.#options.clock.now,
      internal: request.internal === true,
      attachable: request.attachable === true,
      labels: request.labels ?? {},
      options: request.options ?? {},
      configured: request.subnet !== undefined,
      endpoints: new Map(),
      ...more,
    };
    this.#byId.set(network.id, network);
    return network;
  }

  #addBridge(request: NetworkCreate, pool: AddressPool, bridge?: string): Network {
    const { net, random } = this.#options;
    const id = random.hex(64);
    const name = bridge ?? request.options?.['com.docker.network.bridge.name'] ?? `br-${id.slice(0, 12)}`;
    const network = this.#add(request, { pool, bridge: name }, id);
    if (net.link(name) === undefined) {
      net.addBridge(name);
      net.addAddress(name, `${pool.gateway}/${pool.prefix}`);
      net.setUp(name, true);
    }
    this.rules.addBridge(name, pool.subnet, network.internal);
    return network;
  }

  remove(network: Network): void {
    const { net } = this.#options;
    if (network.bridge !== undefined && network.pool !== undefined) {
      this.rules.removeBridge(network.bridge, network.pool.subnet, network.internal);
      net.deleteLink(network.bridge);
    }
    this.#byId.delete(network.id);
  }

  /** Plugs a container into a network: a veth pair into the bridge, an address, the default route. */
  connect(
    network: Network,
    container: { readonly id: string; readonly name: string },
    inside: NetworkAdmin,
    settings: EndpointSettings = {},
  ): Result<Endpoint, string> {
    const { net, random } = this.#options;
    const { pool, bridge } = network;
    if (pool === undefined || bridge === undefined) return err(`network ${network.name} has no bridge`);
    const wanted = settings.IPAMConfig?.IPv4Address;
    const address = pool.take(wanted === '' ? undefined : wanted);
    if (address === undefined)
      return err(
        wanted === undefined ? "no available IPv4 addresses on this network's address pools" : 'Address already in use',
      );
    const hostLink = `veth${random.hex(7)}`;
    const link = freeName(inside);
    net.addVeth(hostLink, { namespace: inside, name: link });
    net.setMaster(hostLink, bridge);
    net.setUp(hostLink, true);
    inside.addAddress(link, `${address}/${pool.prefix}`);
    inside.setUp(link, true);
    const gatewayHere = ![...inside.routes()].some(({ destination }) => destination === 'default');
    if (!network.internal && gatewayHere) inside.addRoute({ destination: 'default', via: pool.gateway, device: link });
    if (!network.internal) this.rules.addAddress(bridge, address);
    const endpoint: Endpoint = {
      id: random.hex(64),
      network,
      containerId: container.id,
      containerName: container.name,
      address,
      mac: inside.link(link)?.mac ?? '',
      link,
      hostLink,
      aliases: settings.Aliases ?? [],
      ports: [],
      proxies: [],
    };
    network.endpoints.set(container.id, endpoint);
    return ok(endpoint);
  }

  /** Publishes ports of an endpoint: the error is what follows `driver failed programming external connectivity …: `. */
  publish(endpoint: Endpoint, requests: readonly PortRequest[]): Result<void, string> {
    const { bridge } = endpoint.network;
    if (bridge === undefined) return ok(undefined);
    for (const { protocol, containerPort, hostIp, hostPort: asked } of requests) {
      const ip = hostIp === '' ? '0.0.0.0' : hostIp;
      const taken = this.#ports.take(protocol, ip, asked);
      if (!taken.ok) return taken;
      const hostPort = taken.value;
      const port = { protocol, hostIp: ip, hostPort, containerIp: endpoint.address, containerPort, bridge };
      const proxy = startProxy(this.#options.dockerd, port);
      if (!proxy.ok) {
        this.#ports.free(protocol, ip, hostPort);
        return err(
          `failed to bind host port for ${ip}:${hostPort}:${endpoint.address}:${containerPort}/${protocol}: ${proxy.error}`,
        );
      }
      endpoint.ports.push(port);
      endpoint.proxies.push(proxy.value);
      const ruled = this.rules.addPort(port);
      if (!ruled.ok) return ruled;
    }
    return ok(undefined);
  }

  /** Takes an endpoint away; `inside` is gone already if the container has died. */
  disconnect(endpoint: Endpoint, inside?: NetworkAdmin): void {
    const { net, dockerd } = this.#options;
    const { network, address, hostLink, link } = endpoint;
    for (const port of endpoint.ports) {
      this.rules.removePort(port);
      this.#ports.free(port.protocol, port.hostIp, port.hostPort);
    }
    for (const { pid } of endpoint.proxies) dockerd.kill(pid, 'SIGTERM');
    if (network.bridge !== undefined && !network.internal) this.rules.removeAddress(network.bridge, address);
    network.pool?.free(address);
    if (net.link(hostLink) !== undefined) net.deleteLink(hostLink);
    else inside?.deleteLink(link);
    network.endpoints.delete(endpoint.containerId);
  }
}

function freeName(inside: NetworkAdmin): string {
  for (let index = 0; ; index++) if (inside.link(`eth${index}`) === undefined) return `eth${index}`;
}
