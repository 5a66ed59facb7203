import type { Expr } from './ast';
import { Budget } from './budget';
import type { Overload } from './functions';
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

const conversions: ReadonlySet<string> = new Set('bool bytes double duration int string timestamp uint'.split(' '));

/** What is computed when the program is made: patterns of `find`, conversions of literals. The first that cannot be. */
export function constantProblem(expr: Expr, overloads: ReadonlyMap<Expr, readonly Overload[]>): string | undefined {
  for (const each of parts(expr)) {
    const problem = constantProblem(each, overloads);
    if (problem !== undefined) return problem;
  }
  if (expr.op !== 'call') return undefined;
  const literal = expr.args[0];
  if (literal?.op !== 'const') return undefined;
  try {
    if (expr.fn === 'find' || expr.fn === 'findAll') {
      if (typeof literal.value === 'string') regexOf(literal.value);
    } else if (conversions.has(expr.fn) && expr.target === undefined && expr.args.length === 1)
      overloads.get(expr)?.[0]?.run([literal.value], new Budget());
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
