/** Texts that were killed, newest last; all lines of a shell share it. */
export class KillRing {
  #texts: string[] = [];
  #at = 0;

  add(text: string, before: boolean, joins: boolean): void {
    const last = this.#texts.at(-1);
    if (joins && last !== undefined) this.#texts[this.#texts.length - 1] = before ? text + last : last + text;
    else this.#texts.push(text);
    if (this.#texts.length > 60) this.#texts.shift();
    this.#at = this.#texts.length - 1;
  }

  get current(): string {
    return this.#texts[this.#at] ?? '';
  }

  rotate(): void {
    this.#at = this.#at <= 0 ? this.#texts.length - 1 : this.#at - 1;
  }
}

interface Snapshot {
  readonly text: string;
  readonly cursor: number;
}

const isWord = (char: string): boolean => /[\p{L}\p{N}]/u.test(char);

/** The line being edited: characters (with what combines with them) and a cursor between them. */
export class LineBuffer {
  #text = '';
  #cursor = 0;
  #undo: Snapshot[] = [];

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  get before(): string {
    return this.#text.slice(0, this.#cursor);
  }

  get after(): string {
    return this.#text.slice(this.#cursor);
  }

  /** Puts another text in place, with the cursor at its end or at `cursor`. */
  set(text: string, cursor = text.length): void {
    this.#text = text;
    this.#cursor = Math.max(0, Math.min(cursor, text.length));
  }

  remember(): void {
    if (this.#undo.at(-1)?.text !== this.#text) this.#undo.push({ text: this.#text, cursor: this.#cursor });
  }

  forget(): void {
    this.#undo = [];
  }

  undo(): boolean {
    let snapshot = this.#undo.pop();
    while (snapshot !== undefined && snapshot.text === this.#text) snapshot = this.#undo.pop();
    if (snapshot === undefined) return false;
    this.set(snapshot.text, snapshot.cursor);
    return true;
  }

  insert(text: string): void {
    this.#text = this.before + text + this.after;
    this.#cursor += text.length;
  }

  /** Cuts out a stretch; the cursor stands where it was. */
  cut(from: number, to: number): string {
    const cut = this.#text.slice(from, to);
    this.#text = this.#text.slice(0, from) + this.#text.slice(to);
    this.#cursor = from;
    return cut;
  }

  moveTo(position: number): void {
    this.#cursor = Math.max(0, Math.min(position, this.#text.length));
  }

  /** Where the character before the cursor begins: a base with everything that combines with it. */
  get previous(): number {
    let index = this.#cursor;
    do index -= index > 1 && /[\udc00-\udfff]/.test(this.#text.charAt(index - 1)) ? 2 : 1;
    while (index > 0 && /^[\p{Mn}\p{Me}\ufe0f]/u.test(this.#text.slice(index)));
    return Math.max(0, index);
  }

  get next(): number {
    let index = this.#cursor;
    do index += (this.#text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
    while (index < this.#text.length && /^[\p{Mn}\p{Me}\ufe0f]/u.test(this.#text.slice(index)));
    return Math.min(this.#text.length, index);
  }

  /** Start of the word before the cursor (letters and digits). */
  get wordStart(): number {
    let index = this.#cursor;
    while (index > 0 && !isWord(this.#text.charAt(index - 1))) index--;
    while (index > 0 && isWord(this.#text.charAt(index - 1))) index--;
    return index;
  }

  get wordEnd(): number {
    let index = this.#cursor;
    while (index < this.#text.length && !isWord(this.#text.charAt(index))) index++;
    while (index < this.#text.length && isWord(this.#text.charAt(index))) index++;
    return index;
  }

  /** Start of what stands before the cursor up to a blank (unix-word-rubout). */
  get blankStart(): number {
    let index = this.#cursor;
    while (index > 0 && /\s/.test(this.#text.charAt(index - 1))) index--;
    while (index > 0 && !/\s/.test(this.#text.charAt(index - 1))) index--;
    return index;
  }

  /** Swaps the characters around the cursor (transpose-chars); false if there are too few. */
  transpose(): boolean {
    const { text, cursor } = this;
    if (cursor === 0 || text.length < 2) return false;
    const at = cursor === text.length ? cursor - 1 : cursor;
    this.remember();
    this.set(text.slice(0, at - 1) + text.charAt(at) + text.charAt(at - 1) + text.slice(at + 1), at + 1);
    return true;
  }

  /** `u` upper, `l` lower, `c` capitalized: the word from the cursor on. */
  changeCase(how: string): void {
    const { cursor, wordEnd, text } = this;
    const word = text.slice(cursor, wordEnd);
    const lower = word.toLowerCase();
    const capital = lower.replace(/\p{L}/u, (char) => char.toUpperCase());
    this.remember();
    const changed = how === 'u' ? word.toUpperCase() : how === 'l' ? lower : capital;
    this.set(text.slice(0, cursor) + changed + text.slice(wordEnd), wordEnd);
  }
}
