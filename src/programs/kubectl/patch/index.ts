import { equal, isObject, type JsonObject } from '../json';
import { diffMaps } from './diff';
import { mergeMap } from './merge';

export { applyStrategic } from './merge';
export { isBuiltIn } from './schema';

/** strategicpatch.CreateTwoWayMergePatch. */
export const twoWayStrategic = (original: JsonObject, modified: JsonObject, kind: string): JsonObject =>
  diffMaps(original, modified, { kind, field: '' }, { setElementOrder: true });

/** strategicpatch.CreateThreeWayMergePatch: additions and changes of `modified` against `current`, deletions against `original`. */
export function threeWayStrategic(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
  kind: string,
): JsonObject {
  const place = { kind, field: '' };
  const delta = diffMaps(current, modified, place, { ignoreDeletions: true, setElementOrder: true });
  const deletions = diffMaps(original, modified, place, { ignoreChanges: true, setElementOrder: true });
  return mergeMap(deletions, delta, place, 'patches');
}

/** RFC 7386: the patch that makes `modified` of `original` (jsonpatch.CreateMergePatch). */
export function twoWayMerge(original: JsonObject, modified: JsonObject): JsonObject {
  const patch: Record<string, unknown> = {};
  for (const [key, after] of Object.entries(modified)) {
    const before = original[key];
    if (isObject(before) && isObject(after)) {
      const inner = twoWayMerge(before, after);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!equal(before, after)) patch[key] = after;
  }
  for (const key of Object.keys(original)) if (!(key in modified)) patch[key] = null;
  return patch;
}

/** jsonmergepatch.CreateThreeWayJSONMergePatch. */
export function threeWayMerge(original: JsonObject, modified: JsonObject, current: JsonObject): JsonObject {
  return applyMerge(
    keepNulls(twoWayMerge(current, modified), false),
    keepNulls(twoWayMerge(original, modified), true),
    true,
  );
}

/** Of a merge patch only the deletions, or only the rest. */
function keepNulls(patch: JsonObject, deletions: boolean): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      if (deletions) kept[key] = null;
    } else if (isObject(value)) {
      const inner = keepNulls(value, deletions);
      if (Object.keys(inner).length > 0 || (!deletions && Object.keys(value).length === 0)) kept[key] = inner;
    } else if (!deletions) kept[key] = value;
  }
  return kept;
}

/** Applies a merge patch; `patches`: into another patch, so that nulls stay. */
export function applyMerge(original: JsonObject, patch: JsonObject, patches = false): JsonObject {
  const result: Record<string, unknown> = { ...original };
  for (const [key, value] of Object.entries(patch)) {
    const before = result[key];
    if (value === null && !patches) delete result[key];
    else if (isObject(value)) result[key] = applyMerge(isObject(before) ? before : {}, value, patches);
    else result[key] = value;
  }
  return result;
}
