import { RealTime } from '../sim/real-time';
import type { Input } from './protocol';
import type { SessionLog } from './session';
import type { World } from './world';

export interface DriverOptions {
  readonly world: World;
  readonly log: SessionLog;
  /** Real milliseconds. */
  readonly wall: () => number;
  /** Called after each turn: views may have changed. */
  readonly turned: () => void;
}

/**
 * Runs a world in real time. Inputs wait in a queue and are let in between two instants, where they are recorded; so a
 * replay can do the same at the same instants.
 */
export class Driver {
  readonly #options: DriverOptions;
  readonly #queue: Input[] = [];
  readonly #realTime: RealTime;
  #steps = 0;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#realTime = new RealTime({
      clock: options.world.lab.clock,
      wall: options.wall,
      interrupted: () => this.#queue.length > 0,
    });
  }

  input(input: Input): void {
    this.#queue.push(input);
  }

  get factor(): number {
    return this.#realTime.factor;
  }
  set factor(factor: number) {
    this.#realTime.factor = factor;
  }

  /** While paused: one more instant at the next turn. */
  step(): void {
    this.#steps++;
  }

  /** True if something waits to be done at once. */
  get busy(): boolean {
    return this.#queue.length > 0;
  }

  async turn(): Promise<void> {
    const { world, log } = this.#options;
    const { clock } = world.lab;
    for (let input = this.#queue.shift(); input !== undefined; input = this.#queue.shift()) {
      log.record(clock.now, input);
      world.apply(input);
      await clock.advanceTo(clock.now);
    }
    for (; this.#steps > 0; this.#steps--) if (this.#realTime.paused) await this.#realTime.step();
    await this.#realTime.turn();
    this.#options.turned();
  }
}
