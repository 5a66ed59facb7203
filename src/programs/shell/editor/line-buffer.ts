import { charEnd, charStart } from './words';

/** One change, as undoing needs it (readline's UNDO_LIST). */
export type Change =
  | { readonly kind: 'insert'; readonly start: number; end: number; readonly typed: boolean }
  | { readonly kind: 'delete'; readonly start: number; readonly text: string }
  | { readonly kind: 'begin' }
  | { readonly kind: 'end' };

/** How many typed characters are undone as one. */
const RUN = 20;

/** The line being edited: a text, a cursor and a mark between its characters, and what changed so far. */
export class LineBuffer {
  #text = '';
  #cursor = 0;
  #mark = 0;
  #changes: Change[] = [];

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  get length(): number {
    return this.#text.length;
  }

  get mark(): number {
    return Math.min(this.#mark, this.#text.length);
  }

  set mark(position: number) {
    this.#mark = position;
  }

  get before(): string {
    return this.#text.slice(0, this.#cursor);
  }

  get after(): string {
    return this.#text.slice(this.#cursor);
  }

  /** What was changed since the line was put in place; history lines keep theirs. */
  get changes(): Change[] {
    return this.#changes;
  }

  get changed(): boolean {
    return this.#changes.length > 0;
  }

  /** Puts another line in place, with the cursor at its end or at `cursor`. It cannot be undone. */
  load(text: string, cursor = text.length, changes: Change[] = []): void {
    this.#text = text;
    this.#changes = changes;
    this.moveTo(cursor);
  }

  /** Moves the cursor; never between a character and what combines with it. */
  moveTo(position: number): void {
    const inside = Math.max(0, Math.min(position, this.#text.length));
    this.#cursor = inside === 0 || inside === this.#text.length ? inside : charStart(this.#text, inside);
  }

  /** `typed`: a run of single characters is undone at once. */
  insert(text: string, { typed = false } = {}): void {
    if (text === '') return;
    const start = this.#cursor;
    const last = this.#changes.at(-1);
    if (typed && last?.kind === 'insert' && last.typed && last.end === start && last.end - last.start < RUN)
      last.end += text.length;
    else this.#changes.push({ kind: 'insert', start, end: start + text.length, typed });
    this.#put(start, text);
  }

  /** Cuts out a stretch; the cursor stands where it was. */
  cut(from: number, to: number): string {
    const [start, end] = from < to ? [from, to] : [to, from];
    const text = this.#text.slice(start, end);
    if (text !== '') this.#changes.push({ kind: 'delete', start, text });
    this.#take(start, end);
    return text;
  }

  /** Puts a text in place of a stretch, undone as one; the cursor stands behind it. */
  replace(from: number, to: number, text: string): void {
    this.group(() => {
      this.cut(from, to);
      this.insert(text);
    });
  }

  /** Puts another text in place of all, undone as one. */
  set(text: string, cursor = text.length): void {
    if (text !== this.#text) this.replace(0, this.#text.length, text);
    this.moveTo(cursor);
  }

  /** Everything that `run` changes is undone at once. */
  group<T>(run: () => T): T {
    this.begin();
    try {
      return run();
    } finally {
      this.end();
    }
  }

  begin(): void {
    this.#changes.push({ kind: 'begin' });
  }

  end(): void {
    if (this.#changes.at(-1)?.kind === 'begin') this.#changes.pop();
    else this.#changes.push({ kind: 'end' });
  }

  /** Takes the last change back (rl_do_undo); false if there is none. */
  undo(): boolean {
    let open = 0;
    do {
      const change = this.#changes.pop();
      if (change === undefined) return false;
      if (change.kind === 'end') open++;
      else if (change.kind === 'begin') open = Math.max(0, open - 1);
      else if (change.kind === 'insert') this.#take(change.start, change.end);
      else if (change.kind === 'delete') this.#put(change.start, change.text);
    } while (open > 0);
    return true;
  }

  /** Where the character before the cursor begins: a base with everything that combines with it. */
  get previous(): number {
    return this.#cursor === 0 ? 0 : charStart(this.#text, this.#cursor - 1);
  }

  get next(): number {
    return charEnd(this.#text, this.#cursor);
  }

  #put(at: number, text: string): void {
    this.#text = this.#text.slice(0, at) + text + this.#text.slice(at);
    this.#cursor = at + text.length;
    if (this.#mark > at) this.#mark += text.length;
  }

  #take(start: number, end: number): void {
    this.#text = this.#text.slice(0, start) + this.#text.slice(end);
    this.#cursor = start;
    if (this.#mark > start) this.#mark = Math.max(start, this.#mark - (end - start));
  }
}
