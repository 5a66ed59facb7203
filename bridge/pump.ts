import { RealTime } from '../src/sim/real-time';
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

/**
 * Runs a world in real time, and is the only door into it: what comes from outside waits in a queue and is let in
 * between two instants of virtual time.
 */
export class Pump {
  readonly #options: PumpOptions;
  readonly #queue: (() => void)[] = [];
  readonly #realTime: RealTime;
  readonly #over: Promise<void>;
  #stopped = false;
  #wake: (() => void) | undefined;

  constructor(options: PumpOptions) {
    this.#options = options;
    this.#realTime = new RealTime({
      clock: options.clock,
      wall: () => performance.now(),
      interrupted: () => this.#queue.length > 0,
    });
    this.#realTime.factor = options.speed;
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
        await this.#realTime.turn();
      } catch (error) {
        this.#options.fault(error);
      }
      await this.#nap();
    }
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
    const due = clock.next === undefined || speed === 0 ? NAP : (clock.next - clock.now) / speed;
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
