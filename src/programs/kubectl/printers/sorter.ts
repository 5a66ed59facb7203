import { Failure } from '../errors';
import { JsonPath, JsonPathError } from '../jsonpath/evaluate';
import { relaxed } from '../jsonpath/relaxed';
import { goSort } from './go-sort';
import { parseQuantity } from './quantity';

/** Sorts by `--sort-by`. Source: kubectl pkg/cmd/get/sorter.go. Throws where no object has the field. */
export function sortBy<T>(items: readonly T[], field: string, objectOf: (item: T) => unknown, table: boolean): T[] {
  let expression = field;
  try {
    expression = relaxed(field);
  } catch (reason) {
    if (!(reason instanceof JsonPathError)) throw reason;
    if (!table) throw new Failure(reason.message);
  }
  let path: JsonPath;
  try {
    path = new JsonPath(expression, { allowMissingKeys: true });
  } catch (reason) {
    if (!(reason instanceof JsonPathError)) throw reason;
    throw new Failure(table ? `sorting error: ${reason.message}` : reason.message);
  }
  const keyed = items.map((item) => ({ item, value: first(path, objectOf(item)) }));
  if (items.length > 0 && keyed.every(({ value }) => value === missing))
    throw new Failure(`couldn't find any field with path "${expression}" in the list of objects`);
  return goSort(keyed, (a, b) => less(a.value, b.value, expression)).map(({ item }) => item);
}

const missing = Symbol('missing');

function first(path: JsonPath, value: unknown): unknown {
  try {
    const [values] = path.find(value);
    return values === undefined || values.length === 0 ? missing : values[0];
  } catch (reason) {
    if (reason instanceof JsonPathError) throw new Failure(reason.message);
    throw reason;
  }
}

// A field that is missing is less than everything, itself included.
function less(a: unknown, b: unknown, field: string): boolean {
  if (a === missing) return true;
  if (b === missing) return false;
  if (a === null || b === null) return a === null && b !== null;
  if (typeof a === 'string' && typeof b === 'string') {
    const [x, y] = [parseQuantity(a), parseQuantity(b)];
    return x !== undefined && y !== undefined ? x < y : a < b;
  }
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  throw new Failure(
    `Field ${field} in *unstructured.Unstructured is an unsortable type: interface, err: unsortable type: ${typeName(a)}`,
  );
}

function typeName(value: unknown): string {
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}
