import { systemDatabases, type Column, type Table } from '../catalogue';
import { sqlError } from '../errors';
import type { Statement, TableName } from '../sql/ast';
import { Definitions } from './definitions';
import { Queries, type Translated } from './queries';
import { quoteName, type Context, type Value } from './scope';
import { Writes, qualified } from './writes';

/** What a definition became. */
export interface Defined {
  /** For PostgreSQL. */
  readonly sql: readonly string[];
  readonly affected?: number;
  /** It was there already, or was not there to be dropped: MySQL's note. */
  readonly note?: { readonly number: number; readonly text: string };
  readonly info?: string;
}

const kinds = new Set([
  'create table',
  'alter table',
  'drop',
  'rename',
  'truncate',
  'create view',
  'create database',
  'alter database',
  'drop database',
]);
export const isDefinition = (statement: Statement): boolean => kinds.has(statement.kind);

/** Runs a definition on the catalogue; what PostgreSQL has to do comes back. */
export function define(statement: Statement, text: string, context: Context): Defined {
  const { catalogue, flavour } = context;
  const definitions = new Definitions(context);
  switch (statement.kind) {
    case 'create database': {
      const { name } = statement;
      if (catalogue.databases.has(name)) {
        const message = `Can't create database '${name}'; database exists`;
        if (!statement.ifNotExists) throw sqlError(1007, message);
        return { sql: [], affected: flavour.name === 'mysql' ? 1 : 0, note: { number: 1007, text: message } };
      }
      catalogue.databases.set(name, { name, options: statement.options, tables: new Map() });
      return { sql: [`CREATE SCHEMA ${quoteName(name)}`], affected: 1 };
    }
    case 'alter database': {
      const found = catalogue.databases.get(statement.name === '' ? (context.database ?? '') : statement.name);
      if (found === undefined) throw sqlError(1049, `Unknown database '${statement.name}'`);
      catalogue.databases.set(found.name, { ...found, options: new Map([...found.options, ...statement.options]) });
      return { sql: [], affected: 1 };
    }
    case 'drop database': {
      const { name } = statement;
      const found = catalogue.databases.get(name);
      if (found === undefined) {
        const message = `Can't drop database '${name}'; database doesn't exist`;
        if (!statement.ifExists) throw sqlError(1008, message);
        return { sql: [], note: { number: 1008, text: message } };
      }
      if (systemDatabases.includes(name)) throw sqlError(3552, `Access to system schema '${name}' is rejected.`);
      catalogue.databases.delete(name);
      return { sql: [`DROP SCHEMA ${quoteName(name)} CASCADE`], affected: found.tables.size };
    }
    case 'create table': {
      if (statement.query === undefined) {
        const sql = definitions.create(statement);
        return sql === undefined ? exists(statement.table) : { sql };
      }
      const queries = new Queries(context, text);
      const made = queries.query(statement.query);
      const sql = definitions.create(statement, columnsOf(made));
      if (sql === undefined) return exists(statement.table);
      const table = definitions.table(statement.table);
      const [write] = new Writes(queries).insert({
        kind: 'insert',
        table: statement.table,
        replace: false,
        ignore: false,
        columns: made.names,
        query: statement.query,
        update: [],
      });
      return { sql: [...sql, write?.sql.replace(/ RETURNING .*$/, '') ?? ''], info: `counted ${qualified(table)}` };
    }
    case 'alter table': {
      const before = definitions.table(statement.table);
      const sql = definitions.alter(statement.table, statement.alterations);
      if (
        statement.alterations.every(({ kind, ...more }) => kind === 'rename' && 'what' in more && more.what === 'table')
      )
        return { sql };
      // A column of another type: every row is copied.
      const copied = sql.some((one) => / ALTER COLUMN .* TYPE /.test(one));
      return { sql, info: copied ? `counted ${qualified(before)}` : 'Records: 0  Duplicates: 0  Warnings: 0' };
    }
    case 'rename': {
      const sql: string[] = [];
      for (const [from, to] of statement.pairs) definitions.rename(definitions.table(from), definitions.place(to), sql);
      return { sql };
    }
    case 'truncate': {
      const table = definitions.table(statement.table);
      const [first] = catalogue.referencing(table).filter((other) => other.table !== table);
      if (first !== undefined)
        throw sqlError(
          1701,
          `Cannot truncate a table referenced in a foreign key constraint (\`${first.table.database}\`.\`${first.table.name}\`, CONSTRAINT \`${first.key.name}\`${flavour.name === 'mysql' ? '' : ` FOREIGN KEY (\`${first.key.columns.join('`, `')}\`) REFERENCES \`${first.key.database}\`.\`${first.key.table}\` (\`${first.key.references.join('`, `')}\`)`})`,
        );
      return { sql: [`TRUNCATE ${qualified(table)} RESTART IDENTITY`] };
    }
    case 'drop':
      return drop(statement, context);
    case 'create view': {
      const place = definitions.place(statement.view);
      const old = catalogue.find(place.database, place.name);
      if (old !== undefined && !(statement.replace && old.view !== undefined))
        throw sqlError(1050, `Table '${place.name}' already exists`);
      const made = new Queries(context, text).query(statement.query);
      const names = statement.columns.length > 0 ? statement.columns : made.names;
      catalogue.put({
        ...place,
        columns: columnsOf({ ...made, names }),
        keys: [],
        foreign: [],
        checks: [],
        options: new Map(),
        created: context.now,
        view: statement.text,
      });
      const name = `${quoteName(place.database)}.${quoteName(place.name)}`;
      return {
        sql: [
          ...(old === undefined ? [] : [`DROP VIEW ${name} CASCADE`]),
          `CREATE VIEW ${name} (${names.map(quoteName).join(', ')}) AS ${made.sql}`,
        ],
      };
    }
    default:
      return { sql: [] };
  }
}

const exists = ({ name }: TableName): Defined => ({
  sql: [],
  note: { number: 1050, text: `Table '${name}' already exists` },
});

function drop({ what, tables, ifExists }: Statement & { kind: 'drop' }, context: Context): Defined {
  const { catalogue, flavour } = context;
  const definitions = new Definitions(context);
  const found: Table[] = [];
  const missing: string[] = [];
  for (const name of tables) {
    const place = definitions.place(name);
    const table = catalogue.find(place.database, place.name);
    if (table === undefined || (what === 'view') !== (table.view !== undefined))
      missing.push(`${place.database}.${place.name}`);
    else found.push(table);
  }
  if (missing.length > 0 && !ifExists)
    throw what === 'view' && flavour.name === 'mariadb'
      ? sqlError(4092, `Unknown VIEW: '${missing.join(',')}'`)
      : sqlError(1051, `Unknown table '${missing.join(',')}'`);
  const checks = context.system('foreign_key_checks');
  for (const table of found) {
    const [first] = catalogue.referencing(table).filter((other) => !found.includes(other.table));
    if (first === undefined || checks === '0' || checks === 'OFF') continue;
    throw flavour.name === 'mysql'
      ? sqlError(
          3730,
          `Cannot drop table '${table.name}' referenced by a foreign key constraint '${first.key.name}' on table '${first.table.name}'.`,
        )
      : sqlError(1451, 'Cannot delete or update a parent row: a foreign key constraint fails');
  }
  for (const table of found) catalogue.remove(table);
  const [gone] = missing;
  return {
    sql: found.map((table) => `DROP ${table.view === undefined ? 'TABLE' : 'VIEW'} ${qualified(table)} CASCADE`),
    ...(gone === undefined ? {} : { note: { number: 1051, text: `Unknown table '${missing.join(',')}'` } }),
  };
}

/** The columns of a table or view made from a query. */
function columnsOf({ names, columns }: Translated): readonly Column[] {
  const seen = new Set<string>();
  return names.map((name, index) => {
    if (seen.has(name.toLowerCase())) throw sqlError(1060, `Duplicate column name '${name}'`);
    seen.add(name.toLowerCase());
    return columnOf(name, columns[index] as Value);
  });
}

function columnOf(name: string, { kind, scale, nullable, literal }: Value): Column {
  const types: Readonly<Record<string, string>> = {
    int: 'bigint',
    bool: 'int',
    null: 'varchar',
    text: 'varchar',
    blob: 'longblob',
  };
  const type = types[kind] ?? kind;
  const parameters =
    type === 'varchar' ? [String(literal?.length ?? 255)] : type === 'decimal' ? ['30', String(scale)] : [];
  return { name, type, parameters, unsigned: false, zerofill: false, nullable, increment: false, onUpdate: false };
}

/** Databases a definition writes to, for privileges. */
export function namesIn(statement: Statement): readonly TableName[] {
  switch (statement.kind) {
    case 'create table':
    case 'alter table':
    case 'truncate':
    case 'insert':
      return [statement.table];
    case 'drop':
      return statement.tables;
    case 'create view':
      return [statement.view];
    default:
      return [];
  }
}
