/** A POSIX regular expression as JavaScript's, or the message of what is wrong with it (regcomp(3) of glibc). */
export type Compiled = { readonly ok: true; readonly source: string } | { readonly ok: false; readonly error: string };

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
  space: '\\s',
  upper: '\\p{Lu}',
  xdigit: '0-9A-Fa-f',
};

/** A character that means nothing else in a pattern with the flag u. */
export const literal = (char: string): string => (/[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char);
const inBrackets = (char: string): string =>
  /[\\\]^[&~!#%,:;<=>@`|-]/.test(char) && /[\\\]^[-]/.test(char) ? `\\${char}` : char;

/** Translates a basic or extended regular expression, with GNU's additions, for the flags `u` (and `s`, `i`). */
export function translate(pattern: string, extended: boolean): Compiled {
  let source = '';
  let index = 0;
  let groups = 0;
  const open: number[] = [];
  /** Where the last thing that can be repeated begins; -1: there is none. */
  let atom = -1;
  let atStart = true;
  const starts: number[] = [];
  const wrong = (error: string): Compiled => ({ ok: false, error });

  const repeat = (operator: string): void => {
    // a** and a*+ are what a* is; JavaScript would complain or mean something else.
    if (/[*+?}]$/.test(source.slice(atom)) && source.length > atom + 1 && repeated) {
      source = `${source.slice(0, atom)}(?:${source.slice(atom)})`;
    }
    source += operator;
    repeated = true;
  };
  let repeated = false;
  const add = (text: string): void => {
    atom = source.length;
    source += text;
    atStart = false;
    repeated = false;
  };

  while (index < pattern.length) {
    const char = String.fromCodePoint(pattern.codePointAt(index) ?? 0);
    let token = char;
    let escaped = false;
    if (char === '\\') {
      if (index + 1 >= pattern.length) return wrong('Trailing backslash');
      token = String.fromCodePoint(pattern.codePointAt(index + 1) ?? 0);
      escaped = true;
      index++;
    }
    index += token.length;
    const special = extended ? !escaped : escaped;

    if (!escaped && token === '[') {
      const bracket = bracketOf(pattern, index);
      if (typeof bracket === 'string') return wrong(bracket);
      add(bracket.source);
      index = bracket.next;
    } else if (!escaped && token === '.') {
      add('.');
    } else if (special && token === '(') {
      groups++;
      open.push(groups);
      starts.push(source.length);
      source += '(';
      atom = -1;
      atStart = true;
    } else if (special && token === ')' && (open.length > 0 || !extended)) {
      if (open.pop() === undefined) return wrong('Unmatched ) or \\)');
      source += ')';
      atom = starts.pop() ?? 0;
      atStart = false;
      repeated = false;
    } else if (special && token === '|') {
      source += '|';
      atom = -1;
      atStart = true;
    } else if (!escaped && token === '*') {
      // At the start of a basic expression it is a star, of an extended one it is nothing.
      if (atom >= 0) repeat('*');
      else if (!extended) add('\\*');
    } else if (special && (token === '+' || token === '?')) {
      if (atom < 0) add(literal(token));
      else repeat(token);
    } else if (special && token === '{') {
      const end = extended ? /^(\d*)(,?)(\d*)\}/ : /^(\d*)(,?)(\d*)\\\}/;
      const match = end.exec(pattern.slice(index));
      if (match === null || (match[1] === '' && match[3] === '' && match[2] === '')) {
        if (!extended) {
          return wrong(pattern.slice(index).includes('\\}') ? 'Invalid content of \\{\\}' : 'Unmatched \\{');
        }
        add('\\{');
        continue;
      }
      const [whole, low = '', comma = '', high = ''] = match;
      if (high !== '' && Number(low) > Number(high)) return wrong('Invalid content of \\{\\}');
      if (Number(low) > 32_767 || Number(high) > 32_767) return wrong('Regular expression too big');
      index += whole.length;
      if (atom < 0) {
        if (!extended) return wrong('Invalid preceding regular expression');
        add(`\\{${low}${comma}${high}\\}`);
      } else repeat(`{${low === '' ? '0' : low}${comma}${high}}`);
    } else if (!escaped && token === '^' && (extended || atStart)) {
      source += '^';
      // In a basic one `^*` is a star.
      if (extended) atom = -1;
    } else if (!escaped && token === '$' && (extended || endsHere(pattern, index))) {
      source += '$';
      atom = -1;
    } else if (escaped && /[1-9]/.test(token)) {
      if (Number(token) > groups) return wrong('Invalid back reference');
      add(`(?:\\${token})`);
    } else if (escaped && token in escapes) {
      add(escapes[token] ?? '');
    } else {
      add(literal(token));
    }
  }
  if (open.length > 0) return wrong('Unmatched ( or \\(');
  return { ok: true, source };
}

