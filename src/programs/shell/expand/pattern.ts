/**
 * Shell patterns (bash(1), Pattern Matching) as JavaScript regular expressions. A pattern is written with backslashes
 * before characters that were quoted: `a*` matches anything that begins with a, `a\*` only itself.
 */
export interface PatternOptions {
  readonly ignoreCase?: boolean;
}

type Node =
  | { readonly kind: 'regex'; readonly source: string }
  | { readonly kind: 'star' }
  | { readonly kind: 'extended'; readonly operator: string; readonly alternatives: readonly (readonly Node[])[] };

const special = /[\\*?[\]+@!()|-]/g;
const regexSpecial = /[\\^$.*+?()[\]{}|/]/g;

/** Protects every character that means something in a pattern. */
export const escapePattern = (text: string): string => text.replace(special, '\\$&');

/** Protects every character that means something in a regular expression. */
export const escapeRegex = (text: string): string => text.replace(regexSpecial, '\\$&');

/** Whether a pattern has an unprotected `*`, `?`, `[` or an extended group. */
export function isPattern(pattern: string): boolean {
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern.charAt(index);
    if (char === '\\') index++;
    else if (char === '*' || char === '?') return true;
    else if (char === '[' && bracketEnd(pattern, index) > 0) return true;
    else if ('+@!'.includes(char) && pattern.charAt(index + 1) === '(') return true;
  }
  return false;
}

/** The text of a pattern without its protection. */
export const unescapePattern = (pattern: string): string => pattern.replace(/\\([^])/g, '$1');

const cache = new Map<string, RegExp>();
const CACHED = 2000;

function compiled(key: string, source: () => string, ignoreCase: boolean): RegExp {
  const found = cache.get(key);
  if (found !== undefined) return found;
  if (cache.size > CACHED) cache.clear();
  const flags = ignoreCase ? 'sui' : 'su';
  let regex: RegExp;
  try {
    regex = new RegExp(source(), flags);
  } catch {
    regex = /(?!)/; // a range such as [z-a], which matches nothing
  }
  cache.set(key, regex);
  return regex;
}

/** Matches whole texts. */
export function matcher(pattern: string, { ignoreCase = false }: PatternOptions = {}): RegExp {
  return compiled(`=${ignoreCase ? 'i' : ''}${pattern}`, () => `^(?:${translate(pattern)})$`, ignoreCase);
}

export const matches = (pattern: string, text: string, options?: PatternOptions): boolean =>
  pattern === '*' || matcher(pattern, options).test(text);

/** `${x#p}`, `${x##p}`: how much of the beginning the pattern takes, or undefined. */
export function prefixLength(pattern: string, text: string, longest: boolean): number | undefined {
  const key = `${longest ? '<<' : '<'}${pattern}`;
  const regex = compiled(key, () => `^(?:${translate(pattern, !longest)})`, false);
  if (hasGroups(pattern)) return extremePrefix(pattern, text, longest);
  return regex.exec(text)?.[0].length;
}

/** `${x%p}`, `${x%%p}`: where the end that the pattern takes begins, or undefined. */
export function suffixStart(pattern: string, text: string, longest: boolean): number | undefined {
  const key = `${longest ? '>>' : '>'}${pattern}`;
  const regex = compiled(key, () => `^(.*${longest ? '?' : ''})(?:${translate(pattern)})$`, false);
  return regex.exec(text)?.[1]?.length;
}

/** Occurrences for `${x/p/r}`, leftmost and longest first. */
export function finder(
  pattern: string,
  where: 'any' | 'start' | 'end',
  { ignoreCase = false }: PatternOptions = {},
): RegExp {
  const before = where === 'start' ? '^' : '';
  const after = where === 'end' ? '$' : '';
  return compiled(
    `/${where}${ignoreCase ? 'i' : ''}${pattern}`,
    () => `${before}(?:${translate(pattern)})${after}`,
    ignoreCase,
  );
}

/** Alternatives of extended groups are tried in order by JavaScript, but the shell wants the longest of all. */
function extremePrefix(pattern: string, text: string, longest: boolean): number | undefined {
  const whole = matcher(pattern);
  for (let step = 0; step <= text.length; step++) {
    const length = longest ? text.length - step : step;
    if (whole.test(text.slice(0, length))) return length;
  }
  return undefined;
}

