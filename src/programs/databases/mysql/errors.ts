import { SqlError } from './sql/reader';
import type { Flavour } from './types';

/** SQLSTATEs by MySQL's numbers (mysqld_ername.h). */
const states: Readonly<Record<number, string>> = {
  1007: 'HY000',
  1008: 'HY000',
  1044: '42000',
  1045: '28000',
  1046: '3D000',
  1048: '23000',
  1049: '42000',
  1050: '42S01',
  1051: '42S02',
  1052: '23000',
  1054: '42S22',
  1055: '42000',
  1060: '42S21',
  1061: '42000',
  1062: '23000',
  1063: '42000',
  1064: '42000',
  1065: '42000',
  1066: '42000',
  1068: '42000',
  1072: '42000',
  1075: '42000',
  1091: '42000',
  1109: '42S02',
  1110: '42000',
  1111: 'HY000',
  1136: '21S01',
  1140: '42000',
  1141: '42000',
  1142: '42000',
  1146: '42S02',
  1193: 'HY000',
  1227: '42000',
  1241: '21000',
  1242: '21000',
  1248: '42000',
  1264: '22003',
  1265: '01000',
  1292: '22007',
  1305: '42000',
  1364: 'HY000',
  1366: '22007',
  1396: 'HY000',
  1406: '22001',
  1451: '23000',
  1452: '23000',
  1701: '42000',
  3819: 'HY000',
  4025: '23000',
};

/** An error by its number. */
export const sqlError = (number: number, message: string): SqlError =>
  new SqlError(number, states[number] ?? 'HY000', message);

export const noSuchTable = (database: string, name: string): SqlError =>
  sqlError(1146, `Table '${database}.${name}' doesn't exist`);

/** What PostgreSQL found wrong, in MySQL's words. */
export function translated(
  fields: ReadonlyMap<string, string>,
  flavour: Flavour,
  foreignKeys: ForeignKeyText,
): SqlError {
  const code = fields.get('C') ?? '';
  const message = fields.get('M') ?? '';
  const detail = fields.get('D') ?? '';
  const constraint = (fields.get('n') ?? '').replace(/~.*$/, '');
  switch (code) {
    case '23505': {
      const values = /\)=\((.*)\)/s.exec(detail)?.[1] ?? '';
      const key = flavour.name === 'mysql' ? constraint : constraint.slice(constraint.indexOf('.') + 1);
      return sqlError(1062, `Duplicate entry '${values.replaceAll(', ', '-')}' for key '${key}'`);
    }
    case '23502':
      return sqlError(1048, `Column '${fields.get('c') ?? ''}' cannot be null`);
    case '23503': {
      const parent = /still referenced|is still/.test(detail) || message.startsWith('update or delete');
      const text = foreignKeys(fields.get('s') ?? '', fields.get('t') ?? '', constraint, parent);
      return parent
        ? sqlError(1451, `Cannot delete or update a parent row: a foreign key constraint fails (${text})`)
        : sqlError(1452, `Cannot add or update a child row: a foreign key constraint fails (${text})`);
    }
    case '23514': {
      const [kind = '', column = ''] = constraint.split(':');
      if (kind === 'range') return sqlError(1264, `Out of range value for column '${column}' at row 1`);
      if (kind === 'enum') return sqlError(1265, `Data truncated for column '${column}' at row 1`);
      return flavour.name === 'mysql'
        ? sqlError(3819, `Check constraint '${constraint}' is violated.`)
        : sqlError(
            4025,
            `CONSTRAINT \`${constraint}\` failed for \`${fields.get('s') ?? ''}\`.\`${fields.get('t') ?? ''}\``,
          );
    }
    case '22001':
      return sqlError(1406, 'Data too long for column at row 1');
    case '22003':
      return sqlError(1264, `Out of range value for column '${fields.get('c') ?? ''}' at row 1`);
    case '22007':
    case '22008':
      return sqlError(1292, `Incorrect datetime value: '${/"(.*)"/.exec(message)?.[1] ?? ''}'`);
    case '22P02':
      return sqlError(1292, `Truncated incorrect value: '${/"(.*)"/.exec(message)?.[1] ?? ''}'`);
    case '21000':
      return sqlError(1242, 'Subquery returns more than 1 row');
    case '42803':
      return sqlError(1111, 'Invalid use of group function');
    case '40P01':
      return new SqlError(1213, '40001', 'Deadlock found when trying to get lock; try restarting transaction');
  }
  return sqlError(1105, `Unknown error: ${message}`);
}

/** How MySQL writes a foreign key of a table. */
export type ForeignKeyText = (database: string, table: string, constraint: string, parent: boolean) => string;
