import type { Cgroup } from './cgroup';

/**
 * cpu.max at work (kernel/sched/fair.c, CFS bandwidth control): a group may use `quota` of CPU time in each period; who
 * asks for more waits for a period with quota left. Several tasks draw on one quota, so that they share it.
 */
export class CpuBandwidth {
  /** cpu.stat. */
  periods = 0;
  throttled = 0;
  throttledMs = 0;
  #period = -1;
  /** What was used in the present period; a debt is carried over. */
  #usedMs = 0;

  constructor(
    readonly quotaMs: number,
    readonly periodMs: number,
  ) {}

  /** Uses CPU time; gives how long the user must wait until the group may run again. */
  use(ms: number, now: number): number {
    const period = Math.floor(now / this.periodMs);
    if (period > this.#period) {
      const passed = this.#period < 0 ? 1 : period - this.#period;
      this.#usedMs = Math.max(0, this.#usedMs - this.quotaMs * passed);
      this.#period = period;
      this.periods++;
    }
    this.#usedMs += ms;
    if (this.#usedMs <= this.quotaMs) return 0;
    // Each whole quota of debt costs a period.
    const wait = (period + Math.ceil(this.#usedMs / this.quotaMs) - 1) * this.periodMs - now;
    if (wait <= 0) return 0;
    this.throttled++;
    this.throttledMs += wait;
    return wait;
  }
}

/** Accounts CPU time to a group and those above; how long quotas keep the user waiting. */
export function useCpu(group: Cgroup, ms: number, now: number): number {
  let wait = 0;
  for (let at: Cgroup | undefined = group; at !== undefined; at = at.parent) {
    at.addCpu(ms);
    if (at.bandwidth !== undefined) wait = Math.max(wait, at.bandwidth.use(ms, now));
  }
  return wait;
}
