import type { Job } from '../../api/batch/job';
import type { Pod } from '../../api/core/pod';
import type { Draft } from '../../apimachinery/object';
import { parseTime } from '../../apimachinery/time';
import { podOf } from '../pods';
import { FAILURES, IGNORED_FAILURES, INDEX } from './indexes';

/** Keeps a finished pod until it has been counted. */
export const TRACKING = 'batch.kubernetes.io/job-tracking';

export const isTracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(TRACKING) === true;

/** onlyReplaceFailedPods */
export const waitsForEnd = ({ spec }: Job): boolean =>
  spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined;

/** isPodFailed: a pod on its way out counts as failed, unless its replacement waits for its end. */
export function isFailed(pod: Pod, job: Job): boolean {
  if (pod.status.phase === 'Failed') return true;
  if (waitsForEnd(job)) return false;
  return pod.metadata.deletionTimestamp !== undefined && pod.status.phase !== 'Succeeded';
}

export const isTerminating = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined && status.phase !== 'Succeeded' && status.phase !== 'Failed';

export interface IndexedPod {
  readonly index: number;
  readonly failures?: number;
  readonly ignoredFailures?: number;
}

/** The next pod of a job, for one of its indexes if it has any. */
export function jobPod(job: Job, indexed: IndexedPod | undefined): Draft<Pod> {
  const draft = podOf(job.spec.template, job);
  const finalizers = [...(draft.metadata.finalizers ?? []), TRACKING];
  const { name } = job.metadata;
  if (indexed === undefined) return { ...draft, metadata: { ...draft.metadata, finalizers } };
  const { index, failures, ignoredFailures } = indexed;
  const env = {
    name: 'JOB_COMPLETION_INDEX',
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${INDEX}']` } },
  };
  const withEnv = <C extends { readonly env?: readonly { readonly name: string }[] }>(container: C): C =>
    container.env?.some((each) => each.name === env.name) === true
      ? container
      : { ...container, env: [...(container.env ?? []), env] };
  const { containers, initContainers } = draft.spec;
  return {
    ...draft,
    metadata: {
      ...draft.metadata,
      generateName: generateName(name, index),
      finalizers,
      labels: { ...draft.metadata.labels, [INDEX]: String(index) },
      annotations: {
        ...draft.metadata.annotations,
        [INDEX]: String(index),
        ...(failures === undefined ? {} : { [FAILURES]: String(failures) }),
        ...(ignoredFailures === undefined || ignoredFailures === 0
          ? {}
          : { [IGNORED_FAILURES]: String(ignoredFailures) }),
      },
    },
    spec: {
      ...draft.spec,
      hostname: draft.spec.hostname ?? `${name}-${index}`,
      containers: containers.map(withEnv),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(withEnv) }),
    },
  };
}

/** podGenerateNameWithIndex: what would be too long is cut in the middle. */
function generateName(name: string, index: number): string {
  const end = `-${index}-`;
  return `${name.slice(0, 58 - end.length)}${end}`;
}

/** getFinishedTime: when the containers ended, or the pod ceased to be ready, or was deleted. Virtual milliseconds. */
export function finishTime({ spec, status, metadata }: Pod): number {
  const sidecars = new Set(
    (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  );
  const containers = [
    ...(status.containerStatuses ?? []),
    ...(status.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name)),
  ];
  const ends = containers.map(({ state }) => state?.terminated?.finishedAt);
  if (ends.length > 0 && ends.every((at) => at != null)) return Math.max(...ends.map((at) => parseTime(at ?? '')));
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status === 'False' && ready.lastTransitionTime != null) return parseTime(ready.lastTransitionTime);
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = metadata;
  return deletionTimestamp === undefined
    ? parseTime(creationTimestamp)
    : parseTime(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
}
