/** A stretch of a word: quoted text is safe from splitting and globbing. */
export interface Segment {
  readonly text: string;
  readonly quoted: boolean;
}

/** One field of a command line while it is put together. */
export type Field = readonly Segment[];

/** Where the pieces of an expanded word go. */
export interface Sink {
  /** Text that was quoted. Keeps its field even if it is empty. */
  quoted(text: string): void;
  /** An element of `"$@"`, which makes a field even if it is empty. */
  element(text: string): void;
  /** Text of the word itself, unquoted: never split, but its `*` acts. */
  plain(text: string): void;
  /** What an unquoted expansion gave: is split at IFS. */
  split(text: string): void;
  /** Between the elements of `"$@"` (`quoted`) or `$@`. */
  boundary(quoted: boolean): void;
  /** A context without fields, where `$*` joins with the first character of IFS. */
  readonly joins: boolean;
  /** The value of an assignment, where tildes count after colons, too. */
  readonly assigns?: boolean;
}

/** Collects fields: POSIX, Field Splitting. */
export class FieldSink implements Sink {
  readonly joins = false;
  readonly #fields: Field[] = [];
  #open: Segment[] | undefined;
  #afterBlank = false;
  readonly #ifs: string;
  readonly #blanks: string;

  constructor(ifs: string) {
    this.#ifs = ifs;
    this.#blanks = [...ifs].filter((char) => char === ' ' || char === '\t' || char === '\n').join('');
  }

  quoted(text: string): void {
    this.#append({ text, quoted: true });
  }

  element(text: string): void {
    this.quoted(text);
  }

  plain(text: string): void {
    if (text !== '') this.#append({ text, quoted: false });
  }

  split(text: string): void {
    if (text === '') return;
    if (this.#ifs === '') {
      this.#append({ text, quoted: false });
      return;
    }
    let index = 0;
    while (index < text.length) {
      const char = text.charAt(index);
      if (this.#blanks.includes(char)) {
        index++;
        if (this.#open !== undefined) {
          this.#close();
          this.#afterBlank = true;
        }
      } else if (this.#ifs.includes(char)) {
        index++;
        if (this.#afterBlank) this.#afterBlank = false;
        else {
          this.#open ??= [];
          this.#close();
        }
      } else {
        let end = index + 1;
        while (end < text.length && !this.#ifs.includes(text.charAt(end))) end++;
        this.#append({ text: text.slice(index, end), quoted: false });
        index = end;
      }
    }
  }

  boundary(quoted: boolean): void {
    if (quoted) this.#open ??= [];
    this.#close();
    this.#afterBlank = false;
  }

  fields(): readonly Field[] {
    this.#close();
    return this.#fields;
  }

  #append(segment: Segment): void {
    this.#afterBlank = false;
    if (this.#open === undefined) this.#open = [segment];
    else this.#open.push(segment);
  }

  #close(): void {
    if (this.#open === undefined) return;
    this.#fields.push(this.#open);
    this.#open = undefined;
  }
}

/** Joins everything to one text; `protect` is applied to what was quoted (for patterns and regular expressions). */
export class TextSink implements Sink {
  readonly joins = true;
  text = '';

  constructor(
    readonly protect: ((text: string) => string) | undefined = undefined,
    readonly assigns = false,
  ) {}

  quoted(text: string): void {
    this.text += this.protect === undefined ? text : this.protect(text);
  }

  element(text: string): void {
    this.quoted(text);
  }

  plain(text: string): void {
    this.text += text;
  }

  split(text: string): void {
    this.text += text;
  }

  boundary(): void {
    this.text += ' ';
  }
}
