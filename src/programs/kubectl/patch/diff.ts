import { equal, isObject, type JsonObject } from '../json';
import { metaOf, type PatchMeta, type Place } from './schema';

/** What a diff leaves out. */
export interface DiffOptions {
  readonly ignoreDeletions?: boolean;
  readonly ignoreChanges?: boolean;
  readonly setElementOrder?: boolean;
}

/** The strategic patch that makes `modified` of `original`. Source: apimachinery util/strategicpatch/patch.go, diffMaps. */
export function diffMaps(
  original: JsonObject,
  modified: JsonObject,
  place: Place,
  options: DiffOptions,
  retainKeys = false,
): JsonObject {
  const patch: Record<string, unknown> = {};
  for (const [key, after] of Object.entries(modified)) {
    if (!(key in original)) {
      if (!options.ignoreChanges) patch[key] = after;
      continue;
    }
    const before = original[key];
    if (kindOf(before) !== kindOf(after)) {
      if (!options.ignoreChanges) patch[key] = after;
    } else if (isObject(before) && isObject(after)) Object.assign(patch, mapField(key, before, after, place, options));
    else if (Array.isArray(before) && Array.isArray(after))
      Object.assign(patch, listField(key, before as readonly unknown[], after as readonly unknown[], place, options));
    else if (!options.ignoreChanges && !equal(before, after)) patch[key] = after;
  }
  if (!options.ignoreDeletions) for (const key of Object.keys(original)) if (!(key in modified)) patch[key] = null;
  if (retainKeys) {
    const kept = Object.keys(modified).filter((key) => modified[key] !== null);
    const added = Object.keys(original).some((key) => !(key in modified));
    if (kept.length > 0 && (Object.keys(patch).length > 0 || added)) patch['$retainKeys'] = kept.sort();
  }
  return patch;
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);

function mapField(key: string, before: JsonObject, after: JsonObject, place: Place, options: DiffOptions): JsonObject {
  const { replace, retainKeys } = metaOf(place, key);
  if (replace) return options.ignoreChanges || equal(before, after) ? {} : { [key]: after };
  const inner = diffMaps(before, after, { kind: place.kind, field: key }, options, retainKeys);
  return Object.keys(inner).length > 0 ? { [key]: inner } : {};
}

function listField(
  key: string,
  before: readonly unknown[],
  after: readonly unknown[],
  place: Place,
  options: DiffOptions,
): JsonObject {
  const meta = metaOf(place, key);
  if (!meta.merge) return options.ignoreChanges || equal(before, after) ? {} : { [key]: after };
  const { added, deleted, order } = diffLists(before, after, { kind: place.kind, field: key }, meta, options);
  return {
    ...(added.length > 0 ? { [key]: added } : {}),
    ...(deleted.length > 0 ? { [`$deleteFromPrimitiveList/${key}`]: deleted } : {}),
    ...(order.length > 0 ? { [`$setElementOrder/${key}`]: order } : {}),
  };
}

interface ListDiff {
  readonly added: readonly unknown[];
  readonly deleted: readonly unknown[];
  readonly order: readonly unknown[];
}

function diffLists(
  before: readonly unknown[],
  after: readonly unknown[],
  place: Place,
  { key, retainKeys }: PatchMeta,
  options: DiffOptions,
): ListDiff {
  if (before.length === 0) return { added: options.ignoreChanges ? [] : after, deleted: [], order: [] };
  if (key === undefined) return diffScalars(before, after, options);
  const old = before.filter(isObject);
  const fresh = after.filter(isObject);
  const keyOf = (item: JsonObject): string => String(item[key]);
  const oldByKey = new Map(old.map((item) => [keyOf(item), item]));
  const freshKeys = new Set(fresh.map(keyOf));
  const changed: JsonObject[] = [];
  for (const item of fresh) {
    const was = oldByKey.get(keyOf(item));
    if (!was) {
      if (!options.ignoreChanges) changed.push(item);
      continue;
    }
    const inner = diffMaps(was, item, place, options, retainKeys);
    if (Object.keys(inner).length > 0) changed.push({ ...inner, [key]: item[key] });
  }
  const removed = options.ignoreDeletions
    ? []
    : old
        .filter((item) => !freshKeys.has(keyOf(item)))
        .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
        .map((item) => ({ [key]: item[key], $patch: 'delete' }));
  const patch = [...changed, ...removed];
  const sameOrder = old.length === fresh.length && old.every((item, index) => equal(item[key], fresh[index]?.[key]));
  const ordered =
    options.setElementOrder &&
    ((!options.ignoreChanges && (patch.length > 0 || !sameOrder)) || (!options.ignoreDeletions && patch.length > 0));
  return { added: patch, deleted: [], order: ordered ? fresh.map((item) => ({ [key]: item[key] })) : [] };
}

function diffScalars(before: readonly unknown[], after: readonly unknown[], options: DiffOptions): ListDiff {
  const left = before.map(String);
  const right = after.map(String);
  const added = options.ignoreChanges ? [] : after.filter((value) => !left.includes(String(value)));
  const deleted = options.ignoreDeletions
    ? []
    : [...new Set(before.filter((value) => !right.includes(String(value))))].sort();
  // Upstream sorts the original in place before it compares.
  const ordered =
    options.setElementOrder &&
    ((!options.ignoreDeletions && deleted.length > 0) || (!options.ignoreChanges && !equal(before.toSorted(), after)));
  return { added, deleted, order: ordered ? after : [] };
}
