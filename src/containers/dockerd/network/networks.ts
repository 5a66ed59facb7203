import type { Clock } from '../../../sim/clock';
import type { Random } from '../../../sim/random';
import { err, ok, type Result } from '../../../sim/result';
import type { NetworkAdmin } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import {
  bridgeConfig,
  bridgeOptions,
  checkLanOptions,
  defaultBridgeOptions,
  isLanDriver,
  refusal,
  type BridgeOptions,
  type Refusal,
} from './drivers';
import { Endpoints } from './endpoints';
import { AddressPool, defaultPools, overlaps } from './ipam';
import { Pool6 } from './ipam6';
import { DockerRules } from './iptables';
import { predefined, type IpamConfig, type Network, type NetworkCreate } from './network';
import type { PublishedPort } from './rules';
import { familyOf, validateIpam } from './validate';
import type { SwarmHook } from '../swarm-hook';

interface NetworksOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** The host's own namespace. */
  readonly net: NetworkAdmin;
  /** Parent of the proxies. */
  readonly dockerd: Process;
  readonly expose?: ((port: PublishedPort) => Result<() => void, string>) | undefined;
  /** Default Linux. On Windows containers are behind the host's own address, in the network `nat`. */
  readonly os?: 'linux' | 'windows' | undefined;
}

/** Networks, their bridges and rules (libnetwork). */
export class Networks {
  readonly #byId = new Map<string, Network>();
  readonly rules: DockerRules;
  readonly endpoints: Endpoints;
  #options: NetworksOptions;
  /** Who makes overlay networks. */
  swarm: SwarmHook | undefined;

  constructor(options: NetworksOptions) {
    this.#options = options;
    this.rules = new DockerRules(options.net.netfilter, (args) => {
      const { dockerd } = this.#options;
      dockerd.trace.record(`netfilter@${dockerd.host.name}`, 'iptables', args.join(' '));
    });
    this.endpoints = new Endpoints(options, this.rules);
  }

  /** What dockerd does when it starts. */
  setUp(): void {
    this.#options.net.setSysctl('net.ipv4.ip_forward', '1');
    this.rules.setUp();
    this.#add({ name: 'none', driver: 'null' });
    if (this.#options.os === 'windows') {
      const nat = bridgeOptions({ name: 'nat', driver: 'nat', options: { 'com.docker.network.bridge.name': 'nat' } });
      const request = { name: 'nat', driver: 'nat', options: { 'com.docker.network.windowsshim.networkname': 'nat' } };
      if (nat.ok) this.#addBridge(request, new AddressPool('172.28.0.0/20'), undefined, nat.value);
      return;
    }
    this.#add({ name: 'host', driver: 'host' });
    const request: NetworkCreate = { name: 'bridge', driver: 'bridge', options: defaultBridgeOptions };
    const options = bridgeOptions(request);
    if (options.ok) this.#addBridge(request, new AddressPool('172.17.0.0/16'), undefined, options.value);
  }

  /** dockerd was started again. */
  resume(dockerd: Process): void {
    this.#options = { ...this.#options, dockerd };
    this.endpoints.resume(dockerd);
  }

