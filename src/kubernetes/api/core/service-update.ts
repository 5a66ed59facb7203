import { equal } from '../../apimachinery/equal';
import type { ServicePort, ServiceSpec } from './service';

const needsAddress = ({ type }: ServiceSpec): boolean => type !== 'ExternalName';
const needsNodePorts = ({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
const needsHealthCheck = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
const isExternal = ({ type, externalIPs = [] }: ServiceSpec): boolean =>
  type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && externalIPs.length > 0);

/** `given` without some members. */
function without(given: ServiceSpec, ...members: readonly (keyof ServiceSpec)[]): ServiceSpec {
  return Object.fromEntries(
    Object.entries(given).filter(([key]) => !members.includes(key as keyof ServiceSpec)),
  ) as unknown as ServiceSpec;
}

const sameAddresses = ({ clusterIPs: a = [] }: ServiceSpec, { clusterIPs: b = [] }: ServiceSpec): boolean =>
  equal(a, b);

/** normalizeClusterIPs: old clients only know `clusterIP`. */
export function normalizeAddresses(spec: ServiceSpec, old?: ServiceSpec): ServiceSpec {
  const { clusterIP = '', clusterIPs = [] } = spec;
  if (old === undefined)
    return clusterIP !== '' && clusterIPs.length === 0 ? { ...spec, clusterIPs: [clusterIP] } : spec;
  const before = old.clusterIP ?? '';
  if (clusterIP === before)
    return clusterIPs.length === 0 && old.clusterIPs !== undefined ? { ...spec, clusterIPs: old.clusterIPs } : spec;
  if (!sameAddresses(spec, old)) return spec;
  return clusterIP === '' ? without(spec, 'clusterIPs') : { ...spec, clusterIPs: [clusterIP] };
}

/** patchAllocatedValues: what the server gave stays where the client does not say it. */
export function keepAllocated(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  let next = spec;
  if (needsAddress(old) && needsAddress(next)) {
    if ((next.clusterIP ?? '') === '' && old.clusterIP !== undefined) next = { ...next, clusterIP: old.clusterIP };
    if ((next.clusterIPs ?? []).length === 0 && old.clusterIPs !== undefined)
      next = { ...next, clusterIPs: old.clusterIPs };
  }
  if (needsNodePorts(old) && needsNodePorts(next) && next.ports !== undefined)
    next = { ...next, ports: withNodePorts(next.ports, old.ports ?? []) };
  if (needsHealthCheck(old) && needsHealthCheck(next) && (next.healthCheckNodePort ?? 0) === 0)
    if (old.healthCheckNodePort !== undefined) next = { ...next, healthCheckNodePort: old.healthCheckNodePort };
  return next;
}

/** Ports are known by their names; a number that another port has now is not given again. */
function withNodePorts(ports: readonly ServicePort[], old: readonly ServicePort[]): readonly ServicePort[] {
  const now = new Set(ports.map(({ nodePort = 0 }) => nodePort));
  const byName = new Map(old.map(({ name = '', nodePort = 0 }) => [name, nodePort]));
  return ports.map((port) => {
    const before = byName.get(port.name ?? '') ?? 0;
    return (port.nodePort ?? 0) === 0 && before !== 0 && !now.has(before) ? { ...port, nodePort: before } : port;
  });
}

const nodePorts = ({ ports = [] }: ServiceSpec): readonly number[] =>
  ports
    .map(({ nodePort = 0 }) => nodePort)
    .filter((port) => port !== 0)
    .sort((a, b) => a - b);

/** dropTypeDependentFields: what the new type has no use for goes, unless the client changed it as well. */
export function dropTypeDependent(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  let next = spec;
  const drop = (...members: readonly (keyof ServiceSpec)[]): void => {
    next = without(next, ...members);
  };
  if (needsAddress(old) && !needsAddress(next)) {
    if (sameAddresses(next, old)) drop('clusterIP', 'clusterIPs');
    if (equal(next.ipFamilies ?? [], old.ipFamilies ?? [])) drop('ipFamilies');
    if (next.ipFamilyPolicy === old.ipFamilyPolicy) drop('ipFamilyPolicy');
  }
  if (needsNodePorts(old) && !needsNodePorts(next) && equal(nodePorts(next), nodePorts(old)))
    if (next.ports !== undefined)
      next = { ...next, ports: next.ports.map(({ nodePort: _nodePort, ...port }): ServicePort => port) };
  if (needsHealthCheck(old) && !needsHealthCheck(next) && next.healthCheckNodePort === old.healthCheckNodePort)
    drop('healthCheckNodePort');
  if (old.type === 'LoadBalancer' && next.type !== 'LoadBalancer') {
    if (next.allocateLoadBalancerNodePorts === old.allocateLoadBalancerNodePorts) drop('allocateLoadBalancerNodePorts');
    if (next.loadBalancerClass === old.loadBalancerClass) drop('loadBalancerClass');
  }
  if (isExternal(old) && !isExternal(next) && next.externalTrafficPolicy === old.externalTrafficPolicy)
    drop('externalTrafficPolicy');
  return next;
}
