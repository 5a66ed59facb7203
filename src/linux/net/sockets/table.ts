import { formatIpv4 } from '../address';
import {
  ACK,
  ECHO_REPLY,
  ECHO_REQUEST,
  ICMP,
  RST,
  SYN,
  TCP,
  UDP,
  UNREACHABLE,
  makePacket,
  type Packet,
  type Tuple,
} from '../packet';
import type { Stack } from '../stack';
import type { SocketInfo } from '../types';
import { output, sendError } from '../walk';
import type { Socket6 } from './ipv6';
import type { TcpListener } from './listener';
import type { TcpSocket } from './tcp';
import type { UdpSocket } from './udp';

/** How long a closed connection's ports stay taken (TCP_TIMEWAIT_LEN). */
const TIME_WAIT = 60_000;

interface Echo {
  answered(packet: Packet): void;
}

const key = (local: number, localPort: number, remote: number, remotePort: number): string =>
  `${local} ${localPort} ${remote} ${remotePort}`;

/** The sockets of one namespace: who gets which packet, and which ports are free. */
export class SocketTable {
  readonly connections = new Map<string, TcpSocket>();
  readonly #listeners = new Map<number, TcpListener[]>();
  readonly #datagrams = new Map<number, UdpSocket[]>();
  readonly #six = new Set<Socket6>();
  readonly #echoes = new Map<number, Echo>();
  readonly #unix = new Set<{ info(): SocketInfo; closeListener(): void }>();
  readonly #closing: { readonly socket: SocketInfo; readonly key: string; readonly until: number }[] = [];
  readonly #closingKeys = new Set<string>();
  #nextPort: number;

  constructor(readonly stack: Stack) {
    this.#nextPort = 32768 + stack.random.below(28232);
  }

  // ---- arrival -----------------------------------------------------------------------------------------------------

  /** The walk has ended at this namespace; the packet arrives when its time on the way has passed. */
  deliver(packet: Packet): void {
    this.stack.clock.setTimer(packet.delay, () => {
      packet.delay = 0;
      if (this.stack.destroyed) packet.lost?.();
      else this.#arrive(packet);
    });
  }

