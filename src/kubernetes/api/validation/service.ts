import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { validateLabels } from '../../apimachinery/names';
import type { Service, ServicePort, ServiceSpec } from '../core/service';
import { oneOf, portNameProblems, portRange, qualifiedName, subdomain, label } from './common';
import { cidrWarnings, endpointIp, ipWarnings, legacyCidr, legacyIp } from './ip';
import { isHeadless, validateAddressesUpdate, validateClusterIps } from './service-addresses';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

/** ValidateService of pkg/apis/core/validation/validation.go. */
export function validateService({ spec, metadata }: Service, errors: FieldErrors): void {
  const at = errors.at('spec');
  const { type, ports = [] } = spec;
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') at.at('ports').required('');
  if (type === 'LoadBalancer') {
    ports.forEach(({ protocol }, index) => {
      if (protocol !== undefined && !['TCP', 'UDP', 'SCTP'].includes(protocol))
        at.at('ports').index(index).at('protocol').notSupported(protocol, ['SCTP', 'TCP', 'UDP']);
    });
    if (isHeadless(spec))
      at.at('clusterIPs').index(0).invalid('None', "may not be set to 'None' for LoadBalancer services");
  }
  if (type === 'NodePort' && isHeadless(spec))
    at.at('clusterIPs').index(0).invalid('None', "may not be set to 'None' for NodePort services");
  if (type === 'ExternalName') {
    if ((spec.clusterIPs ?? []).length > 0) at.at('clusterIPs').forbidden('may not be set for ExternalName services');
    const name = (spec.externalName ?? '').replace(/\.$/, '');
    if (name === '') at.at('externalName').required('');
    else subdomain(name, at.at('externalName'));
  }
  validatePorts(spec, at.at('ports'));
  validateLabels(spec.selector, at.at('selector'));
  if (spec.sessionAffinity !== undefined) oneOf(spec.sessionAffinity, ['ClientIP', 'None'], at.at('sessionAffinity'));
  const timeout = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (timeout !== undefined && (timeout <= 0 || timeout > 86400))
    at.at('sessionAffinityConfig')
      .at('clientIP')
      .at('timeoutSeconds')
      .invalid(timeout, 'must be greater than 0 and less than 86400');
  validateClusterIps(spec, at);
  spec.externalIPs?.forEach((ip, index) => {
    if (legacyIp(ip, at.at('externalIPs').index(index))) endpointIp(ip, at.at('externalIPs').index(index));
  });
  oneOf(type, types, at.at('type'));
  const ranges = metadata.annotations?.[rangesAnnotation];
  if ((spec.loadBalancerSourceRanges ?? []).length === 0 && ranges !== undefined) {
    const place = errors.at('metadata').at('annotations').key(rangesAnnotation);
    if (type !== 'LoadBalancer') place.forbidden("may only be used when `type` is 'LoadBalancer'");
    if (ranges.trim() !== '') for (const range of ranges.split(',')) legacyCidr(range.trim(), place);
  }
  validateTraffic(spec, at);
}

const rangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** pkg/api/service: GetWarningsForService. */
export function serviceWarnings({ metadata, spec }: Service): readonly string[] {
  const {
    clusterIP = '',
    clusterIPs = clusterIP === '' ? [] : [clusterIP],
    externalIPs = [],
    loadBalancerIP = '',
  } = spec;
  const isExternalName = spec.type === 'ExternalName';
  return [
    ...(metadata.annotations?.[hintsAnnotation] === undefined
      ? []
      : [`annotation ${hintsAnnotation} is deprecated, please use service.kubernetes.io/topology-mode instead`]),
    ...(isExternalName || clusterIP === '' || clusterIP === 'None' ? [] : clusterIPs).flatMap((ip, index) =>
      ipWarnings(`spec.clusterIPs[${index}]`, ip),
    ),
    ...externalIPs.flatMap((ip, index) => ipWarnings(`spec.externalIPs[${index}]`, ip)),
    ...(loadBalancerIP === '' ? [] : ipWarnings('spec.loadBalancerIP', loadBalancerIP)),
    ...(spec.loadBalancerSourceRanges ?? []).flatMap((range, index) =>
      cidrWarnings(`spec.loadBalancerSourceRanges[${index}]`, range.trim()),
    ),
    ...(isExternalName && externalIPs.length > 0
      ? ['spec.externalIPs is ignored when spec.type is "ExternalName"']
      : []),
    ...(!isExternalName && (spec.externalName ?? '') !== ''
      ? ['spec.externalName is ignored when spec.type is not "ExternalName"']
      : []),
  ];
}

const hintsAnnotation = 'service.kubernetes.io/topology-aware-hints';

