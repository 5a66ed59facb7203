import { integer, string, type Calls } from './call';

/** The flags of `re`, by their numbers. */
const flag = { ignoreCase: 2, multiline: 8, dotAll: 16, verbose: 64, ascii: 256 } as const;
const inline: Readonly<Record<string, number>> = { i: 2, m: 8, s: 16, x: 64, a: 256, u: 32, L: 4 };

interface Compiled {
  /** Of JavaScript, which engine both languages share here. */
  readonly source: string;
  readonly flags: number;
  readonly groups: number;
  readonly names: readonly (readonly [string, number])[];
}

/** A mistake in a pattern, in the words of `re`. */
class PatternError extends Error {}

/** Python's pattern as JavaScript's. */
function translate(pattern: string, given: number): Compiled {
  let flags = given;
  const names: (readonly [string, number])[] = [];
  const open: number[] = [];
  let groups = 0;
  let at = 0;
  let source = '';
  const fail = (text: string, position: number): never => {
    throw new PatternError(`${text} at position ${position}`);
  };
  const [word, digit, space] = ['\\p{L}\\p{N}_', '\\p{Nd}', '\\s'];
  const classOf = (letter: string, inside: boolean): string | undefined => {
    const ascii = (flags & flag.ascii) !== 0;
    const set = { w: ascii ? 'A-Za-z0-9_' : word, d: ascii ? '0-9' : digit, s: space }[letter.toLowerCase()];
    if (set === undefined) return undefined;
    if (letter === letter.toLowerCase()) return inside ? set : `[${set}]`;
    return inside ? { w: '\\W', d: '\\D', s: '\\S' }[letter.toLowerCase()] : `[^${set}]`;
  };
  /** What follows a backslash. */
  const escape = (inside: boolean): string => {
    const begin = at;
    const letter = pattern[++at];
    if (letter === undefined) return fail('bad escape (end of pattern)', begin);
    at++;
    const set = classOf(letter, inside);
    if (set !== undefined) return set;
    if (!inside && letter === 'A') return '(?<![\\s\\S])';
    if (!inside && (letter === 'Z' || letter === 'z')) return '(?![\\s\\S])';
    if (!inside && letter === 'b') {
      const edge = (flags & flag.ascii) !== 0 ? '[A-Za-z0-9_]' : `[${word}]`;
      return `(?:(?<=${edge})(?!${edge})|(?<!${edge})(?=${edge}))`;
    }
    if (!inside && letter === 'B') return '\\B';
    if (inside && letter === 'b') return '\\b';
    if (letter === 'a') return '\\x07';
    if (/[nrtfv]/.test(letter)) return `\\${letter}`;
    const code = { x: /^[0-9a-fA-F]{2}/, u: /^[0-9a-fA-F]{4}/, U: /^[0-9a-fA-F]{8}/ }[letter]?.exec(pattern.slice(at));
    if (code) {
      at += code[0].length;
      return `\\u{${code[0].replace(/^0+(?=.)/, '')}}`;
    }
    if (/\d/.test(letter)) {
      const more = /^\d/.exec(pattern.slice(at))?.[0] ?? '';
      if (letter === '0') return '\\x00';
      at += more.length;
      const number = Number(letter + more);
      if (number > groups) return fail(`invalid group reference ${number}`, begin + 1);
      return `(?:\\${number})`;
    }
    if (/[A-Za-z]/.test(letter)) return fail(`bad escape \\${letter}`, begin);
    return /[\^$\\.*+?()[\]{}|/\-]/.test(letter) && (inside || letter !== '-') ? `\\${letter}` : letter;
  };
  const set = (): void => {
    const begin = at++;
    source += '[';
    if (pattern[at] === '^') source += pattern[at++] ?? '';
    for (let first = true; pattern[at] !== ']' || first; first = false) {
      const char = pattern[at];
      if (char === undefined) return fail('unterminated character set', begin);
      if (char === '\\') source += escape(true);
      else {
        const whole = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
        const plain = /[[\](){}|/&!#$%*+,.:;<=>?@^`~]/.test(whole) && whole !== '^' ? /[[\](){}|/]/.test(whole) : false;
        source += plain ? `\\${whole}` : whole === '-' && (pattern[at + 1] === ']' || first) ? '\\-' : whole;
        at += whole.length;
      }
    }
    at++;
    source += ']';
  };
  const group = (): void => {
    const begin = at;
    const rest = pattern.slice(at);
    const flagged = /^\(\?([aiLmsux]+)\)/.exec(rest);
    if (flagged !== null) {
      if (at > 0) fail('global flags not at the start of the expression', at);
      for (const letter of flagged[1] ?? '') flags |= inline[letter] ?? 0;
      at += flagged[0].length;
      return;
    }
    const comment = /^\(\?#[^)]*\)/.exec(rest);
    if (comment !== null) {
      at += comment[0].length;
      return;
    }
    const back = /^\(\?P=(\w+)\)/.exec(rest);
    if (back !== null) {
      const named = names.find(([name]) => name === back[1]);
      if (named === undefined) fail(`unknown group name '${back[1] ?? ''}'`, at + 4);
      source += `(?:\\${named?.[1] ?? 0})`;
      at += back[0].length;
      return;
    }
    const named = /^\(\?P<([^>]*)>/.exec(rest);
    if (named !== null) {
      const name = named[1] ?? '';
      if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) fail(`bad character in group name '${name}'`, at + 4);
      if (names.some(([other]) => other === name))
        fail(
          `redefinition of group name '${name}' as group ${groups + 1}; was group ${names.find(([other]) => other === name)?.[1] ?? 0}`,
          at + 4,
        );
      names.push([name, ++groups]);
      source += '(';
      at += named[0].length;
    } else {
      const special = /^\(\?(?::|=|!|<=|<!)/.exec(rest);
      const scoped = /^\(\?[aiLmsux-]*:/.exec(rest);
      if (special !== null) source += special[0];
      else if (scoped !== null) source += '(?:';
      else if (rest.startsWith('(?'))
        fail(`unknown extension ${rest.slice(1, rest[2] === 'P' || rest[2] === '<' ? 4 : 3)}`, at + 1);
      else {
        groups++;
        source += '(';
      }
      at += (special ?? scoped ?? ['('])[0].length;
    }
    open.push(begin);
  };
  let repeatable = false;
  while (at < pattern.length) {
    const char = pattern[at] ?? '';
    const verbose = (flags & flag.verbose) !== 0;
    const repeat = /^(?:[*+?]|\{\d+(?:,\d*)?\}|\{,\d+\})([?+])?/.exec(pattern.slice(at));
    if (verbose && /\s/.test(char)) at++;
    else if (verbose && char === '#') at += /^.*/.exec(pattern.slice(at))?.[0].length ?? 1;
    else if (repeat !== null) {
      if (!repeatable)
        fail(/[*+?}]$/.test(source) && at > 0 && !/[(|]$/.test(source) ? 'multiple repeat' : 'nothing to repeat', at);
      source += repeat[0].replace('{,', '{0,').replace(/(.)\+$/, '$1');
      at += repeat[0].length;
      repeatable = false;
    } else {
      repeatable = true;
      if (char === '\\') source += escape(false);
      else if (char === '[') set();
      else if (char === '(') {
        const before = open.length;
        group();
        repeatable = open.length === before;
      } else if (char === ')') {
        if (open.pop() === undefined) fail('unbalanced parenthesis', at);
        source += ')';
        at++;
      } else {
        repeatable = char !== '|' && char !== '^';
        const multi = (flags & flag.multiline) !== 0;
        if (char === '$') source += multi ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))';
        else if (char === '^') source += multi ? '(?<=\\n|(?<![\\s\\S]))' : '(?<![\\s\\S])';
        else if (char === '.') source += (flags & flag.dotAll) !== 0 ? '[\\s\\S]' : '[^\\n]';
        else if (/[{}\]/]/.test(char)) source += `\\${char}`;
        else source += char;
        at++;
      }
    }
  }
  const [unclosed] = open.slice(-1);
  if (unclosed !== undefined) fail('missing ), unterminated subpattern', unclosed);
  return { source, flags, groups, names };
}

const compiled = new Map<string, Compiled>();
function compile(pattern: string, flags: number): Compiled {
  const key = `${flags} ${pattern}`;
  let made = compiled.get(key);
  if (made === undefined) {
    made = translate(pattern, flags);
    if (compiled.size > 500) compiled.clear();
    compiled.set(key, made);
  }
  return made;
}

/** Where characters of a text begin in UTF-16, and back; undefined where both count alike. */
function places(
  text: string,
): { readonly from: readonly number[]; readonly to: ReadonlyMap<number, number> } | undefined {
  if (!/[\ud800-\udbff]/.test(text)) return undefined;
  const from: number[] = [];
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) from.push(at);
  from.push(text.length);
  return { from, to: new Map(from.map((place, index) => [place, index])) };
}

