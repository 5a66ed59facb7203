import type { Response } from '../../../linux/net/http/message';
import { pod as podKind, type Pod } from '../../api/core/pod';
import { disruptionAllowed, withAllowedCondition } from '../../api/policy/disruption-allowed';
import { podDisruptionBudget, type PodDisruptionBudget } from '../../api/policy/poddisruptionbudget';
import { isEmptySelector } from '../../api/validation/workload';
import { selectorMatches } from '../../apimachinery/selector';
import { badRequest, failure, forbidden, notFound, type Status, type StatusCause } from '../../apimachinery/status';
import { timeOf } from '../../apimachinery/time';
import type { DeleteOptions } from '../registry';
import { bodyObject, isJson, type Json } from './decode';
import type { Routed } from './exchange';
import { answer, refuse, type SuccessStatus } from './respond';
import { dryRunOf } from './write';

const success: SuccessStatus = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
/** So many evictions may be under way under one budget (MaxDisruptedPodSize). */
const MOST_DISRUPTED = 2000;

/** pods/eviction: EvictionREST.Create. A deletion that asks the disruption budget first. */
export function evict(exchange: Routed): Response {
  const { info, client, negotiated } = exchange;
  const body = bodyObject(exchange);
  if (!body.ok) return refuse(body.error);
  const dryRun = dryRunOf(info);
  if (!dryRun.ok) return refuse(dryRun.error);
  const metadata = body.value?.['metadata'];
  const name = isJson(metadata) ? metadata['name'] : undefined;
  if (name !== undefined && name !== '' && name !== info.name)
    return refuse(badRequest('name in URL does not match name in Eviction object'));
  const given = body.value?.['deleteOptions'];
  const options = deleteOptions(isJson(given) ? given : {}, dryRun.value);

  const pod = client.get(podKind, info.namespace, info.name);
  if (pod === undefined) return refuse(notFound(podKind.names, info.name));
  const refusal = canIgnoreBudget(pod) ? undefined : askBudget(exchange, pod, options.dryRun === true);
  if (refusal !== undefined) return refuse(refusal);
  const last = options.dryRun === true ? options : markDisrupted(exchange, pod, options);
  const deleted = client.delete(podKind, info.namespace, info.name, last);
  return deleted.ok ? answer(201, success, negotiated.format) : refuse(deleted.error);
}

function deleteOptions(given: Json, dryRun: boolean): DeleteOptions {
  const { gracePeriodSeconds, propagationPolicy, preconditions, dryRun: wish } = given as DeleteOptions & Json;
  return {
    dryRun: dryRun || (Array.isArray(wish) && wish.includes('All')),
    ...(typeof gracePeriodSeconds === 'number' ? { gracePeriodSeconds } : {}),
    ...(typeof propagationPolicy === 'string' ? { propagationPolicy } : {}),
    ...(isJson(preconditions) ? { preconditions } : {}),
  };
}

/** What is over, or has not begun, or is on its way out disturbs nobody. */
const canIgnoreBudget = ({ status: { phase }, metadata }: Pod): boolean =>
  phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending' || metadata.deletionTimestamp !== undefined;

function askBudget({ client, server }: Routed, pod: Pod, dryRun: boolean): Status | undefined {
  const { namespace, labels } = pod.metadata;
  const budgets = client.list(podDisruptionBudget, {
    namespace,
    // An empty selector matches everything, none nothing.
    matches: ({ spec: { selector } }) =>
      selector !== undefined && (isEmptySelector(selector) || selectorMatches(selector, labels)),
  });
  const [budget] = budgets;
  if (budget === undefined) return undefined;
  if (budgets.length > 1)
    return failure(
      500,
      undefined,
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  const { status, spec } = budget;
  const ready = (pod.status.conditions ?? []).some((each) => each.type === 'Ready' && each.status === 'True');
  if (!ready) {
    if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return undefined;
    if (status.desiredHealthy > 0 && status.currentHealthy >= status.desiredHealthy) return undefined;
  }
  const refusal = checkBudget(budget);
  if (refusal !== undefined || dryRun) return refusal;
  const now = timeOf(server.clock.now);
  const written = apiserver(server).mutateStatus(podDisruptionBudget, namespace, budget.metadata.name, (current) => {
    const left = {
      ...current.status,
      disruptionsAllowed: current.status.disruptionsAllowed - 1,
      disruptedPods: { ...current.status.disruptedPods, [pod.metadata.name]: now },
    };
    return { ...current, status: left.disruptionsAllowed === 0 ? withAllowedCondition(left, now) : left };
  });
  return written.ok ? undefined : written.error;
}

const apiserver = (server: Routed['server']): Routed['client'] =>
  server.registry.as({ user: 'system:apiserver', groups: ['system:masters'], agent: 'kube-apiserver' });

/** checkAndDecrement, but for the decrement. */
function checkBudget({ metadata, status }: PodDisruptionBudget): Status | undefined {
  const { name, generation = 0 } = metadata;
  if ((status.observedGeneration ?? 0) < generation)
    return tooMany(`The disruption budget ${name} is still being processed by the server.`, 10);
  const resource = { group: 'policy', plural: 'poddisruptionbudget' };
  if (status.disruptionsAllowed < 0) return forbidden(resource, name, 'pdb disruptions allowed is negative');
  if (Object.keys(status.disruptedPods ?? {}).length > MOST_DISRUPTED)
    return forbidden(resource, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  if (status.disruptionsAllowed > 0) return undefined;
  const condition = disruptionAllowed(status);
  return tooMany(
    condition?.reason === 'SyncFailed'
      ? `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${condition.message ?? ''}`
      : `The disruption budget ${name} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`,
    0,
  );
}

function tooMany(message: string, retryAfterSeconds: number): Status {
  const causes: readonly StatusCause[] = [{ reason: 'DisruptionBudget', message }];
  return failure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes,
    ...(retryAfterSeconds === 0 ? {} : { retryAfterSeconds }),
  });
}

/** addConditionAndDeletePod: the pod says why it goes. The version that the client knew is that before this. */
function markDisrupted({ client, server }: Routed, pod: Pod, options: DeleteOptions): DeleteOptions {
  const { preconditions } = options;
  const { namespace, name, uid, resourceVersion } = pod.metadata;
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) return options;
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) return options;
  const condition: NonNullable<Pod['status']['conditions']>[number] = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timeOf(server.clock.now),
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  };
  const marked = client.mutateStatus(podKind, namespace, name, (current) => ({
    ...current,
    status: {
      ...current.status,
      conditions: [...(current.status.conditions ?? []).filter(({ type }) => type !== condition.type), condition],
    },
  }));
  if (!marked.ok || preconditions?.resourceVersion === undefined) return options;
  return { ...options, preconditions: { ...preconditions, resourceVersion: marked.value.metadata.resourceVersion } };
}
