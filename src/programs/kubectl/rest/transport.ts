import type { Body, ByteDuplex, Headers } from '../../../linux/net/http/message';
import type { Process } from '../../../linux/process/types';
import type { Result } from '../../../sim/result';
import type { ClientConfig } from './config';

/** One request, as it goes over the wire. */
export interface TransportRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Milliseconds; absent: for ever. */
  readonly timeout?: number;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** No response. */
export interface TransportError {
  /** In the words of Go's net and tls packages: `dial tcp 127.0.0.1:8080: connect: connection refused`. */
  readonly message: string;
}

/** Messages of a WebSocket (RFC 6455); framing and ping are the transport's. */
export interface MessageChannel {
  /** The next binary or text message; undefined when the peer closed. */
  read(): Promise<Uint8Array | undefined>;
  write(message: Uint8Array): Promise<void>;
  close(): void;
  /** The subprotocol that the server chose. */
  readonly protocol: string;
}

export type Upgraded =
  | { readonly kind: 'channel'; readonly channel: MessageChannel }
  /** The server answered otherwise (a Status). */
  | { readonly kind: 'response'; readonly response: TransportResponse };

/** How requests reach the server of one cluster. */
export interface Transport {
  send(request: TransportRequest): Promise<Result<TransportResponse, TransportError>>;
  /** Opens a WebSocket. */
  upgrade(
    request: TransportRequest & { readonly protocols: readonly string[] },
  ): Promise<Result<Upgraded, TransportError>>;
}

export type Connect = (process: Process, config: ClientConfig) => Transport;

export type { ByteDuplex };
