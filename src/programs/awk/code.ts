/** Most of an awk program never waits; only what reads, writes or loops may. */
export type Maybe<T> = T | Promise<T>;

/** A compiled piece of program. Where `waits` is false, `run` never gives a promise. */
export interface Code<T> {
  readonly waits: boolean;
  readonly run: () => Maybe<T>;
}

export const constant = <T>(value: T): Code<T> => ({ waits: false, run: () => value });

/** What cannot wait, by its function. */
export const pure = <T>(run: () => T): Code<T> => ({ waits: false, run });

/** What may wait. */
export const waiting = <T>(run: () => Maybe<T>): Code<T> => ({ waits: true, run });

export const chain = <A, B>(value: Maybe<A>, next: (value: A) => Maybe<B>): Maybe<B> =>
  value instanceof Promise ? value.then(next) : next(value);

/** `map` with a function that never waits. */
export function map<A, B>(code: Code<A>, f: (value: A) => B): Code<B> {
  if (code.waits) return waiting(() => chain(code.run(), f));
  const run = code.run as () => A;
  return pure(() => f(run()));
}

export function map2<A, B, C>(left: Code<A>, right: Code<B>, f: (left: A, right: B) => C): Code<C> {
  if (left.waits || right.waits) return waiting(() => chain(left.run(), (a) => chain(right.run(), (b) => f(a, b))));
  const [first, second] = [left.run as () => A, right.run as () => B];
  return pure(() => f(first(), second()));
}

/** Several, one after the other. */
export function all<T>(codes: readonly Code<T>[]): Code<T[]> {
  if (codes.some(({ waits }) => waits)) {
    const from = (index: number, values: T[]): Maybe<T[]> => {
      for (let at = index; at < codes.length; at++) {
        const value = codes[at]?.run() as Maybe<T>;
        if (value instanceof Promise) {
          return value.then((settled) => from(at + 1, [...values, settled]));
        }
        values.push(value);
      }
      return values;
    };
    return waiting(() => from(0, []));
  }
  const runs = codes.map(({ run }) => run as () => T);
  return pure(() => runs.map((run) => run()));
}
