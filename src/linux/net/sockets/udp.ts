import { ok } from '../../../sim/result';
import { fail, type ErrnoCode, type Sys } from '../../errno';
import type { Process } from '../../process/types';
import { parseIpv4 } from '../address';
import { UDP, UNREACHABLE, makePacket, type Packet, type Tuple } from '../packet';
import type { Stack } from '../stack';
import type { DatagramSocket, Endpoint, SocketInfo } from '../types';
import { output } from '../walk';
import { mayBind } from './connect';
import { endpoint } from './table';
import { unreachable } from './tcp';
import { Waiters } from './waiters';

interface Datagram {
  readonly from: Endpoint;
  readonly bytes: Uint8Array;
}

/** net.core.rmem_default in datagrams of middling size; more are dropped. */
const QUEUE = 256;

/** A UDP socket; every one is bound, to a port of its own if to no other. */
export class UdpSocket implements DatagramSocket {
  readonly #queue: Datagram[] = [];
  readonly #waiting = new Waiters();
  readonly #forget: () => void;
  readonly #flows = new Set<string>();
  #error: ErrnoCode | undefined;
  #closed = false;

  constructor(
    readonly stack: Stack,
    readonly process: Process,
    readonly address: number,
    readonly port: number,
    readonly peer: { readonly address: number; readonly port: number } | undefined,
  ) {
    this.#forget = process.atExit(() => this.close());
  }

  get local(): Endpoint {
    return endpoint(this.address, this.port);
  }

  get remote(): Endpoint | undefined {
    return this.peer === undefined ? undefined : endpoint(this.peer.address, this.peer.port);
  }

  info(): SocketInfo {
    const state = this.peer === undefined ? 'UNCONN' : 'ESTAB';
    return {
      protocol: 'udp',
      state,
      local: this.local,
      remote: this.remote,
      pid: this.process.pid,
      holder: this.process,
    };
  }

  /** How well the packet fits (compute_score); −1: not at all. */
  fit({ destination, source, sourcePort }: Packet): number {
    if (this.address !== 0 && this.address !== destination) return -1;
    if (this.peer !== undefined && (this.peer.address !== source || this.peer.port !== sourcePort)) return -1;
    return (this.address === 0 ? 0 : 1) + (this.peer === undefined ? 0 : 2);
  }

  arrived({ source, sourcePort, payload }: Packet): void {
    if (this.#queue.length >= QUEUE) return;
    this.#queue.push({ from: endpoint(source, sourcePort), bytes: payload ?? new Uint8Array(0) });
    this.#waiting.wakeAll();
  }

  failed({ icmpType, icmpCode }: Packet, { destination, destinationPort }: Tuple): void {
    if (icmpType !== UNREACHABLE || this.peer === undefined) return;
    if (this.peer.address !== destination || this.peer.port !== destinationPort) return;
    this.#error = unreachable(icmpCode);
    this.#waiting.wakeAll();
  }

  send(to: Endpoint, bytes: Uint8Array, { ttl }: { readonly ttl?: number } = {}): Sys<void> {
    if (this.#closed) return fail('EBADF');
    const error = this.#takeError();
    if (error !== undefined) return fail(error);
    const given = parseIpv4(to.address);
    if (given === undefined || to.port < 1 || to.port > 65535) return fail('EINVAL');
    if (bytes.length > 65_507) return fail('EMSGSIZE');
    const destination = given === 0 ? 0x7f000001 : given;
    const packet = makePacket(UDP, this.address, this.port, destination, to.port, 28 + bytes.length);
    packet.payload = bytes;
    if (ttl !== undefined) packet.ttl = ttl;
    const flow = `${to.address}:${to.port}`;
    packet.traced = !this.#flows.has(flow);
    this.#flows.add(flow);
    const failed = output(this.stack, packet);
    return failed === undefined ? ok(undefined) : fail(failed);
  }

  #takeError(): ErrnoCode | undefined {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }

  async receive({ timeout }: { readonly timeout?: number } = {}): Promise<Sys<Datagram>> {
    const clock = this.stack.clock;
    const until = timeout === undefined ? undefined : clock.now + timeout;
    for (;;) {
      const error = this.#takeError();
      if (error !== undefined) return fail(error);
      const datagram = this.#queue.shift();
      if (datagram !== undefined) return ok(datagram);
      if (this.#closed) return fail('EBADF');
      if (until !== undefined && until <= clock.now) return fail('EAGAIN');
      const woken = await this.process.block<void>((wake) => {
        const forget = this.#waiting.add(wake);
        const timer = until === undefined ? undefined : clock.setTimer(until - clock.now, () => wake());
        return () => {
          forget();
          if (timer !== undefined) clock.cancel(timer);
        };
      });
      if (!woken.ok) return woken;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#forget();
    this.stack.socketTable.removeDatagram(this);
    this.#waiting.wakeAll();
  }
}

/** socket(2) and bind(2), and connect(2) if there is a `remote`. */
export function openDatagram(
  stack: Stack,
  process: Process,
  at: Endpoint | undefined,
  remote: Endpoint | undefined,
): Sys<DatagramSocket> {
  const bound = at === undefined || at.address === '' ? 0 : parseIpv4(at.address);
  const peer = remote === undefined ? undefined : parseIpv4(remote.address);
  if (bound === undefined || (remote !== undefined && peer === undefined)) return fail('EINVAL');
  const bindable = mayBind(stack, process, bound, at?.port ?? 0);
  if (!bindable.ok) return bindable;
  const route = peer === undefined ? undefined : stack.route(peer);
  if (peer !== undefined && route === undefined) return fail('ENETUNREACH');
  const address = bound === 0 ? (route?.source ?? 0) : bound;
  const port = at === undefined || at.port === 0 ? stack.socketTable.freeDatagramPort() : at.port;
  if (port === undefined) return fail('EAGAIN');
  const connected = peer === undefined || remote === undefined ? undefined : { address: peer, port: remote.port };
  const socket = new UdpSocket(stack, process, address, port, connected);
  if (stack.socketTable.addDatagram(socket)) return ok(socket);
  socket.close();
  return fail('EADDRINUSE');
}
