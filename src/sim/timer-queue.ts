/** One pending timer. `sequence` breaks ties, so timers due at one instant fire in the order they were set. */
export interface Timer {
  readonly at: number;
  readonly sequence: number;
  readonly background: boolean;
  readonly cause: number;
  run: (() => void) | undefined;
}

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.sequence < b.sequence);

/** A binary heap of timers. Cancelled timers (run === undefined) stay inside until they reach the top. */
export class TimerQueue {
  readonly #heap: Timer[] = [];

  push(timer: Timer): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(timer);
    while (index > 0) {
      const up = (index - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || before(parent, timer)) break;
      heap[index] = parent;
      index = up;
    }
    heap[index] = timer;
  }

  /** The earliest live timer, which stays in the queue. */
  peek(): Timer | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (top.run !== undefined) return top;
      this.pop();
    }
    return undefined;
  }

  pop(): Timer | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && before(right, left)) child++;
      const least = heap[child];
      if (least === undefined || before(last, least)) break;
      heap[index] = least;
      index = child;
    }
    heap[index] = last;
    return top;
  }
}
