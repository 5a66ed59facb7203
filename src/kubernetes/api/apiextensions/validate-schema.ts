import { FieldErrors, GoText, goQuote } from '../../apimachinery/field-errors';
import type { StatusCause } from '../../apimachinery/status';
import type { JsonSchemaProps, ValidationRule } from './json-schema-props';
import { maxElements, TotalCost } from './rule-cost';
import { validateRules } from './rules';
import { additionalSchema, itemSchema, notStructural, property, sortedKeys, validateStructural } from './structural';
import { validateDefaults } from './validate-defaults';
import { fieldPath } from './field-path';

export interface SchemaOptions {
  readonly structural: boolean;
  readonly statusEnabled: boolean;
  /** It is as it was: what its rules cost each is not asked again. */
  readonly unchanged: boolean;
}

/** In the order of the Go type, as its fields are walked there. */
const rootKeys: readonly (readonly [keyof JsonSchemaProps, boolean])[] = [
  ['id', false],
  ['$schema', false],
  ['$ref', false],
  ['description', true],
  ['type', true],
  ['nullable', false],
  ['format', true],
  ['title', true],
  ['default', false],
  ['enum', false],
  ['maxProperties', false],
  ['minProperties', false],
  ['allOf', false],
  ['oneOf', false],
  ['anyOf', false],
  ['not', false],
  ['additionalProperties', false],
  ['patternProperties', false],
  ['dependencies', false],
  ['additionalItems', false],
  ['definitions', false],
  ['x-kubernetes-embedded-resource', false],
  ['x-kubernetes-int-or-string', false],
  ['x-kubernetes-list-map-keys', false],
  ['x-kubernetes-list-type', false],
  ['x-kubernetes-map-type', false],
];
const allowedAtRoot =
  '[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations]';

/** validateCustomResourceDefinitionValidation: `errors` stands at the schema's holder (`spec.validation`). */
export function validateCustomSchema(schema: JsonSchemaProps, errors: FieldErrors, options: SchemaOptions): void {
  const found = errors.apart();
  const at = found.at('openAPIV3Schema');
  if (options.statusEnabled) {
    for (const [key, allowed] of rootKeys) {
      if (schema[key] === undefined || schema[key] === false) continue;
      if (key === 'type') {
        if (schema.type === 'object') continue;
        at.at('type').invalid(
          schema.type,
          'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
        );
        break;
      }
      if (allowed) continue;
      at.invalid(
        schema,
        `only ${allowedAtRoot} fields are allowed at the root of the schema if the status subresource is enabled`,
      );
      break;
    }
  }
  if (schema.nullable === true) found.at('openAPIV3Schema.nullable').forbidden('nullable cannot be true at the root');

  let unreadable: string | undefined;
  let rules = false;
  if (options.structural) {
    unreadable = notStructural(schema);
    if (unreadable === undefined) {
      const before = found.causes.length;
      validateStructural(schema, at);
      if (found.causes.length === before) validateDefaults(schema, at);
      rules = found.causes.length === before;
    }
  }
  const celCauses: StatusCause[] = [];
  const total = new TotalCost();
  const walk = new SchemaWalk(celCauses, total, options.unchanged);
  walk.validate(schema, at, {
    isRoot: true,
    insideMeta: false,
    defaults: undefined,
    rules,
    uncorrelatable: undefined,
    cardinality: 1,
  });
  found.take(celCauses);
  if (!found.any && unreadable !== undefined) at.invalid('', unreadable);
  total.validate(at);
  errors.take(found.causes);
}

/** What is known at a place of the schema. */
interface Place {
  readonly isRoot: boolean;
  readonly insideMeta: boolean;
  /** Why there may be no defaults; undefined: there may. */
  readonly defaults: string | undefined;
  /** Whether rules count here: not inside of junctors. */
  readonly rules: boolean;
  readonly uncorrelatable: string | undefined;
  /** How often its values may stand in an object; undefined: nobody says. */
  readonly cardinality: number | undefined;
}

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const metaFields: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion']);

/** ValidateCustomResourceDefinitionOpenAPISchema. */
class SchemaWalk {
  constructor(
    readonly celCauses: StatusCause[],
    readonly total: TotalCost,
    readonly anyCost: boolean,
  ) {}

  validate(schema: JsonSchemaProps, errors: FieldErrors, place: Place): void {
    const before = errors.causes.length;
    standard(schema, errors, place);
    if (schema.uniqueItems === true)
      errors
        .at('uniqueItems')
        .forbidden('uniqueItems cannot be set to true since the runtime complexity becomes quadratic');
    this.#structure(schema, errors, place);

    const junctor: Place = { ...place, isRoot: false, rules: false };
    if (schema.not !== undefined) this.validate(schema.not, errors.at('not'), junctor);
    for (const key of ['allOf', 'oneOf', 'anyOf'] as const)
      schema[key]?.forEach((each, index) => this.validate(each, errors.at(key).index(index), junctor));
    for (const key of sortedKeys(schema.definitions)) {
      const each = schema.definitions?.[key];
      if (each !== undefined) this.validate(each, errors.at('definitions').key(key), junctor);
    }
    this.#items(schema, errors, place);
    extensions(schema, errors);
    validateMapListKeys(schema, errors);
    this.#rules(schema, errors, place, before);
  }