const hasGroups = (pattern: string): boolean => /[?*+@!]\(/.test(pattern);

/** The regular expression of a pattern, without anchors. */
export function translate(pattern: string, lazy = false): string {
  const { nodes } = parseNodes(pattern, 0, false);
  return emit(nodes, '', lazy);
}

function parseNodes(pattern: string, start: number, inGroup: boolean): { nodes: Node[]; next: number } {
  const nodes: Node[] = [];
  let index = start;
  while (index < pattern.length) {
    const char = pattern.charAt(index);
    if (inGroup && (char === '|' || char === ')')) break;
    const group = '?*+@!'.includes(char) && pattern.charAt(index + 1) === '(' ? parseGroup(pattern, index) : undefined;
    if (group !== undefined) {
      nodes.push(group.node);
      index = group.next;
    } else if (char === '*') {
      if (nodes.at(-1)?.kind !== 'star') nodes.push({ kind: 'star' });
      index++;
    } else if (char === '?') {
      nodes.push({ kind: 'regex', source: '.' });
      index++;
    } else if (char === '[') {
      const end = bracketEnd(pattern, index);
      nodes.push({ kind: 'regex', source: end > 0 ? bracket(pattern.slice(index + 1, end - 1)) : '\\[' });
      index = end > 0 ? end : index + 1;
    } else if (char === '\\' && index + 1 < pattern.length) {
      const code = String.fromCodePoint(pattern.codePointAt(index + 1) ?? 0);
      nodes.push({ kind: 'regex', source: escapeRegex(code) });
      index += 1 + code.length;
    } else {
      const code = String.fromCodePoint(pattern.codePointAt(index) ?? 0);
      nodes.push({ kind: 'regex', source: escapeRegex(code) });
      index += code.length;
    }
  }
  return { nodes, next: index };
}

function parseGroup(pattern: string, start: number): { node: Node; next: number } | undefined {
  const alternatives: (readonly Node[])[] = [];
  let index = start + 2;
  for (;;) {
    const { nodes, next } = parseNodes(pattern, index, true);
    alternatives.push(nodes);
    if (next >= pattern.length) return undefined;
    index = next + 1;
    if (pattern.charAt(next) === ')') break;
  }
  return { node: { kind: 'extended', operator: pattern.charAt(start), alternatives }, next: index };
}

/** From the end, because `!(…)` must know what follows it. */
function emit(nodes: readonly Node[], after: string, lazy: boolean): string {
  let out = '';
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index];
    if (node === undefined) continue;
    if (node.kind === 'regex') out = node.source + out;
    else if (node.kind === 'star') out = (lazy ? '.*?' : '.*') + out;
    else out = emitGroup(node, out, after, lazy) + out;
  }
  return out;
}

function emitGroup(
  { operator, alternatives }: Extract<Node, { kind: 'extended' }>,
  rest: string,
  after: string,
  lazy: boolean,
): string {
  const tail = rest + after;
  const inner = alternatives.map((nodes) => emit(nodes, tail, lazy)).join('|');
  const quiet = lazy ? '?' : '';
  switch (operator) {
    case '?':
      return `(?:${inner})?${quiet}`;
    case '*':
      return `(?:${inner})*${quiet}`;
    case '+':
      return `(?:${inner})+${quiet}`;
    case '!':
      return `(?:(?!(?:${inner})(?:${tail})$).*${quiet})`;
    default:
      return `(?:${inner})`;
  }
}

/** The index after the `]` that closes the bracket opened at `start`, or 0. */
function bracketEnd(pattern: string, start: number): number {
  let index = start + 1;
  if (pattern.charAt(index) === '!' || pattern.charAt(index) === '^') index++;
  if (pattern.charAt(index) === ']') index++;
  for (; index < pattern.length; index++) {
    const char = pattern.charAt(index);
    if (char === '\\') index++;
    else if (char === '[' && ':.='.includes(pattern.charAt(index + 1) || ' ')) {
      const close = pattern.indexOf(`${pattern.charAt(index + 1)}]`, index + 2);
      if (close > 0) index = close + 1;
    } else if (char === ']') return index + 1;
  }
  return 0;
}

/** Character classes of POSIX, for ASCII as in the C locale plus letters of any script where Unicode knows them. */
export const classes: Readonly<Record<string, string>> = {
  alpha: '\\p{L}',
  digit: '0-9',
  alnum: '\\p{L}\\p{Nd}',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: ' -~\\u{a0}-\\u{10ffff}',
  graph: '!-~\\u{a1}-\\u{10ffff}',
  cntrl: '\\0-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
  word: '\\p{L}\\p{Nd}_',
  ascii: '\\0-\\x7f',
};

const inBracket = (char: string): string =>
  /[\\\]\[^\-&~!#$%*+,.:;<=>?@`|{}()/]/.test(char) ? `\\u{${char.codePointAt(0)?.toString(16) ?? '0'}}` : char;

/** What stands between `[` and `]`, as a bracket of a regular expression. */
export function bracket(body: string): string {
  const negated = body.startsWith('!') || body.startsWith('^');
  let index = negated ? 1 : 0;
  let out = '';
  const single = (): string => {
    if (body.charAt(index) === '[' && ['.', '='].includes(body.charAt(index + 1))) {
      const close = body.indexOf(`${body.charAt(index + 1)}]`, index + 2);
      if (close > 0) {
        const text = body.slice(index + 2, close);
        index = close + 2;
        return text;
      }
    }
    if (body.charAt(index) === '\\' && index + 1 < body.length) index++;
    const char = String.fromCodePoint(body.codePointAt(index) ?? 0);
    index += char.length;
    return char;
  };
  while (index < body.length) {
    const named = body.startsWith('[:', index) ? body.indexOf(':]', index + 2) : -1;
    if (named > 0) {
      out += classes[body.slice(index + 2, named)] ?? '';
      index = named + 2;
      continue;
    }
    const from = single();
    if (body.charAt(index) === '-' && index + 1 < body.length) {
      index++;
      const to = single();
      if (from <= to) out += `${inBracket(from)}-${inBracket(to)}`;
    } else out += inBracket(from);
  }
  if (out === '') return negated ? '.' : '(?!)';
  return `[${negated ? '^' : ''}${out}]`;
}
