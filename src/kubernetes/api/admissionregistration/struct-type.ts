import type { Schema } from '../../apimachinery/schema';
import { celTypes } from '../../cel/index';

const { bool, bytes, double, dyn, int, listOf, mapOf, string, timestamp } = celTypes;

const known = new WeakMap<Schema, celTypes.CelType>();

/** What expressions see of a Go type: common.SchemaDeclType of its OpenAPI schema. */
export function typeOfStruct(schema: Schema): celTypes.CelType {
  let type = known.get(schema);
  if (type === undefined) known.set(schema, (type = make(schema)));
  return type;
}

function make(schema: Schema): celTypes.CelType {
  switch (schema.type) {
    case 'string':
    case 'quantity':
      return string;
    case 'int':
      return int;
    case 'float':
      return double;
    case 'bool':
      return bool;
    case 'bytes':
      return bytes;
    case 'time':
    case 'microTime':
      return timestamp;
    case 'list':
      return listOf(typeOfStruct(schema.of));
    case 'map':
      return mapOf(string, typeOfStruct(schema.of));
    case 'struct':
      return {
        kind: 'object',
        name: schema.name,
        field: (name) => {
          const field = Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined;
          return field === undefined ? undefined : typeOfStruct(field.schema);
        },
      };
    default:
      return dyn;
  }
}
