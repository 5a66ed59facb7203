import { encode } from '../../linux/io/bytes';
import { Headers, type Response } from '../../linux/net/http/message';

/** Codes of the distribution API with their statuses and texts (registry/api/errcode, registry/api/v2/errors.go). */
const codes = {
  UNKNOWN: [500, 'unknown error'],
  UNSUPPORTED: [405, 'The operation is unsupported.'],
  UNAUTHORIZED: [401, 'authentication required'],
  DENIED: [403, 'requested access to the resource is denied'],
  TOOMANYREQUESTS: [429, 'too many requests'],
  DIGEST_INVALID: [400, 'provided digest did not match uploaded content'],
  SIZE_INVALID: [400, 'provided length did not match content length'],
  NAME_INVALID: [400, 'invalid repository name'],
  TAG_INVALID: [400, 'manifest tag did not match URI'],
  NAME_UNKNOWN: [404, 'repository name not known to registry'],
  MANIFEST_UNKNOWN: [404, 'manifest unknown'],
  MANIFEST_INVALID: [400, 'manifest invalid'],
  MANIFEST_BLOB_UNKNOWN: [404, 'blob unknown to registry'],
  BLOB_UNKNOWN: [404, 'blob unknown to registry'],
  BLOB_UPLOAD_UNKNOWN: [404, 'blob upload unknown to registry'],
  BLOB_UPLOAD_INVALID: [404, 'blob upload invalid'],
  RANGE_INVALID: [416, 'invalid content range'],
  PAGINATION_NUMBER_INVALID: [400, 'invalid number of results requested'],
} as const;
export type Code = keyof typeof codes;

export interface Problem {
  readonly code: Code;
  readonly message?: string;
  readonly detail?: unknown;
}

/** The answer that tells what is wrong. */
export function refusal(problems: Problem | readonly Problem[], more: Readonly<Record<string, string>> = {}): Response {
  const all = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
  const [status] = codes[all[0]?.code ?? 'UNKNOWN'];
  const errors = all.map(({ code, message = codes[code][1], detail }) => ({
    code,
    message,
    ...(detail === undefined ? {} : { detail }),
  }));
  const body = encode(`${JSON.stringify({ errors })}\n`);
  return { status, headers: new Headers({ 'Content-Type': 'application/json; charset=utf-8', ...more }), body };
}
