import type { Clock } from '../../../sim/clock';
import type { Random } from '../../../sim/random';
import { err, ok, type Result } from '../../../sim/result';
import type { NetworkAdmin } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import type { EndpointSettings } from '../api-types';
import { isLanDriver } from './drivers';
import type { DockerRules } from './iptables';
import type { Endpoint, Network, PortRequest } from './network';
import { PortAllocator } from './port-allocator';
import { bindPort, startProxy, type BoundPort } from './ports';
import type { PublishedPort } from './rules';

/** How long dockerd takes to unplug a container. Virtual milliseconds. */
const TEARDOWN = 50;

interface EndpointsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly net: NetworkAdmin;
  readonly dockerd: Process;
  /** Publishes a port further out, where the engine's machine is a guest; the result takes it back. */
  readonly expose?: ((port: PublishedPort) => Result<() => void, string>) | undefined;
}

/** Containers' places in networks: interfaces, addresses, routes, published ports. */
export class Endpoints {
  readonly #ports = new PortAllocator();
  readonly #net: NetworkAdmin;
  readonly #random: Random;
  readonly #clock: Clock;
  #dockerd: Process;
  readonly #expose: EndpointsOptions['expose'];
  readonly #exposed = new Map<PublishedPort, () => void>();

  constructor(
    { clock, net, random, dockerd, expose }: EndpointsOptions,
    readonly rules: DockerRules,
  ) {
    this.#clock = clock;
    this.#net = net;
    this.#random = random;
    this.#dockerd = dockerd;
    this.#expose = expose;
  }

  /** dockerd was started again. */
  resume(dockerd: Process): void {
    this.#dockerd = dockerd;
  }

