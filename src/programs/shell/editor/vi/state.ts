/** The last f, F, t or T. */
export interface CharSearch {
  readonly how: string;
  readonly char: string;
}

/** What vi mode keeps from key to key, and from line to line. */
export class ViState {
  charSearch: CharSearch | undefined;
  readonly marks = new Map<string, number>();
  /** Keys since the present command began. */
  #tape = '';
  /** The keys of the last change, for `.`. */
  #redo = '';
  /** The present command changes something; its keys go on until command mode is back. */
  #changing = false;
  /** Characters that `R` put over others, which backspace gives back. */
  replaced = 0;
  /** The line when command mode was first entered: what `U` goes back to. */
  original: string | undefined;
  /** An insertion began with a command, and is undone as one. */
  inserting = false;

  begin(): void {
    this.#tape = '';
    this.#changing = false;
    this.inserting = false;
    this.replaced = 0;
    this.marks.clear();
    this.original = undefined;
  }

  /** A command begins in command mode. */
  start(): void {
    this.#tape = '';
  }

  note(key: string): void {
    this.#tape += key;
  }

  /** The command was one that `.` repeats. */
  changes(): void {
    this.#changing = true;
  }

  /** Command mode is back. */
  finish(): void {
    if (this.#changing) this.#redo = this.#tape;
    this.#changing = false;
  }

  /** The keys that repeat the last change, with another count. */
  repeat(count: number | undefined): string {
    return count === undefined ? this.#redo : `${count}${this.#redo.replace(/^[1-9]\d*/, '')}`;
  }
}
