import { AwkError } from './values';

const classes: Readonly<Record<string, string>> = {
  alnum: '\\p{L}\\p{Nd}',
  alpha: '\\p{L}',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e\\u{a1}-\\u{10ffff}',
  lower: '\\p{Ll}',
  print: '\\x20-\\x7e\\u{a0}-\\u{10ffff}',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: ' \\t\\n\\r\\f\\v',
  upper: '\\p{Lu}',
  xdigit: '0-9A-Fa-f',
};

const word = '[\\p{L}\\p{Nd}_]';
const escapes: Readonly<Record<string, string>> = {
  n: '\\n',
  t: '\\t',
  r: '\\r',
  f: '\\f',
  v: '\\v',
  a: '\\x07',
  b: '\\x08',
  // gawk's operators
  y: `(?:(?<!${word})(?=${word})|(?<=${word})(?!${word}))`,
  B: `(?:(?<!${word})(?!${word})|(?<=${word})(?=${word}))`,
  '<': `(?<!${word})(?=${word})`,
  '>': `(?<=${word})(?!${word})`,
  w: word,
  W: '[^\\p{L}\\p{Nd}_]',
  s: '[ \\t\\n\\r\\f\\v]',
  S: '[^ \\t\\n\\r\\f\\v]',
  '`': '(?<![^])',
  "'": '(?![^])',
};

