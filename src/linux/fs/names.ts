/** From how many entries on a real map is used. */
const MANY = 12;

/** One name. A list of them is a third of the room of arrays, which grow by sixteen places. */
interface Entry<T> {
  readonly name: string;
  value: T;
  next: Entry<T> | undefined;
}

/**
 * What a directory holds, by name, in the order in which it came. Most directories have a handful of entries, for which
 * a map would take more room and time than all else of a directory.
 */
export class Names<T> {
  #first: Entry<T> | undefined;
  #map: Map<string, T> | undefined;

  get size(): number {
    if (this.#map !== undefined) return this.#map.size;
    let size = 0;
    for (let at = this.#first; at !== undefined; at = at.next) size++;
    return size;
  }

  get(name: string): T | undefined {
    return this.#map === undefined ? this.#find(name)?.value : this.#map.get(name);
  }

  has(name: string): boolean {
    return this.#map?.has(name) ?? this.#find(name) !== undefined;
  }

  set(name: string, value: T): void {
    if (this.#map !== undefined) {
      this.#map.set(name, value);
      return;
    }
    let count = 0;
    let last: Entry<T> | undefined;
    for (let at = this.#first; at !== undefined; at = at.next) {
      if (at.name === name) {
        at.value = value;
        return;
      }
      last = at;
      count++;
    }
    if (count >= MANY) {
      this.#map = new Map(this.#pairs());
      this.#map.set(name, value);
      this.#first = undefined;
      return;
    }
    const entry: Entry<T> = { name, value, next: undefined };
    if (last === undefined) this.#first = entry;
    else last.next = entry;
  }

  delete(name: string): void {
    this.#map?.delete(name);
    let last: Entry<T> | undefined;
    for (let at = this.#first; at !== undefined; at = at.next) {
      if (at.name === name) {
        if (last === undefined) this.#first = at.next;
        else last.next = at.next;
        return;
      }
      last = at;
    }
  }

  [Symbol.iterator](): Iterator<readonly [string, T]> {
    return this.#map?.entries() ?? this.#pairs()[Symbol.iterator]();
  }

  #find(name: string): Entry<T> | undefined {
    for (let at = this.#first; at !== undefined; at = at.next) if (at.name === name) return at;
    return undefined;
  }

  #pairs(): readonly (readonly [string, T])[] {
    const pairs: [string, T][] = [];
    for (let at = this.#first; at !== undefined; at = at.next) pairs.push([at.name, at.value]);
    return pairs;
  }
}
