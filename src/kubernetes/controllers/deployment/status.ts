import type { Deployment, DeploymentCondition, DeploymentStatus } from '../../api/apps/deployment';
import type { ReplicaSet } from '../../api/apps/replicaset';
import { parseTime, timeOf } from '../../apimachinery/time';
import { maxUnavailable } from './revisions';

type Type = DeploymentCondition['type'];

/** A condition that holds since now. */
export const condition = (
  type: Type,
  status: DeploymentCondition['status'],
  reason: string,
  message: string,
  now: number,
): DeploymentCondition => ({
  type,
  status,
  lastUpdateTime: timeOf(now),
  lastTransitionTime: timeOf(now),
  reason,
  message,
});

export const conditionOf = ({ conditions }: DeploymentStatus, type: Type): DeploymentCondition | undefined =>
  conditions?.find((candidate) => candidate.type === type);

/** SetDeploymentCondition: what changes in neither status nor reason stays as it is; what changes goes to the end. */
export function withCondition(status: DeploymentStatus, next: DeploymentCondition): DeploymentStatus {
  const before = conditionOf(status, next.type);
  if (before?.status === next.status && before.reason === next.reason) return status;
  const kept =
    before?.status === next.status && before.lastTransitionTime !== undefined
      ? { ...next, lastTransitionTime: before.lastTransitionTime }
      : next;
  return { ...status, conditions: [...others(status, next.type), kept] };
}

function withoutCondition(status: DeploymentStatus, type: Type): DeploymentStatus {
  if (conditionOf(status, type) === undefined) return status;
  const { conditions: _, ...rest } = status;
  const left = others(status, type);
  return left.length === 0 ? rest : { ...rest, conditions: left };
}

const others = ({ conditions = [] }: DeploymentStatus, type: Type): readonly DeploymentCondition[] =>
  conditions.filter((candidate) => candidate.type !== type);

export const hasProgressDeadline = ({ spec }: Deployment): boolean => spec.progressDeadlineSeconds < 2 ** 31 - 1;

const sum = (sets: readonly ReplicaSet[], of: (set: ReplicaSet) => number | undefined): number =>
  sets.reduce((all, set) => all + (of(set) ?? 0), 0);

/** The counts and availability of a deployment with these replica sets (calculateStatus). */
export function calculateStatus(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  fresh: ReplicaSet | undefined,
  now: number,
): DeploymentStatus {
  const { status: before, metadata, spec } = deployment;
  const available = sum(sets, ({ status }) => status.availableReplicas);
  const unavailable = Math.max(0, sum(sets, ({ spec: { replicas } }) => replicas) - available);
  const counts: DeploymentStatus = {
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
    ...unlessZero(
      'replicas',
      sum(sets, ({ status }) => status.replicas),
    ),
    ...unlessZero('updatedReplicas', fresh?.status.replicas ?? 0),
    ...unlessZero(
      'readyReplicas',
      sum(sets, ({ status }) => status.readyReplicas),
    ),
    ...unlessZero('availableReplicas', available),
    ...unlessZero('unavailableReplicas', unavailable),
    ...(before.conditions === undefined ? {} : { conditions: before.conditions }),
    ...(before.collisionCount === undefined ? {} : { collisionCount: before.collisionCount }),
  };
  const enough = available >= spec.replicas - maxUnavailable(deployment);
  return withCondition(
    counts,
    enough
      ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
      : condition(
          'Available',
          'False',
          'MinimumReplicasUnavailable',
          'Deployment does not have minimum availability.',
          now,
        ),
  );
}

const unlessZero = <Key extends string>(key: Key, value: number): Partial<Record<Key, number>> =>
  value === 0 ? {} : ({ [key]: value } as Record<Key, number>);

/** deploymentutil.DeploymentComplete */
export function isComplete({ spec, metadata }: Deployment, status: DeploymentStatus): boolean {
  return (
    (status.updatedReplicas ?? 0) === spec.replicas &&
    (status.replicas ?? 0) === spec.replicas &&
    (status.availableReplicas ?? 0) === spec.replicas &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  );
}

function isProgressing(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): number => replicas - updatedReplicas;
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function isTimedOut({ spec }: Deployment, status: DeploymentStatus, now: number): boolean {
  const progressing = conditionOf(status, 'Progressing');
  if (progressing === undefined || progressing.reason === 'NewReplicaSetAvailable') return false;
  if (progressing.reason === 'ProgressDeadlineExceeded') return true;
  return parseTime(progressing.lastUpdateTime ?? '') + spec.progressDeadlineSeconds * 1000 < now;
}

/** The status in the middle of a rollout: counts, and whether it progresses, is done or has timed out (syncRolloutStatus). */
export function rolloutStatus(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  fresh: ReplicaSet | undefined,
  now: number,
): DeploymentStatus {
  const who = fresh === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${fresh.metadata.name}"`;
  let status = calculateStatus(deployment, sets, fresh, now);
  if (!hasProgressDeadline(deployment)) status = withoutCondition(status, 'Progressing');
  const before = conditionOf(deployment.status, 'Progressing');
  const done = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && before?.reason === 'NewReplicaSetAvailable';
  if (hasProgressDeadline(deployment) && !done) {
    if (isComplete(deployment, status)) {
      const text = `${who} has successfully progressed.`;
      status = withCondition(status, condition('Progressing', 'True', 'NewReplicaSetAvailable', text, now));
    } else if (isProgressing(deployment.status, status)) {
      const next = condition('Progressing', 'True', 'ReplicaSetUpdated', `${who} is progressing.`, now);
      const since = before?.status === 'True' ? before.lastTransitionTime : undefined;
      status = withCondition(
        withoutCondition(status, 'Progressing'),
        since === undefined ? next : { ...next, lastTransitionTime: since },
      );
    } else if (isTimedOut(deployment, status, now)) {
      const text = `${who} has timed out progressing.`;
      status = withCondition(status, condition('Progressing', 'False', 'ProgressDeadlineExceeded', text, now));
    }
  }
  const failure = replicaFailure(sets, fresh);
  return failure === undefined ? withoutCondition(status, 'ReplicaFailure') : withCondition(status, failure);
}

function replicaFailure(sets: readonly ReplicaSet[], fresh: ReplicaSet | undefined): DeploymentCondition | undefined {
  for (const set of fresh === undefined ? sets : [fresh, ...sets]) {
    for (const found of set.status.conditions ?? []) {
      if (found.type !== 'ReplicaFailure') continue;
      const at = found.lastTransitionTime;
      return { ...found, ...(at === undefined ? {} : { lastUpdateTime: at, lastTransitionTime: at }) };
    }
  }
  return undefined;
}

/** When to look again whether a deployment that does not move has timed out; undefined: no need. */
export function stuckDelay(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const progressing = conditionOf(status, 'Progressing');
  if (!hasProgressDeadline(deployment) || progressing === undefined || isComplete(deployment, status)) return undefined;
  if (progressing.reason === 'ProgressDeadlineExceeded') return undefined;
  if (progressing.reason === 'NewReplicaSetAvailable') return undefined;
  const since = parseTime(progressing.lastUpdateTime ?? '');
  return Math.max(1000, since + deployment.spec.progressDeadlineSeconds * 1000 - now + 1000);
}
