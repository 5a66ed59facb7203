import { compact } from './print';
import {
  equal,
  isArray,
  isNumber,
  isObject,
  JqError,
  numberOf,
  typeOf,
  type Json,
  type JsonArray,
  compare,
} from './values';

export const fail = (message: string): never => {
  throw new JqError(message);
};

/** A value in a message: at most 11 bytes of it (ERRORMAX_LEN). */
export function short(value: Json): string {
  const text = compact(value);
  const bytes = new TextEncoder().encode(text);
  const cut =
    bytes.length > 14 ? `${new TextDecoder().decode(bytes.subarray(0, 11)).replace(/\ufffd+$/, '')}...` : text;
  return `${typeOf(value)} (${cut})`;
}

const wrong = (a: Json, b: Json, what: string): never => fail(`${short(a)} and ${short(b)} cannot be ${what}`);

/** `.[key]` of a value. */
export function index(target: Json, key: Json): Json {
  if (typeof key === 'string') {
    if (isObject(target)) return target.get(key) ?? null;
    if (target === null) return null;
    return fail(`Cannot index ${typeOf(target)} with string "${key}"`);
  }
  if (isNumber(key)) {
    if (isArray(target)) {
      const at = Math.floor(numberOf(key));
      return target[at < 0 ? at + target.length : at] ?? null;
    }
    if (target === null) return null;
  }
  if (isObject(key) && (isArray(target) || typeof target === 'string' || target === null)) {
    return slice(target, key.get('start') ?? null, key.get('end') ?? null);
  }
  if (isArray(key) && isArray(target)) return indexes(target, key);
  return fail(`Cannot index ${typeOf(target)} with ${typeOf(key)}`);
}

/** Where a slice begins and ends. */
export function bounds(length: number, from: Json, to: Json): readonly [from: number, to: number] {
  if ((from !== null && !isNumber(from)) || (to !== null && !isNumber(to))) {
    fail('Array/string slice indices must be integers');
  }
  const place = (value: Json, otherwise: number, round: (value: number) => number): number => {
    if (value === null || !isNumber(value)) return otherwise;
    const number = numberOf(value);
    return Math.min(Math.max(round(number < 0 ? number + length : number), 0), length);
  };
  const start = place(from, 0, Math.floor);
  return [start, Math.max(place(to, length, Math.ceil), start)];
}

export function slice(target: Json, from: Json, to: Json): Json {
  if (target === null) return null;
  if (typeof target === 'string') {
    const chars = [...target];
    const [start, end] = bounds(chars.length, from, to);
    return chars.slice(start, end).join('');
  }
  if (!isArray(target)) return fail(`Cannot index ${typeOf(target)} with object`);
  return target.slice(...bounds(target.length, from, to));
}

/** Where `part` begins in `whole`. */
function indexes(whole: JsonArray, part: JsonArray): Json {
  if (part.length === 0) return null;
  const found: number[] = [];
  for (let at = 0; at + part.length <= whole.length; at++) {
    if (part.every((item, offset) => equal(item, whole[at + offset] ?? null))) found.push(at);
  }
  return found;
}

/** indices/1. */
export function indices(whole: Json, part: Json): Json {
  if (whole === null) return null;
  if (typeof whole === 'string' && typeof part === 'string') {
    if (part === '') return null;
    const found: number[] = [];
    for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1))
      found.push([...whole.slice(0, at)].length);
    return found;
  }
  if (isArray(whole) && isArray(part)) return indexes(whole, part);
  if (isArray(whole)) return indexes(whole, [part]);
  return index(whole, part);
}

export function add(a: Json, b: Json): Json {
  if (a === null) return b;
  if (b === null) return a;
  if (isNumber(a) && isNumber(b)) return numberOf(a) + numberOf(b);
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (isArray(a) && isArray(b)) return [...a, ...b];
  if (isObject(a) && isObject(b)) return new Map([...a, ...b]);
  return wrong(a, b, 'added');
}

