import { compileFor, declarations, type Declarations } from '../../../api/admissionregistration/expressions';
import type { MatchCondition } from '../../../api/admissionregistration/rules';
import type { ValidatingAdmissionPolicySpec } from '../../../api/admissionregistration/validatingadmissionpolicy';
import { CelError, celTypes, LazyObject, type Budget, type Program, type Value } from '../../../cel/index';
import { err, ok, type Result } from '../../../../sim/result';

/** An expression that is ready, or why it is not. */
export interface Compiled {
  readonly source: string;
  readonly program: Result<Program, string>;
}

export interface CompiledPolicy {
  readonly conditions: readonly (Compiled & { readonly name: string })[];
  readonly variables: ReadonlyMap<string, Compiled>;
  readonly validations: readonly { readonly check: Compiled; readonly message: Compiled | undefined }[];
  readonly annotations: readonly (Compiled & { readonly key: string })[];
}

const known = new WeakMap<ValidatingAdmissionPolicySpec, CompiledPolicy>();

/** A policy's expressions, compiled when they are first needed. */
export function compiledPolicy(spec: ValidatingAdmissionPolicySpec): CompiledPolicy {
  let policy = known.get(spec);
  if (policy === undefined) known.set(spec, (policy = compilePolicy(spec)));
  return policy;
}

/** `object`: the type of the objects, where expressions are checked against one. */
export function compilePolicy(spec: ValidatingAdmissionPolicySpec, object?: celTypes.CelType): CompiledPolicy {
  const params = spec.paramKind !== undefined;
  const base: Declarations = { params, ...(object === undefined ? {} : { object }) };
  const variables = new Map<string, Compiled>();
  const types = new Map<string, celTypes.CelType>();
  for (const { name, expression } of spec.variables ?? []) {
    const program = compileFor(expression, declarations({ ...base, authorizer: true, variables: types }), []);
    variables.set(name, { source: expression, program });
    types.set(name, program.ok ? program.value.type : celTypes.dyn);
  }
  const declared: Declarations = variables.size === 0 ? base : { ...base, variables: types };
  const ready = (source: string, authorizer: boolean): Compiled => ({
    source,
    program: compileFor(source, declarations({ ...declared, authorizer }), []),
  });
  return {
    conditions: compileConditions(spec.matchConditions ?? [], base),
    variables,
    validations: (spec.validations ?? []).map(({ expression, messageExpression = '' }) => ({
      check: ready(expression, true),
      message: messageExpression.trim() === '' ? undefined : ready(messageExpression, false),
    })),
    annotations: (spec.auditAnnotations ?? []).map(({ key, valueExpression }) => ({
      key,
      ...ready(valueExpression.trim(), true),
    })),
  };
}

export const compileConditions = (
  conditions: readonly MatchCondition[],
  base: Declarations = {},
): CompiledPolicy['conditions'] =>
  conditions.map(({ name, expression }) => ({
    name,
    source: expression,
    program: compileFor(expression.trim(), declarations({ ...base, authorizer: true }), ['bool']),
  }));

type Lookup = (name: string) => Value | undefined;

export const outOfBudget =
  'validation failed due to running out of cost budget, no further validation rules will be run';

/** A value, or the words of condition.ForInput. */
export function evaluate({ source, program }: Compiled, values: Lookup, budget: Budget): Result<Value, string> {
  if (!program.ok) return err(`compilation error: ${program.error}`);
  if (budget.exhausted) return err(outOfBudget);
  const result = program.value.run(values, budget.call());
  if (budget.exhausted) return err(outOfBudget);
  return result.ok ? ok(result.value) : err(`expression '${source}' resulted in error: ${result.error}`);
}

/** The value of `variables`: each is computed once, when something asks for it. */
export function variablesObject(variables: CompiledPolicy['variables'], values: Lookup, budget: Budget): Value {
  const object: LazyObject = new LazyObject([...variables.keys()], (name) => {
    const compiled = variables.get(name);
    const failed = (why: string): CelError => new CelError(`composited variable "${name}" fails to evaluate: ${why}`);
    if (compiled?.program.ok !== true)
      throw failed(`composited variable "${name}" fails to compile: ${compiled?.program.error ?? ''}`);
    const inner: Lookup = (each) => (each === 'variables' ? object : values(each));
    const result = compiled.program.value.run(inner, budget.call());
    if (!result.ok) throw failed(result.error);
    return result.value;
  });
  return object;
}

/** matchconditions.Matcher: false decides over errors; true only where all are. */
export function conditionsHold(
  conditions: CompiledPolicy['conditions'],
  values: Lookup,
  budget: Budget,
): Result<boolean, string> {
  const errors: string[] = [];
  for (const condition of conditions) {
    const result = evaluate(condition, values, budget);
    if (!result.ok) errors.push(result.error);
    else if (result.value === false) return ok(false);
  }
  if (errors.length === 0) return ok(true);
  return err(errors.length === 1 ? (errors[0] ?? '') : `[${errors.join(', ')}]`);
}
