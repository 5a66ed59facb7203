import type { Expr } from './ast';
import { CelProblem } from './problems';
import { regexOf } from './regex';
import { CelError, parseDuration, parseTimestamp } from './values';

/** Which literals a function can read. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  duration: parseDuration,
  timestamp: parseTimestamp,
  matches: regexOf,
};

/** ASTValidators: literals of durations, times and regular expressions that are none. */
export function literalProblems(root: Expr): readonly CelProblem[] {
  const found: Record<string, CelProblem[]> = { duration: [], timestamp: [], matches: [] };
  const visit = (expr: Expr): void => {
    for (const each of parts(expr)) visit(each);
    if (expr.op !== 'call' || !Object.hasOwn(readers, expr.fn)) return;
    const literal = expr.args.at(-1);
    if (literal?.op !== 'const' || typeof literal.value !== 'string') return;
    try {
      readers[expr.fn]?.(literal.value);
    } catch (thrown) {
      if (!(thrown instanceof CelError)) throw thrown;
      found[expr.fn]?.push(new CelProblem(literal.at, `invalid ${expr.fn} argument`));
    }
  };
  visit(root);
  return Object.values(found).flat();
}

/** Patterns of `find`, which the program is made with; what is wrong with the first bad one. */
export function patternProblem(expr: Expr): string | undefined {
  for (const each of parts(expr)) {
    const problem = patternProblem(each);
    if (problem !== undefined) return problem;
  }
  if (expr.op !== 'call' || (expr.fn !== 'find' && expr.fn !== 'findAll')) return undefined;
  const [pattern] = expr.args;
  if (pattern?.op !== 'const' || typeof pattern.value !== 'string') return undefined;
  try {
    regexOf(pattern.value);
  } catch (thrown) {
    if (thrown instanceof CelError) return thrown.message;
    throw thrown;
  }
  return undefined;
}

function parts(expr: Expr): readonly Expr[] {
  switch (expr.op) {
    case 'const':
    case 'ident':
      return [];
    case 'select':
      return [expr.of];
    case 'list':
      return expr.items;
    case 'map':
      return expr.entries.flat();
    case 'object':
      return expr.fields.map(([, value]) => value);
    case 'call':
      return expr.target === undefined ? expr.args : [expr.target, ...expr.args];
    case 'loop':
      return expr.where === undefined ? [expr.range, expr.body] : [expr.range, expr.where, expr.body];
    case 'optional':
      return [expr.of, expr.body];
  }
}