  #structure(schema: JsonSchemaProps, errors: FieldErrors, place: Place): void {
    const { additionalProperties } = schema;
    const below: Place = { ...place, isRoot: false, cardinality: cardinalityBelow(schema, place) };
    if (additionalProperties !== undefined) {
      const at = errors.at('additionalProperties');
      if (sortedKeys(schema.properties).length > 0 && additionalProperties !== true)
        at.forbidden('additionalProperties and properties are mutual exclusive');
      const sub = additionalSchema(schema);
      if (sub !== undefined)
        this.validate(sub, at, {
          ...below,
          ...(place.insideMeta ? { defaults: ' inside additionalProperties applying to object metadata' } : {}),
        });
    }
    const correlatable = schema['x-kubernetes-map-type'] !== 'atomic';
    for (const key of sortedKeys(schema.properties)) {
      const sub = property(schema, key);
      if (sub === undefined) continue;
      const isMeta = (place.isRoot || schema['x-kubernetes-embedded-resource'] === true) && metaFields.has(key);
      this.validate(sub, errors.at('properties').key(key), {
        ...below,
        insideMeta: place.insideMeta || isMeta,
        defaults: isMeta && place.isRoot ? ` in top-level ${key}` : place.defaults,
        uncorrelatable: place.uncorrelatable ?? (correlatable ? undefined : errors.text),
      });
    }
  }

  #items(schema: JsonSchemaProps, errors: FieldErrors, place: Place): void {
    const below: Place = {
      ...place,
      isRoot: false,
      cardinality: cardinalityBelow(schema, place),
      uncorrelatable: place.uncorrelatable ?? (schema['x-kubernetes-list-type'] === 'map' ? undefined : errors.text),
    };
    const items = itemSchema(schema);
    if (items !== undefined) this.validate(items, errors.at('items'), below);
    else if (Array.isArray(schema.items))
      (schema.items as readonly JsonSchemaProps[]).forEach((each, index) =>
        this.validate(each, errors.at('items').index(index), below),
      );
  }

  #rules(schema: JsonSchemaProps, errors: FieldErrors, place: Place, before: number): void {
    const rules = schema['x-kubernetes-validations'] ?? [];
    rules.forEach((rule, index) => validateRule(schema, rule, errors.at('x-kubernetes-validations').index(index)));
    if (rules.length === 0 || !place.rules || errors.causes.length > before) return;
    const { isRoot, uncorrelatable, cardinality } = place;
    const { total, anyCost } = this;
    validateRules(
      { schema, isRoot, uncorrelatable, cardinality, anyCost, total },
      new FieldErrors(this.celCauses).at(errors.text),
    );
  }
}

function cardinalityBelow(schema: JsonSchemaProps, { cardinality }: Place): number | undefined {
  const most = maxElements(schema);
  return cardinality === undefined || most === undefined ? undefined : cardinality * most;
}

/** specStandardValidatorV3. */
function standard(schema: JsonSchemaProps, errors: FieldErrors, place: Place): void {
  const { type = '' } = schema;
  if (type !== '' && !types.includes(type)) errors.at('type').notSupported(type, types);
  if (schema.default !== undefined && schema.default !== null && place.defaults !== undefined)
    errors.at('default').forbidden(`must not be set${place.defaults}`);
  if ((schema.id ?? '') !== '') errors.at('id').forbidden('id is not supported');
  if (schema.additionalItems !== undefined) errors.at('additionalItems').forbidden('additionalItems is not supported');
  for (const key of ['patternProperties', 'definitions', 'dependencies'] as const)
    if (sortedKeys(schema[key]).length > 0) errors.at(key).forbidden(`${key} is not supported`);
  if (schema.$ref !== undefined) errors.at('$ref').forbidden('$ref is not supported');
  if (type === 'null') errors.at('type').forbidden('type cannot be set to null, use nullable as an alternative');
  if (Array.isArray(schema.items)) errors.at('items').forbidden('items must be a schema object and not an array');
  if (place.insideMeta && schema['x-kubernetes-embedded-resource'] === true)
    errors.at('x-kubernetes-embedded-resource').forbidden('must not be used inside of resource meta');
}

