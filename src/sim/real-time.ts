import type { Clock } from './clock';

export interface RealTimeOptions {
  readonly clock: Clock;
  /** Real milliseconds, from anywhere, rising. Only the difference of two readings matters. */
  readonly wall: () => number;
  /** How long one turn may keep the thread, in real milliseconds. */
  readonly budget?: number;
  /** Something from outside wants to be let in: the turn ends after the present instant. */
  readonly interrupted?: () => boolean;
}

/** A gap longer than this (a sleeping laptop) is not caught up on. Real milliseconds. */
const LONGEST_GAP = 250;

/**
 * Lets virtual time follow real time, `factor` times as fast. It only decides how far to advance, never what happens:
 * the same inputs at the same virtual instants give the same world at any speed.
 */
export class RealTime {
  #factor = 1;
  #last: number | undefined;
  readonly #options: RealTimeOptions;

  constructor(options: RealTimeOptions) {
    this.#options = options;
  }

  /** Virtual seconds per real second; 0 is a pause. */
  get factor(): number {
    return this.#factor;
  }
  set factor(factor: number) {
    this.#factor = Math.max(0, factor);
  }

  get paused(): boolean {
    return this.#factor === 0;
  }

  /** Advances by what has passed outside since the last turn. Always stops between two instants. */
  async turn(): Promise<void> {
    const { clock, wall, budget = 12, interrupted = () => false } = this.#options;
    const now = wall();
    const passed = Math.min(LONGEST_GAP, now - (this.#last ?? now));
    this.#last = now;
    if (this.paused) return;
    const target = clock.now + passed * this.#factor;
    const deadline = now + budget;
    let cut = false;
    await clock.runUntil(() => (cut ||= interrupted() || wall() > deadline), { limit: target - clock.now });
    // Whatever else is due at this very instant belongs to it: an input must find the instant complete.
    await clock.advanceTo(cut ? clock.now : target);
  }

  /** While paused: the next instant that has something due. */
  async step(): Promise<void> {
    await this.#options.clock.step();
  }
}
