import { formatIpv4, netmask, parseCidr } from '../../linux/net/address';
import { pinFile, unpinFile } from '../../linux/net/netns';
import { createNetworkNamespace } from '../../linux/net/stack';
import type { NetworkAdmin } from '../../linux/net/types';
import { err, ok, type Result } from '../../sim/result';
import { refusal, type Refusal } from '../dockerd/network/drivers';
import type { Engine } from '../dockerd/engine';
import { overlaps } from '../dockerd/network/ipam';
import { listenForNames } from '../dockerd/network/dns';
import { sandboxFolder } from '../dockerd/network/sandbox';
import type { Endpoint, Network, NetworkCreate } from '../dockerd/network/network';
import { newId } from './identity';
import { OverlayPool } from './overlay-pool';
import { RoutingMesh } from './routing-mesh';
import type { Store } from './store';

const gatewayName = 'docker_gwbridge';
/** Number of the first virtual network (manager/allocator: vxlan ids below 4096 are VLANs'). */
const FIRST_VXLAN = 4096;

export interface Overlay {
  readonly network: Network;
  readonly pool: OverlayPool;
}

/** The networks of a swarm on this node: `ingress`, those that people make, and the bridge by which tasks get out. */
export class SwarmNetworks {
  readonly #overlays = new Map<string, Overlay>();
  #vxlan = FIRST_VXLAN;
  #namespaces = 900_000;
  readonly mesh: RoutingMesh;
  /** The namespace in which published ports arrive. */
  readonly sandbox: NetworkAdmin;
  #sandboxEndpoints: readonly Endpoint[] = [];
  #dns: { close(): void } | undefined;

  constructor(
    readonly engine: Engine,
    readonly store: Store,
    readonly pools: readonly string[],
    readonly subnetSize: number,
  ) {
    this.sandbox = this.#namespace('ingress_sbox');
    this.mesh = new RoutingMesh(engine, this.sandbox);
  }

  get gateway(): Network | undefined {
    return this.engine.networks.find(gatewayName);
  }

  get ingress(): Overlay | undefined {
    return [...this.#overlays.values()].find(({ network }) => network.ingress === true);
  }

  overlay(id: string): Overlay | undefined {
    return this.#overlays.get(id);
  }

  overlays(): readonly Overlay[] {
    return [...this.#overlays.values()];
  }

  /** What joining a swarm makes. */
  setUp(): Result<void, Refusal> {
    if (this.gateway === undefined) {
      const made = this.engine.networks.create({
        name: gatewayName,
        driver: 'bridge',
        options: {
          'com.docker.network.bridge.enable_icc': 'false',
          'com.docker.network.bridge.enable_ip_masquerade': 'true',
          'com.docker.network.bridge.name': gatewayName,
        },
      });
      if (!made.ok) return made;
    }
    const ingress = this.create({ name: 'ingress', driver: 'overlay' }, true);
    if (!ingress.ok) return ingress;
    const { gateway } = this;
    if (gateway === undefined) return ok(undefined);
    this.sandbox.setUp('lo', true);
    const who = { id: 'ingress-sbox', name: 'ingress-endpoint' };
    const { endpoints } = this.engine.networks;
    const own = this.ingress?.pool.allocate();
    const inside = endpoints.connect(
      ingress.value,
      who,
      this.sandbox,
      own === undefined ? {} : { IPAMConfig: { IPv4Address: own } },
    );
    const outside = endpoints.connect(gateway, { ...who, name: 'gateway_ingress-sbox' }, this.sandbox);
    this.#sandboxEndpoints = [inside, outside].flatMap((made) => (made.ok ? [made.value] : []));
    if (outside.ok) {
      this.sandbox.addRoute({ destination: 'default', via: gateway.pool?.gateway ?? '', device: outside.value.link });
      this.mesh.setUp(gatewayName, outside.value.address, own ?? '');
    }
    this.#dns = listenForNames(this.engine, this.sandbox, () =>
      Promise.resolve({ code: 'NXDOMAIN', answers: [], authoritative: false }),
    );
    return ok(undefined);
  }

  /** Makes an overlay network (the managers' allocator and the node's driver in one). */
  create(request: NetworkCreate, ingress = false): Result<Network, Refusal> {
    const { networks, options } = this.engine;
    const asked = request.ipam?.Config?.find(({ Subnet = '' }) => Subnet !== '');
    const subnet = asked?.Subnet ?? this.#freeSubnet();
    if (subnet === undefined)
      return refusal(
        500,
        'rpc error: code = Unknown desc = could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
      );
    if (this.overlays().some(({ pool }) => overlaps(pool.subnet, subnet)))
      return err({
        status: 400,
        message: 'rpc error: code = InvalidArgument desc = Pool overlaps with other one on this address space',
      });
    const { address, length } = parseCidr(subnet) ?? { address: 0, length: 24 };
    const gateway = asked?.Gateway ?? formatIpv4(((address & netmask(length)) >>> 0) + 1);
    const pool = new OverlayPool(subnet, gateway, asked?.IPRange);
    const id = newId(options.random);
    const namespace = this.#namespace(`1-${id.slice(0, 10)}`);
    namespace.addBridge('br0');
    namespace.addAddress('br0', `${gateway}/${pool.prefix}`);
    namespace.setUp('br0', true);
    const network = networks.adopt(
      {
        ...request,
        options: { 'com.docker.network.driver.overlay.vxlanid_list': String(this.#vxlan++), ...request.options },
      },
      { pool, bridge: 'br0', namespace, scope: 'swarm', ingress, configured: true, mtu: 1450 },
      id,
    );
    this.#overlays.set(id, { network, pool });
    return ok(network);
  }

  #freeSubnet(): string | undefined {
    const used = this.overlays().map(({ pool }) => pool.subnet);
    for (const whole of this.pools) {
      const { address, length } = parseCidr(whole) ?? { address: 0, length: 32 };
      const step = 2 ** (32 - this.subnetSize);
      for (let base = address; base < address + 2 ** (32 - length); base += step) {
        const subnet = `${formatIpv4(base >>> 0)}/${this.subnetSize}`;
        if (!used.some((other) => overlaps(other, subnet))) return subnet;
      }
    }
    return undefined;
  }

  /** Whether it may go is the caller's to know. */
  remove(network: Network): void {
    this.#overlays.delete(network.id);
    this.engine.networks.remove(network);
    network.namespace?.destroy();
    this.#forgetNamespace(`1-${network.id.slice(0, 10)}`);
  }

  /** The node leaves the swarm: of its networks only the bridge stays. */
  tearDown(): void {
    this.mesh.tearDown();
    this.#dns?.close();
    for (const endpoint of this.#sandboxEndpoints) this.engine.networks.endpoints.disconnect(endpoint, this.sandbox);
    this.sandbox.destroy();
    this.#forgetNamespace('ingress_sbox');
    for (const { network } of this.overlays()) this.remove(network);
  }

  #namespace(name: string): NetworkAdmin {
    const { clock, random, trace, host, dockerd } = this.engine.options;
    const net = createNetworkNamespace({ id: this.#namespaces++, clock, random, trace, hostName: host.name });
    pinFile(dockerd, `${sandboxFolder}/${name}`, net);
    return net;
  }

  #forgetNamespace(name: string): void {
    unpinFile(this.engine.options.dockerd, `${sandboxFolder}/${name}`);
  }
}
