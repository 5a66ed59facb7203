import type { WebhookClientConfig } from '../../../api/admissionregistration/webhooks';
import { err, type Result } from '../../../../sim/result';

/** The way to webhooks, which the world provides. */
export interface WebhookTransport {
  /** POSTs a review. The error is Go's words for what went wrong: `dial tcp 10.96.0.9:443: connect: connection refused`. */
  post(request: WebhookRequest): Promise<Result<WebhookResponse, string>>;
}

export interface WebhookRequest {
  /** With `https://name.namespace.svc:443` for services. */
  readonly url: string;
  readonly service: WebhookClientConfig['service'];
  readonly caBundle: string | undefined;
  readonly body: string;
  /** Milliseconds; after them the error is `context deadline exceeded`. */
  readonly timeout: number;
}

export interface WebhookResponse {
  readonly status: number;
  readonly body: string;
}

/** Where a webhook is, as errors name it. */
export function urlOf({ url, service }: WebhookClientConfig, timeoutSeconds: number): string {
  const base =
    service === undefined
      ? (url ?? '')
      : `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}${service.path ?? '/'}`;
  return `${base}${base.includes('?') ? '&' : '?'}timeout=${timeoutSeconds}s`;
}

/** Of a world without a network. */
export const nowhere: WebhookTransport = {
  post: () => Promise.resolve(err('dial tcp: lookup failed: no such host')),
};
