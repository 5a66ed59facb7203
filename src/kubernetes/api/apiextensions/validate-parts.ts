import { decodeStruct } from '../../apimachinery/decode';
import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { isDns1035Label } from '../../apimachinery/names';
import { objectMeta } from '../meta/schema';
import type { JsonSchemaProps } from './json-schema-props';
import { additionalSchema, itemSchema, property, sortedKeys } from './structural';
import { isMembers } from './values';

/** objectmeta.Validate: resources that are embedded in a value (and the root, where `isRoot`). */
export function validateEmbedded(schema: JsonSchemaProps, value: unknown, errors: FieldErrors, isRoot = false): void {
  if (Array.isArray(value)) {
    const items = itemSchema(schema);
    if (items !== undefined)
      (value as readonly unknown[]).forEach((item, index) => validateEmbedded(items, item, errors.index(index)));
    return;
  }
  if (!isMembers(value)) return;
  if (isRoot || schema['x-kubernetes-embedded-resource'] === true) validateResource(value, errors);
  const additional = additionalSchema(schema);
  for (const key of sortedKeys(value)) {
    const sub = property(schema, key);
    if (sub !== undefined) validateEmbedded(sub, value[key], errors.at(key));
    else if (additional !== undefined) validateEmbedded(additional, value[key], errors.key(key));
  }
}

function validateResource(value: Readonly<Record<string, unknown>>, errors: FieldErrors): void {
  const { apiVersion, kind, metadata } = value;
  for (const key of ['apiVersion', 'kind'])
    if (!Object.hasOwn(value, key)) errors.at(key).required('must not be empty');
  if (apiVersion !== undefined) {
    const at = errors.at('apiVersion');
    if (typeof apiVersion !== 'string') at.invalid(apiVersion, 'must be a string');
    else if (apiVersion === '') at.invalid('', 'must not be empty');
    else if (apiVersion.split('/').length > 2) at.invalid(apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  }
  if (kind !== undefined) {
    const at = errors.at('kind');
    if (typeof kind !== 'string') at.invalid(kind, 'must be a string');
    else if (kind === '') at.invalid('', 'must not be empty');
    else {
      const problems = isDns1035Label(kind.toLowerCase());
      if (problems.length > 0)
        at.invalid(kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`);
    }
  }
  if (metadata === undefined) return;
  const problem = isMembers(metadata)
    ? decodeStruct(objectMeta, metadata).error
    : `json: cannot unmarshal ${typeof metadata} into Go value of type v1.ObjectMeta`;
  if (problem !== undefined) errors.at('metadata').invalid(metadata, problem);
}

/** listtype.ValidateListSetsAndMaps: what calls itself a set or a map has nothing twice. */
export function validateListTypes(schema: JsonSchemaProps, value: unknown, errors: FieldErrors): void {
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    const type = schema['x-kubernetes-list-type'];
    if (type === 'set') for (const index of repeated(list)) errors.index(index).duplicate(shown(list[index]));
    if (type === 'map') validateListMap(schema, list, errors);
    const items = itemSchema(schema);
    if (items !== undefined) list.forEach((item, index) => validateListTypes(items, item, errors.index(index)));
    return;
  }
  if (!isMembers(value)) return;
  const additional = additionalSchema(schema);
  for (const key of Object.keys(value)) {
    const sub = property(schema, key);
    if (sub !== undefined) validateListTypes(sub, value[key], errors.at(key));
    else if (additional !== undefined) validateListTypes(additional, value[key], errors.key(key));
  }
}

function validateListMap(schema: JsonSchemaProps, list: readonly unknown[], errors: FieldErrors): void {
  const odd = list.findIndex((item) => item !== null && !isMembers(item));
  if (odd >= 0) return errors.index(odd).invalid(shown(list[odd]), 'must be an object for an array of list-type map');
  const keys = list.map((item) => {
    const key: Record<string, unknown> = {};
    for (const name of [...(schema['x-kubernetes-list-map-keys'] ?? [])].sort())
      if (isMembers(item) && Object.hasOwn(item, name)) key[name] = item[name];
    return key;
  });
  for (const index of repeated(keys)) errors.index(index).duplicate(keys[index]);
}

/** The second of each that is there more than once. */
function repeated(list: readonly unknown[]): readonly number[] {
  const times = new Map<string, number>();
  const found: number[] = [];
  list.forEach((item, index) => {
    const key = stable(item);
    const before = times.get(key) ?? 0;
    times.set(key, before + 1);
    if (before === 1) found.push(index);
  });
  return found;
}

function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`;
  if (isMembers(value))
    return `{${sortedKeys(value)
      .map((key) => `${JSON.stringify(key)}:${stable(value[key])}`)
      .join()}}`;
  return JSON.stringify(value);
}

const shown = (value: unknown): unknown => (value === null ? new GoText('null') : value);
