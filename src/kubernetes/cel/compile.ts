import { err, ok, type Result } from '../../sim/result';
import { parse } from './ast';
import { Budget } from './budget';
import { check } from './check';
import { declaredOf, maxCardinality, type Declared } from './cost/declared';
import { estimate } from './cost/estimate';
import { evaluate, type Activation } from './evaluate';
import { Functions } from './functions';
import { libraries, mutationLibraries } from './library/index';
import { constantProblem, literalProblems } from './literals';
import { withoutLiterals } from './objects';
import { renderProblems } from './problems';
import { typeOfSchema, type OpenApiSchema } from './schema-types';
import { dyn, optionalOf, typeText, type CelType } from './types';
import { CelError, fromJson, none, Optional, type Value } from './values';

/** An expression that was found good. */
export interface Program {
  /** What it gives. */
  readonly type: CelType;
  /** Why it cannot be run, though its types are good. */
  readonly unusable: string | undefined;
  /** Its value, or what went wrong. */
  run(variables: Activation, budget: Budget): Result<Value, string>;
  /** What it costs at most, where `self` is so declared. */
  maxCost(self: Declared): number;
}

const functions = new Functions(libraries);
const mutating = new Functions([...libraries, ...mutationLibraries]);

/**
 * Checks an expression against the variables there are; the error is cel-go's text, without `compilation failed: `.
 * `literals`: it may make objects (`Object.spec{replicas: 3}`).
 */
export function compile(
  source: string,
  variables: ReadonlyMap<string, CelType>,
  literals = false,
): Result<Program, string> {
  const parsed = parse(literals ? withoutLiterals(source) : source);
  if (!parsed.ok) return parsed;
  const checked = check(parsed.value, variables, literals ? mutating : functions);
  const problems = checked.problems.length > 0 ? checked.problems : literalProblems(parsed.value);
  if (problems.length > 0) return err(renderProblems(source, problems));
  return ok({
    type: checked.type,
    unusable: constantProblem(parsed.value, checked.overloads),
    run: (activation, budget) => {
      try {
        return ok(evaluate(parsed.value, checked, activation, budget));
      } catch (thrown) {
        if (thrown instanceof CelError) return err(thrown.message);
        if (thrown instanceof RangeError) return err('operation cancelled: actual cost limit exceeded');
        throw thrown;
      }
    },
    maxCost: (self) => estimate(parsed.value, checked, self).max,
  });
}

/** A rule of x-kubernetes-validations. */
export interface Rule {
  /** Whether it speaks of oldSelf: then it only holds for updates. */
  readonly usesOldSelf: boolean;
  /** `undefined` for what a schema asks; else why not: `false`, or the error of the evaluation. */
  evaluate(self: unknown, oldSelf: unknown, budget?: Budget): { readonly holds: boolean; readonly error?: string };
  /** The text that a messageExpression gives; undefined where it fails. */
  text(self: unknown, oldSelf: unknown, budget?: Budget): string | undefined;
  /** What one evaluation costs at most, and how many there may be in a request. */
  estimate(): { readonly cost: number; readonly cardinality: number };
}

export interface RuleOptions {
  /** The schema is that of a whole object (or an embedded one). */
  readonly root?: boolean;
  /** optionalOldSelf: oldSelf is an optional. */
  readonly optionalOldSelf?: boolean;
  /** `bool` for rules, `string` for messageExpressions. */
  readonly result?: 'bool' | 'string';
}

/** Compiles a rule for values of a schema. The error is what upstream writes after `Invalid value: …: `. */
export function compileRule(
  source: string,
  schema: OpenApiSchema,
  { root = false, optionalOldSelf = false, result: wanted = 'bool' }: RuleOptions = {},
): Result<Rule, string> {
  const type = typeOfSchema(schema, root);
  const compiled = compile(
    source,
    new Map([
      ['self', type],
      ['oldSelf', optionalOldSelf ? optionalOf(type) : type],
    ]),
  );
  const isText = wanted === 'string';
  if (!compiled.ok) return err(`${isText ? 'messageExpression ' : ''}compilation failed: ${compiled.error}`);
  const program = compiled.value;
  if (typeText(program.type) !== wanted && program.type !== dyn)
    return err(isText ? 'messageExpression must evaluate to a string' : 'cel expression must evaluate to a bool');
  if (program.unusable !== undefined)
    return err(`${isText ? 'messageExpression' : 'program'} instantiation failed: ${program.unusable}`);
  const valuesOf =
    (self: unknown, oldSelf: unknown): Activation =>
    (name) => {
      if (name === 'self') return fromJson(self, type);
      if (name !== 'oldSelf') return undefined;
      if (!optionalOldSelf) return fromJson(oldSelf, type);
      return oldSelf === undefined ? none : new Optional(fromJson(oldSelf, type));
    };
  return ok({
    usesOldSelf: /\boldSelf\b/.test(source),
    evaluate: (self, oldSelf, budget = new Budget()) => {
      const result = program.run(valuesOf(self, oldSelf), budget);
      if (!result.ok) return { holds: false, error: result.error };
      return { holds: result.value === true };
    },
    text: (self, oldSelf, budget = new Budget()) => {
      const result = program.run(valuesOf(self, oldSelf), budget);
      return result.ok && typeof result.value === 'string' ? result.value : undefined;
    },
    estimate: () => {
      const declared = declaredOf(schema, root);
      if (declared === undefined) return { cost: 0, cardinality: 0 };
      return { cost: program.maxCost(declared), cardinality: maxCardinality(declared) };
    },
  });
}
