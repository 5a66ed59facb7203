import type { Job } from '../../api/batch/job';
import type { Pod } from '../../api/core/pod';

/** Completion indexes. Upstream: pkg/controller/job/indexed_job_utils.go */
export const INDEX = 'batch.kubernetes.io/job-completion-index';
export const FAILURES = 'batch.kubernetes.io/job-index-failure-count';
export const IGNORED_FAILURES = 'batch.kubernetes.io/job-index-ignored-failure-count';

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed';

/** Which of a job's indexes a pod works on; -1 for none. */
export function indexOf({ metadata }: Pod): number {
  const text = metadata.annotations?.[INDEX];
  return text === undefined || !/^\d+$/.test(text) ? -1 : Number(text);
}

/** `1,3-5,7` as the set of numbers below `end`. */
export function parseIndexes(text: string | undefined, end: number): Set<number> {
  const found = new Set<number>();
  for (const part of (text ?? '').split(',')) {
    if (part === '') continue;
    const [first = 0, last = first] = part.split('-').map(Number);
    for (let index = first; index <= last && index < end; index++) found.add(index);
  }
  return found;
}

export function formatIndexes(indexes: ReadonlySet<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < sorted.length; at++) {
    const first = sorted[at] ?? 0;
    let last = first;
    while (sorted[at + 1] === last + 1) {
      last++;
      at++;
    }
    parts.push(first === last ? String(first) : last === first + 1 ? `${first},${last}` : `${first}-${last}`);
  }
  return parts.join(',');
}

/** The first indexes for which there is nobody. */
export function pendingIndexes(taken: ReadonlySet<number>, count: number, completions: number): readonly number[] {
  const found: number[] = [];
  for (let index = 0; index < completions && found.length < count; index++) if (!taken.has(index)) found.push(index);
  return found;
}

/** How often an index failed so far, from the pod that failed last. */
export const failuresOf = ({ metadata }: Pod, name = FAILURES): number => Number(metadata.annotations?.[name] ?? 0);
