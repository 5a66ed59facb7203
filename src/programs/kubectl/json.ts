/** Reading plain JSON whose shape is not known: what is not there, or is something else, reads as empty. */
export type Json = unknown;
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of keys) {
    if (Array.isArray(found)) found = (found as readonly unknown[])[Number(key)];
    else if (isObject(found)) found = found[key];
    else return undefined;
  }
  return found === null ? undefined : found;
}

export function text(value: unknown, ...keys: readonly (string | number)[]): string {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : typeof found === 'number' || typeof found === 'boolean' ? `${found}` : '';
}

export function number(value: unknown, ...keys: readonly (string | number)[]): number {
  const found = at(value, ...keys);
  return typeof found === 'number' ? found : 0;
}

export const flagged = (value: unknown, ...keys: readonly (string | number)[]): boolean => at(value, ...keys) === true;

export function list(value: unknown, ...keys: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}

export function object(value: unknown, ...keys: readonly (string | number)[]): JsonObject {
  const found = at(value, ...keys);
  return isObject(found) ? found : {};
}

/** A map of texts (labels, annotations, data). */
export function texts(value: unknown, ...keys: readonly (string | number)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(object(value, ...keys)).map(([key, item]) => [key, text(item)]));
}

/** A copy in which the value at the keys is another; `undefined` removes it. Objects on the way are made. */
export function withAt(value: unknown, keys: readonly (string | number)[], replacement: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return replacement;
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    return items.map((item, index) => (index === Number(key) ? withAt(item, rest, replacement) : item));
  }
  const source = isObject(value) ? value : {};
  const inner = withAt(source[key], rest, replacement);
  const copy: Record<string, unknown> = { ...source };
  if (inner === undefined) delete copy[key];
  else copy[key] = inner;
  return copy;
}

export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => equal(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
}

/** An object of the API, as it came. */
export type KubeObject = JsonObject;
export const kindOf = (value: unknown): string => text(value, 'kind');
export const nameOfObject = (value: unknown): string => text(value, 'metadata', 'name');
export const namespaceOf = (value: unknown): string => text(value, 'metadata', 'namespace');
export const isList = (value: unknown): boolean => kindOf(value).endsWith('List') && Array.isArray(at(value, 'items'));
