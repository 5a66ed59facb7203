import tables from './tables.json';
import { fieldsOf, signed } from './wire';

/** `json name`, `type`, and flags: i(nline), o(mitted if empty). See generate/main.go. */
type Table = Readonly<Record<string, string>>;
const types: Readonly<Record<string, Table>> = tables.types;
const kinds: Readonly<Record<string, string>> = tables.kinds;

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type Writable = { [name: string]: Json };
type Wire = bigint | Uint8Array;

interface Field {
  readonly name: string;
  readonly type: string;
  readonly inline: boolean;
  readonly omitEmpty: boolean;
}

const magic = [0x6b, 0x38, 0x73, 0x00];
const text = new TextDecoder();
const raw = (value: Wire): Uint8Array => {
  if (value instanceof Uint8Array) return value;
  throw new Error('proto: wrong wireType');
};
const string = (value: Wire): string => text.decode(raw(value));
const number = (value: Wire): number => (value instanceof Uint8Array ? 0 : signed(value));

/**
 * The JSON of an object that a typed client sent: `k8s\0`, then runtime.Unknown with the object's own message in `raw`.
 * As Go's encoder would write it, so that a zero that nobody set does not look as if somebody had.
 */
export function decodeProtobuf(bytes: Uint8Array): Json {
  if (magic.some((byte, index) => bytes[index] !== byte)) throw new Error('not a protobuf message of Kubernetes');
  let apiVersion = '';
  let kind = '';
  let message: Uint8Array = new Uint8Array();
  for (const field of fieldsOf(bytes.subarray(4))) {
    if (field.number === 1) {
      for (const meta of fieldsOf(raw(field.value))) {
        if (meta.number === 1) apiVersion = string(meta.value);
        if (meta.number === 2) kind = string(meta.value);
      }
    } else if (field.number === 2) message = raw(field.value);
  }
  const type = kinds[`${apiVersion} ${kind}`] ?? kinds[kind];
  if (type === undefined) throw new Error(`no kind "${kind}" is registered for version "${apiVersion}"`);
  return { kind, apiVersion, ...struct(type, message) };
}

const parsed = new Map<string, Map<number, Field>>();

function fieldsOfType(type: string): Map<number, Field> {
  let fields = parsed.get(type);
  if (fields === undefined) {
    fields = new Map();
    for (const [key, line] of Object.entries(types[type] ?? {})) {
      const [name = '', fieldType = '', flags = ''] = line.split(' ');
      fields.set(Number(key), {
        name,
        type: fieldType,
        inline: flags.includes('i'),
        omitEmpty: flags.includes('o'),
      });
    }
    parsed.set(type, fields);
  }
  return fields;
}

function struct(type: string, bytes: Uint8Array): Writable {
  const fields = fieldsOfType(type);
  const object: Writable = {};
  for (const { number: key, value } of fieldsOf(bytes)) {
    const field = fields.get(key);
    if (field === undefined) continue;
    if (field.inline) Object.assign(object, struct(field.type, raw(value)));
    else if (field.type.startsWith('[]')) {
      const list = (object[field.name] ?? []) as Json[];
      list.push(single(field.type.slice(2), value));
      object[field.name] = list;
    } else if (field.type.startsWith('{}')) {
      const map = (object[field.name] ?? {}) as Writable;
      const [name, item] = entry(field.type.slice(2), raw(value));
      map[name] = item;
      object[field.name] = map;
    } else {
      const decoded = single(field.type, value);
      if (!(field.omitEmpty && isEmpty(decoded))) object[field.name] = decoded;
    }
  }
  return object;
}

/** What `omitempty` leaves out. Structs are never empty for Go, but a message that has no fields says nothing either. */
const isEmpty = (value: Json): boolean =>
  value === '' ||
  value === 0 ||
  value === false ||
  value === null ||
  (typeof value === 'object' && Object.keys(value).length === 0);

