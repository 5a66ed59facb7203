/** From how many entries on a real map is used. */
const MANY = 8;

/**
 * What a directory holds, by name, in the order in which it came. Most directories have a handful of entries, for which
 * a map would take more room and time than all else of a directory.
 */
export class Names<T> {
  #names: string[] | undefined;
  #values: T[] | undefined;
  #map: Map<string, T> | undefined;

  get size(): number {
    return this.#map?.size ?? this.#names?.length ?? 0;
  }

  get(name: string): T | undefined {
    if (this.#map !== undefined) return this.#map.get(name);
    const index = this.#names?.indexOf(name) ?? -1;
    return index < 0 ? undefined : this.#values?.[index];
  }

  has(name: string): boolean {
    return this.#map?.has(name) ?? this.#names?.includes(name) ?? false;
  }

  set(name: string, value: T): void {
    if (this.#map !== undefined) {
      this.#map.set(name, value);
      return;
    }
    const names = (this.#names ??= []);
    const values = (this.#values ??= []);
    const index = names.indexOf(name);
    if (index >= 0) values[index] = value;
    else if (names.length < MANY) {
      names.push(name);
      values.push(value);
    } else {
      this.#map = new Map(this.#pairs());
      this.#map.set(name, value);
      this.#names = this.#values = undefined;
    }
  }

  delete(name: string): void {
    this.#map?.delete(name);
    const index = this.#names?.indexOf(name) ?? -1;
    if (index < 0) return;
    this.#names?.splice(index, 1);
    this.#values?.splice(index, 1);
  }

  [Symbol.iterator](): Iterator<readonly [string, T]> {
    return this.#map?.entries() ?? this.#pairs()[Symbol.iterator]();
  }

  #pairs(): readonly (readonly [string, T])[] {
    const pairs: [string, T][] = [];
    const values = this.#values;
    if (values !== undefined)
      this.#names?.forEach((name, index) => {
        pairs.push([name, values[index] as T]);
      });
    return pairs;
  }
}
