/** What a pattern of RE2 is made of. */
export type Test = (char: string) => boolean;
export type Assertion = 'start' | 'end' | 'lineStart' | 'lineEnd' | 'word' | 'notWord';

export type Node =
  | { readonly kind: 'char'; readonly test: Test }
  | { readonly kind: 'all'; readonly of: readonly Node[] }
  | { readonly kind: 'any'; readonly of: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly min: number; readonly max: number; readonly lazy: boolean }
  | { readonly kind: 'assert'; readonly what: Assertion };

const mostRepeats = 1000;
const deepest = 250;

/** The words of regexp/syntax. */
export class BadRegex extends Error {}

export const isWord: Test = (char) => /^[0-9A-Za-z_]$/.test(char);

const classes: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\u0007' };

/** RE2's syntax. Flags: i, m, s, U. */
export class Parser {
  #at = 0;
  #depth = 0;
  #fold = false;
  #lines = false;
  #dotAll = false;
  #lazy = false;

  constructor(readonly text: string) {}

  parse(): Node {
    const node = this.#alternatives();
    if (this.#at < this.text.length) throw new BadRegex('unexpected ): `' + this.text + '`');
    return node;
  }

  #alternatives(): Node {
    if (++this.#depth > deepest) throw new BadRegex('expression nests too deeply');
    const flags = [this.#fold, this.#lines, this.#dotAll, this.#lazy] as const;
    const found: Node[] = [this.#sequence()];
    while (this.text[this.#at] === '|') {
      this.#at++;
      found.push(this.#sequence());
    }
    [this.#fold, this.#lines, this.#dotAll, this.#lazy] = flags;
    this.#depth--;
    return found.length === 1 ? (found[0] as Node) : { kind: 'any', of: found };
  }

  #sequence(): Node {
    const found: Node[] = [];
    while (this.#at < this.text.length && !'|)'.includes(this.text[this.#at] as string)) {
      const node = this.#repeated();
      if (node !== undefined) found.push(node);
    }
    return { kind: 'all', of: found };
  }

  #repeated(): Node | undefined {
    const start = this.#at;
    let node = this.#atom();
    for (let times = 0; ; times++) {
      const range = this.#range();
      if (range === undefined) return node;
      const operator = this.text.slice(start, this.#at);
      if (node === undefined) throw new BadRegex('missing argument to repetition operator: `' + operator + '`');
      if (times > 0) throw new BadRegex('invalid nested repetition operator: `' + operator.slice(-2) + '`');
      const [min, max] = range;
      let lazy = this.#lazy;
      if (this.text[this.#at] === '?') {
        this.#at++;
        lazy = !lazy;
      }
      node = { kind: 'repeat', of: node, min, max, lazy };
    }
  }

  #range(): readonly [number, number] | undefined {
    switch (this.text[this.#at]) {
      case '*':
        this.#at++;
        return [0, Infinity];
      case '+':
        this.#at++;
        return [1, Infinity];
      case '?':
        this.#at++;
        return [0, 1];
      case '{': {
        const match = /^\{(\d+)(,(\d*))?\}/.exec(this.text.slice(this.#at, this.#at + 24));
        if (match === null) return undefined;
        const [whole, low = '', comma, high = ''] = match;
        const min = Number(low);
        const max = comma === undefined ? min : high === '' ? Infinity : Number(high);
        if (min > mostRepeats || (max !== Infinity && max > mostRepeats) || max < min)
          throw new BadRegex('invalid repeat count: `' + whole + '`');
        this.#at += whole.length;
        return [min, max];
      }
      default:
        return undefined;
    }
  }

  #atom(): Node | undefined {
    const char = this.#next();
    switch (char) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'char', test: this.#set() };
      case '.': {
        const all = this.#dotAll;
        return { kind: 'char', test: (each) => all || each !== '\n' };
      }
      case '^':
        return { kind: 'assert', what: this.#lines ? 'lineStart' : 'start' };
      case '$':
        return { kind: 'assert', what: this.#lines ? 'lineEnd' : 'end' };
      case '*':
      case '+':
      case '?':
        this.#at -= 1;
        return undefined;
      case '\\':
        return this.#escape();
      default:
        return { kind: 'char', test: this.#literal(char) };
    }
  }

  #next(): string {
    const char = String.fromCodePoint(this.text.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    return char;
  }

  #literal(char: string): Test {
    if (!this.#fold) return (each) => each === char;
    const lower = char.toLowerCase();
    return (each) => each.toLowerCase() === lower;
  }

  #group(): Node | undefined {
    if (this.text.startsWith('?', this.#at)) {
      const named = /^\?P?<(\w+)>/.exec(this.text.slice(this.#at, this.#at + 100));
      const flags = /^\?([imsU]*)(-[imsU]+)?([:)])/.exec(this.text.slice(this.#at, this.#at + 100));
      if (named !== null) this.#at += named[0].length;
      else if (flags !== null) {
        const before = [this.#fold, this.#lines, this.#dotAll, this.#lazy] as const;
        this.#at += flags[0].length;
        for (const flag of flags[1] ?? '') this.#set1(flag, true);
        for (const flag of (flags[2] ?? '').slice(1)) this.#set1(flag, false);
        if (flags[3] === ')') return { kind: 'all', of: [] };
        const node = this.#closed();
        [this.#fold, this.#lines, this.#dotAll, this.#lazy] = before;
        return node;
      } else
        throw new BadRegex('invalid or unsupported Perl syntax: `(' + this.text.slice(this.#at, this.#at + 2) + '`');
    }
    return this.#closed();
  }

  #set1(flag: string, on: boolean): void {
    if (flag === 'i') this.#fold = on;
    else if (flag === 'm') this.#lines = on;
    else if (flag === 's') this.#dotAll = on;
    else this.#lazy = on;
  }

  #closed(): Node {
    const node = this.#alternatives();
    if (this.text[this.#at] !== ')') throw new BadRegex('missing closing ): `' + this.text + '`');
    this.#at++;
    return node;
  }

  #escape(): Node {
    if (this.#at >= this.text.length) throw new BadRegex('trailing backslash at end of expression: ``');
    const letter = this.text[this.#at] as string;
    const assertions: Readonly<Record<string, Assertion>> = { b: 'word', B: 'notWord', A: 'start', z: 'end' };
    const assertion = assertions[letter];
    if (assertion !== undefined) {
      this.#at++;
      return { kind: 'assert', what: assertion };
    }
    if (letter === 'Q') {
      const end = this.text.indexOf('\\E', this.#at);
      const quoted = this.text.slice(this.#at + 1, end < 0 ? undefined : end);
      this.#at = end < 0 ? this.text.length : end + 2;
      return { kind: 'all', of: [...quoted].map((char) => ({ kind: 'char', test: this.#literal(char) })) };
    }
    const known = this.#class();
    return { kind: 'char', test: known ?? this.#literal(this.#escaped()) };
  }

  /** \d, \pL and their like, at the letter. */
  #class(): Test | undefined {
    const letter = this.text[this.#at] ?? '';
    const perl: Readonly<Record<string, RegExp>> = { d: /^[0-9]$/, w: /^[0-9A-Za-z_]$/, s: /^[\t\n\f\r ]$/ };
    const set = perl[letter.toLowerCase()];
    if (set !== undefined) {
      this.#at++;
      const not = letter !== letter.toLowerCase();
      return (char) => set.test(char) !== not;
    }
    if (letter !== 'p' && letter !== 'P') return undefined;
    const match = /^[pP](?:\{(\^?)(\w+)\}|(\w))/.exec(this.text.slice(this.#at, this.#at + 40));
    if (match === null) throw new BadRegex('invalid character class range: `\\' + letter + '`');
    this.#at += match[0].length;
    const name = match[2] ?? match[3] ?? '';
    let pattern: RegExp;
    try {
      pattern = new RegExp(`^${/^[A-Z][a-z]?$/.test(name) ? `\\p{${name}}` : `\\p{Script=${name}}`}$`, 'u');
    } catch {
      throw new BadRegex('invalid character class range: `\\' + match[0] + '`');
    }
    const not = (letter === 'P') !== (match[1] === '^');
    return (char) => pattern.test(char) !== not;
  }

  #escaped(): string {
    const rest = this.text.slice(this.#at, this.#at + 12);
    const hex = /^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(rest);
    if (hex !== null) {
      this.#at += hex[0].length;
      const code = parseInt(hex[1] ?? hex[2] ?? '', 16);
      if (code > 0x10ffff) throw new BadRegex('invalid escape sequence: `\\' + hex[0] + '`');
      return String.fromCodePoint(code);
    }
    const octal = /^0[0-7]{0,2}|^[1-7][0-7]{1,2}/.exec(rest);
    if (octal !== null) {
      this.#at += octal[0].length;
      return String.fromCharCode(parseInt(octal[0], 8));
    }
    const char = this.#next();
    const known = escapes[char];
    if (known !== undefined) return known;
    if (/^[0-9A-Za-z]$/.test(char)) throw new BadRegex('invalid escape sequence: `\\' + char + '`');
    return char;
  }

  #set(): Test {
    const start = this.#at - 1;
    const not = this.text[this.#at] === '^';
    if (not) this.#at++;
    const tests: Test[] = [];
    const fold = this.#fold;
    for (let first = true; ; first = false) {
      if (this.#at >= this.text.length) throw new BadRegex('missing closing ]: `' + this.text.slice(start) + '`');
      if (this.text[this.#at] === ']' && !first) break;
      const named = /^\[:(\^?)(\w+):\]/.exec(this.text.slice(this.#at, this.#at + 14));
      if (named !== null) {
        const members = classes[named[2] ?? ''];
        if (members === undefined) throw new BadRegex('invalid character class range: `' + named[0] + '`');
        this.#at += named[0].length;
        const set = new RegExp(`^[${members}]$`);
        const negated = named[1] === '^';
        tests.push((char) => set.test(char) !== negated);
        continue;
      }
      const low = this.#member();
      if (typeof low !== 'string') {
        tests.push(low);
        continue;
      }
      if (this.text[this.#at] !== '-' || this.text[this.#at + 1] === ']' || this.#at + 1 >= this.text.length) {
        tests.push(this.#literal(low));
        continue;
      }
      this.#at++;
      const high = this.#member();
      const [from, to] = [low.codePointAt(0) ?? 0, typeof high === 'string' ? (high.codePointAt(0) ?? 0) : -1];
      if (to < from)
        throw new BadRegex('invalid character class range: `' + `${low}-${typeof high === 'string' ? high : ''}` + '`');
      const inside = (char: string): boolean => {
        const code = char.codePointAt(0) ?? 0;
        return code >= from && code <= to;
      };
      tests.push(fold ? (char) => inside(char.toLowerCase()) || inside(char.toUpperCase()) : inside);
    }
    this.#at++;
    return (char) => tests.some((test) => test(char)) !== not;
  }

  #member(): string | Test {
    const char = this.#next();
    if (char !== '\\') return char;
    return this.#class() ?? this.#escaped();
  }
}
