import type { Deployment } from '../../api/apps/deployment';
import type { ReplicaSet } from '../../api/apps/replicaset';
import type { PodTemplateSpec } from '../../api/core/pod-spec';
import { equal } from '../../apimachinery/equal';
import type { Labels } from '../../apimachinery/object';
import { fenceposts } from './rolling';

/** Annotations of rollouts. Upstream: pkg/controller/deployment/util/deployment_util.go. */
export const REVISION = 'deployment.kubernetes.io/revision';
export const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';
export const HASH_LABEL = 'pod-template-hash';

/** Of the deployment's own annotations these are not copied to its replica sets. */
const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  'deprecated.deployment.rollback.to',
]);
const HISTORY_LENGTH = 2000;

/** A number of 64 bits; what is none is 0. */
const parse = (text = ''): bigint =>
  /^[+-]?\d{1,19}$/.test(text) ? BigInt.asIntN(64, BigInt(text.replace('+', ''))) : 0n;

export const revisionOf = ({ metadata }: ReplicaSet): bigint => parse(metadata.annotations?.[REVISION]);

export const maxSurge = ({ spec }: Deployment): number =>
  spec.strategy.type === 'RollingUpdate' ? posts(spec).surge : 0;

export function maxUnavailable({ spec }: Deployment): number {
  if (spec.strategy.type !== 'RollingUpdate' || spec.replicas === 0) return 0;
  return Math.min(posts(spec).unavailable, spec.replicas);
}

const posts = ({ strategy: { rollingUpdate }, replicas }: Deployment['spec']) =>
  fenceposts(rollingUpdate?.maxSurge ?? '25%', rollingUpdate?.maxUnavailable ?? '25%', replicas);

/** Templates are compared as what they say, without the hash label (EqualIgnoreHash). */
export function sameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return (
    equal(a.spec, b.spec) &&
    equal(withoutHash(a.metadata.labels), withoutHash(b.metadata.labels)) &&
    equal(a.metadata.annotations ?? {}, b.metadata.annotations ?? {}) &&
    equal(a.metadata.finalizers ?? [], b.metadata.finalizers ?? [])
  );
}

function withoutHash(labels: Labels = {}): Labels {
  const rest = { ...labels };
  delete rest[HASH_LABEL];
  return rest;
}

/** The replica set with the deployment's template: the oldest of them. */
export const findNew = (deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  [...sets].sort(byCreation).find((set) => sameTemplate(set.spec.template, deployment.spec.template));

export const byCreation = (a: ReplicaSet, b: ReplicaSet): number =>
  a.metadata.creationTimestamp === b.metadata.creationTimestamp
    ? a.metadata.name < b.metadata.name
      ? -1
      : 1
    : a.metadata.creationTimestamp < b.metadata.creationTimestamp
      ? -1
      : 1;

/** `spec.replicas` and the most there may be, kept on each set so that scaling in proportion can be told from rolling. */
export function replicasAnnotations(deployment: Deployment): Labels {
  const { replicas } = deployment.spec;
  return { [DESIRED_REPLICAS]: String(replicas), [MAX_REPLICAS]: String(replicas + maxSurge(deployment)) };
}

/** The annotations that the new replica set should have at this revision; the same value where it has them. */
export function newSetAnnotations(deployment: Deployment, before: Labels | undefined, revision: bigint): Labels {
  const annotations: Record<string, string> = { ...before };
  let changed = before === undefined;
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (notCopied.has(key) || annotations[key] === value) continue;
    annotations[key] = value;
    changed = true;
  }
  const old = before?.[REVISION];
  if (parse(old) < revision) {
    annotations[REVISION] = String(revision);
    changed = true;
    if (old !== undefined) annotations[REVISION_HISTORY] = history(before?.[REVISION_HISTORY] ?? '', old);
  }
  return changed || before === undefined ? annotations : before;
}

function history(before: string, old: string): string {
  if (before === '') return old;
  const revisions = before.split(',');
  let length = before.length + old.length + 1;
  while (length > HISTORY_LENGTH && revisions.length > 0) length -= (revisions.shift()?.length ?? 0) + 1;
  return [...revisions, old].join(',');
}

/** `<deployment>-<hash>`, shortened so that pods' names fit. */
export const setName = (deployment: string, hash: string): string =>
  `${deployment.slice(0, 253 - hash.length - 1)}-${hash}`;
