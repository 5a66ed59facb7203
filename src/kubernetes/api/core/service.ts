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
});
