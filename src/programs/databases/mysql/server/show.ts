import { primaryKey, type Table } from '../catalogue';
import { noSuchTable, sqlError } from '../errors';
import type { Statement } from '../sql/ast';
import { typeText, type Flavour } from '../types';
import type { Row } from '../translate/scope';
import { allowed, like, sees, type StoredAccount } from './accounts';
import { collationOf, createDatabaseText, createTableText, extraOf, keyOf, shownDefault } from './create-text';
import type { Session } from './session';

export interface Listing {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** Columns that cannot be NULL: their headings may be narrow. */
  readonly whole?: boolean;
  /** Columns that cannot be NULL, where others can. */
  readonly solid?: readonly string[];
  /** The column that LIKE and WHERE look at. */
  readonly filter?: string;
}

type Show = Statement & { kind: 'show' };

/** SHOW and DESCRIBE. */
export async function show(statement: Show, session: Session): Promise<Listing> {
  const made = await listing(statement, session);
  if (statement.like === undefined) return made;
  const pattern = statement.like;
  return { ...made, rows: made.rows.filter((row) => like(pattern, String(row[0] ?? ''))) };
}

function tableOf({ name, database: given }: Show, session: Session): Table {
  const database = name?.database ?? given ?? session.database;
  if (database === undefined) throw sqlError(1046, 'No database selected');
  const table = session.store.catalogue.find(database, name?.name ?? '');
  if (table === undefined) throw noSuchTable(database, name?.name ?? '');
  if (!allowed(session.account, 'SELECT', database, table.name) && !sees(session.account, database))
    throw sqlError(
      1142,
      `SELECT command denied to user '${session.account.user}'@'${session.host}' for table \`${database}\`.\`${table.name}\``,
    );
  return table;
}

