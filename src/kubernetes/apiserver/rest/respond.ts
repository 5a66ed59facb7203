import { toYaml } from '../../apimachinery/yaml-print';
import { encode } from '../../../linux/io/bytes';
import { Headers, type Response } from '../../../linux/net/http/message';
import type { Status } from '../../apimachinery/status';

/** Success where there is no object to give: metav1.Status. */
export interface SuccessStatus {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Success';
  readonly details?: Readonly<Record<string, unknown>>;
  readonly code?: number;
}

export type Format = 'json' | 'yaml';

const cacheControl = 'no-cache, private';

/** An answer in the form the client asked for. */
export function answer(
  status: number,
  value: unknown,
  format: Format = 'json',
  extra: Readonly<Record<string, string>> = {},
): Response {
  return answerText(status, format === 'json' ? `${JSON.stringify(value)}\n` : toYaml(value), format, extra);
}

/** An answer that is text already. */
export function answerText(
  status: number,
  text: string,
  format: Format = 'json',
  extra: Readonly<Record<string, string>> = {},
): Response {
  const body = encode(text);
  return {
    status,
    headers: new Headers({
      'Cache-Control': cacheControl,
      'Content-Type': format === 'json' ? 'application/json' : 'application/yaml',
      ...extra,
      'Content-Length': String(body.length),
    }),
    body,
  };
}

export function refuse(status: Status): Response {
  const retry = status.details?.retryAfterSeconds;
  return answer(status.code, status, 'json', retry === undefined ? {} : { 'Retry-After': String(retry) });
}

export function plain(status: number, text: string, extra: Readonly<Record<string, string>> = {}): Response {
  const body = encode(text);
  return {
    status,
    headers: new Headers({
      'Cache-Control': cacheControl,
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      ...extra,
      'Content-Length': String(body.length),
    }),
    body,
  };
}
