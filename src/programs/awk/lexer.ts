export type TokenKind =
  'number' | 'string' | 'regex' | 'name' | 'function' | 'builtin' | 'keyword' | 'newline' | 'end' | 'operator';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly line: number;
  /** Value of a number. */
  readonly value?: number;
}

interface LexerState {
  readonly at: number;
  readonly line: number;
  readonly last: Token | undefined;
}

export class AwkSyntaxError extends Error {
  constructor(
    message: string,
    readonly line: number,
    /** Before the line's number. */
    readonly place = 'line ',
  ) {
    super(message);
  }
}

const keywords = new Set(
  (
    'BEGIN END BEGINFILE ENDFILE function func if else while for do break continue next nextfile exit return delete in ' +
    'getline print printf switch case default'
  ).split(' '),
);

export const builtinNames: ReadonlySet<string> = new Set(
  (
    'atan2 close cos exp fflush gensub gsub index int length log match rand sin split sprintf sqrt srand strftime ' +
    'strtonum sub substr system systime tolower toupper mktime asort asorti and or xor lshift rshift compl patsplit ' +
    'isarray typeof'
  ).split(' '),
);

const operators =
  '**= ** += -= *= /= %= ^= == <= >= != !~ ++ -- && || >> |& + - * / % ^ ! > < | ? : ~ $ = ( ) { } [ ] , ;'.split(' ');

/** Takes a program apart. `/` is a division or begins a regular expression by what stands before it. */
export class Lexer {
  #at = 0;
  #line = 1;
  #last: Token | undefined;

  constructor(readonly source: string) {}

  next(): Token {
    const token = this.#read();
    this.#last = token;
    return token;
  }

  save(): LexerState {
    return { at: this.#at, line: this.#line, last: this.#last };
  }

  restore({ at, line, last }: LexerState): void {
    this.#at = at;
    this.#line = line;
    this.#last = last;
  }

  #token(kind: TokenKind, text: string, value?: number): Token {
    return value === undefined ? { kind, text, line: this.#line } : { kind, text, line: this.#line, value };
  }

  #read(): Token {
    this.#skip();
    const { source } = this;
    if (this.#at >= source.length) return this.#token('end', '');
    const char = source.charAt(this.#at);
    if (char === '\n') {
      const token = this.#token('newline', '\n');
      this.#at++;
      this.#line++;
      return token;
    }
    const rest = source.slice(this.#at, this.#at + 400);
    const number = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(rest);
    if (number !== null) {
      this.#at += number[0].length;
      return this.#token('number', number[0], Number(number[0]));
    }
    const word = /^[A-Za-z_]\w*/.exec(rest);
    if (word !== null) {
      const [text] = word;
      this.#at += text.length;
      if (keywords.has(text)) return this.#token('keyword', text === 'func' ? 'function' : text);
      if (builtinNames.has(text)) return this.#token('builtin', text);
      return this.#token(source.charAt(this.#at) === '(' ? 'function' : 'name', text);
    }
    if (char === '"') return this.#string();
    if (char === '/' && !this.#afterOperand()) return this.#regex();
    const operator = operators.find((one) => rest.startsWith(one));
    if (operator === undefined) {
      throw new AwkSyntaxError(`unexpected character '${char}'`, this.#line, '');
    }
    this.#at += operator.length;
    return this.#token('operator', operator === '**' ? '^' : operator === '**=' ? '^=' : operator);
  }

  /** Blanks, comments and escaped newlines. */
  #skip(): void {
    for (;;) {
      const blank = /^(?:[ \t\r\f\v]+|#[^\n]*|\\\r?\n)/.exec(this.source.slice(this.#at, this.#at + 2000));
      if (blank === null) return;
      if (blank[0].endsWith('\n')) this.#line++;
      this.#at += blank[0].length;
    }
  }

  /** Whether a `/` here divides. */
  #afterOperand(): boolean {
    const last = this.#last;
    if (last === undefined) return false;
    if (last.kind === 'operator') return [')', ']', '$', '++', '--'].includes(last.text);
    return ['number', 'string', 'name', 'builtin'].includes(last.kind) || last.text === 'getline';
  }

  #string(): Token {
    const from = ++this.#at;
    for (;;) {
      const char = this.source.charAt(this.#at);
      if (char === '' || char === '\n') {
        throw new AwkSyntaxError(`runaway string constant "${this.source.slice(from, from + 10)} ...`, this.#line);
      }
      if (char === '"') break;
      if (char === '\\' && this.source.charAt(this.#at + 1) === '\n') this.#line++;
      this.#at += char === '\\' ? 2 : 1;
    }
    const raw = this.source.slice(from, this.#at++);
    return this.#token('string', unescape(raw));
  }

  #regex(): Token {
    const from = ++this.#at;
    let inBrackets = false;
    for (;;) {
      const char = this.source.charAt(this.#at);
      if (char === '' || char === '\n') {
        throw new AwkSyntaxError(`runaway regular expression /${this.source.slice(from, from + 10)} ...`, this.#line);
      }
      if (char === '/' && !inBrackets) break;
      if (char === '\\') this.#at++;
      else if (char === '[' && !inBrackets) {
        inBrackets = true;
        // `[]…]` and `[^]…]` begin with the bracket itself.
        if (this.source.charAt(this.#at + 1) === '^') this.#at++;
        if (this.source.charAt(this.#at + 1) === ']') this.#at++;
      } else if (char === '[' && /^\[[:.=]/.test(this.source.slice(this.#at, this.#at + 2))) {
        const close = this.source.indexOf(`${this.source.charAt(this.#at + 1)}]`, this.#at + 2);
        if (close > 0) this.#at = close + 1;
      } else if (char === ']') inBrackets = false;
      this.#at++;
    }
    const source = this.source.slice(from, this.#at++).replaceAll('\\/', '/');
    return this.#token('regex', source);
  }
}

const simple: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
  b: '\b',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\n': '',
};

/** Escapes of a string (also of `-v` and command line assignments); an unknown one keeps its backslash, as mawk does. */
export function unescape(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(/\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|[^])/g, (whole, code: string) => {
    if (/^[0-7]/.test(code)) return String.fromCharCode(parseInt(code, 8) & 255);
    if (code.startsWith('x') && code.length > 1) return String.fromCharCode(parseInt(code.slice(1), 16));
    return simple[code] ?? whole;
  });
}
