import { equal } from '../../apimachinery/equal';
import type { Kind } from '../../apimachinery/kind';
import type { ApiObject, ManagedFieldsEntry } from '../../apimachinery/object';
import { zeroOf } from '../../apimachinery/decode';
import { timeOf } from '../../apimachinery/time';
import { difference, setText, sortedSet, union, type FieldSet } from './field-set';
import { ownershipOf, setOwnership } from './ownership';
import { RecentSets } from './recent-sets';
import { sameChange } from './same-change';
import { changed, removed } from './typed';

/** Who owns which fields of an object, as one entry of metadata.managedFields says it. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  /** Milliseconds; absent for an apply that changed nothing but who owns what. */
  readonly time: number | undefined;
  readonly fields: FieldSet;
}

/** How an object came to be: enough to tell later who owns what. */
export interface Origin {
  readonly old: ApiObject | undefined;
  /** What the writer asked for, before the server's own changes: nobody owns those. */
  readonly intended: ApiObject;
  readonly manager: string;
  readonly subresource: string;
  readonly time: number;
  readonly depth: number;
}

export interface Write {
  readonly agent: string;
  readonly subresource: string;
  readonly time: number;
  readonly intended?: ApiObject | undefined;
}

/** So many writes are remembered before their owners are worked out, so that old versions can be forgotten. */
const longestChain = 16;

/** Members that belong to the server and so to nobody. */
const stripped: FieldSet = {
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    '.': {},
    'f:name': {},
    'f:namespace': {},
    'f:uid': {},
    'f:resourceVersion': {},
    'f:generation': {},
    'f:creationTimestamp': {},
    'f:selfLink': {},
    'f:managedFields': {},
    'f:deletionTimestamp': {},
    'f:deletionGracePeriodSeconds': {},
  },
};

/**
 * Field ownership. Controllers and kubelets write thousands of objects whose owners nobody ever asks for, so a write only
 * notes where it came from, and the entries are worked out when somebody reads them.
 */
export class ManagedFields {
  readonly #created = new Map<string, Creation>();
  readonly #recent = new RecentSets();
  #agent = '';
  #manager = '';

  /** `object` was just written over `old`. */
  record(kind: Kind, object: ApiObject, old: ApiObject | undefined, write: Write): void {
    const depth = old === undefined ? 0 : (ownershipOf(old)?.origin?.depth ?? 0) + 1;
    const { subresource, time, intended = object } = write;
    const manager = this.#managerOf(write.agent);
    if (depth > longestChain && old !== undefined) this.of(kind, old);
    const origin = { old, intended, manager, subresource, time, depth: depth > longestChain ? 1 : depth };
    setOwnership(object, { managers: undefined, origin });
  }

  /** The agent without its host; writes come in rows of one agent. */
  #managerOf(agent: string): string {
    if (agent !== this.#agent) {
      const host = agent.indexOf('@');
      this.#agent = agent;
      this.#manager = host < 0 ? agent : agent.slice(0, host);
    }
    return this.#manager;
  }

  /** Server-side apply knows the owners itself. */
  set(object: ApiObject, managers: readonly Manager[]): void {
    setOwnership(object, { managers, origin: undefined });
  }

  of(kind: Kind, object: ApiObject): readonly Manager[] {
    const owned = ownershipOf(object);
    if (owned === undefined) return [];
    const { managers, origin } = owned;
    if (managers !== undefined || origin === undefined) return managers ?? [];
    const found = origin.old === undefined ? this.#creator(kind, origin) : this.#writers(kind, origin, origin.old);
    owned.managers = found;
    owned.origin = undefined;
    return found;
  }

  entries(kind: Kind, object: ApiObject): readonly ManagedFieldsEntry[] {
    return entriesOf(this.of(kind, object));
  }

  /** The same as JSON text; empty where there are none. */
  entriesText(kind: Kind, object: ApiObject): string {
    return inOrder(this.of(kind, object)).map(entryText).join(',');
  }

  #writers(kind: Kind, origin: Origin, old: ApiObject): readonly Manager[] {
    const managers = updated(kind, this.of(kind, old), old, origin.intended, origin);
    return managers.map((each) => {
      const fields = this.#recent.share(kind.resource, each.fields);
      return fields === each.fields ? each : { ...each, fields };
    });
  }

  /** Who made an object has the fields that whoever made the last one like it has: nothing is worked out twice. */
  #creator(kind: Kind, origin: Origin): readonly Manager[] {
    const { manager, subresource, intended, time } = origin;
    const key = `${kind.resource} ${manager} ${subresource}`;
    const like = this.#created.get(key);
    const [first, ...others] = like?.managers ?? [];
    if (
      like !== undefined &&
      like.kind === kind &&
      first !== undefined &&
      others.length === 0 &&
      sameChange(kind.schema, nothing(kind), like.intended, intended)
    )
      return first.time === time ? like.managers : [{ ...first, time }];
    const managers = updated(kind, [], undefined, intended, origin);
    // Names of managers are the clients' own.
    if (this.#created.size >= creationsKept) this.#created.clear();
    this.#created.set(key, { kind, intended, managers });
    return managers;
  }
}

