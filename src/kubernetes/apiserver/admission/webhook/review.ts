import type { Webhook } from '../../../api/admissionregistration/webhooks';
import { failure, type Status, type StatusReason } from '../../../apimachinery/status';
import { decode } from '../../../../linux/io/bytes';
import { err, ok, type Result } from '../../../../sim/result';
import type { Attributes } from '../admission';
import { requestOf } from '../policy/request';
import type { Answer } from './calls';
import { urlOf, type WebhookRequest } from './transport';

type Json = Readonly<Record<string, unknown>>;

/** What a webhook said: let it pass (with changes), or not. */
export interface Verdict {
  readonly patch: readonly unknown[] | undefined;
  readonly denied: Status | undefined;
  readonly warnings: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
}

const apiVersion = 'admission.k8s.io/v1';

/** The review that is sent. */
export function reviewRequest(webhook: Webhook, of: Attributes, uid: string): WebhookRequest {
  const { clientConfig, timeoutSeconds = 10 } = webhook;
  const version = webhook.admissionReviewVersions.find((each) => each === 'v1' || each === 'v1beta1') ?? 'v1';
  const { operation, object, old, dryRun } = of;
  const { dryRun: _tried, options, ...about } = requestOf(of);
  const request = {
    uid,
    ...about,
    object: operation === 'DELETE' ? null : object,
    oldObject: old ?? null,
    dryRun,
    options,
  };
  return {
    url: urlOf(clientConfig, timeoutSeconds),
    service: clientConfig.service,
    caBundle: clientConfig.caBundle,
    body: JSON.stringify({ kind: 'AdmissionReview', apiVersion: `admission.k8s.io/${version}`, request }),
    timeout: timeoutSeconds * 1000,
  };
}

/** request.VerifyAdmissionResponse, and the words of a call that failed. */
export function verdictOf(webhook: Webhook, answer: Answer, uid: string, mutating: boolean): Result<Verdict, string> {
  const { clientConfig, timeoutSeconds = 10, name } = webhook;
  const post = `failed to call webhook: Post "${urlOf(clientConfig, timeoutSeconds)}": `;
  if (!answer.ok) return err(post + answer.error);
  const { status, body } = answer.value;
  if (status < 200 || status > 206) return err(`failed to call webhook: ${refused(status, body)}`);
  const review = parse(body);
  const invalid = (why: string): Result<never, string> => err(`received invalid webhook response: ${why}`);
  if (review === undefined)
    return err(`failed to call webhook: couldn't get version/kind; json parse error: ${unreadable(body)}`);
  const kind = review['kind'] as string | undefined;
  const version = review['apiVersion'] as string | undefined;
  const expected = webhook.admissionReviewVersions.includes('v1') ? apiVersion : 'admission.k8s.io/v1beta1';
  if (kind !== 'AdmissionReview' || version !== expected)
    return invalid(
      `expected webhook response of ${expected}, Kind=AdmissionReview, got ${version ?? ''}, Kind=${kind ?? ''}`,
    );
  const response = review['response'] as Json | null | undefined;
  if (response === undefined || response === null) return err('webhook response was absent');
  if (expected === apiVersion && response['uid'] !== uid)
    return invalid(`expected response.uid="${uid}", got "${String(response['uid'] ?? '')}"`);
  const patch = typeof response['patch'] === 'string' && response['patch'] !== '' ? response['patch'] : undefined;
  const type = response['patchType'];
  if (mutating && patch !== undefined && type === undefined && expected === apiVersion)
    return invalid('webhook returned response.patch but not response.patchType');
  if (mutating && type !== undefined && type !== 'JSONPatch')
    return invalid(`webhook returned invalid response.patchType of "${String(type)}"`);
  if (!mutating && (patch !== undefined || type !== undefined) && expected === apiVersion)
    return invalid(
      patch === undefined ? 'webhook response.patchType must be nil' : 'webhook may not return response.patch',
    );
  const operations = patch === undefined ? undefined : parsePatch(patch);
  if (patch !== undefined && operations === undefined) return err('failed to decode patch');
  return ok({
    patch: operations,
    denied: response['allowed'] === true ? undefined : denial(name, response['status'] as Json | undefined),
    warnings: stringsOf(response['warnings']),
    annotations: (response['auditAnnotations'] ?? {}) as Readonly<Record<string, string>>,
  });
}

const stringsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

/** A JSON object; undefined: it is none. */
export function parse(body: string): Json | undefined {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function parsePatch(base64: string): readonly unknown[] | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const value = JSON.parse(decode(bytes)) as unknown;
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** encoding/json about a body that is none. */
export function unreadable(body: string): string {
  const start = body.trimStart();
  if (start === '') return 'unexpected end of JSON input';
  return /^[{["\d\-tfn]/.test(start)
    ? 'unexpected end of JSON input'
    : `invalid character '${[...start][0] ?? ''}' looking for beginning of value`;
}

/** rest.Request's words for a status that is none of success. */
export function refused(status: number, body: string): string {
  const text = body.trim().slice(0, 2048);
  if (status === 404) return 'the server could not find the requested resource';
  if (status === 401) return 'the server has asked for the client to provide credentials';
  if (status === 403) return text === '' ? 'unknown' : text;
  if (status >= 500)
    return `an error on the server (${JSON.stringify(text === '' ? 'unknown' : text)}) has prevented the request from succeeding`;
  return 'the server rejected our request for an unknown reason';
}

/** errors.ToStatusErr. */
function denial(webhook: string, status: Json = {}): Status {
  const by = `admission webhook "${webhook}" denied the request`;
  const { message = '', reason = '' } = status as { message?: string; reason?: string };
  const code = typeof status['code'] === 'number' && status['code'] >= 400 ? status['code'] : 400;
  const text = message !== '' ? `${by}: ${message}` : reason !== '' ? `${by}: ${reason}` : `${by} without explanation`;
  const details = status['details'] as Status['details'];
  return failure(code, reason === '' ? undefined : (reason as StatusReason), text, details);
}
