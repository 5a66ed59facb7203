import type { Lan, Link } from './types';
import type { Cidr } from './address';
import { formatCidr, formatIpv4, netmask } from './address';
import type { Packet } from './packet';
import type { Stack } from './stack';
import type { FramePath } from './bridge';

/** A network device of one namespace (struct net_device). */
export class Device {
  up = false;
  master: Device | undefined;
  peer: Device | undefined;
  lan: Lan | undefined;
  /** Of a macvlan: whose cable it shares. The two do not hear each other. */
  lower: Device | undefined;
  mtu: number;
  /** Of a bridge: its ports in the order they were enslaved. */
  readonly ports: Set<Device> | undefined;
  /** Of a bridge port: frames may leave where they came in. */
  hairpin = false;
  hadPorts = false;
  addresses: readonly Cidr[] = [];
  /** Who answered ARP for an address on this segment; entries are checked before use. */
  neighbours: Map<number, FramePath> | undefined;
  rxPackets = 0;
  rxBytes = 0;
  txPackets = 0;
  txBytes = 0;
  #mac: string | undefined;

  constructor(
    public stack: Stack,
    readonly index: number,
    readonly name: string,
    readonly kind: Link['kind'],
    mac?: string,
  ) {
    this.#mac = mac;
    this.mtu = kind === 'loopback' ? 65536 : 1500;
    this.ports = kind === 'bridge' ? new Set() : undefined;
  }

  /** Locally administered, from who the device is: the same world has the same addresses, and idle devices draw none. */
  get mac(): string {
    if (this.kind === 'loopback') return '00:00:00:00:00:00';
    return (this.#mac ??= hashedMac(`${this.stack.hostName}/${this.stack.id}/${this.index}/${this.name}`));
  }

  set mac(value: string) {
    this.#mac = value;
  }

  /** A packet leaves here. */
  sent(packet: Packet): void {
    this.txPackets++;
    this.txBytes += packet.length;
    const { taps, clock } = this.stack;
    if (taps.active) taps.pass(this.name, packet, true, clock.now);
  }

  /** A packet comes in here. */
  received(packet: Packet): void {
    this.rxPackets++;
    this.rxBytes += packet.length;
    const { taps, clock } = this.stack;
    if (taps.active) taps.pass(this.name, packet, false, clock.now);
  }

  /** Carrier: a bridge has it while a port is up, a veth while its peer is up. */
  get running(): boolean {
    if (!this.up) return false;
    if (this.kind === 'veth') return this.peer?.up ?? false;
    if (this.ports === undefined) return true;
    for (const port of this.ports) if (port.running) return true;
    return false;
  }

  /** What `ip link` and `ip address` show. */
  view(): Link {
    const base = {
      index: this.index,
      name: this.name,
      kind: this.kind,
      mac: this.mac,
      mtu: this.mtu,
      up: this.up,
      running: this.running,
      master: this.master?.name,
      hairpin: this.hairpin,
      addresses: this.addresses.map(formatCidr),
      counters: {
        rxPackets: this.rxPackets,
        rxBytes: this.rxBytes,
        txPackets: this.txPackets,
        txBytes: this.txBytes,
      },
    };
    if (this.hadPorts) return { ...base, hadPorts: true };
    const { peer } = this;
    if (peer === undefined) return base;
    // Whoever is up has said something: IPv6 asks at once whether its address is taken.
    return { ...base, peerIndex: peer.index, ...(peer.up ? { peerMac: peer.mac } : {}) };
  }

  /** The address to speak from towards `destination`: one of its subnet, else the first. */
  sourceFor(destination: number): number | undefined {
    for (const { address, length } of this.addresses) {
      if (((address ^ destination) & netmask(length)) >>> 0 === 0) return address;
    }
    return this.addresses[0]?.address;
  }

  /** Whether `address` is the broadcast address of one of its subnets. */
  broadcasts(address: number): boolean {
    return this.addresses.some((own) => own.length < 31 && address === (own.address | ~netmask(own.length)) >>> 0);
  }

  toString(): string {
    return `${this.name}(${this.addresses.map(({ address }) => formatIpv4(address)).join()})`;
  }
}

function hashedMac(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let index = 0; index < text.length; index++) {
    low = Math.imul(low ^ text.charCodeAt(index), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(index), 0x85ebca6b);
  }
  const bytes = [(low & 0xfe) | 2, low >>> 8, low >>> 16, low >>> 24, high >>> 8, high >>> 16];
  return bytes.map((byte) => (byte & 255).toString(16).padStart(2, '0')).join(':');
}
