import { decode } from '../../../linux/io/bytes';
import { readBody } from '../../../linux/net/http/codec';
import type { Clock } from '../../../sim/clock';
import { apiService, type ApiService } from '../../api/apiregistration/apiservice';
import { endpoints } from '../../api/core/endpoints';
import { service as serviceKind } from '../../api/core/service';
import type { ServerRegistry } from '../create-registry';
import type { OutgoingResponse, ServerNetwork } from '../network';
import type { RegistryClient, Watch } from '../registry';
import { setAvailable, type Availability } from './conditions';
import { proxyHeaders } from './proxy-headers';

/** How often what is there is looked at again without a reason. Milliseconds. */
const resync = 30_000;
/** After a failure: soon at first, then less often. */
const firstRetry = 5;
const patience = 5000;

const aggregator = { name: 'system:kube-aggregator', groups: ['system:masters'] } as const;

/** A resource of APIResourceList. */
export interface RemoteResource {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced?: boolean;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** What a group version offers, as its service said last. */
export interface RemoteVersion {
  readonly resources: readonly RemoteResource[];
  readonly fresh: boolean;
  /** Where its OpenAPI document is found. */
  readonly document?: string | undefined;
}

interface Followed {
  timer?: ReturnType<Clock['setTimer']> | undefined;
  busy: boolean;
  failures: number;
}

/** The remote availability and discovery controllers of kube-aggregator. Costs nothing while every APIService is local. */
export class RemoteApis {
  readonly #client: RegistryClient;
  readonly #clock: Clock;
  readonly #followed = new Map<string, Followed>();
  readonly #offered = new Map<string, RemoteVersion>();
  #neighbours: readonly Watch[] = [];

