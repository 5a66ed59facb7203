import type { Deployment } from '../../api/apps/deployment';
import type { ReplicaSet } from '../../api/apps/replicaset';
import { parseTime } from '../../apimachinery/time';
import { DESIRED_REPLICAS, MAX_REPLICAS, maxSurge, maxUnavailable } from './revisions';
import type { Rollout, Size } from './rolling';

/** Replica sets of a deployment as its sums see them. */
export const oldOf = (sets: readonly ReplicaSet[], fresh: ReplicaSet | undefined): readonly ReplicaSet[] =>
  sets.filter(({ metadata }) => metadata.uid !== fresh?.metadata.uid);

export const withNew = (sets: readonly ReplicaSet[], fresh: ReplicaSet | undefined): readonly ReplicaSet[] =>
  fresh === undefined ? sets : [...oldOf(sets, fresh), fresh];

export const rolloutOf = (d: Deployment): Rollout => ({
  replicas: d.spec.replicas,
  maxSurge: maxSurge(d),
  maxUnavailable: maxUnavailable(d),
});

export const sizeOf = ({ metadata, spec, status }: ReplicaSet): Size => ({
  name: metadata.name,
  replicas: spec.replicas,
  available: status.availableReplicas ?? 0,
  createdAt: parseTime(metadata.creationTimestamp),
  maxReplicasBefore: Number(metadata.annotations?.[MAX_REPLICAS] ?? 0),
});

export const isSaturated = ({ spec }: Deployment, { metadata, spec: own, status }: ReplicaSet): boolean =>
  Number(metadata.annotations?.[DESIRED_REPLICAS]) === spec.replicas &&
  own.replicas === spec.replicas &&
  status.availableReplicas === spec.replicas;
