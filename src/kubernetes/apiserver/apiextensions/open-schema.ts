import { objectMeta } from '../../api/meta/schema';
import type { JsonSchemaProps } from '../../api/apiextensions/json-schema-props';
import { additionalSchema, itemSchema } from '../../api/apiextensions/structural';
import {
  any,
  bool,
  float64,
  int64,
  intOrString,
  list,
  map,
  ptr,
  str,
  type Field,
  type Schema,
  type StructSchema,
} from '../../apimachinery/schema';

/** A structural schema as the tables that server-side apply and field ownership go by. */
export function objectSchema(schema: JsonSchemaProps | undefined, kind: string): StructSchema {
  const made = schema === undefined ? undefined : tableOf({ ...schema, type: 'object' }, kind);
  const fields: Record<string, Field> = made?.type === 'struct' ? { ...made.fields } : Object.create(null);
  return {
    type: 'struct',
    name: kind,
    go: kind,
    fields: { ...fields, apiVersion: ptr(str), kind: ptr(str), metadata: ptr(objectMeta) },
    ...openness(schema),
  };
}

/** The defaults of these properties. */
function defaultsOf(schema: JsonSchemaProps | undefined, keys: readonly string[]): Record<string, unknown> {
  const found = Object.create(null) as Record<string, unknown>;
  for (const key of keys) {
    const value = schema?.properties?.[key]?.default;
    if (value !== undefined) found[key] = value;
  }
  return found;
}

/** Whether what it does not name may stand there. */
const openness = (schema: JsonSchemaProps | undefined): { readonly open?: true } =>
  schema?.['x-kubernetes-preserve-unknown-fields'] === true ? { open: true } : {};

function tableOf(schema: JsonSchemaProps, name: string): Schema {
  if (schema['x-kubernetes-int-or-string'] === true) return intOrString;
  switch (schema.type) {
    case 'object': {
      const { properties } = schema;
      if (properties === undefined) {
        const values = additionalSchema(schema);
        return values === undefined ? map(any) : map(tableOf(values, name));
      }
      const fields = Object.create(null) as Record<string, Field>;
      for (const [key, sub] of Object.entries(properties)) fields[key] = ptr(tableOf(sub, `${name}.${key}`));
      if (schema['x-kubernetes-embedded-resource'] === true)
        Object.assign(fields, { apiVersion: ptr(str), kind: ptr(str), metadata: ptr(objectMeta) });
      const atomic = schema['x-kubernetes-map-type'] === 'atomic';
      return { type: 'struct', name, go: name, fields, ...(atomic ? { atomic } : {}), ...openness(schema) };
    }
    case 'array': {
      const items = itemSchema(schema);
      const of = list(items === undefined ? any : tableOf(items, name));
      const keys = schema['x-kubernetes-list-map-keys'];
      if (schema['x-kubernetes-list-type'] === 'map' && keys !== undefined)
        return { ...of, keys, keyDefaults: defaultsOf(items, keys) };
      return schema['x-kubernetes-list-type'] === 'set' ? { ...of, set: true } : of;
    }
    case 'string':
      return str;
    case 'integer':
      return int64;
    case 'number':
      return float64;
    case 'boolean':
      return bool;
    default:
      return any;
  }
}
