import type { Errno } from '../../../linux/errno';
import { resolve } from '../../../linux/net/dns/resolve';
import type { ByteStream } from '../../../linux/net/http/stream';
import { parseCertificates } from '../../../linux/net/tls/certificate';
import { tlsConnect } from '../../../linux/net/tls/connection';
import { publicBundle } from '../../../linux/net/tls/public-ca';
import type { Listener } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import { failed } from './files';
import type { Loop } from './loop';
import type { Value } from './values';

/** The sockets of a program: system calls wait in threads, what comes of them are events. */
export class Sockets {
  readonly #streams = new Map<number, { readonly stream: ByteStream; last: Promise<unknown> }>();
  readonly #listeners = new Map<number, Listener>();
  #next = 1;

  constructor(
    private readonly process: Process,
    private readonly loop: Loop,
  ) {}

  listen(address: string, port: number, path: string): Value {
    const { process, loop } = this;
    const made = path === '' ? process.net.listen(process, { address, port }) : process.net.listenUnix(process, path);
    if (!made.ok) return failed(made.error);
    const id = this.#next++;
    const listener = made.value;
    this.#listeners.set(id, listener);
    process.thread(async () => {
      while (this.#listeners.has(id)) {
        const accepted = await listener.accept();
        if (!accepted.ok || !this.#listeners.has(id)) return;
        const connection = this.#add(accepted.value);
        const { local, remote } = accepted.value;
        loop.post('connection', id, connection, { local: { ...local }, remote: { ...remote } });
      }
    });
    return { id, port: listener.local.port };
  }

  close(id: number): void {
    const listener = this.#listeners.get(id);
    this.#listeners.delete(id);
    listener?.close();
  }

  /** Connects by name; `tls` is the server's name for a TLS handshake. */
  connect(host: string, port: number, path: string, tls: boolean): number {
    const { process, loop } = this;
    const id = this.#next++;
    process.thread(async () => {
      const error = (fault: Errno, address = host): void =>
        loop.post('connect-error', id, { code: fault.code, number: fault.number, syscall: 'connect', address, port });
      if (path !== '') {
        const opened = await process.net.connectUnix(process, path);
        if (!opened.ok) return error(opened.error, path);
        this.#add(opened.value, id);
        return loop.post('connected', id, { local: {}, remote: {} });
      }
      const addresses = await resolve(process, host);
      const address = addresses.ok ? addresses.value[0] : undefined;
      if (address === undefined) {
        const code = !addresses.ok && addresses.error.kind !== 'not-found' ? 'EAI_AGAIN' : 'ENOTFOUND';
        return loop.post('connect-error', id, {
          code,
          number: code === 'ENOTFOUND' ? 3008 : 3001,
          syscall: 'getaddrinfo',
          host,
        });
      }
      const opened = await process.net.connect(process, { address, port });
      if (!opened.ok) return error(opened.error, address);
      const { local, remote } = opened.value;
      let stream: ByteStream = opened.value;
      if (tls) {
        const roots = parseCertificates(publicBundle());
        const shaken = await tlsConnect(opened.value, { roots, serverName: host, now: process.clock.now });
        if (!shaken.ok) {
          opened.value.close();
          return loop.post('connect-error', id, { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', syscall: 'tls', host });
        }
        stream = shaken.value;
      }
      this.#add(stream, id);
      loop.post('connected', id, { local: { ...local }, remote: { ...remote } });
    });
    return id;
  }

  #add(stream: ByteStream, id = this.#next++): number {
    this.#streams.set(id, { stream, last: Promise.resolve() });
    return id;
  }

  /** Begins to read: data and its end come as events. */
  read(id: number): void {
    const entry = this.#streams.get(id);
    if (entry === undefined) return;
    this.process.thread(async () => {
      for (;;) {
        const read = await entry.stream.read(65_536);
        if (!this.#streams.has(id)) return;
        if (!read.ok) return this.loop.post('socket-error', id, { code: read.error.code, number: read.error.number });
        if (read.value === undefined) return this.loop.post('end', id);
        this.loop.post('data', id, read.value);
      }
    });
  }

  write(id: number, bytes: Uint8Array, token: number): void {
    const entry = this.#streams.get(id);
    if (entry === undefined) return;
    const before = entry.last;
    entry.last = before.then(() => entry.stream.write(bytes));
    const { last } = entry;
    this.process.thread(async () => {
      await last;
      this.loop.post('written', id, token);
    });
  }

  shutdown(id: number): void {
    const entry = this.#streams.get(id);
    if (entry !== undefined) entry.last = entry.last.then(() => entry.stream.shutdown());
  }

  destroy(id: number): void {
    const entry = this.#streams.get(id);
    this.#streams.delete(id);
    if (entry !== undefined) entry.last = entry.last.then(() => entry.stream.close());
  }

  lookup(host: string, token: number): void {
    this.process.thread(async () => {
      const found = await resolve(this.process, host);
      this.loop.post('looked-up', token, found.ok ? [...found.value] : null);
    });
  }
}
