import type { Budget } from '../budget';
import { fn, type Library } from '../functions';
import {
  CelError,
  Duration,
  durationText,
  equal,
  isMap,
  lookup,
  mapSize,
  numeric,
  Optional,
  none,
  parseDuration,
  parseTimestamp,
  Timestamp,
  timestampText,
  TypeValue,
  typeOfValue,
  Uint,
  type CelMap,
  type JsonObject,
  type Value,
} from '../values';
import { matches } from '../regex';
import { goShortest } from './go-double';

type Map = CelMap | JsonObject;

const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;
const mostUint = 2n ** 64n - 1n;

export function intOf(value: bigint): bigint {
  if (value < least || value > most) throw new CelError('integer overflow');
  return value;
}
const uintOf = (value: bigint): Uint => {
  if (value < 0n || value > mostUint) throw new CelError('unsigned integer overflow');
  return new Uint(value);
};
const nonZero = (value: bigint, text: string): bigint => {
  if (value === 0n) throw new CelError(text);
  return value;
};

const arithmetic: Library = (
  [
    ['_+_', (a: bigint, b: bigint) => a + b],
    ['_-_', (a: bigint, b: bigint) => a - b],
    ['_*_', (a: bigint, b: bigint) => a * b],
    ['_/_', (a: bigint, b: bigint) => a / nonZero(b, 'division by zero')],
    ['_%_', (a: bigint, b: bigint) => a % nonZero(b, 'modulus by zero')],
  ] as const
).flatMap(([name, run]) => [
  fn(`${name}(int, int): int`, ([a, b]: readonly [bigint, bigint]) => intOf(run(a, b))),
  fn(`${name}(uint, uint): uint`, ([a, b]: readonly [Uint, Uint]) => uintOf(run(a.value, b.value))),
]);

const doubles: Library = [
  fn('_+_(double, double): double', ([a, b]: readonly [number, number]) => a + b),
  fn('_-_(double, double): double', ([a, b]: readonly [number, number]) => a - b),
  fn('_*_(double, double): double', ([a, b]: readonly [number, number]) => a * b),
  fn('_/_(double, double): double', ([a, b]: readonly [number, number]) => a / b),
  fn('-_(int): int', ([a]: readonly [bigint]) => intOf(-a)),
  fn('-_(double): double', ([a]: readonly [number]) => -a),
  fn('!_(bool): bool', ([a]: readonly [boolean]) => !a),
];

const additions: Library = [
  fn('_+_(string, string): string', ([a, b]: readonly [string, string], budget) => {
    budget.traverse(a.length + b.length);
    return a + b;
  }),
  fn('_+_(bytes, bytes): bytes', ([a, b]: readonly [Uint8Array, Uint8Array], budget) => {
    budget.traverse(a.length + b.length);
    return Uint8Array.from([...a, ...b]);
  }),
  fn('_+_(list<A>, list<A>): list<A>', ([a, b]: readonly (readonly Value[])[], budget) => {
    budget.traverse((a?.length ?? 0) + (b?.length ?? 0));
    return [...(a ?? []), ...(b ?? [])];
  }),
  fn('_+_(timestamp, duration): timestamp', ([a, b]: readonly [Timestamp, Duration]) => moment(a.nanos + b.nanos)),
  fn('_+_(duration, timestamp): timestamp', ([a, b]: readonly [Duration, Timestamp]) => moment(a.nanos + b.nanos)),
  fn('_+_(duration, duration): duration', ([a, b]: readonly [Duration, Duration]) => span(a.nanos + b.nanos)),
  fn('_-_(timestamp, timestamp): duration', ([a, b]: readonly [Timestamp, Timestamp]) => span(a.nanos - b.nanos)),
  fn('_-_(timestamp, duration): timestamp', ([a, b]: readonly [Timestamp, Duration]) => moment(a.nanos - b.nanos)),
  fn('_-_(duration, duration): duration', ([a, b]: readonly [Duration, Duration]) => span(a.nanos - b.nanos)),
];

const earliest = -62_135_596_800_000_000_000n;
const latest = 253_402_300_799_999_999_999n;
const moment = (nanos: bigint): Timestamp => {
  if (nanos < earliest || nanos > latest) throw new CelError('timestamp overflow');
  return new Timestamp(nanos);
};
const span = (nanos: bigint): Duration => {
  if (nanos < least || nanos > most) throw new CelError('integer overflow');
  return new Duration(nanos);
};

