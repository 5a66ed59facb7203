/** From how many entries on a real map is used. */
const MANY = 12;

/** One entry. A list of them is a third of the room of arrays, which grow by sixteen places. */
interface Entry<K, V> {
  readonly key: K;
  value: V;
  next: Entry<K, V> | undefined;
}

/**
 * A map that mostly has a handful of entries (a directory, the networks of a container), in the order in which they came:
 * a real one would take more room, and time, than all else of its owner.
 */
export class FewMap<K, V> {
  #first: Entry<K, V> | undefined;
  #map: Map<K, V> | undefined;

  constructor(entries?: Iterable<readonly [K, V]>) {
    if (entries !== undefined) for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    if (this.#map !== undefined) return this.#map.size;
    let size = 0;
    for (let at = this.#first; at !== undefined; at = at.next) size++;
    return size;
  }

  get(key: K): V | undefined {
    if (this.#map !== undefined) return this.#map.get(key);
    for (let at = this.#first; at !== undefined; at = at.next) if (at.key === key) return at.value;
    return undefined;
  }

  has(key: K): boolean {
    if (this.#map !== undefined) return this.#map.has(key);
    for (let at = this.#first; at !== undefined; at = at.next) if (at.key === key) return true;
    return false;
  }

  set(key: K, value: V): this {
    if (this.#map !== undefined) {
      this.#map.set(key, value);
      return this;
    }
    let count = 0;
    let last: Entry<K, V> | undefined;
    for (let at = this.#first; at !== undefined; at = at.next) {
      if (at.key === key) {
        at.value = value;
        return this;
      }
      last = at;
      count++;
    }
    if (count >= MANY) {
      this.#map = new Map(this.#pairs());
      this.#map.set(key, value);
      this.#first = undefined;
      return this;
    }
    const entry: Entry<K, V> = { key, value, next: undefined };
    if (last === undefined) this.#first = entry;
    else last.next = entry;
    return this;
  }

  delete(key: K): boolean {
    if (this.#map !== undefined) return this.#map.delete(key);
    let last: Entry<K, V> | undefined;
    for (let at = this.#first; at !== undefined; at = at.next) {
      if (at.key === key) {
        if (last === undefined) this.#first = at.next;
        else last.next = at.next;
        return true;
      }
      last = at;
    }
    return false;
  }

  clear(): void {
    this.#first = this.#map = undefined;
  }

  keys(): Iterable<K> {
    return this.#map?.keys() ?? this.#pairs().map(([key]) => key);
  }

  values(): Iterable<V> {
    return this.#map?.values() ?? this.#pairs().map(([, value]) => value);
  }

  [Symbol.iterator](): Iterator<readonly [K, V]> {
    return this.#map?.entries() ?? this.#pairs()[Symbol.iterator]();
  }

  #pairs(): readonly (readonly [K, V])[] {
    if (this.#map !== undefined) return [...this.#map];
    const pairs: (readonly [K, V])[] = [];
    for (let at = this.#first; at !== undefined; at = at.next) pairs.push([at.key, at.value]);
    return pairs;
  }
}
