import type { Clock } from '../../sim/clock';

/** Who waits for something. Waking is never synchronous: it goes through the clock, at the same instant. */
export class WaitQueue {
  #waiting = new Set<() => void>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  get empty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Wakes all that wait now; who adds itself meanwhile waits for the next time. */
  wakeAll(): void {
    if (this.#waiting.size === 0) return;
    const woken = this.#waiting;
    this.#waiting = new Set();
    this.#clock.setTimer(0, () => {
      for (const wake of woken) wake();
    });
  }
}
