import { endpointChain, externalChain, firewallChain, localChain, serviceChain } from './names';
import { usable, type Endpoint, type ServicePort } from './services';

/** Rules of one chain, each without its `-A CHAIN`. Immutable: nodes with the same rules share the value. */
export type Chain = readonly string[];

/** What one service port adds to the tables: own chains, and rules in the shared ones. */
export interface PortRules {
  /** nat chains that belong to this port alone. */
  readonly chains: ReadonlyMap<string, Chain>;
  readonly natServices: Chain;
  readonly natNodePorts: Chain;
  readonly filterServices: Chain;
  readonly filterExternalServices: Chain;
  readonly filterNodePorts: Chain;
  readonly filterFirewall: Chain;
}

export interface Policy {
  /** Traffic from here is a pod's: not masqueraded towards Services. */
  readonly clusterCIDR: string;
  readonly nodeName: string;
}

/**
 * The rules of one service port, as kube-proxy hands them to iptables-restore.
 * Upstream: pkg/proxy/iptables/proxier.go, syncProxyRules; the order of rules is the order there.
 */
export function portRules(port: ServicePort, endpoints: readonly Endpoint[], policy: Policy): PortRules {
  const reach = categorize(port, endpoints, policy.nodeName);
  return {
    chains: reach.any ? ownChains(port, reach, policy) : new Map(),
    ...natEntrances(port, reach),
    ...filterRules(port, reach),
  };
}

/** Who can be reached from this node, and by which way (pkg/proxy/topology.go CategorizeEndpoints). */
interface Reach {
  readonly cluster: readonly Endpoint[];
  readonly local: readonly Endpoint[];
  readonly any: boolean;
  readonly internal: boolean;
  readonly external: boolean;
}

function categorize(port: ServicePort, all: readonly Endpoint[], nodeName: string): Reach {
  const usesCluster = !port.internalLocal || isExternal(port);
  const cluster = usesCluster ? usable(all) : [];
  const usesLocal = port.internalLocal || (port.externalLocal && isExternal(port));
  const local = usesLocal ? usable(all.filter((endpoint) => endpoint.nodeName === nodeName)) : [];
  const any = cluster.length > 0 || local.length > 0;
  return {
    cluster,
    local,
    any,
    internal: port.internalLocal ? local.length > 0 : any,
    external: port.externalLocal ? local.length > 0 : any,
  };
}

/** A Service that nobody outside can reach has the same rules on every node, unless its internal policy is Local. */
export const isNodeSpecific = (port: ServicePort): boolean => port.internalLocal || port.externalLocal;

const isExternal = (port: ServicePort): boolean =>
  port.nodePort !== undefined || port.externalIPs.length > 0 || port.loadBalancerIPs.length > 0;

const isFirewalled = (port: ServicePort): boolean =>
  port.loadBalancerSourceRanges.length > 0 && port.loadBalancerIPs.length > 0;

/** `-m tcp -p tcp [-d address] --dport port` */
function target({ protocol }: ServicePort, address: string | undefined, port: number): string {
  const proto = protocol.toLowerCase();
  return `-m ${proto} -p ${proto}${address === undefined ? '' : ` -d ${address}`} --dport ${port}`;
}

const comment = (text: string): string => `-m comment --comment "${text}"`;

function natEntrances(port: ServicePort, reach: Reach): Pick<PortRules, 'natServices' | 'natNodePorts'> {
  const { id, protocol } = port;
  const natServices: string[] = [];
  const natNodePorts: string[] = [];
  if (reach.internal) {
    const chain = port.internalLocal ? localChain(id, protocol) : serviceChain(id, protocol);
    natServices.push(`${comment(`${id} cluster IP`)} ${target(port, port.clusterIP, port.port)} -j ${chain}`);
  }
  if (reach.any) {
    const ext = externalChain(id, protocol);
    for (const ip of port.externalIPs) {
      natServices.push(`${comment(`${id} external IP`)} ${target(port, ip, port.port)} -j ${ext}`);
    }
    const balanced = isFirewalled(port) ? firewallChain(id, protocol) : ext;
    for (const ip of port.loadBalancerIPs) {
      natServices.push(`${comment(`${id} loadbalancer IP`)} ${target(port, ip, port.port)} -j ${balanced}`);
    }
    if (port.nodePort !== undefined) {
      const counted = '-m nfacct --nfacct-name localhost_nps_accepted_pkts';
      natNodePorts.push(`${comment(id)} ${target(port, '127.0.0.0/8', port.nodePort)} ${counted} -j ${ext}`);
      natNodePorts.push(`${comment(id)} ${target(port, undefined, port.nodePort)} -j ${ext}`);
    }
  }
  return { natServices, natNodePorts };
}

type FilterRules = Pick<PortRules, 'filterServices' | 'filterExternalServices' | 'filterNodePorts' | 'filterFirewall'>;

