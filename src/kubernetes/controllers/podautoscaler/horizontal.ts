import { apiService } from '../../api/apiregistration/apiservice';
import { deployment } from '../../api/apps/deployment';
import { replicaSet } from '../../api/apps/replicaset';
import { statefulSet } from '../../api/apps/statefulset';
import { horizontalPodAutoscaler, type HorizontalPodAutoscaler } from '../../api/autoscaling/hpa';
import { replicationController } from '../../api/core/replicationcontroller';
import { equal } from '../../apimachinery/equal';
import type { Kind } from '../../apimachinery/kind';
import { keyOf, splitKey, type ApiObject } from '../../apimachinery/object';
import { timeOf } from '../../apimachinery/time';
import { defineController, every, type ControllerContext } from '../controller';
import { failureOf, groupOf } from './metrics';

/** --horizontal-pod-autoscaler-sync-period: between two looks at one autoscaler, before the first too. */
const SYNC = 15_000;

type Scaled = ApiObject & { readonly spec: { readonly replicas: number } };
type Status = HorizontalPodAutoscaler['status'];
const scalable: readonly Kind[] = [deployment, replicaSet, statefulSet, replicationController] as unknown as Kind[];

/**
 * Keeps workloads between their least and their greatest size, and says why no more can be done where no server of the
 * metrics is registered. Where one is, nothing is said: asking it is not built yet.
 * Upstream: pkg/controller/podautoscaler/horizontal.go
 */
export const horizontalPodAutoscalerController = defineController('horizontal-pod-autoscaler', (context) => ({
  watches: [
    every(horizontalPodAutoscaler, (found) => {
      context.later(keyOf(found), SYNC);
      return undefined;
    }),
  ],
  sync(key) {
    const { namespace, name } = splitKey(key);
    const found = context.client.get(horizontalPodAutoscaler, namespace, name);
    if (found === undefined) return;
    const status = reconcile(context, found);
    if (!equal(status, found.status))
      context.client.mutateStatus(horizontalPodAutoscaler, namespace, name, (now) => ({ ...now, status }));
    context.later(key, SYNC);
  },
}));

/** reconcileAutoscaler */
function reconcile(context: ControllerContext, found: HorizontalPodAutoscaler): Status {
  const { client, clock, events } = context;
  const { scaleTargetRef, minReplicas: least = 1, maxReplicas, metrics = [] } = found.spec;
  const { namespace } = found.metadata;
  const tell = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    events.event(found, type, reason, message);
  const [group = ''] = scaleTargetRef.apiVersion?.includes('/') === true ? scaleTargetRef.apiVersion.split('/') : [];
  const kind = scalable.find(({ names }) => names.kind === scaleTargetRef.kind && names.group === group);
  const target = kind && (client.get(kind, namespace, scaleTargetRef.name) as Scaled | undefined);
  if (kind === undefined || target === undefined) {
    const why =
      kind === undefined
        ? `no matches for kind ${JSON.stringify(scaleTargetRef.kind)} in group ${JSON.stringify(group)}`
        : `${kind.names.plural}${group === '' ? '' : `.${group}`} ${JSON.stringify(scaleTargetRef.name)} not found`;
    tell('Warning', 'FailedGetScale', why);
    const text = `the HPA controller was unable to get the target's current scale: ${why}`;
    return withCondition(found.status, 'AbleToScale', 'False', 'FailedGetScale', text, clock.now);
  }
  const able = "the HPA controller was able to get the target's current scale";
  let status = withCondition(found.status, 'AbleToScale', 'True', 'SucceededGetScale', able, clock.now);
  const current = target.spec.replicas;
  const set = (desired: number, currentMetrics: Status['currentMetrics'], rescaled: boolean): Status => {
    const { observedGeneration: _generation, ...rest } = status;
    const lastScaleTime = rescaled ? { lastScaleTime: timeOf(clock.now) } : {};
    return {
      ...rest,
      currentReplicas: current,
      desiredReplicas: desired,
      currentMetrics: currentMetrics ?? null,
      ...lastScaleTime,
    };
  };
  if (current === 0 && least !== 0) {
    const text = 'scaling is disabled since the replica count of the target is zero';
    status = withCondition(status, 'ScalingActive', 'False', 'ScalingDisabled', text, clock.now);
    return set(current, null, false);
  }
  if (current > maxReplicas || current < least) {
    const size = current > maxReplicas ? maxReplicas : least;
    const reason = `Current number of replicas ${current > maxReplicas ? 'above Spec.MaxReplicas' : 'below Spec.MinReplicas'}`;
    const written = client.mutate(kind, namespace, scaleTargetRef.name, (now) => {
      const scaled = now as Scaled;
      return { ...scaled, spec: { ...scaled.spec, replicas: size } } as ApiObject;
    });
    if (!written.ok) {
      const { message } = written.error;
      tell('Warning', 'FailedRescale', `New size: ${size}; reason: ${reason}; error: ${message}`);
      const text = `the HPA controller was unable to update the target scale: ${message}`;
      status = withCondition(status, 'AbleToScale', 'False', 'FailedUpdateScale', text, clock.now);
      return set(status.desiredReplicas, null, false);
    }
    const text = `the HPA controller was able to update the target scale to ${size}`;
    status = withCondition(status, 'AbleToScale', 'True', 'SucceededRescale', text, clock.now);
    tell('Normal', 'SuccessfulRescale', `New size: ${size}; reason: ${reason}`);
    return set(size, null, true);
  }
  const groups = new Set(client.list(apiService).map(({ spec }) => spec.group));
  if (metrics.some((each) => groups.has(groupOf(each)))) {
    const conditions = status.conditions?.filter(({ type }) => type !== 'ScalingActive');
    status = { ...status, ...(conditions === undefined ? {} : { conditions }) };
    return set(current, null, false);
  }
  const failures = metrics.map((each) => failureOf(each, namespace));
  for (const { reason, message } of failures) tell('Warning', reason, message);
  const [first] = failures;
  if (first !== undefined) {
    const text = `the HPA was unable to compute the replica count: ${first.message}`;
    status = withCondition(status, 'ScalingActive', 'False', first.reason, text, clock.now);
    const sum = `invalid metrics (${failures.length} invalid out of ${metrics.length})`;
    tell('Warning', 'FailedComputeMetricsReplicas', `${sum}, first error is: ${first.prefix}: ${first.message}`);
  }
  // Metrics without a value stand there without a type, as upstream writes them.
  const empty = metrics.map(() => ({ type: '' })) as unknown as Status['currentMetrics'];
  return set(status.desiredReplicas, empty, false);
}

/** setConditionInList: the time is that of the last change between true and false. */
function withCondition(
  status: Status,
  type: string,
  truth: 'True' | 'False',
  reason: string,
  message: string,
  now: number,
): Status {
  const { conditions = [] } = status;
  const before = (conditions ?? []).find((each) => each.type === type);
  const lastTransitionTime = before?.status === truth ? before.lastTransitionTime : timeOf(now);
  const fresh = { type, status: truth, lastTransitionTime: lastTransitionTime ?? timeOf(now), reason, message };
  const next =
    before === undefined
      ? [...(conditions ?? []), fresh]
      : (conditions ?? []).map((each) => (each === before ? fresh : each));
  return { ...status, conditions: next };
}
