import type { Response } from '../../../linux/net/http/message';
import { onEnd } from '../rest/body-end';
import type { Exchange } from '../rest/exchange';
import type { RequestInfo } from '../rest/request-info';
import { plain } from '../rest/respond';
import { Counter, exponential, Gauge, Histogram, labelsOf } from './instruments';
import { qualified, stateMetrics } from './state';

/** Upper bounds of apiserver_request_duration_seconds (k8s.io/apiserver/pkg/endpoints/metrics); the others have fewer. */
const slow = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];
const durations = [0.005, 0.025, ...slow];
/** endpoints/filters/metrics.go */
const authDurations = exponential(0.001, 2, 15);

/** What is asked for; its keys are sorted. */
interface RequestLabels {
  readonly component: string;
  readonly dry_run: string;
  readonly group: string;
  readonly resource: string;
  readonly scope: string;
  readonly subresource: string;
  readonly verb: string;
  readonly version: string;
}

const readOnly: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const writes: ReadonlySet<string> = new Set(['create', 'update', 'patch']);
/** BasicLongRunningRequestCheck, and CleanVerb's validConnectRequests. */
const connects: ReadonlySet<string> = new Set(['log', 'exec', 'portforward', 'attach', 'proxy']);
const isLongRunning = ({ verb, subresource }: RequestInfo): boolean => verb === 'watch' || connects.has(subresource);
/** Paths besides resources whose handlers count (healthz.InstallPathHandler). */
const instrumented = /^\/(?:healthz|livez|readyz)$/;

/** MonitorRequest */
function requestLabels({ info, request }: Exchange): RequestLabels {
  const { verb, group, version, resource, subresource, namespace = '', name, isResource } = info;
  const scope = name !== '' || verb === 'create' ? 'resource' : namespace !== '' ? 'namespace' : 'cluster';
  const component = 'apiserver';
  const dry_run = dryRunOf(info.query);
  if (!isResource)
    return {
      component,
      dry_run,
      group: '',
      resource: '',
      scope: '',
      subresource: info.path,
      verb: info.method,
      version: '',
    };
  const applies = info.method === 'PATCH' && request.headers.get('Content-Type') === 'application/apply-patch+yaml';
  const method = info.method === 'HEAD' ? 'GET' : info.method;
  const called = connects.has(subresource)
    ? 'CONNECT'
    : verb === 'watch'
      ? 'WATCH'
      : verb === 'list'
        ? 'LIST'
        : applies
          ? 'APPLY'
          : methods.has(method)
            ? method
            : 'other';
  return { component, dry_run, group, resource, scope, subresource, verb: called, version };
}

const methods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT']);

function dryRunOf(query: URLSearchParams): string {
  const asked = query.getAll('dryRun');
  if (asked.some((each) => each !== 'All')) return 'invalid';
  return asked.length === 0 ? '' : 'All';
}

function fieldValidationOf(query: URLSearchParams): string {
  const [asked = '', ...more] = query.getAll('fieldValidation');
  return more.length > 0 || !['', 'Ignore', 'Warn', 'Strict'].includes(asked) ? 'invalid' : asked;
}

/** compressUsername: few names, whoever asks. */
function compressed(name: string): string {
  if (['admin', 'client', 'kube_proxy', 'kubelet', 'system:serviceaccount:kube-system:default'].includes(name))
    return name;
  return name.includes('@') ? 'email_id' : 'other';
}

