import type { HostConfig } from './api-types';

/** Between runs of a container that restarts (moby restartmanager: 100 ms, doubled up to a minute). */
const FIRST_BACKOFF = 100;
const LAST_BACKOFF = 60_000;
/** Who ran this long begins anew. */
const LONG_RUN = 10_000;

interface RunThatEnded {
  readonly exitCode: number;
  readonly stoppedByHand: boolean;
  /** Virtual milliseconds. */
  readonly ranFor: number;
}

/** Decides whether a container that has just ended is started again, and when (moby restartmanager). */
export class RestartManager {
  /** Somebody stopped the container: nothing is started again until it was started by hand. */
  cancelled = false;
  #restarts = 0;
  #backoff = 0;

  /** Virtual milliseconds until the next run; undefined where there is none. */
  next(policy: HostConfig['RestartPolicy'], { exitCode, stoppedByHand, ranFor }: RunThatEnded): number | undefined {
    if (this.cancelled) return undefined;
    if (ranFor >= LONG_RUN) this.#backoff = 0;
    this.#backoff = this.#backoff === 0 ? FIRST_BACKOFF : Math.min(this.#backoff * 2, LAST_BACKOFF);
    const { Name, MaximumRetryCount } = policy;
    const again =
      Name === 'always' ||
      (Name === 'unless-stopped' && !stoppedByHand) ||
      (Name === 'on-failure' && exitCode !== 0 && (MaximumRetryCount === 0 || this.#restarts < MaximumRetryCount));
    if (!again) return undefined;
    this.#restarts++;
    return this.#backoff;
  }
}
