import { decode, encode } from '../../../linux/io/bytes';
import { diffLines, splitLines, type Change } from './xdiff';

export interface MergedFile {
  readonly bytes: Uint8Array;
  readonly conflicts: number;
}

export interface Labels {
  readonly ours: string;
  readonly theirs: string;
  /** Shown with `diff3`. */
  readonly base?: string;
}

/** Three-way merge of texts, with markers where both sides changed the same lines (xdl_merge, XDL_MERGE_ZEALOUS). */
export function mergeFile(
  base: Uint8Array,
  ours: Uint8Array,
  theirs: Uint8Array,
  labels: Labels,
  favor?: 'ours' | 'theirs',
): MergedFile {
  const [o, a, b] = [base, ours, theirs].map((bytes) => splitLines(decode(bytes))) as [
    readonly string[],
    readonly string[],
    readonly string[],
  ];
  const left = diffLines(o, a);
  const right = diffLines(o, b);
  let text = '';
  let conflicts = 0;
  let [at, i, j] = [0, 0, 0];
  /** Where a line of the base is on a side, given what has been passed. */
  let [shiftA, shiftB] = [0, 0];
  while (i < left.length || j < right.length) {
    const [x, y] = [left[i], right[j]];
    const overlaps = x !== undefined && y !== undefined && x.from <= y.from + y.before && y.from <= x.from + x.before;
    if (!overlaps) {
      const first = y === undefined || (x !== undefined && x.from < y.from) ? x : y;
      if (first === undefined) break;
      text += o.slice(at, first.from).join('');
      const side = first === x ? a : b;
      text += side.slice(first.to, first.to + first.after).join('');
      at = first.from + first.before;
      if (first === x) {
        i++;
        shiftA = first.to + first.after - at;
      } else {
        j++;
        shiftB = first.to + first.after - at;
      }
      continue;
    }
    // A run of changes that touch each other, from both sides.
    let start = Math.min(x.from, y.from);
    let end = start;
    const group: { a: Change[]; b: Change[] } = { a: [], b: [] };
    for (let grown = true; grown;) {
      grown = false;
      for (
        let next = left[i];
        next !== undefined && (next.from <= end || (group.a.length === 0 && group.b.length === 0 && next === x));
        next = left[i]
      ) {
        group.a.push(next);
        end = Math.max(end, next.from + next.before);
        i++;
        grown = true;
      }
      for (let next = right[j]; next !== undefined && next.from <= end; next = right[j]) {
        group.b.push(next);
        end = Math.max(end, next.from + next.before);
        j++;
        grown = true;
      }
    }
    start = Math.min(...[...group.a, ...group.b].map(({ from }) => from));
    const range = (changes: readonly Change[], shift: number): readonly [number, number] => {
      const last = changes.at(-1);
      const after = last === undefined ? shift : last.to + last.after - (last.from + last.before);
      return [start + shift, end + after];
    };
    const [fromA, toA] = range(group.a, shiftA);
    const [fromB, toB] = range(group.b, shiftB);
    text += o.slice(at, start).join('');
    const made = conflict(a.slice(fromA, toA), b.slice(fromB, toB), o.slice(start, end), labels, favor);
    text += made.text;
    conflicts += made.conflicts;
    at = end;
    shiftA = toA - end;
    shiftB = toB - end;
  }
  text += o.slice(at).join('');
  return { bytes: encode(text), conflicts };
}

const closed = (lines: readonly string[]): string => {
  const text = lines.join('');
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
};

/** Two versions of the same lines: what they share stands outside of the markers (xdl_refine_conflicts). */
function conflict(
  ours: readonly string[],
  theirs: readonly string[],
  base: readonly string[],
  labels: Labels,
  favor: 'ours' | 'theirs' | undefined,
): { readonly text: string; readonly conflicts: number } {
  if (ours.join('') === theirs.join('')) return { text: ours.join(''), conflicts: 0 };
  if (favor !== undefined) return { text: (favor === 'ours' ? ours : theirs).join(''), conflicts: 0 };
  const marked = (mine: readonly string[], other: readonly string[]): string =>
    `<<<<<<< ${labels.ours}\n${closed(mine)}${labels.base === undefined ? '' : `||||||| ${labels.base}\n${closed(base)}`}=======\n${closed(other)}>>>>>>> ${labels.theirs}\n`;
  if (labels.base !== undefined) return { text: marked(ours, theirs), conflicts: 1 };
  const changes = diffLines(ours, theirs);
  // Conflicts three lines or less apart run together (xdl_simplify_non_conflicts).
  const merged: { from: number; before: number; to: number; after: number }[] = [];
  for (const change of changes) {
    const last = merged.at(-1);
    if (last !== undefined && change.from - (last.from + last.before) <= 3) {
      last.before = change.from + change.before - last.from;
      last.after = change.to + change.after - last.to;
    } else merged.push({ ...change });
  }
  let text = '';
  let at = 0;
  for (const { from, before, to, after } of merged) {
    text += ours.slice(at, from).join('') + marked(ours.slice(from, from + before), theirs.slice(to, to + after));
    at = from + before;
  }
  return { text: text + ours.slice(at).join(''), conflicts: merged.length };
}
