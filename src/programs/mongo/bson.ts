import { concat, decode, encode } from '../../linux/io/bytes';

/** What BSON has and JavaScript has not. Documents are maps: their keys keep their order. */
export class ObjectId {
  constructor(readonly hex: string) {}
}
export class Long {
  constructor(readonly value: bigint) {}
}
export class Decimal {
  constructor(readonly text: string) {}
}
export class DateTime {
  constructor(readonly ms: number) {}
}
export class Pattern {
  constructor(
    readonly source: string,
    readonly flags: string,
  ) {}
}
export class Timestamp {
  constructor(
    readonly seconds: number,
    readonly increment: number,
  ) {}
}
export class Binary {
  constructor(
    readonly bytes: Uint8Array,
    readonly subtype: number,
  ) {}
}
export class Key {
  constructor(readonly kind: 'min' | 'max') {}
}

export type Doc = Map<string, Value>;
export type Value =
  | undefined
  | null
  | boolean
  | number
  | string
  | ObjectId
  | Long
  | Decimal
  | DateTime
  | Pattern
  | Timestamp
  | Binary
  | Key
  | readonly Value[]
  | Doc;

export const isDoc = (value: Value): value is Doc => value instanceof Map;
export const isArray = (value: Value): value is readonly Value[] => Array.isArray(value);

/** A document from a plain object: for what the server itself says. */
export const doc = (fields: Readonly<Record<string, Value>>): Doc => new Map(Object.entries(fields));

const isInt = (value: number): boolean =>
  Number.isInteger(value) && Math.abs(value) <= 0x7fffffff && !Object.is(value, -0);

/** The type's number in BSON (`$type`). */
export function typeOf(value: Value): number {
  if (value === null) return 10;
  if (value === undefined) return 6;
  if (typeof value === 'boolean') return 8;
  if (typeof value === 'number') return isInt(value) ? 16 : 1;
  if (typeof value === 'string') return 2;
  if (value instanceof ObjectId) return 7;
  if (value instanceof Long) return 18;
  if (value instanceof Decimal) return 19;
  if (value instanceof DateTime) return 9;
  if (value instanceof Pattern) return 11;
  if (value instanceof Timestamp) return 17;
  if (value instanceof Binary) return 5;
  if (value instanceof Key) return value.kind === 'min' ? 255 : 127;
  return isDoc(value) ? 3 : 4;
}

function number(size: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  write(new DataView(bytes.buffer));
  return bytes;
}
const int32 = (value: number): Uint8Array => number(4, (view) => view.setInt32(0, value, true));
const int64 = (value: bigint): Uint8Array => number(8, (view) => view.setBigInt64(0, value, true));
const zero = new Uint8Array(1);
const cstring = (text: string): Uint8Array => concat([encode(text), zero]);
const string = (text: string): Uint8Array => {
  const bytes = encode(text);
  return concat([int32(bytes.length + 1), bytes, zero]);
};
const unhex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A document as bytes. */
export function serialize(document: Doc): Uint8Array {
  return wrap([...document]);
}

function wrap(entries: readonly (readonly [string, Value])[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [key, value] of entries) parts.push(Uint8Array.of(typeOf(value)), cstring(key), payload(value));
  const body = concat(parts);
  return concat([int32(body.length + 5), body, zero]);
}

function payload(value: Value): Uint8Array {
  if (value === null || value === undefined || value instanceof Key) return new Uint8Array(0);
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
  if (typeof value === 'number')
    return isInt(value) ? int32(value) : number(8, (view) => view.setFloat64(0, value, true));
  if (typeof value === 'string') return string(value);
  if (value instanceof ObjectId) return unhex(value.hex);
  if (value instanceof Long) return int64(BigInt.asIntN(64, value.value));
  // Nobody but ourselves reads a decimal's sixteen bytes: they carry its text.
  if (value instanceof Decimal) return concat([encode(value.text.padEnd(16).slice(0, 16))]);
  if (value instanceof DateTime) return int64(BigInt(Math.trunc(value.ms)));
  if (value instanceof Pattern) return concat([cstring(value.source), cstring(value.flags)]);
  if (value instanceof Timestamp) return int64((BigInt(value.seconds) << 32n) | BigInt(value.increment));
  if (value instanceof Binary) return concat([int32(value.bytes.length), Uint8Array.of(value.subtype), value.bytes]);
  return isDoc(value) ? serialize(value) : wrap(value.map((one, index) => [String(index), one]));
}

/** The document that begins at an offset. */
export function deserialize(bytes: Uint8Array, from = 0): Doc {
  return new Map(new Reader(bytes, from).entries());
}

class Reader {
  readonly #view: DataView;
  constructor(
    readonly bytes: Uint8Array,
    private at: number,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  entries(): [string, Value][] {
    const end = this.at + this.#int();
    const found: [string, Value][] = [];
    while (this.at < end - 1) {
      const type = this.bytes[this.at++] ?? 0;
      const key = this.#cstring();
      found.push([key, this.#value(type)]);
    }
    this.at = end;
    return found;
  }

  #int(): number {
    this.at += 4;
    return this.#view.getInt32(this.at - 4, true);
  }
  #long(): bigint {
    this.at += 8;
    return this.#view.getBigInt64(this.at - 8, true);
  }
  #take(count: number): Uint8Array {
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
  #cstring(): string {
    const end = this.bytes.indexOf(0, this.at);
    const text = decode(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }

  #value(type: number): Value {
    switch (type) {
      case 1:
        this.at += 8;
        return this.#view.getFloat64(this.at - 8, true);
      case 2: {
        const length = this.#int();
        return decode(this.#take(length).subarray(0, length - 1));
      }
      case 3:
        return new Map(this.entries());
      case 4:
        return this.entries().map(([, value]) => value);
      case 5: {
        const length = this.#int();
        const subtype = this.bytes[this.at++] ?? 0;
        return new Binary(this.#take(length).slice(), subtype);
      }
      case 7:
        return new ObjectId(hex(this.#take(12)));
      case 8:
        return this.#take(1)[0] === 1;
      case 9:
        return new DateTime(Number(this.#long()));
      case 10:
        return null;
      case 11:
        return new Pattern(this.#cstring(), this.#cstring());
      case 16:
        return this.#int();
      case 17: {
        const both = this.#long();
        return new Timestamp(Number(both >> 32n), Number(both & 0xffffffffn));
      }
      case 18:
        return new Long(this.#long());
      case 19:
        return new Decimal(decode(this.#take(16)).trim());
      case 255:
        return new Key('min');
      case 127:
        return new Key('max');
      default:
        return undefined;
    }
  }
}
