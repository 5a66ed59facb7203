import { Refused } from './types';

/** A vim pattern as a JavaScript one. Matches may be cut by \zs and \ze: groups of these names. */
export interface Pattern {
  readonly source: string;
  readonly regex: RegExp;
  /** Can match a line break. */
  readonly multiline: boolean;
}

export interface PatternOptions {
  readonly ignoreCase: boolean;
  readonly smartCase: boolean;
  readonly magic: boolean;
  /** What `~` stands for: the last :s replacement. */
  readonly lastReplacement?: string;
}

const classes: Readonly<Record<string, string>> = {
  s: '[ \\t]',
  S: '[^ \\t\\n]',
  d: '[0-9]',
  D: '[^0-9\\n]',
  w: '[0-9A-Za-z_]',
  W: '[^0-9A-Za-z_\\n]',
  x: '[0-9A-Fa-f]',
  X: '[^0-9A-Fa-f\\n]',
  o: '[0-7]',
  O: '[^0-7\\n]',
  h: '[A-Za-z_]',
  H: '[^A-Za-z_\\n]',
  a: '[A-Za-z]',
  A: '[^A-Za-z\\n]',
  l: '[a-z]',
  L: '[^a-z\\n]',
  u: '[A-Z]',
  U: '[^A-Z\\n]',
  i: '[0-9A-Za-z_À-ÿ]',
  I: '[A-Za-z_À-ÿ]',
  k: '[0-9A-Za-z_\\u00b5\\u00c0-\\u{10ffff}]',
  K: '[A-Za-z_\\u00b5\\u00c0-\\u{10ffff}]',
  f: '[-0-9A-Za-z_/.+,#$%~=]',
  F: '[-A-Za-z_/.+,#$%~=]',
  p: '[^\\x00-\\x1f\\x7f]',
  P: '[^\\x00-\\x1f\\x7f0-9]',
};

