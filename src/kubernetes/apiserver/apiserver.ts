import { Headers, type Handler, type Request, type RequestContext, type Response } from '../../linux/net/http/message';
import { readBody } from '../../linux/net/http/codec';
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Trace } from '../../sim/trace';
import { failure, type Status } from '../apimachinery/status';
import { auditResponse, auditStage } from './audit/audit';
import type { TokenAuthenticator } from './authentication/authenticate';
import { bootstrapUser } from './authentication/bootstrap-tokens';
import { authenticateStage, impersonateStage } from './authentication/stages';
import { anonymous } from './authentication/user';
import type { Authorizer } from './authorization/authorizer';
import { authorizerOfModes } from './authorization/modes';
import { authorizeStage } from './authorization/stage';
import type { WebhookTransport } from './admission/webhook/transport';
import type { ServerRegistry } from './create-registry';
import type { Exchange, Routed, ServerParts, Stage } from './rest/exchange';
import { Metrics } from './rest/metrics';
import { negotiate as negotiateAccept } from './rest/negotiate';
import type { NodeConnections } from './rest/node-connections';
import { nonResource } from './rest/non-resource';
import { patch } from './rest/patch';
import { get, list, revisionProblem } from './rest/read';
import { requestInfo } from './rest/request-info';
import { plain, refuse } from './rest/respond';
import { review } from './rest/reviews';
import { subresource } from './rest/subresources';
import { watch } from './rest/watch';
import { withWebhooks } from './rest/webhook-stage';
import { create, remove, removeCollection, update } from './rest/write';
import { defaultSettings, type ApiserverSettings } from './settings';

export interface ApiserverOptions {
  readonly registry: ServerRegistry;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  /** Who a bearer token belongs to, besides the service account tokens that the server issued. */
  readonly authenticateToken?: TokenAuthenticator;
  /** Default: what the settings' modes name. */
  readonly authorizer?: Authorizer;
  /** What the flags of kube-apiserver say; may change while it serves. */
  readonly settings?: ApiserverSettings;
  /** The way to the kubelets, for logs, exec, attach and port-forward. */
  readonly nodes?: NodeConnections;
  /** The way to admission webhooks; absent: every call of one fails. */
  readonly webhooks?: WebhookTransport;
  readonly address?: string;
  /** Whether etcd is there, for the checks of health; default: always. */
  readonly etcdUp?: () => boolean;
}

/** Makes the REST face: serve it with `linux/net/http/server`, or call it. */
export function createApiserver(options: ApiserverOptions): Handler {
  const { registry, clock, random, trace, nodes, address = '172.30.1.2:6443', settings = defaultSettings() } = options;
  registry.admission.enabled = () => settings.admissionPlugins;
  const authorizer = options.authorizer ?? authorizerOfModes(registry.storage, () => settings.authorizationModes);
  const server: ServerParts = {
    registry,
    clock,
    random,
    trace,
    nodes,
    webhooks: options.webhooks,
    address,
    metrics: new Metrics(),
    etcdUp: options.etcdUp ?? (() => true),
    authenticateToken: (token) =>
      options.authenticateToken?.(token) ??
      settings.tokens.get(token) ??
      registry.tokens.authenticate(token) ??
      bootstrapUser(token, registry.storage, clock.now),
    authorizer,
    settings,
  };
  return async (request, context) => {
    const body = await readBody(request.body);
    return answerRequest(server, request, context, body);
  };
}

/** The order of the list is the order of the server. */
export const pipeline = [
  authenticateStage,
  auditStage,
  impersonateStage,
  authorizeStage,
  route,
  negotiate,
  withWebhooks(serve),
] as const satisfies readonly Stage[];

async function answerRequest(
  server: ServerParts,
  request: Request,
  context: RequestContext,
  body: Uint8Array,
): Promise<Response> {
  const info = requestInfo(request.method, request.url);
  const { trace } = server;
  const span = trace.within(context.cause ?? trace.current, () =>
    trace.record('kube-apiserver', request.method, info.path),
  );
  let auditId: string | undefined;
  const exchange: Exchange = {
    server,
    request,
    context,
    info,
    body,
    user: anonymous,
    kind: undefined,
    negotiated: { format: 'json', as: 'object', tableVersion: 'v1' },
    client: server.registry.as({ user: anonymous.name, agent: agentOf(request, info.query) }),
    warnings: [],
    get auditId() {
      return (auditId ??= request.headers.get('Audit-Id') ?? server.random.uuid());
    },
  };
  const counted = server.metrics.begin(exchange);
  for (const stage of pipeline) {
    const answered = trace.within(span.id, () => stage(exchange));
    if (answered === undefined) continue;
    const response = await answered;
    counted(response.status);
    return finished(auditResponse(exchange, response), exchange);
  }
  counted(404);
  return refuse(noSuchPath);
}

