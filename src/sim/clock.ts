import { makeDeferred, type Deferred } from './deferred';
import { TimerQueue, type Timer } from './timer-queue';
import type { Trace } from './trace';

export type { Timer } from './timer-queue';

export interface ClockOptions {
  /** Virtual milliseconds since the Unix epoch at which the world begins. */
  readonly start: number;
  /**
   * Resolves when every microtask that is ready has run. JavaScript offers no such wait inside the microtask queue, so
   * the outside gives one turn of its event loop (setImmediate in Node, a MessageChannel in a worker).
   */
  readonly settle: () => Promise<void>;
  readonly trace: Trace;
}

export interface TimerOptions {
  /** Housekeeping that repeats for ever (heartbeats, resyncs) and should not keep `runUntilIdle` going. */
  readonly background?: boolean;
}

/** How many timers fire at most before the event loop gets a turn. */
const TIMERS_A_TURN = 64;

/** After so many timers the outside gets a turn even if nothing woke: a timer may take half a millisecond. */
const BREATH = 40;

/**
 * Virtual time. Nothing moves but by `advance`, `step` or `runUntil…`; between two instants every program that was
 * woken has run until it waits again. Timers of one instant fire in the order they were set.
 *
 *   timer fires ─► sync core runs ─► deferreds resolve ─► settle: programs run ─► next timer
 */
export class Clock {
  #now: number;
  #sequence = 0;
  #woke = false;
  #advancing = false;
  #foreground = 0;
  /** Timers that fired since the outside had a turn. */
  #held = 0;
  readonly #rest: { readonly run: () => void; readonly cause: number }[] = [];
  readonly #timers = new TimerQueue();
  readonly #external = new Set<Promise<unknown>>();
  readonly #settle: () => Promise<void>;
  readonly #trace: Trace;

  constructor({ start, settle, trace }: ClockOptions) {
    this.#now = start;
    this.#settle = settle;
    this.#trace = trace;
    trace.now = () => this.#now;
  }

  /** Virtual milliseconds since the Unix epoch. */
  get now(): number {
    return this.#now;
  }

  /** The span under which things happen now: what a timer set now would fire under. */
  get cause(): number {
    return this.#trace.current;
  }

  /** Runs `run` after `delay` virtual milliseconds, under the cause of now. */
  setTimer(delay: number, run: () => void, { background = false }: TimerOptions = {}): Timer {
    const at = this.#now + Math.max(0, delay);
    const timer: Timer = { at, sequence: this.#sequence++, background, cause: this.#trace.current, run };
    this.#timers.push(timer);
    if (!background) this.#foreground++;
    return timer;
  }

  cancel(timer: Timer): void {
    if (timer.run === undefined) return;
    timer.run = undefined;
    if (!timer.background) this.#foreground--;
  }

  readonly #noteWaking = (): void => {
    this.#woke = true;
  };

  /** A promise that the simulation settles; the clock waits for whoever it wakes. */
  deferred<T>(): Deferred<T> {
    return makeDeferred<T>(this.#noteWaking);
  }

  sleep(delay: number): Promise<void> {
    const done = this.deferred<void>();
    this.setTimer(delay, () => done.resolve());
    return done.promise;
  }

  /**
   * For work that is too long for one turn of the thread: `run` is called next, before anything else that is due, and
   * after the outside has had its turn.
   */
  goOn(run: () => void): void {
    this.#rest.push({ run, cause: this.#trace.current });
  }

  /** Says that programs may be running (one was just started). */
  wake(): void {
    this.#woke = true;
  }

  /** Waits for something real (a lazily loaded module) while virtual time stands still. */
  async external<T>(load: () => Promise<T>): Promise<T> {
    const loading = load();
    this.#external.add(loading);
    this.#woke = true;
    try {
      return await loading;
    } finally {
      this.#external.delete(loading);
      this.#woke = true;
    }
  }

  /** Runs everything due up to and including virtual instant `instant`, then stands there. */
  async advanceTo(instant: number): Promise<void> {
    await this.#run(instant, () => false);
    this.#now = Math.max(this.#now, instant);
  }

  async advance(duration: number): Promise<void> {
    await this.advanceTo(this.#now + duration);
  }

  /** Runs until `done()` holds after an instant; false if `limit` virtual milliseconds passed or nothing was left to do. */
  async runUntil(done: () => boolean, { limit = Infinity }: { readonly limit?: number } = {}): Promise<boolean> {
    await this.#run(this.#now + limit, done);
    return done();
  }

  /** Runs until only background timers remain, or `limit` virtual milliseconds passed. True if idle. */
  async runUntilIdle({ limit = 3_600_000 }: { readonly limit?: number } = {}): Promise<boolean> {
    return this.runUntil(() => this.#foreground === 0, { limit });
  }

  /** Runs the next instant that has something due; false if there is none. */
  async step(): Promise<boolean> {
    await this.#settleAll();
    const next = this.#timers.peek();
    if (next === undefined) return false;
    await this.advanceTo(next.at);
    return true;
  }

  /** When the next timer is due, or undefined. */
  get next(): number | undefined {
    return this.#timers.peek()?.at;
  }

  async #run(limit: number, done: () => boolean): Promise<void> {
    if (this.#advancing) throw new Error('the clock is already advancing');
    this.#advancing = true;
    let fired = 0;
    try {
      for (;;) {
        // The outside (a page that wants to draw) gets its turn even while no program of the world is woken.
        if (++fired % TIMERS_A_TURN === 0) this.#woke = true;
        await this.#settleAll();
        if (done()) return;
        const next = this.#rest.shift();
        if (next !== undefined) {
          this.#trace.within(next.cause, next.run);
          this.#woke = true;
          continue;
        }
        const timer = this.#timers.peek();
        if (timer === undefined || timer.at > limit) return;
        this.#timers.pop();
        this.#now = timer.at;
        this.#fire(timer);
        // Many timers need nobody: the thread must breathe between them all the same.
        if (++this.#held >= BREATH) this.#woke = true;
      }
    } finally {
      this.#advancing = false;
    }
  }

  #fire(timer: Timer): void {
    const run = timer.run;
    if (run === undefined) return;
    timer.run = undefined;
    if (!timer.background) this.#foreground--;
    this.#trace.within(timer.cause, run);
  }

  async #settleAll(): Promise<void> {
    while (this.#woke || this.#external.size > 0) {
      this.#woke = false;
      this.#held = 0;
      await this.#settle();
      if (this.#external.size > 0) await Promise.allSettled(this.#external);
    }
  }
}
