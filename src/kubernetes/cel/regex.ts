import type { Budget } from './budget';
import { CelError } from './values';
import { compileRegex, type Regex } from './re2';

export type { Regex };

const compiled = new Map<string, Regex>();
const mostKept = 500;

/** A pattern of RE2, kept for the next time. */
export function regexOf(pattern: string): Regex {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = compileRegex(pattern);
  if (!made.ok) throw new CelError(`error parsing regexp: ${made.error}`);
  if (compiled.size >= mostKept) compiled.clear();
  compiled.set(pattern, made.value);
  return made.value;
}

/** string.matches: anywhere in the text. */
export function matches(pattern: string, text: string, budget: Budget): boolean {
  budget.charge(regexCost(pattern, text));
  return regexOf(pattern).find(text, 0) !== undefined;
}

/** Upstream's cost of regular expressions: text and pattern multiply. */
export const regexCost = (pattern: string, text: string): number =>
  Math.ceil((1 + text.length) / 10) * Math.max(1, Math.ceil(pattern.length / 4));
