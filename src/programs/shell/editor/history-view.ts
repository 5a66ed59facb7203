import type { Change, LineBuffer } from './line-buffer';

interface Line {
  text: string;
  changes: Change[];
}

/** The history as one line sees it while it is edited: its lines may be changed, and the newest is the line itself. */
export class HistoryView {
  #lines: (Line | undefined)[];
  #at: number;

  constructor(readonly history: readonly string[]) {
    this.#lines = [];
    this.#at = history.length;
  }

  /** Where the line shown is; `length` for the new one. */
  get at(): number {
    return this.#at;
  }

  get length(): number {
    return this.history.length;
  }

  /** A line as it is now, changed or not; undefined beyond the ends. The new line is '' until it was left. */
  text(at: number): string | undefined {
    if (at < 0 || at > this.history.length) return undefined;
    return this.#lines[at]?.text ?? this.history[at] ?? '';
  }

  /** Goes to a line, keeping what was done to the present one; false if there is none. */
  goTo(at: number, buffer: LineBuffer, cursor?: number): boolean {
    const text = this.text(at);
    if (text === undefined) return false;
    this.keep(buffer);
    this.#at = at;
    buffer.load(text, cursor ?? text.length, this.#lines[at]?.changes ?? []);
    return true;
  }

  keep(buffer: LineBuffer): void {
    this.#lines[this.#at] = { text: buffer.text, changes: buffer.changes };
  }

  /** Lines of the history that were changed and left: they stay so when another is accepted, as in readline. */
  changed(): readonly (readonly [number, string])[] {
    return [...this.#lines.entries()].flatMap(([at, line]) =>
      line === undefined || at === this.#at || at >= this.history.length || line.text === this.history[at]
        ? []
        : [[at, line.text] as const],
    );
  }
}
