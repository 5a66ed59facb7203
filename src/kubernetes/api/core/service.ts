import { validateService, validateServiceUpdate, serviceWarnings } from '../validation/service';
import {
  atomicStrings,
  bool,
  int32,
  intOrString,
  list,
  listMap,
  named,
  need,
  ptr,
  str,
  struct,
  withKeyDefaults,
} from '../../apimachinery/schema';
import { condition, object } from '../meta/schema';
import { ageColumn, column, labelsText, nameColumn, orNone, wide } from '../columns';
import { dropTypeDependent, keepAllocated, normalizeAddresses } from './service-update';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, IntOrString, Labels, ObjectMeta, Time } from '../../apimachinery/object';

export interface Service extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: ServiceSpec;
  readonly status: ServiceStatus;
}

export interface ServiceSpec {
  readonly ports?: readonly ServicePort[];
  readonly selector?: Labels;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  readonly externalIPs?: readonly string[];
  readonly sessionAffinity?: 'None' | 'ClientIP';
  readonly loadBalancerIP?: string;
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly externalName?: string;
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  readonly healthCheckNodePort?: number;
  readonly publishNotReadyAddresses?: boolean;
  readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
  readonly ipFamilies?: readonly string[];
  readonly ipFamilyPolicy?: string;
  readonly allocateLoadBalancerNodePorts?: boolean;
  readonly loadBalancerClass?: string;
  readonly internalTrafficPolicy?: 'Cluster' | 'Local';
  readonly trafficDistribution?: string;
}

export interface ServicePort {
  readonly name?: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly appProtocol?: string;
  readonly port: number;
  readonly targetPort: IntOrString;
  readonly nodePort?: number;
}

export interface ServiceStatus {
  readonly loadBalancer?: {
    readonly ingress?: readonly {
      readonly ip?: string;
      readonly hostname?: string;
      readonly ipMode?: string;
      readonly ports?: readonly { readonly port: number; readonly protocol: string; readonly error?: string }[];
    }[];
  };
  readonly conditions?: readonly (Condition & {
    readonly lastTransitionTime?: Time;
    readonly observedGeneration?: number;
  })[];
}

export const service = defineKind<Service>({
  names: { group: '', version: 'v1', kind: 'Service', plural: 'services', short: ['svc'], categories: ['all'] },
  scope: 'Namespaced',
  createOnUpdate: true,
  updateValidation: ['metaUpdate', 'update', 'meta', 'validate'],
  schema: object('Service', {
    spec: struct('ServiceSpec', {
      ports: withKeyDefaults(
        listMap(
          struct('ServicePort', {
            name: str,
            protocol: named('Protocol'),
            appProtocol: ptr(str),
            port: need(int32),
            targetPort: { schema: intOrString, pointer: false, always: true },
            nodePort: int32,
          }),
          'port',
          'protocol',
        ),
        { protocol: 'TCP' },
      ),
      selector: atomicStrings,
      clusterIP: str,
      clusterIPs: list(str),
      type: named('ServiceType'),
      externalIPs: list(str),
      sessionAffinity: named('ServiceAffinity'),
      loadBalancerIP: str,
      loadBalancerSourceRanges: list(str),
      externalName: str,
      externalTrafficPolicy: named('ServiceExternalTrafficPolicy'),
      healthCheckNodePort: int32,
      publishNotReadyAddresses: bool,
      sessionAffinityConfig: ptr(
        struct('SessionAffinityConfig', {
          clientIP: ptr(struct('ClientIPConfig', { timeoutSeconds: ptr(int32) })),
        }),
      ),
      ipFamilies: list(named('IPFamily')),
      ipFamilyPolicy: ptr(named('IPFamilyPolicy')),
      allocateLoadBalancerNodePorts: ptr(bool),
      loadBalancerClass: ptr(str),
      internalTrafficPolicy: ptr(named('ServiceInternalTrafficPolicy')),
      trafficDistribution: ptr(str),
    }),
    status: struct('ServiceStatus', {
      loadBalancer: struct('LoadBalancerStatus', {
        ingress: list(
          struct('LoadBalancerIngress', {
            ip: str,
            hostname: str,
            ipMode: ptr(named('LoadBalancerIPMode')),
            ports: list(
              struct('PortStatus', { port: need(int32), protocol: need(named('Protocol')), error: ptr(str) }),
            ),
          }),
        ),
      }),
      conditions: listMap(condition, 'type'),
    }),
  }),
  storage: 'services/specs',
  nameRule: 'service',
  selectableFields: {
    'spec.clusterIP': ({ spec }) => spec.clusterIP ?? '',
    'spec.type': ({ spec }) => spec.type,
  },
  subresources: { status: true },

  defaults: (object) => ({ ...object, spec: defaultSpec(object.spec ?? {}) }),
  prepareForCreate: (object) => ({ ...object, spec: normalizeAddresses(object.spec), status: { loadBalancer: {} } }),
  prepareForUpdate: (object, old) => ({
    ...object,
    spec: dropTypeDependent(keepAllocated(normalizeAddresses(object.spec, old.spec), old.spec), old.spec),
  }),

  validate: validateService,
  validateUpdate: validateServiceUpdate,

  warnings: serviceWarnings,
  columns: [
    nameColumn,
    column('Type', ({ spec }) => spec.type),
    column('Cluster-IP', ({ spec }) => orNone(spec.clusterIPs?.[0] ?? spec.clusterIP ?? '')),
    column('External-IP', externalAddresses),
    column('Port(s)', portsText),
    ageColumn,
    wide('Selector', ({ spec }) => labelsText(spec.selector)),
  ],
});

