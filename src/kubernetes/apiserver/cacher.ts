import type { Kind } from '../apimachinery/kind';
import type { ApiObject } from '../apimachinery/object';

/**
 * A set of objects by key, in the order in which they came. A list that was handed out stays as it is; the next one has
 * every object at the same place unless something was taken out, so whoever keeps the last list sees by comparing what
 * changed.
 */
class Group<T> {
  readonly #places = new Map<string, number>();
  #items: (T | undefined)[] = [];
  #lent = false;
  #holes = 0;

  get size(): number {
    return this.#places.size;
  }
  get list(): readonly T[] {
    if (this.#holes > 0) this.#compact();
    this.#lent = true;
    return this.#items as readonly T[];
  }
  get(key: string): T | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#items[place];
  }
  set(key: string, object: T): void {
    const items = this.#own();
    const place = this.#places.get(key);
    if (place !== undefined) items[place] = object;
    else {
      this.#places.set(key, items.length);
      items.push(object);
    }
  }
  delete(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    this.#own()[place] = undefined;
    this.#holes++;
  }

  /** The items, no longer in anybody else's hands. */
  #own(): (T | undefined)[] {
    if (this.#lent) this.#items = this.#items.slice();
    this.#lent = false;
    return this.#items;
  }

  #compact(): void {
    const items: (T | undefined)[] = [];
    for (const [key, place] of this.#places) {
      this.#places.set(key, items.length);
      items.push(this.#items[place]);
    }
    this.#items = items;
    this.#lent = false;
    this.#holes = 0;
  }
}

export const noObjects: readonly never[] = Object.freeze([]);

/**
 * The newest state of all objects of a kind in memory, found by namespace, owner and the kind's own indexes without a
 * search: the apiserver's watch cache.
 */
export class Cacher<T extends ApiObject = ApiObject> {
  readonly all = new Group<T>();
  readonly #namespaces = new Map<string, Group<T>>();
  readonly #indexes = new Map<string, Map<string, Group<T>>>();

  constructor(readonly kind: Kind<T>) {
    for (const name of kind.indexNames) this.#indexes.set(name, new Map());
    this.#indexes.set('owner', new Map());
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return namespace === undefined ? this.all.get(name) : this.#namespaces.get(namespace)?.get(name);
  }

  list(namespace?: string): readonly T[] {
    return namespace === undefined ? this.all.list : (this.#namespaces.get(namespace)?.list ?? noObjects);
  }

  byIndex(index: string, value: string): readonly T[] {
    return this.#indexes.get(index)?.get(value)?.list ?? noObjects;
  }

  /** Takes in one change. */
  apply(key: string, object: T | undefined, old: T | undefined): void {
    if (object === undefined) this.all.delete(key);
    else this.all.set(key, object);
    const namespace = (object ?? old)?.metadata.namespace;
    if (namespace !== undefined) this.#group(this.#namespaces, namespace, (object ?? old)?.metadata.name ?? '', object);

    for (const [index, groups] of this.#indexes) {
      const before = old === undefined ? undefined : this.indexValues(index, old);
      const after = object === undefined ? undefined : this.indexValues(index, object);
      if (before === undefined && after === undefined) continue;
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
