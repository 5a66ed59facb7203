import { withDefaults } from '../../apimachinery/defaults';
import { GoText } from '../../apimachinery/field-errors';
import { inPodNames, nameWarnings, changedTemplateWarnings } from '../validation/warnings';
import { wasGivenEmpty } from '../../apimachinery/decode';
import { defineKind } from '../../apimachinery/kind';
import {
  controllerOf,
  type ApiObject,
  type Condition,
  type Labels,
  type ObjectMeta,
  type Time,
} from '../../apimachinery/object';
import { atomicStrings, int32, int64, listMap, need, ptr, struct } from '../../apimachinery/schema';
import { ageColumn, containersColumn, imagesColumn, integer, labelsText, nameColumn, wide } from '../columns';
import { conditionOf, object } from '../meta/schema';
import { goMap, nonNegative } from '../validation/common';
import { validateWorkloadTemplate } from '../validation/workload';
import { defaultPodTemplate } from './pod-defaults';
import { podTemplateSpec } from './pod-schema';
import type { PodTemplateSpec } from './pod-spec';

export interface ReplicationController extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: {
    readonly replicas: number;
    readonly minReadySeconds?: number;
    readonly selector?: Labels;
    readonly template: PodTemplateSpec;
  };
  readonly status: ReplicationControllerStatus;
}

export interface ReplicationControllerStatus {
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly (Condition<'ReplicaFailure'> & { readonly lastTransitionTime?: Time })[];
}

export const replicationController = defineKind<ReplicationController, 'orphan'>({
  names: {
    group: '',
    version: 'v1',
    kind: 'ReplicationController',
    plural: 'replicationcontrollers',
    short: ['rc'],
    categories: ['all'],
  },
  scope: 'Namespaced',
  updateValidation: ['meta', 'validate', 'metaUpdate', 'validate', 'update'],
  schema: object('ReplicationController', {
    spec: struct('ReplicationControllerSpec', {
      replicas: ptr(int32),
      minReadySeconds: int32,
      selector: atomicStrings,
      template: ptr(podTemplateSpec),
    }),
    status: struct('ReplicationControllerStatus', {
      replicas: need(int32),
      fullyLabeledReplicas: int32,
      readyReplicas: int32,
      availableReplicas: int32,
      observedGeneration: int64,
      conditions: listMap(conditionOf('ReplicationController'), 'type'),
    }),
  }),
  storage: 'controllers',
  indexes: {
    orphan: (given) => (controllerOf(given) === undefined ? given.metadata.namespace : undefined),
  },
  selectableFields: { 'status.replicas': ({ status }) => String(status.replicas) },
  subresources: {
    status: true,
    scale: {
      replicas: ({ spec }) => spec.replicas,
      statusReplicas: ({ status }) => status.replicas,
      selector: ({ spec }) =>
        Object.entries(spec.selector ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .sort()
          .join(','),
      withReplicas: (given, replicas) => ({ ...given, spec: { ...given.spec, replicas } }),
    },
  },
  generation: ({ spec }) => spec,

  // SetDefaults_ReplicationController: labels and selector are those of the template.
  defaults: (given) => {
    const labels = given.spec?.template?.metadata?.labels;
    const own = given.metadata.labels;
    return {
      ...given,
      metadata:
        labels === undefined || (own !== undefined && Object.keys(own).length > 0)
          ? given.metadata
          : { ...given.metadata, labels },
      spec: {
        ...withDefaults(given.spec, {
          replicas: 1,
          ...(labels === undefined ? {} : { selector: labels }),
        }),
        ...(given.spec?.template === undefined ? {} : { template: defaultPodTemplate(given.spec.template) }),
      },
    };
  },
  prepareForCreate: (given) => ({ ...given, status: { replicas: 0 } }),
  validate: ({ spec }, errors) => {
    const at = errors.at('spec');
    nonNegative(spec.minReadySeconds, at.at('minReadySeconds'));
    const { selector = {}, template } = spec;
    if (Object.keys(selector).length === 0) at.at('selector').required('');
    nonNegative(spec.replicas, at.at('replicas'));
    if (template === undefined) {
      at.at('template').required('');
      return;
    }
    const labels = template.metadata.labels ?? {};
    if (Object.entries(selector).some(([key, value]) => labels[key] !== value))
      at.at('template')
        .at('metadata')
        .at('labels')
        .invalid(
          new GoText(goMap(template.metadata.labels ?? (wasGivenEmpty(template.metadata, 'labels') ? {} : undefined))),
          '`selector` does not match template `labels`',
        );
    validateWorkloadTemplate(template, 'ReplicationController', at.at('template'));
  },

  warnings: (given, old) => [
    ...(old === undefined ? nameWarnings(given, inPodNames) : []),
    // Upstream takes one for the other: it is the old template that is looked at.
    ...changedTemplateWarnings(given, old, (old ?? given).spec.template, 'spec.template'),
  ],
  columns: [
    nameColumn,
    integer('Desired', ({ spec }) => spec.replicas),
    integer('Current', ({ status }) => status.replicas),
    integer('Ready', ({ status }) => status.readyReplicas ?? 0),
    ageColumn,
    containersColumn,
    imagesColumn,
    wide('Selector', ({ spec }) => labelsText(spec.selector)),
  ],
});
