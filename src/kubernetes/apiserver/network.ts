import type { Body, Headers } from '../../linux/net/http/message';
import type { Result } from '../../sim/result';

/** How the server reaches others: over the network of the host where it runs. The world provides it. */
export interface ServerNetwork {
  /** Whether the server runs at all. */
  up(): boolean;
  /** The error is Go's words for what went wrong: `dial tcp 10.96.0.9:443: connect: connection refused`. */
  request(asked: OutgoingRequest): Promise<Result<OutgoingResponse, string>>;
}

export interface ServicePort {
  readonly name: string;
  readonly namespace: string;
  readonly port?: number;
}

export interface OutgoingRequest {
  readonly url: string;
  /** Whom the URL's host means, where that is a service: it is reached at its cluster address. */
  readonly service?: ServicePort | undefined;
  readonly method: string;
  readonly headers: Headers;
  readonly body?: Body;
  /** Base64 of the PEM whom to believe. */
  readonly caBundle?: string | undefined;
  /** Believe anybody. */
  readonly insecure?: boolean;
  /** Which certificate to show: that of one who may speak for users, or that by which kubelets know the server. */
  readonly as?: 'front-proxy' | 'kubelet-client';
  /** Milliseconds; after them the error is `context deadline exceeded`. */
  readonly timeout?: number;
}

export interface OutgoingResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body & { readonly timedOut?: boolean };
}
