import { corruptBase64 } from './base64';
import { goQuote } from './field-errors';
import { goTimeError } from './go-time';
import { setMember } from './members';
import { formatWrong, parseQuantity, quantityText } from './quantity';
import { goType, int32, type Field, type Schema, type StructSchema } from './schema';

type Json = Readonly<Record<string, unknown>>;

/** What decoding found: the value as the server would print it, and what strict decoding complains of. */
export interface Decoded {
  readonly value: Json;
  readonly strict: readonly string[];
  /** The error of Go's encoding/json, where the value does not fit the type at all. */
  readonly error: string | undefined;
}

/** sigs.k8s.io/json UnmarshalStrict into a struct, and back again. */
export function decodeStruct(schema: StructSchema, value: Json): Decoded {
  return decodeWith(new Decoder(true), schema, value);
}

/** The same with nothing filled in and nothing left out: what a configuration says. */
export const decodeMentioned = (schema: StructSchema, value: Json): Decoded =>
  decodeWith(new Decoder(false), schema, value);

function decodeWith(decoder: Decoder, schema: StructSchema, value: Json): Decoded {
  const decoded = decoder.struct(schema, value, '', '');
  return { value: decoded, strict: decoder.strict, error: decoder.error };
}

/**
 * Lists and maps that were given empty: Go keeps them apart from those that were not, and tells so where it prints what
 * is wrong (`map[string]string{}`); nothing else does.
 */
const empties = new WeakMap<object, Set<string>>();
function noteEmpty(owner: object, key: string): void {
  const known = empties.get(owner);
  if (known === undefined) empties.set(owner, new Set([key]));
  else known.add(key);
}
export const wasGivenEmpty = (owner: object, key: string): boolean => empties.get(owner)?.has(key) ?? false;

/**
 * Quantities that were not given in their canonical form: Go keeps the number as it was read (`1.5` is 15 × 10⁻¹), and
 * prints it so in what it says of them.
 */
const givenTexts = new WeakMap<object, Map<string, string>>();
function noteGiven(owner: object, key: string, text: string): void {
  const known = givenTexts.get(owner);
  if (known === undefined) givenTexts.set(owner, new Map([[key, text]]));
  else known.set(key, text);
}
export const givenText = (owner: object, key: string): string | undefined => givenTexts.get(owner)?.get(key);

/** For copies: what `from` was given empty counts for `to` as well. */
export function carryEmpties<T extends object>(from: object | undefined, to: T): T {
  const known = from === undefined ? undefined : empties.get(from);
  if (known !== undefined) empties.set(to, known);
  return to;
}

class Decoder {
  readonly strict: string[] = [];
  error: string | undefined;
  #aborted = false;

  constructor(readonly complete: boolean) {}

  /** `path` has indexes, for strict errors; `goPath` has none, for Go's. */
  struct(schema: StructSchema, value: Json, path: string, goPath: string): Json {
    const result: Record<string, unknown> = {};
    for (const key in value) {
      const field = schema.fields[key];
      const at = path === '' ? key : `${path}.${key}`;
      if (field === undefined) {
        if (schema.open === true) {
          setMember(result, key, value[key]);
          continue;
        }
        this.strict.push(`unknown field ${goQuote(at)}`);
        continue;
      }
      const goAt = goPath === '' ? key : `${goPath}.${key}`;
      const given = value[key];
      if (given === null) {
        if (this.complete && field.always && (!field.pointer || field.nil === true)) result[key] = absent(field);
        continue;
      }
      const decoded = this.#value(field.schema, given, at, goAt, schema.name);
      if (decoded === undefined) continue;
      if (this.complete && field.schema.type === 'bytes' && decoded === '') noteEmpty(result, key);
      if (this.complete && !field.pointer && !field.always && isEmpty(decoded)) {
        if (typeof decoded === 'object') noteEmpty(result, key);
        continue;
      }
      result[key] = decoded;
    }
    if (!this.complete) return result;
    for (const key in schema.fields) {
      const field = schema.fields[key];
      if (field?.always === true && (!field.pointer || field.nil === true) && !(key in result))
        result[key] = absent(field);
    }
    return result;
  }

