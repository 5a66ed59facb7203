import type { Kind } from '../catalogue';
import { isNumeric, isTemporal } from '../types';
import { quoteText, type Value } from './scope';

/** Changes of kind that MySQL makes by itself. */
export const value = (sql: string, kind: Kind, nullable = true, scale = 0): Value => ({ sql, kind, nullable, scale });
export const textLiteral = (text: string): Value => ({ ...value(quoteText(text), 'text', false), literal: text });
export const nothing: Value = value('NULL', 'null');

/** The same under another name: no literal any more. */
export const renamed = (from: Value, sql: string): Value => value(sql, from.kind, from.nullable, from.scale);

/** The number that a text begins with. */
export function numberIn(text: string): string {
  return /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(text)?.[1] ?? '0';
}

/** As a row of a result has it: truth is 1 or 0. */
export function plain(from: Value): Value {
  return from.kind === 'bool' ? { ...from, sql: `(${from.sql})::int`, kind: 'int' } : from;
}

export function number(from: Value): Value {
  if (from.kind === 'bool') return plain(from);
  if (isNumeric(from.kind) || from.kind === 'null') return from;
  if (from.literal !== undefined) {
    const digits = numberIn(from.literal);
    return value(digits.startsWith('-') ? `(${digits})` : digits, 'double', false);
  }
  if (from.kind === 'date') return value(`to_char(${from.sql}, 'YYYYMMDD')::bigint`, 'int', from.nullable);
  if (from.kind === 'datetime') return value(`to_char(${from.sql}, 'YYYYMMDDHH24MISS')::bigint`, 'int', from.nullable);
  if (from.kind === 'time') return value(`to_char(${from.sql}, 'HH24MISS')::bigint`, 'int', from.nullable);
  return value(`"~".num((${from.sql})::text)`, 'double', from.nullable);
}

/** Exact, for what PostgreSQL has no other type for. */
export function numeric(from: Value): string {
  const { sql, kind } = number(from);
  return kind === 'decimal' ? sql : `(${sql})::numeric`;
}

export function integer(from: Value): string {
  const { sql, kind } = number(from);
  return kind === 'int' || kind === 'year' ? `(${sql})` : `round((${sql})::numeric)::bigint`;
}

export function text(from: Value): string {
  if (from.kind === 'text' || from.kind === 'blob') return from.literal === undefined ? from.sql : `${from.sql}::text`;
  if (from.kind === 'null') return 'NULL::text';
  if (from.kind === 'datetime' && from.scale === 0) return `to_char(${from.sql}, 'YYYY-MM-DD HH24:MI:SS')`;
  return `(${plain(from).sql})::text`;
}

export function datetime(from: Value): string {
  if (from.kind === 'datetime') return from.sql;
  if (from.kind === 'date') return `(${from.sql})::timestamp`;
  if (from.kind === 'null') return 'NULL::timestamp';
  if (from.kind === 'time') return `(current_date + ${from.sql})`;
  return `"~".dt(${text(from)})`;
}

export const date = (from: Value): string => (from.kind === 'date' ? from.sql : `(${datetime(from)})::date`);

export function truth(from: Value): string {
  if (from.kind === 'bool') return from.sql;
  if (from.kind === 'null') return 'NULL::boolean';
  return `(${number(from).sql}) <> 0`;
}

/** Two sides that PostgreSQL may compare as MySQL does: letters of either case are equal. */
export function comparable(left: Value, right: Value): readonly [string, string] {
  const [a, b] = [plain(left), plain(right)];
  if (a.kind === 'null' || b.kind === 'null') return [a.sql, b.sql];
  if (isNumeric(a.kind) || isNumeric(b.kind)) {
    if (isNumeric(a.kind) && isNumeric(b.kind)) return [a.sql, b.sql];
    return [number(a).sql, number(b).sql];
  }
  if (isTemporal(a.kind) || isTemporal(b.kind)) {
    if (a.kind === b.kind) return [a.sql, b.sql];
    if (a.kind === 'time' || b.kind === 'time') return [`${text(a)}::time`, `${text(b)}::time`];
    return [datetime(a), datetime(b)];
  }
  return [folded(a), folded(b)];
}

/** A text whose case does not count. */
export function folded(from: Value): string {
  if (from.literal !== undefined) return quoteText(from.literal.toLowerCase());
  return from.kind === 'text' ? `lower(${from.sql})` : text(from);
}

/** What several values are together: branches of CASE, arguments of COALESCE, parts of a UNION. */
export function common(values: readonly Value[]): { readonly kind: Kind; readonly scale: number } {
  const kinds = new Set(values.map((one) => plain(one).kind).filter((kind) => kind !== 'null'));
  const scale = Math.max(0, ...values.map((one) => one.scale));
  const [first = 'null'] = kinds;
  if (kinds.size <= 1) return { kind: first, scale };
  if ([...kinds].every(isNumeric))
    return {
      kind: kinds.has('double') || kinds.has('float') ? 'double' : kinds.has('decimal') ? 'decimal' : 'int',
      scale,
    };
  if ([...kinds].every((kind) => kind === 'date' || kind === 'datetime')) return { kind: 'datetime', scale };
  return { kind: 'text', scale: 0 };
}

const postgres: Partial<Readonly<Record<Kind, string>>> = {
  int: 'bigint',
  decimal: 'numeric',
  double: 'double precision',
  float: 'real',
  date: 'date',
  datetime: 'timestamp',
  time: 'time',
  year: 'smallint',
  json: 'jsonb',
};

/** A value made to be of a kind. */
export function as(from: Value, kind: Kind): string {
  if (from.kind === 'null') return `NULL::${postgres[kind] ?? 'text'}`;
  if (kind === 'text' || kind === 'blob') return text(from);
  if (plain(from).kind === kind) return plain(from).sql;
  if (isNumeric(kind)) return `(${number(from).sql})::${postgres[kind] ?? 'bigint'}`;
  if (kind === 'datetime') return datetime(from);
  if (kind === 'date') return date(from);
  return `(${text(from)})::${postgres[kind] ?? 'text'}`;
}
