import type { Clock } from '../../../sim/clock';
import type { Random } from '../../../sim/random';
import type { Trace } from '../../../sim/trace';
import type { Request, RequestContext, Response } from '../../../linux/net/http/message';
import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import type { ServerRegistry } from '../create-registry';
import type { RegistryClient } from '../registry';
import type { Audited } from '../audit/audit';
import type { TokenAuthenticator } from '../authentication/authenticate';
import type { User } from '../authentication/user';
import type { Authorizer, Verdict } from '../authorization/authorizer';
import type { WebhookTransport } from '../admission/webhook/transport';
import type { RemoteApis } from '../aggregator/remote';
import type { FlowControl } from '../flowcontrol/flow-control';
import type { ServerNetwork } from '../network';
import type { Metrics } from '../metrics/metrics';
import type { HealthSlis } from '../metrics/slis';
import type { ApiserverSettings } from '../settings';
import type { Negotiated } from './negotiate';
import type { NodeConnections } from './node-connections';
import type { ObjectTexts } from './object-text';
import type { RequestInfo } from './request-info';

/** What the REST face works with. */
export interface ServerParts {
  readonly registry: ServerRegistry;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly authenticateToken: TokenAuthenticator;
  readonly authorizer: Authorizer;
  readonly settings: ApiserverSettings;
  readonly nodes: NodeConnections | undefined;
  readonly webhooks: WebhookTransport | undefined;
  /** The way to everything else; absent: nothing can be reached. */
  readonly network: ServerNetwork | undefined;
  /** What services behind APIServices offer. */
  readonly remoteApis: RemoteApis | undefined;
  readonly flowControl: FlowControl;
  readonly metrics: Metrics;
  readonly slis: HealthSlis;
  readonly texts: ObjectTexts;
  /** Whether etcd is there. */
  readonly etcdUp: () => boolean;
  /** `172.30.1.2:6443`, as `/api` tells it. */
  readonly address: string;
}

/** One request on its way through the stages; each adds what it found out. */
export interface Exchange {
  readonly server: ServerParts;
  readonly request: Request;
  readonly context: RequestContext;
  readonly info: RequestInfo;
  readonly body: Uint8Array;
  /** The request in the trace. */
  readonly span: number;
  user: User;
  /** Who proved who they are, where `user` is whom they act as. */
  impersonator?: User;
  /** What the authorizers said. */
  verdict?: Verdict;
  /** The FlowSchema that takes the request (name, uid) and the uid of its priority level; to be told of the end. */
  flow?: { readonly name: string; readonly schema: string; readonly level: string; readonly end: () => void };
  kind: Kind | undefined;
  negotiated: Negotiated;
  client: RegistryClient;
  /** What it is answered with, once that is known: it may still have to be converted. */
  written?: { readonly status: number; readonly object: ApiObject };
  readonly warnings: string[];
  /** Names the request in the audit log and to the client. */
  readonly auditId: string;
  /** What the stages tell the audit log besides. */
  readonly annotations: Map<string, string>;
  /** What the audit log notes of it. */
  audited?: Audited;
}

/** Goes on (undefined) or answers. */
export type Stage = (exchange: Exchange) => Response | Promise<Response | undefined> | undefined;

/** An exchange that `route` found a kind for. */
export type Routed = Exchange & { readonly kind: Kind };
