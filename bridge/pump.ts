import type { Clock } from '../src/sim/clock';
import type { Trace } from '../src/sim/trace';

export interface PumpOptions {
  readonly clock: Clock;
  readonly trace: Trace;
  /** Virtual seconds per real second. */
  readonly speed: number;
  readonly fault: (error: unknown) => void;
}

/** The longest nap between two turns, in real milliseconds. */
const NAP = 20;

/** How long a turn may keep the thread from the sockets, in real milliseconds. */
const BUDGET = 12;

/**
 * Runs a world in real time, and is the only door into it: what comes from outside waits in a queue and is let in
 * between two instants of virtual time.
 *
 * Unlike the page's `RealTime` it never gives up time that it could not keep pace with: real clients compare the
 * world's clock with their own.
 */
export class Pump {
  readonly #options: PumpOptions;
  readonly #queue: (() => void)[] = [];
  /** Virtual time at `performance.now()` zero. At speed 1 the world shows the time that real clients see. */
  readonly #origin: number;
  readonly #over: Promise<void>;
  #stopped = false;
  #held = false;
  #wake: (() => void) | undefined;

  constructor(options: PumpOptions) {
    this.#options = options;
    this.#origin = Date.now() - performance.now() * options.speed;
    this.#over = this.#run();
  }

  /** Runs `act` in the world as soon as the present instant is complete. */
  enter(act: () => void): void {
    this.#queue.push(act);
    this.#wake?.();
  }

  /** The same, with a result. Nothing else happens in the world while `act` runs; it may move the clock itself. */
  alone<T>(act: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#alone.push(() => act().then(resolve, reject));
      this.#wake?.();
    });
  }
  readonly #alone: (() => Promise<void>)[] = [];

  /** While held, virtual time stands still; what is due at the present instant still happens. */
  hold(held: boolean): void {
    this.#held = held;
    this.#wake?.();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#over;
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stopped) {
      try {
        if (this.#queue.length > 0) {
          for (const act of this.#queue.splice(0)) this.#enter(act);
          clock.wake();
          await clock.advanceTo(clock.now);
        }
        await this.#alone.shift()?.();
        if (!this.#held) await this.#catchUp();
      } catch (error) {
        this.#options.fault(error);
      }
      await this.#nap();
    }
  }

  async #catchUp(): Promise<void> {
    const { clock, speed } = this.#options;
    const began = performance.now();
    const target = this.#origin + began * speed;
    if (target <= clock.now) return;
    let cut = false;
    const due = (): boolean => (cut ||= this.#queue.length > 0 || performance.now() > began + BUDGET);
    await clock.runUntil(due, { limit: target - clock.now });
    // Whatever else is due at this very instant belongs to it.
    await clock.advanceTo(cut ? clock.now : target);
  }

  #enter(act: () => void): void {
    try {
      this.#options.trace.within(0, act);
    } catch (error) {
      this.#options.fault(error);
    }
  }

  async #nap(): Promise<void> {
    const { clock, speed } = this.#options;
    if (this.#queue.length > 0 || this.#alone.length > 0 || this.#stopped) {
      // Sockets must have their turn even if the world never rests.
      await new Promise((resolve) => setImmediate(resolve));
      return;
    }
    const due = clock.next === undefined ? NAP : (clock.next - clock.now) / speed;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#wake = undefined;
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, Math.min(NAP, Math.max(0, due)));
      this.#wake = done;
    });
  }
}