const inBrackets: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: '0-9A-Za-z',
  lower: 'a-z',
  upper: 'A-Z',
  space: ' \\t-\\r',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`\\{-~',
  xdigit: '0-9A-Fa-f',
  cntrl: '\\x00-\\x1f\\x7f',
  print: ' -~\\u00a0-\\u{10ffff}',
  graph: '!-~',
  return: '\\r',
  tab: '\\t',
  escape: '\\x1b',
  backspace: '\\x08',
};

const literal = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');

/** Translates. Source: vim's :help pattern. */
export function compilePattern(source: string, options: PatternOptions): Pattern {
  return new Translator(source, options).compile();
}

/** The level of magic: which characters are special without a backslash. */
type Magic = 'very' | 'magic' | 'nomagic' | 'none';

class Translator {
  #at = 0;
  #magic: Magic;
  #case: boolean | undefined;
  #multiline = false;
  #groups = 0;
  #upper = false;

  constructor(
    private readonly source: string,
    private readonly options: PatternOptions,
  ) {
    this.#magic = options.magic ? 'magic' : 'nomagic';
  }

  compile(): Pattern {
    const body = this.#alternatives(0);
    if (this.#at < this.source.length) throw new Refused('E55: Unmatched \\)');
    const { ignoreCase, smartCase } = this.options;
    const ignore = this.#case ?? (ignoreCase && !(smartCase && this.#upper));
    try {
      return {
        source: this.source,
        regex: new RegExp(body, `dgmu${ignore ? 'i' : ''}`),
        multiline: this.#multiline,
      };
    } catch {
      throw new Refused(`E486: Pattern not found: ${this.source}`);
    }
  }

  /** The next token: its character, and whether it is special here. */
  #token(): { readonly char: string; readonly special: boolean } | undefined {
    const { source } = this;
    const char = codePoint(source, this.#at);
    if (char === undefined) return undefined;
    if (char === '\\') {
      const next = codePoint(source, this.#at + 1);
      if (next === undefined) {
        this.#at++;
        return { char: '\\', special: false };
      }
      this.#at += 1 + next.length;
      // With very magic a backslash takes the meaning away from what has one bare.
      return { char: next, special: !this.#bare(next) };
    }
    this.#at += char.length;
    return { char, special: this.#bare(char) };
  }

  /** Whether a character is special without a backslash. */
  #bare(char: string): boolean {
    if (this.#magic === 'very') return /[^\w\s"'#,;:\\\-!`/\]]/.test(char) && char.charCodeAt(0) < 128;
    if (this.#magic === 'magic') return '^$.*[~'.includes(char);
    return this.#magic === 'nomagic' ? '^$'.includes(char) : false;
  }

  #alternatives(depth: number): string {
    const branches: string[] = [];
    let concats: string[] = [];
    let branch = '';
    for (;;) {
      const start = this.#at;
      const token = this.#token();
      if (token === undefined) {
        if (depth > 0) throw new Refused(this.#magic === 'very' ? 'E54: Unmatched (' : 'E54: Unmatched \\(');
        break;
      }
      const { char, special } = token;
      if (special && char === ')') {
        if (depth > 0) break;
        this.#at = start;
        throw new Refused(this.#magic === 'very' ? 'E55: Unmatched )' : 'E55: Unmatched \\)');
      }
      if (special && char === '|') {
        branches.push(concats.map((each) => `(?=${each})`).join('') + branch);
        branch = '';
        concats = [];
      } else if (special && char === '&') {
        concats.push(branch);
        branch = '';
      } else {
        const atom = this.#atom(char, special, start, branch === '' && concats.length === 0);
        branch += atom === '' ? '' : this.#repeated(atom);
      }
    }
    branches.push(concats.map((each) => `(?=${each})`).join('') + branch);
    return branches.join('|');
  }

  #atom(char: string, special: boolean, start: number, first: boolean): string {
    if (!special) {
      if (char === '^' && first && this.#magic === 'none') return literal(char);
      if (char !== char.toLowerCase()) this.#upper = true;
      return char === '\n' ? this.#newline() : literal(char);
    }
    switch (char) {
      case '^':
        return first || this.#magic === 'very' ? '^' : '\\^';
      case '$':
        return this.#atEnd() || this.#magic === 'very' ? '$' : '\\$';
      case '.':
        return '[^\\n]';
      case '[':
        return this.#brackets(start);
      case '~':
        return [...(this.options.lastReplacement ?? '')].map(literal).join('');
      case '*':
        return first ? '\\*' : '';
      case '(': {
        this.#groups++;
        return `(${this.#alternatives(1)})`;
      }
      case '<':
        return '(?<![0-9A-Za-z_\\u00b5\\u00c0-\\u{10ffff}])(?=[0-9A-Za-z_\\u00b5\\u00c0-\\u{10ffff}])';
      case '>':
        return '(?<=[0-9A-Za-z_\\u00b5\\u00c0-\\u{10ffff}])(?![0-9A-Za-z_\\u00b5\\u00c0-\\u{10ffff}])';
      case 'n':
        return this.#newline();
      case 't':
        return '\\t';
      case 'r':
        return '\\r';
      case 'e':
        return '\\x1b';
      case 'b':
        return '\\x08';
      case 'c':
      case 'C':
        this.#case = char === 'c';
        return '';
      case 'v':
        this.#magic = 'very';
        return '';
      case 'm':
        this.#magic = 'magic';
        return '';
      case 'M':
        this.#magic = 'nomagic';
        return '';
      case 'V':
        this.#magic = 'none';
        return '';
      case 'z': {
        const which = this.source[this.#at++];
        if (which === 's') return '(?<zs>)';
        if (which === 'e') return '(?<ze>)';
        throw new Refused('E68: Invalid character after \\z');
      }
      case '_':
        return this.#underscore();
      case '%':
        return this.#percent();
      default:
        if (/[1-9]/.test(char)) return `\\${char}`;
        if (classes[char] !== undefined) return classes[char];
        if (char !== char.toLowerCase()) this.#upper = true;
        return literal(char);
    }
  }

  #newline(): string {
    this.#multiline = true;
    return '\\n';
  }

  /** `$` is the end of a line before `\|`, `\&`, `\)`, `\n` and at the end of the pattern. */
  #atEnd(): boolean {
    return /^($|\\[|&)n]|\\z[se]|\\[cC])/.test(this.source.slice(this.#at));
  }

  #underscore(): string {
    const char = this.source[this.#at++] ?? '';
    if (char === '^') return '^';
    if (char === '$') return '$';
    this.#multiline = true;
    if (char === '.') return '[^]';
    if (char === '[') return `(?:${this.#brackets(this.#at - 1)}|\\n)`;
    const found = classes[char];
    if (found === undefined) throw new Refused('E63: Invalid use of \\_');
    return `(?:${found}|\\n)`;
  }

  #percent(): string {
    const rest = this.source.slice(this.#at);
    const code = /^(?:d(\d+)|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4}))/.exec(rest);
    if (code) {
      this.#at += code[0].length;
      const value = code[1] === undefined ? parseInt(code[2] ?? code[3] ?? '0', 16) : Number(code[1]);
      return literal(String.fromCodePoint(value));
    }
    const char = rest[0];
    this.#at++;
    if (char === '(') return `(?:${this.#alternatives(1)})`;
    if (char === '^') return '(?<![^])';
    if (char === '$') return '(?![^])';
    if (char === '[') {
      const end = this.source.indexOf(']', this.#at);
      if (end < 0) throw new Refused('E69: Missing ] after \\%[');
      const optional = [...this.source.slice(this.#at, end)].map(literal);
      this.#at = end + 1;
      return optional.reduceRight((inner, one) => `(?:${one}${inner})?`, '');
    }
    throw new Refused('E71: Invalid character after \\%');
  }

  #brackets(start: number): string {
    const { source } = this;
    let at = this.#at;
    const negated = source[at] === '^';
    if (negated) at++;
    let body = '';
    let closed = false;
    for (let first = true; at < source.length; first = false) {
      const char = codePoint(source, at) ?? '';
      if (char === ']' && !first) {
        closed = true;
        at++;
        break;
      }
      const named = /^\[:(\w+):\]/.exec(source.slice(at));
      if (named && inBrackets[named[1] ?? ''] !== undefined) {
        body += inBrackets[named[1] ?? ''] ?? '';
        at += named[0].length;
        continue;
      }
      const next = source[at + 1] ?? '';
      if (char === '\\' && 'etrbn\\]^-'.includes(next) && next !== '') {
        body += { e: '\\x1b', t: '\\t', r: '\\r', b: '\\x08', n: '\\n' }[next] ?? `\\${next}`;
        if (next === 'n') this.#multiline = true;
        at += 2;
        continue;
      }
      if (char === '-' && body !== '' && source[at + 1] !== ']' && !first) body += '-';
      else {
        if (char !== char.toLowerCase()) this.#upper = true;
        body += /[\\\][^-]/.test(char) ? `\\${char}` : char;
      }
      at += char.length;
    }
    if (!closed) {
      // Without its end it is a plain character.
      this.#at = start + (source[start] === '\\' ? 2 : 1);
      return '\\[';
    }
    this.#at = at;
    return negated ? `[^${body}\\n]` : `[${body}]`;
  }

  /** What follows an atom: * \+ \= \{} \@=. */
  #repeated(atom: string): string {
    let result = atom;
    for (;;) {
      const start = this.#at;
      const token = this.#token();
      if (token === undefined) return result;
      const { char, special } = token;
      const whole = /^(\\?.|\[(?:[^\]\\]|\\.)*\]|\([^()]*\))$/u.test(result) ? result : `(?:${result})`;
      if (!special) {
        this.#at = start;
        return result;
      }
      if (char === '*') result = `${whole}*`;
      else if (char === '+') result = `${whole}+`;
      else if (char === '=' || char === '?') result = `${whole}?`;
      else if (char === '{') result = `${whole}${this.#braces()}`;
      else if (char === '@') result = this.#around(result);
      else {
        this.#at = start;
        return result;
      }
    }
  }

  #braces(): string {
    const found = /^(-?)(\d*)(,?)(\d*)\\?\}/.exec(this.source.slice(this.#at));
    if (!found) throw new Refused('E554: Syntax error in \\{...}');
    this.#at += found[0].length;
    const [, lazy = '', from = '', comma = '', to = ''] = found;
    const suffix = lazy === '' ? '' : '?';
    if (from === '' && to === '') return `*${suffix}`;
    return `{${from === '' ? '0' : from}${comma}${to}}${suffix}`;
  }

  #around(atom: string): string {
    const found = /^(\d*)(<?[=!]|>)/.exec(this.source.slice(this.#at));
    if (!found) throw new Refused('E64: @ follows nothing');
    this.#at += found[0].length;
    if (found[2] === '>') return `(?=(${atom}))\\${++this.#groups}`;
    return `(?${found[2] ?? ''}${atom})`;
  }
}

function codePoint(text: string, at: number): string | undefined {
  const code = text.codePointAt(at);
  return code === undefined ? undefined : String.fromCodePoint(code);
}
