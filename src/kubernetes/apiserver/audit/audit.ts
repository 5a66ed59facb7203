import { decode } from '../../../linux/io/bytes';
import type { Body, Response } from '../../../linux/net/http/message';
import type { Status } from '../../apimachinery/status';
import { attributesOf } from '../authorization/attributes';
import type { Verdict } from '../authorization/authorizer';
import type { User } from '../authentication/user';
import { onEnd } from '../rest/body-end';
import type { Exchange } from '../rest/exchange';
import { decide, type AuditDecision, type AuditPolicy, type AuditStage } from './policy';

/** Where the audit log goes (--audit-policy-file, --audit-log-path). */
export interface AuditLog {
  readonly policy: AuditPolicy;
  /** One event, as a line of JSON without its end. */
  write(line: string): void;
}

/** What is being noted about one request. */
export interface Audited {
  readonly decision: AuditDecision;
  readonly received: number;
}

/** Largest body that is parsed for the log. */
const largest = 3_000_000;

/** filters.WithAudit: decides what to note of a request, and notes that it has come. */
export function auditStage(exchange: Exchange): undefined {
  const { log } = exchange.server.settings;
  if (log === undefined) return undefined;
  const decision = decide(log.policy, attributesOf(exchange.user, exchange.info));
  if (decision.level === 'None') return undefined;
  exchange.audited = { decision, received: exchange.server.clock.now };
  note(exchange, 'RequestReceived', undefined);
  return undefined;
}

/** Notes the answer; of what goes on and on its beginning and its end. */
export function auditResponse(exchange: Exchange, response: Response): Response {
  if (exchange.audited === undefined) {
    if (response.status === 401) auditUnauthorized(exchange);
    return response;
  }
  if (response.body instanceof Uint8Array) {
    note(exchange, 'ResponseComplete', response);
    return response;
  }
  note(exchange, 'ResponseStarted', response);
  return { ...response, body: onEnd(response.body, () => note(exchange, 'ResponseComplete', response)) };
}

/** filters.WithFailedAuthenticationAudit. */
function auditUnauthorized(exchange: Exchange): void {
  const { log } = exchange.server.settings;
  if (log === undefined) return;
  const nobody: User = { name: '', groups: [] };
  const decision = decide(log.policy, attributesOf(nobody, exchange.info));
  if (decision.level === 'None') return;
  exchange.user = nobody;
  exchange.audited = { decision: { ...decision, level: 'Metadata' }, received: exchange.server.clock.now };
  const [method = ''] = (exchange.request.headers.get('Authorization') ?? '').split(' ');
  const status = {
    metadata: {},
    status: 'Failure',
    message: `Authentication failed, attempted: ${method.toLowerCase()}`,
    code: 401,
  };
  note(exchange, 'ResponseStarted', undefined, status);
}

function note(exchange: Exchange, stage: AuditStage, response: Response | undefined, status?: object): void {
  const { server, audited } = exchange;
  if (audited === undefined || audited.decision.omitStages.includes(stage)) return;
  server.metrics.audited();
  server.settings.log?.write(JSON.stringify(eventOf(exchange, audited, stage, response, status)));
}

/** metav1.MicroTime. */
const microTime = (at: number): string => `${new Date(at).toISOString().slice(0, -1)}000Z`;

const userInfo = ({ name, uid, groups, extra }: User): object => ({
  ...(name === '' ? {} : { username: name }),
  ...(uid === undefined || uid === '' ? {} : { uid }),
  ...(groups.length === 0 ? {} : { groups }),
  ...(extra === undefined ? {} : { extra }),
});

/** audit.k8s.io/v1 Event, its members in the order of the Go type. */
function eventOf(
  exchange: Exchange,
  { decision, received }: Audited,
  stage: AuditStage,
  response: Response | undefined,
  status: object | undefined,
): object {
  const { request, context, info, user, impersonator, verdict, server, auditId } = exchange;
  const { level, omitManagedFields } = decision;
  const answer = response === undefined ? undefined : jsonOf(response.body);
  const body = level === 'Request' || level === 'RequestResponse' ? jsonOf(exchange.body) : undefined;
  const shown = (value: unknown): unknown => (omitManagedFields ? withoutManagers(value) : value);
  const agent = request.headers.get('User-Agent');
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level,
    auditID: auditId,
    stage,
    requestURI: request.url,
    verb: info.verb,
    user: userInfo(impersonator ?? user),
    ...(impersonator === undefined ? {} : { impersonatedUser: userInfo(user) }),
    sourceIPs: [context.remote.replace(/:\d+$/, '')],
    ...(agent === undefined ? {} : { userAgent: agent }),
    ...(info.isResource ? { objectRef: reference(exchange) } : {}),
    ...(status !== undefined
      ? { responseStatus: status }
      : response === undefined
        ? {}
        : { responseStatus: statusOf(response.status, answer) }),
    ...(body === undefined ? {} : { requestObject: shown(body) }),
    ...(level === 'RequestResponse' && answer !== undefined ? { responseObject: shown(answer) } : {}),
    requestReceivedTimestamp: microTime(received),
    stageTimestamp: microTime(server.clock.now),
    ...(verdict === undefined ? {} : { annotations: annotationsOf(verdict, exchange.annotations) }),
  };
}

/** In the order in which Go writes maps. */
function annotationsOf({ decision, reason }: Verdict, others: ReadonlyMap<string, string>): object {
  const all: readonly (readonly [string, string])[] = [
    ['authorization.k8s.io/decision', decision === 'Allow' ? 'allow' : 'forbid'],
    ['authorization.k8s.io/reason', reason],
    ...others,
  ];
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function reference({ info }: Exchange): object {
  const { resource, namespace, name, group, version, subresource } = info;
  return {
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { apiGroup: group }),
    apiVersion: version,
    ...(subresource === '' ? {} : { subresource }),
  };
}

function statusOf(code: number, answer: unknown): object {
  const said = answer as Partial<Status> | undefined;
  if (said?.kind !== 'Status' || code < 400) return { metadata: {}, code };
  const { status, message, reason, details } = said;
  return {
    metadata: {},
    status,
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
}

function jsonOf(body: Body): unknown {
  if (!(body instanceof Uint8Array) || body.length === 0 || body.length > largest) return undefined;
  try {
    return JSON.parse(decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

function withoutManagers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { metadata, items, ...rest } = value as {
    readonly metadata?: { readonly managedFields?: unknown };
    readonly items?: unknown;
  };
  const { managedFields: _managed, ...meta } = metadata ?? {};
  return {
    ...rest,
    ...(metadata === undefined ? {} : { metadata: meta }),
    ...(Array.isArray(items) ? { items: items.map(withoutManagers) } : items === undefined ? {} : { items }),
  };
}
