import { compileRule } from '../../cel/index';
import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import type { JsonSchemaProps, ValidationRule } from './json-schema-props';
import { costText, expressionLimit, type TotalCost } from './rule-cost';

/** What has to be known of a schema with rules, besides itself. */
export interface RuleNode {
  readonly schema: JsonSchemaProps;
  readonly isRoot: boolean;
  /** The part of the schema around it whose old values cannot be told from its new ones. */
  readonly uncorrelatable: string | undefined;
  /** How often values of it may stand in an object; undefined: nobody says. */
  readonly cardinality: number | undefined;
  /** Expressions that were there before may cost what they like. */
  readonly anyCost: boolean;
  readonly total: TotalCost;
}

/** `%#v` of a rule. */
function goRule(rule: ValidationRule): GoText {
  const pointer = (type: string, value: unknown): string =>
    `(*${type})(${value === undefined ? 'nil' : '0xc000000000'})`;
  return new GoText(
    `apiextensions.ValidationRule{Rule:${goQuote(rule.rule)}, Message:${goQuote(rule.message ?? '')}, MessageExpression:${goQuote(rule.messageExpression ?? '')}, Reason:${pointer('apiextensions.FieldValueErrorReason', rule.reason)}, FieldPath:${goQuote(rule.fieldPath ?? '')}, OptionalOldSelf:${pointer('bool', rule.optionalOldSelf)}}`,
  );
}

/** The CEL part of ValidateCustomResourceDefinitionOpenAPISchema: every rule has to compile against its schema. */
export function validateRules(node: RuleNode, errors: FieldErrors): void {
  const { schema, isRoot, uncorrelatable, cardinality, total } = node;
  const { 'x-kubernetes-validations': rules = [] } = schema;
  const observe = (what: string, cost: number, at: FieldErrors): void => {
    if (!node.anyCost && cost > expressionLimit) at.forbidden(costText(what, cost, expressionLimit));
    total.observe(at.text, cost);
  };
  rules.forEach((rule, index) => {
    const at = errors.at('x-kubernetes-validations').index(index);
    const compiled = compileRule(rule.rule, celSchema(schema), {
      root: isRoot,
      ...(rule.optionalOldSelf === undefined ? {} : { optionalOldSelf: rule.optionalOldSelf }),
    });
    if (compiled.ok) {
      const { cost, cardinality: most } = compiled.value.estimate();
      observe('estimated rule cost', cost * (cardinality ?? most), at.at('rule'));
      const message = compileMessage(schema, rule, isRoot);
      if (message?.ok === false) at.at('messageExpression').invalid(goRule(rule), message.error);
      if (message?.ok === true)
        observe('estimated messageExpression cost', message.value.estimate().cost, at.at('messageExpression'));
    } else at.at('rule').invalid(goRule(rule), compiled.error);
    if (!compiled.ok || !compiled.value.usesOldSelf) {
      if (rule.optionalOldSelf !== undefined)
        at.at('optionalOldSelf').invalid(rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule');
    } else if (uncorrelatable !== undefined)
      at.at('rule').invalid(
        rule.rule,
        `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`,
      );
  });
}

/** A rule's messageExpression; undefined where it has none. */
export const compileMessage = (
  schema: JsonSchemaProps,
  { messageExpression = '', optionalOldSelf = false }: ValidationRule,
  root: boolean,
): ReturnType<typeof compileRule> | undefined =>
  messageExpression === ''
    ? undefined
    : compileRule(messageExpression, celSchema(schema), { root, optionalOldSelf, result: 'string' });

/** Structural schemas have what CEL needs under the same names. */
export const celSchema = (schema: JsonSchemaProps): Parameters<typeof compileRule>[1] =>
  schema as Parameters<typeof compileRule>[1];
