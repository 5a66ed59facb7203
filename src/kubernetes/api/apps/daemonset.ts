import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { labelSelector as validateLabelSelector, nonNegative } from '../validation/common';
import {
  goSelector,
  isEmptySelector,
  isSelector,
  isZero,
  validateIntOrPercent,
  validateMatch,
  validateWorkloadTemplate,
  goIntOrString,
} from '../validation/workload';
import { int32, int64, intOrString, listMap, named, need, ptr, str, struct, time } from '../../apimachinery/schema';
import { labelSelector, object } from '../meta/schema';
import { podTemplateSpec } from '../core/pod-schema';
import { withDefaults } from '../../apimachinery/defaults';
import { ageColumn, column, containersColumn, imagesColumn, integer, labelsText, nameColumn, wide } from '../columns';
import { selectorColumnText } from '../../apimachinery/selector';
import { newTemplateWarnings } from '../validation/warnings';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, IntOrString, LabelSelector, ObjectMeta, Time } from '../../apimachinery/object';
import { equal } from '../../apimachinery/equal';
import { defaultPodTemplate } from '../core/pod-defaults';
import type { PodTemplateSpec } from '../core/pod-spec';

export interface DaemonSet extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: DaemonSetSpec;
  readonly status: DaemonSetStatus;
}

export interface DaemonSetSpec {
  readonly selector: LabelSelector;
  readonly template: PodTemplateSpec;
  readonly updateStrategy: {
    readonly type: 'RollingUpdate' | 'OnDelete';
    readonly rollingUpdate?: { readonly maxUnavailable: IntOrString; readonly maxSurge: IntOrString };
  };
  readonly minReadySeconds?: number;
  readonly revisionHistoryLimit: number;
}

export interface DaemonSetStatus {
  readonly currentNumberScheduled: number;
  readonly numberMisscheduled: number;
  readonly desiredNumberScheduled: number;
  readonly numberReady: number;
  readonly observedGeneration?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly numberUnavailable?: number;
  readonly collisionCount?: number;
  readonly conditions?: readonly (Condition & { readonly lastTransitionTime?: Time })[];
}

export const daemonSet = defineKind<DaemonSet>({
  names: { group: 'apps', version: 'v1', kind: 'DaemonSet', plural: 'daemonsets', short: ['ds'], categories: ['all'] },
  scope: 'Namespaced',
  schema: object('DaemonSet', {
    spec: struct('DaemonSetSpec', {
      selector: { ...ptr(labelSelector), always: true },
      template: need(podTemplateSpec),
      updateStrategy: struct('DaemonSetUpdateStrategy', {
        type: named('DaemonSetUpdateStrategyType'),
        rollingUpdate: ptr(
          struct('RollingUpdateDaemonSet', { maxUnavailable: ptr(intOrString), maxSurge: ptr(intOrString) }),
        ),
      }),
      minReadySeconds: int32,
      revisionHistoryLimit: ptr(int32),
    }),
    status: struct('DaemonSetStatus', {
      currentNumberScheduled: need(int32),
      numberMisscheduled: need(int32),
      desiredNumberScheduled: need(int32),
      numberReady: need(int32),
      observedGeneration: int64,
      updatedNumberScheduled: int32,
      numberAvailable: int32,
      numberUnavailable: int32,
      collisionCount: ptr(int32),
      conditions: listMap(
        struct('DaemonSetCondition', {
          type: need(named('DaemonSetConditionType')),
          status: need(named('ConditionStatus')),
          lastTransitionTime: time,
          reason: str,
          message: str,
        }),
        'type',
      ),
    }),
  }),
  subresources: { status: true },
  generation: ({ spec }) => spec,

  defaults: (set) => ({
    ...set,
    spec: {
      ...withDefaults(set.spec, { revisionHistoryLimit: 10 }),
      template: defaultPodTemplate(set.spec.template),
      updateStrategy: defaultStrategy(set.spec.updateStrategy),
    },
  }),
  prepareForCreate: (set) => ({
    ...withTemplateGeneration(set, 1),
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  }),
  prepareForUpdate: (set, old) => {
    const before = Number(old.metadata.annotations?.[templateGeneration] ?? 0);
    return withTemplateGeneration(set, equal(set.spec.template, old.spec.template) ? before : before + 1);
  },

  // ValidateDaemonSetSpec; updates run it twice, as those of replica sets.
  validate: ({ spec }, errors) => {
    const at = errors.at('spec');
    validateLabelSelector(spec.selector, at.at('selector'));
    if (spec.selector === undefined || isSelector(spec.selector)) validateMatch(spec, at);
    if (spec.selector !== undefined && isEmptySelector(spec.selector))
      at.at('selector').invalid(goSelector(spec.selector), 'empty selector is invalid for daemonset');
    validateWorkloadTemplate(spec.template, 'DaemonSet', at.at('template'));
    nonNegative(spec.minReadySeconds, at.at('minReadySeconds'));
    validateUpdateStrategy(spec.updateStrategy, at.at('updateStrategy'));
    nonNegative(spec.revisionHistoryLimit, at.at('revisionHistoryLimit'));
  },
  updateValidation: ['meta', 'validate', 'metaUpdate', 'validate', 'update'],
  validateUpdate: ({ spec }, old, errors) => {
    if (!equal(spec.selector, old.spec.selector))
      errors.at('spec').at('selector').invalid(goSelector(spec.selector), 'field is immutable');
  },

  warnings: ({ spec }, old) => newTemplateWarnings(spec.template, old?.spec.template, 'spec.template'),
  columns: [
    nameColumn,
    integer('Desired', ({ status }) => status.desiredNumberScheduled),
    integer('Current', ({ status }) => status.currentNumberScheduled),
    integer('Ready', ({ status }) => status.numberReady),
    integer('Up-to-date', ({ status }) => status.updatedNumberScheduled ?? 0),
    integer('Available', ({ status }) => status.numberAvailable ?? 0),
    column('Node Selector', ({ spec }) => labelsText(spec.template.spec.nodeSelector)),
    ageColumn,
    containersColumn,
    imagesColumn,
    wide('Selector', ({ spec }) => selectorColumnText(spec.selector)),
  ],
});

