import type { Job, PodFailurePolicyRule } from '../../api/batch/job';
import type { ContainerStatus, Pod } from '../../api/core/pod';
import { parseIndexes } from './indexes';

/** Upstream: pkg/controller/job/pod_failure_policy.go */
export interface FailureVerdict {
  readonly action: PodFailurePolicyRule['action'];
  /** For FailJob. */
  readonly message: string;
}

/** Whether a failed pod counts as a failure. */
export const isCounted = (job: Job, pod: Pod): boolean => failureVerdict(job, pod)?.action !== 'Ignore';

/** What the first rule that fits says of a failed pod. */
export function failureVerdict({ spec }: Job, pod: Pod): FailureVerdict | undefined {
  for (const [index, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    const message = matched(rule, index, pod);
    if (message !== undefined) return { action: rule.action, message };
  }
  return undefined;
}

function matched(rule: PodFailurePolicyRule, index: number, pod: Pod): string | undefined {
  const { namespace, name } = pod.metadata;
  const which = `matching ${rule.action} rule at index ${index}`;
  if (rule.onExitCodes !== undefined) {
    const container = byExitCode(rule.onExitCodes, pod);
    if (container === undefined) return undefined;
    const code = container.state?.terminated?.exitCode ?? 0;
    return `Container ${container.name} for pod ${namespace}/${name} failed with exit code ${code} ${which}`;
  }
  for (const { type, status } of rule.onPodConditions ?? []) {
    if (pod.status.conditions?.some((each) => each.type === type && each.status === status) === true)
      return `Pod ${namespace}/${name} has condition ${type} ${which}`;
  }
  return undefined;
}

function byExitCode(
  { containerName, operator, values }: NonNullable<PodFailurePolicyRule['onExitCodes']>,
  { status }: Pod,
): ContainerStatus | undefined {
  return [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find(({ name, state }) => {
    const code = state?.terminated?.exitCode;
    if (code === undefined || code === 0 || (containerName !== undefined && name !== containerName)) return false;
    return values.includes(code) === (operator === 'In');
  });
}

/** success_policy.go: the message of the first rule that the succeeded indexes satisfy. */
export function successPolicyMet({ spec }: Job, succeeded: ReadonlySet<number>): string | undefined {
  const completions = spec.completions ?? 0;
  for (const [index, rule] of (spec.successPolicy?.rules ?? []).entries()) {
    const wanted = rule.succeededIndexes === undefined ? undefined : parseIndexes(rule.succeededIndexes, completions);
    const counted = wanted === undefined ? succeeded.size : [...succeeded].filter((each) => wanted.has(each)).length;
    const needed = rule.succeededCount ?? wanted?.size ?? completions;
    if (counted >= needed) return `Matched rules at index ${index}`;
  }
  return undefined;
}
