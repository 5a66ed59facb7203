import type { Container } from './container';

/** Between runs of a container that restarts (container/restartmanager: 100 ms, doubled up to a minute). */
const FIRST_BACKOFF = 100;
const LAST_BACKOFF = 60_000;
/** Who ran this long begins anew. */
const LONG_RUN = 10_000;

/** Whether a container that has just ended is started again, by its restart policy. */
export function restarts({ hostConfig, exitCode, restartCount, stoppedByHand }: Container): boolean {
  if (stoppedByHand) return false;
  const { Name, MaximumRetryCount } = hostConfig.RestartPolicy;
  if (Name === 'always' || Name === 'unless-stopped') return true;
  return Name === 'on-failure' && exitCode !== 0 && (MaximumRetryCount === 0 || restartCount < MaximumRetryCount);
}

/** Virtual milliseconds until it is. */
export function nextBackoff({ startedAt, finishedAt }: Container, last: number | undefined): number {
  if (last === undefined || finishedAt - startedAt > LONG_RUN) return FIRST_BACKOFF;
  return Math.min(last * 2, LAST_BACKOFF);
}
