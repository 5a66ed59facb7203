import type { Duplex } from 'node:stream';
import type { ByteDuplex } from '../src/linux/net/http/message';
import type { Clock } from '../src/sim/clock';
import type { Deferred } from '../src/sim/deferred';
import type { Pump } from './pump';

/** Bytes that wait for a slow client before writers have to wait too. */
const BACKLOG = 1 << 20;

/** A real connection as the world sees it after a protocol switch. */
export class SocketDuplex implements ByteDuplex {
  readonly #chunks: Uint8Array[] = [];
  #ended = false;
  /** Set while the bytes still belong to the request's body; called in real time. */
  #arrived: (() => void) | undefined;
  #reader: Deferred<void> | undefined;
  #writers: Deferred<void>[] = [];

  constructor(
    readonly socket: Duplex,
    head: Uint8Array,
    readonly pump: Pump,
    readonly clock: Clock,
  ) {
    if (head.length > 0) this.#chunks.push(head);
    socket.on('data', (chunk: Buffer) => {
      if (this.#arrived !== undefined) this.#receive(chunk);
      else pump.enter(() => this.#receive(chunk));
    });
    const end = (): void => {
      if (this.#arrived !== undefined) this.#end();
      else pump.enter(() => this.#end());
    };
    socket.on('end', end);
    socket.on('close', end);
    socket.on('error', () => undefined);
    socket.on('drain', () => {
      const writers = this.#writers;
      this.#writers = [];
      if (writers.length > 0) pump.enter(() => writers.forEach((writer) => writer.resolve()));
    });
  }

  #receive(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#arrived?.();
    this.#reader?.resolve();
  }

  #end(): void {
    this.#ended = true;
    this.#arrived?.();
    this.#reader?.resolve();
  }

  /** The first `length` bytes, before the world has the connection; undefined if they do not come. */
  async take(length: number): Promise<Uint8Array | undefined> {
    const size = (): number => this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    while (size() < length && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    this.#arrived = undefined;
    if (size() < length) return undefined;
    const all = Buffer.concat(this.#chunks.splice(0));
    if (all.length > length) this.#chunks.push(all.subarray(length));
    return all.subarray(0, length);
  }

  async read(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0 && !this.#ended) {
      this.#reader = this.clock.deferred<void>();
      await this.#reader.promise;
    }
    return this.#chunks.shift();
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.socket.writableEnded || this.socket.destroyed) return;
    // The world may use the same memory again.
    this.socket.write(Buffer.from(bytes));
    if (this.socket.writableLength < BACKLOG) return;
    const drained = this.clock.deferred<void>();
    this.#writers.push(drained);
    await drained.promise;
  }

  closeWrite(): void {
    this.socket.end();
  }

  close(): void {
    this.socket.end();
    this.#ended = true;
    this.#reader?.resolve();
    const writers = this.#writers;
    this.#writers = [];
    for (const writer of writers) writer.resolve();
    // A client that reads slowly gets everything; one that never closes its half is not waited for.
    setTimeout(() => this.socket.destroy(), 2000).unref();
  }
}
