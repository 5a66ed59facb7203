import {
  bool,
  bytes,
  double,
  duration,
  dyn,
  int,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  string,
  timestamp,
  typeOf,
  typeText,
  uint,
  type CelType,
} from './types';

/** Values of expressions: int is bigint, double is number. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Uint
  | readonly Value[]
  | CelMap
  | JsonObject
  | Timestamp
  | Duration
  | Optional
  | TypeValue
  | Opaque;

/** What goes wrong while an expression runs. */
export class CelError extends Error {}

export class Uint {
  constructor(readonly value: bigint) {}
}

export type MapKey = string | bigint | boolean;

/** A map that an expression made. */
export class CelMap {
  constructor(readonly entries: ReadonlyMap<MapKey, Value>) {}
}

/** An object of JSON, typed by a schema; members become values when they are asked for. */
export class JsonObject {
  constructor(
    readonly raw: Readonly<Record<string, unknown>>,
    readonly type: CelType,
  ) {}

  get keys(): readonly string[] {
    return Object.keys(this.raw);
  }
  has(name: string): boolean {
    return Object.hasOwn(this.raw, this.#rawName(name));
  }
  get(name: string): Value | undefined {
    const key = this.#rawName(name);
    if (!Object.hasOwn(this.raw, key)) return undefined;
    const { type } = this;
    const of = type.kind === 'map' ? type.of : type.kind === 'object' ? (type.field(name) ?? dyn) : dyn;
    return fromJson(this.raw[key], of);
  }
  #rawName(name: string): string {
    return this.type.kind === 'object' && name.includes('__') && !Object.hasOwn(this.raw, name) ? unescape(name) : name;
  }
}

/** An object whose members are computed when they are asked for, once. */
export class LazyObject extends JsonObject {
  readonly #made = new Map<string, Value>();

  constructor(
    readonly names: readonly string[],
    readonly make: (name: string) => Value,
  ) {
    super({}, dyn);
  }
  override get keys(): readonly string[] {
    return this.names;
  }
  override has(name: string): boolean {
    return this.names.includes(name);
  }
  override get(name: string): Value | undefined {
    if (!this.has(name)) return undefined;
    let value = this.#made.get(name);
    if (value === undefined) this.#made.set(name, (value = this.make(name)));
    return value;
  }
}

export class Timestamp {
  /** Nanoseconds since 1970. */
  constructor(readonly nanos: bigint) {}
}

export class Duration {
  constructor(readonly nanos: bigint) {}
}

export class Optional {
  constructor(readonly value: Value | undefined) {}
}
export const none = new Optional(undefined);

export class TypeValue {
  constructor(readonly type: CelType) {}
}

/** A value of an extension library: quantities, URLs, addresses. */
export class Opaque<T = unknown> {
  constructor(
    readonly type: CelType,
    readonly held: T,
    readonly equals: (other: T) => boolean,
  ) {}
}

const escapes: Readonly<Record<string, string>> = {
  __underscores__: '__',
  __dot__: '.',
  __dash__: '-',
  __slash__: '/',
};
const reserved =
  /^__(true|false|null|in|as|break|const|continue|else|for|function|if|import|let|loop|package|namespace|return)__$/;

/** cel.Unescape: the property that an identifier stands for. */
export function unescape(name: string): string {
  const word = reserved.exec(name);
  if (word?.[1] !== undefined) return word[1];
  return name.replace(/__(underscores|dot|dash|slash)__/g, (text) => escapes[text] ?? text);
}

/** JSON as the value that its type says. */
export function fromJson(raw: unknown, type: CelType): Value {
  switch (typeof raw) {
    case 'boolean':
      return raw;
    case 'string':
      if (type === timestamp) return parseTimestamp(raw);
      if (type === duration) return parseDuration(raw);
      if (type === bytes) return Uint8Array.from(atob(raw), (char) => char.charCodeAt(0));
      return raw;
    case 'number':
      if (type === double) return raw;
      if (type === uint) return new Uint(BigInt(Math.trunc(raw)));
      return Number.isInteger(raw) ? BigInt(raw) : raw;
    case 'object':
      if (raw === null) return null;
      if (Array.isArray(raw)) return raw.map((each) => fromJson(each, type.kind === 'list' ? type.of : dyn));
      return new JsonObject(raw as Record<string, unknown>, type);
    default:
      return null;
  }
}

/** The JSON of a value, for patches and annotations. */
export function toJson(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint) return Number(value.value);
  if (value instanceof JsonObject) return value.raw;
  if (value instanceof CelMap)
    return Object.fromEntries([...value.entries].map(([key, each]) => [String(key), toJson(each)]));
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof Optional) return value.value === undefined ? null : toJson(value.value);
  return value;
}

export function typeOfValue(value: Value): CelType {
  switch (typeof value) {
    case 'boolean':
      return bool;
    case 'bigint':
      return int;
    case 'number':
      return double;
    case 'string':
      return string;
    default:
      if (value === null) return nullType;
      if (Array.isArray(value)) return listOf(dyn);
      if (value instanceof Uint8Array) return bytes;
      if (value instanceof Uint) return uint;
      if (value instanceof CelMap) return mapOf(dyn, dyn);
      if (value instanceof JsonObject) return value.type.kind === 'object' ? value.type : mapOf(dyn, dyn);
      if (value instanceof Timestamp) return timestamp;
      if (value instanceof Duration) return duration;
      if (value instanceof Optional) return optionalOf(dyn);
      if (value instanceof TypeValue) return typeOf(value.type);
      return (value as Opaque).type;
  }
}