export function subtract(a: Json, b: Json): Json {
  if (isNumber(a) && isNumber(b)) return numberOf(a) - numberOf(b);
  if (isArray(a) && isArray(b)) return a.filter((item) => !b.some((other) => equal(item, other)));
  return wrong(a, b, 'subtracted');
}

export function multiply(a: Json, b: Json): Json {
  if (isNumber(a) && isNumber(b)) return numberOf(a) * numberOf(b);
  if (typeof a === 'string' && isNumber(b)) return repeat(a, numberOf(b));
  if (isNumber(a) && typeof b === 'string') return repeat(b, numberOf(a));
  if (isObject(a) && isObject(b)) return merge(a, b);
  return wrong(a, b, 'multiplied');
}

function repeat(text: string, times: number): Json {
  if (times < 0 || Number.isNaN(times)) return null;
  if (text.length * times > 1 << 28) return fail('Repeat string result too long');
  return text.repeat(Math.floor(times));
}

function merge(a: ReadonlyMap<string, Json>, b: ReadonlyMap<string, Json>): Json {
  const merged = new Map(a);
  for (const [key, value] of b) {
    const before = merged.get(key);
    merged.set(key, before !== undefined && isObject(before) && isObject(value) ? merge(before, value) : value);
  }
  return merged;
}

export function divide(a: Json, b: Json): Json {
  if (isNumber(a) && isNumber(b)) {
    if (numberOf(b) === 0) return wrong(a, b, 'divided because the divisor is zero');
    return numberOf(a) / numberOf(b);
  }
  if (typeof a === 'string' && typeof b === 'string') return split(a, b);
  return wrong(a, b, 'divided');
}

export const split = (text: string, separator: string): Json =>
  text === '' ? [] : separator === '' ? [...text] : text.split(separator);

