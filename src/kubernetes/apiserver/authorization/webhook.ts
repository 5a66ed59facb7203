import type { Clock } from '../../../sim/clock';
import { err, type Result } from '../../../sim/result';
import type { WebhookResponse, WebhookTransport } from '../admission/webhook/transport';
import type { Attributes, Authorizer, Verdict } from './authorizer';
import type { MatchConditions } from './match-conditions';

/** Of --authorization-webhook-config-file and the flags around it. */
export interface AuthorizationWebhook {
  readonly url: string;
  /** Base64 of the PEM whom to believe. */
  readonly caBundle?: string | undefined;
  /** --authorization-webhook-version */
  readonly version: 'v1' | 'v1beta1';
  /** --authorization-webhook-cache-authorized-ttl and …-unauthorized-ttl. Milliseconds. */
  readonly authorizedTtl: number;
  readonly unauthorizedTtl: number;
  /** What a failed call says (failurePolicy of an AuthorizationConfiguration). */
  readonly onError?: 'Deny' | 'NoOpinion';
  /** Milliseconds. */
  readonly timeout?: number;
  /** Which questions it is asked; absent: all. */
  readonly conditions?: MatchConditions;
}

/** How many answers are kept. */
const most = 1024;
/** maxControlledAttrCacheSize: longer questions are not worth remembering. */
const longest = 10_000;

interface Entry {
  readonly verdict: Verdict;
  readonly until: number;
}

/**
 * --authorization-mode=Webhook: asks a server over the network. Until it has answered the verdict says when to ask
 * again; answers are kept for a while.
 */
export class WebhookAuthorizer implements Authorizer {
  readonly #known = new Map<string, Entry>();
  readonly #asked = new Map<string, Promise<void>>();

  constructor(
    readonly webhook: AuthorizationWebhook,
    readonly clock: Clock,
    readonly transport: WebhookTransport | undefined,
  ) {}

  authorize(attributes: Attributes): Verdict {
    const matches = this.webhook.conditions?.match(attributes);
    if (matches?.ok === false)
      return { decision: this.webhook.onError ?? 'NoOpinion', reason: '', error: matches.error };
    if (matches?.value === false) return { decision: 'NoOpinion', reason: '' };
    const spec = JSON.stringify(specOf(attributes, this.webhook.version));
    const known = this.#known.get(spec);
    if (known !== undefined && known.until >= this.clock.now) return known.verdict;
    let until = this.#asked.get(spec);
    if (until === undefined) this.#asked.set(spec, (until = this.#ask(spec)));
    return { decision: 'NoOpinion', reason: '', until };
  }

  rulesFor(): ReturnType<NonNullable<Authorizer['rulesFor']>> {
    return { rules: [], incomplete: true, errors: ['webhook authorizer does not support user rule resolution'] };
  }

  async #ask(spec: string): Promise<void> {
    const { url, caBundle, version, authorizedTtl, unauthorizedTtl, timeout = 30_000 } = this.webhook;
    const full = `${url}${url.includes('?') ? '&' : '?'}timeout=${timeout / 1000}s`;
    const body = `{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/${version}","metadata":{},"spec":${spec},"status":{"allowed":false}}`;
    const answer: Result<WebhookResponse, string> =
      this.transport === undefined
        ? err('dial tcp: lookup failed: no such host')
        : await this.transport.post({ url: full, service: undefined, caBundle, body, timeout });
    const verdict = verdictOf(answer, full, this.webhook.onError ?? 'NoOpinion');
    const ttl =
      verdict.error !== undefined || spec.length > longest
        ? 0
        : verdict.decision === 'Allow'
          ? authorizedTtl
          : unauthorizedTtl;
    this.#asked.delete(spec);
    const [oldest] = this.#known.size >= most ? this.#known.keys() : [];
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#known.delete(spec);
    this.#known.set(spec, { verdict, until: this.clock.now + ttl });
  }
}

function specOf({ user, isResource, verb, path, ...asked }: Attributes, version: string): object {
  const { group, resource, subresource, namespace, name, fields } = asked;
  const given = { namespace, verb, group, version: '*', resource, subresource, name };
  const requirements = [...(fields ?? [])].map(([key, value]) => ({ key, operator: 'In', values: [value] }));
  return {
    ...(isResource
      ? {
          resourceAttributes: {
            ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
            ...(requirements.length === 0 ? {} : { fieldSelector: { requirements } }),
          },
        }
      : { nonResourceAttributes: { path, verb } }),
    user: user.name,
    ...(user.groups.length === 0 ? {} : { [version === 'v1' ? 'groups' : 'group']: user.groups }),
    ...(user.extra === undefined ? {} : { extra: user.extra }),
    ...(user.uid === undefined ? {} : { uid: user.uid }),
  };
}

function verdictOf(answer: Result<WebhookResponse, string>, url: string, onError: 'Deny' | 'NoOpinion'): Verdict {
  const failed = (error: string): Verdict => ({ decision: onError, reason: '', error });
  if (!answer.ok) return failed(`Post ${JSON.stringify(url)}: ${answer.error}`);
  const { status: code, body } = answer.value;
  if (code < 200 || code > 299)
    return failed(
      code >= 500
        ? `an error on the server (${JSON.stringify(body.trim().slice(0, 2048) || 'unknown')}) has prevented the request from succeeding`
        : 'the server rejected our request for an unknown reason',
    );
  const status = statusOf(body);
  if (status === undefined) return failed('unexpected response from webhook');
  const { allowed, denied, reason } = status;
  const why = typeof reason === 'string' ? reason : '';
  if (denied === true && allowed === true)
    return {
      ...{ decision: 'Deny', reason: why },
      error: 'webhook subject access review returned both allow and deny response',
    };
  return { decision: denied === true ? 'Deny' : allowed === true ? 'Allow' : 'NoOpinion', reason: why };
}

function statusOf(body: string): { allowed?: unknown; denied?: unknown; reason?: unknown } | undefined {
  try {
    const { status } = JSON.parse(body) as { status?: unknown };
    return typeof status === 'object' && status !== null ? status : undefined;
  } catch {
    return undefined;
  }
}