/** Whether a value can be given where a type is asked for; elements are not looked at. */
export function fits(type: CelType, value: Value): boolean {
  if (type === dyn || type.kind === 'param') return true;
  const actual = typeOfValue(value);
  if (type.kind === 'simple' || type.kind === 'object')
    return (actual.kind === 'simple' || actual.kind === 'object') && actual.name === type.name;
  return actual.kind === type.kind;
}

export const isMap = (value: Value): value is CelMap | JsonObject =>
  value instanceof CelMap || value instanceof JsonObject;

export const mapSize = (map: CelMap | JsonObject): number =>
  map instanceof CelMap ? map.entries.size : map.keys.length;
export const mapKeys = (map: CelMap | JsonObject): readonly MapKey[] =>
  map instanceof CelMap ? [...map.entries.keys()] : map.keys;

/** Keys of all numeric types are one; undefined where a value can be no key. */
export function keyOf(value: Value): MapKey | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (value instanceof Uint) return value.value;
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  return undefined;
}

export function lookup(map: CelMap | JsonObject, key: Value): Value | undefined {
  const plain = keyOf(key);
  if (plain === undefined) return undefined;
  if (map instanceof CelMap) return map.entries.get(plain);
  return typeof plain === 'string' ? map.get(plain) : undefined;
}

const isNumber = (value: Value): value is bigint | number | Uint =>
  typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint;
export const numeric = (value: bigint | number | Uint): bigint | number =>
  value instanceof Uint ? value.value : value;

/** `tell` is told how much was compared. */
export function equal(a: Value, b: Value, tell: (cost: number) => void = () => undefined): boolean {
  if (a === b) return true;
  // eslint-disable-next-line eqeqeq -- 1n == 1 is what CEL means too
  if (isNumber(a) && isNumber(b)) return numeric(a) == numeric(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    tell(a.length);
    return a.length === b.length && a.every((each, index) => equal(each, b[index] as Value, tell));
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array)
    return a.length === b.length && a.every((each, index) => each === b[index]);
  if (isMap(a) && isMap(b)) {
    const keys = mapKeys(a);
    tell(keys.length);
    if (keys.length !== mapSize(b)) return false;
    return keys.every((key) => {
      const other = lookup(b, key);
      return other !== undefined && equal(lookup(a, key) as Value, other, tell);
    });
  }
  if (a instanceof Timestamp && b instanceof Timestamp) return a.nanos === b.nanos;
  if (a instanceof Duration && b instanceof Duration) return a.nanos === b.nanos;
  if (a instanceof TypeValue && b instanceof TypeValue)
    return a.type.kind === b.type.kind && (a.type.kind !== 'simple' || typeText(a.type) === typeText(b.type));
  if (a instanceof Optional && b instanceof Optional)
    return a.value === undefined || b.value === undefined ? a.value === b.value : equal(a.value, b.value, tell);
  if (a instanceof Opaque && b instanceof Opaque) return typeText(a.type) === typeText(b.type) && a.equals(b.held);
  return false;
}

export function parseTimestamp(text: string): Timestamp {
  const match = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  const [, seconds = '', fraction = '', zone = ''] = match ?? [];
  const millis = match === null ? NaN : Date.parse(`${seconds.toUpperCase()}${zone.toUpperCase()}`);
  if (Number.isNaN(millis)) throw new CelError(`type conversion error from 'string' to 'google.protobuf.Timestamp'`);
  return new Timestamp(BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, '0')));
}

const trimmed = (nanos: bigint): string => {
  const fraction = String(nanos).padStart(9, '0').replace(/0+$/, '');
  return fraction === '' ? '' : `.${fraction}`;
};

export function timestampText({ nanos }: Timestamp): string {
  const whole = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const iso = new Date(Number((nanos - whole) / 1_000_000n)).toISOString();
  return `${iso.slice(0, 19)}${trimmed(whole)}Z`;
}

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

export function parseDuration(text: string): Duration {
  const bad = (): CelError => new CelError(`type conversion error from 'string' to 'google.protobuf.Duration'`);
  const [, sign, rest = ''] = /^([+-]?)(.+)$/.exec(text) ?? [];
  if (rest.length > 100) throw bad();
  if (rest === '0') return new Duration(0n);
  if (!/^((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+$/.test(rest)) throw bad();
  let nanos = 0n;
  for (const [, number = '', unit = ''] of rest.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)) {
    const [whole = '', fraction = ''] = number.split('.');
    const size = units[unit] ?? 0n;
    nanos += BigInt(whole === '' ? '0' : whole) * size;
    if (fraction !== '') nanos += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
  }
  return new Duration(sign === '-' ? -nanos : nanos);
}

/** As CEL prints durations: seconds. */
export function durationText({ nanos }: Duration): string {
  const size = nanos < 0n ? -nanos : nanos;
  return `${nanos < 0n ? '-' : ''}${size / 1_000_000_000n}${trimmed(size % 1_000_000_000n)}s`;
}
