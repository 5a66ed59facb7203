import type { Sys } from '../errno';
import type { OpenFile } from '../io/open-file';
import type { Process } from '../process/types';

/** A dotted IPv4 address. */
export type Ipv4 = string;

export interface Endpoint {
  readonly address: Ipv4;
  readonly port: number;
}

/** A stream socket that is connected. Reading and writing wait as system calls of the process that made or accepted it. */
export interface StreamSocket {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Up to `max` bytes; undefined at end; ECONNRESET and the like as errors. */
  read(max?: number): Promise<Sys<Uint8Array | undefined>>;
  write(bytes: Uint8Array): Promise<Sys<void>>;
  /** Half-close: the peer reads end of file. */
  shutdown(): void;
  close(): void;
  /** For fd tables (`exec 3<>/dev/tcp/…`, /proc/<pid>/fd). */
  readonly file: OpenFile;
}

export interface Listener {
  readonly local: Endpoint;
  accept(): Promise<Sys<StreamSocket>>;
  close(): void;
}

export interface DatagramSocket {
  readonly local: Endpoint;
  send(to: Endpoint, bytes: Uint8Array): Sys<void>;
  receive(options?: {
    readonly timeout?: number;
  }): Promise<Sys<{ readonly from: Endpoint; readonly bytes: Uint8Array }>>;
  close(): void;
}

/**
 * A network namespace: its own interfaces, routes, netfilter tables, conntrack, sockets. Calls take the process on whose
 * behalf they are made: its signals interrupt them, its end closes what it left open.
 */
export interface NetworkNamespace {
  readonly id: number;
  connect(
    process: Process,
    to: Endpoint,
    options?: { readonly timeout?: number; readonly from?: Ipv4 },
  ): Promise<Sys<StreamSocket>>;
  listen(process: Process, at: Endpoint): Sys<Listener>;
  datagram(process: Process, at?: Endpoint): Sys<DatagramSocket>;
  /** AF_UNIX, by path in the process's file system. */
  connectUnix(process: Process, path: string): Promise<Sys<StreamSocket>>;
  listenUnix(process: Process, path: string): Sys<Listener>;
}
