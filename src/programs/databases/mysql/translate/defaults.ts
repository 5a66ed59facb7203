import type { Column } from '../catalogue';
import { sqlError } from '../errors';
import type { ColumnDefinition } from '../sql/ast';
import { kindOf, type Flavour } from '../types';
import type { Expressions } from './expressions';
import { quoteText } from './scope';

/** A column's default as SHOW CREATE TABLE writes it. */
export function initialOf(column: ColumnDefinition, flavour: Flavour): Pick<Column, 'initial' | 'computed'> {
  const { initial, initialText = '' } = column;
  if (initial === undefined || initial.kind === 'null') return {};
  const kind = kindOf({ type: column.type }, flavour);
  switch (initial.kind) {
    case 'text':
      if (kind === 'int' && !/^-?\d+$/.test(initial.value))
        throw sqlError(1067, `Invalid default value for '${column.name}'`);
      return {
        initial:
          /^(int|decimal|double|float|year)$/.test(kind) && flavour.name === 'mariadb'
            ? initial.value
            : `'${initial.value.replaceAll("'", "''")}'`,
      };
    case 'integer':
    case 'decimal':
    case 'double':
    case 'unary': {
      const shown =
        kind === 'decimal' && /^-?\d/.test(initialText)
          ? padded(initialText, Number(column.parameters[1] ?? 0))
          : initialText;
      return {
        initial: flavour.name === 'mysql' || !/^(int|decimal|double|float|year)$/.test(kind) ? `'${shown}'` : shown,
      };
    }
    case 'truth':
      return { initial: flavour.name === 'mysql' ? `'${initial.value ? 1 : 0}'` : initial.value ? '1' : '0' };
    case 'call':
      if (/^(now|current_timestamp|localtime|localtimestamp)$/.test(initial.name)) {
        const digits = initialText.match(/\d+/)?.[0];
        return {
          initial:
            flavour.name === 'mysql'
              ? `CURRENT_TIMESTAMP${digits === undefined ? '' : `(${digits})`}`
              : `current_timestamp(${digits ?? ''})`,
        };
      }
      break;
    default:
      break;
  }
  return {
    initial: flavour.name === 'mysql' && !initialText.startsWith('(') ? `(${initialText})` : initialText,
    computed: true,
  };
}

const padded = (digits: string, scale: number): string => {
  const [whole = '0', fraction = ''] = digits.split('.');
  return scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0').slice(0, scale)}`;
};

/** The default in PostgreSQL's words. */
export function defaultText(column: Column, expressions: Expressions, flavour: Flavour): string | undefined {
  const { initial } = column;
  if (initial === undefined || column.increment) return undefined;
  if (/^current_timestamp/i.test(initial)) return `date_trunc('second', statement_timestamp())::timestamp`;
  if (column.computed === true) {
    const made = expressions.value(expressions.context.expression(initial), { sources: [], clause: 'fields' });
    return /uuid/i.test(initial)
      ? 'gen_random_uuid()::text'
      : kindOf(column, flavour) === 'text'
        ? `(${made.sql})::text`
        : `(${made.sql})`;
  }
  return initial.startsWith("'") ? quoteText(initial.slice(1, -1).replaceAll("''", "'")) : initial;
}
