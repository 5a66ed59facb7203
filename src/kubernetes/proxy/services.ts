/** What kube-proxy needs to know of a Service's port: one of these per port (pkg/proxy/serviceport.go). */
export interface ServicePort {
  /** `namespace/name`, with `:portName` if the port has one: what comments and hashes carry. */
  readonly id: string;
  readonly protocol: Protocol;
  readonly clusterIP: string;
  readonly port: number;
  readonly nodePort: number | undefined;
  readonly externalIPs: readonly string[];
  readonly loadBalancerIPs: readonly string[];
  readonly loadBalancerSourceRanges: readonly string[];
  /** Seconds a client sticks to its endpoint (sessionAffinity: ClientIP). */
  readonly affinitySeconds: number | undefined;
  /** internalTrafficPolicy and externalTrafficPolicy `Local`: only endpoints of this node. */
  readonly internalLocal: boolean;
  readonly externalLocal: boolean;
  readonly healthCheckNodePort: number | undefined;
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** One address of one port. */
export interface Endpoint {
  /** `ip:port`. */
  readonly address: string;
  readonly ip: string;
  readonly nodeName: string | undefined;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
}

/** The parts of a Service that matter here. */
export interface ServiceLike {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
  };
  readonly spec: {
    readonly type?: string | undefined;
    readonly clusterIP?: string | undefined;
    readonly ports?:
      | readonly {
          readonly name?: string | undefined;
          readonly protocol?: string | undefined;
          readonly port: number;
          readonly nodePort?: number | undefined;
        }[]
      | undefined;
    readonly externalIPs?: readonly string[] | undefined;
    readonly loadBalancerSourceRanges?: readonly string[] | undefined;
    readonly sessionAffinity?: string | undefined;
    readonly sessionAffinityConfig?:
      { readonly clientIP?: { readonly timeoutSeconds?: number | undefined } | undefined } | undefined;
    readonly internalTrafficPolicy?: string | undefined;
    readonly externalTrafficPolicy?: string | undefined;
    readonly healthCheckNodePort?: number | undefined;
  };
  readonly status?:
    | {
        readonly loadBalancer?:
          | {
              readonly ingress?:
                readonly { readonly ip?: string | undefined; readonly ipMode?: string | undefined }[] | undefined;
            }
          | undefined;
      }
    | undefined;
}

/** The parts of an EndpointSlice that matter here. */
export interface SliceLike {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
  };
  readonly addressType: string;
  readonly endpoints?:
    | readonly {
        readonly addresses: readonly string[];
        readonly conditions?:
          | {
              readonly ready?: boolean | undefined;
              readonly serving?: boolean | undefined;
              readonly terminating?: boolean | undefined;
            }
          | undefined;
        readonly nodeName?: string | undefined;
      }[]
    | undefined;
  readonly ports?:
    | readonly {
        readonly name?: string | undefined;
        readonly protocol?: string | undefined;
        readonly port?: number | undefined;
      }[]
    | undefined;
}

/** The ports of a Service that kube-proxy serves: none for headless, ExternalName and foreign proxies' ones. */
export function servicePorts(service: ServiceLike): readonly ServicePort[] {
  const { metadata, spec, status } = service;
  const clusterIP = spec.clusterIP ?? '';
  if (clusterIP === '' || clusterIP === 'None' || spec.type === 'ExternalName') return [];
  if (metadata.labels?.['service.kubernetes.io/service-proxy-name'] !== undefined) return [];
  const nodePorts = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  const external = nodePorts || (spec.externalIPs ?? []).length > 0;
  const ingress = status?.loadBalancer?.ingress ?? [];
  return (spec.ports ?? []).map((port) => ({
    id: serviceId(metadata.namespace ?? '', metadata.name, port.name ?? ''),
    protocol: asProtocol(port.protocol),
    clusterIP,
    port: port.port,
    nodePort: nodePorts && port.nodePort ? port.nodePort : undefined,
    externalIPs: spec.externalIPs ?? [],
    loadBalancerIPs: ingress.flatMap(({ ip, ipMode }) => (ip === undefined || ipMode === 'Proxy' ? [] : [ip])),
    loadBalancerSourceRanges: spec.loadBalancerSourceRanges ?? [],
    affinitySeconds:
      spec.sessionAffinity === 'ClientIP' ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10800) : undefined,
    internalLocal: spec.internalTrafficPolicy === 'Local',
    externalLocal: external && spec.externalTrafficPolicy === 'Local',
    healthCheckNodePort: spec.healthCheckNodePort || undefined,
  }));
}

export const serviceId = (namespace: string, name: string, port: string): string =>
  port === '' ? `${namespace}/${name}` : `${namespace}/${name}:${port}`;

/** Which Service a slice belongs to, as `namespace/name`; undefined if to none. */
export function serviceOfSlice(slice: SliceLike): string | undefined {
  const name = slice.metadata.labels?.['kubernetes.io/service-name'];
  return name === undefined || slice.addressType !== 'IPv4' ? undefined : `${slice.metadata.namespace ?? ''}/${name}`;
}

/** The endpoints of each port id over all slices of one Service: sorted by address, each address once. */
export function endpointsByPort(
  service: string,
  slices: readonly SliceLike[],
): ReadonlyMap<string, readonly Endpoint[]> {
  const found = new Map<string, Map<string, Endpoint>>();
  for (const slice of slices) {
    for (const { name = '', port } of slice.ports ?? []) {
      if (port === undefined) continue;
      const id = name === '' ? service : `${service}:${name}`;
      let endpoints = found.get(id);
      if (endpoints === undefined) found.set(id, (endpoints = new Map<string, Endpoint>()));
      for (const { addresses, conditions, nodeName } of slice.endpoints ?? []) {
        const ip = addresses[0];
        if (ip === undefined) continue;
        const address = `${ip}:${port}`;
        const ready = conditions?.ready ?? true;
        if (endpoints.get(address)?.ready === true) continue;
        const terminating = conditions?.terminating ?? false;
        endpoints.set(address, { address, ip, nodeName, ready, serving: conditions?.serving ?? ready, terminating });
      }
    }
  }
  const sorted = new Map<string, readonly Endpoint[]>();
  for (const [id, endpoints] of found) {
    sorted.set(
      id,
      [...endpoints.values()].sort((a, b) => (a.address < b.address ? -1 : 1)),
    );
  }
  return sorted;
}

/** Ready ones; if there are none, those that still serve while they terminate (pkg/proxy/topology.go). */
export function usable(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  return ready.length > 0 ? ready : endpoints.filter(({ serving, terminating }) => serving && terminating);
}

const asProtocol = (text: string | undefined): Protocol => (text === 'UDP' || text === 'SCTP' ? text : 'TCP');
