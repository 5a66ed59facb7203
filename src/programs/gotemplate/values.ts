/**
 * The values that a Go template sees. Plain JSON stands for what encoding/json makes of it; two things JSON cannot say
 * are added: integers (`bigint` is Go's int, `number` its float64) and structs with a type's name and methods.
 *
 *   undefined  an invalid reflect.Value: what a missing map key gives, printed `<no value>`
 *   null       a nil interface
 */
export type GoValue = undefined | null | boolean | number | bigint | string | GoList | GoMap | GoStruct | GoFunction;
export type GoList = readonly GoValue[];
export interface GoMap {
  readonly [key: string]: GoValue;
}
export type GoFunction = (...args: GoValue[]) => GoValue;

/** What the tags of a struct's fields say to encoding/json. */
interface GoTags {
  /** JSON names where they differ from the fields'. */
  readonly names?: ReadonlyMap<string, string>;
  /** `omitempty`: left out where they are nil, empty or zero. */
  readonly omitEmpty?: ReadonlySet<string>;
}

/** A Go struct or pointer to one: its fields have an order, a field that is a function is a method. */
export class GoStruct {
  constructor(
    readonly typeName: string,
    readonly fields: ReadonlyMap<string, GoValue>,
    readonly tags: GoTags = {},
  ) {}
}

/** A failure of a function called by a template; the engine adds where. */
export class GoError extends Error {}

export const isMap = (value: GoValue): value is GoMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof GoStruct);
export const isList = (value: GoValue): value is GoList => Array.isArray(value);

/** Keys in the order in which Go's templates and fmt visit a map. */
export const sortedKeys = (map: GoMap): readonly string[] => Object.keys(map).sort(byBytes);

/** Go compares strings byte by byte; for UTF-8 that is the order of code points. */
function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  const left = [...a];
  const right = [...b];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** `%T` of a value that came from JSON. */
export function typeName(value: GoValue): string {
  if (value === undefined || value === null) return '<nil>';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'function') return 'func()';
  if (isList(value)) return '[]interface {}';
  if (value instanceof GoStruct) return value.typeName;
  return 'map[string]interface {}';
}

/** What `if`, `and`, `or` take for true: everything but the zero value of its type. Structs are always true. */
export function truth(value: GoValue): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'bigint') return value !== 0n;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return true;
}
