import type { ApiObject } from '../../apimachinery/object';
import { int32, int64, need, ptr, str, struct, time, type StructSchema } from '../../apimachinery/schema';
import { object } from '../meta/schema';
import type { HorizontalPodAutoscaler, MetricSpec } from './hpa';
import { readMetrics, readStatuses, writeMetric, writeStatus } from './hpa-v1-metrics';

type Spec = HorizontalPodAutoscaler['spec'];
type Status = HorizontalPodAutoscaler['status'];
type Annotations = Readonly<Record<string, string>>;

interface V1 extends ApiObject {
  readonly spec: Pick<Spec, 'scaleTargetRef' | 'minReplicas' | 'maxReplicas'> & {
    readonly targetCPUUtilizationPercentage?: number;
  };
  readonly status?: Partial<
    Pick<Status, 'observedGeneration' | 'lastScaleTime' | 'currentReplicas' | 'desiredReplicas'>
  > & {
    readonly currentCPUUtilizationPercentage?: number;
  };
}

export const hpaV1Schema: StructSchema = object('HorizontalPodAutoscaler', {
  spec: struct('HorizontalPodAutoscalerSpec', {
    scaleTargetRef: need(
      struct('CrossVersionObjectReference', { kind: need(str), name: need(str), apiVersion: str }, { atomic: true }),
    ),
    minReplicas: ptr(int32),
    maxReplicas: need(int32),
    targetCPUUtilizationPercentage: ptr(int32),
  }),
  status: struct('HorizontalPodAutoscalerStatus', {
    observedGeneration: ptr(int64),
    lastScaleTime: ptr(time),
    currentReplicas: need(int32),
    desiredReplicas: need(int32),
    currentCPUUtilizationPercentage: ptr(int32),
  }),
});

/** What autoscaling/v1 has no fields for goes round as annotations: pkg/apis/autoscaling/annotations.go. */
const prefix = 'autoscaling.alpha.kubernetes.io/';
const metricsKey = `${prefix}metrics`;
const statusesKey = `${prefix}current-metrics`;
const conditionsKey = `${prefix}conditions`;
const behaviorKey = `${prefix}behavior`;
const roundTrip = [metricsKey, statusesKey, conditionsKey, behaviorKey];

const cpu = (averageUtilization: number): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});
const defaultUtilization = 80;

/** Convert_v1_HorizontalPodAutoscaler_To_autoscaling_HorizontalPodAutoscaler. */
export function hpaFromV1(given: ApiObject): HorizontalPodAutoscaler {
  const { spec, status, metadata } = given as V1;
  const annotations = metadata.annotations ?? {};
  const { targetCPUUtilizationPercentage: target, ...rest } = spec ?? ({} as V1['spec']);
  const own = target === undefined ? [] : [cpu(target)];
  const metrics = [...readMetrics(parsed(annotations[metricsKey])), ...own];
  const behavior = readBehavior(parsed(annotations[behaviorKey]));
  const { currentCPUUtilizationPercentage: used, ...counts } = status ?? {};
  const statuses = readStatuses(parsed(annotations[statusesKey]));
  const conditions = parsed(annotations[conditionsKey]) as Status['conditions'];
  const current = statuses ?? (used === undefined ? null : [usage(used)]);
  return {
    ...given,
    metadata: { ...metadata, ...without(annotations, metadata.annotations === undefined) },
    spec: {
      ...rest,
      metrics: metrics.length > 0 ? metrics : [cpu(defaultUtilization)],
      ...(behavior === undefined ? {} : { behavior }),
    },
    status: {
      ...counts,
      desiredReplicas: counts.desiredReplicas ?? 0,
      currentMetrics: current,
      ...(Array.isArray(conditions) ? { conditions } : {}),
    },
  } as unknown as HorizontalPodAutoscaler;
}

const usage = (averageUtilization: number): NonNullable<Status['currentMetrics']>[number] => ({
  type: 'Resource',
  resource: { name: 'cpu', current: { averageUtilization } },
});

