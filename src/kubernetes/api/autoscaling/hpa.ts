import { wasGivenEmpty } from '../../apimachinery/decode';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, LabelSelector, ObjectMeta, Quantity, Time } from '../../apimachinery/object';
import {
  int32,
  int64,
  inVersion,
  list,
  listMap,
  named,
  need,
  ptr,
  quantity,
  str,
  struct,
  time,
} from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { conditionOf, labelSelector, object } from '../meta/schema';
import { hpaFromV1, hpaToV1, hpaV1Schema } from './hpa-v1';
import { targetsText } from './targets';
import { validateHpa, validateHpaStatus } from '../validation/hpa';

export interface CrossVersionObjectReference {
  readonly kind: string;
  readonly name: string;
  readonly apiVersion?: string;
}

export interface MetricTarget {
  readonly type: 'Utilization' | 'Value' | 'AverageValue';
  readonly value?: Quantity;
  readonly averageValue?: Quantity;
  readonly averageUtilization?: number;
}

interface MetricIdentifier {
  readonly name: string;
  readonly selector?: LabelSelector;
}

export interface MetricSpec {
  readonly type: 'Object' | 'Pods' | 'Resource' | 'ContainerResource' | 'External';
  readonly object?: {
    readonly describedObject: CrossVersionObjectReference;
    readonly target: MetricTarget;
    readonly metric: MetricIdentifier;
  };
  readonly pods?: { readonly metric: MetricIdentifier; readonly target: MetricTarget };
  readonly resource?: { readonly name: string; readonly target: MetricTarget };
  readonly containerResource?: { readonly name: string; readonly target: MetricTarget; readonly container: string };
  readonly external?: { readonly metric: MetricIdentifier; readonly target: MetricTarget };
}

export interface MetricStatus {
  readonly type: MetricSpec['type'];
  readonly object?: { readonly current: MetricValue; readonly metric: MetricIdentifier };
  readonly pods?: { readonly metric: MetricIdentifier; readonly current: MetricValue };
  readonly resource?: { readonly name: string; readonly current: MetricValue };
  readonly containerResource?: { readonly name: string; readonly current: MetricValue; readonly container: string };
  readonly external?: { readonly metric: MetricIdentifier; readonly current: MetricValue };
}

export interface MetricValue {
  readonly value?: Quantity;
  readonly averageValue?: Quantity;
  readonly averageUtilization?: number;
}

export interface ScalingRules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: 'Max' | 'Min' | 'Disabled';
  readonly policies?: readonly {
    readonly type: 'Pods' | 'Percent';
    readonly value: number;
    readonly periodSeconds: number;
  }[];
  readonly tolerance?: Quantity;
}

export interface HorizontalPodAutoscaler extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: {
    readonly scaleTargetRef: CrossVersionObjectReference;
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly metrics?: readonly MetricSpec[];
    readonly behavior?: { readonly scaleUp?: ScalingRules; readonly scaleDown?: ScalingRules };
  };
  readonly status: {
    readonly observedGeneration?: number;
    readonly lastScaleTime?: Time;
    readonly currentReplicas?: number;
    readonly desiredReplicas: number;
    readonly currentMetrics?: readonly MetricStatus[] | null;
    readonly conditions?: readonly (Condition & { readonly lastTransitionTime?: Time })[];
  };
}

const reference = struct('CrossVersionObjectReference', { kind: need(str), name: need(str), apiVersion: str });
const identifier = struct('MetricIdentifier', { name: need(str), selector: ptr(labelSelector) });
const target = struct('MetricTarget', {
  type: need(named('MetricTargetType')),
  value: ptr(quantity),
  averageValue: ptr(quantity),
  averageUtilization: ptr(int32),
});
const current = struct('MetricValueStatus', {
  value: ptr(quantity),
  averageValue: ptr(quantity),
  averageUtilization: ptr(int32),
});

const metrics = (word: 'Source' | 'Status') => {
  const amount = word === 'Source' ? { target: need(target) } : { current: need(current) };
  return list(
    struct(word === 'Source' ? 'MetricSpec' : 'MetricStatus', {
      type: need(named('MetricSourceType')),
      object: ptr(
        struct(`ObjectMetric${word}`, { describedObject: need(reference), ...amount, metric: need(identifier) }),
      ),
      pods: ptr(struct(`PodsMetric${word}`, { metric: need(identifier), ...amount })),
      resource: ptr(struct(`ResourceMetric${word}`, { name: need(named('ResourceName')), ...amount })),
      containerResource: ptr(
        struct(`ContainerResourceMetric${word}`, {
          name: need(named('ResourceName')),
          ...amount,
          container: need(str),
        }),
      ),
      external: ptr(struct(`ExternalMetric${word}`, { metric: need(identifier), ...amount })),
    }),
  );
};