export function modulo(a: Json, b: Json): Json {
  if (!isNumber(a) || !isNumber(b)) return wrong(a, b, 'divided');
  const [x, y] = [numberOf(a), numberOf(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const [dividend, divisor] = [toInteger(x), Math.abs(toInteger(y))];
  if (divisor === 0) return wrong(a, b, 'divided (remainder) because the divisor is zero');
  const rest = Math.abs(dividend) % divisor;
  return dividend < 0 && rest !== 0 ? -rest : rest;
}

const toInteger = (value: number): number => Math.trunc(Math.min(Math.max(value, -(2 ** 63)), 2 ** 63));

const booleans: Readonly<Record<string, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

const arithmetic: Readonly<Record<string, (a: Json, b: Json) => Json>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': modulo,
};

/** What a binary operator does. */
export function operation(operator: string): (a: Json, b: Json) => Json {
  const found = arithmetic[operator];
  if (found !== undefined) return found;
  const test = booleans[operator];
  if (test === undefined) throw new Error(`no operator ${operator}`);
  return (a, b) => test(compare(a, b));
}

/** getpath/1. */
export function getPath(value: Json, path: JsonArray): Json {
  let found = value;
  for (const key of path) {
    if (found === null) return null;
    found = index(found, key);
  }
  return found;
}

/** setpath/2. */
export function setPath(value: Json, path: JsonArray, to: Json, from = 0): Json {
  const key = path[from];
  if (key === undefined) return to;
  return setKey(value, key, setPath(index(value, key), path, to, from + 1));
}

function setKey(target: Json, key: Json, to: Json): Json {
  if (typeof key === 'string' && (target === null || isObject(target))) return new Map(target ?? []).set(key, to);
  if (isNumber(key) && (target === null || isArray(target))) {
    const items = [...(target ?? [])];
    let at = Math.trunc(numberOf(key));
    if (at < 0) at += items.length;
    if (at < 0) return fail('Out of bounds negative array index');
    if (at > 536870911) return fail('Array index too large');
    while (items.length < at) items.push(null);
    items[at] = to;
    return items;
  }
  if (isObject(key) && (target === null || isArray(target))) {
    const items = target ?? [];
    const [start, end] = bounds(items.length, key.get('start') ?? null, key.get('end') ?? null);
    if (!isArray(to)) return fail('A slice of an array can only be assigned another array');
    return [...items.slice(0, start), ...to, ...items.slice(end)];
  }
  if (isObject(key)) return fail(`Cannot update field at object index of ${typeOf(target)}`);
  if (isArray(key) && isArray(target)) return fail('Cannot update field at array index of array');
  return index(target, key) === null ? fail(`Cannot index ${typeOf(target)} with ${typeOf(key)}`) : null;
}

/** delpaths/1: the last first, so that earlier ones stay where they are. */
export function deletePaths(value: Json, paths: Json): Json {
  if (!isArray(paths)) return fail('Paths must be specified as an array');
  let result = value;
  for (const path of paths.toSorted(compare).reverse()) {
    if (!isArray(path)) return fail('Path must be specified as an array');
    result = deletePath(result, path, 0);
  }
  return result;
}

function deletePath(value: Json, path: JsonArray, from: number): Json {
  if (value === null) return null;
  const key = path[from];
  if (key === undefined) return null;
  if (from < path.length - 1) {
    const inner = index(value, key);
    if (inner === null) return value;
    return setKey(value, key, deletePath(inner, path, from + 1));
  }
  if (typeof key === 'string' && isObject(value)) {
    if (!value.has(key)) return value;
    const rest = new Map(value);
    rest.delete(key);
    return rest;
  }
  if (isNumber(key) && isArray(value)) {
    const at = Math.trunc(numberOf(key));
    const wanted = at < 0 ? at + value.length : at;
    return value.filter((_, place) => place !== wanted);
  }
  if (isObject(key) && isArray(value)) {
    const [start, end] = bounds(value.length, key.get('start') ?? null, key.get('end') ?? null);
    return [...value.slice(0, start), ...value.slice(end)];
  }
  if (isObject(key)) return fail(`Cannot delete field at object index of ${typeOf(value)}`);
  if (isArray(value)) return fail(`Cannot delete field at ${typeOf(key)} index of array`);
  if (isObject(value)) return fail(`Cannot delete field at ${typeOf(key)} index of object`);
  return fail(`Cannot delete fields from ${typeOf(value)}`);
}

export function contains(a: Json, b: Json): boolean {
  if (isObject(a) && isObject(b)) {
    return [...b].every(([key, value]) => {
      const own = a.get(key);
      return own !== undefined && (typeOf(own) === typeOf(value) ? contains(own, value) : false);
    });
  }
  if (isArray(a) && isArray(b)) {
    return b.every((item) => a.some((own) => typeOf(own) === typeOf(item) && contains(own, item)));
  }
  if (typeof a === 'string' && typeof b === 'string') return a.includes(b);
  if (typeOf(a) === typeOf(b)) return equal(a, b);
  return fail(`${short(a)} and ${short(b)} cannot have their containment checked`);
}

/** `keys` of arrays are their indices. */
export function keysOf(value: Json, sorted: boolean): Json {
  if (isArray(value)) return value.map((_, place) => place);
  if (!isObject(value)) return fail(`${short(value)} has no keys`);
  const keys = [...value.keys()];
  return sorted ? keys.sort() : keys;
}

export function has(value: Json, key: Json): boolean {
  if (isObject(value) && typeof key === 'string') return value.has(key);
  if (isArray(value) && isNumber(key)) return numberOf(key) >= 0 && numberOf(key) < value.length;
  if (value === null && (typeof key === 'string' || isNumber(key))) return false;
  return fail(`Cannot check whether ${typeOf(value)} has a ${typeOf(key)} key`);
}

export function length(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'string') return [...value].length;
  if (isArray(value)) return value.length;
  if (isObject(value)) return value.size;
  if (isNumber(value)) return Math.abs(numberOf(value));
  return fail(`${short(value)} has no length`);
}

/** The values of `.[]`. */
export function values(value: Json): JsonArray {
  if (isArray(value)) return value;
  if (isObject(value)) return [...value.values()];
  return fail(`Cannot iterate over ${value === null ? 'null (null)' : short(value)}`);
}