  #value(schema: Schema, value: unknown, path: string, goPath: string, owner: string): unknown {
    switch (schema.type) {
      case 'struct':
        return isJson(value) ? this.struct(schema, value, path, goPath) : this.#mismatch(schema, value, goPath, owner);
      case 'list':
        if (!Array.isArray(value)) return this.#mismatch(schema, value, goPath, owner);
        return value.map((item: unknown, index) =>
          item === null
            ? zero(schema.of)
            : (this.#value(schema.of, item, `${path}[${index}]`, goPath, owner) ?? zero(schema.of)),
        );
      case 'map': {
        if (!isJson(value)) return this.#mismatch(schema, value, goPath, owner);
        const result: Record<string, unknown> = {};
        for (const key in value) {
          const item = value[key];
          const decoded =
            item === null ? zero(schema.of) : this.#value(schema.of, item, `${path}.${key}`, goPath, owner);
          if (schema.of.type === 'quantity' && item !== decoded && typeof item !== 'object')
            noteGiven(result, key, String(item).trim());
          if (decoded !== undefined)
            setMember(
              result,
              key,
              this.complete && schema.of.type === 'quantity' ? roundToMilli(decoded as string) : decoded,
            );
        }
        return result;
      }
      case 'string':
        return typeof value === 'string' ? value : this.#mismatch(schema, value, goPath, owner);
      case 'bool':
        return typeof value === 'boolean' ? value : this.#mismatch(schema, value, goPath, owner);
      case 'int':
        return typeof value === 'number' && fits(value, schema.go)
          ? value
          : this.#mismatch(schema, value, goPath, owner);
      case 'float':
        return typeof value === 'number' ? value : this.#mismatch(schema, value, goPath, owner);
      case 'bytes':
        return this.#bytes(schema, value, goPath, owner);
      case 'quantity':
        return this.#quantity(value);
      case 'intOrString':
        if (typeof value === 'string' || (typeof value === 'number' && fits(value, 'int32'))) return value;
        return this.#mismatch(int32, value, goPath, owner);
      case 'time':
      case 'microTime':
        return typeof value === 'string'
          ? this.#time(schema.type, value)
          : this.#abort(
              `json: cannot unmarshal ${goKind(value)} into Go struct field ${owner}.${goPath} of type string`,
            );
      case 'any':
        return schema.decode === undefined ? value : schema.decode(value, (message) => this.#abort(message));
    }
  }

  #mismatch(schema: Schema, value: unknown, goPath: string, owner: string): undefined {
    const number = typeof value === 'number' && schema.type === 'int' ? ` ${value}` : '';
    const what = goKind(value) + number;
    return this.#fail(
      `json: cannot unmarshal ${what} into Go struct field ${owner}.${goPath} of type ${goType(schema)}`,
    );
  }

  #bytes(schema: Schema, value: unknown, goPath: string, owner: string): unknown {
    if (typeof value !== 'string') return this.#mismatch(schema, value, goPath, owner);
    const bad = corruptBase64(value);
    // Line breaks may stand between; what comes out is one line.
    return bad === undefined ? value.replace(/[\r\n]/g, '') : this.#fail(`illegal base64 data at input byte ${bad}`);
  }

  #quantity(value: unknown): unknown {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string') return this.#abort(formatWrong);
    // Most are canonical to the eye.
    if (/^(?:0|[1-9]\d{0,2}(?:m|k|Ki|[MGTPE]i?)?)$/.test(text)) return text;
    const quantity = parseQuantity(text.trim());
    return quantity.ok ? quantityText(quantity.value) : this.#abort(quantity.error);
  }

  #time(type: 'time' | 'microTime', value: string): unknown {
    const layout = type === 'time' ? '2006-01-02T15:04:05Z07:00' : '2006-01-02T15:04:05.000000Z07:00';
    const wrong = goTimeError(value, layout);
    if (wrong !== undefined) return this.#abort(wrong);
    // Go takes an hour of one digit, Date does not.
    const text = value.replace(/T(?=\d:)/, 'T0');
    if (type === 'time') return `${new Date(Date.parse(text)).toISOString().slice(0, 19)}Z`;
    return text;
  }

  /** The error of a type's own UnmarshalJSON ends the decoding: it is told, whatever did not fit before. */
  #abort(message: string): undefined {
    if (!this.#aborted) this.error = message;
    this.#aborted = true;
    return undefined;
  }

  #fail(message: string): undefined {
    this.error ??= message;
    return undefined;
  }
}

/** SetDefaults_ResourceList: resources are not counted finer than in thousandths. */
function roundToMilli(text: string): string {
  if (!/[nu]$|e-/.test(text)) return text;
  const parsed = parseQuantity(text);
  if (!parsed.ok) return text;
  const { unscaled, scale, format } = parsed.value;
  if (scale >= -3) return text;
  const unit = 10n ** BigInt(-3 - scale);
  const whole = unscaled / unit;
  const up = unscaled > 0n && unscaled % unit !== 0n ? 1n : unscaled < 0n && unscaled % unit !== 0n ? -1n : 0n;
  return quantityText({ unscaled: whole + up, scale: -3, format, wide: false });
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const limits: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };
function fits(value: number, go: string): boolean {
  const limit = limits[go] ?? Infinity;
  return Number.isInteger(value) && value < limit && value >= -limit;
}

/** What encoding/json calls a JSON value. */
function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** An empty object of a type, as Go prints it. */
export const zeroOf = (schema: StructSchema): Json => zero(schema) as Json;

/** What is printed of a field without omitempty that nobody set. */
const absent = ({ pointer, schema }: Field): unknown => (pointer ? null : zero(schema));

function zero(schema: Schema): unknown {
  switch (schema.type) {
    case 'string':
    case 'bytes':
      return '';
    case 'int':
    case 'float':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    case 'bool':
      return false;
    case 'struct': {
      const result: Record<string, unknown> = {};
      for (const key in schema.fields) {
        const field = schema.fields[key];
        if (field?.always === true && (!field.pointer || field.nil === true)) result[key] = absent(field);
      }
      return result;
    }
    case 'list':
    case 'map':
    case 'time':
    case 'microTime':
    case 'any':
      return null;
  }
}

const isEmpty = (value: unknown): boolean =>
  value === '' ||
  value === 0 ||
  value === false ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
