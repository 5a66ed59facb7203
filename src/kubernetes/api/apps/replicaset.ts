import { defineKind } from '../../apimachinery/kind';
import { controllerOf, type ApiObject, type Condition, type LabelSelector, type ObjectMeta, type Time } from '../../apimachinery/object';
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

export const replicaSet = defineKind<ReplicaSet, 'orphan'>({
  names: {
    group: 'apps',
    version: 'v1',
    kind: 'ReplicaSet',
    plural: 'replicasets',
    short: ['rs'],
    categories: ['all'],
  },
  scope: 'Namespaced',
  indexes: {
    /** Replica sets that no controller owns, by namespace: the candidates for adoption. */
    orphan: (object) => (controllerOf(object) === undefined ? object.metadata.namespace : undefined),
  },
});
