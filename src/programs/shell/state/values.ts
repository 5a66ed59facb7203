/** Which shell state may change an array in place; a fork gives both sides new ones, so that they copy before writing. */
export interface Owner {
  readonly id: symbol;
}

export const newOwner = (): Owner => ({ id: Symbol('shell') });

/** An indexed array: any subscripts from 0, in order. */
export class IndexedArray {
  #items = new Map<number, string>();
  #sorted = true;
  #last = -1;
  /** False while it is only declared: `declare -p` then shows no value. */
  assigned = false;

  constructor(readonly owner: Owner) {}

  static of(owner: Owner, values: readonly string[]): IndexedArray {
    const array = new IndexedArray(owner);
    array.assigned = true;
    values.forEach((value, index) => {
      array.set(index, value);
    });
    return array;
  }

  copy(owner: Owner): IndexedArray {
    const copy = new IndexedArray(owner);
    copy.#items = new Map(this.#items);
    copy.#sorted = this.#sorted;
    copy.#last = this.#last;
    copy.assigned = this.assigned;
    return copy;
  }

  get size(): number {
    return this.#items.size;
  }

  /** The highest subscript, -1 if empty. */
  get last(): number {
    this.#sort();
    return this.#last;
  }

  get(index: number): string | undefined {
    return this.#items.get(index);
  }

  set(index: number, value: string): void {
    if (index < this.#last && !this.#items.has(index)) this.#sorted = false;
    if (index > this.#last) this.#last = index;
    this.assigned = true;
    this.#items.set(index, value);
  }

  delete(index: number): void {
    this.#items.delete(index);
    if (index === this.#last) {
      this.#last = -1;
      for (const key of this.#items.keys()) if (key > this.#last) this.#last = key;
    }
  }

  keys(): string[] {
    this.#sort();
    return Array.from(this.#items.keys(), String);
  }

  values(): string[] {
    this.#sort();
    return [...this.#items.values()];
  }

  entries(): [number, string][] {
    this.#sort();
    return [...this.#items];
  }

  #sort(): void {
    if (this.#sorted) return;
    this.#items = new Map([...this.#items].sort(([a], [b]) => a - b));
    this.#sorted = true;
  }
}

/** hash_string() of bash's hashlib.c (FNV-1), which decides the order in which associative arrays are listed. */
function bucketOf(key: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash, 0x01000193) ^ key.charCodeAt(index);
  return (hash >>> 0) & (buckets - 1);
}

/** An associative array. Listed in the order of bash's hash table: by bucket, and in a bucket the newest first. */
export class AssociativeArray {
  #items = new Map<string, string>();
  #order: string[] | undefined;
  /** As for an indexed one. */
  assigned = false;

  constructor(readonly owner: Owner) {}

  copy(owner: Owner): AssociativeArray {
    const copy = new AssociativeArray(owner);
    copy.#items = new Map(this.#items);
    copy.assigned = this.assigned;
    return copy;
  }

  get size(): number {
    return this.#items.size;
  }

  get(key: string): string | undefined {
    return this.#items.get(key);
  }

  set(key: string, value: string): void {
    if (!this.#items.has(key)) this.#order = undefined;
    this.assigned = true;
    this.#items.set(key, value);
  }

  delete(key: string): void {
    this.#order = undefined;
    this.#items.delete(key);
  }

  keys(): string[] {
    if (this.#order !== undefined) return this.#order;
    let buckets = 1024;
    while (this.#items.size > buckets * 2) buckets *= 4;
    const ranked = [...this.#items.keys()].map((key, age) => ({ key, age, bucket: bucketOf(key, buckets) }));
    ranked.sort((a, b) => a.bucket - b.bucket || b.age - a.age);
    this.#order = ranked.map(({ key }) => key);
    return this.#order;
  }

  values(): string[] {
    return this.keys().map((key) => this.#items.get(key) ?? '');
  }

  entries(): [string, string][] {
    return this.keys().map((key) => [key, this.#items.get(key) ?? '']);
  }
}

export type Value = string | IndexedArray | AssociativeArray | undefined;
