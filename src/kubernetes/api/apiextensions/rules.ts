import { compileRule } from '../../cel/index';
import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import type { JsonSchemaProps, ValidationRule } from './json-schema-props';

/** What has to be known of a schema with rules, besides itself. */
export interface RuleNode {
  readonly schema: JsonSchemaProps;
  readonly isRoot: boolean;
  /** The part of the schema around it whose old values cannot be told from its new ones. */
  readonly uncorrelatable: string | undefined;
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
export function validateRules({ schema, isRoot, uncorrelatable }: RuleNode, errors: FieldErrors): void {
  const { 'x-kubernetes-validations': rules = [] } = schema;
  rules.forEach((rule, index) => {
    const at = errors.at('x-kubernetes-validations').index(index);
    const compiled = compileRule(rule.rule, celSchema(schema), {
      root: isRoot,
      ...(rule.optionalOldSelf === undefined ? {} : { optionalOldSelf: rule.optionalOldSelf }),
    });
    const message = compileMessage(schema, rule, isRoot);
    if (message !== undefined && !message.ok) at.at('messageExpression').invalid(goRule(rule), message.error);
    if (!compiled.ok) return at.at('rule').invalid(goRule(rule), compiled.error);
    if (!compiled.value.usesOldSelf) {
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
