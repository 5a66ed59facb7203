import { FewMap } from '../../sim/few-map';
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import { ok } from '../../sim/result';
import type { Trace } from '../../sim/trace';
import { fail, type Sys } from '../errno';
import type { Process } from '../process/types';
import { isLoopback, isMulticast, netmask, parseCidr, parseIpv4, type Cidr } from './address';
import { Taps } from './capture';
import { ErrorLimit } from './error-limit';
import { Switch } from './lan';
import { Device } from './link';
import { addMacvlan } from './macvlan';
import { Netfilter } from './netfilter/netfilter';
import {
  RouteTable,
  decisionView,
  parseDestination,
  parseRoute,
  routeView,
  type Decision,
  type RouteEntry,
} from './route';
import { ping } from './sockets/icmp';
import { SocketTable } from './sockets/table';
import { connectTcp, listenTcp, type ConnectOptions } from './sockets/connect';
import { datagram6, isIpv6, listen6 } from './sockets/ipv6';
import { openDatagram } from './sockets/udp';
import { connectUnix, listenUnix } from './sockets/unix';
import { Sysctls } from './sysctl';
import type {
  DatagramSocket,
  EchoOptions,
  EchoReply,
  Endpoint,
  Lan,
  Link,
  ListenAt,
  Listener,
  Macvlan,
  NetworkAdmin,
  Route,
  SocketInfo,
  StreamSocket,
} from './types';

export interface StackOptions {
  readonly id: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly hostName: string;
  /** Its kernel has br_netfilter. */
  readonly bridgeFilter?: boolean;
}

/** A new network namespace with a loopback device that is down, as unshare(CLONE_NEWNET) gives it. */
export const createNetworkNamespace = (options: StackOptions): NetworkAdmin => new Stack(options);

/** The network of one namespace: devices, addresses, routes, netfilter, sockets. */
export class Stack implements NetworkAdmin {
  readonly id: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly hostName: string;
  readonly #devices = new FewMap<string, Device>();
  #nextIndex = 1;
  readonly #loopback: Device;
  /** Addresses of this namespace, with the device that has each. */
  readonly #local = new FewMap<number, Device>();
  readonly #routes = new RouteTable();
  readonly sysctls: Sysctls;
  #netfilter: Netfilter | undefined;
  #sockets: SocketTable | undefined;
  #errors: ErrorLimit | undefined;
  destroyed = false;
  readonly taps = new Taps();
  readonly capture: NetworkAdmin['capture'] = (device, see) => this.taps.add(device, see);

