import { fromBase64, base64 } from '../../linux/net/tls/pem';
import {
  Binary,
  DateTime,
  Decimal,
  isArray,
  isDoc,
  Key,
  Long,
  ObjectId,
  Pattern,
  Timestamp,
  type Doc,
  type Value,
} from './bson';

/** Extended JSON: how values cross the border to the shell's JavaScript, as arrays of pairs so that keys keep their order. */
export function toJson(value: Value): unknown {
  if (value === undefined) return { $undefined: true };
  if (value instanceof ObjectId) return { $oid: value.hex };
  if (value instanceof Long) return { $long: String(value.value) };
  if (value instanceof Decimal) return { $decimal: value.text };
  if (value instanceof DateTime) return { $date: value.ms };
  if (value instanceof Pattern) return { $regex: value.source, $flags: value.flags };
  if (value instanceof Timestamp) return { $ts: [value.seconds, value.increment] };
  if (value instanceof Binary) return { $binary: base64(value.bytes), $subtype: value.subtype };
  if (value instanceof Key) return { $key: value.kind };
  if (isDoc(value)) return { $doc: [...value].map(([key, one]) => [key, toJson(one)]) };
  if (isArray(value)) return value.map(toJson);
  if (typeof value === 'number' && !Number.isFinite(value)) return { $double: String(value) };
  return value;
}

export function fromJson(json: unknown): Value {
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== 'object' || json === null) return json as null | boolean | number | string;
  const one = json as Readonly<Record<string, unknown>>;
  if (Array.isArray(one['$doc'])) return docFrom(one['$doc'] as [string, unknown][]);
  if (typeof one['$oid'] === 'string') return new ObjectId(one['$oid']);
  if (typeof one['$long'] === 'string') return new Long(BigInt(one['$long']));
  if (typeof one['$decimal'] === 'string') return new Decimal(one['$decimal']);
  if (typeof one['$date'] === 'number') return new DateTime(one['$date']);
  if (typeof one['$regex'] === 'string')
    return new Pattern(one['$regex'], typeof one['$flags'] === 'string' ? one['$flags'] : '');
  if (typeof one['$double'] === 'string') return Number(one['$double']);
  if (typeof one['$key'] === 'string') return new Key(one['$key'] === 'min' ? 'min' : 'max');
  if (typeof one['$binary'] === 'string')
    return new Binary(fromBase64(one['$binary']) ?? new Uint8Array(0), Number(one['$subtype'] ?? 0));
  const stamp = one['$ts'];
  if (Array.isArray(stamp)) return new Timestamp(Number(stamp[0]), Number(stamp[1]));
  return undefined;
}

const docFrom = (entries: readonly (readonly [string, unknown])[]): Doc =>
  new Map(entries.map(([key, value]) => [key, fromJson(value)]));
