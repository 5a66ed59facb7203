import { GoText } from '../../apimachinery/field-errors';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, IntOrString, LabelSelector, ObjectMeta, Time } from '../../apimachinery/object';
import {
  int32,
  int64,
  intOrString,
  listMap,
  map,
  named,
  need,
  ptr,
  replaced,
  struct,
  time,
} from '../../apimachinery/schema';
import { ageColumn, column, integer, nameColumn } from '../columns';
import { condition, labelSelector, object } from '../meta/schema';
import { labelSelector as validateLabelSelector, nonNegative, oneOf } from '../validation/common';
import { validateIntOrPercent } from '../validation/workload';

export interface PodDisruptionBudget extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: {
    readonly minAvailable?: IntOrString;
    readonly selector?: LabelSelector;
    readonly maxUnavailable?: IntOrString;
    readonly unhealthyPodEvictionPolicy?: 'IfHealthyBudget' | 'AlwaysAllow';
  };
  readonly status: PodDisruptionBudgetStatus;
}

export interface PodDisruptionBudgetStatus {
  readonly observedGeneration?: number;
  readonly disruptedPods?: Readonly<Record<string, Time>>;
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
  readonly conditions?: readonly (Condition & {
    readonly observedGeneration?: number;
    readonly lastTransitionTime?: Time;
  })[];
}

export const podDisruptionBudget = defineKind<PodDisruptionBudget>({
  names: {
    group: 'policy',
    version: 'v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    short: ['pdb'],
  },
  scope: 'Namespaced',
  unconditionalUpdate: false,
  // ValidatePodDisruptionBudget does not look at the metadata.
  nameRule: 'path',
  updateValidation: ['validate', 'update'],
  schema: object('PodDisruptionBudget', {
    spec: struct('PodDisruptionBudgetSpec', {
      minAvailable: ptr(intOrString),
      selector: replaced(ptr(labelSelector)),
      maxUnavailable: ptr(intOrString),
      unhealthyPodEvictionPolicy: ptr(named('UnhealthyPodEvictionPolicyType')),
    }),
    status: struct('PodDisruptionBudgetStatus', {
      observedGeneration: int64,
      disruptedPods: map(time),
      disruptionsAllowed: need(int32),
      currentHealthy: need(int32),
      desiredHealthy: need(int32),
      expectedPods: need(int32),
      conditions: listMap(condition, 'type'),
    }),
  }),
  subresources: { status: true },
  generation: ({ spec }) => spec,
  defaults: (given) => ({ ...given, spec: given.spec ?? {} }),
  prepareForCreate: (given) => ({
    ...given,
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  }),
  validate: ({ spec }, errors) => {
    const at = errors.at('spec');
    const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy } = spec;
    if (minAvailable !== undefined && maxUnavailable !== undefined)
      at.invalid(goBudget(spec), 'minAvailable and maxUnavailable cannot be both set');
    if (minAvailable !== undefined) validateIntOrPercent(minAvailable, true, at.at('minAvailable'));
    if (maxUnavailable !== undefined) validateIntOrPercent(maxUnavailable, true, at.at('maxUnavailable'));
    validateLabelSelector(spec.selector, at.at('selector'));
    if (unhealthyPodEvictionPolicy !== undefined)
      oneOf(unhealthyPodEvictionPolicy, ['AlwaysAllow', 'IfHealthyBudget'], at.at('unhealthyPodEvictionPolicy'));
  },
  validateStatusUpdate: ({ status }, _old, errors) => {
    for (const name of ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const)
      nonNegative(status[name], errors.at('status').at(name));
  },
  columns: [
    nameColumn,
    column('Min Available', ({ spec }) => (spec.minAvailable === undefined ? 'N/A' : String(spec.minAvailable))),
    column('Max Unavailable', ({ spec }) => (spec.maxUnavailable === undefined ? 'N/A' : String(spec.maxUnavailable))),
    integer('Allowed Disruptions', ({ status }) => status.disruptionsAllowed),
    ageColumn,
  ],
});

const pointer = (type: string, value: unknown): string => `(*${type})(${value === undefined ? 'nil' : '0xc000000000'})`;

const goBudget = (spec: PodDisruptionBudget['spec']): GoText =>
  new GoText(
    `policy.PodDisruptionBudgetSpec{MinAvailable:${pointer('intstr.IntOrString', spec.minAvailable)}, Selector:${pointer('v1.LabelSelector', spec.selector)}, MaxUnavailable:${pointer('intstr.IntOrString', spec.maxUnavailable)}, UnhealthyPodEvictionPolicy:${pointer('policy.UnhealthyPodEvictionPolicyType', spec.unhealthyPodEvictionPolicy)}}`,
  );
