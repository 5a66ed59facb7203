import { decodeStruct } from '../../apimachinery/decode';
import {
  any,
  bool,
  float64,
  int64,
  list,
  listMap,
  map,
  named,
  need,
  ptr,
  str,
  struct,
  type Field,
  type ScalarSchema,
  type StructSchema,
} from '../../apimachinery/schema';

/** apiextensions/v1 JSONSchemaProps: the schemas that authors of custom resources write. */
export interface JsonSchemaProps {
  readonly id?: string;
  readonly $schema?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly title?: string;
  readonly default?: unknown;
  readonly maximum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly multipleOf?: number;
  readonly enum?: readonly unknown[];
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  /** A schema; an array of schemas, or null, where it is not valid. */
  readonly items?: JsonSchemaProps | readonly JsonSchemaProps[] | null;
  readonly allOf?: readonly JsonSchemaProps[];
  readonly oneOf?: readonly JsonSchemaProps[];
  readonly anyOf?: readonly JsonSchemaProps[];
  readonly not?: JsonSchemaProps;
  readonly properties?: SchemaMap;
  readonly additionalProperties?: JsonSchemaProps | boolean;
  readonly patternProperties?: SchemaMap;
  readonly dependencies?: Readonly<Record<string, JsonSchemaProps | readonly string[]>>;
  readonly additionalItems?: JsonSchemaProps | boolean;
  readonly definitions?: SchemaMap;
  readonly externalDocs?: { readonly description?: string; readonly url?: string };
  readonly example?: unknown;
  readonly nullable?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

export type SchemaMap = Readonly<Record<string, JsonSchemaProps>>;

export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Types that decode themselves (UnmarshalJSON) start anew there: nothing inside is strict, and errors name no path. */
function inner(value: Json, fail: (message: string) => undefined): unknown {
  const { value: decoded, error } = decodeStruct(jsonSchemaProps, value);
  return error === undefined ? decoded : fail(error);
}

/** JSONSchemaPropsOrArray. */
const orArray: ScalarSchema = {
  ...any,
  decode: (value, fail) => {
    if (isJson(value)) return inner(value, fail);
    if (!Array.isArray(value) || value.length === 0) return null;
    return (value as readonly unknown[]).map((each) => (isJson(each) ? inner(each, fail) : {}));
  },
};

/** JSONSchemaPropsOrBool. */
const orBool: ScalarSchema = {
  ...any,
  decode: (value, fail) => {
    if (isJson(value)) return inner(value, fail);
    return typeof value === 'boolean' ? value : fail('boolean or JSON schema expected');
  },
};

/** JSONSchemaPropsOrStringArray. */
const orStrings: ScalarSchema = {
  ...any,
  decode: (value, fail) => (isJson(value) ? inner(value, fail) : Array.isArray(value) ? (value as unknown) : null),
};

const fields: Record<string, Field> = {};

/** The schema refers to itself, so its fields come after it. */
export const jsonSchemaProps: StructSchema = {
  type: 'struct',
  name: 'JSONSchemaProps',
  go: 'v1.JSONSchemaProps',
  fields,
};

const schemas = map(jsonSchemaProps);
const validationRule = struct('ValidationRule', {
  rule: need(str),
  message: str,
  messageExpression: str,
  reason: ptr(named('FieldValueErrorReason')),
  fieldPath: str,
  optionalOldSelf: ptr(bool),
});

Object.assign(
  fields,
  struct('JSONSchemaProps', {
    id: str,
    $schema: named('JSONSchemaURL'),
    $ref: ptr(str),
    description: str,
    type: str,
    format: str,
    title: str,
    default: ptr(any),
    maximum: ptr(float64),
    exclusiveMaximum: bool,
    minimum: ptr(float64),
    exclusiveMinimum: bool,
    maxLength: ptr(int64),
    minLength: ptr(int64),
    pattern: str,
    maxItems: ptr(int64),
    minItems: ptr(int64),
    uniqueItems: bool,
    multipleOf: ptr(float64),
    enum: list(any),
    maxProperties: ptr(int64),
    minProperties: ptr(int64),
    required: list(str),
    items: ptr(orArray),
    allOf: list(jsonSchemaProps),
    oneOf: list(jsonSchemaProps),
    anyOf: list(jsonSchemaProps),
    not: ptr(jsonSchemaProps),
    properties: schemas,
    additionalProperties: ptr(orBool),
    patternProperties: schemas,
    dependencies: map(orStrings),
    additionalItems: ptr(orBool),
    definitions: schemas,
    externalDocs: ptr(struct('ExternalDocumentation', { description: str, url: str })),
    example: ptr(any),
    nullable: bool,
    'x-kubernetes-preserve-unknown-fields': ptr(bool),
    'x-kubernetes-embedded-resource': bool,
    'x-kubernetes-int-or-string': bool,
    'x-kubernetes-list-map-keys': list(str),
    'x-kubernetes-list-type': ptr(str),
    'x-kubernetes-map-type': ptr(str),
    'x-kubernetes-validations': listMap(validationRule, 'rule'),
  }).fields,
);
