import { ok } from '../../../sim/result';
import { fail, type Sys } from '../../errno';
import type { Process } from '../../process/types';
import type { Packet } from '../packet';
import type { Stack } from '../stack';
import type { Endpoint, ListenAt, Listener, SocketInfo, StreamSocket } from '../types';
import { endpoint } from './table';
import { TcpSocket } from './tcp';
import { Waiters } from './waiters';

/** A listening TCP socket. */
export class TcpListener implements Listener {
  readonly #ready: TcpSocket[] = [];
  readonly #waiting = new Waiters();
  #forget: (() => void) | undefined;
  #closed = false;

  constructor(
    readonly stack: Stack,
    readonly process: Process,
    readonly address: number,
    readonly port: number,
    private readonly how: ListenAt,
  ) {}

  /** Bound; from now on it goes with its process. */
  start(): this {
    this.#forget = this.process.atExit(() => this.close());
    return this;
  }

  get local(): Endpoint {
    return endpoint(this.address, this.port);
  }

  info(): SocketInfo {
    const { process, how } = this;
    const local = how.dual === true ? { address: '*', port: this.port } : this.local;
    const { backlog } = how;
    return { protocol: 'tcp', state: 'LISTEN', local, remote: undefined, pid: process.pid, holder: process, backlog };
  }

  arrived({ source, sourcePort, destination, destinationPort }: Packet): void {
    new TcpSocket(this.stack, undefined, destination, destinationPort, source, sourcePort, this).synchronise();
  }

  established(socket: TcpSocket): void {
    if (this.#closed) {
      socket.abortByReset();
      return;
    }
    this.#ready.push(socket);
    this.#waiting.wakeAll();
  }

  async accept(): Promise<Sys<StreamSocket>> {
    for (;;) {
      if (this.#closed) return fail('EINVAL');
      const socket = this.#ready.shift();
      if (socket !== undefined) {
        socket.adopt(this.process);
        return ok(socket);
      }
      const woken = await this.process.block<void>((wake) => this.#waiting.add(wake));
      if (!woken.ok) return woken;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#forget?.();
    this.stack.socketTable.removeListener(this);
    for (const socket of this.#ready) socket.abortByReset();
    this.#ready.length = 0;
    this.#waiting.wakeAll();
  }
}
