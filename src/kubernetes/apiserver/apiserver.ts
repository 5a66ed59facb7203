import { Headers, type Handler, type Request, type RequestContext, type Response } from '../../linux/net/http/message';
import { readBody } from '../../linux/net/http/codec';
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Trace } from '../../sim/trace';
import { auditResponse } from './audit/audit';
import type { TokenAuthenticator } from './authentication/authenticate';
import { bootstrapUser } from './authentication/bootstrap-tokens';
import { anonymous, type User } from './authentication/user';
import type { Authorizer } from './authorization/authorizer';
import { authorizerOfSettings } from './authorization/modes';
import { InProcessWebhooks } from './admission/webhook/in-process';
import type { WebhookTransport } from './admission/webhook/transport';
import type { ServerRegistry } from './create-registry';
import { runPipeline } from './pipeline';
import type { Exchange, ServerParts } from './rest/exchange';
import { RemoteApis } from './aggregator/remote';
import { FlowControl } from './flowcontrol/flow-control';
import type { ServerNetwork } from './network';
import { Metrics } from './metrics/metrics';
import { HealthSlis } from './metrics/slis';
import type { NodeConnections } from './rest/node-connections';
import { ObjectTexts } from './rest/object-text';
import { withManagers } from './rest/read';
import { requestInfo } from './rest/request-info';
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
  /** The way to everything else: aggregated servers, the other components. */
  readonly network?: ServerNetwork;
  readonly address?: string;
  /** Whether etcd is there, for the checks of health; default: always. */
  readonly etcdUp?: () => boolean;
}

/** Makes the REST face: serve it with `linux/net/http/server`, or call it. */
export function createApiserver(options: ApiserverOptions): Handler {
  const { registry, clock, random, trace, nodes, address = '172.30.1.2:6443', settings = defaultSettings() } = options;
  registry.admission.enabled = () => settings.admissionPlugins;
  const authorizer = options.authorizer ?? authorizerOfSettings(registry.storage, settings, clock, options.webhooks);
  registry.admission.authorizer = authorizer;
  if (options.webhooks !== undefined)
    registry.admission.webhooks = new InProcessWebhooks(options.webhooks, () => random.uuid());
  registry.admission.configurations = () => settings.admissionConfigurations;
  const metrics = new Metrics();
  const account = (token: string): User | undefined => {
    const user = registry.tokens.authenticate(token);
    if (user !== undefined) metrics.accountTokens.add();
    return user;
  };
  const server: ServerParts = {
    registry,
    clock,
    random,
    trace,
    nodes,
    webhooks: options.webhooks,
    network: options.network,
    remoteApis: options.network === undefined ? undefined : new RemoteApis(registry, options.network),
    address,
    flowControl: new FlowControl(registry.storage),
    metrics,
    slis: new HealthSlis(),
    texts: new ObjectTexts((kind, object) => withManagers({ registry }, kind, object)),
    etcdUp: options.etcdUp ?? (() => true),
    authenticateToken: (token) =>
      options.authenticateToken?.(token) ??
      settings.tokens.get(token) ??
      account(token) ??
      bootstrapUser(token, registry.storage, clock.now),
    authorizer,
    settings,
  };
  return async (request, context) => {
    const body = await readBody(request.body);
    return answerRequest(server, request, context, body);
  };
}

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
    span: span.id,
    user: anonymous,
    kind: undefined,
    negotiated: { format: 'json', as: 'object', tableVersion: 'v1' },
    client: server.registry.as({ user: anonymous.name, agent: agentOf(request, info.query) }),
    warnings: [],
    annotations: new Map(),
    get auditId() {
      return (auditId ??= request.headers.get('Audit-Id') ?? server.random.uuid());
    },
  };
  const counted = server.metrics.begin(exchange);
  const response = counted(await runPipeline(exchange));
  exchange.flow?.end();
  return finished(auditResponse(exchange, response), exchange);
}

function finished(response: Response, { auditId, warnings, flow }: Exchange): Response {
  const headers = new Headers({ 'Audit-Id': auditId });
  if (flow !== undefined) {
    headers.set('X-Kubernetes-Pf-Flowschema-Uid', flow.schema);
    headers.set('X-Kubernetes-Pf-Prioritylevel-Uid', flow.level);
  }
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
