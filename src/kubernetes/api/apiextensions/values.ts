import type { JsonSchemaProps } from './json-schema-props';
import { additionalSchema, itemSchema, property } from './structural';

/** What becomes of values under a structural schema: pruning and defaulting of apiextensions, without changing what is given. */
type Members = Readonly<Record<string, unknown>>;

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const metaFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** Sets an own member, whatever it is called: users choose the names. */
export function put(into: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
  else into[key] = value;
}

/** Replaces members; the same object where nothing changes. `undefined` takes a member away. */
function mapMembers(value: Members, change: (member: unknown, key: string) => unknown): Members {
  let changed: Record<string, unknown> | undefined;
  const keys = Object.keys(value);
  keys.forEach((key, index) => {
    const old = value[key];
    const now = change(old, key);
    if (now === old && changed === undefined) return;
    if (changed === undefined) {
      changed = {};
      for (const before of keys.slice(0, index)) put(changed, before, value[before]);
    }
    if (now !== undefined) put(changed, key, now);
  });
  return changed ?? value;
}

function mapItems(value: readonly unknown[], change: (item: unknown, index: number) => unknown): readonly unknown[] {
  let changed: unknown[] | undefined;
  value.forEach((item, index) => {
    const now = change(item, index);
    if (now === item && changed === undefined) return;
    changed ??= value.slice(0, index);
    changed.push(now);
  });
  return changed ?? value;
}

/** pruning.PruneWithOptions: what the schema does not know goes; `unknown` gets its paths. */
export function prune(value: unknown, schema: JsonSchemaProps, isRoot: boolean, unknown: string[] = []): unknown {
  return pruned(value, isRoot ? { ...schema, 'x-kubernetes-embedded-resource': true } : schema, '', unknown);
}

const below = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

function pruned(value: unknown, schema: JsonSchemaProps | undefined, path: string, unknown: string[]): unknown {
  if (schema?.['x-kubernetes-preserve-unknown-fields'] === true) return kept(value, schema, path, unknown);
  if (isMembers(value))
    return mapMembers(value, (member, key) => {
      if (schema !== undefined) {
        if (schema['x-kubernetes-embedded-resource'] === true && metaFields.has(key)) return member;
        const sub = property(schema, key);
        if (sub !== undefined) return pruned(member, sub, below(path, key), unknown);
        const { additionalProperties } = schema;
        if (additionalProperties !== undefined)
          return pruned(member, additionalSchema(schema), below(path, key), unknown);
      }
      if (!metaFields.has(key) || path !== '') unknown.push(below(path, key));
      return undefined;
    });
  if (Array.isArray(value)) {
    const items = schema === undefined ? undefined : itemSchema(schema);
    return mapItems(value, (item, index) => pruned(item, items, `${path}[${index}]`, unknown));
  }
  return value;
}

/** Inside x-kubernetes-preserve-unknown-fields only what is specified is pruned. */
function kept(value: unknown, schema: JsonSchemaProps | undefined, path: string, unknown: string[]): unknown {
  if (schema === undefined) return value;
  if (isMembers(value))
    return mapMembers(value, (member, key) => {
      if (schema['x-kubernetes-embedded-resource'] === true && metaFields.has(key)) return member;
      const sub = property(schema, key) ?? additionalSchema(schema);
      return sub === undefined ? member : pruned(member, sub, below(path, key), unknown);
    });
  if (Array.isArray(value))
    return mapItems(value, (item, index) => kept(item, itemSchema(schema), `${path}[${index}]`, unknown));
  return value;
}

/** PruneNonNullableNullsWithoutDefaults and Default. */
export const applyDefaults = (value: unknown, schema: JsonSchemaProps): unknown =>
  defaulted(withoutNulls(value, schema), schema);

const fieldSchema = (schema: JsonSchemaProps, key: string): JsonSchemaProps | undefined =>
  property(schema, key) ?? additionalSchema(schema);

function withoutNulls(value: unknown, schema: JsonSchemaProps | undefined): unknown {
  if (schema === undefined) return value;
  if (isMembers(value))
    return mapMembers(value, (member, key) => {
      const sub = fieldSchema(schema, key);
      if (member === null && sub !== undefined && sub.nullable !== true && sub.default === undefined) return undefined;
      return withoutNulls(member, sub);
    });
  if (Array.isArray(value)) return mapItems(value, (item) => withoutNulls(item, itemSchema(schema)));
  return value;
}

function defaulted(value: unknown, schema: JsonSchemaProps | undefined): unknown {
  if (schema === undefined) return value;
  if (isMembers(value)) {
    let filled: Members = value;
    for (const key in schema.properties) {
      const sub = property(schema, key);
      if (sub?.default === undefined || sub.default === null) continue;
      const there = Object.hasOwn(value, key);
      if (there && !(value[key] === null && sub.nullable !== true)) continue;
      if (filled === value) filled = { ...value };
      put(filled as Record<string, unknown>, key, sub.default);
    }
    return mapMembers(filled, (member, key) =>
      defaulted(orDefault(member, fieldSchema(schema, key)), fieldSchema(schema, key)),
    );
  }
  if (Array.isArray(value)) {
    const items = itemSchema(schema);
    return mapItems(value, (item) => defaulted(orDefault(item, items), items));
  }
  return value;
}

const orDefault = (value: unknown, schema: JsonSchemaProps | undefined): unknown =>
  value === null && schema !== undefined && schema.nullable !== true ? (schema.default ?? null) : value;