  constructor({ id, clock, random, trace, hostName, bridgeFilter = true }: StackOptions) {
    this.id = id;
    this.sysctls = new Sysctls((name) => this.#devices.has(name), bridgeFilter);
    this.clock = clock;
    this.random = random;
    this.trace = trace;
    this.hostName = hostName;
    this.#loopback = this.#add('lo', 'loopback');
  }

  get netfilter(): Netfilter {
    return (this.#netfilter ??= new Netfilter(this));
  }

  get socketTable(): SocketTable {
    return (this.#sockets ??= new SocketTable(this));
  }

  #add(name: string, kind: Link['kind'], mac?: string): Device {
    const device = new Device(this, this.#nextIndex++, name, kind, mac);
    this.#devices.set(name, device);
    return device;
  }

  #checkName(name: string): Sys<void> {
    if (this.#devices.has(name)) return fail('EEXIST');
    return name === '' || name.length > 15 || /[\s/]/.test(name) ? fail('EINVAL') : ok(undefined);
  }

  device(name: string): Device | undefined {
    return this.#devices.get(name);
  }

  links(): readonly Link[] {
    return [...this.#devices.values()].map((device) => device.view());
  }

  link(name: string): Link | undefined {
    return this.#devices.get(name)?.view();
  }

  addBridge(name: string): Sys<void> {
    return this.#addPlain(name, 'bridge');
  }

  addDummy(name: string): Sys<void> {
    return this.#addPlain(name, 'dummy');
  }

  #addPlain(name: string, kind: Link['kind']): Sys<void> {
    const made = this.create(name, kind);
    return made.ok ? ok(undefined) : made;
  }

  /** A new device, if the name is free. */
  create(name: string, kind: Link['kind'], mac?: string): Sys<Device> {
    const free = this.#checkName(name);
    return free.ok ? ok(this.#add(name, kind, mac)) : free;
  }

  addVeth(name: string, peer: { readonly namespace: NetworkAdmin; readonly name: string }): Sys<void> {
    const there = peer.namespace;
    if (!(there instanceof Stack)) return fail('EINVAL');
    const free = this.#checkName(name);
    if (!free.ok) return free;
    const peerFree = there.#checkName(peer.name);
    if (!peerFree.ok || (there === this && name === peer.name)) return fail('EEXIST');
    const end = this.#add(name, 'veth');
    const other = there.#add(peer.name, 'veth');
    end.peer = other;
    other.peer = end;
    return free;
  }

  addCard(name: string, lan: Lan, mac?: string): Sys<void> {
    if (!(lan instanceof Switch)) return fail('EINVAL');
    const card = this.create(name, 'ether', mac);
    if (!card.ok) return card;
    card.value.lan = lan;
    lan.cards.add(card.value);
    return ok(undefined);
  }

  addMacvlan(parent: string, child: Macvlan): Sys<void> {
    return addMacvlan(this, parent, child);
  }

  deleteLink(name: string): Sys<void> {
    const device = this.#devices.get(name);
    if (device === undefined) return fail('ENODEV');
    if (device.kind === 'loopback' || device.kind === 'ether') return fail('EOPNOTSUPP');
    this.#remove(device);
    return ok(undefined);
  }

  #remove(device: Device): void {
    device.up = false;
    this.#devices.delete(device.name);
    for (const { address } of device.addresses) this.#local.delete(address);
    device.addresses = [];
    this.#routes.remove((entry) => entry.device === device, { all: true });
    this.#enslave(device, undefined);
    for (const port of device.ports ?? []) port.master = undefined;
    if (device.lan instanceof Switch) device.lan.cards.delete(device);
    const peer = device.peer;
    device.peer = undefined;
    // Either end of a veth pair takes the other with it.
    if (peer !== undefined) {
      peer.peer = undefined;
      peer.stack.#remove(peer);
    }
  }

  /** `ip link set NAME netns …`: the device with its cable goes; addresses and routes stay behind and are lost. */
  moveLink(name: string, namespace: NetworkAdmin, newName = name): Sys<void> {
    const device = this.#devices.get(name);
    if (device === undefined) return fail('ENODEV');
    if (!(namespace instanceof Stack) || device.kind === 'loopback' || device.kind === 'bridge') return fail('EINVAL');
    const free = namespace === this && name === newName ? ok(undefined) : namespace.#checkName(newName);
    if (!free.ok) return free;
    const { peer, lan, mac } = device;
    device.peer = undefined;
    this.#remove(device);
    const moved = namespace.#add(newName, device.kind, mac);
    moved.peer = peer;
    if (peer !== undefined) peer.peer = moved;
    moved.lan = lan;
    if (lan instanceof Switch) lan.cards.add(moved);
    return free;
  }

  setUp(name: string, up: boolean): Sys<void> {
    const device = this.#devices.get(name);
    if (device === undefined) return fail('ENODEV');
    if (device.up === up) return ok(undefined);
    device.up = up;
    if (up) {
      if (device === this.#loopback && device.addresses.length === 0) this.addAddress('lo', '127.0.0.1/8');
      for (const cidr of device.addresses) this.#addKernelRoute(device, cidr);
    } else this.#routes.remove((entry) => entry.device === device, { all: true });
    return ok(undefined);
  }

  setMaster(name: string, bridge: string | undefined): Sys<void> {
    const device = this.#devices.get(name);
    const master = bridge === undefined ? undefined : this.#devices.get(bridge);
    if (device === undefined || (bridge !== undefined && master === undefined)) return fail('ENODEV');
    if (master !== undefined && master.ports === undefined) return fail('EOPNOTSUPP');
    if (master !== undefined && (device.kind === 'bridge' || device.kind === 'loopback')) return fail('ELOOP');
    this.#enslave(device, master);
    return ok(undefined);
  }

  #enslave(device: Device, master: Device | undefined): void {
    device.master?.ports?.delete(device);
    device.master = master;
    device.hairpin = false;
    master?.ports?.add(device);
    if (master !== undefined) master.hadPorts = true;
  }

  setHairpin(name: string, hairpin: boolean): Sys<void> {
    const device = this.#devices.get(name);
    if (device === undefined) return fail('ENODEV');
    if (device.master === undefined) return fail('EOPNOTSUPP');
    device.hairpin = hairpin;
    return ok(undefined);
  }

  setMtu(name: string, mtu: number): Sys<void> {
    const device = this.#devices.get(name);
    if (device === undefined) return fail('ENODEV');
    device.mtu = mtu;
    return ok(undefined);
  }

  setMac(name: string, mac: string): Sys<void> {
    const device = this.#devices.get(name);
    if (device === undefined) return fail('ENODEV');
    device.mac = mac;
    return ok(undefined);
  }

  addAddress(link: string, text: string): Sys<void> {
    const device = this.#devices.get(link);
    const cidr = parseCidr(text);
    if (device === undefined) return fail('ENODEV');
    if (cidr === undefined) return fail('EINVAL');
    if (device.addresses.some(({ address, length }) => address === cidr.address && length === cidr.length)) {
      return fail('EEXIST');
    }
    device.addresses = device.addresses.concat([cidr]);
    if (!this.#local.has(cidr.address)) this.#local.set(cidr.address, device);
    if (device.up) this.#addKernelRoute(device, cidr);
    return ok(undefined);
  }

  #addKernelRoute(device: Device, { address, length }: Cidr): void {
    if (length === 32 || device.kind === 'loopback') return;
    const prefix = { address: (address & netmask(length)) >>> 0, length };
    this.#routes.add({ prefix, via: undefined, device, source: address, protocol: 'kernel', scope: 'link', metric: 0 });
  }

  deleteAddress(link: string, text: string): Sys<void> {
    const device = this.#devices.get(link);
    const cidr = parseCidr(text);
    if (device === undefined) return fail('ENODEV');
    if (cidr === undefined) return fail('EINVAL');
    const kept = device.addresses.filter(({ address, length }) => address !== cidr.address || length !== cidr.length);
    if (kept.length === device.addresses.length) return fail('EADDRNOTAVAIL');
    device.addresses = kept;
    this.#local.delete(cidr.address);
    this.#routes.remove((entry) => entry.device === device && entry.source === cidr.address, { all: true });
    return ok(undefined);
  }

  routes(): readonly Route[] {
    return this.#routes.list().map(routeView);
  }

  addRoute(route: Omit<Route, 'protocol'> & { readonly protocol?: string }): Sys<void> {
    const parsed = parseRoute(route);
    if (parsed === undefined) return fail('EINVAL');
    const { prefix, via, source } = parsed;
    const gateway = via === undefined ? undefined : this.#routes.lookup(via);
    const device = route.device === '' ? gateway?.device : this.#devices.get(route.device);
    if (device === undefined) return fail(route.device === '' ? 'ENETUNREACH' : 'ENODEV');
    if (!device.up) return fail('ENETDOWN');
    // The gateway must be on a network we are on ("Nexthop has invalid gateway").
    if (via !== undefined && gateway?.scope !== 'link') return fail('ENETUNREACH');
    const scope = route.scope ?? (via === undefined ? 'link' : 'global');
    const { protocol = 'boot', metric = 0 } = route;
    return this.#routes.add({ prefix, via, device, source, protocol, scope, metric }) ? ok(undefined) : fail('EEXIST');
  }

  deleteRoute(destination: string): Sys<void> {
    const prefix = parseDestination(destination);
    if (prefix === undefined) return fail('EINVAL');
    const same = (entry: RouteEntry): boolean =>
      entry.prefix.address === prefix.address && entry.prefix.length === prefix.length;
    return this.#routes.remove(same) ? ok(undefined) : fail('ESRCH');
  }

  /** Whether packets to `address` are for this namespace. */
  isLocal(address: number): boolean {
    if (address >>> 24 === 127) return this.#loopback.up;
    return this.#local.get(address) !== undefined;
  }

  /** fib_lookup: the local table first, then the main one. */
  route(destination: number): Decision | undefined {
    if (this.isLocal(destination)) {
      if (!this.#loopback.up) return undefined;
      return { device: this.#loopback, via: undefined, source: destination };
    }
    const entry = this.#routes.lookup(destination);
    if (entry === undefined) return undefined;
    const { device, via } = entry;
    const source = entry.source ?? device.sourceFor(via ?? destination) ?? this.#anyAddress();
    return { device, via, source };
  }

  // inet_select_addr: a device without address borrows one.
  #anyAddress(): number {
    for (const [address] of this.#local) if (!isLoopback(address)) return address;
    return 0x7f000001;
  }

  routeTo(address: string): ReturnType<NetworkAdmin['routeTo']> {
    const number = parseIpv4(address);
    return number === undefined ? undefined : decisionView(this.route(number));
  }

  addressType(address: number, device?: string): string {
    if (isMulticast(address)) return 'MULTICAST';
    if (address === 0xffffffff) return 'BROADCAST';
    if (isLoopback(address)) return device === undefined || device === 'lo' ? 'LOCAL' : 'UNICAST';
    const holder = this.#local.get(address);
    if (holder !== undefined) return device === undefined || holder.name === device ? 'LOCAL' : 'UNICAST';
    for (const device of this.#devices.values()) if (device.broadcasts(address)) return 'BROADCAST';
    return 'UNICAST';
  }

  deviceAddress(device: string, destination: number): number | undefined {
    const entry = this.#routes.lookup(destination);
    const target = entry?.device.name === device ? (entry.via ?? destination) : destination;
    return this.#devices.get(device)?.sourceFor(target);
  }

  sysctlNumber(name: string): number | undefined {
    return this.sysctls.number(name);
  }

  /** Whether an ICMP error may be sent to that host now. */
  allowError(to: number): boolean {
    if (this.isLocal(to)) return true;
    this.#errors ??= new ErrorLimit();
    return this.#errors.allow(to, this.clock.now, this.sysctlNumber('net.ipv4.icmp_ratelimit') ?? 1000);
  }

  sysctl(name: string): string | undefined {
    return this.sysctls.get(name);
  }

  setSysctl(name: string, value: string): Sys<void> {
    return this.sysctls.set(name, value) ? ok(undefined) : fail('ENOENT');
  }

  connect(process: Process, to: Endpoint, options: ConnectOptions = {}): Promise<Sys<StreamSocket>> {
    return connectTcp(this, process, to, options);
  }

  listen(process: Process, at: ListenAt): Sys<Listener> {
    return isIpv6(at.address) ? listen6(this, process, at) : listenTcp(this, process, at);
  }

  datagram(process: Process, at?: Endpoint, options?: { readonly remote?: Endpoint }): Sys<DatagramSocket> {
    if (at !== undefined && isIpv6(at.address)) return datagram6(this, process, at);
    return openDatagram(this, process, at, options?.remote);
  }

  connectUnix(process: Process, path: string): Promise<Sys<StreamSocket>> {
    return connectUnix(this, process, path);
  }

  listenUnix(process: Process, path: string): Sys<Listener> {
    return listenUnix(this, process, path);
  }

  echo(process: Process, address: string, options: EchoOptions = {}): Promise<Sys<EchoReply>> {
    return ping(this, process, address, options);
  }

  sockets(): readonly SocketInfo[] {
    return this.#sockets?.list() ?? [];
  }

  destroy(): void {
    this.#sockets?.closeAll();
    this.destroyed = true;
    for (const device of [...this.#devices.values()]) this.#remove(device);
    this.#local.clear();
  }
}