const creationsKept = 256;

/** An object that was made, and what came of it. */
interface Creation {
  readonly kind: Kind;
  readonly intended: ApiObject;
  readonly managers: readonly Manager[];
}

/** What an object is measured against that was not there before. */
const zeros = new WeakMap<object, object>();
function nothing({ schema }: Kind): object | undefined {
  if (schema === undefined) return undefined;
  let zero = zeros.get(schema);
  if (zero === undefined) zeros.set(schema, (zero = zeroOf(schema)));
  return zero;
}

/** Manager.Update: the writer owns what it changed, and nobody owns what is gone. */
export function updated(
  kind: Kind,
  managers: readonly Manager[],
  old: ApiObject | undefined,
  now: ApiObject,
  { manager, subresource, time }: Pick<Origin, 'manager' | 'subresource' | 'time'>,
): readonly Manager[] {
  const before: unknown = old ?? nothing(kind);
  const all = changed(kind.schema, before, now);
  const added = difference(subresource === 'status' || subresource === 'approval' ? all : withoutStatus(all), stripped);
  const gone = old === undefined ? undefined : removed(kind.schema, old, now);
  const isWriter = (each: Manager): boolean =>
    each.manager === manager &&
    each.operation === 'Update' &&
    each.subresource === subresource &&
    each.apiVersion === kind.apiVersion;
  const kept: Manager[] = [];
  let mine: FieldSet | undefined;
  let previous: Manager | undefined;
  for (const each of managers) {
    const left = difference(difference(each.fields, gone), isWriter(each) ? undefined : added);
    if (isWriter(each)) {
      mine = left;
      previous = each;
    } else if (left !== undefined) kept.push(left === each.fields ? each : { ...each, fields: left });
  }
  const fields = union(mine, added);
  // The time tells when the set of fields changed, not their values.
  const since = previous !== undefined && equal(previous.fields, fields) ? previous.time : time;
  if (fields !== undefined)
    kept.push({ manager, operation: 'Update', apiVersion: kind.apiVersion, subresource, time: since, fields });
  return kept;
}

/** In the order of the server: applies first, then by time and name. */
const inOrder = (managers: readonly Manager[]): readonly Manager[] =>
  managers.length < 2
    ? managers
    : [...managers].sort(
        (a, b) =>
          compare(a.operation, b.operation) ||
          Math.floor((a.time ?? 0) / 1000) - Math.floor((b.time ?? 0) / 1000) ||
          compare(a.manager, b.manager) ||
          compare(a.apiVersion, b.apiVersion) ||
          compare(a.subresource, b.subresource),
      );

export const entriesOf = (managers: readonly Manager[]): readonly ManagedFieldsEntry[] =>
  inOrder(managers).map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
    manager,
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time: timeOf(time) }),
    fieldsType: 'FieldsV1',
    fieldsV1: sortedSet(fields),
    ...(subresource === '' ? {} : { subresource }),
  }));

/** An entry as JSON text, its members in the order of `entriesOf`. */
function entryText({ manager, operation, apiVersion, time, fields, subresource }: Manager): string {
  const since = time === undefined ? '' : `,"time":"${timeOf(time)}"`;
  const part = subresource === '' ? '' : `,"subresource":${JSON.stringify(subresource)}`;
  return `{"manager":${JSON.stringify(manager)},"operation":"${operation}","apiVersion":${JSON.stringify(apiVersion)}${since},"fieldsType":"FieldsV1","fieldsV1":${setText(fields)}${part}}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What nobody can own is no part of a configuration either. */
export const ownable = (set: FieldSet | undefined): FieldSet | undefined => difference(set, stripped);

/** The status belongs to who writes the status subresource (resetFields). */
function withoutStatus(set: FieldSet | undefined): FieldSet | undefined {
  if (set === undefined || !('f:status' in set)) return set;
  const { 'f:status': _status, ...rest } = set;
  return Object.keys(rest).length === 0 ? undefined : rest;
}
