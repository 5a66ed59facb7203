/**
 * A promise with its handle outside. All raw promises below the page are made here (a lint rule holds it), because
 * resolving one wakes a program, and the clock must know that something woke before it moves on.
 */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly settled: boolean;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

class Settler<T> implements Deferred<T> {
  readonly promise: Promise<T>;
  settled = false;
  readonly #woke: () => void;
  #resolve: ((value: T) => void) | undefined;
  #reject: ((reason: unknown) => void) | undefined;

  constructor(woke: () => void) {
    this.#woke = woke;
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  resolve(value: T): void {
    if (this.settled) return;
    this.settled = true;
    this.#woke();
    this.#resolve?.(value);
  }

  reject(reason: unknown): void {
    if (this.settled) return;
    this.settled = true;
    this.#woke();
    this.#reject?.(reason);
  }
}

/** Makes a deferred; `woke` is called whenever it settles. Use `clock.deferred()`. */
export const makeDeferred = <T>(woke: () => void): Deferred<T> => new Settler<T>(woke);
