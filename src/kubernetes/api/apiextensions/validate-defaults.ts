import { equal } from '../../apimachinery/equal';
import type { FieldErrors } from '../../apimachinery/field-errors';
import type { JsonSchemaProps } from './json-schema-props';
import { itemSchema, property, sortedKeys } from './structural';
import { validateEmbedded } from './validate-parts';
import { validateValue } from './validate-value';
import { prune } from './values';

const metaFields: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion']);

/** defaulting.ValidateDefaults: every default has to be a value that its schema takes. */
export const validateDefaults = (schema: JsonSchemaProps, errors: FieldErrors): void =>
  walk(schema, errors, false, true);

function walk(schema: JsonSchemaProps, errors: FieldErrors, insideMeta: boolean, isRoot: boolean): void {
  const embedded = isRoot || schema['x-kubernetes-embedded-resource'] === true;
  const inside = insideMeta && !embedded;
  const { default: value } = schema;
  if (value !== undefined && value !== null) {
    const at = errors.at('default');
    const found = at.apart();
    if (!inside) {
      if (!equal(prune(value, schema, embedded), value)) at.invalid(value, 'must not have unknown fields');
      validateEmbedded(schema, value, found, embedded);
    }
    if (!found.any) validateValue(schema, value, found);
    at.take(found.causes);
  }
  const items = itemSchema(schema);
  if (items !== undefined) walk(items, errors.at('items'), inside, false);
  for (const key of sortedKeys(schema.properties)) {
    const sub = property(schema, key);
    if (sub !== undefined)
      walk(sub, errors.at('properties').key(key), inside || (embedded && metaFields.has(key)), false);
  }
}