/** The x-kubernetes- extensions that say how values are put together. */
function extensions(schema: JsonSchemaProps, errors: FieldErrors): void {
  const { type = '' } = schema;
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    errors.at('x-kubernetes-preserve-unknown-fields').invalid(false, 'must be true or undefined');
  const wants = (wanted: string, extension: string): void => {
    const why = `must be ${wanted} if ${extension} is specified`;
    if (type === '') errors.at('type').required(why);
    else errors.at('type').invalid(type, why);
  };
  const mapType = schema['x-kubernetes-map-type'];
  if (mapType !== undefined && type !== 'object') wants('object', 'x-kubernetes-map-type');
  if (mapType !== undefined && mapType !== 'atomic' && mapType !== 'granular')
    errors.at('x-kubernetes-map-type').notSupported(mapType, ['atomic', 'granular']);

  const listType = schema['x-kubernetes-list-type'];
  const items = itemSchema(schema);
  if (listType !== undefined && type !== 'array') wants('array', 'x-kubernetes-list-type');
  else if (listType === 'set' && items !== undefined) {
    const why = 'must be atomic as item of a list with x-kubernetes-list-type=set';
    const itemList = items['x-kubernetes-list-type'];
    const shown = itemList === undefined ? new GoText('null') : itemList;
    if (items.type === 'array' && itemList !== undefined && itemList !== 'atomic')
      errors.at('items').at('x-kubernetes-list-type').invalid(shown, why);
    if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic')
      errors.at('items').at('x-kubernetes-map-type').invalid(shown, why);
  }
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType))
    errors.at('x-kubernetes-list-type').notSupported(listType, ['atomic', 'set', 'map']);

  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (keys.length > 0 && listType !== 'map') {
    const why = 'must be map if x-kubernetes-list-map-keys is non-empty';
    if (listType === undefined) errors.at('x-kubernetes-list-type').required(why);
    else errors.at('x-kubernetes-list-type').invalid(listType, why);
  }
  if (listType === 'map') listMap(schema, items, keys, errors);
}

function listMap(
  schema: JsonSchemaProps,
  items: JsonSchemaProps | undefined,
  keys: readonly string[],
  errors: FieldErrors,
): void {
  const goKeys = new GoText(`[]string{${keys.map(goQuote).join(', ')}}`);
  if (keys.length === 0)
    errors.at('x-kubernetes-list-map-keys').required('must not be empty if x-kubernetes-list-type is map');
  if (schema.items === undefined) errors.at('items').required('must have a schema if x-kubernetes-list-type is map');
  else if (items === undefined)
    errors.at('items').invalid(schema.items, 'must only have a single schema if x-kubernetes-list-type is map');
  if (items !== undefined && items.type !== 'object')
    errors
      .at('items')
      .at('type')
      .invalid(items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map");
  if (items?.type !== 'object') return;
  const seen = new Set<string>();
  for (const key of keys) {
    const sub = property(items, key);
    if (sub === undefined)
      errors.at('x-kubernetes-list-map-keys').invalid(goKeys, 'entries must all be names of item properties');
    else if (sub.type === 'array' || sub.type === 'object')
      errors
        .at('items')
        .at('properties')
        .key(key)
        .at('type')
        .invalid(items.type, "must be a scalar type if parent array's x-kubernetes-list-type is map");
    if (seen.has(key)) errors.at('x-kubernetes-list-map-keys').invalid(goKeys, 'must not contain duplicate entries');
    seen.add(key);
  }
}

/** validateMapListKeysMapSet: keys have to be there, and to be something. */
function validateMapListKeys(schema: JsonSchemaProps, errors: FieldErrors): void {
  const items = itemSchema(schema);
  const listType = schema['x-kubernetes-list-type'];
  if (items === undefined || (listType !== 'set' && listType !== 'map')) return;
  const at = errors.at('items');
  if (items.nullable === true)
    at.at('nullable').forbidden(`cannot be nullable when x-kubernetes-list-type is ${listType}`);
  if (listType !== 'map') return;
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const sub = property(items, key);
    if (sub === undefined) continue;
    const here = at.at('properties').key(key);
    if (!(items.required ?? []).includes(key) && sub.default === undefined)
      here
        .at('default')
        .required(
          'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
        );
    if (sub.nullable === true)
      here.at('nullable').forbidden('this property is in x-kubernetes-list-map-keys, so it cannot be nullable');
  }
}

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const hasNewlines = (text: string): boolean => /[\n\r]/.test(text);

function validateRule(schema: JsonSchemaProps, given: ValidationRule, errors: FieldErrors): void {
  const { rule = '', message = '', messageExpression = '', reason, fieldPath: path = '' } = given;
  if (rule.trim() === '') errors.at('rule').required('rule is not specified');
  else if (message !== '' && message.trim() === '')
    errors.at('message').invalid(message, 'message must be non-empty if specified');
  else if (hasNewlines(message.trim())) errors.at('message').invalid(message, 'message must not contain line breaks');
  else if (hasNewlines(rule.trim()) && message.trim() === '')
    errors.at('message').required('message must be specified if rule contains line breaks');
  if (messageExpression !== '' && messageExpression.trim() === '')
    errors.at('messageExpression').required('messageExpression must be non-empty if specified');
  if (reason !== undefined && !reasons.includes(reason)) errors.at('reason').notSupported(reason, reasons);
  if (path !== '' && path.trim() === '')
    errors.at('fieldPath').invalid(path, 'fieldPath must be non-empty if specified');
  if (hasNewlines(path)) errors.at('fieldPath').invalid(path, 'fieldPath must not contain line breaks');
  if (path !== '' && notStructural(schema) === undefined && !fieldPath(path, schema).ok)
    errors.at('fieldPath').invalid(path, 'fieldPath must be a valid path');
}
