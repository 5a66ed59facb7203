import type { Commit, Oid } from './objects/object';

/**
 * The lines beside the commits of `git log --graph`: a column for each line of history that is still open. The drawing is
 * that of graph.c for the usual shapes: branches that part, merges of two, lines that move left when one ends.
 */
export class Graph {
  /** What each column waits for. */
  #columns: Oid[] = [];
  /** Lines that have to be drawn before the next commit. */
  #pending: string[] = [];

  constructor(readonly interesting: ReadonlySet<Oid>) {}

  /** The lines for a commit: those before its own, and its own. */
  commit({ oid, parents: all }: Commit): { readonly before: readonly string[]; readonly own: string } {
    const before = this.#pending;
    this.#pending = [];
    const parents = all.filter((parent) => this.interesting.has(parent));
    let at = this.#columns.indexOf(oid);
    if (at < 0) {
      at = this.#columns.length;
      this.#columns.push(oid);
    }
    const own = this.#columns.map((_, index) => (index === at ? '*' : '|')).join(' ');
    this.#after(at, parents);
    return { before, own: `${own} ` };
  }

  /** Beside further lines of the commit's text. */
  get padding(): string {
    const line = this.#pending.shift();
    return line ?? `${this.#columns.map(() => '|').join(' ')}${this.#columns.length === 0 ? ' ' : ' '}`;
  }

  /** Columns that wait for the same commit run together into the leftmost. */
  #after(at: number, parents: readonly Oid[]): void {
    const old = [...this.#columns];
    const [first, ...others] = parents;
    const lines: string[] = [];
    if (first === undefined) {
      this.#columns.splice(at, 1);
      // What stood right of it moves left.
      if (at < old.length - 1) lines.push(...shift(old.length, at));
      this.#pending = lines;
      return;
    }
    this.#columns[at] = first;
    let inserted = 0;
    for (const parent of others) {
      if (this.#columns.includes(parent)) continue;
      inserted++;
      this.#columns.splice(at + inserted, 0, parent);
    }
    if (inserted > 0) {
      const left = this.#columns
        .slice(0, at + 1)
        .map(() => '|')
        .join(' ');
      const right = old
        .slice(at + 1)
        .map(() => ' \\')
        .join('');
      lines.push(`${left}\\${'  '.repeat(inserted - 1)} ${right}`.replace(/\s+$/, '') + ' '.repeat(2));
    }
    for (;;) {
      const double = this.#columns.findIndex((oid, index) => this.#columns.indexOf(oid) < index);
      if (double < 0) break;
      const target = this.#columns.indexOf(this.#columns[double] ?? '');
      const width = this.#columns.length;
      this.#columns.splice(double, 1);
      lines.push(...collapse(width, double, target));
    }
    this.#pending = lines.map((line) => `${line.replace(/\s+$/, '')} `);
  }
}

/** `|/` : the column `from` runs into `to`, one step a line; those right of it follow. */
function collapse(width: number, from: number, to: number): readonly string[] {
  const lines: string[] = [];
  for (let column = from; column > to; column--) {
    let line = '';
    for (let index = 0; index < width; index++) {
      if (index === column) line = `${line.slice(0, -1)}/`;
      else if (index > from) line = `${line.slice(0, -1)}/ `;
      else line += index < column ? '| ' : '';
    }
    lines.push(line);
  }
  return lines;
}

function shift(width: number, gone: number): readonly string[] {
  let line = '';
  for (let index = 0; index < width; index++) {
    if (index < gone) line += '| ';
    else if (index > gone) line += ' /';
  }
  return [line];
}