/** Field spec.templateGeneration of extensions/v1beta1; apps/v1 keeps it as an annotation. */
const templateGeneration = 'deprecated.daemonset.template.generation';

function withTemplateGeneration(set: DaemonSet, generation: number): DaemonSet {
  const text = String(generation);
  if (set.metadata.annotations?.[templateGeneration] === text) return set;
  return {
    ...set,
    metadata: { ...set.metadata, annotations: { ...set.metadata.annotations, [templateGeneration]: text } },
  };
}

type UpdateStrategy = DaemonSetSpec['updateStrategy'];

function defaultStrategy(strategy: Partial<UpdateStrategy> | undefined): UpdateStrategy {
  const type = strategy?.type ?? 'RollingUpdate';
  return type === 'RollingUpdate'
    ? { type, rollingUpdate: { maxUnavailable: 1, maxSurge: 0, ...strategy?.rollingUpdate } }
    : { ...strategy, type };
}

/** ValidateDaemonSetUpdateStrategy. */
function validateUpdateStrategy({ type, rollingUpdate }: UpdateStrategy, errors: FieldErrors): void {
  switch (type) {
    case 'OnDelete':
      return;
    case 'RollingUpdate': {
      const at = errors.at('rollingUpdate');
      if (rollingUpdate === undefined) return at.required('');
      const { maxUnavailable, maxSurge } = rollingUpdate;
      validateIntOrPercent(maxUnavailable, true, at.at('maxUnavailable'));
      validateIntOrPercent(maxSurge, true, at.at('maxSurge'));
      const nothing = (value: IntOrString): boolean =>
        isZero(value) || (typeof value === 'string' && !/^([0-9]+%|[-+]?0*[1-9][0-9]*)$/.test(value));
      if (!nothing(maxUnavailable) && !nothing(maxSurge))
        at.at('maxSurge').invalid(goIntOrString(maxSurge), 'may not be set when maxUnavailable is non-zero');
      else if (nothing(maxUnavailable) && nothing(maxSurge))
        at.at('maxUnavailable').required('cannot be 0 when maxSurge is 0');
      return;
    }
    default:
      errors.notSupported(
        new GoText(
          `apps.DaemonSetUpdateStrategy{Type:${JSON.stringify(type)}, RollingUpdate:(*apps.RollingUpdateDaemonSet)(${rollingUpdate === undefined ? 'nil' : '0xc000000000'})}`,
        ),
        ['RollingUpdate', 'OnDelete'],
      );
  }
}