function finished(response: Response, { auditId, warnings }: Exchange): Response {
  const headers = new Headers({ 'Audit-Id': auditId });
  for (const [name, value] of response.headers) headers.set(name, value);
  for (const warning of warnings) headers.append('Warning', `299 - ${JSON.stringify(warning)}`);
  return { ...response, headers };
}

/** Field manager: what the client says, or the program's name. */
function agentOf({ headers }: Request, query: URLSearchParams): string {
  const manager = query.get('fieldManager');
  if (manager !== null && manager !== '') return manager;
  return /^[^/\s]+/.exec(headers.get('User-Agent') ?? '')?.[0] ?? 'unknown';
}

const noSuchPath: Status = {
  ...failure(404, 'NotFound', 'the server could not find the requested resource'),
  details: {},
};
/** net/http's NotFound: no web service is there at all. */
const noPage = plain(404, '404 page not found\n');
/** go-restful's web service of `/api` takes all below it; that of `/apis` only itself (director.ServeHTTP). */
const nothingAt = (path: string): Response => (/^\/api(\/|$)/.test(path) ? refuse(noSuchPath) : noPage);
const noSuchMethod: Status = {
  ...failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource'),
  details: {},
};

/** 404, and what is no resource. */
function route(exchange: Exchange): Response | undefined {
  const { info, server } = exchange;
  if (!info.isResource) return nonResource(exchange) ?? nothingAt(info.path);
  const apiVersion = info.group === '' ? info.version : `${info.group}/${info.version}`;
  const kind = server.registry.storage.kindOf(apiVersion, info.resource);
  if (kind === undefined) {
    const served = server.registry.storage.views.some((each) => each.apiVersion === apiVersion);
    return served ? refuse(noSuchPath) : nothingAt(info.path);
  }
  if (kind.namespaced && info.namespace === undefined && info.name !== '') return refuse(noSuchPath);
  exchange.kind = kind;
  if (kind.deprecated !== undefined) exchange.warnings.push(kind.deprecated);
  return undefined;
}

/** 406 */
function negotiate(exchange: Exchange): Response | undefined {
  const negotiated = negotiateAccept(exchange.request.headers.get('Accept'));
  if (!negotiated.ok) return refuse(negotiated.error);
  exchange.negotiated = negotiated.value;
  return undefined;
}

/** The verb. */
function serve(exchange: Exchange): Response | Promise<Response> {
  const { kind, info } = exchange;
  if (kind === undefined) return refuse(noSuchPath);
  const routed: Routed = Object.assign(exchange, { kind });
  if (kind.createOnly)
    return info.verb === 'create' && info.name === ''
      ? review(routed)
      : refuse(info.name === '' ? noSuchMethod : noSuchPath);
  if (info.subresource !== '' && info.subresource !== 'status') return subresource(routed) ?? refuse(noSuchPath);
  if (info.subresource === 'status' && !kind.hasStatus) return refuse(noSuchPath);
  const status = info.subresource === 'status';
  switch (info.verb) {
    case 'get':
      return get(routed);
    case 'list':
      return refuseOr(revisionProblem(routed), () => list(routed));
    case 'watch':
      return refuseOr(revisionProblem(routed), () => watch(routed));
    case 'create':
      if (info.name !== '' || (kind.namespaced && info.namespace === undefined)) return refuse(noSuchMethod);
      return create(routed);
    case 'update':
      return info.name === '' ? refuse(noSuchMethod) : update(routed);
    case 'patch':
      return info.name === '' ? refuse(noSuchMethod) : patch(routed);
    case 'delete':
      return status ? refuse(noSuchMethod) : remove(routed);
    case 'deletecollection':
      if (kind.resource === 'namespaces') return refuse(noSuchMethod);
      return removeCollection(routed);
    case 'head':
    case 'options':
    case '':
      return refuse(noSuchMethod);
  }
}

const refuseOr = (problem: Status | undefined, answer: () => Response): Response =>
  problem === undefined ? answer() : refuse(problem);
