/** Lines from..to of the old file became lines at..until of the new one. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly until: number;
}

/** The shortest edit (E. Myers, "An O(ND) Difference Algorithm"). */
export function changesOf(a: readonly string[], b: readonly string[]): readonly Change[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const n = endA - start;
  const m = endB - start;
  const max = n + m;
  let v = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  search: for (let d = 0; d <= max; d++) {
    trace.push(new Map(v));
    for (let k = -d; k <= d; k += 2) {
      let x =
        k === -d || (k !== d && (v.get(k - 1) ?? -1) < (v.get(k + 1) ?? -1))
          ? (v.get(k + 1) ?? 0)
          : (v.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < n && y < m && a[start + x] === b[start + y]) {
        x++;
        y++;
      }
      v.set(k, x);
      if (x >= n && y >= m) break search;
    }
  }
  const removed = new Set<number>();
  const added = new Set<number>();
  let [x, y] = [n, m];
  for (let d = trace.length - 1; d > 0; d--) {
    v = trace[d] ?? v;
    const k = x - y;
    const before = k === -d || (k !== d && (v.get(k - 1) ?? -1) < (v.get(k + 1) ?? -1)) ? k + 1 : k - 1;
    const fromX = v.get(before) ?? 0;
    const fromY = fromX - before;
    while (x > fromX && y > fromY) {
      x--;
      y--;
    }
    if (x === fromX) added.add(start + --y);
    else removed.add(start + --x);
  }
  const changes: Change[] = [];
  for (let i = start, j = start; i < endA || j < endB;) {
    if (!removed.has(i) && !added.has(j)) {
      i++;
      j++;
      continue;
    }
    const [from, at] = [i, j];
    while (removed.has(i)) i++;
    while (added.has(j)) j++;
    changes.push({ from, to: i, at, until: j });
  }
  return changes;
}
