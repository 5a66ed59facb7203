/**
 * Go's sort.Sort: pattern-defeating quicksort. It is not stable, and the order in which it leaves equals shows in
 * `--sort-by`; this is the same sequence of comparisons and swaps. Source: Go 1.24 src/sort/zsortinterface.go.
 */
export function goSort<T>(items: readonly T[], less: (a: T, b: T) => boolean): T[] {
  const sorter = new Sorter([...items], less);
  // bits.Len of the length bounds the bad pivots.
  sorter.sort(0, items.length, 32 - Math.clz32(items.length));
  return sorter.items;
}

const insertionLength = 12;
const ninther = 50;

type Hint = 'unknown' | 'increasing' | 'decreasing';

class Sorter<T> {
  constructor(
    readonly items: T[],
    readonly less: (a: T, b: T) => boolean,
  ) {}

  #less(i: number, j: number): boolean {
    return this.less(this.items[i] as T, this.items[j] as T);
  }

  #swap(i: number, j: number): void {
    const kept = this.items[i] as T;
    this.items[i] = this.items[j] as T;
    this.items[j] = kept;
  }

  sort(from: number, to: number, badPivots: number): void {
    let [a, b, limit] = [from, to, badPivots];
    let balanced = true;
    let partitioned = true;
    for (;;) {
      const length = b - a;
      if (length <= insertionLength) return this.#insertion(a, b);
      if (limit === 0) return this.#heap(a, b);
      if (!balanced) {
        this.#scatter(a, b);
        limit--;
      }
      let { pivot, hint } = this.#pivot(a, b);
      if (hint === 'decreasing') {
        for (let i = a, j = b - 1; i < j; i++, j--) this.#swap(i, j);
        pivot = b - 1 - (pivot - a);
        hint = 'increasing';
      }
      if (balanced && partitioned && hint === 'increasing' && this.#nearlySorted(a, b)) return;
      if (a > 0 && !this.#less(a - 1, pivot)) {
        a = this.#partitionEqual(a, b, pivot);
        continue;
      }
      const { middle, already } = this.#partition(a, b, pivot);
      partitioned = already;
      const [left, right] = [middle - a, b - middle];
      const threshold = Math.floor(length / 8);
      if (left < right) {
        balanced = left >= threshold;
        this.sort(a, middle, limit);
        a = middle + 1;
      } else {
        balanced = right >= threshold;
        this.sort(middle + 1, b, limit);
        b = middle;
      }
    }
  }

  #insertion(a: number, b: number): void {
    for (let i = a + 1; i < b; i++) for (let j = i; j > a && this.#less(j, j - 1); j--) this.#swap(j, j - 1);
  }

  #heap(first: number, end: number): void {
    const size = end - first;
    for (let i = Math.floor((size - 1) / 2); i >= 0; i--) this.#sift(i, size, first);
    for (let i = size - 1; i >= 0; i--) {
      this.#swap(first, first + i);
      this.#sift(0, i, first);
    }
  }

  #sift(low: number, high: number, first: number): void {
    let root = low;
    for (;;) {
      let child = 2 * root + 1;
      if (child >= high) return;
      if (child + 1 < high && this.#less(first + child, first + child + 1)) child++;
      if (!this.#less(first + root, first + child)) return;
      this.#swap(first + root, first + child);
      root = child;
    }
  }

  /** Smaller ones to the left of the pivot, the others to the right. */
  #partition(a: number, b: number, pivot: number): { readonly middle: number; readonly already: boolean } {
    this.#swap(a, pivot);
    let [i, j] = [a + 1, b - 1];
    let already = true;
    for (;;) {
      while (i <= j && this.#less(i, a)) i++;
      while (i <= j && !this.#less(j, a)) j--;
      if (i > j) break;
      already = false;
      this.#swap(i, j);
      i++;
      j--;
    }
    this.#swap(j, a);
    return { middle: j, already };
  }

  /** Those equal to the pivot to the left; none is smaller. */
  #partitionEqual(a: number, b: number, pivot: number): number {
    this.#swap(a, pivot);
    let [i, j] = [a + 1, b - 1];
    for (;;) {
      while (i <= j && !this.#less(a, i)) i++;
      while (i <= j && this.#less(a, j)) j--;
      if (i > j) return i;
      this.#swap(i, j);
      i++;
      j--;
    }
  }

  /** Puts a few misplaced ones right; true when all are in order then. */
  #nearlySorted(a: number, b: number): boolean {
    let i = a + 1;
    for (let step = 0; step < 5; step++) {
      while (i < b && !this.#less(i, i - 1)) i++;
      if (i === b) return true;
      if (b - a < ninther) return false;
      this.#swap(i, i - 1);
      if (i - a >= 2) for (let j = i - 1; j >= 1 && this.#less(j, j - 1); j--) this.#swap(j, j - 1);
      if (b - i >= 2) for (let j = i + 1; j < b && this.#less(j, j - 1); j++) this.#swap(j, j - 1);
    }
    return false;
  }

  // xorshift, seeded with the length.
  #scatter(a: number, b: number): void {
    const length = b - a;
    if (length < 8) return;
    let random = BigInt(length);
    const mask = (1n << BigInt(32 - Math.clz32(length))) - 1n;
    const middle = a + Math.floor(length / 4) * 2;
    for (let at = middle - 1; at <= middle + 1; at++) {
      random ^= BigInt.asUintN(64, random << 13n);
      random ^= random >> 7n;
      random ^= BigInt.asUintN(64, random << 17n);
      const other = Number(random & mask);
      this.#swap(at, a + (other >= length ? other - length : other));
    }
  }

  #pivot(a: number, b: number): { pivot: number; hint: Hint } {
    const quarter = Math.floor((b - a) / 4);
    let [i, j, k] = [a + quarter, a + quarter * 2, a + quarter * 3];
    const swaps = { count: 0 };
    if (b - a >= ninther) {
      i = this.#median(i - 1, i, i + 1, swaps);
      j = this.#median(j - 1, j, j + 1, swaps);
      k = this.#median(k - 1, k, k + 1, swaps);
    }
    if (b - a >= 8) j = this.#median(i, j, k, swaps);
    const hint = swaps.count === 0 ? 'increasing' : swaps.count === 12 ? 'decreasing' : 'unknown';
    return { pivot: j, hint };
  }

  #median(first: number, second: number, third: number, swaps: { count: number }): number {
    let [a, b, c] = [first, second, third];
    const ordered = (x: number, y: number): readonly [number, number] => {
      if (!this.#less(y, x)) return [x, y];
      swaps.count++;
      return [y, x];
    };
    [a, b] = ordered(a, b);
    [b, c] = ordered(b, c);
    [, b] = ordered(a, b);
    return b;
  }
}
