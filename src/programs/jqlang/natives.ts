import type { Code, Machine, Env, Next, Path, Step } from './machine';
import type { Json } from './values';

/** A function written in TypeScript: it gets its arguments as code. */
export type Native = (args: readonly Code[]) => Code;

/** What was computed has no path. */
export const computed = (path: Path): Path => (path === undefined ? undefined : 'invalid');

const nothing: Code = () => undefined;
export const arg = (args: readonly Code[], index: number): Code => args[index] ?? nothing;

/** One that looks at its input only. */
export const of0 =
  (f: (value: Json, machine: Machine) => Json): Native =>
  () =>
  (machine, _env, value, path, next) =>
    next(f(value, machine), computed(path));

/** One with an argument: its values one after the other. */
export const of1 =
  (f: (value: Json, first: Json, machine: Machine) => Json): Native =>
  (args) =>
  (machine, env, value, path, next) =>
    arg(args, 0)(machine, env, value, undefined, (first) => next(f(value, first, machine), computed(path)));

/** With two: the second varies slowest. */
export const of2 =
  (f: (value: Json, first: Json, second: Json) => Json): Native =>
  (args) =>
  (machine, env, value, path, next) =>
    arg(args, 1)(machine, env, value, undefined, (second) =>
      arg(args, 0)(machine, env, value, undefined, (first) => next(f(value, first, second), computed(path))),
    );

export const of3 =
  (f: (value: Json, first: Json, second: Json, third: Json) => Json): Native =>
  (args) =>
  (machine, env, value, path, next) =>
    arg(args, 2)(machine, env, value, undefined, (third) =>
      of2((_, first, second) => f(value, first, second, third))(args)(machine, env, value, path, next),
    );

/** All results of a piece of code, then on with them. */
export function collect(
  machine: Machine,
  code: Code,
  env: Env | undefined,
  value: Json,
  next: (results: readonly Json[]) => Step,
): Step {
  const results: Json[] = [];
  machine.later(() => next(results));
  return code(machine, env, value, undefined, (one) => {
    results.push(one);
    return undefined;
  });
}

/** All results for each of several values: what sort_by and its like compare. */
export function keysFor(
  machine: Machine,
  code: Code,
  env: Env | undefined,
  values: readonly Json[],
  next: (keys: readonly (readonly Json[])[]) => Step,
): Step {
  const keys: (readonly Json[])[] = [];
  const from = (at: number): Step => {
    const value = values[at];
    if (value === undefined) return next(keys);
    return collect(machine, code, env, value, (results) => {
      keys.push(results);
      return () => from(at + 1);
    });
  };
  return from(0);
}

/** Stops a piece of code after its first result. */
export function first(machine: Machine, code: Code, env: Env | undefined, value: Json, path: Path, next: Next): Step {
  const { depth } = machine;
  return code(machine, env, value, path, (one, at) => {
    machine.cut(depth);
    return next(one, at);
  });
}
