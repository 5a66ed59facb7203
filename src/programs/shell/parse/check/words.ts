import { Fault, NoVerdict, unclosed } from './fault';

/** How a word is read. */
export interface WordMode {
  /** `+(…)` and its like are part of a word. */
  readonly extglob: boolean;
  /** `a[…]=` and `a=(…)` are assignments here. */
  readonly assigns?: boolean;
  /** The right side of `=~`: parentheses and bars belong to it. */
  readonly regex?: boolean;
}

/** Reads what words are made of; commands in them are read by `commands`, which stands for the grammar. */
export class Words {
  depth = 0;

  constructor(
    readonly text: string,
    /** Reads commands from a position up to and with the `)` that ends them; gives what is behind it. */
    readonly commands: (position: number) => number,
    /** Reads the elements of `a=(`; gives what is behind its `)`. */
    readonly elements: (position: number) => number,
    /** As dash reads: nothing beyond POSIX. */
    readonly plain = false,
  ) {}

  /** The end of the word that begins at a position. */
  word(start: number, mode: WordMode): number {
    const { text } = this;
    let at = start;
    for (;;) {
      const char = text.charAt(at);
      if (char === '') return at;
      if (mode.regex === true && (char === '(' || char === '|')) {
        at = char === '(' ? this.#parenthesis(at) : at + 1;
        continue;
      }
      if (!this.plain && (char === '<' || char === '>') && text.charAt(at + 1) === '(') {
        at = this.#deeper(() => this.commands(at + 2));
        continue;
      }
      if (' \t\n;&|<>()'.includes(char)) {
        if (char !== '(' || mode.assigns !== true || this.plain) return at;
        if (!/^[A-Za-z_]\w*(?:\[.*\])?\+?=$/s.test(text.slice(start, at))) return at;
        return this.elements(at + 1);
      }
      if (mode.extglob && '?*+@!'.includes(char) && text.charAt(at + 1) === '(') at = this.#parenthesis(at + 1);
      else if (char === '[' && !this.plain && mode.assigns === true && /^[A-Za-z_]\w*$/.test(text.slice(start, at)))
        at = this.#subscript(at);
      else at = this.#piece(at, false) ?? at + 1;
    }
  }

  /** What is quoted or expanded at a position, as a whole; undefined for a plain character. */
  #piece(at: number, quoted: boolean): number | undefined {
    const { text } = this;
    switch (text.charAt(at)) {
      case '\\':
        return Math.min(at + 2, text.length);
      case "'":
        return quoted ? undefined : this.#until(at + 1, "'", at);
      case '"':
        return this.#double(at + 1, at);
      case '`':
        return this.#backquoted(at + 1, at);
      case '$':
        return this.#dollar(at, quoted);
      default:
        return undefined;
    }
  }

  #dollar(at: number, quoted: boolean): number | undefined {
    const { text } = this;
    const next = text.charAt(at + 1);
    if (next === '(') {
      // As in bash, `$((` is arithmetic whatever follows, as far as its parentheses go.
      if (text.charAt(at + 2) === '(') return this.#arithmeticWord(at + 1);
      return this.#deeper(() => this.commands(at + 2));
    }
    if (next === '{') return this.#deeper(() => this.#braces(at + 2, at, quoted));
    if (next === '[' && !this.plain) return this.#until(at + 2, ']', at, true);
    if (quoted || this.plain) return undefined;
    if (next === "'") return this.#escaped(at + 2, "'", at);
    if (next === '"') return this.#double(at + 2, at);
    return undefined;
  }

  #arithmeticWord(at: number): number {
    try {
      return this.#parenthesis(at);
    } catch (error) {
      if (!this.plain || !(error instanceof Fault)) throw error;
      throw new Fault(error.position, ["Syntax error: Missing '))'"], error.options);
    }
  }

  /** Behind the `))` that ends an arithmetic expression; undefined if it is none. */
  arithmetic(start: number): number | undefined {
    const { text } = this;
    let depth = 0;
    for (let at = start; at < text.length;) {
      const char = text.charAt(at);
      if (char === '(') depth++;
      else if (char === ')') {
        if (depth === 0) return text.charAt(at + 1) === ')' ? at + 2 : undefined;
        depth--;
      }
      at = this.#piece(at, false) ?? at + 1;
    }
    throw unclosed(start, ')');
  }

  #braces(start: number, opened: number, quoted: boolean): number {
    const { text } = this;
    // Single quotes inside double quotes quote only where a pattern stands.
    const [, operator = ''] = /^[!#]?[\w@*?$!-]*(?:\[[^\]]*\])?([#%/^,]?)/.exec(text.slice(start, start + 200)) ?? [];
    const literalQuotes = quoted && operator === '';
    for (let at = start; at < text.length;) {
      if (text.charAt(at) === '}') return at + 1;
      if (text.charAt(at) === "'" && !literalQuotes) at = this.#until(at + 1, "'", at);
      else at = this.#piece(at, quoted) ?? at + 1;
    }
    throw unclosed(opened, '}');
  }

  #double(start: number, opened: number): number {
    const { text } = this;
    for (let at = start; at < text.length;) {
      if (text.charAt(at) === '"') return at + 1;
      at = this.#piece(at, true) ?? at + 1;
    }
    throw unclosed(opened, '"');
  }

  #backquoted(start: number, opened: number): number {
    return this.#escaped(start, '`', opened);
  }

  #escaped(start: number, closer: string, opened: number): number {
    const { text } = this;
    for (let at = start; at < text.length; at += text.charAt(at) === '\\' ? 2 : 1)
      if (text.charAt(at) === closer) return at + 1;
    throw unclosed(opened, closer);
  }

  #until(start: number, closer: string, opened: number, expands = false): number {
    const { text } = this;
    for (let at = start; at < text.length;) {
      if (text.charAt(at) === closer) return at + 1;
      at = (expands ? this.#piece(at, false) : undefined) ?? at + 1;
    }
    throw unclosed(opened, closer);
  }

  #subscript(opened: number): number {
    const { text } = this;
    let depth = 0;
    for (let at = opened; at < text.length;) {
      const char = text.charAt(at);
      if (char === '[') depth++;
      else if (char === ']' && --depth === 0) return at + 1;
      at = this.#piece(at, false) ?? at + 1;
    }
    throw unclosed(opened, ']');
  }

  #parenthesis(opened: number): number {
    const { text } = this;
    let depth = 0;
    for (let at = opened; at < text.length;) {
      const char = text.charAt(at);
      if (char === '(') depth++;
      else if (char === ')' && --depth === 0) return at + 1;
      at = this.#piece(at, false) ?? at + 1;
    }
    throw unclosed(opened, ')');
  }

  #deeper(read: () => number): number {
    if (++this.depth > 100) throw new NoVerdict();
    const end = read();
    this.depth--;
    return end;
  }
}
