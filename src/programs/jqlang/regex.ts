import { fail, short } from './operations';
import type { Json } from './values';

export interface Match {
  readonly offset: number;
  readonly length: number;
  readonly string: string;
  readonly captures: readonly {
    readonly offset: number;
    readonly length: number;
    readonly string: string | null;
    readonly name: string | null;
  }[];
}

const posix: Readonly<Record<string, string>> = {
  alnum: '\\p{L}\\p{Nd}',
  alpha: '\\p{L}',
  blank: ' \\t',
  cntrl: '\\p{Cc}',
  digit: '\\d',
  graph: '\\x21-\\x7e',
  lower: '\\p{Ll}',
  print: '\\x20-\\x7e',
  punct: '\\p{P}\\p{S}',
  space: '\\s',
  upper: '\\p{Lu}',
  xdigit: '0-9A-Fa-f',
  word: '\\p{L}\\p{Nd}_',
};

/** An expression of Oniguruma (its Perl syntax) as JavaScript's. */
function translate(pattern: string, extended: boolean): string {
  let source = '';
  let inClass = false;
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern.charAt(index);
    if (char === '\\') {
      const next = pattern.charAt(++index);
      if (next === 'A') source += '(?<![^])';
      else if (next === 'z') source += '(?![^])';
      else if (next === 'Z') source += '(?=\\n?(?![^]))';
      else if (next === 'h') source += inClass ? '0-9A-Fa-f' : '[0-9A-Fa-f]';
      else if (next === 'H') source += '[^0-9A-Fa-f]';
      else if (next === 'd' || next === 's' || next === 'w' || next === 'D' || next === 'S' || next === 'W') {
        source += `\\${next}`;
      } else if (/[\^$\\.*+?()[\]{}|/a-zA-Z0-9]/.test(next)) source += `\\${next}`;
      else if (next === '-') source += inClass ? '\\-' : '-';
      else source += next;
      continue;
    }
    if (inClass) {
      const named = /^\[:(\^?)([a-z]+):\]/.exec(pattern.slice(index));
      if (named !== null) {
        source += posix[named[2] ?? ''] ?? '';
        index += named[0].length - 1;
        continue;
      }
      if (char === ']') inClass = false;
      source += char === '[' ? '\\[' : char;
      continue;
    }
    if (char === '[') {
      inClass = true;
      source += char;
      if (pattern.charAt(index + 1) === '^') source += pattern.charAt(++index);
      if (pattern.charAt(index + 1) === ']') {
        source += '\\]';
        index++;
      }
      continue;
    }
    if (extended && /\s/.test(char)) continue;
    if (extended && char === '#') {
      while (index < pattern.length && pattern.charAt(index) !== '\n') index++;
      continue;
    }
    if (char === '{' && !/^\{\d*,?\d*\}/.test(pattern.slice(index))) source += '\\{';
    else if (char === '}' && !/\{\d*,?\d*$/.test(source)) source += '\\}';
    else if (char === '$') source += '(?=\\n?(?![^]))';
    else if (char === '(' && /^\(\?[imsx]+\)/.test(pattern.slice(index))) {
      index = pattern.indexOf(')', index);
    } else source += char;
  }
  return source;
}

const compiled = new Map<string, RegExp | string>();

function compile(pattern: string, flags: string): RegExp | string {
  const key = `${flags}/${pattern}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const inline = /^\(\?([imsx]+)\)/.exec(pattern)?.[1] ?? '';
  const all = flags + inline;
  let made: RegExp | string;
  try {
    const wanted = `dgu${all.includes('i') ? 'i' : ''}${flags.includes('p') || inline.includes('m') || inline.includes('s') ? 's' : ''}`;
    made = new RegExp(translate(pattern, all.includes('x')), wanted);
  } catch (error) {
    made = reason(pattern, error instanceof Error ? error.message : '');
  }
  compiled.set(key, made);
  return made;
}

/** Oniguruma's words for what is wrong. */
function reason(pattern: string, message: string): string {
  if (/Unterminated group/.test(message)) return 'end pattern with unmatched parenthesis';
  if (/Unmatched '\)'/.test(message)) return 'unmatched close parenthesis';
  if (/Unterminated character class|Lone quantifier brackets/.test(message)) {
    return pattern.includes('[') ? 'premature end of char-class' : 'invalid pattern';
  }
  if (/Nothing to repeat/.test(message)) return 'target of repeat operator is not specified';
  if (/\\ at end/.test(message)) return 'end pattern at escape';
  if (/Invalid group/.test(message)) return 'undefined group option';
  return 'invalid pattern';
}

const letters = 'gimnpslx';

/** All matches (with `g`) or the first. */
export function matches(value: Json, pattern: Json, flags: Json): readonly Match[] {
  if (typeof value !== 'string') return fail(`${short(value)} cannot be matched, as it is not a string`);
  if (typeof pattern !== 'string') return fail(`${short(pattern)} cannot be matched, as it is not a string`);
  if (flags !== null && typeof flags !== 'string') return fail(`${short(flags)} is not a string`);
  const given = flags ?? '';
  for (const flag of given) {
    if (!letters.includes(flag)) return fail(`${given} is not a valid modifier string`);
  }
  const regex = compile(pattern, given);
  if (typeof regex === 'string') return fail(`Regex failure: ${regex}`);
  const points = codePoints(value);
  const found: Match[] = [];
  regex.lastIndex = 0;
  for (let match = regex.exec(value); match !== null; match = regex.exec(value)) {
    const { index: start } = match;
    if (match[0] === '') regex.lastIndex += (value.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
    if (match[0] !== '' || !given.includes('n')) found.push(describe(match, points));
    if (!given.includes('g')) break;
  }
  return found;
}

function describe(match: RegExpExecArray, points: (unit: number) => number): Match {
  const names = new Map<number, string>();
  const ranges = match.indices ?? [];
  for (const [name, range] of Object.entries(match.indices?.groups ?? {})) {
    // The group of a name is the one with the same place; unmatched ones are told apart by the pattern's order below.
    const at = ranges.findIndex((one, index) => index > 0 && one === range && range !== undefined);
    if (at > 0) names.set(at, name);
  }
  const order = Object.keys(match.groups ?? {});
  const allNamed = order.length === match.length - 1;
  return {
    offset: points(match.index),
    length: points(match.index + match[0].length) - points(match.index),
    string: match[0],
    captures: match.slice(1).map((string: string | undefined, index) => {
      const range = ranges[index + 1];
      const name = (allNamed ? order[index] : (names.get(index + 1) ?? sameRange(match, index + 1))) ?? null;
      if (string === undefined || range === undefined) return { offset: -1, length: 0, string: null, name };
      return { offset: points(range[0]), length: points(range[1]) - points(range[0]), string, name };
    }),
  };
}

/** The name of a group by where it matched. */
function sameRange(match: RegExpExecArray, index: number): string | undefined {
  const range = match.indices?.[index];
  if (range === undefined) return undefined;
  return Object.entries(match.indices?.groups ?? {}).find(
    ([, one]) => one !== undefined && one[0] === range[0] && one[1] === range[1],
  )?.[0];
}

/** From UTF-16 units to code points. */
function codePoints(text: string): (unit: number) => number {
  if (!/[\ud800-\udbff]/.test(text)) return (unit) => unit;
  return (unit) => [...text.slice(0, unit)].length;
}