const scalingRules = struct('HPAScalingRules', {
  stabilizationWindowSeconds: ptr(int32),
  selectPolicy: ptr(named('ScalingPolicySelect')),
  policies: list(
    struct('HPAScalingPolicy', {
      type: need(named('HPAScalingPolicyType')),
      value: need(int32),
      periodSeconds: need(int32),
    }),
  ),
  tolerance: ptr(quantity),
});

export const horizontalPodAutoscaler = defineKind<HorizontalPodAutoscaler>({
  names: {
    group: 'autoscaling',
    version: 'v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    short: ['hpa'],
    categories: ['all'],
  },
  scope: 'Namespaced',
  updateValidation: ['metaUpdate', 'validate', 'update'],
  schema: inVersion(
    'v2',
    object('HorizontalPodAutoscaler', {
      spec: struct('HorizontalPodAutoscalerSpec', {
        scaleTargetRef: need(reference),
        minReplicas: ptr(int32),
        maxReplicas: need(int32),
        metrics: metrics('Source'),
        behavior: ptr(
          struct('HorizontalPodAutoscalerBehavior', { scaleUp: ptr(scalingRules), scaleDown: ptr(scalingRules) }),
        ),
      }),
      status: struct('HorizontalPodAutoscalerStatus', {
        observedGeneration: ptr(int64),
        lastScaleTime: ptr(time),
        currentReplicas: int32,
        desiredReplicas: need(int32),
        currentMetrics: need(metrics('Status')),
        conditions: listMap(conditionOf('HorizontalPodAutoscaler'), 'type'),
      }),
    }),
  ),
  subresources: { status: true },
  versions: [{ version: 'v1', schema: hpaV1Schema, decode: hpaFromV1, encode: hpaToV1 }],

  defaults: (given) => ({ ...given, spec: defaultSpec(given.spec) }),
  prepareForCreate: (given) => ({ ...given, status: { desiredReplicas: 0, currentMetrics: null } }),
  validate: ({ spec }, errors) => validateHpa(spec, errors.at('spec')),
  validateStatusUpdate: ({ status }, _old, errors) => validateHpaStatus(status, errors.at('status')),

  columns: [
    nameColumn,
    column('Reference', ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`),
    column('Targets', targetsText),
    column('MinPods', ({ spec }) => (spec.minReplicas === undefined ? '<unset>' : String(spec.minReplicas))),
    column('MaxPods', ({ spec }) => spec.maxReplicas),
    column('Replicas', ({ status }) => status.currentReplicas ?? 0),
    ageColumn,
  ],
});

type Spec = HorizontalPodAutoscaler['spec'];

/** SetDefaults_HorizontalPodAutoscaler: 80 % of the CPU that pods ask for, and no haste downwards. */
function defaultSpec(spec: Partial<Spec> | undefined): Spec {
  const { metrics: given = [], behavior, ...rest } = spec ?? {};
  return {
    ...(rest as Spec),
    minReplicas: rest.minReplicas ?? 1,
    metrics:
      given.length > 0
        ? given
        : [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
    ...(behavior === undefined
      ? {}
      : {
          behavior: {
            scaleUp: {
              stabilizationWindowSeconds: 0,
              selectPolicy: 'Max',
              policies: [
                { type: 'Pods', value: 4, periodSeconds: 15 },
                { type: 'Percent', value: 100, periodSeconds: 15 },
              ],
              ...behavior.scaleUp,
              ...emptyPolicies(behavior.scaleUp),
            },
            scaleDown: {
              selectPolicy: 'Max',
              policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
              ...behavior.scaleDown,
              ...emptyPolicies(behavior.scaleDown),
            },
          },
        }),
  };
}

/** Only who says nothing of policies gets some. */
const emptyPolicies = (rules: ScalingRules | undefined): Pick<ScalingRules, 'policies'> =>
  rules !== undefined && wasGivenEmpty(rules, 'policies') ? { policies: [] } : {};
