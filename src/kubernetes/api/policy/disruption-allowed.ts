import type { Time } from '../../apimachinery/object';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from './poddisruptionbudget';

type DisruptionCondition = NonNullable<PodDisruptionBudgetStatus['conditions']>[number];

const type = 'DisruptionAllowed';

export const disruptionAllowed = ({ conditions }: PodDisruptionBudgetStatus): DisruptionCondition | undefined =>
  conditions?.find((each) => each.type === type);

/** meta.SetStatusCondition of DisruptionAllowed: the time changes with the answer only. */
export function withCondition(
  status: PodDisruptionBudgetStatus,
  answer: 'True' | 'False',
  reason: string,
  message: string,
  now: Time,
): PodDisruptionBudgetStatus {
  const had = disruptionAllowed(status);
  const condition: DisruptionCondition = {
    type,
    status: answer,
    ...(status.observedGeneration === undefined ? {} : { observedGeneration: status.observedGeneration }),
    lastTransitionTime: had?.status === answer ? (had.lastTransitionTime ?? now) : now,
    reason,
    message,
  };
  const conditions = status.conditions ?? [];
  return {
    ...status,
    conditions:
      had === undefined ? [...conditions, condition] : conditions.map((each) => (each === had ? condition : each)),
  };
}

/** pdbhelper.UpdateDisruptionAllowedCondition. */
export const withAllowedCondition = (status: PodDisruptionBudgetStatus, now: Time): PodDisruptionBudgetStatus =>
  status.disruptionsAllowed > 0
    ? withCondition(status, 'True', 'SufficientPods', '', now)
    : withCondition(status, 'False', 'InsufficientPods', '', now);

/** pdbhelper.ConditionsAreUpToDate. */
export function isUpToDate({ status }: PodDisruptionBudget): boolean {
  const condition = disruptionAllowed(status);
  return (
    condition !== undefined &&
    condition.observedGeneration === status.observedGeneration &&
    condition.reason !== 'SyncFailed' &&
    condition.status === (status.disruptionsAllowed > 0 ? 'True' : 'False')
  );
}
