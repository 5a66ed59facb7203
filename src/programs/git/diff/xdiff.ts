/** Marks which lines of the one and of the other text changed, as git's xdiff does (Myers, then groups are slid). */
export interface Changes {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** A run of changed lines: `before` lines go from `from`, `after` lines come at `to`. */
export interface Change {
  readonly from: number;
  readonly before: number;
  readonly to: number;
  readonly after: number;
}

/** Lines with their line ends; the last may have none. */
export const splitLines = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** xdl_recs_cmp: divides at the middle of the shortest way, forward and backward at once. */
function compare(
  a: Int32Array,
  b: Int32Array,
  [a0, a1, b0, b1]: readonly [number, number, number, number],
  mark: { readonly a: (line: number) => void; readonly b: (line: number) => void },
): void {
  let [fromA, toA, fromB, toB] = [a0, a1, b0, b1];
  while (fromA < toA && fromB < toB && a[fromA] === b[fromB]) {
    fromA++;
    fromB++;
  }
  while (fromA < toA && fromB < toB && a[toA - 1] === b[toB - 1]) {
    toA--;
    toB--;
  }
  if (fromA === toA) for (; fromB < toB; fromB++) mark.b(fromB);
  else if (fromB === toB) for (; fromA < toA; fromA++) mark.a(fromA);
  else {
    const [x, y] = middle(a, b, [fromA, toA, fromB, toB]);
    compare(a, b, [fromA, x, fromB, y], mark);
    compare(a, b, [x, toA, y, toB], mark);
  }
}

/** Where the furthest forward and backward ways meet (xdl_split, without its heuristics for large files). */
function middle(
  a: Int32Array,
  b: Int32Array,
  [fromA, toA, fromB, toB]: readonly [number, number, number, number],
): readonly [number, number] {
  const lowest = fromA - toB;
  const highest = toA - fromB;
  const forwardMiddle = fromA - fromB;
  const backwardMiddle = toA - toB;
  const odd = ((forwardMiddle - backwardMiddle) & 1) !== 0;
  const offset = -lowest + 1;
  const forward = new Int32Array(highest - lowest + 3);
  const backward = new Int32Array(highest - lowest + 3).fill(0x7fffffff);
  const kf = (diagonal: number): number => forward[diagonal + offset] ?? -1;
  const kb = (diagonal: number): number => backward[diagonal + offset] ?? 0x7fffffff;
  let [fMin, fMax, bMin, bMax] = [forwardMiddle, forwardMiddle, backwardMiddle, backwardMiddle];
  forward.fill(-1);
  forward[forwardMiddle + offset] = fromA;
  backward[backwardMiddle + offset] = toA;
  for (;;) {
    if (fMin > lowest) forward[--fMin - 1 + offset] = -1;
    else ++fMin;
    if (fMax < highest) forward[++fMax + 1 + offset] = -1;
    else --fMax;
    for (let d = fMax; d >= fMin; d -= 2) {
      let x = kf(d - 1) >= kf(d + 1) ? kf(d - 1) + 1 : kf(d + 1);
      let y = x - d;
      while (x < toA && y < toB && a[x] === b[y]) {
        x++;
        y++;
      }
      forward[d + offset] = x;
      if (odd && bMin <= d && d <= bMax && kb(d) <= x) return [x, y];
    }
    if (bMin > lowest) backward[--bMin - 1 + offset] = 0x7fffffff;
    else ++bMin;
    if (bMax < highest) backward[++bMax + 1 + offset] = 0x7fffffff;
    else --bMax;
    for (let d = bMax; d >= bMin; d -= 2) {
      let x = kb(d - 1) < kb(d + 1) ? kb(d - 1) : kb(d + 1) - 1;
      let y = x - d;
      while (x > fromA && y > fromB && a[x - 1] === b[y - 1]) {
        x--;
        y--;
      }
      backward[d + offset] = x;
      if (!odd && fMin <= d && d <= fMax && x <= kf(d)) return [x, y];
    }
  }
}

/** The changed lines of two texts given as lines. */
export function changedLines(
  before: readonly string[],
  after: readonly string[],
  key = (line: string) => line,
): Changes {
  const ids = new Map<string, number>();
  const idOf = (line: string): number => {
    const text = key(line);
    const known = ids.get(text) ?? ids.size;
    ids.set(text, known);
    return known;
  };
  const a = Int32Array.from(before, idOf);
  const b = Int32Array.from(after, idOf);
  const changes: Changes = { before: new Uint8Array(a.length), after: new Uint8Array(b.length) };
  // Lines that the other side has not cannot match; they are taken out first (xdl_cleanup_records).
  const inA = new Set(a);
  const inB = new Set(b);
  const keptA = indices(a, inB);
  const keptB = indices(b, inA);
  a.forEach((id, line) => {
    if (!inB.has(id)) changes.before[line] = 1;
  });
  b.forEach((id, line) => {
    if (!inA.has(id)) changes.after[line] = 1;
  });
  const restA = Int32Array.from(keptA, (line) => a[line] ?? 0);
  const restB = Int32Array.from(keptB, (line) => b[line] ?? 0);
  compare(restA, restB, [0, restA.length, 0, restB.length], {
    a: (line) => (changes.before[keptA[line] ?? 0] = 1),
    b: (line) => (changes.after[keptB[line] ?? 0] = 1),
  });
  compact(changes.before, before, a, changes.after);
  compact(changes.after, after, b, changes.before);
  return changes;
}

const indices = (values: Int32Array, wanted: ReadonlySet<number>): number[] => {
  const found: number[] = [];
  values.forEach((value, index) => {
    if (wanted.has(value)) found.push(index);
  });
  return found;
};

/** A group of changed lines, in xdl_change_compact's walk: `[start, end)`. */
interface Group {
  start: number;
  end: number;
}

class Groups {
  readonly group: Group = { start: 0, end: 0 };

