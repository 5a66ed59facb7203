import type { Pod } from '../api/core/pod';
import { controllerOf } from '../apimachinery/object';
import { milliseconds, type Stage } from './hollow-stages';
import { ended, running } from './hollow-status';

/** Virtual milliseconds, where a pod's annotations say nothing. */
const READY = 1000;
const RUN = 1000;
const TERMINATE = 500;

const KILLED = 137;

/**
 * Rules that take their time and let a pod's annotations (below `prefix`) say how it fares: `ready-after`, `ready`
 * (`never`, `false`), `run-for`, `run` (`forever`), `exit`, `fail-indexes`, `terminate-after`, `terminate` (`never`).
 * For watching controllers at work.
 */
export function timedStages(prefix: string): readonly Stage[] {
  const note = ({ metadata }: Pod, name: string): string | undefined => metadata.annotations?.[`${prefix}/${name}`];
  const isOver = ({ status }: Pod): boolean => status.phase === 'Succeeded' || status.phase === 'Failed';
  const living = ({ metadata }: Pod): boolean => metadata.deletionTimestamp === undefined;
  const exitCode = (pod: Pod): number | undefined => {
    const asked = note(pod, 'exit');
    if (asked !== undefined) return Number(asked);
    const index = pod.metadata.annotations?.['batch.kubernetes.io/job-completion-index'];
    const failing = note(pod, 'fail-indexes')?.split(',') ?? [];
    if (index !== undefined && failing.includes(index)) return 1;
    return controllerOf(pod)?.kind === 'Job' ? 0 : undefined;
  };
  return [
    {
      name: 'pod-delete',
      when: (pod) => !living(pod) && isOver(pod),
      after: () => 0,
      next: 'delete',
    },
    {
      name: 'pod-terminate',
      when: (pod) => !living(pod),
      after: (pod) =>
        note(pod, 'terminate') === 'never' ? undefined : (milliseconds(note(pod, 'terminate-after')) ?? TERMINATE),
      next: (pod, { now }) => ended(pod, now, KILLED),
    },
    {
      name: 'pod-ready',
      when: (pod) => living(pod) && pod.status.phase === 'Pending',
      after: (pod) => (note(pod, 'ready') === 'never' ? undefined : (milliseconds(note(pod, 'ready-after')) ?? READY)),
      next: (pod, place) => running(pod, place, note(pod, 'ready') !== 'false'),
    },
    {
      name: 'pod-end',
      when: (pod) => living(pod) && pod.status.phase === 'Running' && exitCode(pod) !== undefined,
      after: (pod) => (note(pod, 'run') === 'forever' ? undefined : (milliseconds(note(pod, 'run-for')) ?? RUN)),
      next: (pod, { now }) => ended(pod, now, exitCode(pod) ?? 0),
    },
  ];
}