  /** Newest last, as the API lists them. */
  list(): readonly Network[] {
    return [...this.#byId.values()];
  }

  /** By name, by id or by the beginning of an id. */
  find(text: string): Network | undefined {
    const usual = this.#options.os === 'windows' ? 'nat' : 'bridge';
    const wanted = text === 'default' || text === '' ? usual : text;
    const all = this.list();
    return (
      this.#byId.get(wanted) ??
      all.find(({ name }) => name === wanted) ??
      (/^[0-9a-z]+$/.test(wanted) ? all.find(({ id }) => id.startsWith(wanted)) : undefined)
    );
  }

  create(request: NetworkCreate): Result<Network, Refusal> {
    const { name, driver, ipam, ipv6 = false } = request;
    if (name.trim() === '') return refusal(400, 'invalid name: name is empty');
    if (predefined.has(name) || name === 'default')
      return refusal(403, `operation is not permitted on predefined ${name} network `);
    if (this.list().some((network) => network.name === name))
      return refusal(409, `network with name ${name} already exists`);
    const invalid = validateIpam(ipam?.Config ?? [], ipv6);
    if (invalid !== undefined) return refusal(400, invalid);
    if (driver === 'host' || driver === 'null')
      return refusal(403, `only one instance of "${driver}" network is allowed`);
    if (driver === 'overlay')
      return this.swarm !== undefined
        ? this.swarm.createNetwork(request)
        : refusal(
            403,
            'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
          );
    const plain = this.#options.os === 'windows' ? 'nat' : 'bridge';
    if (driver !== plain && !isLanDriver(driver)) return refusal(404, `plugin "${driver}" not found`);
    if (ipam?.Driver !== undefined && !['', 'default', 'null'].includes(ipam.Driver))
      return refusal(404, `plugin "${ipam.Driver}" not found`);
    return isLanDriver(driver) ? this.#createLan(request) : this.#createBridge(request);
  }

  #createBridge(request: NetworkCreate): Result<Network, Refusal> {
    const { net } = this.#options;
    const options = bridgeOptions(request);
    if (!options.ok) return options;
    const { name } = options.value;
    if (name !== undefined) {
      const holder = this.list().find(({ bridge, driver }) => bridge === name && driver === 'bridge');
      if (holder !== undefined)
        return refusal(403, `conflicts with network ${holder.id} (${holder.name}): networks have same bridge name`);
      if (name.length > 15) return refusal(400, `invalid bridge name: ${name}`);
      if (net.link(name) !== undefined && net.link(name)?.kind !== 'bridge')
        return refusal(400, `existing interface ${name} is not a bridge`);
    }
    const pool = this.#pool(request);
    if (!pool.ok) return pool;
    const pool6 = this.#pool6(request);
    return pool6.ok ? ok(this.#addBridge(request, pool.value, pool6.value, options.value)) : pool6;
  }

  #createLan(request: NetworkCreate): Result<Network, Refusal> {
    const { net, random } = this.#options;
    const problem = checkLanOptions(request);
    if (problem !== undefined) return err(problem);
    const pool = this.#pool(request);
    if (!pool.ok) return pool;
    const id = random.hex(64);
    const given = request.options?.['parent'] ?? '';
    // Without a parent the network is a cable that ends nowhere: a dummy device.
    const parent = given === '' ? `dm-${id.slice(0, 12)}` : given;
    if (net.link(parent) === undefined) {
      if (given !== '') return refusal(400, `-o parent interface was not found on the host: ${given}`);
      net.addDummy(parent);
      net.setUp(parent, true);
    }
    const network = this.#add(request, { pool: pool.value, bridge: parent }, id);
    return ok(network);
  }

