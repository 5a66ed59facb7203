import { bool, bytes, double, duration, dyn, int, listOf, mapOf, string, timestamp, type CelType } from './types';
import { unescape } from './values';

/** What of an OpenAPI v3 schema says about types. */
export interface OpenApiSchema {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly items?: OpenApiSchema;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
}

const meta: OpenApiSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, generateName: { type: 'string' } },
};

const known = new WeakMap<OpenApiSchema, CelType>();

/** common.SchemaDeclType: `root` adds what every object has (apiVersion, kind, metadata.name). */
export function typeOfSchema(schema: OpenApiSchema, root = false): CelType {
  if (root || schema['x-kubernetes-embedded-resource'] === true) return typeOfSchema(withMeta(schema));
  let type = known.get(schema);
  if (type === undefined) known.set(schema, (type = make(schema)));
  return type;
}

/** WithTypeAndObjectMeta. */
export const withMeta = (schema: OpenApiSchema): OpenApiSchema => ({
  ...schema,
  'x-kubernetes-embedded-resource': false,
  type: 'object',
  properties: { ...schema.properties, apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: meta },
});

function make(schema: OpenApiSchema): CelType {
  if (schema['x-kubernetes-int-or-string'] === true) return dyn;
  switch (schema.type) {
    case 'array':
      return listOf(schema.items === undefined ? dyn : typeOfSchema(schema.items));
    case 'object': {
      const { additionalProperties: more, properties } = schema;
      if (typeof more === 'object') return mapOf(string, typeOfSchema(more));
      if (schema['x-kubernetes-preserve-unknown-fields'] === true && properties === undefined) return dyn;
      if (properties === undefined && more === true) return mapOf(string, dyn);
      return {
        kind: 'object',
        name: 'object',
        field: (name) => {
          const own = (key: string): OpenApiSchema | undefined =>
            properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
          const found = own(unescape(name));
          return found === undefined ? undefined : typeOfSchema(found);
        },
      };
    }
    case 'string':
      if (schema.format === 'byte') return bytes;
      if (schema.format === 'duration') return duration;
      return schema.format === 'date' || schema.format === 'date-time' ? timestamp : string;
    case 'boolean':
      return bool;
    case 'number':
      return double;
    case 'integer':
      return int;
    default:
      return dyn;
  }
}
