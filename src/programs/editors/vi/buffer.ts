import type { Position } from './types';

interface Entry {
  readonly at: number;
  readonly old: readonly string[];
  /** How many lines stand there now. */
  size: number;
}

interface UndoStep {
  readonly number: number;
  readonly cursor: Position;
  readonly time: number;
  /** The change that an undo of this one leads to. */
  entries: Entry[];
}

export interface Undone {
  readonly cursor: Position | 'first non-blank';
  readonly line: number;
  /** How many lines more (or less) there are now. */
  readonly grown: number;
  readonly changed: number;
  readonly number: number;
  readonly time: number;
}

/** A text in lines, with marks that move along, and what takes every change back. */
export class Buffer {
  lines: string[] = [''];
  readonly marks = new Map<string, Position>();
  /** Where things were changed, newest last: g; and `'.`. */
  readonly changes: Position[] = [];
  /** Counts changes, so that others know what is stale. */
  tick = 0;
  modified = false;
  readOnly = false;
  /** The last line has no newline in the file. */
  noEndOfLine = false;
  /** No file is there yet. */
  isNew = false;
  /** The file was read (or written) under this name. */
  loaded = false;
  cursor: Position = { line: 0, col: 0 };
  top = 0;
  syntax = '';
  dos = false;
  /** Lines that `:g` has still to visit; they move along. */
  tracked: number[] = [];
  readonly #done: UndoStep[] = [];
  #undone: UndoStep[] = [];
  #open: UndoStep | undefined;
  #pending: Position | undefined;
  #counter = 0;
  /** The undo position that equals the file. */
  #saved = 0;
  /** For `U`: one line as it was before the newest changes in it. */
  lineBefore: { line: number; text: string } | undefined;

  constructor(
    readonly number: number,
    public name: string,
    private readonly now: () => number = () => 0,
  ) {}

  line(number: number): string {
    return this.lines[number] ?? '';
  }

  get last(): number {
    return this.lines.length - 1;
  }

  /** Sets the text without a trace: what was read from a file. */
  load(lines: readonly string[]): void {
    this.lines = lines.length === 0 ? [''] : [...lines];
    this.#done.length = 0;
    this.#undone = [];
    this.#open = undefined;
    this.#saved = 0;
    this.#counter = 0;
    this.modified = false;
    this.tick++;
  }

  get isEmpty(): boolean {
    return this.lines.length === 1 && this.lines[0] === '';
  }

  /** The one way to change the text: `remove` lines at `at` give way to others. Marks below move along. */
  replace(at: number, remove: number, lines: readonly string[], cursor: Position = { line: at, col: 0 }): void {
    const step = this.#step(cursor);
    const newest = step.entries.at(-1);
    if (remove === 1 && lines.length === 1) {
      this.#keepLine(at);
      if (newest === undefined || newest.size !== 1 || newest.old.length !== 1 || newest.at !== at)
        step.entries.push({ at, old: this.lines.slice(at, at + 1), size: 1 });
    } else step.entries.push({ at, old: this.lines.slice(at, at + remove), size: lines.length });
    this.#splice(at, remove, lines);
    if (lines.length !== remove) this.#moveMarks(at, remove, lines.length);
    this.modified = true;
    this.#changedAt(at, cursor);
  }

  setLine(at: number, text: string, cursor?: Position): void {
    if (this.line(at) !== text || this.#open === undefined) this.replace(at, 1, [text], cursor ?? { line: at, col: 0 });
  }

  #changedAt(at: number, cursor: Position): void {
    const position = { line: Math.min(at, this.last), col: cursor.line === at ? cursor.col : 0 };
    this.marks.set('.', position);
    if (this.changes.at(-1)?.line === position.line) this.changes.pop();
    this.changes.push(position);
  }