/** Convert_autoscaling_HorizontalPodAutoscaler_To_v1_HorizontalPodAutoscaler. */
export function hpaToV1(object: ApiObject): ApiObject {
  const { metadata, spec, status } = object as HorizontalPodAutoscaler;
  const ownCpu = ({ type, resource }: MetricSpec): boolean =>
    type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;
  const { metrics = [], behavior, scaleTargetRef, minReplicas, maxReplicas } = spec;
  const target = metrics.find(ownCpu)?.resource?.target.averageUtilization;
  const others = metrics.filter((metric) => !ownCpu(metric)).map(writeMetric);
  const statuses = status.currentMetrics ?? [];
  const used = statuses.findLast(({ type, resource }) => type === 'Resource' && resource?.name === 'cpu')?.resource
    ?.current.averageUtilization;
  const { conditions = [] } = status;
  const extra: Record<string, string> = {
    ...(others.length > 0 ? { [metricsKey]: JSON.stringify(others) } : {}),
    ...(statuses.length > 0 ? { [statusesKey]: JSON.stringify(statuses.map(writeStatus)) } : {}),
    ...(behavior === undefined ? {} : { [behaviorKey]: JSON.stringify(writeBehavior(behavior)) }),
    ...(conditions.length > 0 ? { [conditionsKey]: JSON.stringify(conditions.map(inOrder)) } : {}),
  };
  const annotations = { ...without(metadata.annotations ?? {}, true).annotations, ...extra };
  const { annotations: _annotations, ...meta } = metadata;
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    metadata: { ...meta, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: {
      scaleTargetRef,
      ...(minReplicas === undefined ? {} : { minReplicas }),
      maxReplicas,
      ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }),
    },
    status: {
      ...(status.observedGeneration === undefined ? {} : { observedGeneration: status.observedGeneration }),
      ...(status.lastScaleTime === undefined ? {} : { lastScaleTime: status.lastScaleTime }),
      currentReplicas: status.currentReplicas ?? 0,
      desiredReplicas: status.desiredReplicas ?? 0,
      ...(used === undefined ? {} : { currentCPUUtilizationPercentage: used }),
    },
  } as ApiObject;
}

/** DropRoundTripHorizontalPodAutoscalerAnnotations. */
function without(annotations: Annotations, dropEmpty: boolean): { readonly annotations?: Annotations } {
  const kept = Object.entries(annotations).filter(([key]) => !roundTrip.includes(key));
  return kept.length === 0 && dropEmpty ? {} : { annotations: Object.fromEntries(kept) };
}

/** A client may write anything into its annotations; what is no JSON is not there. */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const inOrder = ({ type, status, lastTransitionTime, reason, message }: NonNullable<Status['conditions']>[number]) => ({
  type,
  status,
  lastTransitionTime: lastTransitionTime ?? null,
  ...(reason === undefined || reason === '' ? {} : { reason }),
  ...(message === undefined || message === '' ? {} : { message }),
});

type Behavior = NonNullable<Spec['behavior']>;
type Rules = NonNullable<Behavior['scaleUp']>;

/** The internal type as it is, with Go's names. */
const writeBehavior = ({ scaleUp, scaleDown }: Behavior) => ({
  ScaleUp: writeRules(scaleUp),
  ScaleDown: writeRules(scaleDown),
});
const writeRules = (rules: Rules | undefined) =>
  rules === undefined
    ? null
    : {
        StabilizationWindowSeconds: rules.stabilizationWindowSeconds ?? null,
        SelectPolicy: rules.selectPolicy ?? null,
        Policies:
          rules.policies?.map(({ type, value, periodSeconds }) => ({
            Type: type,
            Value: value,
            PeriodSeconds: periodSeconds,
          })) ?? null,
        Tolerance: rules.tolerance ?? null,
      };

/** The same back; encoding/json does not mind case. */
function readBehavior(value: unknown): Behavior | undefined {
  const lower = lowerKeys(value, 4) as Behavior | undefined;
  if (typeof lower !== 'object' || (lower.scaleUp === undefined && lower.scaleDown === undefined)) return undefined;
  return lower;
}

function lowerKeys(value: unknown, depth: number): unknown {
  if (value === null || depth < 0) return undefined;
  if (Array.isArray(value)) return value.map((item: unknown) => lowerKeys(item, depth - 1));
  if (typeof value !== 'object') return value;
  const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of Object.entries(value)) {
    const lowered = lowerKeys(item, depth - 1);
    if (lowered !== undefined) result[key.charAt(0).toLowerCase() + key.slice(1)] = lowered;
  }
  return { ...result };
}
