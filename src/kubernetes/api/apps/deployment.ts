import { equal } from '../../apimachinery/equal';
import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { nonNegative } from '../validation/common';
import {
  goIntOrString,
  goSelector,
  isZero,
  validateIntOrPercent,
  validateSelectorAndTemplate,
} from '../validation/workload';
import { bool, int32, int64, intOrString, listMap, named, need, ptr, retain, struct } from '../../apimachinery/schema';
import { conditionOf, labelSelector, object } from '../meta/schema';
import { podTemplateSpec } from '../core/pod-schema';
import { withDefaults } from '../../apimachinery/defaults';
import { ageColumn, column, containersColumn, imagesColumn, nameColumn, wide } from '../columns';
import { inPodNames, nameWarnings, changedTemplateWarnings } from '../validation/warnings';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, IntOrString, LabelSelector, ObjectMeta, Time } from '../../apimachinery/object';
import { selectorColumnText, selectorText } from '../../apimachinery/selector';
import { defaultPodTemplate } from '../core/pod-defaults';
import type { PodTemplateSpec } from '../core/pod-spec';

export interface Deployment extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: DeploymentSpec;
  readonly status: DeploymentStatus;
}

export interface DeploymentSpec {
  readonly replicas: number;
  readonly selector: LabelSelector;
  readonly template: PodTemplateSpec;
  readonly strategy: DeploymentStrategy;
  readonly minReadySeconds?: number;
  readonly revisionHistoryLimit: number;
  readonly paused?: boolean;
  readonly progressDeadlineSeconds: number;
}

export interface DeploymentStrategy {
  readonly type: 'RollingUpdate' | 'Recreate';
  readonly rollingUpdate?: { readonly maxUnavailable: IntOrString; readonly maxSurge: IntOrString };
}

export interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly terminatingReplicas?: number;
  readonly conditions?: readonly DeploymentCondition[];
  readonly collisionCount?: number;
}

export interface DeploymentCondition extends Condition<'Available' | 'Progressing' | 'ReplicaFailure'> {
  readonly lastUpdateTime?: Time;
  readonly lastTransitionTime?: Time;
}

export const deployment = defineKind<Deployment>({
  names: {
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
    plural: 'deployments',
    short: ['deploy'],
    categories: ['all'],
  },
  scope: 'Namespaced',
  schema: object('Deployment', {
    spec: struct('DeploymentSpec', {
      replicas: ptr(int32),
      selector: { ...ptr(labelSelector), always: true },
      template: need(podTemplateSpec),
      strategy: retain(
        struct('DeploymentStrategy', {
          type: named('DeploymentStrategyType'),
          rollingUpdate: ptr(
            struct('RollingUpdateDeployment', { maxUnavailable: ptr(intOrString), maxSurge: ptr(intOrString) }),
          ),
        }),
      ),
      minReadySeconds: int32,
      revisionHistoryLimit: ptr(int32),
      paused: bool,
      progressDeadlineSeconds: ptr(int32),
    }),
    status: struct('DeploymentStatus', {
      observedGeneration: int64,
      replicas: int32,
      updatedReplicas: int32,
      readyReplicas: int32,
      availableReplicas: int32,
      unavailableReplicas: int32,
      terminatingReplicas: ptr(int32),
      conditions: listMap(conditionOf('Deployment', 'lastUpdateTime'), 'type'),
      collisionCount: ptr(int32),
    }),
  }),
  subresources: {
    status: true,
    scale: {
      replicas: ({ spec }) => spec.replicas,
      statusReplicas: ({ status }) => status.replicas ?? 0,
      selector: ({ spec }) => selectorText(spec.selector),
      withReplicas: (object, replicas) => ({ ...object, spec: { ...object.spec, replicas } }),
    },
  },
  generation: ({ spec }) => spec,

  defaults: (object) => ({
    ...object,
    spec: {
      ...withDefaults(object.spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }),
      template: defaultPodTemplate(object.spec.template),
      strategy: defaultStrategy(object.spec.strategy),
    },
  }),
  prepareForCreate: (object) => ({ ...object, status: {} }),

  // ValidateDeploymentSpec of pkg/apis/apps/validation/validation.go
  validate: ({ spec }, errors) => {
    const at = errors.at('spec');
    nonNegative(spec.replicas, at.at('replicas'));
    validateSelectorAndTemplate(spec, 'deployment', at);
    validateStrategy(spec.strategy, at.at('strategy'));
    nonNegative(spec.minReadySeconds, at.at('minReadySeconds'));
    nonNegative(spec.revisionHistoryLimit, at.at('revisionHistoryLimit'));
    nonNegative(spec.progressDeadlineSeconds, at.at('progressDeadlineSeconds'));
    if (spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0))
      at.at('progressDeadlineSeconds').invalid(spec.progressDeadlineSeconds, 'must be greater than minReadySeconds');
  },
  validateUpdate: ({ spec }, old, errors) => {
    if (!equal(spec.selector, old.spec.selector))
      errors.at('spec').at('selector').invalid(goSelector(spec.selector), 'field is immutable');
  },
  updateValidation: ['metaUpdate', 'validate', 'update'],

  warnings: (given, old) => [
    ...(old === undefined ? nameWarnings(given, inPodNames) : []),
    ...changedTemplateWarnings(given, old, given.spec.template, 'spec.template'),
  ],
  columns: [
    nameColumn,
    column(
      'Ready',
      ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`,
      'Number of the pod with ready state',
    ),
    column('Up-to-date', ({ status }) => status.updatedReplicas ?? 0),
    column('Available', ({ status }) => status.availableReplicas ?? 0),
    ageColumn,
    containersColumn,
    imagesColumn,
    wide('Selector', ({ spec }) => selectorColumnText(spec.selector)),
  ],
});

function defaultStrategy(strategy: Partial<DeploymentStrategy> | undefined): DeploymentStrategy {
  const type = strategy?.type ?? 'RollingUpdate';
  return type === 'RollingUpdate'
    ? { type, rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%', ...strategy?.rollingUpdate } }
    : { ...strategy, type };
}

/** ValidateDeploymentStrategy. */
function validateStrategy({ type, rollingUpdate }: DeploymentStrategy, errors: FieldErrors): void {
  switch (type) {
    case 'Recreate':
      if (rollingUpdate !== undefined)
        errors.at('rollingUpdate').forbidden("may not be specified when strategy `type` is 'Recreate'");
      return;
    case 'RollingUpdate': {
      if (rollingUpdate === undefined)
        return errors.at('rollingUpdate').required('this should be defaulted and never be nil');
      const { maxUnavailable, maxSurge } = rollingUpdate;
      const at = errors.at('rollingUpdate');
      validateIntOrPercent(maxUnavailable, false, at.at('maxUnavailable'));
      validateIntOrPercent(maxSurge, false, at.at('maxSurge'));
      if (isZero(maxUnavailable) && isZero(maxSurge))
        at.at('maxUnavailable').invalid(goIntOrString(maxUnavailable), 'may not be 0 when `maxSurge` is 0');
      if (
        typeof maxUnavailable === 'string' &&
        /^[0-9]+%$/.test(maxUnavailable) &&
        Number(maxUnavailable.slice(0, -1)) > 100
      )
        at.at('maxUnavailable').invalid(goIntOrString(maxUnavailable), 'must not be greater than 100%');
      return;
    }
    default:
      errors.notSupported(
        new GoText(
          `apps.DeploymentStrategy{Type:${JSON.stringify(type)}, RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}`,
        ),
        ['Recreate', 'RollingUpdate'],
      );
  }
}