function entry(type: string, bytes: Uint8Array): [string, Json] {
  let key = '';
  let item: Json | undefined;
  for (const { number: at, value } of fieldsOf(bytes)) {
    if (at === 1) key = string(value);
    if (at === 2) item = single(type, value);
  }
  return [key, item ?? (type === 'string' || type === 'bytes' ? '' : {})];
}

function single(type: string, value: Wire): Json {
  switch (type) {
    case 'string':
      return string(value);
    case 'int':
      return number(value);
    case 'bool':
      return number(value) !== 0;
    case 'double':
      return new DataView(raw(value).slice().buffer).getFloat64(0, true);
    case 'bytes':
      return Buffer.from(raw(value)).toString('base64');
    default: {
      const own = special[type];
      return own === undefined ? struct(type, raw(value)) : own(raw(value));
    }
  }
}

/** The values of a small message by field number. */
const numbered = (bytes: Uint8Array): Map<number, Wire> =>
  new Map([...fieldsOf(bytes)].map(({ number: key, value }) => [key, value]));

function timestamp(bytes: Uint8Array): { readonly seconds: number; readonly nanos: number } | undefined {
  const fields = numbered(bytes);
  const seconds = number(fields.get(1) ?? 0n);
  // The zero time of Go is year 1; it is null in JSON.
  return fields.size === 0 || seconds <= -62135596800 ? undefined : { seconds, nanos: number(fields.get(2) ?? 0n) };
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19);
const schema = 'apiextensions.v1.JSONSchemaProps';

/** Types with a JSON of their own. */
const special: Readonly<Record<string, (bytes: Uint8Array) => Json>> = {
  quantity: (bytes) => string(numbered(bytes).get(1) ?? new Uint8Array()) || '0',
  intOrString(bytes) {
    const fields = numbered(bytes);
    return number(fields.get(1) ?? 0n) === 0 ? number(fields.get(2) ?? 0n) : string(fields.get(3) ?? new Uint8Array());
  },
  time(bytes) {
    const time = timestamp(bytes);
    return time === undefined ? null : `${iso(time.seconds)}Z`;
  },
  microTime(bytes) {
    const time = timestamp(bytes);
    if (time === undefined) return null;
    return `${iso(time.seconds)}.${String(Math.floor(time.nanos / 1000)).padStart(6, '0')}Z`;
  },
  duration: (bytes) => goDuration(number(numbered(bytes).get(1) ?? 0n)),
  raw(bytes) {
    const json = string(numbered(bytes).get(1) ?? new Uint8Array());
    return json === '' ? null : (JSON.parse(json) as Json);
  },
  items: (bytes) => [...fieldsOf(bytes)].map(({ value }) => string(value)),
  schemaOrArray(bytes) {
    const fields = [...fieldsOf(bytes)];
    const one = fields.find(({ number: key }) => key === 1);
    return one === undefined ? fields.map(({ value }) => struct(schema, raw(value))) : struct(schema, raw(one.value));
  },
  schemaOrBool(bytes) {
    const fields = numbered(bytes);
    const one = fields.get(2);
    return one === undefined ? number(fields.get(1) ?? 0n) !== 0 : struct(schema, raw(one));
  },
  schemaOrStrings(bytes) {
    const fields = [...fieldsOf(bytes)];
    const one = fields.find(({ number: key }) => key === 1);
    return one === undefined ? fields.map(({ value }) => string(value)) : struct(schema, raw(one.value));
  },
};

/** time.Duration.String of whole nanoseconds: `1h0m0s`, `1.5s`, `20ms`. */
function goDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  const sign = nanoseconds < 0 ? '-' : '';
  const total = Math.abs(nanoseconds);
  if (total < 1e3) return `${sign}${total}ns`;
  if (total < 1e6) return `${sign}${total / 1e3}µs`;
  if (total < 1e9) return `${sign}${total / 1e6}ms`;
  const hours = Math.floor(total / 3.6e12);
  const minutes = Math.floor((total % 3.6e12) / 6e10);
  const seconds = (total % 6e10) / 1e9;
  return `${sign}${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}
