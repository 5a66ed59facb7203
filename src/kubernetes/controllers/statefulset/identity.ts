import type { ControllerRevision } from '../../api/apps/controllerrevision';
import type { StatefulSet } from '../../api/apps/statefulset';
import type { PersistentVolumeClaim } from '../../api/core/persistentvolumeclaim';
import type { Pod } from '../../api/core/pod';
import type { PodTemplateSpec } from '../../api/core/pod-spec';
import type { Draft } from '../../apimachinery/object';
import { isReady } from '../pods';
import { ownerRef } from '../pods';

/** Who a set's pods are. Upstream: pkg/controller/statefulset/stateful_set_utils.go */
export const REVISION_LABEL = 'controller-revision-hash';
const NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
const INDEX_LABEL = 'apps.kubernetes.io/pod-index';

export const startOf = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;
export const endOf = (set: StatefulSet): number => startOf(set) + set.spec.replicas - 1;
export const isInRange = (set: StatefulSet, ordinal: number): boolean =>
  ordinal >= startOf(set) && ordinal <= endOf(set);

/** The number at the end of a pod's name if the rest is the set's; -1 for others. */
export function ordinalOf(set: StatefulSet, name: string): number {
  const match = /^(.*)-(\d+)$/.exec(name);
  return match?.[1] === set.metadata.name ? Number(match[2]) : -1;
}

export const podName = (set: StatefulSet, ordinal: number): string => `${set.metadata.name}-${ordinal}`;
export const claimName = (set: StatefulSet, template: string, ordinal: number): string =>
  `${template}-${set.metadata.name}-${ordinal}`;

export const revisionOf = ({ metadata }: Pod): string => metadata.labels?.[REVISION_LABEL] ?? '';
export const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;
export const isRunningAndReady = (pod: Pod): boolean => pod.status.phase === 'Running' && isReady(pod);
export const isHealthy = (pod: Pod): boolean => isRunningAndReady(pod) && !isTerminating(pod);

/** The template that a revision keeps. */
export function templateOf({ data }: ControllerRevision, set: StatefulSet): PodTemplateSpec {
  const kept = (data as { readonly spec?: { readonly template?: PodTemplateSpec & { readonly $patch?: string } } }).spec
    ?.template;
  if (kept === undefined) return set.spec.template;
  const { $patch: _patch, ...template } = kept;
  const { creationTimestamp: _created, ...metadata } = template.metadata;
  return { ...template, metadata };
}

/** newStatefulSetPod: a template, a name that stays, and storage of its own. */
export function statefulPod(
  set: StatefulSet,
  template: PodTemplateSpec,
  revision: string,
  ordinal: number,
): Draft<Pod> {
  const name = podName(set, ordinal);
  const { labels, annotations, finalizers } = template.metadata;
  const claims = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
  const volumes = [
    ...claims.map((claim) => ({
      name: claim,
      persistentVolumeClaim: { claimName: claimName(set, claim, ordinal) },
    })),
    ...(template.spec.volumes ?? []).filter((volume) => !claims.includes(volume.name)),
  ];
  return {
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace,
      labels: { ...labels, [REVISION_LABEL]: revision, [NAME_LABEL]: name, [INDEX_LABEL]: String(ordinal) },
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ownerReferences: [ownerRef(set)],
    },
    spec: {
      ...template.spec,
      hostname: name,
      ...(set.spec.serviceName === '' ? {} : { subdomain: set.spec.serviceName }),
      ...(volumes.length === 0 ? {} : { volumes }),
    },
  };
}

/** The claims of one pod, as its set's templates make them. */
export const claimsOf = (set: StatefulSet, ordinal: number): readonly Draft<PersistentVolumeClaim>[] =>
  (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    metadata: {
      name: claimName(set, metadata.name, ordinal),
      namespace: set.metadata.namespace,
      labels: { ...metadata.labels, ...set.spec.selector.matchLabels },
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
    },
    spec,
  }));