/** Less, equal, greater; not a number is none of them. */
export function compare(a: Value, b: Value): number {
  const plain = (value: Value): number | bigint | string | boolean => {
    if (value instanceof Uint) return numeric(value);
    if (value instanceof Timestamp || value instanceof Duration) return value.nanos;
    if (value instanceof Uint8Array) return [...value].map((byte) => String.fromCharCode(byte)).join('');
    return value as number | bigint | string | boolean;
  };
  const left = plain(a);
  const right = plain(b);
  return left < right
    ? -1
    : left > right
      ? 1
      : left === right
        ? 0
        : Number.isNaN(left) || Number.isNaN(right)
          ? NaN
          : 0;
}

const numbers = ['int', 'uint', 'double'];
const comparable = [
  ...numbers.flatMap((a) => numbers.map((b) => [a, b] as const)),
  ...['bool', 'string', 'bytes', 'timestamp', 'duration'].map((each) => [each, each] as const),
];
const comparisons: Library = (
  [
    ['_<_', (order: number) => order < 0],
    ['_<=_', (order: number) => order <= 0],
    ['_>_', (order: number) => order > 0],
    ['_>=_', (order: number) => order >= 0],
  ] as const
).flatMap(([name, holds]) =>
  comparable.map(([a, b]) =>
    fn(`${name}(${a}, ${b}): bool`, ([left, right]: readonly [Value, Value], budget) => {
      if (typeof left === 'string') budget.traverse(left.length);
      return holds(compare(left, right));
    }),
  ),
);

const same = (a: Value, b: Value, budget: Budget): boolean => {
  if (typeof a === 'string' && typeof b === 'string') budget.traverse(Math.min(a.length, b.length));
  return equal(a, b, (cost) => budget.charge(cost));
};

const general: Library = [
  fn('_==_(A, A): bool', ([a, b]: readonly [Value, Value], budget) => same(a, b, budget)),
  fn('_!=_(A, A): bool', ([a, b]: readonly [Value, Value], budget) => !same(a, b, budget)),
  fn('@in(A, list<A>): bool', ([a, list]: readonly [Value, readonly Value[]], budget) => {
    budget.charge(list.length);
    return list.some((each) => same(a, each, budget));
  }),
  fn('@in(A, map<A, B>): bool', ([a, map]: readonly [Value, Map]) => lookup(map, a) !== undefined),
  fn('_[_](list<A>, int): A', ([list, index]: readonly [readonly Value[], bigint]) => at(list, index)),
  fn('_[_](map<A, B>, A): B', ([map, key]: readonly [Map, Value]) => {
    const found = lookup(map, key);
    if (found === undefined) throw new CelError(`no such key: ${String(key instanceof Uint ? key.value : key)}`);
    return found;
  }),
  fn('_[?_](list<A>, int): optional<A>', ([list, index]: readonly [readonly Value[], bigint]) =>
    index >= 0n && index < BigInt(list.length) ? new Optional(list[Number(index)]) : none,
  ),
  fn('_[?_](map<A, B>, A): optional<B>', ([map, key]: readonly [Map, Value]) => {
    const found = lookup(map, key);
    return found === undefined ? none : new Optional(found);
  }),
  fn('dyn(A): dyn', ([a]: readonly [Value]) => a),
  fn('type(A): type<A>', ([a]: readonly [Value]) => new TypeValue(typeOfValue(a))),
  ...['size(string): int', 'string.size(): int'].map((each) =>
    fn(each, ([text]: readonly [string], budget) => {
      budget.traverse(text.length);
      return BigInt([...text].length);
    }),
  ),
  ...['size(bytes): int', 'bytes.size(): int', 'size(list<A>): int', 'list<A>.size(): int'].map((each) =>
    fn(each, ([list]: readonly [readonly Value[]]) => BigInt(list.length)),
  ),
  ...['size(map<A, B>): int', 'map<A, B>.size(): int'].map((each) =>
    fn(each, ([map]: readonly [Map]) => BigInt(mapSize(map))),
  ),
];

function at(list: readonly Value[], index: bigint): Value {
  if (index < 0n || index >= BigInt(list.length)) throw new CelError(`index out of bounds: ${index}`);
  return list[Number(index)] as Value;
}

const conversion = (from: string, to: string): CelError =>
  new CelError(`type conversion error from '${from}' to '${to}'`);

function parseInteger(text: string, type: string): bigint {
  if (!/^[+-]?\d{1,30}$/.test(text)) throw conversion('string', type);
  return BigInt(text.replace(/^\+/, ''));
}
const whole = (value: number, type: string): bigint => {
  if (!Number.isFinite(value)) throw new CelError(`${type} overflow`);
  return BigInt(Math.trunc(value));
};
const decoder = new TextDecoder('utf-8', { fatal: true });