  constructor(
    registry: ServerRegistry,
    readonly network: ServerNetwork,
  ) {
    this.#client = registry.as({ user: 'system:apiserver', groups: ['system:masters'], agent: 'kube-apiserver' });
    this.#clock = registry.storage.clock;
    this.#client.watch(apiService, {}, ({ type, object }) => {
      const { name } = object.metadata;
      if (type === 'DELETED' || object.spec.service === undefined) this.#forget(name);
      else this.#check(name);
    });
  }

  /** Of `v1beta1.metrics.k8s.io`; undefined: nothing was ever heard of it. */
  offered(name: string): RemoteVersion | undefined {
    return this.#offered.get(name);
  }

  /** Where the documents of group versions are found (`apis/metrics.k8s.io/v1beta1`), as their services say. */
  documents(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const [name, { document }] of this.#offered)
      if (document !== undefined) found.set(documentPath(name), document);
    return found;
  }

  #forget(name: string): void {
    const known = this.#followed.get(name);
    if (known?.timer !== undefined) this.#clock.cancel(known.timer);
    this.#followed.delete(name);
    this.#offered.delete(name);
    if (this.#followed.size > 0) return;
    for (const watch of this.#neighbours) watch.stop();
    this.#neighbours = [];
  }

  #check(name: string): void {
    if (this.#neighbours.length === 0) this.#watchNeighbours();
    const known = this.#followed.get(name) ?? { busy: false, failures: 0 };
    this.#followed.set(name, known);
    if (known.busy) return;
    known.busy = true;
    if (known.timer !== undefined) this.#clock.cancel(known.timer);
    known.timer = undefined;
    void this.#look(name, known);
  }

  #watchNeighbours(): void {
    const touched = (namespace: string | undefined, name: string): void => {
      for (const key of this.#followed.keys()) {
        const service = this.#client.get(apiService, undefined, key)?.spec.service;
        if (service?.name === name && service.namespace === namespace) this.#check(key);
      }
    };
    const from = this.#client.revision;
    this.#neighbours = [
      this.#client.watch(serviceKind, { from }, ({ object: { metadata } }) =>
        touched(metadata.namespace, metadata.name),
      ),
      this.#client.watch(endpoints, { from }, ({ object: { metadata } }) => touched(metadata.namespace, metadata.name)),
    ];
  }

  async #look(name: string, known: Followed): Promise<void> {
    const found = this.#client.get(apiService, undefined, name);
    if (found?.spec.service === undefined) return;
    const verdict = this.#missing(found) ?? (await this.#ask(found));
    known.busy = false;
    if (this.#followed.get(name) !== known) return;
    const isUp = verdict !== undefined && verdict.status === 'True';
    if (verdict !== undefined) setAvailable(this.#client, name, verdict, this.#clock.now);
    const offered = this.#offered.get(name);
    if (!isUp && offered?.fresh === true) this.#offered.set(name, { ...offered, fresh: false });
    known.failures = isUp || verdict?.reason !== 'FailedDiscoveryCheck' ? 0 : known.failures + 1;
    const wait = known.failures === 0 ? resync : Math.min(resync, firstRetry * 2 ** (known.failures - 1));
    known.timer = this.#clock.setTimer(wait, () => this.#check(name), { background: true });
  }

  /** What the cluster's own objects say already. */
  #missing({ spec: { service } }: ApiService): Availability | undefined {
    const { namespace = '', name = '', port = 443 } = service ?? {};
    const no = (reason: string, message: string): Availability => ({ status: 'False', reason, message });
    const place = `service/${name} in ${JSON.stringify(namespace)}`;
    const found = this.#client.get(serviceKind, namespace, name);
    if (found === undefined) return no('ServiceNotFound', `${place} is not present`);
    if (found.spec.type !== 'ClusterIP') return undefined;
    const listed = (found.spec.ports ?? []).find((each) => each.port === port);
    if (listed === undefined) return no('ServicePortError', `${place} is not listening on port ${port}`);
    const { name: portName = '' } = listed;
    const ends = this.#client.get(endpoints, namespace, name);
    if (ends === undefined) return no('EndpointsNotFound', `cannot find endpoints for ${place}`);
    const active = (ends.subsets ?? []).some(
      ({ addresses = [], ports = [] }) => addresses.length > 0 && ports.some((each) => (each.name ?? '') === portName),
    );
    if (active) return undefined;
    return no(
      'MissingEndpoints',
      `endpoints for ${place} have no addresses with port name ${JSON.stringify(portName)}`,
    );
  }

  /** Asks for what it is required to serve; undefined: we are ending ourselves. */
  async #ask({ metadata: { name: key }, spec }: ApiService): Promise<Availability | undefined> {
    const { service, group = '', version = '' } = spec;
    const { namespace = '', name = '', port = 443 } = service ?? {};
    const clusterIp = this.#client.get(serviceKind, namespace, name)?.spec.clusterIP ?? '';
    const url = `https://${clusterIp}:${port}${group === '' ? `/api/${version}` : `/apis/${group}/${version}`}`;
    if (!this.network.up()) return undefined;
    const response = await this.#get(url);
    if (!this.network.up()) return undefined;
    const failed = (why: string): Availability => ({
      status: 'False',
      reason: 'FailedDiscoveryCheck',
      message: `failing or missing response from ${url}: ${why}`,
    });
    if (!response.ok) return failed(`Get "${url}": ${response.error}`);
    const { status } = response.value;
    const resources = await resourcesOf(response.value);
    if (status < 200 || status >= 300) return failed(`bad status from ${url}: ${status}`);
    const document = this.#offered.get(key)?.document;
    this.#offered.set(key, { resources, fresh: true, document });
    if (document === undefined) void this.#findDocument(key, new URL(url).origin);
    return { status: 'True', reason: 'Passed', message: 'all checks passed' };
  }

  #get(url: string): ReturnType<ServerNetwork['request']> {
    const headers = proxyHeaders(aggregator);
    headers.set('User-Agent', 'Go-http-client/1.1');
    return this.network.request({ url, method: 'GET', headers, insecure: true, as: 'front-proxy', timeout: patience });
  }

  /** The OpenAPI aggregation controller: what the service's own index says of a group version. */
  async #findDocument(key: string, origin: string): Promise<void> {
    const response = await this.#get(`${origin}/openapi/v3`);
    if (!response.ok || response.value.status !== 200) return;
    const document = await documentIn(response.value, documentPath(key));
    const offered = this.#offered.get(key);
    if (offered !== undefined && document !== undefined) this.#offered.set(key, { ...offered, document });
  }
}

async function documentIn({ body }: OutgoingResponse, path: string): Promise<string | undefined> {
  try {
    const index = JSON.parse(decode(await readBody(body))) as {
      readonly paths?: Readonly<Record<string, { readonly serverRelativeURL?: unknown }>>;
    };
    const url = index.paths?.[path]?.serverRelativeURL;
    return typeof url === 'string' && url.startsWith('/openapi/v3/') ? url : undefined;
  } catch {
    return undefined;
  }
}

/** Of `v1beta1.metrics.k8s.io`. */
const documentPath = (name: string): string => name.replace(/^([^.]+)\.(.+)$/, 'apis/$2/$1');

/** The resources of an APIResourceList; what is none counts as none. */
async function resourcesOf({ body }: OutgoingResponse): Promise<readonly RemoteResource[]> {
  try {
    const list = JSON.parse(decode(await readBody(body))) as { readonly resources?: unknown };
    if (!Array.isArray(list.resources)) return [];
    return (list.resources as readonly Partial<RemoteResource>[]).filter(
      (each): each is RemoteResource => typeof each?.name === 'string' && typeof each.kind === 'string',
    );
  } catch {
    return [];
  }
}
