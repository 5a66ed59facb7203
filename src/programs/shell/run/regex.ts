import { bracket } from '../expand/pattern';

const cache = new Map<string, RegExp | undefined>();

/** A POSIX extended regular expression (regex(7)) as JavaScript's; undefined if it is wrong. */
export function compileRegex(source: string, ignoreCase: boolean): RegExp | undefined {
  const key = (ignoreCase ? 'i' : 's') + source;
  if (cache.has(key)) return cache.get(key);
  if (cache.size > 500) cache.clear();
  const regex = make(source, ignoreCase);
  cache.set(key, regex);
  return regex;
}

function make(source: string, ignoreCase: boolean): RegExp | undefined {
  const translated = translate(source);
  if (translated === undefined) return undefined;
  try {
    return new RegExp(translated, ignoreCase ? 'sui' : 'su');
  } catch {
    return undefined;
  }
}

function translate(source: string): string | undefined {
  let out = '';
  let depth = 0;
  for (let index = 0; index < source.length; index++) {
    const char = source.charAt(index);
    if (char === '[') {
      const end = bracketEnd(source, index);
      if (end < 0) return undefined;
      // Inside a bracket a backslash is a plain character.
      out += bracket(source.slice(index + 1, end).replace(/\\/g, '\\\\'));
      index = end;
    } else if (char === '\\') {
      const next = source.charAt(index + 1);
      if (next === '') return undefined;
      out += gnuEscapes[next] ?? (/[\\^$.*+?()[\]{}|/]/.test(next) ? `\\${next}` : literal(next));
      index++;
    } else if (char === '{' && (index === 0 || /[(|]/.test(source.charAt(index - 1)))) return undefined;
    else if (char === '{' && !/^\{\d*(,\d*)?\}/.test(source.slice(index))) out += '\\{';
    else if (char === '{' && source.charAt(index + 1) === ',') {
      out += '{0';
    } else if (char === '}' && !/\{\d*(,\d*)?$/.test(source.slice(0, index))) out += '\\}';
    else if (char === ']') out += '\\]';
    else if (char === '(') {
      depth++;
      out += '(';
    } else if (char === ')') {
      if (depth === 0) out += '\\)';
      else {
        depth--;
        out += ')';
      }
    } else out += char;
  }
  return depth === 0 ? out : undefined;
}

const literal = (char: string): string => (char === '-' ? '-' : char);

/** What glibc's regex knows besides POSIX. */
const gnuEscapes: Readonly<Record<string, string>> = {
  w: '[\\p{L}\\p{Nd}_]',
  W: '[^\\p{L}\\p{Nd}_]',
  s: '\\s',
  S: '\\S',
  b: '\\b',
  B: '\\B',
  '<': '\\b(?=\\w)',
  '>': '\\b(?<=\\w)',
  '`': '^',
  "'": '$',
};

function bracketEnd(source: string, open: number): number {
  let index = open + 1;
  if (source.charAt(index) === '^') index++;
  if (source.charAt(index) === ']') index++;
  for (; index < source.length; index++) {
    if (source.charAt(index) === '[' && ':.='.includes(source.charAt(index + 1) || ' ')) {
      const close = source.indexOf(`${source.charAt(index + 1)}]`, index + 2);
      if (close > 0) index = close + 1;
    } else if (source.charAt(index) === ']') return index;
  }
  return -1;
}
