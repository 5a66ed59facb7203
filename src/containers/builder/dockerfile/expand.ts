import { BuildFailure } from './source';
import { patternRegExp, trimPrefix, trimSuffix } from './pattern';

/** Variables by name. */
export type Variables = ReadonlyMap<string, string>;

export interface ExpandOptions {
  /** `\` or a back quote (`# escape=`). */
  readonly escape?: string;
  /** Quotes stay in the result. */
  readonly rawQuotes?: boolean;
  readonly rawEscapes?: boolean;
  /** Quotes have no meaning (contents of here-documents). */
  readonly noQuotes?: boolean;
  /** What is not set stays as it is written. */
  readonly keepUnset?: boolean;
}

export interface Expanded {
  readonly text: string;
  /** The text split at blanks, as quotes allow. */
  readonly words: readonly string[];
  readonly matched: ReadonlySet<string>;
  /** Names that were used but not set. */
  readonly unmatched: ReadonlySet<string>;
}

/** Expands variables and takes quotes away, as instructions see their arguments (frontend/dockerfile/shell). */
export function expand(word: string, variables: Variables, options: ExpandOptions = {}): Expanded {
  if (!/[$'"\\`\s]/.test(word)) return { text: word, words: word === '' ? [] : [word], matched: none, unmatched: none };
  const scanner = new Expander(word, variables, options);
  const { text, words } = scanner.all();
  return { text, words, matched: scanner.matched, unmatched: scanner.unmatched };
}

const none: ReadonlySet<string> = new Set();
const isSpace = (char: string): boolean => /\s/.test(char);

class Words {
  readonly #words: string[] = [];
  #word = '';
  #inWord = false;

  add(text: string): void {
    for (const char of text) {
      if (!isSpace(char)) this.raw(char);
      else if (this.#inWord && this.#word !== '') {
        this.#words.push(this.#word);
        this.#word = '';
        this.#inWord = false;
      }
    }
  }

  raw(text: string): void {
    this.#word += text;
    this.#inWord = true;
  }

  end(): readonly string[] {
    if (this.#word !== '') this.#words.push(this.#word);
    this.#word = '';
    return this.#words;
  }
}

class Expander {
  readonly matched = new Set<string>();
  readonly unmatched = new Set<string>();
  readonly #chars: readonly string[];
  readonly #escape: string;
  #rawEscapes: boolean;
  #at = 0;

  constructor(
    readonly source: string,
    readonly variables: Variables,
    readonly options: ExpandOptions,
  ) {
    this.#chars = [...source];
    this.#escape = options.escape ?? '\\';
    this.#rawEscapes = options.rawEscapes ?? false;
  }

  all(): { readonly text: string; readonly words: readonly string[] } {
    try {
      return this.#until(undefined, this.#rawEscapes);
    } catch (error) {
      if (error instanceof BuildFailure)
        throw new BuildFailure(`failed to process ${JSON.stringify(this.source)}: ${error.message}`, error.ranges);
      throw error;
    }
  }

  get #peek(): string | undefined {
    return this.#chars[this.#at];
  }

  #next(): string | undefined {
    return this.#chars[this.#at++];
  }

  #until(stop: string | undefined, rawEscapes: boolean): { readonly text: string; readonly words: readonly string[] } {
    const former = this.#rawEscapes;
    this.#rawEscapes = rawEscapes;
    const words = new Words();
    let text = '';
    for (;;) {
      const char = this.#peek;
      if (char === undefined) break;
      if (char === stop) {
        this.#at++;
        this.#rawEscapes = former;
        return { text, words: words.end() };
      }
      if (char === '$') {
        const value = this.#dollar();
        text += value;
        words.add(value);
      } else if ((char === "'" || char === '"') && this.options.noQuotes !== true) {
        const value = char === "'" ? this.#single() : this.#double();
        text += value;
        words.raw(value);
      } else {
        this.#at++;
        if (char !== this.#escape) {
          text += char;
          words.add(char);
          continue;
        }
        if (rawEscapes) {
          text += char;
          words.raw(char);
        }
        const escaped = this.#next();
        if (escaped === undefined) break;
        text += escaped;
        words.raw(escaped);
      }
    }
    this.#rawEscapes = former;
    if (stop !== undefined) throw new BuildFailure(`unexpected end of statement while looking for matching ${stop}`);
    return { text, words: words.end() };
  }

  #single(): string {
    const raw = this.options.rawQuotes === true ? (this.#next() ?? '') : (this.#at++, '');
    let text = raw;
    for (;;) {
      const char = this.#next();
      if (char === undefined)
        throw new BuildFailure('unexpected end of statement while looking for matching single-quote');
      if (char === "'") return text + raw;
      text += char;
    }
  }

  #double(): string {
    const raw = this.options.rawQuotes === true ? (this.#next() ?? '') : (this.#at++, '');
    let text = raw;
    for (;;) {
      const char = this.#peek;
      if (char === undefined)
        throw new BuildFailure('unexpected end of statement while looking for matching double-quote');
      if (char === '$') {
        text += this.#dollar();
        continue;
      }
      this.#at++;
      if (char === '"') return text + raw;
      if (char !== this.#escape) {
        text += char;
        continue;
      }
      if (this.#rawEscapes) text += char;
      const following = this.#peek;
      if (following === undefined) continue;
      // Only these can be escaped between double quotes; before all else the escape character stays.
      if (following === '"' || following === '$' || following === this.#escape) text += this.#next() ?? '';
      else text += char;
    }
  }

  #dollar(): string {
    this.#at++;
    const keep = this.options.keepUnset === true;
    if (this.#peek !== '{') {
      const name = this.#name();
      if (name === '') return '$';
      const value = this.#get(name);
      return value ?? (keep ? `$${name}` : '');
    }
    this.#at++;
    const first = this.#peek;
    if (first === undefined) throw new BuildFailure("syntax error: missing '}'");
    if (first === '{' || first === '}' || first === ':') throw new BuildFailure('syntax error: bad substitution');
    const name = this.#name();
    const operator = this.#next();
    if (operator === '}') return this.#get(name) ?? (keep ? `\${${name}}` : '');
    if (operator === '/') return this.#replace(name, keep);
    const nullIsUnset = operator === ':';
    const modifier = nullIsUnset ? this.#next() : operator;
    const written = nullIsUnset ? `:${modifier ?? ''}` : (operator ?? '');
    if (!nullIsUnset && !(modifier !== undefined && '+-?#%'.includes(modifier)))
      throw new BuildFailure(`unsupported modifier (${written}) in substitution`);
    const word = this.#braced(modifier === '#' || modifier === '%');
    const value = this.#get(name);
    if (keep && value === undefined) return `\${${name}${written}${word}}`;
    return this.#modified(name, value, modifier ?? '', written, word, nullIsUnset);
  }

  #modified(
    name: string,
    value: string | undefined,
    modifier: string,
    written: string,
    word: string,
    nullIsUnset: boolean,
  ): string {
    const isSet = value !== undefined && !(nullIsUnset && value === '');
    switch (modifier) {
      case '-':
        return isSet ? value : word;
      case '+':
        return isSet ? word : '';
      case '?':
        if (isSet) return value;
        throw new BuildFailure(
          `${name}: ${word === '' ? `is not allowed to be ${value === undefined ? 'unset' : 'empty'}` : word}`,
        );
      case '#':
      case '%': {
        const greedy = word.startsWith(modifier);
        const pattern = greedy ? word.slice(1) : word;
        return modifier === '#' ? trimPrefix(pattern, value ?? '', greedy) : trimSuffix(pattern, value ?? '', greedy);
      }
      default:
        throw new BuildFailure(`unsupported modifier (${written}) in substitution`);
    }
  }

  /** `${name/pattern/replacement}` and `${name//pattern/replacement}`. */
  #replace(name: string, keep: boolean): string {
    const all = this.#peek === '/';
    if (all) this.#at++;
    const pattern = this.#orMissing("syntax error: missing '/' in ${}", () => this.#until('/', true).text);
    const replacement = this.#orMissing("syntax error: missing '}'", () => this.#until('}', true).text);
    const value = this.#get(name);
    if (keep && value === undefined) return `\${${name}/${pattern}/${replacement}}`;
    const flags = all ? 'gsu' : 'su';
    return (value ?? '').replace(patternRegExp(pattern, true, { flags }), () => replacement);
  }

  #braced(rawEscapes: boolean): string {
    return this.#orMissing("syntax error: missing '}'", () => this.#until('}', rawEscapes).text);
  }

  #orMissing(message: string, read: () => string): string {
    try {
      return read();
    } catch (error) {
      if (error instanceof BuildFailure && this.#peek === undefined) throw new BuildFailure(message);
      throw error;
    }
  }

  #name(): string {
    let name = '';
    for (;;) {
      const char = this.#peek;
      if (char === undefined) return name;
      if (name === '' && /\d/.test(char)) {
        while (/\d/.test(this.#peek ?? '')) name += this.#next() ?? '';
        return name;
      }
      if (name === '' && '@*#?-$!0'.includes(char)) {
        this.#at++;
        return char;
      }
      if (!/[\p{L}\p{N}_]/u.test(char)) return name;
      name += char;
      this.#at++;
    }
  }

  #get(name: string): string | undefined {
    const value = this.variables.get(name);
    (value === undefined ? this.unmatched : this.matched).add(name);
    return value;
  }
}