const conversions: Library = [
  ...['int', 'uint', 'double', 'string', 'bool', 'bytes', 'timestamp', 'duration'].map((type) =>
    fn(`${type}(${type}): ${type}`, ([a]: readonly [Value]) => a),
  ),
  fn('int(uint): int', ([a]: readonly [Uint]) => intOf(a.value)),
  fn('int(double): int', ([a]: readonly [number]) => intOf(whole(a, 'integer'))),
  fn('int(string): int', ([a]: readonly [string]) => intOf(parseInteger(a, 'int'))),
  fn('int(timestamp): int', ([a]: readonly [Timestamp]) => a.nanos / 1_000_000_000n),
  fn('int(duration): int', ([a]: readonly [Duration]) => a.nanos),
  fn('uint(int): uint', ([a]: readonly [bigint]) => uintOf(a)),
  fn('uint(double): uint', ([a]: readonly [number]) => uintOf(whole(a, 'unsigned integer'))),
  fn('uint(string): uint', ([a]: readonly [string]) => uintOf(parseInteger(a, 'uint'))),
  fn('double(int): double', ([a]: readonly [bigint]) => Number(a)),
  fn('double(uint): double', ([a]: readonly [Uint]) => Number(a.value)),
  fn('double(string): double', ([a]: readonly [string]) => {
    if (!/^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf(inity)?|nan)$/i.test(a))
      throw conversion('string', 'double');
    return /nan/i.test(a) ? NaN : /inf/i.test(a) ? (a.startsWith('-') ? -Infinity : Infinity) : Number(a);
  }),
  fn('string(int): string', ([a]: readonly [bigint]) => String(a)),
  fn('string(uint): string', ([a]: readonly [Uint]) => String(a.value)),
  fn('string(double): string', ([a]: readonly [number]) => goShortest(a)),
  fn('string(bool): string', ([a]: readonly [boolean]) => String(a)),
  fn('string(bytes): string', ([a]: readonly [Uint8Array], budget) => {
    budget.traverse(a.length);
    try {
      return decoder.decode(a);
    } catch {
      throw new CelError('invalid UTF-8 in bytes, cannot convert to string');
    }
  }),
  fn('string(timestamp): string', ([a]: readonly [Timestamp]) => timestampText(a)),
  fn('string(duration): string', ([a]: readonly [Duration]) => durationText(a)),
  fn('bytes(string): bytes', ([a]: readonly [string], budget) => {
    budget.traverse(a.length);
    return new TextEncoder().encode(a);
  }),
  fn('bool(string): bool', ([a]: readonly [string]) => {
    if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(a)) return true;
    if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(a)) return false;
    throw conversion('string', 'bool');
  }),
  fn('timestamp(string): timestamp', ([a]: readonly [string]) => parseTimestamp(a)),
  fn('timestamp(int): timestamp', ([a]: readonly [bigint]) => moment(a * 1_000_000_000n)),
  fn('duration(string): duration', ([a]: readonly [string]) => parseDuration(a)),
];

const texts: Library = [
  fn('string.contains(string): bool', ([a, b]: readonly [string, string], budget) => {
    budget.charge(Math.ceil((a.length / 10) * Math.max(1, b.length / 10)));
    return a.includes(b);
  }),
  fn('string.startsWith(string): bool', ([a, b]: readonly [string, string]) => a.startsWith(b)),
  fn('string.endsWith(string): bool', ([a, b]: readonly [string, string]) => a.endsWith(b)),
  ...['string.matches(string): bool', 'matches(string, string): bool'].map((each) =>
    fn(each, ([text, pattern]: readonly [string, string], budget) => matches(pattern, text, budget)),
  ),
];

const zone = (name: string | undefined, nanos: bigint): bigint => {
  if (name === undefined || name === 'UTC' || name === '') return nanos;
  const fixed = /^([+-]?)(\d\d?):(\d\d)$/.exec(name);
  if (fixed !== null) {
    const minutes = BigInt(Number(fixed[2]) * 60 + Number(fixed[3])) * 60_000_000_000n;
    return fixed[1] === '-' ? nanos - minutes : nanos + minutes;
  }
  let text: string;
  try {
    text = new Intl.DateTimeFormat('en-GB', { timeZone: name, timeZoneName: 'longOffset' }).format(
      Number(nanos / 1_000_000n),
    );
  } catch {
    throw new CelError(`unknown time zone ${name}`);
  }
  const offset = /GMT([+-]\d\d:\d\d)/.exec(text)?.[1];
  return offset === undefined ? nanos : zone(offset, nanos);
};

