import { ok } from '../../../sim/result';
import { fail, type ErrnoCode, type Sys } from '../../errno';
import type { Process } from '../../process/types';
import { parseIpv4 } from '../address';
import type { Stack } from '../stack';
import type { Endpoint, ListenAt, Listener, StreamSocket } from '../types';
import { TcpListener } from './listener';
import { TcpSocket } from './tcp';

export interface ConnectOptions {
  /** Milliseconds until ETIMEDOUT; without it TCP's own patience, 131 seconds. */
  readonly timeout?: number;
  readonly from?: string;
}

/** connect(2) on a new TCP socket. */
export async function connectTcp(
  stack: Stack,
  process: Process,
  to: Endpoint,
  { timeout, from }: ConnectOptions,
): Promise<Sys<StreamSocket>> {
  const given = parseIpv4(to.address);
  const bound = from === undefined ? undefined : parseIpv4(from);
  if (given === undefined || (from !== undefined && bound === undefined)) return fail('EINVAL');
  if (bound !== undefined && !stack.isLocal(bound)) return fail('EADDRNOTAVAIL');
  // INADDR_ANY as destination means this host.
  const remote = given === 0 ? 0x7f000001 : given;
  const route = stack.route(remote);
  if (route === undefined) return fail('ENETUNREACH');
  const local = bound ?? route.source;
  const port = stack.socketTable.ephemeral(local, remote, to.port);
  if (port === undefined) return fail('EADDRNOTAVAIL');
  const socket = new TcpSocket(stack, process, local, port, remote, to.port, undefined);
  const result = await process.block<ErrnoCode | 'done'>((wake) => {
    socket.connected = (error) => wake(error ?? 'done');
    const timer = timeout === undefined ? undefined : stack.clock.setTimer(timeout, () => wake('ETIMEDOUT'));
    // tcp_connect does not mind what becomes of its SYN; it will send another.
    socket.synchronise();
    return () => {
      socket.connected = undefined;
      if (timer !== undefined) stack.clock.cancel(timer);
    };
  });
  socket.connected = undefined;
  if (result.ok && result.value === 'done') return ok(socket);
  socket.close();
  return result.ok ? fail(result.value === 'done' ? 'EINVAL' : result.value) : result;
}

/** socket(2), bind(2) and listen(2). Port 0 takes a free one. */
export function listenTcp(stack: Stack, process: Process, at: ListenAt): Sys<Listener> {
  const address = at.address === '' ? 0 : parseIpv4(at.address);
  if (address === undefined || at.port < 0 || at.port > 65535) return fail('EINVAL');
  const bindable = mayBind(stack, process, address, at.port);
  if (!bindable.ok) return bindable;
  const port = at.port === 0 ? stack.socketTable.freeListenPort() : at.port;
  if (port === undefined) return fail('EADDRINUSE');
  const listener = new TcpListener(stack, process, address, port, at);
  return stack.socketTable.addListener(listener) ? ok(listener.start()) : fail('EADDRINUSE');
}

/** inet_bind: whose address, and whose port below 1024. */
export function mayBind(stack: Stack, process: Process, address: number, port: number): Sys<void> {
  if (address !== 0 && !stack.isLocal(address) && stack.sysctlNumber('net.ipv4.ip_nonlocal_bind') !== 1) {
    return fail('EADDRNOTAVAIL');
  }
  const first = stack.sysctlNumber('net.ipv4.ip_unprivileged_port_start') ?? 1024;
  return port !== 0 && port < first && !process.capable('NET_BIND_SERVICE') ? fail('EACCES') : ok(undefined);
}
