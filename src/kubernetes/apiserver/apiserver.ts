import { Headers, type Handler, type Request, type RequestContext, type Response } from '../../linux/net/http/message';
import { readBody } from '../../linux/net/http/codec';
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Trace } from '../../sim/trace';
import { failure, unauthorized, type Status } from '../apimachinery/status';
import type { ServerRegistry } from './create-registry';
import { anonymous, authenticate, impersonated, type TokenAuthenticator } from './rest/authenticate';
import { authorizeThin, forbiddenTo, type Authorizer } from './rest/authorize';
import type { Exchange, Routed, ServerParts, Stage } from './rest/exchange';
import { negotiate as negotiateAccept } from './rest/negotiate';
import type { NodeConnections } from './rest/node-connections';
import { nonResource } from './rest/non-resource';
import { patch } from './rest/patch';
import { get, list, revisionProblem } from './rest/read';
import { requestInfo } from './rest/request-info';
import { plain, refuse } from './rest/respond';
import { subresource } from './rest/subresources';
import { watch } from './rest/watch';
import { create, remove, removeCollection, update } from './rest/write';

export interface ApiserverOptions {
  readonly registry: ServerRegistry;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  /** Who a bearer token belongs to, besides the service account tokens that the server issued. */
  readonly authenticateToken?: TokenAuthenticator;
  readonly authorize?: Authorizer;
  /** The way to the kubelets, for logs, exec, attach and port-forward. */
  readonly nodes?: NodeConnections;
  readonly address?: string;
}

/** Makes the REST face: serve it with `linux/net/http/server`, or call it. */
export function createApiserver(options: ApiserverOptions): Handler {
  const { registry, clock, random, trace, nodes, address = '172.30.1.2:6443' } = options;
  const server: ServerParts = {
    registry,
    clock,
    random,
    trace,
    nodes,
    address,
    authenticateToken: (token) => options.authenticateToken?.(token) ?? registry.tokens.authenticate(token),
    authorize: options.authorize ?? authorizeThin,
  };
  return async (request, context) => {
    const body = await readBody(request.body);
    return answerRequest(server, request, context, body);
  };
}

/** The order of the list is the order of the server. */
export const pipeline = [who, impersonate, authorize, route, negotiate, serve] as const satisfies readonly Stage[];

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
  };
  for (const stage of pipeline) {
    const answered = trace.within(span.id, () => stage(exchange));
    if (answered === undefined) continue;
    return finished(await answered, exchange);
  }
  return refuse(noSuchPath);
}

function finished(response: Response, { server, warnings }: Exchange): Response {
  const headers = new Headers({ 'Audit-Id': server.random.uuid() });
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

/** 401 */
function who(exchange: Exchange): Response | undefined {
  const { request, context, server } = exchange;
  const user = authenticate(request, context, server.authenticateToken);
  if (user === undefined) return refuse(unauthorized());
  exchange.user = user;
  return undefined;
}

/** 403 for who may not act as somebody else. */
function impersonate(exchange: Exchange): Response | undefined {
  const { request, server, user } = exchange;
  const other = impersonated(request);
  const group = request.headers.get('Impersonate-Group');
  if (other === undefined && group !== undefined)
    return plain(
      500,
      `Internal Server Error: ${JSON.stringify(request.url)}: requested [{Group ${group} }] without impersonating a user\n`,
    );
  if (other !== undefined) {
    const info = {
      ...exchange.info,
      isResource: true,
      verb: 'impersonate' as never,
      group: '',
      resource: 'users',
      subresource: '',
      namespace: undefined,
      name: other.name,
    };
    if (!server.authorize(user, info)) return refuse(forbiddenTo(user, info));
    exchange.user = other;
  }
  const { name, groups } = exchange.user;
  const warn = (text: string): void => {
    if (!exchange.warnings.includes(text)) exchange.warnings.push(text);
  };
  exchange.client = server.registry.as({ user: name, groups, agent: exchange.client.actor.agent, warn });
  return undefined;
}

/** 403 */
function authorize({ user, info, server }: Exchange): Response | undefined {
  return server.authorize(user, info) ? undefined : refuse(forbiddenTo(user, info));
}

/** 404, and what is no resource. */
function route(exchange: Exchange): Response | undefined {
  const { info, server } = exchange;
  if (!info.isResource) return nonResource(exchange) ?? nothingAt(info.path);
  const apiVersion = info.group === '' ? info.version : `${info.group}/${info.version}`;
  const kind = server.registry.storage.kindOf(apiVersion, info.resource);
  if (kind === undefined) {
    const served = server.registry.storage.kinds.some((each) => each.apiVersion === apiVersion);
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
