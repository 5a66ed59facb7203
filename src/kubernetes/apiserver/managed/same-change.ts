import { equal } from '../../apimachinery/equal';
import type { ListSchema, Schema } from '../../apimachinery/schema';
import { isAssociative, isMembers, isSeparable, memberSchema } from './typed';

/**
 * Whether `changed(schema, old, a)` and `changed(schema, old, b)` are the same set of fields, without making either: what
 * one template makes differs in values and not in which fields have one. False may also mean that it was not worth
 * finding out.
 */
export function sameChange(schema: Schema | undefined, old: unknown, a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || old === a || old === b) return false;
  if (isSeparable(schema)) {
    if (isAssociative(schema) && Array.isArray(a)) return !Array.isArray(old) && sameElements(schema, a, b);
    if (isMembers(a)) return isMembers(b) && sameMembers(schema, old, a, b);
    if (isMembers(b)) return false;
  }
  return old === undefined || equal(old, a) === equal(old, b);
}

function sameMembers(
  schema: Schema | undefined,
  old: unknown,
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean {
  const before = isMembers(old) ? old : undefined;
  for (const key in a) if (!sameChange(memberSchema(schema, key), before?.[key], a[key], b[key])) return false;
  for (const key in b) if (b[key] !== undefined && a[key] === undefined) return false;
  return true;
}

function sameElements(schema: ListSchema, a: readonly unknown[], b: unknown): boolean {
  if (!Array.isArray(b) || a.length !== b.length) return false;
  return a.every((element, index) => {
    const other: unknown = b[index];
    if (element === other) return true;
    if (schema.keys === undefined || !isMembers(element) || !isMembers(other)) return false;
    return schema.keys.every((key) => element[key] === other[key]) && sameChange(schema.of, undefined, element, other);
  });
}