  constructor(
    readonly changed: Uint8Array,
    readonly ids: Int32Array | undefined,
  ) {
    while (this.changed[this.group.end] === 1) this.group.end++;
  }

  next(): boolean {
    const { group, changed } = this;
    if (group.end === changed.length) return false;
    group.start = group.end + 1;
    group.end = group.start;
    while (changed[group.end] === 1) group.end++;
    return true;
  }

  previous(): boolean {
    const { group, changed } = this;
    if (group.start === 0) return false;
    group.end = group.start - 1;
    group.start = group.end;
    while (changed[group.start - 1] === 1) group.start--;
    return true;
  }

  slideDown(): boolean {
    const { group, changed, ids } = this;
    if (ids === undefined || group.end >= changed.length || ids[group.start] !== ids[group.end]) return false;
    changed[group.start++] = 0;
    changed[group.end++] = 1;
    while (changed[group.end] === 1) group.end++;
    return true;
  }

  slideUp(): boolean {
    const { group, changed, ids } = this;
    if (ids === undefined || group.start === 0 || ids[group.start - 1] !== ids[group.end - 1]) return false;
    changed[--group.start] = 1;
    changed[--group.end] = 0;
    while (changed[group.start - 1] === 1) group.start--;
    return true;
  }
}

/** Slides each group to where it reads best: beside a change of the other side, else by indentation. */
function compact(changed: Uint8Array, lines: readonly string[], ids: Int32Array, otherChanged: Uint8Array): void {
  const own = new Groups(changed, ids);
  const other = new Groups(otherChanged, undefined);
  const { group } = own;
  do {
    if (group.end === group.start) continue;
    let size: number;
    let earliest: number;
    let matching: number;
    do {
      size = group.end - group.start;
      matching = -1;
      while (own.slideUp()) other.previous();
      earliest = group.end;
      if (other.group.end > other.group.start) matching = group.end;
      while (own.slideDown()) {
        other.next();
        if (other.group.end > other.group.start) matching = group.end;
      }
    } while (size !== group.end - group.start);
    if (group.end === earliest) continue;
    if (matching !== -1) {
      while (other.group.end === other.group.start) {
        if (!own.slideUp()) break;
        other.previous();
      }
      continue;
    }
    const best = bestShift(lines, earliest, group.end, size);
    while (group.end > best) {
      if (!own.slideUp()) break;
      other.previous();
    }
  } while (own.next() && other.next());
}

/** A line's indentation in columns; -1 for a blank one. */
function indentOf(line: string | undefined): number {
  if (line === undefined) return -1;
  let columns = 0;
  for (const character of line) {
    if (character === '\t') columns += 8 - (columns % 8);
    else if (character === ' ') columns++;
    else if (/\s/.test(character)) continue;
    else return columns;
    if (columns >= 200) return 200;
  }
  return -1;
}

interface Measurement {
  readonly endOfFile: boolean;
  readonly indent: number;
  readonly preBlank: number;
  readonly preIndent: number;
  readonly postBlank: number;
  readonly postIndent: number;
}

function measure(lines: readonly string[], split: number): Measurement {
  const endOfFile = split >= lines.length;
  const indent = endOfFile ? -1 : indentOf(lines[split]);
  let [preBlank, preIndent, postBlank, postIndent] = [0, -1, 0, -1];
  for (let line = split - 1; line >= 0; line--) {
    preIndent = indentOf(lines[line]);
    if (preIndent !== -1) break;
    if (++preBlank === 20) {
      preIndent = 0;
      break;
    }
  }
  for (let line = split + 1; line < lines.length; line++) {
    postIndent = indentOf(lines[line]);
    if (postIndent !== -1) break;
    if (++postBlank === 20) {
      postIndent = 0;
      break;
    }
  }
  return { endOfFile, indent, preBlank, preIndent, postBlank, postIndent };
}

/** score_add_split, with its empirical weights. */
function score({ endOfFile, indent: own, preBlank, preIndent, postBlank, postIndent }: Measurement): {
  readonly indent: number;
  readonly penalty: number;
} {
  let penalty = 0;
  if (preIndent === -1 && preBlank === 0) penalty += 1;
  if (endOfFile) penalty += 21;
  const postBlanks = own === -1 ? 1 + postBlank : 0;
  const blanks = preBlank + postBlanks;
  penalty += -30 * blanks + 6 * postBlanks;
  const indent = own === -1 ? postIndent : own;
  const anyBlanks = blanks !== 0;
  if (indent !== -1 && preIndent !== -1) {
    if (indent > preIndent) penalty += anyBlanks ? 10 : -4;
    else if (indent < preIndent) {
      if (postIndent !== -1 && postIndent > indent) penalty += anyBlanks ? 17 : 24;
      else penalty += anyBlanks ? 17 : 23;
    }
  }
  return { indent, penalty };
}

function bestShift(lines: readonly string[], earliest: number, latest: number, size: number): number {
  let best = -1;
  let bestIndent = 0;
  let bestPenalty = 0;
  let shift = earliest;
  if (latest - size - 1 > shift) shift = latest - size - 1;
  if (latest - 100 > shift) shift = latest - 100;
  for (; shift <= latest; shift++) {
    const end = score(measure(lines, shift));
    const start = score(measure(lines, shift - size));
    const indent = end.indent + start.indent;
    const penalty = end.penalty + start.penalty;
    const worse = 60 * Number(indent > bestIndent) - 60 * Number(indent < bestIndent) + (penalty - bestPenalty);
    if (best === -1 || worse <= 0) {
      best = shift;
      bestIndent = indent;
      bestPenalty = penalty;
    }
  }
  return best;
}

/** The runs of changes, in order. */
export function changesOf({ before, after }: Changes): readonly Change[] {
  const found: Change[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (before[i] !== 1 && after[j] !== 1) {
      i++;
      j++;
      continue;
    }
    const [from, to] = [i, j];
    while (before[i] === 1) i++;
    while (after[j] === 1) j++;
    found.push({ from, before: i - from, to, after: j - to });
  }
  return found;
}

/** The changes between two texts. */
export const diffLines = (before: readonly string[], after: readonly string[]): readonly Change[] =>
  changesOf(changedLines(before, after));
