import type { OpenApiSchema } from '../schema-types';
import { withMeta } from '../schema-types';
import { unescape } from '../values';

/** What a declared type says about the size of its values: apiserver/pkg/cel DeclType. */
export interface Declared {
  /** Items, properties, or bytes of text: at most. */
  readonly maxElements: number;
  /** Bytes of JSON: at least. */
  readonly minSerializedSize: number;
  readonly element?: Declared;
  readonly key?: Declared;
  readonly field?: (name: string) => Declared | undefined;
}

const maxRequestSize = 3 * 1024 * 1024;
const scalar = (minSerializedSize: number, maxElements = 0): Declared => ({ maxElements, minSerializedSize });
const atLeastZero = (value: number): number => Math.max(0, value);

const known = new WeakMap<OpenApiSchema, Declared | 'none'>();

/** common.SchemaDeclType; undefined: expressions do not see it. */
export function declaredOf(schema: OpenApiSchema, root = false): Declared | undefined {
  if (root) return make(withMeta(schema));
  let made = known.get(schema);
  if (made === undefined) {
    const embedded = schema['x-kubernetes-embedded-resource'] === true;
    known.set(schema, (made = make(embedded ? withMeta(schema) : schema) ?? 'none'));
  }
  return made === 'none' ? undefined : made;
}

function make(schema: OpenApiSchema): Declared | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) return scalar(1, maxRequestSize - 2);
  switch (schema.type) {
    case 'array': {
      const element = schema.items === undefined ? undefined : declaredOf(schema.items);
      if (element === undefined) return undefined;
      const maxElements =
        schema.maxItems === undefined
          ? Math.floor((maxRequestSize - 2) / (element.minSerializedSize + 1))
          : atLeastZero(schema.maxItems);
      return { maxElements, minSerializedSize: 2, element };
    }
    case 'object':
      return typeof schema.additionalProperties === 'object'
        ? ofMap(schema.additionalProperties, schema.maxProperties)
        : ofObject(schema);
    case 'string':
      return ofText(schema);
    case 'boolean':
      return scalar(4);
    case 'number':
    case 'integer':
      return scalar(1);
    default:
      return undefined;
  }
}

function ofMap(values: OpenApiSchema, maxProperties: number | undefined): Declared | undefined {
  const element = declaredOf(values);
  if (element === undefined) return undefined;
  const maxElements =
    maxProperties === undefined
      ? Math.floor((maxRequestSize - 2) / (element.minSerializedSize + 6))
      : atLeastZero(maxProperties);
  return { maxElements, minSerializedSize: 2, element, key: scalar(2) };
}

function ofObject({ properties = {}, required = [] }: OpenApiSchema): Declared {
  let minSerializedSize = 2;
  for (const name of required) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const field = property === undefined ? undefined : declaredOf(property);
    // Those with defaults need not be sent.
    if (field !== undefined && property?.default === undefined)
      minSerializedSize += name.length + field.minSerializedSize + 4;
  }
  const field = (escaped: string): Declared | undefined => {
    const name = unescape(escaped);
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return property === undefined ? undefined : declaredOf(property);
  };
  return { maxElements: 0, minSerializedSize, field };
}

function ofText({ format, maxLength, enum: values = [] }: OpenApiSchema): Declared {
  const most = maxRequestSize - 2;
  switch (format) {
    case 'byte':
      return scalar(2, maxLength === undefined ? most : atLeastZero(maxLength));
    case 'duration':
      return scalar(3, 32);
    case 'date':
      return scalar(12, 12);
    case 'date-time':
      return scalar(21, 32);
    default:
      // A character may be four bytes.
      if (maxLength !== undefined) return scalar(2, atLeastZero(maxLength) * 4);
      if (values.length === 0) return scalar(2, most);
      return scalar(2, Math.max(0, ...values.map((each) => (typeof each === 'string' ? utf8Length(each) : 0))));
  }
}

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

/** How often values of a schema may stand in a request. */
export const maxCardinality = ({ minSerializedSize }: Declared): number =>
  Math.floor(maxRequestSize / (minSerializedSize + 1));
