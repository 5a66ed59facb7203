/**
 * A map that forks in constant time: both sides share the entries until one of them writes. A subshell, a command
 * substitution and each stage of a pipeline get a copy of the whole shell state, and most never write to it.
 */
export class CowMap<K, V> {
  /** Made at the first write: most of a shell's maps stay empty. */
  #map: Map<K, V> | undefined;
  #shared = false;

  constructor(entries?: Iterable<readonly [K, V]>) {
    this.#map = entries === undefined ? undefined : new Map(entries);
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
    return this.#map?.size ?? 0;
  }

  get(key: K): V | undefined {
    return this.#map?.get(key);
  }

  has(key: K): boolean {
    return this.#map?.has(key) === true;
  }

  set(key: K, value: V): void {
    this.#own().set(key, value);
  }

  delete(key: K): boolean {
    if (!this.has(key)) return false;
    return this.#own().delete(key);
  }

  clear(): void {
    this.#map = undefined;
    this.#shared = false;
  }

  keys(): IterableIterator<K> {
    return (this.#map ?? new Map<K, V>()).keys();
  }

  entries(): IterableIterator<[K, V]> {
    return (this.#map ?? new Map<K, V>()).entries();
  }

  #own(): Map<K, V> {
    if (this.#map === undefined) this.#map = new Map();
    else if (this.#shared) this.#map = new Map(this.#map);
    this.#shared = false;
    return this.#map;
  }
}
