import { decode } from '../../../linux/io/bytes';
import { quotePath } from './patch';
import { changesOf, changedLines, splitLines } from './xdiff';

interface Line {
  readonly text: string;
  /** For each parent: whether the line came new. */
  readonly added: readonly boolean[];
  /** Lines that parents had before this one and that went: for each, which parents had it. */
  readonly lost: readonly { readonly text: string; readonly parents: readonly boolean[] }[];
}

/** A file of a merge: what each parent had, and what came out of it. */
export interface Combined {
  readonly path: string;
  readonly parents: readonly Uint8Array[];
  readonly result: Uint8Array;
  /** Short names of the blobs: parents, then the result. */
  readonly names: readonly [readonly string[], string];
}

/** The lines of the result, and of the parents' what went (combine-diff.c). */
function combine(parents: readonly (readonly string[])[], result: readonly string[]): readonly Line[] {
  const count = parents.length;
  const added = result.map(() => Array.from({ length: count }, () => false));
  const lost: { text: string; parents: boolean[] }[][] = Array.from({ length: result.length + 1 }, () => []);
  parents.forEach((parent, which) => {
    for (const { from, before, to, after } of changesOf(changedLines(parent, result))) {
      for (let line = to; line < to + after; line++) {
        const flags = added[line];
        if (flags !== undefined) flags[which] = true;
      }
      const here = lost[to] ?? [];
      let at = 0;
      for (const text of parent.slice(from, from + before)) {
        const known = here.findIndex(
          (each, index) => index >= at && each.text === text && each.parents[which] === false,
        );
        if (known >= 0) {
          const flags = here[known]?.parents;
          if (flags !== undefined) flags[which] = true;
          at = known + 1;
        } else {
          here.splice(at >= here.length ? here.length : here.length, 0, {
            text,
            parents: Array.from({ length: count }, (_, index) => index === which),
          });
        }
      }
    }
  });
  return [...result, ''].map((text, index) => ({ text, added: added[index] ?? [], lost: lost[index] ?? [] }));
}

const interesting = ({ added, lost }: Line): boolean => lost.length > 0 || added.some((each) => each);

/** `diff --cc`: hunks in which every parent differs from the result. */
export function combinedDiff({ path, parents, result, names }: Combined, context = 3): string {
  const olds = parents.map((bytes) => splitLines(decode(bytes)));
  const lines = combine(olds, splitLines(decode(result)));
  const total = lines.length - 1;
  const count = parents.length;
  let text = '';
  /** How far each parent is ahead of the result, up to a line. */
  const offsets = parents.map(() => 0);
  let passed = 0;
  const pass = (to: number): void => {
    for (; passed < to; passed++) {
      const line = lines[passed];
      parents.forEach((_, which) => {
        offsets[which] =
          (offsets[which] ?? 0) +
          (line?.lost.filter((each) => each.parents[which]).length ?? 0) -
          (line?.added[which] === true ? 1 : 0);
      });
    }
  };
  // Runs of changes with fewer quiet lines between than there is context; those that some parent has as they are go.
  const groups: { from: number; to: number }[] = [];
  for (let index = 0; index <= total;) {
    const line = lines[index];
    if (line === undefined || !interesting(line)) {
      index++;
      continue;
    }
    let end = index + 1;
    for (let quiet = 0, at = index + 1; at <= total && quiet < context; at++) {
      const next = lines[at];
      if (next !== undefined && interesting(next)) {
        end = at + 1;
        quiet = 0;
      } else quiet++;
    }
    const changed = lines.slice(index, end);
    const differs = parents.every((_, which) =>
      changed.some((each) => each.added[which] === true || each.lost.some((gone) => gone.parents[which])),
    );
    const last = groups.at(-1);
    if (differs && last !== undefined && index - last.to <= 2 * context) last.to = end;
    else if (differs) groups.push({ from: index, to: end });
    index = end;
  }
  for (const { from, to: end } of groups) {
    const start = Math.max(0, from - context);
    const stop = Math.min(total, end + context);
    pass(start);
    const before = offsets.map((offset) => start + offset);
    const shown = lines.slice(start, stop);
    const last = stop === total && end > total ? (lines[total]?.lost ?? []) : [];
    const lengths = parents.map(
      (_, which) =>
        shown.reduce(
          (sum, each) =>
            sum + (each.added[which] === true ? 0 : 1) + each.lost.filter((gone) => gone.parents[which]).length,
          0,
        ) + last.filter((gone) => gone.parents[which]).length,
    );
    const at = '@'.repeat(count + 1);
    const ranges = lengths
      .map((length, which) => ` -${length === 0 ? 0 : (before[which] ?? 0) + 1},${length}`)
      .join('');
    text += `${at}${ranges} +${start + 1},${stop - start} ${at}${heading(lines, start)}\n`;
    const gone = (each: Line['lost'][number]): string =>
      `${each.parents.map((had) => (had ? '-' : ' ')).join('')}${closed(each.text)}`;
    for (const each of shown) {
      text += each.lost.map(gone).join('');
      text += `${each.added.map((flag) => (flag ? '+' : ' ')).join('')}${closed(each.text)}`;
    }
    text += last.map(gone).join('');
  }
  if (text === '') return '';
  const [old, young] = names;
  const shown = quotePath(path);
  return `diff --cc ${shown}\nindex ${old.join(',')}..${young}\n--- a/${shown}\n+++ b/${shown}\n${text}`;
}

const closed = (line: string): string => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`);

/** The line before it that looks like a function's head, without its last letter (so does dump_sline). */
function heading(lines: readonly Line[], start: number): string {
  for (let at = start - 1; at >= 0; at--) {
    const text = lines[at]?.text ?? '';
    if (/^[A-Za-z_$]/.test(text)) return ` ${text.replace(/\s+$/, '').slice(0, 40).slice(0, -1)}`;
  }
  return '';
}
