import { controllerOf } from '../apimachinery/object';
import type { Pod, PodStatus } from '../api/core/pod';
import { ended, imageMissing, running, type Place } from './hollow-status';

/** One rule: a pod in such a state comes, after a while, to the next. The first rule that fits is taken. */
export interface Stage {
  readonly name: string;
  readonly when: (pod: Pod) => boolean;
  /** Virtual milliseconds; undefined: never. */
  readonly after: (pod: Pod) => number | undefined;
  readonly next: ((pod: Pod, place: Place) => PodStatus) | 'delete';
}

export interface StandardStagesOptions {
  /** Pods whose names it matches are left as they are: somebody writes their status by hand. */
  readonly manual?: RegExp;
  /** How long each rule takes. Virtual milliseconds. */
  readonly delays?: Partial<Record<StandardStage, number>>;
}

type StandardStage = 'pod-delete' | 'pod-imgpull' | 'pod-complete' | 'pod-ready';

/** How long a simulator of nodes takes to notice and write, where nothing else is asked for. Virtual milliseconds. */
const REACTION = 15;

const missing = /nosuch|doesnotexist/;
const notYet = ({ status, spec }: Pod): boolean =>
  status.phase === 'Pending' && spec.nodeName !== undefined && (status.containerStatuses ?? []).length === 0;
const isRunning = ({ status }: Pod): boolean =>
  status.phase === 'Running' && status.containerStatuses?.[0]?.state?.running !== undefined;

/**
 * What hollow nodes do with pods: those run at once, those of Jobs and those called `done…` complete, or fail if their
 * name begins with `fail`; `slow` ones go on; what has a missing image waits. An annotation
 * `<stage>.stage.kwok.x-k8s.io/delay: 5s` on a pod sets its delay, as in KWOK.
 */
export function standardStages({ manual, delays = {} }: StandardStagesOptions = {}): readonly Stage[] {
  const ours = ({ metadata }: Pod): boolean => manual?.test(metadata.name) !== true;
  const living = (pod: Pod): boolean => pod.metadata.deletionTimestamp === undefined && ours(pod);
  const after =
    (stage: StandardStage) =>
    ({ metadata }: Pod): number | undefined =>
      milliseconds(metadata.annotations?.[`${stage}.stage.kwok.x-k8s.io/delay`]) ?? delays[stage] ?? REACTION;
  return [
    {
      name: 'pod-delete',
      when: ({ metadata }) => metadata.deletionTimestamp !== undefined,
      after: after('pod-delete'),
      next: 'delete',
    },
    {
      name: 'pod-imgpull',
      when: (pod) => living(pod) && notYet(pod) && missing.test(pod.spec.containers[0]?.image ?? ''),
      after: after('pod-imgpull'),
      next: imageMissing,
    },
    {
      name: 'pod-complete',
      when: (pod) =>
        living(pod) &&
        isRunning(pod) &&
        pod.spec.restartPolicy !== 'Always' &&
        (controllerOf(pod)?.kind === 'Job' || pod.metadata.name.startsWith('done')) &&
        !pod.metadata.name.includes('slow'),
      after: after('pod-complete'),
      next: (pod, { now }) => ended(pod, now, pod.metadata.name.startsWith('fail') ? 1 : 0),
    },
    {
      name: 'pod-ready',
      when: (pod) => living(pod) && notYet(pod),
      after: after('pod-ready'),
      next: (pod, place) => running(pod, place),
    },
  ];
}

/** `1500ms`, `3s`, `1m`. */
export function milliseconds(text: string | undefined): number | undefined {
  const [, amount, unit = ''] = /^([\d.]+)(ms|s|m|h)$/.exec(text ?? '') ?? [];
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  return amount === undefined ? undefined : Number(amount) * (units[unit] ?? 1000);
}
