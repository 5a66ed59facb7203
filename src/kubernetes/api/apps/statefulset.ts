import { withDefaults } from '../../apimachinery/defaults';
import { equal } from '../../apimachinery/equal';
import { fractionalWarning } from '../validation/object-warnings';
import { changedTemplateWarnings } from '../validation/warnings';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, IntOrString, LabelSelector, ObjectMeta, Time } from '../../apimachinery/object';
import {
  int32,
  int64,
  intOrString,
  list,
  listMap,
  named,
  need,
  ptr,
  str,
  struct,
  time,
} from '../../apimachinery/schema';
import { selectorText } from '../../apimachinery/selector';
import { ageColumn, column, containersColumn, imagesColumn, nameColumn } from '../columns';
import { defaultClaim, persistentVolumeClaimSchema, type PersistentVolumeClaim } from '../core/persistentvolumeclaim';
import { defaultPodTemplate } from '../core/pod-defaults';
import { podTemplateSpec } from '../core/pod-schema';
import type { PodTemplateSpec } from '../core/pod-spec';
import { labelSelector, object } from '../meta/schema';
import { label } from '../validation/common';
import { validateStatefulSet, validateStatefulSetStatus } from '../validation/statefulset';

export interface StatefulSet extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: StatefulSetSpec;
  readonly status: StatefulSetStatus;
}

export interface StatefulSetSpec {
  readonly replicas: number;
  readonly selector: LabelSelector;
  readonly template: PodTemplateSpec;
  readonly volumeClaimTemplates?: readonly PersistentVolumeClaim[];
  readonly serviceName: string;
  readonly podManagementPolicy: 'OrderedReady' | 'Parallel';
  readonly updateStrategy: {
    readonly type: 'RollingUpdate' | 'OnDelete';
    readonly rollingUpdate?: { readonly partition?: number; readonly maxUnavailable?: IntOrString };
  };
  readonly revisionHistoryLimit: number;
  readonly minReadySeconds?: number;
  readonly persistentVolumeClaimRetentionPolicy?: {
    readonly whenDeleted?: 'Retain' | 'Delete';
    readonly whenScaled?: 'Retain' | 'Delete';
  };
  readonly ordinals?: { readonly start: number };
}

export interface StatefulSetStatus {
  readonly observedGeneration?: number;
  readonly replicas: number;
  readonly readyReplicas?: number;
  readonly currentReplicas?: number;
  readonly updatedReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly collisionCount?: number;
  readonly conditions?: readonly (Condition & { readonly lastTransitionTime?: Time })[];
  readonly availableReplicas: number;
}

/** What may be changed of a stateful set. */
const changeable: ReadonlySet<keyof StatefulSetSpec> = new Set([
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]);