const spans = (found: RegExpExecArray, count: number, to: ReadonlyMap<number, number> | undefined): string =>
  Array.from({ length: count + 1 }, (_, index) => {
    const span = found.indices?.[index];
    return span === undefined ? '-1,-1' : span.map((place) => to?.get(place) ?? place).join(',');
  }).join(';');

/** Regular expressions: the interpreter's own know too little. */
export function regexCalls(): Calls {
  return {
    /** Flags, number of groups, `name=number` each; or `!` and what is wrong. */
    regexCompile: (args) => {
      try {
        const { flags, groups, names, source } = compile(string(args, 0), integer(args, 1));
        new RegExp(source, 'u');
        return [flags, groups, ...names.map(([name, number]) => `${name}=${number}`)].join(' ');
      } catch (error) {
        return `!${error instanceof Error ? error.message : ''}`;
      }
    },
    /** Spans of the groups, `from,to;…`; of all matches, with a bar between them; empty if there is none. */
    regexRun: (args) => {
      const { source, flags, groups } = compile(string(args, 0), integer(args, 1));
      const text = string(args, 2);
      const mode = string(args, 4);
      const place = places(text);
      const whole = mode === 'fullmatch' ? `(?:${source})(?![\\s\\S])` : source;
      const sticky = mode === 'match' || mode === 'fullmatch';
      const expression = new RegExp(whole, `du${sticky ? 'y' : 'g'}${(flags & flag.ignoreCase) !== 0 ? 'i' : ''}`);
      expression.lastIndex = place?.from[integer(args, 3)] ?? integer(args, 3);
      const found: string[] = [];
      for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
        found.push(spans(match, groups, place?.to));
        if (mode !== 'all') break;
        if (match[0] === '') expression.lastIndex += (text.codePointAt(expression.lastIndex) ?? 0) > 0xffff ? 2 : 1;
      }
      return found.join('|');
    },
  };
}
