import type { JsonSchemaProps, ValidationRule } from '../../api/apiextensions/json-schema-props';
import { celSchema, compileMessage } from '../../api/apiextensions/rules';
import { additionalSchema, itemSchema, property } from '../../api/apiextensions/structural';
import { validateEmbedded, validateListTypes } from '../../api/apiextensions/validate-parts';
import { validateValue } from '../../api/apiextensions/validate-value';
import { isMembers } from '../../api/apiextensions/values';
import type { FieldErrors } from '../../apimachinery/field-errors';
import { Budget, compileRule, runtimeBudget, type Rule } from '../../cel/index';

const blocking: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** customResourceStrategy.Validate and ValidateUpdate, without metadata and scale. */
export function validateCustom(
  schema: JsonSchemaProps,
  object: unknown,
  old: unknown,
  errors: FieldErrors,
  part?: 'status',
): void {
  const found = errors.apart();
  if (part === undefined) validateValue(schema, object, found);
  else {
    const sub = property(schema, part);
    if (sub !== undefined && isMembers(object) && object[part] !== undefined)
      validateValue(sub, object[part], found.at(part));
  }
  validateEmbedded(schema, object, found);
  const before = found.apart();
  if (old !== undefined) validateListTypes(schema, old, before);
  if (!before.any) validateListTypes(schema, object, found);
  // Ratcheting: what was wrong already and did not change is let be.
  if (old !== undefined) {
    const known = found.apart();
    validateValue(schema, old, known);
    const had = new Set(known.causes.map(({ field, message }) => `${field}\u0000${message}`));
    errors.take(found.causes.filter(({ field, message }) => !had.has(`${field}\u0000${message}`)));
  } else errors.take(found.causes);
  if (!hasRules(schema)) return;
  if (found.causes.some(({ reason }) => blocking.has(reason ?? '')))
    errors.take([
      {
        reason: 'FieldValueInvalid',
        message:
          'Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
        field: '<nil>',
      },
    ]);
  else evaluate(schema, object, old, errors, true, new Budget(runtimeBudget));
}

const withRules = new WeakMap<JsonSchemaProps, boolean>();

/** Whether there are rules in it or below. */
function hasRules(schema: JsonSchemaProps): boolean {
  let known = withRules.get(schema);
  if (known === undefined) {
    const below = [itemSchema(schema), additionalSchema(schema), ...Object.values(schema.properties ?? {})];
    known =
      (schema['x-kubernetes-validations'] ?? []).length > 0 ||
      below.some((each) => each !== undefined && hasRules(each));
    withRules.set(schema, known);
  }
  return known;
}

/** cel.Validator: the rules of a schema, then of what is in the value. `old` undefined: nothing to compare with. */
function evaluate(
  schema: JsonSchemaProps,
  value: unknown,
  old: unknown,
  errors: FieldErrors,
  isRoot: boolean,
  budget: Budget,
): void {
  if (value === null || value === undefined || !hasRules(schema)) return;
  for (const rule of schema['x-kubernetes-validations'] ?? [])
    runRule(schema, rule, value, old, errors, isRoot, budget);
  if (Array.isArray(value)) {
    const items = itemSchema(schema);
    if (items === undefined) return;
    const keys = schema['x-kubernetes-list-type'] === 'map' ? schema['x-kubernetes-list-map-keys'] : undefined;
    const keyOf = (item: unknown): string =>
      JSON.stringify((keys ?? []).map((key) => (isMembers(item) ? item[key] : undefined)));
    const before = new Map<string, unknown>();
    if (keys !== undefined && Array.isArray(old))
      for (const item of old as readonly unknown[]) before.set(keyOf(item), item);
    (value as readonly unknown[]).forEach((item, index) =>
      evaluate(
        items,
        item,
        keys === undefined ? undefined : before.get(keyOf(item)),
        errors.index(index),
        false,
        budget,
      ),
    );
    return;
  }
  if (!isMembers(value)) return;
  const additional = additionalSchema(schema);
  for (const key of Object.keys(value)) {
    const sub = property(schema, key);
    const was = isMembers(old) && Object.hasOwn(old, key) ? old[key] : undefined;
    if (sub !== undefined) evaluate(sub, value[key], was, errors.at(key), false, budget);
    else if (additional !== undefined) evaluate(additional, value[key], was, errors.key(key), false, budget);
  }
}

const messages = new WeakMap<ValidationRule, Rule | 'none'>();
const longestMessage = 5 * 1024;

/** evalMessageExpression: what it gives, where that is a good message. */
function expressedMessage(
  schema: JsonSchemaProps,
  rule: ValidationRule,
  isRoot: boolean,
  evaluated: (program: Rule) => string | undefined,
): string | undefined {
  let program = messages.get(rule);
  if (program === undefined) {
    const made = compileMessage(schema, rule, isRoot);
    messages.set(rule, (program = made?.ok === true ? made.value : 'none'));
  }
  if (program === 'none') return undefined;
  const text = evaluated(program)?.trim() ?? '';
  return text === '' || text.length > longestMessage || text.includes('\n') ? undefined : text;
}

const compiled = new WeakMap<ValidationRule, Rule | string>();

function compiledRule(schema: JsonSchemaProps, rule: ValidationRule, isRoot: boolean): Rule | string {
  let known = compiled.get(rule);
  if (known === undefined) {
    const made = compileRule(rule.rule, celSchema(schema), {
      root: isRoot,
      ...(rule.optionalOldSelf === undefined ? {} : { optionalOldSelf: rule.optionalOldSelf }),
    });
    known = made.ok ? made.value : made.error;
    compiled.set(rule, known);
  }
  return known;
}

function runRule(
  schema: JsonSchemaProps,
  rule: ValidationRule,
  value: unknown,
  old: unknown,
  errors: FieldErrors,
  isRoot: boolean,
  budget: Budget,
): void {
  const program = compiledRule(schema, rule, isRoot);
  // Rules tell the type instead of the value.
  const type = schema.type ?? '';
  if (typeof program === 'string') return errors.invalid(type, `rule compile error: ${program}`);
  // Transition rules hold for updates only.
  if (program.usesOldSelf && old === undefined && rule.optionalOldSelf !== true) return;
  const { holds, error } = program.evaluate(value, old, budget.call());
  if (holds) return;
  const at = (rule.fieldPath ?? '') === '' ? errors : errors.at((rule.fieldPath ?? '').replace(/^\./, ''));
  const told = (rule.message ?? '').trim();
  const text = told === '' ? rule.rule.trim() : told;
  if (error !== undefined) return errors.invalid(type, evaluationError(error, text));
  const expressed = expressedMessage(schema, rule, isRoot, (each) => each.text(value, old, budget.call()));
  const detail = expressed ?? (told === '' ? `failed rule: ${text}` : told);
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return at.forbidden(detail);
    case 'FieldValueRequired':
      return at.required(detail);
    case 'FieldValueDuplicate':
      return at.duplicate(type);
    default:
      return at.invalid(type, detail);
  }
}

function evaluationError(error: string, rule: string): string {
  if (error.startsWith('no such overload'))
    return `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${rule}`;
  if (error.startsWith('operation cancelled'))
    return `'${error}': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`;
  return `${error} evaluating rule: ${rule}`;
}
