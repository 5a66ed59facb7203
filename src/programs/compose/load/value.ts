/** What YAML reads into, before anything is known of its shape: Go's `any`. */
export type Value = null | boolean | number | string | Value[] | Dict;

/** Go's `map[string]any`. Its order means nothing: whatever is printed is sorted. */
export interface Dict {
  [key: string]: Value;
}

/** Something is wrong with a compose file: the text is ready to print. */
export class LoadError extends Error {}

/** Whether a value is a mapping. */
export const isDict = (value: Value | undefined): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The mapping at a key; an empty one if there is none. */
export const dictAt = (value: Dict, key: string): Dict => {
  const inner = value[key];
  return isDict(inner) ? inner : {};
};

/** A copy that shares nothing. */
export function deepClone<T extends Value>(value: T): T {
  if (Array.isArray(value)) return value.map(deepClone) as T;
  if (!isDict(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deepClone(item)])) as T;
}

/** reflect.DeepEqual. */
export function equal(a: Value, b: Value): boolean {
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i] ?? null));
  if (!isDict(a)) return a === b;
  if (!isDict(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key] ?? null, b[key] ?? null))
  );
}

/** fmt.Sprint. */
export const sprint = (value: Value): string =>
  value === null ? '<nil>' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** A place in the tree: `['services', 'web', 'ports', '[]']`. */
export type Path = readonly string[];

/** Whether a place is of a pattern as `services.*.ports.*`. */
export function matches(path: Path, pattern: string): boolean {
  const parts = partsOf(pattern);
  return parts.length === path.length && parts.every((part, index) => part === '*' || part === path[index]);
}

const known = new Map<string, readonly string[]>();
function partsOf(pattern: string): readonly string[] {
  let parts = known.get(pattern);
  if (parts === undefined) known.set(pattern, (parts = pattern.split('.')));
  return parts;
}

/** The entry of a table of patterns that applies to a place. */
export function lookUp<T>(table: Readonly<Record<string, T>>, path: Path): T | undefined {
  for (const pattern of Object.keys(table)) if (matches(path, pattern)) return table[pattern];
  return undefined;
}
