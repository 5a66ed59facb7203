import { bytesField, doubleField, message, textField, varintField } from './wire';

type Json = Readonly<Record<string, unknown>>;
type Part = Uint8Array;

/**
 * What typed clients ask for: gnostic's `openapi.v2.Document` (gnostic-models openapiv2/OpenAPIv2.proto). They write the
 * type in a way that is none, and get it in one that is (kube-openapi pkg/handler/handler.go).
 */
export const openapiV2Types = {
  asked: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
  answered: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
} as const;

/**
 * An OpenAPI v2 document as that message. Paths are left out: of an old server clients look there for what it can do,
 * of ours they look in v3.
 */
export function encodeOpenapiV2(document: Json): Uint8Array {
  const info = object(document['info']);
  return message(
    textField(1, text(document['swagger'])),
    bytesField(2, message(textField(1, text(info['title'])), textField(2, text(info['version'])))),
    bytesField(8, message()),
    bytesField(9, namedSchemas(object(document['definitions']))),
  );
}

/** Members of a Schema that are texts, numbers and lists of schemas, by field number. */
const texts = [
  ['$ref', 1],
  ['format', 2],
  ['title', 3],
  ['description', 4],
  ['pattern', 13],
] as const;
const doubles = [
  ['multipleOf', 6],
  ['maximum', 7],
  ['minimum', 9],
] as const;
const flags = [
  ['exclusiveMaximum', 8],
  ['exclusiveMinimum', 10],
  ['uniqueItems', 16],
  ['readOnly', 27],
] as const;
const integers = [
  ['maxLength', 11],
  ['minLength', 12],
  ['maxItems', 14],
  ['minItems', 15],
  ['maxProperties', 17],
  ['minProperties', 18],
] as const;

function schema(value: Json): Part {
  const parts: Part[] = [];
  const each = <T>(table: readonly (readonly [string, T])[], add: (at: T, member: unknown) => Part): void => {
    for (const [name, at] of table) if (value[name] !== undefined) parts.push(add(at, value[name]));
  };
  each(texts, (at, member) => textField(at, text(member)));
  each(doubles, (at, member) => doubleField(at, Number(member)));
  each(flags, (at, member) => varintField(at, member === true ? 1n : 0n));
  each(integers, (at, member) => varintField(at, BigInt(Number(member))));
  if (value['default'] !== undefined) parts.push(bytesField(5, anything(value['default'])));
  for (const name of list(value['required'])) parts.push(textField(19, text(name)));
  for (const choice of list(value['enum'])) parts.push(bytesField(20, anything(choice)));
  const { additionalProperties, type, items, properties } = value;
  if (typeof additionalProperties === 'boolean')
    parts.push(bytesField(21, message(varintField(2, additionalProperties ? 1n : 0n))));
  else if (additionalProperties !== undefined)
    parts.push(bytesField(21, message(bytesField(1, schema(object(additionalProperties))))));
  if (type !== undefined) {
    const types = Array.isArray(type) ? (type as readonly unknown[]) : [type];
    parts.push(bytesField(22, message(...types.map((one) => textField(1, text(one))))));
  }
  if (items !== undefined) parts.push(bytesField(23, message(bytesField(1, schema(object(items))))));
  for (const one of list(value['allOf'])) parts.push(bytesField(24, schema(object(one))));
  if (properties !== undefined) parts.push(bytesField(25, namedSchemas(object(properties))));
  for (const [name, extension] of Object.entries(value))
    if (name.startsWith('x-'))
      parts.push(bytesField(31, message(textField(1, name), bytesField(2, anything(extension)))));
  return message(...parts);
}

/** Definitions and Properties: `repeated NamedSchema additional_properties = 1`. */
const namedSchemas = (schemas: Json): Part =>
  message(
    ...Object.entries(schemas).map(([name, value]) =>
      bytesField(1, message(textField(1, name), bytesField(2, schema(object(value))))),
    ),
  );

/** Any: its YAML, of which JSON is a part. */
const anything = (value: unknown): Part => message(textField(2, `${JSON.stringify(value)}\n`));

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
