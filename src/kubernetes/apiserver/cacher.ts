import type { Kind } from '../apimachinery/kind';
import { keyOf, type ApiObject } from '../apimachinery/object';

/**
 * Objects in the order in which they came. A list that was handed out stays as it is; the next one has every object at the
 * same place unless something was taken out, so whoever keeps the last list sees by comparing what changed.
 */
abstract class Lent<T> {
  #items: (T | undefined)[] = [];
  #lent = false;
  #holes = 0;

  get size(): number {
    return this.#items.length - this.#holes;
  }
  get list(): readonly T[] {
    if (this.#holes > 0) {
      this.#items = this.compact(this.#items);
      this.#holes = 0;
    }
    this.#lent = true;
    return this.#items as readonly T[];
  }
  protected at(place: number): T | undefined {
    return this.#items[place];
  }
  /** Gives the place. */
  protected push(object: T): number {
    return this.#own().push(object) - 1;
  }
  protected put(place: number, object: T): void {
    this.#own()[place] = object;
  }
  protected drop(place: number): void {
    this.#own()[place] = undefined;
    this.#holes++;
  }
  /** The items without holes, in a new list; from now on they have its places. */
  protected abstract compact(items: readonly (T | undefined)[]): T[];

  /** The items, no longer in anybody else's hands. */
  #own(): (T | undefined)[] {
    if (this.#lent) this.#items = this.#items.slice();
    this.#lent = false;
    return this.#items;
  }
}

/** Objects by key. */
class Group<T> extends Lent<T> {
  readonly #places = new Map<string, number>();

  get(key: string): T | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.at(place);
  }
  set(key: string, object: T): void {
    const place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, this.push(object));
    else this.put(place, object);
  }
  delete(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    this.drop(place);
  }

  protected override compact(items: readonly (T | undefined)[]): T[] {
    const left: T[] = [];
    for (const [key, place] of this.#places) this.#places.set(key, left.push(items[place] as T) - 1);
    return left;
  }
}

export const noObjects: readonly never[] = Object.freeze([]);

/** An object of the cache, and where it stands in the list of all and in that of its namespace. */
class Entry<T> {
  all = 0;
  space = 0;
  constructor(public object: T) {}
}

/** Objects without keys: whoever has the entry knows the place. */
class List<T> extends Lent<T> {
  #entries: (Entry<T> | undefined)[] = [];

  constructor(readonly place: 'all' | 'space') {
    super();
  }

  add(entry: Entry<T>): void {
    entry[this.place] = this.push(entry.object);
    this.#entries.push(entry);
  }
  replace(entry: Entry<T>): void {
    this.put(entry[this.place], entry.object);
  }
  delete(entry: Entry<T>): void {
    this.drop(entry[this.place]);
    this.#entries[entry[this.place]] = undefined;
  }

  protected override compact(): T[] {
    const entries = this.#entries.filter((entry) => entry !== undefined);
    for (const [index, entry] of entries.entries()) entry[this.place] = index;
    this.#entries = entries;
    return entries.map(({ object }) => object);
  }
}

/** What one namespace has of a kind; what has no namespace is in one without name. */
class Space<T> {
  readonly names = new Map<string, Entry<T>>();
  readonly list = new List<T>('space');
}

/**
 * The newest state of all objects of a kind in memory, found by namespace, owner and the kind's own indexes without a
 * search: the apiserver's watch cache.
 */
export class Cacher<T extends ApiObject = ApiObject> {
  readonly #all = new List<T>('all');
  readonly #spaces = new Map<string, Space<T>>();
  /** Gone through at every write. */
  readonly #indexes: readonly { readonly name: string; readonly groups: Map<string, Group<T>> }[];

  constructor(readonly kind: Kind<T>) {
    this.#indexes = [...kind.indexNames, 'owner'].map((name) => ({ name, groups: new Map<string, Group<T>>() }));
  }

  get size(): number {
    return this.#all.size;
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#spaces.get(namespace ?? '')?.names.get(name)?.object;
  }

  list(namespace?: string): readonly T[] {
    return namespace === undefined ? this.#all.list : (this.#spaces.get(namespace)?.list.list ?? noObjects);
  }

  byIndex(index: string, value: string): readonly T[] {
    return this.#indexes.find(({ name }) => name === index)?.groups.get(value)?.list ?? noObjects;
  }

  /** Takes in one change: `object` is there now, or `old` is gone. */
  apply(object: T | undefined, old: T | undefined): void {
    if (object !== undefined) this.#set(object);
    else if (old !== undefined) this.#delete(old);

    for (const { name: index, groups } of this.#indexes) {
      const before = old === undefined ? undefined : this.indexValues(index, old);
      const after = object === undefined ? undefined : this.indexValues(index, object);
      if (before === undefined && after === undefined) continue;
      const subject = object ?? old;
      const key = subject === undefined ? '' : keyOf(subject);
      eachValue(before, (value) => {
        if (!hasValue(after, value)) this.#group(groups, value, key, undefined);
      });
      eachValue(after, (value) => this.#group(groups, value, key, object));
    }
  }

  indexValues(index: string, object: T): IndexValues {
    if (index === 'owner') return ownerUids(object);
    return this.kind.indexValues(index, object);
  }

  #set(object: T): void {
    const { namespace, name } = object.metadata;
    let space = this.#spaces.get(namespace ?? '');
    if (space === undefined) this.#spaces.set(namespace ?? '', (space = new Space<T>()));
    const known = space.names.get(name);
    if (known !== undefined) {
      known.object = object;
      this.#all.replace(known);
      if (namespace !== undefined) space.list.replace(known);
      return;
    }
    const entry = new Entry(object);
    space.names.set(name, entry);
    this.#all.add(entry);
    if (namespace !== undefined) space.list.add(entry);
  }

  #delete({ metadata: { namespace, name } }: T): void {
    const space = this.#spaces.get(namespace ?? '');
    const entry = space?.names.get(name);
    if (space === undefined || entry === undefined) return;
    space.names.delete(name);
    this.#all.delete(entry);
    if (namespace !== undefined) space.list.delete(entry);
    if (space.names.size === 0) this.#spaces.delete(namespace ?? '');
  }

  #group(groups: Map<string, Group<T>>, value: string, key: string, object: T | undefined): void {
    let group = groups.get(value);
    if (object === undefined) {
      group?.delete(key);
      if (group?.size === 0) groups.delete(value);
      return;
    }
    if (group === undefined) groups.set(value, (group = new Group<T>()));
    group.set(key, object);
  }
}

export type IndexValues = string | readonly string[] | undefined;

export function eachValue(values: IndexValues, visit: (value: string) => void): void {
  if (values === undefined) return;
  if (typeof values === 'string') visit(values);
  else for (const value of values) visit(value);
}

export const hasValue = (values: IndexValues, value: string): boolean =>
  typeof values === 'string' ? values === value : values !== undefined && values.includes(value);

function ownerUids({ metadata: { ownerReferences } }: ApiObject): IndexValues {
  if (ownerReferences === undefined) return undefined;
  if (ownerReferences.length === 1) return ownerReferences[0]?.uid;
  return ownerReferences.map(({ uid }) => uid);
}
