/** Incremental search backwards through the history (Ctrl-R). */
export class HistorySearch {
  #pattern = '';
  #at: number;
  #found: number | undefined;
  failed = false;

  constructor(
    readonly history: readonly string[],
    at: number,
  ) {
    this.#at = at;
  }

  get prompt(): string {
    return `(${this.failed ? 'failed ' : ''}reverse-i-search)\`${this.#pattern}': `;
  }

  /** Index of the line that is shown; undefined if none was found yet. */
  get found(): number | undefined {
    return this.#found;
  }

  get line(): string {
    return this.#found === undefined ? '' : (this.history[this.#found] ?? '');
  }

  /** The cursor stands on what was found. */
  get cursor(): number {
    return Math.max(0, this.line.lastIndexOf(this.#pattern));
  }

  type(text: string): void {
    this.#pattern += text;
    this.#look(this.#at, -1);
  }

  erase(): void {
    this.#pattern = this.#pattern.slice(0, -1);
    this.#at = this.history.length - 1;
    this.#look(this.#at, -1);
  }

  again(forward = false): void {
    if (this.#pattern !== '') this.#look(this.#at + (forward ? 1 : -1), forward ? 1 : -1);
  }

  #look(from: number, step: number): void {
    this.failed = false;
    if (this.#pattern === '') return;
    for (let index = from; index >= 0 && index < this.history.length; index += step) {
      if (this.history[index]?.includes(this.#pattern) !== true) continue;
      this.#at = index;
      this.#found = index;
      return;
    }
    this.failed = true;
  }
}