export const statefulSet = defineKind<StatefulSet>({
  names: {
    group: 'apps',
    version: 'v1',
    kind: 'StatefulSet',
    plural: 'statefulsets',
    short: ['sts'],
    categories: ['all'],
  },
  scope: 'Namespaced',
  updateValidation: ['metaUpdate', 'validate', 'update'],
  schema: object('StatefulSet', {
    spec: struct('StatefulSetSpec', {
      replicas: ptr(int32),
      selector: { ...ptr(labelSelector), always: true },
      template: need(podTemplateSpec),
      volumeClaimTemplates: list(persistentVolumeClaimSchema),
      serviceName: need(str),
      podManagementPolicy: named('PodManagementPolicyType'),
      updateStrategy: struct('StatefulSetUpdateStrategy', {
        type: named('StatefulSetUpdateStrategyType'),
        rollingUpdate: ptr(
          struct('RollingUpdateStatefulSetStrategy', { partition: ptr(int32), maxUnavailable: ptr(intOrString) }),
        ),
      }),
      revisionHistoryLimit: ptr(int32),
      minReadySeconds: int32,
      persistentVolumeClaimRetentionPolicy: ptr(
        struct('StatefulSetPersistentVolumeClaimRetentionPolicy', {
          whenDeleted: named('PersistentVolumeClaimRetentionPolicyType'),
          whenScaled: named('PersistentVolumeClaimRetentionPolicyType'),
        }),
      ),
      ordinals: ptr(struct('StatefulSetOrdinals', { start: need(int32) })),
    }),
    status: struct('StatefulSetStatus', {
      observedGeneration: int64,
      replicas: need(int32),
      readyReplicas: int32,
      currentReplicas: int32,
      updatedReplicas: int32,
      currentRevision: str,
      updateRevision: str,
      collisionCount: ptr(int32),
      conditions: listMap(
        struct('StatefulSetCondition', {
          type: need(named('StatefulSetConditionType')),
          status: need(named('ConditionStatus')),
          lastTransitionTime: time,
          reason: str,
          message: str,
        }),
        'type',
      ),
      availableReplicas: need(int32),
    }),
  }),
  nameRule: 'label',
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

  defaults: (set) => ({ ...set, spec: defaultSpec(set.spec ?? {}) }),
  encode: withNullContainers,
  prepareForCreate: (set) => ({ ...withoutGated(set), status: { replicas: 0, availableReplicas: 0 } }),
  prepareForUpdate: withoutGated,

  validate: ({ spec }, errors) => validateStatefulSet(spec, errors.at('spec')),
  validateCreate: ({ spec }, errors) => {
    // Old ones may have names that no Service can bear.
    if ((spec.serviceName ?? '') !== '') label(spec.serviceName, errors.at('spec').at('serviceName'));
  },
  validateStatusUpdate: ({ status }, old, errors) => validateStatefulSetStatus(status, old.status, errors.at('status')),
  validateUpdate: ({ spec }, { spec: old }, errors) => {
    const fixed = ([...Object.keys(spec), ...Object.keys(old)] as (keyof StatefulSetSpec)[]).filter(
      (key) => !changeable.has(key),
    );
    if (!fixed.every((key) => equal(spec[key], old[key])))
      errors
        .at('spec')
        .forbidden(
          "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
        );
  },

  warnings: (given, old) => [
    ...changedTemplateWarnings(given, old, given.spec.template, 'spec.template'),
    ...(given.spec.volumeClaimTemplates ?? []).flatMap(({ spec }, index) =>
      (['requests', 'limits'] as const).flatMap((part) =>
        fractionalWarning(
          `spec.volumeClaimTemplates[${index}]${old === undefined ? '' : '.Spec'}.resources.${part}`,
          spec?.resources?.[part],
        ),
      ),
    ),
    ...(given.spec.revisionHistoryLimit < 0
      ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
      : []),
  ],
  columns: [
    nameColumn,
    column('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`),
    ageColumn,
    containersColumn,
    imagesColumn,
  ],
});

/** Feature MaxUnavailableStatefulSet is not on: its field is dropped. */
function withoutGated(set: StatefulSet): StatefulSet {
  const { rollingUpdate, type } = set.spec.updateStrategy;
  if (rollingUpdate?.maxUnavailable === undefined) return set;
  const { maxUnavailable: _dropped, ...rest } = rollingUpdate;
  return { ...set, spec: { ...set.spec, updateStrategy: { type, rollingUpdate: rest } } };
}

/** SetDefaults_StatefulSet. */
function defaultSpec(spec: Partial<StatefulSetSpec>): StatefulSetSpec {
  const given = spec.updateStrategy;
  const type = given?.type ?? 'RollingUpdate';
  // Only who leaves out the type too gets an empty rollingUpdate to fill.
  const rollingUpdate = given?.rollingUpdate ?? (given?.type === undefined ? {} : undefined);
  return {
    ...withDefaults<StatefulSetSpec>(spec as StatefulSetSpec, {
      podManagementPolicy: 'OrderedReady',
      replicas: 1,
      revisionHistoryLimit: 10,
      serviceName: '',
    }),
    template: defaultPodTemplate(spec.template ?? ({} as PodTemplateSpec)),
    updateStrategy:
      type === 'RollingUpdate'
        ? { type, ...(rollingUpdate === undefined ? {} : { rollingUpdate: { partition: 0, ...rollingUpdate } }) }
        : { ...given, type },
    persistentVolumeClaimRetentionPolicy: {
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
      ...spec.persistentVolumeClaimRetentionPolicy,
    },
    ...(spec.volumeClaimTemplates === undefined
      ? {}
      : {
          volumeClaimTemplates: spec.volumeClaimTemplates.map((claim) => ({
            ...defaultClaim({ ...claim, apiVersion: 'v1', kind: 'PersistentVolumeClaim' }),
            status: { phase: 'Pending' as const },
          })),
        }),
  };
}

/** Templates of stateful sets may have no containers: a list that was stored empty is read as none. */
function withNullContainers(set: StatefulSet): StatefulSet {
  const { template } = set.spec;
  if (template.spec.containers.length > 0) return set;
  const spec = { ...template.spec, containers: null } as unknown as PodTemplateSpec['spec'];
  return { ...set, spec: { ...set.spec, template: { ...template, spec } } };
}
