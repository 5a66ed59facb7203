import { equal, isObject, type JsonObject } from '../json';
import { metaOf, type PatchMeta, type Place } from './schema';

const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';

/** `patches`: patch into patch, so that directives stay; `apply`: patch into an object. */
type Mode = 'apply' | 'patches';

/** Applies a strategic patch. Source: apimachinery util/strategicpatch/patch.go, mergeMap. */
export const applyStrategic = (original: JsonObject, patch: JsonObject, kind: string): JsonObject =>
  mergeMap(original, patch, { kind, field: '' }, 'apply');

export function mergeMap(original: JsonObject, patch: JsonObject, place: Place, mode: Mode): JsonObject {
  const directive = patch['$patch'];
  if (directive === 'replace') {
    const { $patch: _gone, ...rest } = patch;
    return rest;
  }
  if (directive === 'delete') return {};
  const result: Record<string, unknown> = { ...original };
  const rest: Record<string, unknown> = { ...patch };
  retain(result, rest, mode);
  reorder(result, rest, place, mode);
  for (const [name, value] of Object.entries(rest)) {
    const deleting = name.startsWith(deletePrefix);
    if (deleting && mode === 'patches') {
      result[name] = value;
      continue;
    }
    const key = deleting ? name.slice(deletePrefix.length) : name;
    if (value === null) {
      delete result[key];
      if (mode === 'apply') continue;
    }
    const before = result[key];
    if (!(key in result) || kindOf(before) !== kindOf(value)) {
      if (deleting) continue;
      const bare = withoutDirectives(mode === 'apply' ? withoutNulls(value) : value);
      if (bare === removed) delete result[key];
      else result[key] = bare;
    } else if (isObject(before) && isObject(value)) {
      result[key] = metaOf(place, key).replace
        ? value
        : mergeMap(before, value, { kind: place.kind, field: key }, mode);
    } else if (Array.isArray(before) && Array.isArray(value)) {
      result[key] = mergeLists(
        before as readonly unknown[],
        value as readonly unknown[],
        { kind: place.kind, field: key },
        metaOf(place, key),
        deleting,
        mode,
      );
    } else result[key] = value;
  }
  return result;
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);

function retain(result: Record<string, unknown>, rest: Record<string, unknown>, mode: Mode): void {
  const kept = rest['$retainKeys'];
  if (!Array.isArray(kept)) return;
  delete rest['$retainKeys'];
  if (mode === 'patches') result['$retainKeys'] = kept;
  else for (const key of Object.keys(result)) if (!kept.includes(key)) delete result[key];
}

/** Handles $setElementOrder together with the list it orders. */
function reorder(result: Record<string, unknown>, rest: Record<string, unknown>, place: Place, mode: Mode): void {
  for (const name of Object.keys(rest).filter((key) => key.startsWith(orderPrefix))) {
    const order = rest[name];
    delete rest[name];
    if (mode === 'patches') result[name] = order;
    if (!Array.isArray(order)) continue;
    const key = name.slice(orderPrefix.length);
    const before = result[key];
    const change = rest[key];
    const meta = metaOf(place, key);
    let merged: readonly unknown[];
    if (Array.isArray(before) && Array.isArray(change))
      merged = mergeLists(
        before as unknown[],
        change as unknown[],
        { kind: place.kind, field: key },
        meta,
        false,
        mode,
      );
    else if (Array.isArray(before)) merged = before as unknown[];
    else if (Array.isArray(change))
      merged = (change as unknown[]).filter((item) => withoutDirectives(item) !== removed);
    else continue;
    result[key] = inOrder(merged, order as unknown[], Array.isArray(before) ? (before as unknown[]) : [], meta.key);
    delete rest[key];
  }
}

const same = (a: unknown, b: unknown, key: string | undefined): boolean =>
  key === undefined ? equal(a, b) : isObject(a) && isObject(b) && equal(a[key], b[key]);
const indexIn = (list: readonly unknown[], item: unknown, key: string | undefined): number =>
  list.findIndex((other) => same(other, item, key));

/** What the patch names in the patch's order, what only the server has in the server's, woven together. */
function inOrder(
  merged: readonly unknown[],
  order: readonly unknown[],
  server: readonly unknown[],
  key: string | undefined,
): readonly unknown[] {
  const byIndex = (list: readonly unknown[]) => (a: unknown, b: unknown) =>
    indexIn(list, a, key) - indexIn(list, b, key);
  const isDelete = (item: unknown): boolean => isObject(item) && item['$patch'] === 'delete';
  const inPatch = merged.filter((item) => indexIn(order, item, key) >= 0);
  const own = merged.filter((item) => indexIn(order, item, key) < 0);
  const right = [...inPatch.filter((item) => !isDelete(item)).toSorted(byIndex(order)), ...inPatch.filter(isDelete)];
  const left = [...own.filter((item) => !isDelete(item)).toSorted(byIndex(server)), ...own.filter(isDelete)];
  const woven: unknown[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [a, b] = [indexIn(server, left[i], key), indexIn(server, right[j], key)];
    const takeLeft = j >= right.length || (i < left.length && a >= 0 && b >= 0 && a < b);
    woven.push(takeLeft ? left[i++] : right[j++]);
  }
  return woven;
}

function mergeLists(
  before: readonly unknown[],
  change: readonly unknown[],
  place: Place,
  { merge, key }: PatchMeta,
  deleting: boolean,
  mode: Mode,
): readonly unknown[] {
  if (!merge) return change.filter((item) => withoutDirectives(item) !== removed);
  if (key === undefined || !(isObject(before[0]) || isObject(change[0]))) {
    if (deleting) return before.filter((item) => !change.some((gone) => equal(gone, item)));
    const fresh = change.filter(
      (item, index) => indexIn(before, item, key) < 0 && indexIn(change, item, key) === index,
    );
    return inOrder([...before, ...fresh], change, before, undefined);
  }
  if (change.some((item) => isObject(item) && item['$patch'] === 'replace'))
    return change.filter((item) => isObject(item) && !('$patch' in item));
  let result: readonly unknown[] = before;
  for (const item of change) {
    if (!isObject(item)) continue;
    const at = indexIn(result, item, key);
    if (item['$patch'] === 'delete') {
      if (mode === 'patches') result = at < 0 ? [...result, item] : result.with(at, item);
      else result = result.filter((other) => !same(other, item, key));
    } else if (at < 0) {
      const bare = withoutDirectives(mode === 'apply' ? withoutNulls(item) : item);
      if (bare !== removed) result = [...result, bare];
    } else result = result.with(at, mergeMap(result[at] as JsonObject, item, place, mode));
  }
  return inOrder(result, change, before, key);
}

const removed = Symbol('removed');

function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(withoutDirectives).filter((item) => item !== removed);
  if (!isObject(value)) return value;
  if ('$patch' in value) return removed;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, withoutDirectives(inner)] as const)
      .filter(([, inner]) => inner !== removed),
  );
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}
