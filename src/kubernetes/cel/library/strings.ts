import type { Budget } from '../budget';
import { fn, type Library } from '../functions';
import {
  CelError,
  Duration,
  durationText,
  isMap,
  lookup,
  mapKeys,
  Timestamp,
  timestampText,
  TypeValue,
  typeOfValue,
  Uint,
  type Value,
} from '../values';
import { typeText } from '../types';
import { goDouble } from './go-double';

type Text = readonly [string];
type Texts = readonly [string, string];

/** Code points: what CEL counts strings in. */
const chars = (text: string, budget: Budget): readonly string[] => {
  budget.traverse(text.length);
  return [...text];
};
const made = (text: string, budget: Budget): string => {
  budget.traverse(text.length);
  return text;
};
const outOfRange = (index: bigint): CelError => new CelError(`index out of range: ${index}`);

function indexOf(text: string, part: string, from: bigint, budget: Budget): bigint {
  const [all, sought] = [chars(text, budget), chars(part, budget)];
  if (from < 0n) throw outOfRange(from);
  if (part === '') return from;
  budget.charge(Math.ceil((all.length * sought.length) / 100));
  for (let at = Number(from); at + sought.length <= all.length; at++)
    if (sought.every((char, index) => all[at + index] === char)) return BigInt(at);
  return -1n;
}

function lastIndexOf(text: string, part: string, from: bigint | undefined, budget: Budget): bigint {
  const [all, sought] = [chars(text, budget), chars(part, budget)];
  const start = from ?? BigInt(all.length);
  if (start < 0n || (from !== undefined && start > BigInt(all.length))) throw outOfRange(start);
  if (part === '') return start;
  budget.charge(Math.ceil((all.length * sought.length) / 100));
  for (let at = Math.min(Number(start), all.length - sought.length); at >= 0; at--)
    if (sought.every((char, index) => all[at + index] === char)) return BigInt(at);
  return -1n;
}

function substring(text: string, start: bigint, end: bigint | undefined, budget: Budget): string {
  const all = chars(text, budget);
  const until = end ?? BigInt(all.length);
  if (start < 0n || start > BigInt(all.length)) throw outOfRange(start);
  if (until < 0n || until > BigInt(all.length)) throw outOfRange(until);
  if (start > until) throw new CelError(`invalid substring range. start: ${start}, end: ${until}`);
  return all.slice(Number(start), Number(until)).join('');
}

function replace(text: string, old: string, by: string, limit: bigint, budget: Budget): string {
  budget.traverse(text.length);
  const parts = old === '' ? ['', ...text, ''] : text.split(old);
  const times = limit < 0n ? parts.length - 1 : Math.min(Number(limit), parts.length - 1);
  budget.traverse(text.length + times * by.length);
  const rest = parts.slice(times).join(old);
  return [...parts.slice(0, times), rest].join(by);
}

function split(text: string, by: string, limit: bigint, budget: Budget): readonly string[] {
  if (limit === 0n) return [];
  const parts = by === '' ? chars(text, budget) : made(text, budget).split(by);
  if (limit < 0n || BigInt(parts.length) <= limit) return parts;
  const first = parts.slice(0, Number(limit) - 1);
  return [...first, parts.slice(first.length).join(by)];
}

const space = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const leading = new RegExp(`^${space}*`);
const isSpace = new RegExp(`^${space}$`);

function trim(text: string): string {
  const start = leading.exec(text)?.[0].length ?? 0;
  let end = text.length;
  while (end > start && isSpace.test(text[end - 1] ?? '')) end--;
  return text.slice(start, end);
}

const ascii = (text: string, upper: boolean): string =>
  text.replace(upper ? /[a-z]+/g : /[A-Z]+/g, (part) => (upper ? part.toUpperCase() : part.toLowerCase()));

