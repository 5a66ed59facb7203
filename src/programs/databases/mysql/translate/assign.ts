import type { Column, Table } from '../catalogue';
import { sqlError } from '../errors';
import { isTemporal, kindOf, lengthOf, postgresType, rangeOf, type Flavour } from '../types';
import { quoteText, type Value } from './scope';
import { datetime, date, number, plain, text } from './values';

/** A value as a column takes it; what MySQL's strict mode refuses of literals is refused here, with the row. */
export function assigned(from: Value, column: Column, table: Table, flavour: Flavour, row: number): string {
  const kind = kindOf(column, flavour);
  if (from.kind === 'null') return 'NULL';
  const { literal } = from;
  const shown =
    flavour.name === 'mysql' ? `'${column.name}'` : `\`${table.database}\`.\`${table.name}\`.\`${column.name}\``;
  if (literal !== undefined) {
    switch (kind) {
      case 'int':
      case 'decimal':
      case 'double':
      case 'float':
      case 'year': {
        if (/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(literal)) {
          within(literal, column, row);
          return kind === 'int' && /[.e]/i.test(literal) ? `round(${literal.trim()})` : literal.trim();
        }
        if (/^\s*[-+]?\d/.test(literal))
          throw sqlError(1265, `Data truncated for column '${column.name}' at row ${row}`);
        const what = kind === 'int' || kind === 'year' ? 'integer' : kind === 'float' ? 'double' : kind;
        throw sqlError(1366, `Incorrect ${what} value: '${literal}' for column ${shown} at row ${row}`);
      }
      case 'date':
      case 'datetime':
      case 'time': {
        const made = kind === 'time' ? literal : moment(literal);
        if (made === undefined)
          throw sqlError(1292, `Incorrect ${kind} value: '${literal}' for column ${shown} at row ${row}`);
        return quoteText(made);
      }
      default:
        break;
    }
    if (column.type === 'enum') {
      const found = column.parameters.find((one) => one.toLowerCase() === literal.toLowerCase());
      if (found === undefined) throw sqlError(1265, `Data truncated for column '${column.name}' at row ${row}`);
      return quoteText(found);
    }
    const length = lengthOf(column);
    if (length !== undefined && [...literal].length > length)
      throw sqlError(1406, `Data too long for column '${column.name}' at row ${row}`);
    return quoteText(literal);
  }
  if (kind === 'text' || kind === 'blob') return text(from);
  if (kind === 'date') return from.kind === 'int' ? quoteText(from.sql) : date(from);
  if (kind === 'datetime') return from.kind === 'int' ? quoteText(from.sql) : datetime(from);
  if (kind === 'time' || kind === 'json')
    return isTemporal(from.kind) ? `(${from.sql})::time` : `(${text(from)})::${kind === 'json' ? 'jsonb' : 'time'}`;
  const made = number(from);
  if (/^\(?- ?\d+\)?$|^\d+$/.test(made.sql)) within(made.sql.replace(/[() ]/g, ''), column, row);
  return plain(made).sql;
}

/** A value of a column's own type, for where PostgreSQL has no column to look at. */
export const typed = (sql: string, column: Column, flavour: Flavour): string =>
  sql === 'DEFAULT'
    ? sql
    : `(${sql})::${postgresType({ ...column, parameters: [] }, flavour, true).replace(/\(.*\)/, '')}`;

function within(digits: string, column: Column, row: number): void {
  const range = rangeOf(column);
  if (range === undefined || !/^\s*[-+]?\d+\s*$/.test(digits)) return;
  const whole = BigInt(digits.trim().replace(/^\+/, ''));
  if (whole < range[0] || whole > range[1])
    throw sqlError(1264, `Out of range value for column '${column.name}' at row ${row}`);
}

/** A date and time as PostgreSQL reads it; undefined where it is none. */
function moment(text: string): string | undefined {
  const found = /^\s*(\d{4})\D?(\d{1,2})\D?(\d{1,2})(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d+)?)?)?(Z)?\s*$/.exec(
    text,
  );
  if (found === null) return undefined;
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = ''] = found;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (at.getUTCMonth() !== Number(month) - 1 || at.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const two = (digits: string): string => digits.padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}${fraction}`;
}