/** What the server counts of its own work, for /metrics. */
export class Metrics {
  readonly requests = new Counter(
    'apiserver_request_total',
    '[STABLE] Requests that were answered, with the status of the answer.',
  );
  readonly #durations = new Histogram(
    'apiserver_request_duration_seconds',
    '[STABLE] Seconds until requests were answered.',
    durations,
  );
  readonly #sli = new Histogram(
    'apiserver_request_sli_duration_seconds',
    '[ALPHA] Seconds until requests were answered, without what webhooks took.',
    slow,
  );
  readonly #sizes = new Histogram(
    'apiserver_response_sizes',
    '[STABLE] Bytes of the answers to reads.',
    exponential(1000, 10, 7),
  );
  readonly #bodies = new Histogram(
    'apiserver_request_body_size_bytes',
    '[ALPHA] Bytes of what was sent to be stored.',
    Array.from({ length: 31 }, (_, at) => 50_000 + 100_000 * at),
  );
  readonly #inflight = new Gauge(
    'apiserver_current_inflight_requests',
    '[STABLE] Requests that are being answered now, by whether they change anything.',
  );
  readonly #longRunning = new Gauge(
    'apiserver_longrunning_requests',
    '[STABLE] Watches, logs and connections that are open.',
  );
  readonly #deprecated = new Gauge(
    'apiserver_requested_deprecated_apis',
    '[STABLE] Whether an API that is going away was asked for.',
  );
  readonly #fieldValidation = new Histogram(
    'field_validation_request_duration_seconds',
    '[ALPHA] Seconds until writes were answered, by how strictly fields were looked at.',
    slow,
  );
  readonly #users = new Counter('authenticated_user_requests', '[ALPHA] Requests of known users, by groups of names.');
  readonly #attempts = new Counter('authentication_attempts', '[ALPHA] How often it was found out who asks.');
  readonly #authentication = new Histogram(
    'authentication_duration_seconds',
    '[ALPHA] Seconds it took to find out who asks.',
    authDurations,
  );
  readonly #authorizations = new Counter(
    'authorization_attempts_total',
    '[ALPHA] How often it was found out whether somebody may.',
  );
  readonly #authorization = new Histogram(
    'authorization_duration_seconds',
    '[ALPHA] Seconds it took to find out whether somebody may.',
    authDurations,
  );
  readonly #audits = new Counter('apiserver_audit_event_total', '[ALPHA] Events for the audit log.');
  readonly #watchEvents = new Counter('apiserver_watch_events_total', '[ALPHA] Events that watches were sent.');
  readonly #watchSizes = new Histogram(
    'apiserver_watch_events_sizes',
    '[ALPHA] Bytes of the events that watches were sent.',
    exponential(1024, 2, 8),
  );

  readonly accountTokens = new Counter(
    'serviceaccount_valid_tokens_total',
    '[ALPHA] Tokens of service accounts that were good.',
  );

  constructor() {
    this.accountTokens.add('', 0);
    for (const kind of ['mutating', 'readOnly']) this.#inflight.set(`request_kind="${kind}"`, 0);
    this.#audits.add('', 0);
  }

  /** A request has come; what it is answered with goes through the result. */
  begin(exchange: Exchange): (response: Response) => Response {
    const { info, server } = exchange;
    const long = isLongRunning(info);
    const kind = `request_kind="${readOnly.has(info.verb) ? 'readOnly' : 'mutating'}"`;
    const begun = server.clock.now;
    if (!long) this.#inflight.add(kind, 1);
    return (response) => {
      if (!long) this.#inflight.add(kind, -1);
      this.#identity(exchange, response);
      const counted = info.isResource ? exchange.kind !== undefined : instrumented.test(info.path);
      if (!counted) return response;
      const { dry_run, ...asked } = requestLabels(exchange);
      const labels = labelsOf(asked);
      const done = (): void => this.#answered(exchange, asked, dry_run, response, (server.clock.now - begun) / 1000);
      if (response.body instanceof Uint8Array) {
        done();
        return response;
      }
      if (long) this.#longRunning.add(labels, 1);
      const body = onEnd(response.body, () => {
        if (long) this.#longRunning.add(labels, -1);
        done();
      });
      return { ...response, body };
    };
  }

  /** The stages of authentication and authorization take no time but where others are asked. */
  #identity({ user, verdict }: Exchange, { status }: Response): void {
    const result = `result="${status === 401 ? 'failure' : 'success'}"`;
    this.#attempts.add(result);
    this.#authentication.observe(result, 0);
    if (status === 401) return;
    this.#users.add(`username="${compressed(user.name)}"`);
    if (verdict === undefined) return;
    const decision = verdict.error !== undefined ? 'error' : verdict.decision === 'Allow' ? 'allowed' : 'denied';
    this.#authorizations.add(`result="${decision}"`);
    this.#authorization.observe(`result="${decision}"`, 0);
  }

  #answered(
    { info, kind, body: sent }: Exchange,
    asked: Omit<RequestLabels, 'dry_run'>,
    dryRun: string,
    { status, body }: Response,
    seconds: number,
  ): void {
    const labels = labelsOf(asked);
    const { component, ...others } = asked;
    this.requests.add(labelsOf({ code: String(status), component, dry_run: dryRun, ...others }));
    this.#durations.observe(labelsOf({ component, dry_run: dryRun, ...others }), seconds);
    this.#sli.observe(labels, seconds);
    this.#fieldValidation.mention(`field_validation="${fieldValidationOf(info.query)}"`);
    const { group, version, resource, subresource } = asked;
    if (kind?.deprecated !== undefined)
      this.#deprecated.set(labelsOf({ group, removed_release: '', resource, subresource, version }), 1);
    if (body instanceof Uint8Array && (info.verb === 'get' || info.verb === 'list'))
      this.#sizes.observe(labels, body.length);
    if (kind !== undefined && writes.has(info.verb))
      this.#bodies.observe(labelsOf({ resource: qualified(kind), verb: info.verb }), sent.length);
  }

  /** An event for the audit log was made. */
  audited(): void {
    this.#audits.add();
  }

  /** A watch was sent an event of so many bytes. */
  sent(labels: string, bytes: number): void {
    this.#watchEvents.add(labels);
    this.#watchSizes.observe(labels, bytes);
  }

  /** The answer of /metrics. */
  render({ server }: Exchange): Response {
    const own = [
      this.requests,
      this.#durations,
      this.#sli,
      this.#sizes,
      this.#bodies,
      this.#inflight,
      this.#longRunning,
      this.#deprecated,
      this.#fieldValidation,
      this.#users,
      this.#attempts,
      this.#authentication,
      this.#authorizations,
      this.#authorization,
      this.#audits,
      this.#watchEvents,
      this.#watchSizes,
      this.accountTokens,
    ];
    const all = [...own.map((each) => each.render()), ...stateMetrics(server), server.flowControl.render()];
    return plain(200, all.join(''));
  }
}
