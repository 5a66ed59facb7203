import { equal } from '../../apimachinery/equal';
import type { FieldErrors } from '../../apimachinery/field-errors';
import { compileRegex } from '../../cel/re2';
import type { JsonSchemaProps } from './json-schema-props';

/** What makes a schema structural: pkg/apiserver/schema of apiextensions. Values of such schemas can be pruned and defaulted. */
type Level = 'root' | 'item' | 'field';

/** The one schema of `items`, where it is one. */
export const itemSchema = ({ items }: JsonSchemaProps): JsonSchemaProps | undefined =>
  items === undefined || items === null || Array.isArray(items) ? undefined : (items as JsonSchemaProps);

/** The schema of `additionalProperties`, where it is no boolean. */
export const additionalSchema = ({ additionalProperties }: JsonSchemaProps): JsonSchemaProps | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined;

const own = <T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
export const property = ({ properties }: JsonSchemaProps, key: string): JsonSchemaProps | undefined =>
  own(properties, key);
export const sortedKeys = (map: Readonly<Record<string, unknown>> | undefined): readonly string[] =>
  map === undefined ? [] : Object.keys(map).sort();

/** NewStructural: why it cannot even be read as one. */
export function notStructural(schema: JsonSchemaProps): string | undefined {
  for (const key of ['id', '$schema', '$ref'] as const)
    if ((schema[key] ?? '') !== '') return `OpenAPIV3Schema '${key === '$schema' ? 'schema' : key}' is not supported`;
  if (sortedKeys(schema.patternProperties).length > 0) return "OpenAPIV3Schema 'patternProperties' is not supported";
  if (sortedKeys(schema.dependencies).length > 0) return "OpenAPIV3Schema 'dependencies' is not supported";
  if (schema.additionalItems !== undefined) return "OpenAPIV3Schema 'additionalItems' is not supported";
  if (sortedKeys(schema.definitions).length > 0) return "OpenAPIV3Schema 'definitions' is not supported";
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  if (Array.isArray(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  for (const each of children(schema)) {
    const problem = notStructural(each);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Every schema directly below one. */
export function children(schema: JsonSchemaProps): readonly JsonSchemaProps[] {
  const { items, not, allOf = [], anyOf = [], oneOf = [], properties, patternProperties, definitions } = schema;
  const all: JsonSchemaProps[] = [...allOf, ...anyOf, ...oneOf];
  if (Array.isArray(items)) all.push(...(items as readonly JsonSchemaProps[]));
  else if (items !== undefined && items !== null) all.push(items as JsonSchemaProps);
  if (not !== undefined) all.push(not);
  for (const map of [properties, patternProperties, definitions])
    if (map !== undefined) all.push(...Object.values(map));
  for (const each of [schema.additionalProperties, schema.additionalItems])
    if (typeof each === 'object') all.push(each);
  for (const each of Object.values(schema.dependencies ?? {}))
    if (!Array.isArray(each)) all.push(each as JsonSchemaProps);
  return all;
}

/** Whether the schema, or one below it, is so. */
export const schemaHas = (schema: JsonSchemaProps, is: (schema: JsonSchemaProps) => boolean): boolean =>
  is(schema) || children(schema).some((each) => schemaHas(each, is));

/** ValidateStructural; the errors come sorted, as upstream does for want of an order. */
export function validateStructural(schema: JsonSchemaProps, errors: FieldErrors): void {
  const found = errors.apart();
  invariants(schema, 'root', found);
  valueCompleteness(schema, schema, found, found.text);
  const text = ({ field = '', message = '' }: { field?: string; message?: string }): string => `${field}: ${message}`;
  errors.take([...found.causes].sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0)));
}

function invariants(schema: JsonSchemaProps, level: Level, errors: FieldErrors): void {
  const items = itemSchema(schema);
  if (schema.type === 'array' && items === undefined) errors.at('items').required('must be specified');
  if (items !== undefined) invariants(items, 'item', errors.at('items'));
  for (const key of sortedKeys(schema.properties)) {
    const sub = property(schema, key);
    if (sub !== undefined) invariants(sub, 'field', errors.at('properties').key(key));
  }
  if (schema.additionalProperties !== undefined) {
    const at = errors.at('additionalProperties');
    if (level === 'root') at.forbidden('must not be used at the root');
    const sub = additionalSchema(schema);
    if (sub !== undefined) invariants(sub, 'field', at);
  }
  extensions(schema, errors);
  valueValidation(schema, isIntOrString(schema.anyOf), isIntOrString(schema.allOf?.[0]?.anyOf), level, errors);

  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const { type = '' } = schema;
  if (embedded && type !== 'object') {
    const why = 'must be object if x-kubernetes-embedded-resource is true';
    if (type === '') errors.at('type').required(why);
    else errors.at('type').invalid(type, why);
  } else if (type === '' && schema['x-kubernetes-int-or-string'] !== true && !preserves) {
    errors.at('type').required(
      {
        root: 'must not be empty at the root',
        item: 'must not be empty for specified array items',
        field: 'must not be empty for specified object fields',
      }[level],
    );
  }
  if (embedded && schema.additionalProperties !== undefined)
    errors.at('additionalProperties').forbidden('must not be used if x-kubernetes-embedded-resource is set');
  if (level === 'root' && type !== '' && type !== 'object')
    errors.at('type').invalid(type, 'must be object at the root');

  const checked = level === 'root' || embedded;
  if (checked)
    for (const key of ['kind', 'apiVersion']) {
      const sub = property(schema, key);
      if (sub !== undefined && sub.type !== 'string')
        errors
          .at('properties')
          .key(key)
          .at('type')
          .invalid(sub.type ?? '', 'must be string');
    }
  const metadata = property(schema, 'metadata');
  if (metadata !== undefined) metadataInvariants(metadata, checked, level, errors.at('properties').key('metadata'));
  if (embedded && !preserves && sortedKeys(schema.properties).length === 0)
    errors
      .at('properties')
      .required(
        'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      );
}

/** The root's metadata may only be restricted in name and generateName. */
function metadataInvariants(schema: JsonSchemaProps, checked: boolean, level: Level, errors: FieldErrors): void {
  if (checked && schema.type !== 'object') errors.at('type').invalid(schema.type ?? '', 'must be object');
  if (level !== 'root') return;
  const { type: _type, default: _default, externalDocs: _docs, example: _example, properties, ...rest } = schema;
  const names = sortedKeys(properties);
  const plain = names.every((name) => name === 'name' || name === 'generateName');
  if (!plain || Object.keys(rest).length > 0)
    errors.forbidden(
      'must not specify anything other than name and generateName, but metadata is implicitly specified',
    );
}

const intOrString = [{ type: 'integer' }, { type: 'string' }];
const isIntOrString = (schemas: readonly JsonSchemaProps[] | undefined): boolean =>
  schemas?.length === 2 && equal(schemas, intOrString);

function extensions(schema: JsonSchemaProps, errors: FieldErrors): void {
  if (schema['x-kubernetes-int-or-string'] !== true) return;
  for (const key of ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    if (schema[key] === true) errors.at(key).invalid(true, 'must be false if x-kubernetes-int-or-string is true');
}

function valueValidation(
  schema: JsonSchemaProps,
  skipAnyOf: boolean,
  skipFirstAllOf: boolean,
  level: Level,
  errors: FieldErrors,
): void {
  if (!skipAnyOf) schema.anyOf?.forEach((each, index) => nested(each, false, level, errors.at('anyOf').index(index)));
  schema.allOf?.forEach((each, index) =>
    nested(each, skipFirstAllOf && index === 0, level, errors.at('allOf').index(index)),
  );
  schema.oneOf?.forEach((each, index) => nested(each, false, level, errors.at('oneOf').index(index)));
  if (schema.not !== undefined) nested(schema.not, false, level, errors.at('not'));
  if ((schema.pattern ?? '') === '') return;
  const compiled = compileRegex(schema.pattern ?? '');
  if (!compiled.ok)
    errors
      .at('pattern')
      .invalid(
        schema.pattern,
        `must be a valid regular expression, but isn't: error parsing regexp: ${compiled.error}`,
      );
}

const mustBe: readonly (readonly [keyof JsonSchemaProps, string])[] = [
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

/** A schema below a logical junctor: it may say something about values, but nothing about their structure. */
function nested(schema: JsonSchemaProps, skipAnyOf: boolean, level: Level, errors: FieldErrors): void {
  valueValidation(schema, skipAnyOf, false, level, errors);
  const items = itemSchema(schema);
  if (items !== undefined) nested(items, false, level, errors.at('items'));
  for (const key of sortedKeys(schema.properties)) {
    const sub = property(schema, key);
    if (sub !== undefined) nested(sub, false, 'field', errors.at('properties').key(key));
  }
  if ((schema.type ?? '') !== '') errors.at('type').forbidden('must be empty to be structural');
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false)
    errors.at('additionalProperties').forbidden('must be undefined to be structural');
  for (const [key, why] of mustBe) {
    const value = schema[key];
    if (value !== undefined && value !== false && value !== '' && value !== null) errors.at(key).forbidden(why);
  }
  if (property(schema, 'metadata') !== undefined)
    errors.at('properties').key('metadata').forbidden('must not be specified in a nested context');
}

/** What values are told about must be there outside of the junctors. `structure` is what stands at the same place there. */
function valueCompleteness(
  schema: JsonSchemaProps,
  structure: JsonSchemaProps,
  errors: FieldErrors,
  path: string,
): void {
  if (schema.not !== undefined) nestedCompleteness(schema.not, structure, errors, `${path}.not`);
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const)
    schema[key]?.forEach((each, index) => nestedCompleteness(each, structure, errors, `${path}.${key}[${index}]`));
}

function nestedCompleteness(
  schema: JsonSchemaProps,
  structure: JsonSchemaProps | undefined,
  errors: FieldErrors,
  path: string,
): void {
  if (structure === undefined) return errors.required(`because it is defined in ${path}`);
  valueCompleteness(schema, structure, errors, path);
  const items = itemSchema(schema);
  if (items !== undefined) nestedCompleteness(items, itemSchema(structure), errors.at('items'), `${path}.items`);
  for (const key of sortedKeys(schema.properties)) {
    const sub = property(schema, key);
    if (sub !== undefined)
      nestedCompleteness(sub, property(structure, key), errors.at('properties').key(key), `${path}.properties[${key}]`);
  }
}