  #arrive(packet: Packet): void {
    if (packet.protocol === TCP) this.#arriveTcp(packet);
    else if (packet.protocol === UDP) this.#arriveUdp(packet);
    else if (packet.protocol === ICMP) this.#arriveIcmp(packet);
    else sendError(this.stack, fresh(packet), UNREACHABLE, 2, packet.destination);
  }

  #arriveTcp(packet: Packet): void {
    const { destination, destinationPort, source, sourcePort } = packet;
    const socket = this.connections.get(key(destination, destinationPort, source, sourcePort));
    if (socket !== undefined) {
      socket.arrived(packet);
      return;
    }
    const listener = this.#listener(destination, destinationPort);
    if (listener !== undefined && (packet.flags & (SYN | ACK | RST)) === SYN) {
      listener.arrived(packet);
      return;
    }
    if ((packet.flags & RST) !== 0) return;
    const reset = makePacket(TCP, destination, destinationPort, source, sourcePort, 40);
    reset.flags = (packet.flags & ACK) === 0 ? RST | ACK : RST;
    reset.sequence = packet.acknowledge;
    reset.acknowledge = packet.sequence + 1;
    reset.traced = packet.traced;
    reset.lost = packet.lost;
    if (output(this.stack, reset) !== undefined) reset.lost?.();
  }

  #listener(address: number, port: number): TcpListener | undefined {
    const listeners = this.#listeners.get(port);
    return listeners?.find(({ address: own }) => own === address) ?? listeners?.find(({ address: own }) => own === 0);
  }

  #arriveUdp(packet: Packet): void {
    const sockets = this.#datagrams.get(packet.destinationPort) ?? [];
    let best: UdpSocket | undefined;
    let score = -1;
    for (const socket of sockets) {
      const fit = socket.fit(packet);
      if (fit > score) [best, score] = [socket, fit];
    }
    if (best === undefined) sendError(this.stack, fresh(packet), UNREACHABLE, 3, packet.destination);
    else best.arrived(packet);
  }

  #arriveIcmp(packet: Packet): void {
    if (packet.inner !== undefined) {
      this.#arriveError(packet, packet.inner);
      return;
    }
    if (packet.icmpType === ECHO_REPLY) {
      this.#echoes.get(packet.sourcePort)?.answered(packet);
      return;
    }
    if (packet.icmpType !== ECHO_REQUEST || this.stack.sysctlNumber('net.ipv4.icmp_echo_ignore_all') === 1) return;
    const reply = makePacket(
      ICMP,
      packet.destination,
      packet.sourcePort,
      packet.source,
      packet.destinationPort,
      packet.length,
    );
    reply.icmpType = ECHO_REPLY;
    reply.sequence = packet.sequence;
    reply.payload = packet.payload;
    reply.traced = packet.traced;
    output(this.stack, reply);
  }

  #arriveError(packet: Packet, inner: Tuple): void {
    const { protocol, source, sourcePort, destination, destinationPort } = inner;
    if (protocol === TCP) {
      this.connections.get(key(source, sourcePort, destination, destinationPort))?.failed(packet);
    } else if (protocol === UDP) {
      for (const socket of this.#datagrams.get(sourcePort) ?? []) socket.failed(packet, inner);
    } else if (protocol === ICMP) this.#echoes.get(sourcePort)?.answered(packet);
    packet.lost?.();
  }

  // ---- ports ---------------------------------------------------------------------------------------------------------

  #portRange(): readonly [number, number] {
    return this.stack.sysctls.portRange;
  }

  /** A port for a connection to there; undefined if all are taken (EADDRNOTAVAIL). */
  ephemeral(local: number, remote: number, remotePort: number): number | undefined {
    this.#forgetOld();
    const [low, high] = this.#portRange();
    for (let tries = low; tries <= high; tries++) {
      const port = this.#next(low, high);
      const name = key(local, port, remote, remotePort);
      if (this.connections.has(name) || this.#closingKeys.has(name) || this.#listeners.has(port)) continue;
      return port;
    }
    return undefined;
  }

  #next(low: number, high: number): number {
    if (this.#nextPort < low || this.#nextPort > high) this.#nextPort = low;
    const port = this.#nextPort;
    // Linux spreads its choices by a keyed hash; a stride that meets all ports does as well.
    this.#nextPort = low + ((port - low + 7919) % (high - low + 1));
    return port;
  }

  freeDatagramPort(): number | undefined {
    const [low, high] = this.#portRange();
    for (let tries = low; tries <= high; tries++) {
      const port = this.#next(low, high);
      if (!this.#datagrams.has(port)) return port;
    }
    return undefined;
  }

  freeListenPort(): number | undefined {
    const [low, high] = this.#portRange();
    for (let tries = low; tries <= high; tries++) {
      const port = this.#next(low, high);
      if (!this.#listeners.has(port)) return port;
    }
    return undefined;
  }

  // ---- registration ------------------------------------------------------------------------------------------------

  addConnection(socket: TcpSocket): void {
    this.connections.set(socketKey(socket), socket);
  }

  removeConnection(socket: TcpSocket, { wait }: { readonly wait: boolean }): void {
    const name = socketKey(socket);
    if (this.connections.get(name) === socket) this.connections.delete(name);
    if (!wait) return;
    const info = { ...socket.info(), state: 'TIME-WAIT' as const, pid: 0, holder: undefined };
    this.#closingKeys.add(name);
    this.#closing.push({ socket: info, key: name, until: this.stack.clock.now + TIME_WAIT });
    if (this.#closing.length % 256 === 0) this.#forgetOld();
  }

  #forgetOld(): void {
    const now = this.stack.clock.now;
    let count = 0;
    while ((this.#closing[count]?.until ?? Infinity) <= now) count++;
    for (const { key: name } of this.#closing.splice(0, count)) this.#closingKeys.delete(name);
  }

  /** False if somebody listens there (EADDRINUSE). */
  addListener(listener: TcpListener): boolean {
    const others = this.#listeners.get(listener.port) ?? [];
    if (others.some(({ address }) => address === listener.address || address === 0 || listener.address === 0))
      return false;
    this.#listeners.set(listener.port, [...others, listener]);
    return true;
  }

  removeListener(listener: TcpListener): void {
    remove(this.#listeners, listener.port, listener);
  }

  addDatagram(socket: UdpSocket): boolean {
    const others = this.#datagrams.get(socket.port) ?? [];
    const clash = others.some(({ address }) => address === socket.address || address === 0 || socket.address === 0);
    if (clash) return false;
    this.#datagrams.set(socket.port, [...others, socket]);
    return true;
  }

  removeDatagram(socket: UdpSocket): void {
    remove(this.#datagrams, socket.port, socket);
  }

  add6(socket: Socket6): void {
    this.#six.add(socket);
  }

  remove6(socket: Socket6): void {
    this.#six.delete(socket);
  }

  /** Whether an IPv6 socket holds the port at that address. */
  taken6(protocol: 'tcp' | 'udp', address: string, port: number): boolean {
    return [...this.#six].some(
      (socket) =>
        socket.protocol === protocol &&
        socket.local.port === port &&
        (socket.local.address === address || socket.local.address === '::' || address === '::'),
    );
  }

  addEcho(identifier: number, echo: Echo): () => void {
    this.#echoes.set(identifier, echo);
    return () => {
      if (this.#echoes.get(identifier) === echo) this.#echoes.delete(identifier);
    };
  }

  addUnix(listener: { info(): SocketInfo; closeListener(): void }): () => void {
    this.#unix.add(listener);
    return () => this.#unix.delete(listener);
  }

  list(): readonly SocketInfo[] {
    this.#forgetOld();
    return [
      ...[...this.#unix].map((listener) => listener.info()),
      ...[...this.#datagrams.values()].flat().map((socket) => socket.info()),
      ...[...this.#listeners.values()].flat().map((listener) => listener.info()),
      ...[...this.#six].map((socket) => socket.info()),
      ...[...this.connections.values()].map((socket) => socket.info()),
      ...this.#closing.map(({ socket }) => socket),
    ];
  }

  closeAll(): void {
    for (const listener of [...this.#listeners.values()].flat()) listener.close();
    for (const socket of [...this.connections.values()]) socket.abort('ENETDOWN');
    for (const socket of [...this.#datagrams.values()].flat()) socket.close();
    for (const socket of [...this.#six]) socket.close();
    for (const listener of [...this.#unix]) listener.closeListener();
  }
}

const socketKey = ({ localAddress, localPort, remoteAddress, remotePort }: TcpSocket): string =>
  key(localAddress, localPort, remoteAddress, remotePort);

function remove<T>(map: Map<number, T[]>, port: number, item: T): void {
  const kept = (map.get(port) ?? []).filter((other) => other !== item);
  if (kept.length === 0) map.delete(port);
  else map.set(port, kept);
}

// What arrived has been tracked already; an answer to it starts as a packet of its own.
function fresh(packet: Packet): Packet {
  packet.connection = undefined;
  return packet;
}

export const endpoint = (address: number, port: number): { readonly address: string; readonly port: number } => ({
  address: formatIpv4(address),
  port,
});
