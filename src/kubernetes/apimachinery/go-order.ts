import type { Schema } from './schema';

/**
 * A value with its members in the order in which Go prints them: a struct's in the order of its fields, a map's in byte
 * order. Costs a copy of everything, so only for texts that show JSON itself.
 */
export function inGoOrder(schema: Schema | undefined, value: unknown): unknown {
  if (Array.isArray(value)) {
    const of = schema?.type === 'list' ? schema.of : undefined;
    return value.map((item: unknown) => inGoOrder(of, item));
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Readonly<Record<string, unknown>>;
  const fields = schema?.type === 'struct' ? schema.fields : undefined;
  const of = schema?.type === 'map' ? schema.of : undefined;
  const names = Object.keys(members).sort();
  if (fields !== undefined) {
    const places = new Map(Object.keys(fields).map((name, place) => [name, place]));
    names.sort((a, b) => (places.get(a) ?? Infinity) - (places.get(b) ?? Infinity) || 0);
  }
  return Object.fromEntries(names.map((name) => [name, inGoOrder(fields?.[name]?.schema ?? of, members[name])]));
}