/** `%s` of format: how a value reads. */
function shown(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return goDouble(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof TypeValue) return typeText(value.type);
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(shown).join(', ')}]`;
  if (isMap(value))
    return `{${mapKeys(value)
      .map((key) => `${String(key)}: ${shown(lookup(value, key) as Value)}`)
      .sort()
      .join(', ')}}`;
  throw new CelError(
    'error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  );
}

const mostPrecision = 100;

/** string.format: %s %d %f %e %b %o %x %X. */
function format(template: string, values: readonly Value[], budget: Budget): string {
  budget.traverse(template.length);
  let used = 0;
  const text = template.replace(/%(?:%|(?:\.(\d+))?([a-zA-Z])?)/g, (clause, precision?: string, verb?: string) => {
    if (clause === '%%') return '%';
    if (verb === undefined)
      throw new CelError(`could not parse formatting clause: unrecognized formatting clause "${clause.slice(1)}"`);
    if (used >= values.length) throw new CelError(`index ${used} out of range`);
    if (Number(precision ?? 0) > mostPrecision) throw new CelError('precision is too large');
    return made(clauseText(verb, values[used++] as Value, precision), budget);
  });
  return text;
}

function clauseText(verb: string, value: Value, precision: string | undefined): string {
  const whole = typeof value === 'bigint' ? value : value instanceof Uint ? value.value : undefined;
  const real = typeof value === 'number' ? value : whole === undefined ? undefined : Number(whole);
  const wrong = (what: string): CelError =>
    new CelError(`error during formatting: ${what}, was given ${typeText(typeOfValue(value))}`);
  switch (verb) {
    case 's':
      return shown(value);
    case 'd':
      if (whole !== undefined) return String(whole);
      throw wrong('decimal clause can only be used on integers');
    case 'f':
      if (real !== undefined) return Number.isFinite(real) ? real.toFixed(Number(precision ?? 6)) : shown(real);
      throw wrong('fixed-point clause can only be used on doubles');
    case 'e':
      if (real !== undefined) return real.toExponential(Number(precision ?? 6)).replace(/e([+-])(\d)$/, 'e$10$2');
      throw wrong('scientific clause can only be used on doubles');
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      if (whole !== undefined) return whole.toString(2);
      throw wrong('only integers and bools can be formatted as binary');
    case 'o':
      if (whole !== undefined) return whole.toString(8);
      throw wrong('octal clause can only be used on integers');
    case 'x':
    case 'X': {
      const hex =
        whole !== undefined
          ? whole.toString(16)
          : typeof value === 'string' || value instanceof Uint8Array
            ? [...(typeof value === 'string' ? new TextEncoder().encode(value) : value)]
                .map((byte) => byte.toString(16).padStart(2, '0'))
                .join('')
            : undefined;
      if (hex === undefined) throw wrong('only integers, byte buffers, and strings can be formatted as hex');
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
    default:
      throw new CelError(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  }
}

/** cel-go's ext.Strings, version 2. */
export const strings: Library = [
  fn('string.charAt(int): string', ([text, index]: readonly [string, bigint], budget) => {
    const all = chars(text, budget);
    if (index < 0n || index > BigInt(all.length)) throw outOfRange(index);
    return all[Number(index)] ?? '';
  }),
  fn('string.indexOf(string): int', ([text, part]: Texts, budget) => indexOf(text, part, 0n, budget)),
  fn('string.indexOf(string, int): int', ([text, part, from]: readonly [string, string, bigint], budget) =>
    indexOf(text, part, from, budget),
  ),
  fn('string.lastIndexOf(string): int', ([text, part]: Texts, budget) => lastIndexOf(text, part, undefined, budget)),
  fn('string.lastIndexOf(string, int): int', ([text, part, from]: readonly [string, string, bigint], budget) =>
    lastIndexOf(text, part, from, budget),
  ),
  fn('string.substring(int): string', ([text, start]: readonly [string, bigint], budget) =>
    substring(text, start, undefined, budget),
  ),
  fn('string.substring(int, int): string', ([text, start, end]: readonly [string, bigint, bigint], budget) =>
    substring(text, start, end, budget),
  ),
  fn('string.lowerAscii(): string', ([text]: Text, budget) => ascii(made(text, budget), false)),
  fn('string.upperAscii(): string', ([text]: Text, budget) => ascii(made(text, budget), true)),
  fn('string.trim(): string', ([text]: Text, budget) => trim(made(text, budget))),
  fn('string.replace(string, string): string', ([text, old, by]: readonly [string, string, string], budget) =>
    replace(text, old, by, -1n, budget),
  ),
  fn(
    'string.replace(string, string, int): string',
    ([text, old, by, limit]: readonly [string, string, string, bigint], budget) =>
      replace(text, old, by, limit, budget),
  ),
  fn('string.split(string): list<string>', ([text, by]: Texts, budget) => split(text, by, -1n, budget)),
  fn('string.split(string, int): list<string>', ([text, by, limit]: readonly [string, string, bigint], budget) =>
    split(text, by, limit, budget),
  ),
  ...['list<string>.join(): string', 'list<string>.join(string): string'].map((signature) =>
    fn(signature, ([list, by = '']: readonly [readonly Value[], string?], budget) => {
      const texts = list.map((each) => {
        if (typeof each !== 'string') throw new CelError('no such overload');
        return each;
      });
      return made(texts.join(by), budget);
    }),
  ),
  fn('/strings.quote(string): string', ([text]: Text, budget) => made(JSON.stringify(text), budget)),
  fn('string.format(list<A>): string', ([template, values]: readonly [string, readonly Value[]], budget) =>
    format(template, values, budget),
  ),
];
