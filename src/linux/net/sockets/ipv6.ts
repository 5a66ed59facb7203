import { ok } from '../../../sim/result';
import { fail, type Sys } from '../../errno';
import type { Process } from '../../process/types';
import { parse6 } from '../address6';
import type { Stack } from '../stack';
import type { DatagramSocket, Endpoint, Listener, SocketInfo, StreamSocket } from '../types';
import { Waiters } from './waiters';

/**
 * A socket of AF_INET6 with IPV6_V6ONLY, as servers open beside their IPv4 one. It holds its port and is seen by ss(8);
 * the cables of the lab carry no IPv6, so nobody calls.
 */
class Socket6 {
  readonly #waiting = new Waiters();
  readonly #forget: () => void;
  #closed = false;

  constructor(
    readonly stack: Stack,
    readonly process: Process,
    readonly protocol: 'tcp' | 'udp',
    readonly local: Endpoint,
  ) {
    this.#forget = process.atExit(() => this.close());
  }

  info(): SocketInfo {
    const { protocol, local, process } = this;
    const state = protocol === 'tcp' ? 'LISTEN' : 'UNCONN';
    return { protocol, state, local, remote: undefined, pid: process.pid, holder: process };
  }

  async wait(timeout?: number): Promise<Sys<never>> {
    while (!this.#closed) {
      const woken = await this.process.block<boolean>((wake) => {
        const forget = this.#waiting.add(() => wake(true));
        const timer = timeout === undefined ? undefined : this.stack.clock.setTimer(timeout, () => wake(false));
        return () => {
          forget();
          if (timer !== undefined) this.stack.clock.cancel(timer);
        };
      });
      if (!woken.ok) return woken;
      if (!woken.value) return fail('EAGAIN');
    }
    return fail('EINVAL');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#forget();
    this.stack.socketTable.remove6(this);
    this.#waiting.wakeAll();
  }
}

export type { Socket6 };

/** Whether an address is one of IPv6. */
export const isIpv6 = (address: string): boolean => address.includes(':');

function open(stack: Stack, process: Process, protocol: 'tcp' | 'udp', at: Endpoint): Sys<Socket6> {
  const number = parse6(at.address);
  if (number === undefined || at.port < 0 || at.port > 65535) return fail('EINVAL');
  if (number > 1n) return fail('EADDRNOTAVAIL');
  const first = stack.sysctlNumber('net.ipv4.ip_unprivileged_port_start') ?? 1024;
  if (at.port !== 0 && at.port < first && !process.capable('NET_BIND_SERVICE')) return fail('EACCES');
  const port = at.port === 0 ? stack.socketTable.freeListenPort() : at.port;
  if (port === undefined || stack.socketTable.taken6(protocol, at.address, port)) return fail('EADDRINUSE');
  const socket = new Socket6(stack, process, protocol, { address: at.address, port });
  stack.socketTable.add6(socket);
  return ok(socket);
}

export function listen6(stack: Stack, process: Process, at: Endpoint): Sys<Listener> {
  const opened = open(stack, process, 'tcp', at);
  if (!opened.ok) return opened;
  const socket = opened.value;
  const accept = (): Promise<Sys<StreamSocket>> => socket.wait();
  return ok({ local: socket.local, accept, close: () => socket.close() });
}

export function datagram6(stack: Stack, process: Process, at: Endpoint): Sys<DatagramSocket> {
  const opened = open(stack, process, 'udp', at);
  if (!opened.ok) return opened;
  const socket = opened.value;
  return ok({
    local: socket.local,
    remote: undefined,
    send: () => fail('ENETUNREACH'),
    receive: ({ timeout } = {}) => socket.wait(timeout),
    close: () => socket.close(),
  });
}
