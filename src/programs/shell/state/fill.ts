import { ShellError } from './errors';
import type { AssociativeArray, IndexedArray } from './values';

/** What stands between the parentheses of `name=( … )`; without a subscript it is the next one. */
export interface FillItem {
  readonly subscript: string | undefined;
  readonly value: string;
  readonly append: boolean;
}

/** A value as the attributes of the variable want it; `before` is there for `+=`. */
type Convert = (before: string | undefined, value: string) => string;

/** Fills an associative array: `[key]=value` all through, or keys and values in turn. `before` is what `+=` looks at. */
export function fillDictionary(
  dictionary: AssociativeArray,
  before: AssociativeArray | undefined,
  items: readonly FillItem[],
  convert: Convert,
  complain: (value: string) => void,
): void {
  const keyed = items[0]?.subscript !== undefined;
  let key: string | undefined;
  for (const { subscript, value, append } of items) {
    if (subscript !== undefined)
      dictionary.set(subscript, convert(append ? (before?.get(subscript) ?? '') : undefined, value));
    else if (keyed) complain(value);
    else if (key === undefined) key = value;
    else {
      dictionary.set(key, convert(undefined, value));
      key = undefined;
    }
  }
  if (key !== undefined) dictionary.set(key, '');
  dictionary.assigned = true;
}

/** Fills an indexed array from `start` on. */
export function fillArray(
  array: IndexedArray,
  start: number,
  items: readonly FillItem[],
  convert: Convert,
  evaluate: (subscript: string) => number,
): void {
  let next = start;
  for (const { subscript, value, append } of items) {
    let index = next;
    if (subscript !== undefined) {
      const number = evaluate(subscript);
      index = number < 0 ? number + array.last + 1 : number;
      if (index < 0) throw new ShellError(`[${subscript}]=${value}: bad array subscript`);
    }
    array.set(index, convert(append ? (array.get(index) ?? '') : undefined, value));
    next = index + 1;
  }
  array.assigned = true;
}
