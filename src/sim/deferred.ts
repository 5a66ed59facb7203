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

/** Makes a deferred; `woke` is called whenever it settles. Use `clock.deferred()`. */
export function makeDeferred<T>(woke: () => void): Deferred<T> {
  let resolvePromise: (value: T) => void = () => undefined;
  let rejectPromise: (reason: unknown) => void = () => undefined;
  let settled = false;
  const promise = new Promise<T>((resolve, reject) => {
    resolvePromise = resolve;
    rejectPromise = reject;
  });
  return {
    promise,
    get settled() {
      return settled;
    },
    resolve(value) {
      if (settled) return;
      settled = true;
      woke();
      resolvePromise(value);
    },
    reject(reason) {
      if (settled) return;
      settled = true;
      woke();
      rejectPromise(reason);
    },
  };
}