  /** Plugs a container into a network: an interface and addresses. */
  connect(
    network: Network,
    container: { readonly id: string; readonly name: string },
    inside: NetworkAdmin,
    settings: EndpointSettings = {},
  ): Result<Endpoint, string> {
    const { pool, bridge, bridgeConfig } = network;
    // host and none: a place, but nothing is plugged in.
    if (pool === undefined || bridge === undefined)
      return ok(
        this.#place(network, container, settings, {
          address: '',
          address6: '',
          link: '',
          hostLink: undefined,
          mac: '',
        }),
      );
    const wanted = settings.IPAMConfig?.IPv4Address ?? '';
    const address = pool.take(wanted === '' ? undefined : wanted);
    if (address === undefined)
      return err(
        wanted === ''
          ? `no available IPv4 addresses on this network's address pools: ${network.name} (${network.id})`
          : 'Address already in use',
      );
    const wanted6 = settings.IPAMConfig?.IPv6Address ?? '';
    const address6 = network.pool6?.take(wanted6 === '' ? undefined : wanted6);
    if (address6 === undefined && network.pool6 !== undefined) {
      pool.free(address);
      return err('Address already in use');
    }
    const link = freeName(inside, network.options['com.docker.network.container_iface_prefix'] ?? 'eth');
    const hostLink = isLanDriver(network.driver)
      ? this.#ownCard(network.driver, bridge, inside, link)
      : this.#veth(network.namespace ?? this.#net, bridge, inside, link, network.mtu);
    const mac = settings.MacAddress ?? '';
    if (mac !== '') inside.setMac(link, mac.toLowerCase());
    inside.addAddress(link, `${address}/${pool.prefix}`);
    inside.setUp(link, true);
    if (bridgeConfig !== undefined) this.rules.addAddress(bridgeConfig, address);
    const hardware = inside.link(link)?.mac ?? '';
    return ok(
      this.#place(network, container, settings, { address, address6: address6 ?? '', link, hostLink, mac: hardware }),
    );
  }

  #place(
    network: Network,
    { id, name }: { readonly id: string; readonly name: string },
    settings: EndpointSettings,
    plugged: Pick<Endpoint, 'address' | 'address6' | 'link' | 'hostLink' | 'mac'>,
  ): Endpoint {
    const endpoint: Endpoint = {
      address: plugged.address,
      address6: plugged.address6,
      link: plugged.link,
      hostLink: plugged.hostLink,
      mac: plugged.mac,
      id: this.#random.hex(64),
      network,
      containerId: id,
      containerName: name,
      aliases: settings.Aliases ?? [],
      priority: settings.GwPriority ?? 0,
      ports: [],
      proxies: [],
    };
    network.endpoints.set(id, endpoint);
    return endpoint;
  }

  #veth(net: NetworkAdmin, bridge: string, inside: NetworkAdmin, link: string, mtu = 1500): string {
    const hostLink = `veth${this.#random.hex(7)}`;
    net.addVeth(hostLink, { namespace: inside, name: link });
    if (mtu !== 1500) {
      net.setMtu(hostLink, mtu);
      inside.setMtu(link, mtu);
    }
    net.setMaster(hostLink, bridge);
    net.setUp(hostLink, true);
    return hostLink;
  }

  /** macvlan and ipvlan: a card beside the parent's, on the same cable. */
  #ownCard(driver: string, parent: string, inside: NetworkAdmin, link: string): undefined {
    this.#net.addMacvlan(parent, { namespace: inside, name: link, sharesMac: driver === 'ipvlan' });
    return undefined;
  }

  /** Who is the way out: the endpoint of highest priority, then of the first network by name; never an internal one. */
  gatewayOf(endpoints: Iterable<Endpoint>): Endpoint | undefined {
    const able = [...endpoints].filter(
      ({ network }) => !network.internal && network.pool !== undefined && network.scope !== 'swarm',
    );
    return able.sort((a, b) => b.priority - a.priority || (a.network.name < b.network.name ? -1 : 1))[0];
  }

  /** Sets the default route and moves the published ports to where it leads (sandbox.go, updateGateway). */
  updateGateway(
    endpoints: readonly Endpoint[],
    inside: NetworkAdmin,
    requests: readonly PortRequest[],
  ): Result<void, { readonly endpoint: Endpoint; readonly message: string }> {
    const gateway = this.gatewayOf(endpoints);
    inside.deleteRoute('default');
    if (gateway?.network.pool !== undefined)
      inside.addRoute({ destination: 'default', via: gateway.network.pool.gateway, device: gateway.link });
    for (const endpoint of endpoints) if (endpoint !== gateway) this.#unpublish(endpoint);
    if (gateway === undefined || gateway.ports.length > 0) return ok(undefined);
    this.#forgetFlows(gateway);
    const published = this.#publish(gateway, requests);
    return published.ok ? ok(undefined) : err({ endpoint: gateway, message: published.error });
  }

  #publish(endpoint: Endpoint, requests: readonly PortRequest[]): Result<void, string> {
    const { bridgeConfig } = endpoint.network;
    if (bridgeConfig === undefined || bridgeConfig.internal) return ok(undefined);
    const bound: BoundPort[] = [];
    const giveBack = (problem: string): Result<void, string> => {
      for (const { port, release } of bound) {
        release();
        this.#exposed.get(port)?.();
        this.#exposed.delete(port);
        this.#ports.free(port.protocol, port.hostIp, port.hostPort);
      }
      return err(problem);
    };
    for (const request of requests) {
      const taken = this.#bind(endpoint, request);
      bound.push(...taken.bound);
      if (taken.problem !== undefined) return giveBack(taken.problem);
    }
    for (const { port } of bound) {
      const exposed = this.#expose?.(port);
      if (exposed?.ok === false) return giveBack(exposed.error);
      if (exposed !== undefined) this.#exposed.set(port, exposed.value);
    }
    for (const { port } of bound) {
      endpoint.ports.push(port);
      if (port.hostIp.includes(':')) continue;
      const ruled = this.rules.addPort(port);
      if (!ruled.ok) return ruled;
    }
    for (const { port, release } of bound) {
      release();
      if (port.mode === 'routed') continue;
      const proxy = startProxy(this.#dockerd, port);
      if (!proxy.ok) return proxy;
      endpoint.proxies.push(proxy.value);
    }
    return ok(undefined);
  }

  /** Takes the host's ports for one `-p`: on both families' any-addresses if none is named. */
  #bind(endpoint: Endpoint, request: PortRequest): { readonly bound: readonly BoundPort[]; readonly problem?: string } {
    const { address, network } = endpoint;
    const { bridgeConfig, binding = '' } = network;
    if (bridgeConfig === undefined) return { bound: [] };
    const { mode, bridge } = bridgeConfig;
    const { protocol, containerPort } = request;
    const base = { protocol, containerIp: address, containerPort, bridge, mode };
    if (mode === 'routed')
      return { bound: [{ port: { ...base, hostIp: '0.0.0.0', hostPort: 0 }, release: () => undefined }] };
    const hosts = hostAddresses(request.hostIp, binding);
    const bound: BoundPort[] = [];
    const last = request.hostPortEnd ?? request.hostPort;
    for (let asked = request.hostPort; ; asked++) {
      const taken = this.#ports.take(protocol, hosts, asked);
      if (taken.ok) {
        let problem: string | undefined;
        for (const hostIp of hosts) {
          const port: PublishedPort = { ...base, hostIp, hostPort: taken.value };
          const opened = bindPort(this.#dockerd, port);
          if (opened.ok) bound.push({ port, release: opened.value });
          else
            problem ??= `failed to bind host port for ${joined(hostIp, taken.value)}:${address}:${containerPort}/${protocol}: ${opened.error}`;
        }
        if (problem === undefined) return { bound };
        for (const { release } of bound.splice(0)) release();
        for (const hostIp of hosts) this.#ports.free(protocol, hostIp, taken.value);
        if (asked >= last) return { bound: [], problem };
      } else if (asked >= last) return { bound: [], problem: taken.error };
    }
  }

  /** Who has the address next must not get the answers of old connections (clearConntrackEntries). */
  #forgetFlows({ address }: Endpoint): void {
    if (address === '') return;
    this.#net.netfilter.deleteConntrack(
      ({ replySource, replyDestination }) => replySource === address || replyDestination === address,
    );
  }

  #unpublish(endpoint: Endpoint): void {
    for (const port of endpoint.ports) {
      if (!port.hostIp.includes(':')) this.rules.removePort(port);
      if (port.hostPort !== 0) this.#ports.free(port.protocol, port.hostIp, port.hostPort);
      this.#exposed.get(port)?.();
      this.#exposed.delete(port);
    }
    for (const { pid } of endpoint.proxies) this.#dockerd.kill(pid, 'SIGTERM');
    endpoint.ports.length = 0;
    endpoint.proxies.length = 0;
  }

  /** Takes an endpoint away; `inside` is gone already if the container has died. */
  disconnect(endpoint: Endpoint, inside?: NetworkAdmin): void {
    const { network, address, address6, hostLink, link } = endpoint;
    this.#unpublish(endpoint);
    this.#forgetFlows(endpoint);
    // By the time its commands have run, what the container's last connections had to say has been said.
    this.#clock.setTimer(TEARDOWN, () => {
      if (![...network.endpoints.values()].some((other) => other.address === address)) this.#forgetFlows(endpoint);
    });
    if (network.bridgeConfig !== undefined) this.rules.removeAddress(network.bridgeConfig, address);
    if (address !== '') network.pool?.free(address);
    if (address6 !== '') network.pool6?.free(address6);
    const net = network.namespace ?? this.#net;
    const deleted = hostLink !== undefined && net.deleteLink(hostLink).ok;
    if (!deleted && link !== '') inside?.deleteLink(link);
    network.endpoints.delete(endpoint.containerId);
  }
}

/** Without an address a port is published on all, of both families. */
const hostAddresses = (asked: string, binding: string): readonly string[] => {
  if (asked !== '') return [asked];
  return binding === '' || binding === '0.0.0.0' ? ['0.0.0.0', '::'] : [binding];
};

/** `address:port` as Go joins them. */
const joined = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function freeName(inside: NetworkAdmin, prefix: string): string {
  for (let index = 0; ; index++) if (inside.link(`${prefix}${index}`) === undefined) return `${prefix}${index}`;
}