async function listing(statement: Show, session: Session): Promise<Listing> {
  const { store, flavour } = session;
  const { catalogue } = store;
  const database = statement.database ?? session.database;
  const mysql = flavour.name === 'mysql';
  switch (statement.what) {
    case 'DATABASES': {
      const names = [...catalogue.databases.keys()].filter((name) => sees(session.account, name)).sort();
      return {
        columns: [statement.like === undefined ? 'Database' : `Database (${statement.like})`],
        rows: names.map((name) => [name]),
        whole: true,
      };
    }
    case 'TABLES': {
      if (database === undefined) throw sqlError(1046, 'No database selected');
      const found = catalogue.databases.get(database);
      if (found === undefined) throw sqlError(1049, `Unknown database '${database}'`);
      const tables = [...found.tables.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      const heading = `Tables_in_${database}${statement.like === undefined ? '' : ` (${statement.like})`}`;
      return statement.full
        ? {
            columns: [heading, 'Table_type'],
            rows: tables.map(({ name, view }) => [name, view === undefined ? 'BASE TABLE' : 'VIEW']),
            whole: true,
          }
        : { columns: [heading], rows: tables.map(({ name }) => [name]), whole: true };
    }
    case 'COLUMNS': {
      const table = tableOf(statement, session);
      const rows = table.columns.map((column): Row => {
        const basic = [
          typeText(column, flavour),
          ...(statement.full ? [collationOf(column, flavour)] : []),
          column.nullable ? 'YES' : 'NO',
          keyOf(column, table),
          shownDefault(column, flavour),
          extraOf(column, flavour),
        ];
        return [
          column.name,
          ...basic,
          ...(statement.full ? ['select,insert,update,references', column.comment ?? ''] : []),
        ];
      });
      return {
        columns: [
          'Field',
          'Type',
          ...(statement.full ? ['Collation'] : []),
          'Null',
          'Key',
          'Default',
          'Extra',
          ...(statement.full ? ['Privileges', 'Comment'] : []),
        ],
        rows,
        solid: ['Field', 'Null', 'Key', 'Extra'],
      };
    }
    case 'INDEX': {
      const table = tableOf(statement, session);
      const rows = await session.count(table);
      return indexes(table, flavour, rows);
    }
    case 'CREATE TABLE':
    case 'CREATE VIEW': {
      const table = tableOf(statement, session);
      const next = await session.nextId(table);
      const text = createTableText(table, flavour, next);
      return table.view === undefined
        ? { columns: ['Table', 'Create Table'], rows: [[table.name, text]], whole: true }
        : {
            columns: ['View', 'Create View', 'character_set_client', 'collation_connection'],
            rows: [[table.name, text, 'utf8mb4', flavour.collation]],
            whole: true,
          };
    }
    case 'CREATE DATABASE': {
      const found = catalogue.databases.get(statement.name?.name ?? '');
      if (found === undefined) throw sqlError(1049, `Unknown database '${statement.name?.name ?? ''}'`);
      return {
        columns: ['Database', 'Create Database'],
        rows: [[found.name, createDatabaseText(found, flavour)]],
        whole: true,
      };
    }
    case 'TABLE STATUS': {
      if (database === undefined) throw sqlError(1046, 'No database selected');
      const rows: Row[] = [];
      for (const table of catalogue.databases.get(database)?.tables.values() ?? [])
        rows.push(await status(table, session));
      const columns =
        'Name Engine Version Row_format Rows Avg_row_length Data_length Max_data_length Index_length Data_free Auto_increment Create_time Update_time Check_time Collation Checksum Create_options Comment'.split(
          ' ',
        );
      return mysql
        ? { columns, rows }
        : { columns: [...columns, 'Max_index_length', 'Temporary'], rows: rows.map((row) => [...row, 0, 'N']) };
    }
    case 'VARIABLES':
      return { columns: ['Variable_name', 'Value'], rows: [...session.settings].sort(([a], [b]) => (a < b ? -1 : 1)) };
    case 'STATUS':
      return { columns: ['Variable_name', 'Value'], rows: session.server.status(session) };
    case 'PROCESSLIST':
      return {
        columns: ['Id', 'User', 'Host', 'db', 'Command', 'Time', 'State', 'Info', ...(mysql ? [] : ['Progress'])],
        rows: session.server.processes(session).map((row) => (mysql ? row : [...row, '0.000'])),
      };
    case 'GRANTS': {
      const wanted =
        statement.account === undefined || statement.account.user === '' ? session.account : statement.account;
      const account = store.accounts.find(wanted);
      if (account === undefined)
        throw sqlError(1141, `There is no such grant defined for user '${wanted.user}' on host '${wanted.host}'`);
      return grants(account, flavour);
    }
    case 'CREATE USER': {
      const wanted = statement.account ?? session.account;
      const account = store.accounts.find(wanted);
      if (account === undefined)
        throw sqlError(1396, `Operation SHOW CREATE USER failed for '${wanted.user}'@'${wanted.host}'`);
      const how = mysql
        ? ` IDENTIFIED WITH 'caching_sha2_password' REQUIRE NONE PASSWORD EXPIRE DEFAULT ACCOUNT UNLOCK PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT DEFAULT`
        : account.native === ''
          ? ''
          : ` IDENTIFIED BY PASSWORD '*${account.native.toUpperCase()}'`;
      return {
        columns: [`CREATE USER for ${account.user}@${account.host}`],
        rows: [[`CREATE USER ${q(account.user)}@${q(account.host)}${how}`]],
        whole: true,
      };
    }
    case 'WARNINGS':
    case 'ERRORS':
      return {
        columns: ['Level', 'Code', 'Message'],
        rows: session.warnings.map(({ level, number, text }) => [level, number, text]),
        whole: true,
      };
    case 'COUNT WARNINGS':
      return { columns: ['@@session.warning_count'], rows: [[session.warnings.length]], whole: true };
    case 'ENGINES':
    case 'STORAGE ENGINES':
      return {
        columns: ['Engine', 'Support', 'Comment', 'Transactions', 'XA', 'Savepoints'],
        rows: [
          [
            'MEMORY',
            'YES',
            mysql
              ? 'Hash based, stored in memory, useful for temporary tables'
              : 'Hash based, stored in memory, useful for temporary tables',
            'NO',
            'NO',
            'NO',
          ],
          [
            'InnoDB',
            'DEFAULT',
            mysql
              ? 'Supports transactions, row-level locking, and foreign keys'
              : 'Supports transactions, row-level locking, foreign keys and encryption for tables',
            'YES',
            'YES',
            'YES',
          ],
        ],
      };
    case 'CHARSET':
      return {
        columns: ['Charset', 'Description', 'Default collation', 'Maxlen'],
        rows: [['utf8mb4', 'UTF-8 Unicode', flavour.collation, 4]],
        whole: true,
      };
    case 'COLLATION':
      return {
        columns: ['Collation', 'Charset', 'Id', 'Default', 'Compiled', 'Sortlen'],
        rows: [[flavour.collation, 'utf8mb4', mysql ? 255 : 45, 'Yes', 'Yes', mysql ? 0 : 1]],
      };
    case 'PLUGINS':
      return {
        columns: ['Name', 'Status', 'Type', 'Library', 'License'],
        rows: [['InnoDB', 'ACTIVE', 'STORAGE ENGINE', undefined, 'GPL']],
      };
    case 'TRIGGERS':
      return {
        columns:
          'Trigger Event Table Statement Timing Created sql_mode Definer character_set_client collation_connection'
            .split(' ')
            .concat('Database Collation'),
        rows: [],
      };
    case 'MASTER STATUS':
    case 'SLAVE STATUS':
    case 'REPLICA STATUS':
    case 'PROCEDURE STATUS':
    case 'FUNCTION STATUS':
    case 'EVENTS':
    case 'OPEN TABLES':
      return { columns: ['Name'], rows: [] };
  }
  const [word = ''] = statement.what.split(' ');
  throw sqlError(
    1064,
    `You have an error in your SQL syntax; check the manual that corresponds to your ${flavour.product} server version for the right syntax to use near '${word.toLowerCase()}' at line 1`,
  );
}

function indexes(table: Table, flavour: Flavour, count: number): Listing {
  const mysql = flavour.name === 'mysql';
  const rows = table.keys.flatMap((key) =>
    key.columns.map((part, index): Row => {
      const column = table.columns.find(({ name }) => name === part.name);
      const text = key.kind === 'fulltext';
      return [
        table.name,
        key.kind === 'primary' || key.kind === 'unique' ? 0 : 1,
        key.name,
        index + 1,
        part.name,
        text ? undefined : part.descending === true ? 'D' : 'A',
        text && !mysql ? undefined : count,
        part.length,
        undefined,
        column?.nullable === true ? 'YES' : '',
        text ? 'FULLTEXT' : 'BTREE',
        '',
        '',
        ...(mysql ? ['YES', undefined] : ['NO']),
      ];
    }),
  );
  const columns =
    'Table Non_unique Key_name Seq_in_index Column_name Collation Cardinality Sub_part Packed Null Index_type Comment Index_comment'.split(
      ' ',
    );
  return { columns: [...columns, ...(mysql ? ['Visible', 'Expression'] : ['Ignored'])], rows };
}

async function status(table: Table, session: Session): Promise<Row> {
  if (table.view !== undefined) return [table.name, ...Array.from({ length: 16 }, () => undefined), 'VIEW'];
  const rows = await session.count(table);
  const others = table.keys.filter((key) => key !== primaryKey(table)).length;
  const created = new Date(table.created).toISOString().slice(0, 19).replace('T', ' ');
  return [
    table.name,
    'InnoDB',
    session.flavour.name === 'mysql' ? 10 : 10,
    'Dynamic',
    rows,
    rows === 0 ? 0 : Math.floor(16384 / rows),
    16384,
    0,
    others * 16384,
    0,
    await session.nextId(table),
    created,
    undefined,
    undefined,
    table.options.get('COLLATE') ?? session.flavour.collation,
    undefined,
    '',
    table.options.get('COMMENT') ?? '',
  ];
}

const q = (text: string): string => `\`${text}\``;

const everything =
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, SHUTDOWN, PROCESS, FILE, REFERENCES, INDEX, ALTER, SHOW DATABASES, SUPER, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, CREATE TABLESPACE, CREATE ROLE, DROP ROLE';

function grants(account: StoredAccount, { name }: Flavour): Listing {
  const mysql = name === 'mysql';
  const who = `${q(account.user)}@${q(account.host)}`;
  const on = (database: string, table: string): string =>
    `${database === '*' ? '*' : q(database)}.${table === '*' ? '*' : q(table)}`;
  const global = account.grants.find(({ database }) => database === '*');
  const password = mysql || account.native === '' ? '' : ` IDENTIFIED BY PASSWORD '*${account.native.toUpperCase()}'`;
  const text = (privileges: readonly string[], all: string): string =>
    privileges.includes('ALL') ? all : privileges.join(', ');
  const rows = [
    `GRANT ${global === undefined ? 'USAGE' : text(global.privileges, mysql ? everything : 'ALL PRIVILEGES')} ON *.* TO ${who}${password}${global?.option === true ? ' WITH GRANT OPTION' : ''}`,
    ...account.grants
      .filter(({ database }) => database !== '*')
      .map(
        (grant) =>
          `GRANT ${text(grant.privileges, 'ALL PRIVILEGES')} ON ${on(grant.database, grant.table)} TO ${who}${grant.option ? ' WITH GRANT OPTION' : ''}`,
      ),
  ];
  if (account.user === 'root' && (!mysql || account.host === 'localhost'))
    rows.push(`GRANT PROXY ON ${mysql ? '``@``' : '``@`%`'} TO ${who} WITH GRANT OPTION`);
  return { columns: [`Grants for ${account.user}@${account.host}`], rows: rows.map((row) => [row]), whole: true };
}
