/** Go's text/tabwriter, and the one of kubectl that remembers widths. Cells end with a tab, lines with a newline. */
export interface TabOptions {
  readonly minWidth: number;
  readonly padding: number;
  /** Widths of earlier flushes stay the least (liggitt/tabwriter, RememberWidths). */
  readonly remember?: boolean;
}

/** What `kubectl get` prints with (printers.GetNewTabWriter). */
export const getOptions: TabOptions = { minWidth: 6, padding: 3, remember: true };
/** What `kubectl describe` prints with. */
export const describeOptions: TabOptions = { minWidth: 0, padding: 2 };

export class TabWriter {
  readonly #options: TabOptions;
  #lines: string[][] = [[]];
  #cell = '';
  #out = '';
  #widths: number[] = [];
  #remembered: number[] = [];

  constructor(options: TabOptions = getOptions) {
    this.#options = options;
  }

  write(text: string): void {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text.charCodeAt(at);
      // \t, \n, \v, \f
      if (character < 9 || character > 12) continue;
      this.#cell += text.slice(from, at);
      from = at + 1;
      const line = this.#lines[this.#lines.length - 1] ?? [];
      line.push(this.#cell);
      this.#cell = '';
      if (character !== 10 && character !== 12) continue;
      this.#lines.push([]);
      // A line of one cell shapes nothing that follows: the block ends.
      if (character === 12 || line.length === 1) this.#format();
    }
    this.#cell += text.slice(from);
  }

  /** Ends the block and gives all text since the last flush. */
  flush(): string {
    this.#format();
    const text = this.#out;
    this.#out = '';
    return text;
  }

  /** A new table begins: earlier widths are forgotten. */
  forget(): void {
    this.#remembered = [];
  }

  #format(): void {
    if (this.#cell !== '') {
      this.#lines[this.#lines.length - 1]?.push(this.#cell);
      this.#cell = '';
    }
    this.#block(0, this.#lines.length);
    this.#lines = [[]];
    this.#widths = [];
  }

  #block(from: number, to: number): void {
    const column = this.#widths.length;
    let printed = from;
    for (let at = from; at < to; at++) {
      if (column >= (this.#lines[at]?.length ?? 0) - 1) continue;
      this.#print(printed, at);
      printed = at;
      let width = this.#options.minWidth;
      for (; at < to; at++) {
        const line = this.#lines[at];
        if (line === undefined || column >= line.length - 1) break;
        width = Math.max(width, widthOf(line[column] ?? '') + this.#options.padding);
      }
      if (this.#options.remember) {
        width = Math.max(width, this.#remembered[column] ?? 0);
        this.#remembered[column] = width;
      }
      this.#widths.push(width);
      this.#block(printed, at);
      this.#widths.pop();
      printed = at;
      at--;
    }
    this.#print(printed, to);
  }

  #print(from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const line = this.#lines[at] ?? [];
      line.forEach((cell, column) => {
        const width = this.#widths[column];
        this.#out += cell;
        if (width !== undefined && column < line.length) this.#out += ' '.repeat(Math.max(0, width - widthOf(cell)));
      });
      if (at + 1 < this.#lines.length) this.#out += '\n';
    }
  }
}

const widthOf = (text: string): number => {
  let surrogates = 0;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xd800) surrogates++;
  return text.length - surrogates;
};