const parts: readonly (readonly [string, (date: Date) => number])[] = [
  ['getFullYear', (date) => date.getUTCFullYear()],
  ['getMonth', (date) => date.getUTCMonth()],
  ['getDate', (date) => date.getUTCDate()],
  ['getDayOfMonth', (date) => date.getUTCDate() - 1],
  ['getDayOfWeek', (date) => date.getUTCDay()],
  ['getDayOfYear', (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000)],
  ['getHours', (date) => date.getUTCHours()],
  ['getMinutes', (date) => date.getUTCMinutes()],
  ['getSeconds', (date) => date.getUTCSeconds()],
  ['getMilliseconds', (date) => date.getUTCMilliseconds()],
];
const times: Library = [
  ...parts.flatMap(([name, get]) =>
    ['', 'string'].map((param) =>
      fn(`timestamp.${name}(${param}): int`, ([time, where]: readonly [Timestamp, string | undefined]) => {
        const nanos = zone(where, time.nanos);
        const below = ((nanos % 1_000_000n) + 1_000_000n) % 1_000_000n;
        return BigInt(get(new Date(Number((nanos - below) / 1_000_000n))));
      }),
    ),
  ),
  fn('duration.getHours(): int', ([a]: readonly [Duration]) => a.nanos / 3_600_000_000_000n),
  fn('duration.getMinutes(): int', ([a]: readonly [Duration]) => a.nanos / 60_000_000_000n),
  fn('duration.getSeconds(): int', ([a]: readonly [Duration]) => a.nanos / 1_000_000_000n),
  fn('duration.getMilliseconds(): int', ([a]: readonly [Duration]) => (a.nanos / 1_000_000n) % 1000n),
];

const isZero = (value: Value): boolean =>
  value === null ||
  value === false ||
  value === 0n ||
  value === 0 ||
  value === '' ||
  (value instanceof Uint && value.value === 0n) ||
  (value instanceof Duration && value.nanos === 0n) ||
  (Array.isArray(value) && value.length === 0) ||
  (isMap(value) && mapSize(value) === 0);

const optionals: Library = [
  fn('/optional.of(A): optional<A>', ([a]: readonly [Value]) => new Optional(a)),
  fn('/optional.none(): optional<A>', () => none),
  fn('/optional.ofNonZeroValue(A): optional<A>', ([a]: readonly [Value]) => (isZero(a) ? none : new Optional(a))),
  fn('optional<A>.hasValue(): bool', ([a]: readonly [Optional]) => a.value !== undefined),
  fn('optional<A>.value(): A', ([a]: readonly [Optional]) => {
    if (a.value === undefined) throw new CelError('optional.none() dereference');
    return a.value;
  }),
  fn('optional<A>.or(optional<A>): optional<A>', ([a, b]: readonly [Optional, Optional]) =>
    a.value === undefined ? b : a,
  ),
  fn('optional<A>.orValue(A): A', ([a, b]: readonly [Optional, Value]) => (a.value === undefined ? b : a.value)),
  fn('list<A>.first(): optional<A>', ([list]: readonly [readonly Value[]]) => optionally(list[0])),
  fn('list<A>.last(): optional<A>', ([list]: readonly [readonly Value[]]) => optionally(list.at(-1))),
  ...['/optional.unwrap(list<optional<A>>): list<A>', 'list<optional<A>>.unwrapOpt(): list<A>'].map((signature) =>
    fn(signature, ([list]: readonly [readonly Optional[]]) =>
      list.flatMap(({ value }) => (value === undefined ? [] : [value])),
    ),
  ),
  fn('_[?_](optional<A>, B): optional<dyn>', ([a, key]: readonly [Optional, Value]) => {
    if (a.value === undefined) return none;
    if (isMap(a.value)) return optionally(lookup(a.value, key));
    return Array.isArray(a.value) && typeof key === 'bigint' ? optionally(a.value[Number(key)] as Value) : none;
  }),
  fn('_[_](optional<A>, B): optional<dyn>', ([a, key]: readonly [Optional, Value]) => {
    if (a.value === undefined) return none;
    if (isMap(a.value)) return optionally(lookup(a.value, key));
    return Array.isArray(a.value) && typeof key === 'bigint' ? optionally(a.value[Number(key)] as Value) : none;
  }),
];
const optionally = (value: Value | undefined): Optional => (value === undefined ? none : new Optional(value));

/** Handled by checker and evaluator; their types stand here. */
const control: Library = [
  fn('_&&_(bool, bool): bool', () => false),
  fn('_||_(bool, bool): bool', () => false),
  fn('_?_:_(bool, A, A): A', ([, a]: readonly [Value, Value]) => a),
];

/** cel-go's standard functions, comparisons across numeric types, optionals. */
export const standard: Library = [
  ...control,
  ...arithmetic,
  ...doubles,
  ...additions,
  ...comparisons,
  ...general,
  ...conversions,
  ...texts,
  ...times,
  ...optionals,
];
