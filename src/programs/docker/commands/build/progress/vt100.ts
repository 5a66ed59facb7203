/** Lines that a step's terminal has unless the screen is large (termHeightMin). */
const HEIGHT = 6;

/** The small terminal in which the tty display keeps a running step's last lines (tonistiigi/vt100). */
export class VirtualTerminal {
  #lines: string[][];
  #row = 0;
  #column = 0;
  #used = 0;
  #pending = '';

  constructor(
    private width: number,
    private height = HEIGHT,
  ) {
    this.#lines = Array.from({ length: height }, () => []);
  }

  get usedHeight(): number {
    return this.#used;
  }

  /** Its lines, filled up with blanks. */
  get content(): readonly string[] {
    return this.#lines.map((line) => Array.from({ length: this.width }, (_, index) => line[index] ?? ' ').join(''));
  }

  resize(width: number, height = this.height): void {
    if (width === this.width && height === this.height) return;
    this.width = width;
    while (this.#lines.length > height && this.#row >= height) {
      this.#lines.shift();
      this.#row--;
    }
    this.#lines = Array.from({ length: height }, (_, index) => (this.#lines[index] ?? []).slice(0, width));
    this.height = height;
    this.#row = Math.min(this.#row, height - 1);
    this.#column = Math.min(this.#column, width - 1);
  }

  write(text: string): void {
    const all = this.#pending + text;
    this.#pending = '';
    for (let index = 0; index < all.length;) {
      if (all[index] === '\x1b') {
        const sequence = /^\x1b(?:\[([0-9;?]*)([A-Za-z@])|[^[])/.exec(all.slice(index));
        if (sequence === null) {
          this.#pending = all.slice(index);
          return;
        }
        this.#control(sequence[1] ?? '', sequence[2] ?? '');
        index += sequence[0].length;
        continue;
      }
      const char = String.fromCodePoint(all.codePointAt(index) ?? 0);
      this.#put(char);
      index += char.length;
    }
  }

  #put(char: string): void {
    if (char === '\n') return this.#newLine();
    if (char === '\r') this.#column = 0;
    else if (char === '\b') this.#column = Math.max(0, this.#column - 1);
    else if (char === '\t') {
      do this.#put(' ');
      while (this.#column % 8 !== 0);
    } else if (char >= ' ' && char !== '\x7f') {
      if (this.#column >= this.width) this.#newLine();
      const line = this.#lines[this.#row];
      if (line !== undefined) line[this.#column] = char;
      this.#column++;
      this.#used = Math.max(this.#used, this.#row + 1);
    }
  }

  #newLine(): void {
    this.#column = 0;
    if (this.#row + 1 < this.height) this.#row++;
    else {
      this.#lines.shift();
      this.#lines.push([]);
    }
  }

  #control(parameters: string, final: string): void {
    const [first = 0, second = 0] = parameters.split(';').map((each) => Number.parseInt(each, 10) || 0);
    const count = Math.max(1, first);
    const line = this.#lines[this.#row];
    if (final === 'A') this.#row = Math.max(0, this.#row - count);
    else if (final === 'B') this.#row = Math.min(this.height - 1, this.#row + count);
    else if (final === 'C') this.#column = Math.min(this.width - 1, this.#column + count);
    else if (final === 'D') this.#column = Math.max(0, this.#column - count);
    else if (final === 'G') this.#column = Math.min(this.width, count) - 1;
    else if (final === 'H' || final === 'f') {
      this.#row = Math.min(this.height, count) - 1;
      this.#column = Math.min(this.width, Math.max(1, second)) - 1;
    } else if (final === 'K' && line !== undefined) {
      if (first === 0) line.length = Math.min(line.length, this.#column);
      else if (first === 2) line.length = 0;
      else for (let at = 0; at <= this.#column; at++) line[at] = ' ';
    } else if (final === 'J') {
      for (let row = first === 2 ? 0 : this.#row + 1; row < this.height; row++) this.#lines[row] = [];
      if (first === 0) this.#control('0', 'K');
    }
  }
}
