import type { Clock } from '../../sim/clock';
import { Few } from '../../sim/few';

/** Who waits for something. Waking is never synchronous: it goes through the clock, at the same instant. */
export class WaitQueue {
  /** Made when somebody waits: most files never have anybody. */
  #waiting: Few<() => void> | undefined;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(wake: () => void): () => void {
    (this.#waiting ??= new Few()).add(wake);
    return () => this.#waiting?.delete(wake);
  }

  get empty(): boolean {
    return this.#waiting === undefined || this.#waiting.size === 0;
  }

  /** Wakes all that wait now; who adds itself meanwhile waits for the next time. */
  wakeAll(): void {
    const woken = this.#waiting;
    if (woken === undefined || woken.size === 0) return;
    this.#waiting = undefined;
    this.#clock.setTimer(0, () => {
      for (const wake of woken) wake();
    });
  }
}
