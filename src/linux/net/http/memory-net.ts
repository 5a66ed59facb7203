import type { Clock } from '../../../sim/clock';
import type { Deferred } from '../../../sim/deferred';
import { ok } from '../../../sim/result';
import { fail, type Sys } from '../../errno';
import type { OpenFile } from '../../io/open-file';
import type { DatagramSocket, Endpoint, Listener, StreamSocket } from '../types';

/** A network without packets, for tests of what speaks over sockets: connections by endpoint, `delay` one way. */
export class MemoryNet {
  readonly #listeners = new Map<string, MemoryListener>();
  readonly #datagrams = new Map<string, MemoryDatagram>();
  #port = 40_000;

  constructor(
    readonly clock: Clock,
    readonly delay = 1,
  ) {}

  listen(_process: unknown, local: Endpoint): Sys<Listener> {
    const key = keyOf(local);
    if (this.#listeners.has(key)) return fail('EADDRINUSE');
    const listener = new MemoryListener(this.clock, local, () => this.#listeners.delete(key));
    this.#listeners.set(key, listener);
    return ok(listener);
  }

  async connect(_process: unknown, to: Endpoint): Promise<Sys<StreamSocket>> {
    await this.clock.sleep(this.delay * 2);
    const listener = this.#listeners.get(keyOf(to)) ?? this.#listeners.get(keyOf({ ...to, address: '0.0.0.0' }));
    if (!listener) return fail('ECONNREFUSED');
    const local = { address: '10.0.0.1', port: this.#port++ };
    const [near, far] = socketPair(this.clock, local, to, this.delay);
    listener.arrive(far);
    return ok(near);
  }

  datagram(_process: unknown, at?: Endpoint): Sys<DatagramSocket> {
    const local = at ?? { address: '10.0.0.1', port: this.#port++ };
    const key = keyOf(local);
    const socket = new MemoryDatagram(this, local, () => this.#datagrams.delete(key));
    this.#datagrams.set(key, socket);
    return ok(socket);
  }

  deliver(to: Endpoint, from: Endpoint, bytes: Uint8Array): void {
    this.clock.setTimer(this.delay, () => this.#datagrams.get(keyOf(to))?.arrive({ from, bytes }));
  }
}

const keyOf = ({ address, port }: Endpoint): string => `${address}:${port}`;

/** What waits for what: values that arrive and readers who wait. */
class Queue<T> {
  readonly items: T[] = [];
  #waiting: Deferred<void> | undefined;
  constructor(readonly clock: Clock) {}

  push(item: T): void {
    this.items.push(item);
    this.wake();
  }
  wake(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
  async wait(): Promise<void> {
    this.#waiting ??= this.clock.deferred<void>();
    await this.#waiting.promise;
  }
}

class MemoryListener implements Listener {
  readonly #queue: Queue<StreamSocket>;
  #closed = false;
  constructor(
    clock: Clock,
    readonly local: Endpoint,
    readonly closed: () => void,
  ) {
    this.#queue = new Queue(clock);
  }
  arrive(socket: StreamSocket): void {
    this.#queue.push(socket);
  }
  async accept(): Promise<Sys<StreamSocket>> {
    for (;;) {
      if (this.#closed) return fail('EINVAL');
      const socket = this.#queue.items.shift();
      if (socket) return ok(socket);
      await this.#queue.wait();
    }
  }
  close(): void {
    this.#closed = true;
    this.#queue.wake();
    this.closed();
  }
}

class MemoryDatagram implements DatagramSocket {
  readonly remote = undefined;
  readonly #queue: Queue<{ from: Endpoint; bytes: Uint8Array }>;
  constructor(
    readonly net: MemoryNet,
    readonly local: Endpoint,
    readonly close: () => void,
  ) {
    this.#queue = new Queue(net.clock);
  }
  arrive(message: { from: Endpoint; bytes: Uint8Array }): void {
    this.#queue.push(message);
  }
  send(to: Endpoint, bytes: Uint8Array): Sys<void> {
    this.net.deliver(to, this.local, bytes);
    return ok(undefined);
  }
  async receive({ timeout = Infinity }: { readonly timeout?: number } = {}): Promise<
    Sys<{ from: Endpoint; bytes: Uint8Array }>
  > {
    let late = false;
    const timer =
      timeout === Infinity
        ? undefined
        : this.net.clock.setTimer(timeout, () => {
            late = true;
            this.#queue.wake();
          });
    for (;;) {
      const message = this.#queue.items.shift();
      if (message || late) {
        if (timer) this.net.clock.cancel(timer);
        return message ? ok(message) : fail('EAGAIN');
      }
      await this.#queue.wait();
    }
  }
}

/** Two connected sockets. */
export function socketPair(clock: Clock, a: Endpoint, b: Endpoint, delay = 1): readonly [StreamSocket, StreamSocket] {
  const [toA, toB] = [new Queue<Uint8Array | 'end'>(clock), new Queue<Uint8Array | 'end'>(clock)];
  return [new MemorySocket(clock, a, b, toA, toB, delay), new MemorySocket(clock, b, a, toB, toA, delay)];
}

class MemorySocket implements StreamSocket {
  #shut = false;
  #closed = false;
  constructor(
    readonly clock: Clock,
    readonly local: Endpoint,
    readonly remote: Endpoint,
    readonly incoming: Queue<Uint8Array | 'end'>,
    readonly outgoing: Queue<Uint8Array | 'end'>,
    readonly delay: number,
  ) {}

  async read(max = 65_536): Promise<Sys<Uint8Array | undefined>> {
    for (;;) {
      if (this.#closed) return fail('EBADF');
      const first = this.incoming.items[0];
      if (first === 'end') return ok(undefined);
      if (first !== undefined) {
        if (first.length <= max) this.incoming.items.shift();
        else this.incoming.items[0] = first.subarray(max);
        return ok(first.subarray(0, max));
      }
      await this.incoming.wait();
    }
  }
  async write(bytes: Uint8Array): Promise<Sys<void>> {
    if (this.#shut) return fail('EPIPE');
    this.#send(bytes);
    return ok(undefined);
  }
  shutdown(): void {
    if (!this.#shut) this.#send('end');
    this.#shut = true;
  }
  close(): void {
    this.shutdown();
    this.#closed = true;
    this.incoming.wake();
  }
  #send(item: Uint8Array | 'end'): void {
    this.clock.setTimer(this.delay, () => this.outgoing.push(item));
  }
  get file(): OpenFile {
    throw new Error('a socket of memory has no descriptor');
  }
}
