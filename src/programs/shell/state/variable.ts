import type { Value } from './values';

/** Attributes of a variable (declare(1)). */
export const Flag = {
  exported: 1,
  readonly: 2,
  integer: 4,
  lower: 8,
  upper: 16,
  nameref: 32,
  /** Its value is made when somebody looks: RANDOM, SECONDS, LINENO … */
  dynamic: 64,
  capitalize: 128,
} as const;

/** A variable. Replaced, never changed, but for arrays, whose owner may change them in place. */
export interface Variable {
  readonly value: Value;
  readonly flags: number;
}

/** What variables need of the shell around them. */
export interface VariableHooks {
  arithmetic(expression: string): string;
  dynamic(name: string): Value;
  /** The key that the text of a subscript means. */
  key(name: string, subscript: string): string;
  assigned(name: string, value: string): void;
  /** A message that stops nothing. */
  complain(message: string): void;
}

/** A value as attributes want it. `before` is there for `+=`. */
export function convert(
  flags: number,
  before: string | undefined,
  value: string,
  hooks: VariableHooks | undefined,
): string {
  if ((flags & Flag.integer) !== 0) {
    const expression = before === undefined ? value : `${before === '' ? '0' : before}+(${value})`;
    return hooks?.arithmetic(expression) ?? value;
  }
  const text = before === undefined ? value : before + value;
  if ((flags & Flag.lower) !== 0) return text.toLowerCase();
  if ((flags & Flag.upper) !== 0) return text.toUpperCase();
  if ((flags & Flag.capitalize) !== 0) return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
  return text;
}
