import { at, equal, isObject, list, text, type JsonObject } from '../json';

/** An entry of `metadata.managedFields`. */
type Entry = JsonObject;

/** A set of field paths: whether the path that leads here is in it, and what is below. */
interface FieldSet {
  member: boolean;
  readonly children: Map<string, FieldSet>;
}

const member = '.';
/** Sets of fields are only as deep as objects are; what is deeper is not read. */
const deepest = 200;

function setOf(fields: unknown, depth = 0): FieldSet {
  const entries = isObject(fields) && depth < deepest ? Object.entries(fields) : [];
  return {
    member: depth > 0 && (entries.length === 0 || entries.some(([key]) => key === member)),
    children: new Map(entries.filter(([key]) => key !== member).map(([key, inner]) => [key, setOf(inner, depth + 1)])),
  };
}

function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [key, inner] of b.children) {
    const own = children.get(key);
    children.set(key, own ? union(own, inner) : inner);
  }
  return { member: a.member || b.member, children };
}

const fieldsOf = (set: FieldSet): JsonObject =>
  Object.fromEntries([
    ...(set.member && set.children.size > 0 ? [[member, {}] as const] : []),
    ...[...set.children].map(([key, inner]) => [key, fieldsOf(inner)] as const),
  ]);

const entriesOf = (object: JsonObject): readonly Entry[] => list(object, 'metadata', 'managedFields').filter(isObject);

/** Managers that own a field by operations of this sort. Source: client-go util/csaupgrade, FindFieldsOwners. */
export function ownersOf(object: JsonObject, operation: 'Apply' | 'Update', path: readonly string[]): string[] {
  const keys = path.map((name) => `f:${name}`);
  return entriesOf(object)
    .filter((entry) => {
      if (text(entry, 'operation') !== operation) return false;
      const found = at(entry, 'fieldsV1', ...keys);
      return isObject(found) && (Object.keys(found).length === 0 || member in found);
    })
    .map((entry) => text(entry, 'manager'));
}

/** One client-side manager's fields become those of the server-side one (upgradedManagedFields). */
function upgraded(entries: readonly Entry[], from: string, to: string): readonly Entry[] {
  const is = (entry: Entry, manager: string, operation: string): boolean =>
    text(entry, 'manager') === manager && text(entry, 'operation') === operation && text(entry, 'subresource') === '';
  const old = (entry: Entry): boolean => is(entry, from, 'Update');
  let index = entries.findIndex((entry) => is(entry, to, 'Apply'));
  if (index < 0) index = entries.findIndex(old);
  const target = entries[index];
  if (!target) return entries;
  // What became the manager of applying keeps its fields; one that was there takes those of the same version.
  const same = old(target)
    ? undefined
    : entries.find((entry) => old(entry) && text(entry, 'apiVersion') === text(target, 'apiVersion'));
  const fields = same
    ? fieldsOf(union(setOf(at(target, 'fieldsV1')), setOf(at(same, 'fieldsV1'))))
    : at(target, 'fieldsV1');
  const replaced: Entry = { ...target, manager: to, operation: 'Apply', fieldsV1: fields };
  return entries.map((entry, i) => (i === index ? replaced : entry)).filter((entry) => !old(entry));
}

/** The JSON patch that makes fields of client-side managers those of a server-side one; undefined if there is nothing to do. */
export function upgradePatch(
  object: JsonObject,
  clientSide: Iterable<string>,
  serverSide: string,
): readonly JsonObject[] | undefined {
  const before = entriesOf(object);
  let after = before;
  for (const manager of clientSide) after = upgraded(after, manager, serverSide);
  if (equal(before, after)) return undefined;
  return [
    { op: 'replace', path: '/metadata/managedFields', value: after },
    // A conflict, if somebody else was quicker.
    { op: 'replace', path: '/metadata/resourceVersion', value: text(object, 'metadata', 'resourceVersion') },
  ];
}
