import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, LabelSelector, ObjectMeta, Time } from '../../apimachinery/object';
import type { PodTemplateSpec } from '../core/pod-spec';

export interface ReplicaSet extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: ReplicaSetSpec;
  readonly status: ReplicaSetStatus;
}

export interface ReplicaSetSpec {
  readonly replicas: number;
  readonly minReadySeconds?: number;
  readonly selector: LabelSelector;
  readonly template: PodTemplateSpec;
}

export interface ReplicaSetStatus {
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly terminatingReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly (Condition<'ReplicaFailure'> & { readonly lastTransitionTime?: Time })[];
}

export const replicaSet = defineKind<ReplicaSet>({
  names: {
    group: 'apps',
    version: 'v1',
    kind: 'ReplicaSet',
    plural: 'replicasets',
    short: ['rs'],
    categories: ['all'],
  },
  scope: 'Namespaced',
});
