import { typeText } from '../types';
import type { Row } from '../translate/scope';
import { sees } from './accounts';
import { collationOf, extraOf, keyOf, shownDefault } from './create-text';
import type { Session } from './session';

interface Virtual {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** Tables that are made of what the server knows when somebody asks: information_schema and some of mysql. */
export function virtual(session: Session, database: string, name: string): Virtual | undefined {
  const { store, flavour } = session;
  if (database === 'mysql' && (name === 'user' || name === 'db')) {
    const accounts = store.accounts.stored();
    if (name === 'db')
      return {
        columns: ['Host', 'Db', 'User'],
        rows: accounts.flatMap(({ user, host, grants }) =>
          grants.filter((grant) => grant.database !== '*').map((grant): Row => [host, grant.database, user]),
        ),
      };
    return {
      columns: ['Host', 'User', 'plugin', 'authentication_string'],
      rows: accounts.map(({ user, host, native }): Row => [
        host,
        user,
        flavour.name === 'mysql' ? 'caching_sha2_password' : 'mysql_native_password',
        native === '' ? '' : `*${native.toUpperCase()}`,
      ]),
    };
  }
  if (database !== 'information_schema') return undefined;
  const databases = [...store.catalogue.databases.values()].filter((one) => sees(session.account, one.name));
  const tables = databases.flatMap((one) => [...one.tables.values()]);
  switch (name) {
    case 'schemata':
      return {
        columns: ['CATALOG_NAME', 'SCHEMA_NAME', 'DEFAULT_CHARACTER_SET_NAME', 'DEFAULT_COLLATION_NAME', 'SQL_PATH'],
        rows: databases.map((one): Row => ['def', one.name, 'utf8mb4', flavour.collation, undefined]),
      };
    case 'tables':
      return {
        columns:
          'TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_TYPE ENGINE VERSION ROW_FORMAT TABLE_ROWS AVG_ROW_LENGTH DATA_LENGTH MAX_DATA_LENGTH INDEX_LENGTH DATA_FREE AUTO_INCREMENT CREATE_TIME TABLE_COLLATION TABLE_COMMENT'.split(
            ' ',
          ),
        rows: tables.map((table): Row => [
          'def',
          table.database,
          table.name,
          table.view === undefined ? 'BASE TABLE' : 'VIEW',
          table.view === undefined ? 'InnoDB' : undefined,
          10,
          'Dynamic',
          session.countNow(table),
          0,
          16384,
          0,
          16384 * Math.max(0, table.keys.length - 1),
          0,
          undefined,
          new Date(table.created).toISOString().slice(0, 19).replace('T', ' '),
          flavour.collation,
          table.options.get('COMMENT') ?? '',
        ]),
      };
    case 'columns':
      return {
        columns:
          'TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION COLUMN_DEFAULT IS_NULLABLE DATA_TYPE CHARACTER_MAXIMUM_LENGTH COLLATION_NAME COLUMN_TYPE COLUMN_KEY EXTRA COLUMN_COMMENT'.split(
            ' ',
          ),
        rows: tables.flatMap((table) =>
          table.columns.map((column, index): Row => [
            'def',
            table.database,
            table.name,
            column.name,
            index + 1,
            shownDefault(column, flavour),
            column.nullable ? 'YES' : 'NO',
            column.type,
            /char/.test(column.type) ? Number(column.parameters[0] ?? 1) : undefined,
            collationOf(column, flavour),
            typeText(column, flavour),
            keyOf(column, table),
            extraOf(column, flavour),
            column.comment ?? '',
          ]),
        ),
      };
    case 'statistics':
      return {
        columns: 'TABLE_SCHEMA TABLE_NAME NON_UNIQUE INDEX_SCHEMA INDEX_NAME SEQ_IN_INDEX COLUMN_NAME'.split(' '),
        rows: tables.flatMap((table) =>
          table.keys.flatMap((key) =>
            key.columns.map((part, index): Row => [
              table.database,
              table.name,
              /^(primary|unique)$/.test(key.kind) ? 0 : 1,
              table.database,
              key.name,
              index + 1,
              part.name,
            ]),
          ),
        ),
      };
    case 'key_column_usage':
      return {
        columns:
          'CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION REFERENCED_TABLE_SCHEMA REFERENCED_TABLE_NAME REFERENCED_COLUMN_NAME'.split(
            ' ',
          ),
        rows: tables.flatMap((table) => [
          ...table.keys
            .filter(({ kind }) => kind === 'primary' || kind === 'unique')
            .flatMap((key) =>
              key.columns.map((part, index): Row => [
                table.database,
                key.name,
                table.database,
                table.name,
                part.name,
                index + 1,
                undefined,
                undefined,
                undefined,
              ]),
            ),
          ...table.foreign.flatMap((key) =>
            key.columns.map((column, index): Row => [
              table.database,
              key.name,
              table.database,
              table.name,
              column,
              index + 1,
              key.database,
              key.table,
              key.references[index],
            ]),
          ),
        ]),
      };
    case 'processlist':
      return {
        columns: ['ID', 'USER', 'HOST', 'DB', 'COMMAND', 'TIME', 'STATE', 'INFO'],
        rows: session.server.processes(session),
      };
    case 'engines':
      return { columns: ['ENGINE', 'SUPPORT'], rows: [['InnoDB', 'DEFAULT']] };
  }
  return undefined;
}
