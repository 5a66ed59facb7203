/** Texts that were killed, newest last; all lines of a shell share it. */
export class KillRing {
  #texts: string[] = [];
  #at = 0;

  /** `joins`: the command before killed too, so this is more of the same text. */
  add(text: string, before: boolean, joins: boolean): void {
    const last = this.#texts.at(-1);
    if (joins && last !== undefined) this.#texts[this.#texts.length - 1] = before ? text + last : last + text;
    else this.#texts.push(text);
    // DEFAULT_MAX_KILLS of readline's kill.c.
    if (this.#texts.length > 10) this.#texts.shift();
    this.#at = this.#texts.length - 1;
  }

  /** What a yank inserts; undefined if nothing was killed yet. */
  get current(): string | undefined {
    return this.#texts[this.#at];
  }

  rotate(): void {
    this.#at = this.#at <= 0 ? this.#texts.length - 1 : this.#at - 1;
  }
}
