import { equal } from '../../apimachinery/equal';
import { nonNegative } from '../validation/common';
import { goSelector, validateSelectorAndTemplate } from '../validation/workload';
import { int32, int64, listMap, need, ptr, struct } from '../../apimachinery/schema';
import { conditionOf, labelSelector, object } from '../meta/schema';
import { podTemplateSpec } from '../core/pod-schema';
import { withDefaults } from '../../apimachinery/defaults';
import { ageColumn, containersColumn, imagesColumn, integer, nameColumn, wide } from '../columns';
import { inPodNames, nameWarnings, changedTemplateWarnings } from '../validation/warnings';
import { defineKind } from '../../apimachinery/kind';
import {
  controllerOf,
  type ApiObject,
  type Condition,
  type LabelSelector,
  type ObjectMeta,
  type Time,
} from '../../apimachinery/object';
import { defaultPodTemplate } from '../core/pod-defaults';
import type { PodTemplateSpec } from '../core/pod-spec';
import { selectorColumnText, selectorText } from '../../apimachinery/selector';

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
  schema: object('ReplicaSet', {
    spec: struct('ReplicaSetSpec', {
      replicas: ptr(int32),
      minReadySeconds: int32,
      selector: { ...ptr(labelSelector), always: true },
      template: podTemplateSpec,
    }),
    status: struct('ReplicaSetStatus', {
      replicas: need(int32),
      fullyLabeledReplicas: int32,
      readyReplicas: int32,
      availableReplicas: int32,
      terminatingReplicas: ptr(int32),
      observedGeneration: int64,
      conditions: listMap(conditionOf('ReplicaSet'), 'type'),
    }),
  }),
  indexes: {
    /** Replica sets that no controller owns, by namespace: the candidates for adoption. */
    orphan: (object) => (controllerOf(object) === undefined ? object.metadata.namespace : undefined),
  },
  selectableFields: { 'status.replicas': ({ status }) => String(status.replicas) },
  subresources: {
    status: true,
    scale: {
      replicas: ({ spec }) => spec.replicas,
      statusReplicas: ({ status }) => status.replicas,
      selector: ({ spec }) => selectorText(spec.selector),
      withReplicas: (set, replicas) => ({ ...set, spec: { ...set.spec, replicas } }),
    },
  },
  generation: ({ spec }) => spec,

  defaults: (set) => ({
    ...set,
    spec: { ...withDefaults(set.spec, { replicas: 1 }), template: defaultPodTemplate(set.spec.template) },
  }),
  prepareForCreate: (set) => ({ ...set, status: { replicas: 0 } }),

  // ValidateReplicaSetSpec; updates run it twice (strategy.go), and say everything twice.
  validate: ({ spec }, errors) => {
    const at = errors.at('spec');
    nonNegative(spec.replicas, at.at('replicas'));
    nonNegative(spec.minReadySeconds, at.at('minReadySeconds'));
    validateSelectorAndTemplate(spec, 'deployment', at);
  },
  updateValidation: ['meta', 'validate', 'metaUpdate', 'validate', 'update'],
  validateUpdate: ({ spec }, old, errors) => {
    if (!equal(spec.selector, old.spec.selector))
      errors.at('spec').at('selector').invalid(goSelector(spec.selector), 'field is immutable');
  },

  warnings: (given, old) => [
    ...(old === undefined ? nameWarnings(given, inPodNames) : []),
    ...changedTemplateWarnings(given, old, given.spec.template, 'spec.template'),
  ],
  columns: [
    nameColumn,
    integer('Desired', ({ spec }) => spec.replicas),
    integer('Current', ({ status }) => status.replicas),
    integer('Ready', ({ status }) => status.readyReplicas ?? 0),
    ageColumn,
    containersColumn,
    imagesColumn,
    wide('Selector', ({ spec }) => selectorColumnText(spec.selector)),
  ],
});
