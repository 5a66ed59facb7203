/** A JSON value as jq holds it. Objects keep the order of their keys; nothing is ever changed in place. */
export type Json = null | boolean | number | Literal | string | JsonArray | JsonObject;
export type JsonArray = readonly Json[];
export type JsonObject = ReadonlyMap<string, Json>;

/** A number that would not look the same once it was computed with (`1.0`, twenty digits): kept as it was written. */
export class Literal {
  constructor(
    readonly value: number,
    readonly text: string,
  ) {}
}

/** What `error` raises; any value may be thrown. */
export class JqError extends Error {
  constructor(readonly value: Json) {
    super(typeof value === 'string' ? value : '');
  }
}

export const isObject = (value: Json): value is JsonObject => value instanceof Map;
export const isArray = (value: Json): value is JsonArray => Array.isArray(value);
export const isNumber = (value: Json): value is number | Literal =>
  typeof value === 'number' || value instanceof Literal;
export const numberOf = (value: number | Literal): number => (typeof value === 'number' ? value : value.value);

export type TypeName = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export function typeOf(value: Json): TypeName {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'string';
  if (isArray(value)) return 'array';
  return isObject(value) ? 'object' : 'number';
}

export const truthy = (value: Json): boolean => value !== null && value !== false;

/** null < false < true < numbers < strings < arrays < objects. */
export function compare(a: Json, b: Json): number {
  const [first, second] = [rank(a), rank(b)];
  if (first !== second) return first - second;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a === b ? 0 : 1;
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (isArray(a) && isArray(b)) {
    for (const [index, item] of a.entries()) {
      const other = b[index];
      if (other === undefined) return 1;
      const order = compare(item, other);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  if (isObject(a) && isObject(b)) {
    const [left, right] = [sortedKeys(a), sortedKeys(b)];
    const keys = compare(left, right);
    if (keys !== 0) return keys;
    for (const key of left) {
      const order = compare(a.get(key) ?? null, b.get(key) ?? null);
      if (order !== 0) return order;
    }
  }
  return 0;
}

function compareNumbers(a: number | Literal, b: number | Literal): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  // nan is less than everything, itself too.
  if (Number.isNaN(x)) return -1;
  if (Number.isNaN(y)) return 1;
  return x < y ? -1 : x === y ? 0 : 1;
}

function rank(value: Json): number {
  if (value === null) return 0;
  if (value === false) return 1;
  if (value === true) return 2;
  if (typeof value === 'string') return 4;
  if (isArray(value)) return 5;
  return isObject(value) ? 6 : 3;
}

export const equal = (a: Json, b: Json): boolean => a === b || compare(a, b) === 0;

export const sortedKeys = (object: JsonObject): string[] => [...object.keys()].sort();

/** From plain JavaScript data, such as a YAML parser gives. */
export function fromPlain(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return new Literal(Number(value), value.toString());
  if (Array.isArray(value)) return value.map(fromPlain);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [String(key), fromPlain(item)]));
  return new Map(Object.entries(value as object).map(([key, item]) => [key, fromPlain(item)]));
}