  /** The IPv4 subnet asked for, or the first default one that neither a network nor one of the host's routes uses. */
  #pool({ ipam }: NetworkCreate): Result<AddressPool, Refusal> {
    const used = this.list().flatMap(({ pool }) => (pool === undefined ? [] : [pool.subnet]));
    const asked = ipam?.Config?.filter(({ Subnet = '' }) => familyOf(Subnet) === 'IPv4') ?? [];
    if (asked.length > 1) return refusal(400, `bridge driver doesn't support multiple subnets`);
    const [config] = asked;
    const chosen = config?.Subnet ?? '';
    if (used.some((subnet) => overlaps(subnet, chosen)))
      return refusal(403, 'invalid pool request: Pool overlaps with other one on this address space');
    const subnet = chosen === '' ? this.#freePool(used) : chosen;
    if (subnet === undefined) return refusal(404, 'all predefined address pools have been fully subnetted');
    const gateway = config?.Gateway === '' ? undefined : config?.Gateway;
    const range = config?.IPRange === '' ? undefined : config?.IPRange;
    return ok(new AddressPool(subnet, gateway, range, Object.values(config?.AuxiliaryAddresses ?? {})));
  }

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

  /** The IPv6 subnet: a random unique local one if none is asked for (RFC 4193). */
  #pool6({ ipv6 = false, ipam }: NetworkCreate): Result<Pool6 | undefined, Refusal> {
    if (!ipv6) return ok(undefined);
    const asked = ipam?.Config?.find(({ Subnet = '' }) => familyOf(Subnet) === 'IPv6');
    const digits = this.#options.random.hex(10);
    const subnet = asked?.Subnet ?? `fd${digits.slice(0, 2)}:${digits.slice(2, 6)}:${digits.slice(6, 10)}::/64`;
    return ok(new Pool6(subnet, asked?.Gateway === '' ? undefined : asked?.Gateway));
  }

  #add(request: NetworkCreate, more: Partial<Network> = {}, id = this.#options.random.hex(64)): Network {
    const { name, driver, ipam } = request;
    const configured = (ipam?.Config ?? []).some(({ Subnet = '' }) => Subnet !== '');
    const network: Network = {
      id,
      name,
      driver,
      createdAt: this.#options.clock.now,
      internal: request.internal === true,
      attachable: request.attachable === true,
      labels: request.labels ?? {},
      options: request.options ?? {},
      ipam: {
        driver: ipam?.Driver === undefined || ipam.Driver === '' ? 'default' : ipam.Driver,
        options: ipam?.Options ?? null,
        config: ipamOf(request, more),
      },
      ipv4: request.ipv4 !== false,
      ipv6: request.ipv6 === true,
      configured,
      endpoints: new Map(),
      ...more,
    };
    this.#byId.set(network.id, network);
    return network;
  }

  #addBridge(request: NetworkCreate, pool: AddressPool, pool6: Pool6 | undefined, options: BridgeOptions): Network {
    const { net, random } = this.#options;
    const id = random.hex(64);
    const name = options.name ?? `br-${id.slice(0, 12)}`;
    const config = bridgeConfig(name, pool.subnet, request.internal === true, options);
    const six = pool6 === undefined ? {} : { pool6 };
    const network = this.#add(
      request,
      { pool, ...six, bridge: name, bridgeConfig: config, mtu: options.mtu, binding: options.binding },
      id,
    );
    if (net.link(name) === undefined) net.addBridge(name);
    // An isolated network has no address on the host.
    if (options.mode !== 'isolated') net.addAddress(name, `${pool.gateway}/${pool.prefix}`);
    net.setUp(name, true);
    this.rules.addBridge(config);
    return network;
  }

  /** A network whose bridge somebody else has made. */
  adopt(request: NetworkCreate, more: Partial<Network>, id: string): Network {
    return this.#add(request, more, id);
  }

  remove(network: Network): void {
    if (network.namespace !== undefined) {
      this.#byId.delete(network.id);
      return;
    }
    const { net } = this.#options;
    const { bridge, bridgeConfig: config } = network;
    if (config !== undefined) {
      this.rules.removeBridge(config);
      net.deleteLink(config.bridge);
    } else if (bridge !== undefined && (network.options['parent'] ?? '') === '') net.deleteLink(bridge);
    this.#byId.delete(network.id);
  }
}

/** `IPAM.Config` as `network inspect` shows it: what was asked for, with the subnets and gateways that were chosen. */
function ipamOf({ ipam, driver }: NetworkCreate, { pool, pool6 }: Partial<Network>): readonly IpamConfig[] {
  const asked = ipam?.Config ?? [];
  const lan = isLanDriver(driver);
  const of = (family: 'IPv4' | 'IPv6') => asked.find(({ Subnet = '' }) => familyOf(Subnet) === family) ?? {};
  return [
    ...(pool === undefined ? [] : [shown(of('IPv4'), pool, lan)]),
    ...(pool6 === undefined ? [] : [shown(of('IPv6'), pool6, lan)]),
  ];
}

/** A gateway that nobody asked for is a bridge's own address; networks of macvlan and ipvlan have none. */
function shown(
  { IPRange = '', AuxiliaryAddresses, Gateway }: IpamConfig,
  { subnet, gateway }: { readonly subnet: string; readonly gateway: string },
  lan: boolean,
): IpamConfig {
  return {
    Subnet: subnet,
    ...(IPRange === '' ? {} : { IPRange }),
    ...(lan && (Gateway ?? '') === '' ? {} : { Gateway: gateway }),
    ...(AuxiliaryAddresses === undefined || Object.keys(AuxiliaryAddresses).length === 0 ? {} : { AuxiliaryAddresses }),
  };
}
