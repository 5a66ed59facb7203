/** Where a text came from: decides how messages name it. */
export type SourceKind = 'command' | 'stdin' | 'file' | 'eval' | 'prompt';

/** A text that commands came from, so that a position in it has a line number. */
export class Source {
  readonly text: string;
  /** As messages call it: `bash`, a script's path. */
  readonly name: string;
  readonly kind: SourceKind;
  /** What messages call a text of kind `eval`. */
  readonly label: string | undefined;
  readonly #firstLine: number;
  #starts: readonly number[] | undefined;

  constructor(text: string, name: string, kind: SourceKind = 'command', firstLine = 1, label?: string) {
    this.text = text;
    this.name = name;
    this.kind = kind;
    this.label = label;
    this.#firstLine = firstLine;
  }

  /** The line of a position, counted from the source's first line. */
  lineAt(position: number): number {
    const starts = this.#lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return this.#firstLine + low;
  }

  /** Another text in its place, with the same lines. */
  withText(text: string): Source {
    return text === this.text ? this : new Source(text, this.name, this.kind, this.#firstLine, this.label);
  }

  /** The same text, its lines counted so that a position is on `line`. */
  counted(position: number, line: number): Source {
    const first = this.#firstLine + line - this.lineAt(position);
    if (first === this.#firstLine) return this;
    const moved = new Source(this.text, this.name, this.kind, first, this.label);
    moved.#starts = this.#starts;
    return moved;
  }

  /** The text of the line that a position is on. */
  lineText(position: number): string {
    const start = this.text.lastIndexOf('\n', position - 1) + 1;
    const end = this.text.indexOf('\n', position);
    return this.text.slice(start, end < 0 ? undefined : end);
  }

  #lineStarts(): readonly number[] {
    if (this.#starts !== undefined) return this.#starts;
    const starts = [0];
    for (let index = this.text.indexOf('\n'); index >= 0; index = this.text.indexOf('\n', index + 1))
      starts.push(index + 1);
    this.#starts = starts;
    return starts;
  }
}
