import type { Timer } from '../../../sim/clock';
import type { Process } from '../../process/types';

/** The time that a whole request may take. */
export interface TimeLimit {
  /** Milliseconds left; Infinity without a limit. */
  readonly left: number;
  /** What `work` gives, or `'timeout'` if the time is up before. */
  race<T>(work: Promise<T>): Promise<T | 'timeout'>;
  clear(): void;
}

const unlimited: TimeLimit = { left: Infinity, race: (work) => work, clear: () => undefined };

/** A limit of `timeout` virtual milliseconds from now; none if undefined or 0. */
export function timeLimit({ clock }: Process, timeout: number | undefined): TimeLimit {
  if (timeout === undefined || timeout <= 0 || timeout === Infinity) return unlimited;
  const end = clock.now + timeout;
  const over = clock.deferred<'timeout'>();
  const timer: Timer = clock.setTimer(timeout, () => over.resolve('timeout'));
  return {
    get left() {
      return Math.max(0, end - clock.now);
    },
    async race(work) {
      work.catch(() => undefined);
      return Promise.race([work, over.promise]);
    },
    clear: () => clock.cancel(timer),
  };
}