const escapes: Readonly<Record<string, string>> = {
  w: '[\\p{L}\\p{Nd}_]',
  W: '[^\\p{L}\\p{Nd}_]',
  s: '\\s',
  S: '\\S',
  b: '(?:(?<![\\p{L}\\p{Nd}_])(?=[\\p{L}\\p{Nd}_])|(?<=[\\p{L}\\p{Nd}_])(?![\\p{L}\\p{Nd}_]))',
  B: '(?:(?<![\\p{L}\\p{Nd}_])(?![\\p{L}\\p{Nd}_])|(?<=[\\p{L}\\p{Nd}_])(?=[\\p{L}\\p{Nd}_]))',
  '<': '(?<![\\p{L}\\p{Nd}_])(?=[\\p{L}\\p{Nd}_])',
  '>': '(?<=[\\p{L}\\p{Nd}_])(?![\\p{L}\\p{Nd}_])',
  '`': '(?<![^])',
  "'": '(?![^])',
  n: '\\n',
  t: '\\t',
  r: '\\r',
  f: '\\f',
  v: '\\v',
};

/** In a basic expression `$` is an anchor only at an end. */
const endsHere = (pattern: string, index: number): boolean =>
  index >= pattern.length || pattern.startsWith('\\)', index) || pattern.startsWith('\\|', index);

/** `[…]` from after its `[`. */
function bracketOf(pattern: string, from: number): { source: string; next: number } | string {
  const unmatched = 'Unmatched [, [^, [:, [., or [=';
  let index = from;
  let source = '[';
  if (pattern.charAt(index) === '^') {
    source += '^';
    index++;
  }
  const first = index;
  for (;;) {
    if (index >= pattern.length) return unmatched;
    const char = String.fromCodePoint(pattern.codePointAt(index) ?? 0);
    if (char === ']' && index > first) return { source: `${source}]`, next: index + 1 };
    const named = /^\[([:.=])([^]*?)\1\]/.exec(pattern.slice(index));
    if (named !== null) {
      const [whole, kind, name = ''] = named;
      if (kind === ':') {
        const set = classes[name];
        if (set === undefined) return 'Invalid character class name';
        source += set;
      } else source += inBrackets(name);
      index += whole.length;
      continue;
    }
    index += char.length;
    const isRange = pattern.charAt(index) === '-' && index + 1 < pattern.length && pattern.charAt(index + 1) !== ']';
    if (isRange) {
      const end = String.fromCodePoint(pattern.codePointAt(index + 1) ?? 0);
      if ((end.codePointAt(0) ?? 0) < (char.codePointAt(0) ?? 0)) return 'Invalid range end';
      source += `${inBrackets(char)}-${inBrackets(end)}`;
      index += 1 + end.length;
    } else source += inBrackets(char);
  }
}

/** Compiles; the message if it cannot be. */
export function compile(pattern: string, extended: boolean, flags = ''): RegExp | string {
  const translated = translate(pattern, extended);
  if (!translated.ok) return translated.error;
  try {
    return new RegExp(translated.source, `u${flags}`);
  } catch {
    return 'Invalid regular expression';
  }
}
