import type { JobCondition } from '../../api/batch/job';

/** A condition that is true. */
export const newCondition = (type: string, reason: string, message: string, at: string): JobCondition => ({
  type,
  status: 'True',
  lastProbeTime: at,
  lastTransitionTime: at,
  reason,
  message,
});

export const conditionOf = (conditions: readonly JobCondition[], type: string): JobCondition | undefined =>
  conditions.find((each) => each.type === type);

/** ensureJobConditionStatus: the same list where nothing changes; what was never true does not become false. */
export function ensureCondition(conditions: readonly JobCondition[], wanted: JobCondition): readonly JobCondition[] {
  const before = conditionOf(conditions, wanted.type);
  if (before === undefined) return wanted.status === 'False' ? conditions : [...conditions, wanted];
  const same = before.status === wanted.status && before.reason === wanted.reason && before.message === wanted.message;
  return same ? conditions : conditions.map((each) => (each === before ? wanted : each));
}
