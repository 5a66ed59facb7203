/** A mistake in a program; the message without its place. */
export class JqSyntaxError extends Error {
  constructor(
    message: string,
    /** Where in the program; undefined: not known. */
    readonly at?: number,
  ) {
    super(message);
  }
}

export type TokenKind =
  'end' | 'number' | 'field' | 'identifier' | 'variable' | 'format' | 'keyword' | 'operator' | 'string' | 'invalid';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly line: number;
  /** Where it begins. */
  readonly at: number;
  /** Of a string: texts and the tokens of its interpolations. */
  readonly parts?: readonly (string | readonly Token[])[];
  /** A string that was not closed. */
  readonly unfinished?: boolean;
}

const keywords = new Set(
  'def module import include if then else elif end as reduce foreach try catch label and or not __loc__'.split(' '),
);
keywords.delete('not');

const operators = '?// |= += -= *= //= /= %= == != <= >= // .. | , ( ) [ ] { } : ; . = < > + - * / % ? $'.split(' ');

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Takes a program apart; the last token is `end`. */
export function tokenize(source: string): readonly Token[] {
  return new Lexer(source).all();
}

class Lexer {
  #at = 0;
  #line = 1;
  /** Where the last thing began that was read: messages on a missing end point there. */
  #last = 0;

  constructor(readonly source: string) {}

  all(): readonly Token[] {
    const tokens: Token[] = [];
    for (;;) {
      const token = this.#next();
      tokens.push(token);
      if (token.kind === 'end') return tokens;
    }
  }

  #token(kind: TokenKind, text: string): Token {
    return { kind, text, line: this.#line, at: this.#at };
  }

  #next(): Token {
    for (;;) {
      const char = this.source.charAt(this.#at);
      if (char === '#' || (char !== '' && ' \t\r\n'.includes(char))) this.#last = this.#at;
      if (char === '#') while (this.#at < this.source.length && this.source.charAt(this.#at) !== '\n') this.#at++;
      else if (char !== '' && ' \t\r\n'.includes(char)) {
        while (/[ \t\r\n]/.test(this.source.charAt(this.#at))) {
          if (this.source.charAt(this.#at) === '\n') this.#line++;
          this.#at++;
        }
      } else break;
    }
    if (this.#at >= this.source.length) {
      return { kind: 'end', text: '', line: this.#line, at: this.#last };
    }
    this.#last = this.#at;
    const rest = this.source.slice(this.#at, this.#at + 200);
    const take = (kind: TokenKind, whole: string, text = whole): Token => {
      const token = this.#token(kind, text);
      this.#at += whole.length;
      return token;
    };
    if (rest.startsWith('"')) return this.#string();
    const number = /^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?/.exec(rest);
    if (number !== null) return take('number', number[0]);
    const field = /^\.[A-Za-z_]\w*/.exec(rest);
    if (field !== null) return take('field', field[0], field[0].slice(1));
    const variable = /^\$[ \t]*((?:[A-Za-z_]\w*::)*[A-Za-z_]\w*)/.exec(rest);
    if (variable !== null) return take('variable', variable[0], variable[1] ?? '');
    const word = /^(?:[A-Za-z_]\w*::)*[A-Za-z_]\w*/.exec(rest);
    if (word !== null) return take(keywords.has(word[0]) ? 'keyword' : 'identifier', word[0]);
    const format = /^@[A-Za-z0-9]+/.exec(rest);
    if (format !== null) return take('format', format[0]);
    const operator = operators.find((one) => rest.startsWith(one));
    if (operator !== undefined) return take('operator', operator);
    return take('invalid', rest.charAt(0));
  }

  /** A string with `\(…)` in it. */
  #string(): Token {
    const start = this.#token('string', '"');
    this.#at++;
    const parts: (string | readonly Token[])[] = [];
    let text = '';
    for (;;) {
      const char = this.source.charAt(this.#at);
      if (char === '') {
        this.#last = start.at + 1;
        return { ...start, parts, unfinished: true };
      }
      this.#at++;
      if (char === '"') break;
      if (char === '\n') this.#line++;
      if (char !== '\\') {
        text += char;
        continue;
      }
      const next = this.source.charAt(this.#at++);
      if (next === '(') {
        if (text !== '') parts.push(text);
        text = '';
        const inner = this.#interpolation();
        parts.push(inner);
      } else if (next === 'u') {
        const hex = /^[0-9a-fA-F]{4}/.exec(this.source.slice(this.#at, this.#at + 4));
        if (hex === null) throw new JqSyntaxError(`Invalid escape at line 1, column 4 (while parsing '"\\u"')`);
        text += String.fromCharCode(parseInt(hex[0], 16));
        this.#at += 4;
      } else {
        const escaped = escapes[next];
        if (escaped === undefined) {
          throw new JqSyntaxError(`Invalid escape at line 1, column ${3 + next.length} (while parsing '"\\${next}"')`);
        }
        text += escaped;
      }
    }
    if (text !== '') parts.push(text);
    return { ...start, parts };
  }

  /** The tokens up to the parenthesis that closes an interpolation. */
  #interpolation(): readonly Token[] {
    const tokens: Token[] = [];
    let depth = 0;
    for (;;) {
      const token = this.#next();
      if (token.kind === 'end') return [...tokens, token];
      if (token.kind === 'operator') {
        if (token.text === '(') depth++;
        if (token.text === ')' && depth-- === 0) return [...tokens, { ...token, kind: 'end', text: ')' }];
      }
      tokens.push(token);
    }
  }
}