const literal = (char: string): string => (/[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char);
const inClass = (char: string): string => (/[\\\]^[-]/.test(char) ? `\\${char}` : char);

/** One translated expression. */
export class AwkRegex {
  readonly #any: RegExp;
  readonly #all: RegExp;
  /** With alternatives the longest match counts, not the first alternative that matches. */
  readonly #anchored: boolean;
  readonly #whole: RegExp | undefined;

  constructor(source: string, ignoreCase = false) {
    const translated = translate(source);
    const flags = ignoreCase ? 'usi' : 'us';
    try {
      this.#any = new RegExp(translated, flags);
    } catch {
      throw new AwkError(`regular expression compile failed (bad expression)\n${source}`);
    }
    this.#anchored = /(?<!\\)\$/.test(source);
    this.#all = new RegExp(translated, `${flags}g`);
    this.#whole = ambiguous(source) ? new RegExp(`(?:${translated})(?![^])`, `${flags}y`) : undefined;
  }

  test(text: string): boolean {
    return this.#any.test(text);
  }

  /** The leftmost, longest match at or after `from`. */
  exec(text: string, from = 0): RegExpExecArray | null {
    this.#all.lastIndex = from;
    const found = this.#all.exec(text);
    if (found === null || this.#whole === undefined) return found;
    const { index } = found;
    // `$` inside would match at any cut, so with it only the real end is tried.
    const least = this.#anchored ? text.length - 1 : index + found[0].length;
    for (let end = text.length; end > least; end--) {
      this.#whole.lastIndex = index;
      const longer = this.#whole.exec(text.slice(0, end));
      if (longer !== null) return longer;
    }
    return found;
  }
}

/** Whether JavaScript's first alternative and POSIX's longest may differ. */
function ambiguous(source: string): boolean {
  if (!source.includes('|')) return false;
  const plain = source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  const alternatives = plain.split(/[()|]/).filter((one) => one !== '');
  if (/[*+?{^$.]/.test(plain)) return true;
  return alternatives.some((one, index) => alternatives.some((other, at) => at !== index && other.startsWith(one)));
}

/** An awk expression (ERE with escapes) as JavaScript's for the flags `u` and `s`. */
export function translate(pattern: string): string {
  let source = '';
  let index = 0;
  let open = 0;
  /** Where the last thing that can be repeated begins; -1: there is none. */
  let atom = -1;
  let repeated = false;
  const starts: number[] = [];
  const add = (text: string): void => {
    atom = source.length;
    source += text;
    repeated = false;
  };
  const repeat = (operator: string): void => {
    if (repeated) source = `${source.slice(0, atom)}(?:${source.slice(atom)})`;
    source += operator;
    repeated = true;
  };
  const failed = (why: string): never => {
    throw new AwkError(`regular expression compile failed (${why})\n${pattern}`);
  };
  while (index < pattern.length) {
    const char = String.fromCodePoint(pattern.codePointAt(index) ?? 0);
    index += char.length;
    switch (char) {
      case '\\': {
        const rest = pattern.slice(index);
        const octal = /^[0-7]{1,3}/.exec(rest)?.[0];
        const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
        if (rest === '') add('\\\\');
        else if (octal !== undefined) {
          add(`\\u{${parseInt(octal, 8).toString(16)}}`);
          index += octal.length;
        } else if (hex !== null) {
          add(`\\u{${hex[1] ?? '0'}}`);
          index += hex[0].length;
        } else {
          const next = String.fromCodePoint(rest.codePointAt(0) ?? 0);
          add(escapes[next] ?? literal(next));
          index += next.length;
        }
        break;
      }
      case '[': {
        const bracket = bracketOf(pattern, index);
        if (bracket === undefined) return failed('bad class -- [], [^] or [');
        add(bracket.source);
        index = bracket.next;
        break;
      }
      case '(':
        if (pattern.charAt(index) === ')') {
          add('(?:)');
          index++;
          break;
        }
        open++;
        starts.push(source.length);
        source += '(';
        atom = -1;
        break;
      case ')':
        if (open === 0) {
          add('\\)');
          break;
        }
        open--;
        source += ')';
        atom = starts.pop() ?? 0;
        repeated = false;
        break;
      case '|':
        source += '|';
        atom = -1;
        break;
      case '*':
      case '+':
      case '?':
        if (atom < 0) add(literal(char));
        else repeat(char);
        break;
      case '{': {
        const match = /^(\d*)(,?)(\d*)\}/.exec(pattern.slice(index));
        if (match === null || atom < 0 || (match[1] === '' && match[3] === '')) {
          add('\\{');
          break;
        }
        const [whole, low = '', comma = '', high = ''] = match;
        index += whole.length;
        repeat(`{${low === '' ? '0' : low}${comma}${high}}`);
        break;
      }
      case '^':
        source += '(?<![^])';
        atom = -1;
        break;
      case '$':
        source += '(?![^])';
        atom = -1;
        break;
      case '.':
        add('.');
        break;
      default:
        add(literal(char));
    }
  }
  if (open > 0) return failed("missing ')'");
  return source;
}

/** `[…]` from after its `[`. */
function bracketOf(pattern: string, from: number): { source: string; next: number } | undefined {
  let index = from;
  let source = '[';
  if (pattern.charAt(index) === '^') {
    source += '^';
    index++;
  }
  const first = index;
  const one = (): string | undefined => {
    const char = String.fromCodePoint(pattern.codePointAt(index) ?? 0);
    index += char.length;
    if (char !== '\\') return char;
    const rest = pattern.slice(index);
    const octal = /^[0-7]{1,3}/.exec(rest)?.[0];
    if (octal !== undefined) {
      index += octal.length;
      return String.fromCharCode(parseInt(octal, 8));
    }
    const next = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    index += next.length;
    const control: Readonly<Record<string, string>> = {
      n: '\n',
      t: '\t',
      r: '\r',
      f: '\f',
      v: '\v',
      a: '\x07',
      b: '\b',
    };
    return control[next] ?? next;
  };
  for (;;) {
    if (index >= pattern.length) return undefined;
    if (pattern.charAt(index) === ']' && index > first) return { source: `${source}]`, next: index + 1 };
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(index));
    if (named !== null) {
      source += classes[named[1] ?? ''] ?? '';
      index += named[0].length;
      continue;
    }
    const low = one();
    const isRange = pattern.charAt(index) === '-' && index + 1 < pattern.length && pattern.charAt(index + 1) !== ']';
    if (isRange) {
      index++;
      const high = one();
      if ((high ?? '') < (low ?? '')) return undefined;
      source += `${inClass(low ?? '')}-${inClass(high ?? '')}`;
    } else source += inClass(low ?? '');
  }
}
