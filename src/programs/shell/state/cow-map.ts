/**
 * A map that forks in constant time: both sides share the entries until one of them writes. A subshell, a command
 * substitution and each stage of a pipeline get a copy of the whole shell state, and most never write to it.
 */
export class CowMap<K, V> {
  #map: Map<K, V>;
  #shared = false;

  constructor(entries: Iterable<readonly [K, V]> = []) {
    this.#map = new Map(entries);
  }

  /** A copy that sees none of the later changes of this one, nor this one of its. */
  fork(): CowMap<K, V> {
    const copy = new CowMap<K, V>();
    copy.#map = this.#map;
    copy.#shared = true;
    this.#shared = true;
    return copy;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  has(key: K): boolean {
    return this.#map.has(key);
  }

  set(key: K, value: V): void {
    this.#own();
    this.#map.set(key, value);
  }

  delete(key: K): boolean {
    if (!this.#map.has(key)) return false;
    this.#own();
    return this.#map.delete(key);
  }

  clear(): void {
    this.#map = new Map();
    this.#shared = false;
  }

  keys(): IterableIterator<K> {
    return this.#map.keys();
  }

  entries(): IterableIterator<[K, V]> {
    return this.#map.entries();
  }

  #own(): void {
    if (!this.#shared) return;
    this.#map = new Map(this.#map);
    this.#shared = false;
  }
}
