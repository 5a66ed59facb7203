/** How often the kernel samples (LOAD_FREQ): the averages change no faster. */
const SAMPLE = 5_000;
const MINUTES = [1, 5, 15] as const;

/** /proc/loadavg: how many processes ran, damped over 1, 5 and 15 minutes. Brought up to date when somebody looks. */
export class LoadAverage {
  #averages: readonly number[] = [0, 0, 0];
  #busyMs = 0;
  #since: number;

  constructor(now: number) {
    this.#since = now;
  }

  /** CPU time was used. */
  add(ms: number, now: number): void {
    this.#busyMs += ms;
    if (now - this.#since >= SAMPLE) this.#fold(now);
  }

  averages(now: number): readonly number[] {
    if (now - this.#since >= SAMPLE) this.#fold(now);
    return this.#averages;
  }

  #fold(now: number): void {
    const elapsed = now - this.#since;
    const running = this.#busyMs / elapsed;
    this.#averages = this.#averages.map((average, index) => {
      const kept = Math.exp(-elapsed / ((MINUTES[index] ?? 1) * 60_000));
      return average * kept + running * (1 - kept);
    });
    this.#busyMs = 0;
    this.#since = now;
  }
}
