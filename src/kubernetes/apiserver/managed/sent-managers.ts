import { equal } from '../../apimachinery/equal';
import type { ApiObject, ManagedFieldsEntry } from '../../apimachinery/object';
import { parseTime } from '../../apimachinery/time';
import type { FieldSet } from './field-set';
import type { Manager } from './managed-fields';

/**
 * Who shall own which fields, where a writer says so itself (structuredMergeManager decodeManagedFieldsOnlyOnce): one empty
 * entry takes all owners away, entries that differ from the present ones replace them (as kubectl does when it takes over
 * from client-side apply). Undefined: nothing was said, or nothing that can be read.
 */
export function sentManagers(sent: ApiObject, present: readonly ManagedFieldsEntry[]): readonly Manager[] | undefined {
  const entries = sent.metadata.managedFields;
  if (entries === undefined || entries.length === 0) return undefined;
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && Object.keys(only).length === 0) return [];
  if (equal(entries, present)) return undefined;
  const managers: Manager[] = [];
  for (const { manager, operation, apiVersion, time, fieldsType, fieldsV1, subresource = '' } of entries) {
    const known = operation === 'Apply' || operation === 'Update';
    if (!known || fieldsType !== 'FieldsV1' || !isSet(fieldsV1, 0)) return undefined;
    const at = time === undefined ? undefined : parseTime(time);
    managers.push({
      manager: manager ?? '',
      operation,
      apiVersion: apiVersion ?? '',
      subresource,
      time: at,
      fields: fieldsV1,
    });
  }
  return managers;
}

/** So deep may the paths of a sent set be. */
const DEEPEST = 64;

function isSet(value: unknown, depth: number): value is FieldSet {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > DEEPEST) return false;
  return Object.entries(value).every(([step, inner]) => /^(\.$|[fkvi]:)/.test(step) && isSet(inner, depth + 1));
}
