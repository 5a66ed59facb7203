import { ownMember, setMember } from '../../apimachinery/members';
import { equal } from '../../apimachinery/equal';
import type { Schema } from '../../apimachinery/schema';

/** k8s.io/apimachinery/pkg/util/strategicpatch: patches that know how the lists of Kubernetes' types are keyed. */
type Value = unknown;
type Fields = Readonly<Record<string, Value>>;

export class PatchError extends Error {}

const isFields = (value: Value): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a member of an object is, as far as its type is known. */
const memberOf = (schema: Schema | undefined, field: string): Schema | undefined =>
  schema?.type === 'struct' ? schema.fields[field]?.schema : schema?.type === 'map' ? schema.of : undefined;

/** Of patch strategy `replace`. */
const isReplaced = (schema: Schema | undefined, field: string): boolean =>
  schema?.type === 'struct' && schema.fields[field]?.replace === true;

const mergeKeyOf = (schema: Schema | undefined): string | undefined =>
  schema?.type === 'list' ? schema.patchKey : undefined;

/** The patched object. Throws PatchError with upstream's words. */
export const strategicMerge = (original: Fields, patch: Fields, schema: Schema | undefined): Fields =>
  mergeFields(original, patch, schema);

function mergeFields(original: Fields, patch: Fields, schema: Schema | undefined): Fields {
  const directive = patch['$patch'];
  if (directive !== undefined) {
    if (directive === 'replace') return without(patch, '$patch');
    if (directive === 'delete') return {};
    if (directive !== 'merge')
      throw new PatchError(`unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);
  }
  let result: Record<string, Value> = { ...original };
  const retain = patch['$retainKeys'];
  if (Array.isArray(retain))
    result = Object.fromEntries(Object.entries(result).filter(([key]) => retain.includes(key)));

  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith('$setElementOrder/')) continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const field = key.slice('$deleteFromPrimitiveList/'.length);
      const list = result[field];
      if (Array.isArray(list) && Array.isArray(value)) result[field] = list.filter((item) => !value.includes(item));
      continue;
    }
    if (value === null) {
      delete result[key];
      continue;
    }
    const before = ownMember(result, key);
    if (isFields(value) && !isReplaced(schema, key))
      setMember(result, key, mergeFields(isFields(before) ? before : {}, value, memberOf(schema, key)));
    else if (Array.isArray(value))
      setMember(result, key, mergeList(Array.isArray(before) ? before : [], value, memberOf(schema, key)));
    else setMember(result, key, value);
  }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith('$setElementOrder/') || !Array.isArray(order)) continue;
    const field = key.slice('$setElementOrder/'.length);
    const list = result[field];
    if (!Array.isArray(list)) continue;
    const given = patch[field];
    if (Array.isArray(given)) checkOrder(given, order, mergeKeyOf(memberOf(schema, field)));
    const live = original[field];
    result[field] = ordered(list, order, Array.isArray(live) ? live : [], mergeKeyOf(memberOf(schema, field)));
  }
  return result;
}

function mergeList(original: readonly Value[], patch: readonly Value[], schema: Schema | undefined): readonly Value[] {
  const key = mergeKeyOf(schema);
  const element = schema?.type === 'list' ? schema.of : undefined;
  if (key === undefined) {
    if (schema?.type !== 'list' || schema.patchMerge !== true)
      return patch.map((item) => (isFields(item) ? stripped(item) : item));
    return ordered([...new Set([...original, ...patch])], patch, original, undefined);
  }
  if (patch.some((item) => isFields(item) && item['$patch'] === 'replace'))
    return patch.filter((item) => !(isFields(item) && item['$patch'] === 'replace'));

  let result = [...original];
  for (const item of patch) {
    if (!isFields(item)) throw new PatchError(`expected map, got ${goText(item)}`);
    const id = item[key];
    if (item['$patch'] === 'delete') {
      if (id === undefined) throw new PatchError(`delete patch type with no merge key defined`);
      result = result.filter((each) => !(isFields(each) && each[key] === id));
      continue;
    }
    if (item['$patch'] !== undefined && item['$patch'] !== 'merge')
      throw new PatchError(`unknown patch type: ${goText(item['$patch'])} in map: ${goText(item)}`);
    if (id === undefined) throw new PatchError(`map: ${goText(item)} does not contain declared merge key: ${key}`);
    const at = result.findIndex((each) => isFields(each) && each[key] === id);
    const before = result[at];
    if (at < 0 || !isFields(before)) result.push(mergeFields({}, item, element));
    else result[at] = mergeFields(before, item, element);
  }
  // normalizeElementOrder: what is new comes before what only the server has.
  const named = patch.filter((item) => !(isFields(item) && item['$patch'] === 'delete'));
  return ordered(result, named, original, key);
}

/** Directives have no place in what is stored. */
function stripped(item: Fields): Fields {
  return '$patch' in item ? without(item, '$patch') : item;
}

const without = (fields: Fields, key: string): Fields => {
  const { [key]: _gone, ...rest } = fields;
  return rest;
};

function checkOrder(given: readonly Value[], order: readonly Value[], key: string | undefined): void {
  const id = (item: Value): Value => (key !== undefined && isFields(item) ? item[key] : item);
  const wanted = order.map(id);
  let at = 0;
  for (const item of given) {
    if (isFields(item) && item['$patch'] === 'delete') continue;
    const found = wanted.findIndex((each, index) => index >= at && equal(each, id(item)));
    if (found < 0)
      throw new PatchError(
        `The order in patch list:\n${goText(given)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`,
      );
    at = found + 1;
  }
}

/** mergeSortSlice: what the order names in that order, what only the server has where it stood. */
function ordered(
  merged: readonly Value[],
  order: readonly Value[],
  live: readonly Value[],
  key: string | undefined,
): readonly Value[] {
  const id = (item: Value): Value => (key !== undefined && isFields(item) ? item[key] : item);
  const rank = (item: Value): number => order.findIndex((each) => equal(id(each), id(item)));
  const mine = merged.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  const theirs = merged.filter((item) => rank(item) < 0);
  const place = (item: Value): number => live.findIndex((each) => equal(id(each), id(item)));
  const result: Value[] = [];
  let left = 0;
  let right = 0;
  while (left < mine.length || right < theirs.length) {
    const a = mine[left];
    const b = theirs[right];
    if (right >= theirs.length) result.push(mine[left++]);
    else if (left >= mine.length) result.push(theirs[right++]);
    else if (place(b) >= 0 && place(a) >= 0 && place(b) < place(a)) result.push(theirs[right++]);
    else result.push(mine[left++]);
  }
  return result;
}

/** fmt.Sprintf("%v") of decoded JSON. */
export function goText(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (isFields(value))
    return `map[${Object.keys(value)
      .sort()
      .map((key) => `${key}:${goText(value[key])}`)
      .join(' ')}]`;
  if (value === null || value === undefined) return '<nil>';
  return String(value);
}

/** RFC 7386. */
export function mergePatch(original: Value | undefined, patch: Value): Value {
  if (!isFields(patch)) return patch;
  const result: Record<string, Value> = isFields(original) ? { ...original } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else setMember(result, key, mergePatch(ownMember(result, key), value));
  }
  return result;
}
