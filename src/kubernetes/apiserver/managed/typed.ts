import { equal } from '../../apimachinery/equal';
import type { ListSchema, Schema } from '../../apimachinery/schema';
import { leaf, node, union, type FieldSet } from './field-set';

/** What the fields of typed values are: sigs.k8s.io/structured-merge-diff/typed over our schemas. */
type Members = Readonly<Record<string, unknown>>;

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether the value's parts belong to their owners one by one. */
export const isSeparable = (schema: Schema | undefined): boolean =>
  schema === undefined
    ? true
    : ((schema.type === 'struct' || schema.type === 'map') && schema.atomic !== true) || isAssociative(schema);

export const memberSchema = (schema: Schema | undefined, key: string): Schema | undefined =>
  schema?.type === 'struct' ? schema.fields[key]?.schema : schema?.type === 'map' ? schema.of : undefined;

/** The step to an element of an associative list. */
export function elementStep(schema: ListSchema, element: unknown): string {
  if (schema.keys === undefined) return `v:${JSON.stringify(element)}`;
  const keys: Record<string, unknown> = {};
  for (const key of [...schema.keys].sort()) {
    const value = (isMembers(element) ? element[key] : undefined) ?? schema.keyDefaults?.[key];
    if (value !== undefined) keys[key] = value;
  }
  return `k:${JSON.stringify(keys)}`;
}

export const isAssociative = (schema: Schema | undefined): schema is ListSchema =>
  schema?.type === 'list' && (schema.keys !== undefined || schema.set === true);

/** The fields that a write changed or added. `old` undefined: nothing was there. */
export function changed(schema: Schema | undefined, old: unknown, now: unknown): FieldSet | undefined {
  if (old === now || now === undefined) return undefined;
  const isNew = old === undefined;
  if (isSeparable(schema)) {
    if (isAssociative(schema) && Array.isArray(now)) {
      const before = new Map<string, unknown>();
      if (Array.isArray(old)) for (const element of old) before.set(elementStep(schema, element), element);
      const steps: Record<string, FieldSet> = {};
      for (const element of now as readonly unknown[]) {
        const step = elementStep(schema, element);
        const difference = changed(schema.of, before.get(step), element);
        if (difference !== undefined) steps[step] = difference;
      }
      return node(isNew, steps);
    }
    if (isMembers(now)) {
      const before = isMembers(old) ? old : undefined;
      const steps: Record<string, FieldSet> = {};
      for (const key in now) {
        const difference = changed(memberSchema(schema, key), before?.[key], now[key]);
        if (difference !== undefined) steps[`f:${key}`] = difference;
      }
      return node(isNew, steps);
    }
  }
  return isNew || !equal(old, now) ? leaf : undefined;
}

/** The fields that were there and are no more. */
export function removed(schema: Schema | undefined, old: unknown, now: unknown): FieldSet | undefined {
  if (old === now || old === undefined) return undefined;
  if (now === undefined) return everything(schema, old);
  if (!isSeparable(schema)) return undefined;
  const steps: Record<string, FieldSet> = {};
  if (isAssociative(schema) && Array.isArray(old)) {
    const after = new Map<string, unknown>();
    if (Array.isArray(now)) for (const element of now) after.set(elementStep(schema, element), element);
    for (const element of old as readonly unknown[]) {
      const step = elementStep(schema, element);
      const gone = removed(schema.of, element, after.get(step));
      if (gone !== undefined) steps[step] = gone;
    }
  } else if (isMembers(old) && isMembers(now)) {
    for (const key in old) {
      const gone = removed(memberSchema(schema, key), old[key], now[key]);
      if (gone !== undefined) steps[`f:${key}`] = gone;
    }
  }
  return node(false, steps);
}

const everything = (schema: Schema | undefined, value: unknown): FieldSet =>
  union(leaf, changed(schema, undefined, value)) ?? leaf;

/** The fields that a configuration mentions (ToFieldSet): what server-side apply makes its sender's own. */
export function mentioned(schema: Schema | undefined, value: unknown, item = false): FieldSet | undefined {
  if (isSeparable(schema)) {
    if (isAssociative(schema) && Array.isArray(value) && value.length > 0) {
      const steps: Record<string, FieldSet> = {};
      for (const element of value as readonly unknown[])
        steps[elementStep(schema, element)] = mentioned(schema.of, element, true) ?? leaf;
      return node(false, steps);
    }
    if (isMembers(value) && Object.keys(value).length > 0) {
      const steps: Record<string, FieldSet> = {};
      for (const key in value) steps[`f:${key}`] = mentioned(memberSchema(schema, key), value[key]) ?? leaf;
      return node(item, steps);
    }
  }
  return leaf;
}

/** The configuration laid over what is there. */
export function mergeTyped(schema: Schema | undefined, live: unknown, config: unknown): unknown {
  if (config === undefined) return live;
  if (!isSeparable(schema) || live === undefined || live === null) return config;
  if (isAssociative(schema) && Array.isArray(live) && Array.isArray(config)) {
    const wanted = new Map((config as readonly unknown[]).map((element) => [elementStep(schema, element), element]));
    const merged: unknown[] = [];
    const seen = new Set<string>();
    // The order of the configuration wins; what only the server has keeps its place before what follows it.
    const order = [...wanted.keys()];
    let next = 0;
    for (const element of live as readonly unknown[]) {
      const step = elementStep(schema, element);
      if (!wanted.has(step)) {
        merged.push(element);
        continue;
      }
      for (; next < order.length; next++) {
        const at = order[next] ?? '';
        if (seen.has(at)) continue;
        const before = (live as readonly unknown[]).find((each) => elementStep(schema, each) === at);
        merged.push(mergeTyped(schema.of, before, wanted.get(at)));
        seen.add(at);
        if (at === step) {
          next++;
          break;
        }
      }
    }
    for (const step of order) if (!seen.has(step)) merged.push(wanted.get(step));
    return merged;
  }
  if (!isMembers(live) || !isMembers(config)) return config;
  const merged: Record<string, unknown> = { ...live };
  for (const key in config) merged[key] = mergeTyped(memberSchema(schema, key), live[key], config[key]);
  return merged;
}

/** The value without the paths of a set. */
export function without(schema: Schema | undefined, value: unknown, set: FieldSet | undefined): unknown {
  if (set === undefined || value === undefined) return value;
  const isLeaf = Object.keys(set).every((step) => step === '.');
  if (isLeaf) return undefined;
  if (isAssociative(schema) && Array.isArray(value)) {
    const kept = (value as readonly unknown[]).flatMap((element) => {
      const at = set[elementStep(schema, element)];
      if (at === undefined) return [element];
      const rest = '.' in at ? undefined : without(schema.of, element, at);
      return rest === undefined ? [] : [rest];
    });
    return kept.length === 0 && '.' in set ? undefined : kept;
  }
  if (!isMembers(value)) return value;
  const kept: Record<string, unknown> = {};
  for (const key in value) {
    const rest = without(memberSchema(schema, key), value[key], set[`f:${key}`]);
    if (rest !== undefined) kept[key] = rest;
  }
  return kept;
}