  #keepLine(at: number): void {
    if (this.lineBefore?.line !== at) this.lineBefore = { line: at, text: this.line(at) };
  }

  #splice(at: number, remove: number, lines: readonly string[]): void {
    if (lines.length < 10_000) this.lines.splice(at, remove, ...lines);
    else this.lines = [...this.lines.slice(0, at), ...lines, ...this.lines.slice(at + remove)];
    if (this.lines.length === 0) this.lines = [''];
    this.tick++;
  }

  #moveMarks(at: number, remove: number, added: number): void {
    const kept = Math.min(remove, added);
    for (const [name, { line, col }] of this.marks) {
      if (line < at + kept || '<>[]'.includes(name)) continue;
      if (line < at + remove) this.marks.delete(name);
      else this.marks.set(name, { line: line + added - remove, col });
    }
    if (this.tracked.length > 0) {
      this.tracked = this.tracked.flatMap((line) =>
        line < at + kept ? [line] : line < at + remove ? [] : [line + added - remove],
      );
    }
    const { lineBefore } = this;
    if (lineBefore && lineBefore.line >= at) this.lineBefore = undefined;
  }

  #step(cursor: Position): UndoStep {
    this.#open ??= { number: ++this.#counter, cursor: this.#pending ?? cursor, time: this.now(), entries: [] };
    return this.#open;
  }

  /** Where the cursor was before the change that begins now. */
  begin(cursor: Position): void {
    if (this.#open === undefined) this.#pending = cursor;
  }

  /** Ends an undo step: what comes now is undone by itself. */
  sync(): void {
    if (this.#open === undefined) return;
    if (this.#open.entries.length > 0) {
      this.#done.push(this.#open);
      if (this.#undone.length > 0) {
        this.#undone = [];
        if (this.#saved > this.#done.length - 1) this.#saved = -1;
      }
    }
    this.#open = undefined;
  }

  /** The text is what the file has. */
  saved(): void {
    this.sync();
    this.#saved = this.#done.length;
    this.modified = false;
  }

  undo(): Undone | undefined {
    this.sync();
    const step = this.#done.pop();
    if (step === undefined) return undefined;
    this.#undone.push(step);
    return this.#apply(step);
  }

  redo(): Undone | undefined {
    this.sync();
    const step = this.#undone.pop();
    if (step === undefined) return undefined;
    this.#done.push(step);
    return this.#apply(step);
  }

  /** Swaps what a step holds for what stands there; the cursor goes where vim's u_undoredo() puts it. */
  #apply(step: UndoStep): Undone {
    const before = this.lines.length;
    let line = 0;
    let first = Infinity;
    let changed = 0;
    const swapped: Entry[] = [];
    for (const [index, entry] of [...step.entries.entries()].reverse()) {
      const current = this.lines.slice(entry.at, entry.at + entry.size);
      const top = entry.at - 1;
      const saved = step.cursor.line - 1;
      if (top < first) {
        if (saved + 1 >= entry.at && saved + 1 <= entry.at + entry.old.length) {
          line = step.cursor.line;
          first = line - 1;
        } else {
          const differs = entry.old.findIndex((text, at) => at >= current.length || text !== current[at]);
          if (differs < 0 && first === Infinity && index === 0) {
            first = top;
            line = top + 1;
          } else if (differs >= 0) {
            first = top + differs;
            line = first + 1;
          }
        }
      }
      changed += entry.old.length;
      const wasEmpty = this.isEmpty && entry.at === 0 && entry.size === 0;
      this.#splice(entry.at, wasEmpty ? 1 : entry.size, entry.old);
      if (entry.size !== entry.old.length) this.#moveMarks(entry.at, entry.size, entry.old.length);
      swapped.push({ at: entry.at, old: current, size: entry.old.length });
    }
    step.entries = swapped;
    this.modified = this.#saved !== this.#done.length;
    if (step.cursor.line + 1 === line && line > 0) line--;
    line = Math.min(line, this.last);
    return {
      line,
      cursor: step.cursor.line === line ? step.cursor : 'first non-blank',
      grown: this.lines.length - before,
      changed,
      number: step.number,
      time: step.time,
    };
  }

  /** Number of the newest change, and how many can be undone. */
  get history(): {
    readonly steps: readonly { readonly number: number; readonly time: number; readonly changes: number }[];
  } {
    return {
      steps: this.#done.map(({ number, time, entries }) => ({ number, time, changes: entries.length })),
    };
  }
}
