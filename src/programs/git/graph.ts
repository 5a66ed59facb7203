import type { Commit, Oid } from './objects/object';

type State = 'padding' | 'commit' | 'post-merge' | 'collapsing';

/** The lines beside the commits of `git log --graph`, as graph.c draws them (but for merges of three and more). */
export class Graph {
  #commit: Oid = '';
  #parents: readonly Oid[] = [];
  #columns: readonly Oid[] = [];
  #newColumns: Oid[] = [];
  #mapping: number[] = [];
  #oldMapping: number[] = [];
  #width = 0;
  #state: State = 'padding';
  #previousState: State = 'padding';
  #commitIndex = 0;
  #previousIndex = 0;
  #layout = -1;
  #edges = 0;
  #previousEdges = 0;

  constructor(readonly interesting: ReadonlySet<Oid>) {}

  /** Goes on to the next commit (graph_update). */
  update({ oid, parents }: Commit): void {
    this.#commit = oid;
    this.#parents = parents.filter((parent) => this.interesting.has(parent));
    this.#previousIndex = this.#commitIndex;
    this.#updateColumns();
    this.#enter('commit');
  }

  #enter(state: State): void {
    this.#previousState = this.#state;
    this.#state = state;
  }

  #updateColumns(): void {
    this.#columns = this.#newColumns;
    this.#newColumns = [];
    const count = this.#columns.length;
    this.#mapping = Array.from({ length: 2 * (count + this.#parents.length) }, () => -1);
    this.#width = 0;
    this.#previousEdges = this.#edges;
    this.#edges = 0;
    let seen = false;
    for (let index = 0; index <= count; index++) {
      if (index === count && seen) break;
      const commit = this.#columns[index] ?? this.#commit;
      if (commit === this.#commit) {
        seen = true;
        this.#commitIndex = index;
        this.#layout = -1;
        for (const parent of this.#parents) this.#insert(parent, index);
        if (this.#parents.length === 0) this.#width += 2;
      } else this.#insert(commit, -1);
    }
    while (this.#mapping.length > 1 && (this.#mapping.at(-1) ?? -1) < 0) this.#mapping.pop();
  }

  #insert(commit: Oid, at: number): void {
    let column = this.#newColumns.indexOf(commit);
    if (column < 0) column = this.#newColumns.push(commit) - 1;
    let place: number;
    if (this.#parents.length > 1 && at > -1 && this.#layout === -1) {
      // The first parent of a merge decides whether it leans to the left or to the right.
      const distance = at - column;
      const shift = distance > 1 ? 2 * distance - 3 : 1;
      this.#layout = distance > 0 ? 0 : 1;
      this.#edges = this.#parents.length + this.#layout - 2;
      place = this.#width + (this.#layout - 1) * shift;
      this.#width += 2 * this.#layout;
    } else if (this.#edges > 0 && column === this.#mapping[this.#width - 2]) {
      place = this.#width - 2;
      this.#edges = -1;
    } else {
      place = this.#width;
      this.#width += 2;
    }
    this.#mapping[place] = column;
  }

  get finished(): boolean {
    return this.#state === 'padding';
  }

  /** The next line, as wide as the graph is here. */
  next(): string {
    const line =
      this.#state === 'commit'
        ? this.#commitLine()
        : this.#state === 'post-merge'
          ? this.#postMergeLine()
          : this.#state === 'collapsing'
            ? this.#collapsingLine()
            : this.#newColumns.map(() => '| ').join('');
    return line.padEnd(this.#width);
  }

  /** The line that stands between two commits. */
  get between(): string {
    return this.#newColumns.map(() => '| ').join('');
  }

  /** Each column, and the commit's own if it had none. */
  #each(visit: (commit: Oid, index: number, seen: boolean) => string): string {
    let text = '';
    let seen = false;
    for (let index = 0; index <= this.#columns.length; index++) {
      if (index === this.#columns.length && seen) break;
      const commit = this.#columns[index] ?? this.#commit;
      text += visit(commit, index, seen);
      seen ||= commit === this.#commit;
    }
    return text;
  }

  #commitLine(): string {
    const line = this.#each((commit, index, seen) => {
      if (commit === this.#commit) return '* ';
      if (seen && this.#edges > 1) return '\\ ';
      if (seen && this.#edges === 1) {
        const bent = this.#previousState === 'post-merge' && this.#previousEdges > 0 && this.#previousIndex < index;
        return bent ? '\\ ' : '| ';
      }
      const moving =
        this.#previousState === 'collapsing' &&
        this.#oldMapping[2 * index + 1] === index &&
        (this.#mapping[2 * index] ?? -1) < index;
      return moving ? '/ ' : '| ';
    });
    this.#enter(this.#parents.length > 1 ? 'post-merge' : this.#correct ? 'padding' : 'collapsing');
    return line;
  }

  #postMergeLine(): string {
    const [first] = this.#parents;
    let below = false;
    const line = this.#each((commit, index, seen) => {
      let text: string;
      if (commit === this.#commit) {
        text = '';
        let shape = this.#layout;
        for (let parent = 0; parent < this.#parents.length; parent++) {
          text += '/|\\'.charAt(shape);
          if (shape === 2) {
            if (this.#edges > 0 || parent < this.#parents.length - 1) text += ' ';
          } else shape++;
        }
        if (this.#edges === 0) text += ' ';
      } else if (seen) text = this.#edges > 0 ? '\\ ' : '| ';
      else text = `|${this.#layout !== 0 || index !== this.#commitIndex - 1 ? (below ? '_' : ' ') : ''}`;
      if (commit === first) below = true;
      return text;
    });
    this.#enter(this.#correct ? 'padding' : 'collapsing');
    return line;
  }

  #collapsingLine(): string {
    const old = this.#mapping;
    const mapping: number[] = old.map(() => -1);
    let edge = -1;
    let edgeTarget = -1;
    const run = (from: number, to: number, target: number): void => {
      for (let index = from; index < to; index += 2) mapping[index] = target;
    };
    old.forEach((target, index) => {
      if (target < 0) return;
      if (target * 2 === index) mapping[index] = target;
      else if ((mapping[index - 1] ?? -1) < 0) {
        mapping[index - 1] = target;
        if (edge !== -1) return;
        edge = index;
        edgeTarget = target;
        run(target * 2 + 3, index - 2, target);
      } else if (mapping[index - 1] !== target) {
        mapping[index - 2] = target;
        if (edge !== -1) return;
        edgeTarget = target;
        edge = index - 1;
        run(target * 2 + 3, index - 2, target);
      }
    });
    this.#oldMapping = [...mapping];
    if ((mapping.at(-1) ?? -1) < 0) mapping.pop();
    let horizontal = false;
    let line = '';
    for (let index = 0; index < mapping.length; index++) {
      const target = mapping[index] ?? -1;
      if (target < 0) line += ' ';
      else if (target * 2 === index) line += '|';
      else if (target === edgeTarget && index !== edge - 1) {
        if (index !== target * 2 + 3) mapping[index] = -1;
        horizontal = true;
        line += '_';
      } else {
        if (horizontal && index < edge) mapping[index] = -1;
        line += '/';
      }
    }
    this.#mapping = mapping;
    if (this.#correct) this.#enter('padding');
    return line;
  }

  /** Whether every line has come to its column. */
  get #correct(): boolean {
    return this.#mapping.every((target, index) => target < 0 || target === Math.floor(index / 2));
  }
}