function validatePorts({ ports = [], type }: ServiceSpec, errors: FieldErrors): void {
  const names = new Set<string>();
  const pairs = new Set<string>();
  ports.forEach((port, index) => {
    const at = errors.index(index);
    validatePort(port, ports.length > 1, names, at);
    if (type === 'ClusterIP' && port.nodePort !== undefined && port.nodePort !== 0)
      at.at('nodePort').forbidden("may not be used when `type` is 'ClusterIP'");
  });
  const nodePorts = new Set<string>();
  ports.forEach(({ nodePort, protocol }, index) => {
    if (nodePort === undefined || nodePort === 0) return;
    const key = `${nodePort}/${protocol}`;
    if (nodePorts.has(key)) errors.index(index).at('nodePort').duplicate(nodePort);
    nodePorts.add(key);
  });
  ports.forEach(({ port, protocol }, index) => {
    const key = `${port}/${protocol}`;
    if (pairs.has(key))
      errors
        .index(index)
        .duplicate(
          new GoText(
            `core.ServicePort{Name:"", Protocol:"${protocol}", AppProtocol:(*string)(nil), Port:${port}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`,
          ),
        );
    pairs.add(key);
  });
}

function validatePort(port: ServicePort, several: boolean, names: Set<string>, errors: FieldErrors): void {
  const { name = '', targetPort, protocol, appProtocol } = port;
  if (several && name === '') errors.at('name').required('');
  else if (name !== '') {
    label(name, errors.at('name'));
    if (names.has(name)) errors.at('name').duplicate(name);
    names.add(name);
  }
  if (!(port.port >= 1 && port.port <= 65535)) errors.at('port').invalid(port.port ?? 0, portRange);
  if (protocol === undefined || String(protocol) === '') errors.at('protocol').required('');
  else oneOf(protocol, ['SCTP', 'TCP', 'UDP'], errors.at('protocol'));
  if (typeof targetPort === 'string') {
    for (const text of portNameProblems(targetPort)) errors.at('targetPort').invalid(targetPort, text);
  } else if (!(targetPort >= 1 && targetPort <= 65535)) errors.at('targetPort').invalid(targetPort ?? 0, portRange);
  if (appProtocol !== undefined) qualifiedName(appProtocol, errors.at('appProtocol'));
}

function validateTraffic(spec: ServiceSpec, errors: FieldErrors): void {
  const { type, externalTrafficPolicy, internalTrafficPolicy, trafficDistribution, healthCheckNodePort } = spec;
  const balanced = type === 'LoadBalancer';
  const external = balanced || type === 'NodePort' || (spec.externalIPs ?? []).length > 0;
  if ((spec.loadBalancerSourceRanges ?? []).length > 0) {
    const at = errors.at('LoadBalancerSourceRanges');
    if (!balanced) at.forbidden("may only be used when `type` is 'LoadBalancer'");
    spec.loadBalancerSourceRanges?.forEach((range, index) => legacyCidr(range.trim(), at.index(index)));
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && !balanced)
    errors.at('allocateLoadBalancerNodePorts').forbidden("may only be used when `type` is 'LoadBalancer'");
  validateBalancerClass(spec, errors);
  if (externalTrafficPolicy !== undefined && String(externalTrafficPolicy) !== '') {
    if (!external)
      errors
        .at('externalTrafficPolicy')
        .invalid(externalTrafficPolicy, 'may only be set for externally-accessible services');
    else oneOf(externalTrafficPolicy, ['Cluster', 'Local'], errors.at('externalTrafficPolicy'));
  } else if (external && type !== 'ClusterIP') errors.at('externalTrafficPolicy').required('');
  if (
    healthCheckNodePort !== undefined &&
    healthCheckNodePort !== 0 &&
    !(balanced && externalTrafficPolicy === 'Local')
  )
    errors
      .at('healthCheckNodePort')
      .invalid(
        healthCheckNodePort,
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      );
  if (internalTrafficPolicy !== undefined)
    oneOf(internalTrafficPolicy, ['Cluster', 'Local'], errors.at('internalTrafficPolicy'));
  if (trafficDistribution !== undefined) oneOf(trafficDistribution, ['PreferClose'], errors.at('trafficDistribution'));
}

/** ValidateServiceUpdate. */
export function validateServiceUpdate({ spec }: Service, { spec: old }: Service, errors: FieldErrors): void {
  const at = errors.at('spec');
  validateAddressesUpdate(spec, old, at);
  if (spec.type === 'LoadBalancer' && old.type === 'LoadBalancer' && spec.loadBalancerClass !== old.loadBalancerClass)
    at.at('loadBalancerClass').invalid(spec.loadBalancerClass, 'may not change once set');
  validateBalancerClass(spec, at);
  const checked = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
    type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
  if (checked(spec) && checked(old) && (spec.healthCheckNodePort ?? 0) !== (old.healthCheckNodePort ?? 0))
    at.at('healthCheckNodePort').forbidden('field is immutable');
}

/** validateLoadBalancerClassField. */
function validateBalancerClass({ type, loadBalancerClass }: ServiceSpec, errors: FieldErrors): void {
  if (loadBalancerClass === undefined) return;
  const at = errors.at('loadBalancerClass');
  if (type === 'LoadBalancer') qualifiedName(loadBalancerClass, at);
  else at.forbidden("may only be used when `type` is 'LoadBalancer'");
}
