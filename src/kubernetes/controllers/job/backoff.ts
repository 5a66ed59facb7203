import type { Pod } from '../../api/core/pod';
import { finishTime } from './pods';

/** The delay before a failed pod is replaced: doubled each time. Virtual milliseconds. */
const BACKOFF = 10_000;
const BACKOFF_MOST = 600_000;

/** How a job's pods fared of late. Upstream: pkg/controller/job/backoff_utils.go */
export interface BackoffRecord {
  readonly failures: number;
  /** When the last of them ended. Virtual milliseconds. */
  readonly last: number;
}

const none: BackoffRecord = { failures: 0, last: 0 };

const byEnd = (pods: readonly Pod[]): readonly number[] => pods.map(finishTime).sort((a, b) => a - b);

/** newBackoffRecord: what is known so far, and the pods that ended since. */
export function nextRecord(
  before: BackoffRecord = none,
  succeeded: readonly Pod[],
  failed: readonly Pod[],
): BackoffRecord {
  const ends = byEnd(failed);
  const last = ends.at(-1);
  const success = byEnd(succeeded).at(-1);
  if (success === undefined) return last === undefined ? before : { failures: before.failures + ends.length, last };
  const after = ends.filter((end) => end > success).length;
  return after === 0 ? none : { failures: after, last: last ?? 0 };
}

/** getRemainingTimeForFailuresCount. Virtual milliseconds. */
export function remainingTime({ failures, last }: BackoffRecord, now: number): number {
  if (failures === 0) return 0;
  return Math.max(last + Math.min(BACKOFF * 2 ** (failures - 1), BACKOFF_MOST) - now, 0);
}