/** Traffic that would find nobody: refused where there are no endpoints at all, dropped where there are none on this node. */
function filterRules(port: ServicePort, reach: Reach): FilterRules {
  const { id } = port;
  const why = comment(`${id} has no ${reach.any ? 'local ' : ''}endpoints`);
  const fate = reach.any ? 'DROP' : 'REJECT';
  const filterServices = reach.internal ? [] : [`${why} ${target(port, port.clusterIP, port.port)} -j ${fate}`];

  const filterExternalServices: string[] = [];
  if (!reach.external) {
    for (const ip of [...port.externalIPs, ...port.loadBalancerIPs]) {
      filterExternalServices.push(`${why} ${target(port, ip, port.port)} -j ${fate}`);
    }
    if (port.nodePort !== undefined) {
      filterExternalServices.push(
        `${why} -m addrtype --dst-type LOCAL ${target(port, undefined, port.nodePort)} -j ${fate}`,
      );
    }
  }

  const fw = firewallChain(id, port.protocol);
  const filterFirewall =
    isFirewalled(port) && reach.any
      ? port.loadBalancerIPs.map(
          (ip) => `${comment(`${id} traffic not accepted by ${fw}`)} ${target(port, ip, port.port)} -j DROP`,
        )
      : [];
  const filterNodePorts =
    port.healthCheckNodePort === undefined
      ? []
      : [`${comment(`${id} health check node port`)} -m tcp -p tcp --dport ${port.healthCheckNodePort} -j ACCEPT`];
  return { filterServices, filterExternalServices, filterNodePorts, filterFirewall };
}

function ownChains(port: ServicePort, { cluster, local }: Reach, { clusterCIDR }: Policy): ReadonlyMap<string, Chain> {
  const { id, protocol } = port;
  const svc = serviceChain(id, protocol);
  const svl = localChain(id, protocol);
  const ext = externalChain(id, protocol);
  const chains = new Map<string, Chain>();
  const masquerade = `${comment(`${id} cluster IP`)} ${target(port, port.clusterIP, port.port)} ! -s ${clusterCIDR} -j KUBE-MARK-MASQ`;

  if (cluster.length > 0) {
    chains.set(svc, [...(port.internalLocal ? [] : [masquerade]), ...balance(port, cluster)]);
  }
  if (local.length > 0) {
    chains.set(svl, [...(port.internalLocal ? [masquerade] : []), ...balance(port, local)]);
  }
  if (isExternal(port)) {
    chains.set(ext, externalRules(port, { svc, svl, clusterCIDR, anyLocal: local.length > 0 }));
  }
  if (isFirewalled(port)) {
    chains.set(firewallChain(id, protocol), [
      ...port.loadBalancerSourceRanges.map((range) => `${comment(`${id} loadbalancer IP`)} -s ${range} -j ${ext}`),
      comment(`other traffic to ${id} will be dropped by KUBE-PROXY-FIREWALL`),
    ]);
  }
  for (const endpoint of cluster.length > 0 ? cluster : local) {
    chains.set(endpointChain(id, protocol, endpoint.address), endpointRules(port, endpoint));
  }
  return chains;
}

interface Ways {
  readonly svc: string;
  readonly svl: string;
  readonly clusterCIDR: string;
  readonly anyLocal: boolean;
}

/** With policy Local the client's address must survive, so only what comes from this node itself is masqueraded. */
function externalRules({ id, externalLocal }: ServicePort, { svc, svl, clusterCIDR, anyLocal }: Ways): Chain {
  if (!externalLocal) {
    return [`${comment(`masquerade traffic for ${id} external destinations`)} -j KUBE-MARK-MASQ`, `-j ${svc}`];
  }
  const here = '-m addrtype --src-type LOCAL';
  return [
    `${comment(`pod traffic for ${id} external destinations`)} -s ${clusterCIDR} -j ${svc}`,
    `${comment(`masquerade LOCAL traffic for ${id} external destinations`)} ${here} -j KUBE-MARK-MASQ`,
    `${comment(`route LOCAL traffic for ${id} external destinations`)} ${here} -j ${svc}`,
    ...(anyLocal ? [`-j ${svl}`] : []),
  ];
}

/** Chooses among endpoints: first who is remembered there (affinity), then by lot with equal chance for each. */
function balance({ id, protocol, affinitySeconds }: ServicePort, endpoints: readonly Endpoint[]): readonly string[] {
  const rules: string[] = [];
  if (affinitySeconds !== undefined) {
    for (const { address } of endpoints) {
      const chain = endpointChain(id, protocol, address);
      const recent = `-m recent --name ${chain} --rcheck --seconds ${affinitySeconds} --reap`;
      rules.push(`${comment(`${id} -> ${address}`)} ${recent} -j ${chain}`);
    }
  }
  endpoints.forEach(({ address }, index) => {
    const left = endpoints.length - index;
    const lot = left > 1 ? ` -m statistic --mode random --probability ${(1 / left).toFixed(10)}` : '';
    rules.push(`${comment(`${id} -> ${address}`)}${lot} -j ${endpointChain(id, protocol, address)}`);
  });
  return rules;
}

function endpointRules({ id, protocol, affinitySeconds }: ServicePort, { address, ip }: Endpoint): Chain {
  const proto = protocol.toLowerCase();
  const remember =
    affinitySeconds === undefined ? '' : ` -m recent --name ${endpointChain(id, protocol, address)} --set`;
  return [
    `${comment(id)} -s ${ip} -j KUBE-MARK-MASQ`,
    `${comment(id)}${remember} -m ${proto} -p ${proto} -j DNAT --to-destination ${address}`,
  ];
}
