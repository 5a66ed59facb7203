import { chopped, paint, shape, wrap, type Cell, type Shaped } from './layout';
import { matches, places, type Pattern } from './search';
import type { Settings } from './settings';
import { size, type Text } from './text';

/** A row of the text: a line, and which of its rows where it is a long one. */
export interface Address {
  readonly line: number;
  readonly part: number;
}

/** What is seen of a text: pure, but for the lines that are still to be read (`need` says how many there must be). */
export class View {
  top: Address = { line: 0, part: 0 };
  /** First column shown with -S. */
  shift = 0;
  found: Pattern | undefined;
  filter: Pattern | undefined;
  #shaped = new Map<string, Shaped>();
  #key = '';

  constructor(
    readonly text: Text,
    readonly settings: Settings,
    public size: { readonly rows: number; readonly columns: number },
  ) {}

  /** Rows of text: all but the prompt's. */
  get height(): number {
    return Math.max(1, this.size.rows - 1);
  }

  shaped(line: number): Shaped {
    const { raw, tabs } = this.settings;
    if (this.#key !== raw + String(tabs) || this.#shaped.size > 5000) this.#shaped.clear();
    this.#key = raw + String(tabs);
    const text = this.text.lines[line] ?? '';
    let known = this.#shaped.get(text);
    if (known === undefined) this.#shaped.set(text, (known = shape(text, this.settings)));
    return known;
  }

  /** Whether a line is shown at all: not with a filter that it does not match, nor the second blank one with -s. */
  shows(line: number): boolean {
    if (this.filter !== undefined && !matches(this.filter, this.shaped(line).plain)) return false;
    return !this.settings.squeeze || line === 0 || this.text.lines[line] !== '' || this.text.lines[line - 1] !== '';
  }

  #parts(line: number): readonly (readonly Cell[])[] {
    const { cells } = this.shaped(line);
    const columns = this.size.columns - (this.settings.numbers ? 8 : 0);
    return this.settings.chop || this.shift > 0 ? [chopped(cells, this.shift, columns)] : wrap(cells, columns);
  }

  /** The first line at or after this one that is shown. */
  shownFrom(line: number): number {
    let at = line;
    while (at < this.text.lines.length && !this.shows(at)) at++;
    return at;
  }

  next({ line, part }: Address): Address {
    if (part + 1 < this.#parts(line).length) return { line, part: part + 1 };
    return { line: this.shownFrom(line + 1), part: 0 };
  }

  previous({ line, part }: Address): Address | undefined {
    if (part > 0) return { line, part: part - 1 };
    for (let before = line - 1; before >= 0; before--) {
      if (this.shows(before)) return { line: before, part: this.#parts(before).length - 1 };
    }
    return undefined;
  }

  /** The rows on the screen. */
  visible(): readonly Address[] {
    const rows: Address[] = [];
    for (
      let at: Address = this.top.part === 0 ? { line: this.shownFrom(this.top.line), part: 0 } : this.top;
      at.line < this.text.lines.length && rows.length < this.height;
      at = this.next(at)
    )
      rows.push(at);
    return rows;
  }

  /** What follows the last row. */
  below(): Address {
    const last = this.visible().at(-1);
    return last === undefined ? { line: this.text.lines.length, part: 0 } : this.next(last);
  }

  get atEnd(): boolean {
    return this.text.ended && this.below().line >= this.text.lines.length;
  }

  forward(count: number, beyond = false): void {
    for (let n = 0; n < count && (beyond || !this.atEnd); n++) {
      const next = this.next(this.top);
      if (next.line >= this.text.lines.length) break;
      this.top = next;
    }
  }

  back(count: number): void {
    for (let n = 0; n < count; n++) {
      const before = this.previous(this.top);
      if (before === undefined) break;
      this.top = before;
    }
  }

  goTo(line: number): void {
    this.top = { line: Math.max(0, Math.min(line, this.text.lines.length - 1)), part: 0 };
  }

  goToEnd(): void {
    this.top = { line: this.text.lines.length, part: 0 };
    this.back(this.height);
  }

  /** Byte in the text where a row begins. */
  byteOf({ line, part }: Address): number {
    if (part === 0) return this.text.startOf(line);
    const first = this.#parts(line)[part]?.[0]?.raw ?? 0;
    return this.text.startOf(line) + size((this.text.lines[line] ?? '').slice(0, first));
  }

  /** The rows as they are written; `~` after the end. */
  rows(): string[] {
    const { numbers, tildes, highlight } = this.settings;
    const rows = this.visible().map(({ line, part }) => {
      const { plain } = this.shaped(line);
      const found = this.found !== undefined && highlight ? places(this.found, plain) : [];
      const number = numbers ? `\x1b[1m${String(line + 1).padStart(7)}\x1b[m ` : '';
      return number + paint(this.#parts(line)[part] ?? [], found);
    });
    while (rows.length < this.height) rows.push(tildes ? '\x1b[1m~\x1b[m' : '');
    return rows;
  }

  /** The next line that matches, `from` included, among those that were read. */
  find(wanted: Pattern, from: number, forwards: boolean): number | undefined {
    for (let at = from; at >= 0 && at < this.text.lines.length; at += forwards ? 1 : -1) {
      if (this.shows(at) && matches(wanted, this.shaped(at).plain)) return at;
    }
    return undefined;
  }
}