/** SetDefaults_Service. */
function defaultSpec(spec: Partial<ServiceSpec>): ServiceSpec {
  const type = spec.type ?? 'ClusterIP';
  const external =
    type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0);
  const sessionAffinity = spec.sessionAffinity ?? 'None';
  const { sessionAffinityConfig: _config, ...rest } = spec;
  return {
    ...rest,
    type,
    sessionAffinity,
    ...(sessionAffinity === 'ClientIP'
      ? {
          sessionAffinityConfig: {
            ...spec.sessionAffinityConfig,
            clientIP: { timeoutSeconds: 10800, ...spec.sessionAffinityConfig?.clientIP },
          },
        }
      : spec.sessionAffinityConfig === undefined
        ? {}
        : { sessionAffinityConfig: spec.sessionAffinityConfig }),
    ...(spec.ports === undefined ? {} : { ports: spec.ports.map(defaultPort) }),
    ...(external && spec.externalTrafficPolicy === undefined ? { externalTrafficPolicy: 'Cluster' } : {}),
    ...(type !== 'ExternalName' && spec.internalTrafficPolicy === undefined
      ? { internalTrafficPolicy: 'Cluster' }
      : {}),
    ...(type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === undefined
      ? { allocateLoadBalancerNodePorts: true }
      : {}),
  };
}

function defaultPort(port: ServicePort): ServicePort {
  const { targetPort } = port;
  return {
    ...port,
    protocol: port.protocol ?? 'TCP',
    targetPort: targetPort === undefined || targetPort === 0 || targetPort === '' ? port.port : targetPort,
  };
}

/** getServiceExternalIP. */
function externalAddresses({ spec, status }: Service): string {
  const { externalIPs = [] } = spec;
  switch (spec.type) {
    case 'ExternalName':
      return spec.externalName ?? '';
    case 'LoadBalancer': {
      const given = new Set((status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? ''));
      given.delete('');
      const balancer = [...given].sort().join(',');
      if (externalIPs.length > 0) return [...(balancer === '' ? [] : [balancer]), ...externalIPs].join(',');
      return balancer === '' ? '<pending>' : balancer;
    }
    case 'ClusterIP':
    case 'NodePort':
      return orNone(externalIPs.join(','));
  }
}

/** makePortString. */
function portsText({ spec }: Service): string {
  return orNone(
    (spec.ports ?? [])
      .map(({ port, nodePort, protocol }) =>
        nodePort !== undefined && nodePort > 0 ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
      )
      .join(','),
  );
}
