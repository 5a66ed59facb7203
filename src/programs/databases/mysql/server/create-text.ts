import type { Column, Database, Table } from '../catalogue';
import { kindOf, typeText, type Flavour } from '../types';

const name = (text: string): string => `\`${text.replaceAll('`', '``')}\``;
const names = (list: readonly string[]): string => list.map(name).join(', ');
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** SHOW CREATE TABLE. `next`: the next number of AUTO_INCREMENT. */
export function createTableText(table: Table, flavour: Flavour, next: number | undefined): string {
  if (table.view !== undefined) return createViewText(table);
  const mysql = flavour.name === 'mysql';
  const lines = table.columns.map((column) => columnText(column, table, flavour));
  for (const key of table.keys) {
    const columns = key.columns
      .map(
        (part) =>
          `${name(part.name)}${part.length === undefined ? '' : `(${part.length})`}${part.descending === true ? ' DESC' : ''}`,
      )
      .join(',');
    const kind = {
      primary: 'PRIMARY KEY',
      unique: 'UNIQUE KEY',
      index: 'KEY',
      fulltext: 'FULLTEXT KEY',
      spatial: 'SPATIAL KEY',
    }[key.kind];
    lines.push(`  ${kind}${key.kind === 'primary' ? '' : ` ${name(key.name)}`} (${columns})`);
  }
  for (const key of table.foreign) {
    const target = key.database === table.database ? name(key.table) : `${name(key.database)}.${name(key.table)}`;
    const action = (event: string, what: string | undefined): string =>
      what === undefined || (mysql ? what === 'NO ACTION' : what === 'RESTRICT') ? '' : ` ON ${event} ${what}`;
    lines.push(
      `  CONSTRAINT ${name(key.name)} FOREIGN KEY (${key.columns.map(name).join(', ')}) REFERENCES ${target} (${key.references.map(name).join(', ')})${action('DELETE', key.onDelete)}${action('UPDATE', key.onUpdate)}`,
    );
  }
  for (const check of table.checks) {
    if (check.column !== undefined) continue;
    lines.push(
      mysql
        ? `  CONSTRAINT ${name(check.name)} CHECK ((${condition(check.text, table)}))`
        : `  CONSTRAINT ${name(check.name)} CHECK (${condition(check.text, table)})`,
    );
  }
  const engine = table.options.get('ENGINE') ?? table.options.get('TYPE') ?? 'InnoDB';
  const shown = { innodb: 'InnoDB', myisam: 'MyISAM', memory: 'MEMORY', aria: 'Aria' }[engine.toLowerCase()] ?? engine;
  const collation = table.options.get('COLLATE') ?? flavour.collation;
  const charset = table.options.get('CHARSET') ?? collation.replace(/_.*/, '');
  const comment = table.options.get('COMMENT');
  return `CREATE TABLE ${name(table.name)} (\n${lines.join(',\n')}\n) ENGINE=${shown}${next === undefined || next <= 1 ? '' : ` AUTO_INCREMENT=${next}`} DEFAULT CHARSET=${charset} COLLATE=${collation}${comment === undefined ? '' : ` COMMENT=${quoted(comment)}`}`;
}

/** Columns of a condition stand in backticks, operators apart. */
function condition(text: string, table: Table): string {
  let made = text.replace(/`/g, '');
  for (const column of table.columns)
    made = made.replace(new RegExp(`(?<![\\w'])${column.name}(?![\\w'(])`, 'g'), name(column.name));
  return made
    .replace(/\s*(>=|<=|<>|!=|(?<![<>!])=|>(?!=)|<(?![=>]))\s*/g, ' $1 ')
    .replace(/\b(and|or|in|between|is|not|null)\b/gi, (word) => word.toLowerCase());
}

function columnText(column: Column, table: Table, flavour: Flavour): string {
  const mysql = flavour.name === 'mysql';
  const parts = [name(column.name), typeText(column, flavour)];
  if (column.type === 'json' && !mysql) parts.push('CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
  if (column.charset !== undefined) parts.push(`CHARACTER SET ${column.charset}`);
  if (column.collation !== undefined)
    parts.push(
      `${column.charset === undefined && mysql ? `CHARACTER SET ${column.collation.replace(/_.*/, '')} ` : ''}COLLATE ${column.collation}`,
    );
  if (column.generated !== undefined) {
    parts.push(
      `GENERATED ALWAYS AS (${mysql ? `(${column.generated.text})` : column.generated.text}) ${column.generated.stored ? 'STORED' : 'VIRTUAL'}`,
    );
  } else {
    const large = /text|blob/.test(column.type);
    if (!column.nullable) parts.push('NOT NULL');
    else if (column.type === 'timestamp') parts.push('NULL');
    if (column.initial !== undefined) parts.push(`DEFAULT ${column.initial}`);
    else if (column.nullable && !column.increment && !(mysql && large)) parts.push('DEFAULT NULL');
  }
  if (column.increment) parts.push('AUTO_INCREMENT');
  if (column.onUpdate) parts.push(`ON UPDATE ${mysql ? 'CURRENT_TIMESTAMP' : 'current_timestamp()'}`);
  if (column.comment !== undefined && column.comment !== '') parts.push(`COMMENT ${quoted(column.comment)}`);
  if (column.type === 'json' && !mysql) parts.push(`CHECK (json_valid(${name(column.name)}))`);
  const check = table.checks.find((one) => one.column === column.name);
  if (check !== undefined) parts.push(`CHECK (${condition(check.text, table)})`);
  return `  ${parts.join(' ')}`;
}

const createViewText = (view: Table): string =>
  `CREATE ALGORITHM=UNDEFINED DEFINER=\`root\`@\`localhost\` SQL SECURITY DEFINER VIEW ${name(view.name)} AS ${view.view ?? ''}`;

/** SHOW CREATE DATABASE. */
export function createDatabaseText(database: Database, flavour: Flavour): string {
  const collation = database.options.get('COLLATE') ?? flavour.collation;
  const charset = database.options.get('CHARSET') ?? collation.replace(/_.*/, '');
  return flavour.name === 'mysql'
    ? `CREATE DATABASE ${name(database.name)} /*!40100 DEFAULT CHARACTER SET ${charset} COLLATE ${collation} */ /*!80016 DEFAULT ENCRYPTION='N' */`
    : `CREATE DATABASE ${name(database.name)} /*!40100 DEFAULT CHARACTER SET ${charset} COLLATE ${collation} */`;
}

/** A foreign key as errors 1451 and 1452 write it. */
export function foreignKeyText(
  catalogue: { find(database: string, name: string): Table | undefined },
  database: string,
  table: string,
  constraint: string,
): string {
  const key = catalogue.find(database, table)?.foreign.find((one) => one.name === constraint);
  if (key === undefined) return '';
  const action = (event: string, what: string | undefined): string =>
    what === undefined || what === 'RESTRICT' || what === 'NO ACTION' ? '' : ` ON ${event} ${what}`;
  return `${name(database)}.${name(table)}, CONSTRAINT ${name(constraint)} FOREIGN KEY (${names(key.columns)}) REFERENCES ${name(key.table)} (${names(key.references)})${action('DELETE', key.onDelete)}${action('UPDATE', key.onUpdate)}`;
}

/** PRI, UNI or MUL. */
export function keyOf(column: Column, table: Table): string {
  const first = table.keys.filter((key) => key.columns[0]?.name === column.name);
  if (table.keys.some(({ kind, columns }) => kind === 'primary' && columns.some((part) => part.name === column.name)))
    return 'PRI';
  if (first.some(({ kind, columns }) => kind === 'unique' && columns.length === 1)) return 'UNI';
  return first.length > 0 ? 'MUL' : '';
}

/** The default as DESCRIBE shows it. */
export function shownDefault(column: Column, flavour: Flavour): string | undefined {
  const { initial } = column;
  if (initial === undefined) return undefined;
  if (initial.startsWith("'")) return initial.slice(1, -1).replaceAll("''", "'");
  return column.computed === true && flavour.name === 'mysql' ? initial.replace(/^\((.*)\)$/, '$1') : initial;
}

/** The column Extra of DESCRIBE. */
export function extraOf(column: Column, flavour: Flavour): string {
  const mysql = flavour.name === 'mysql';
  const parts: string[] = [];
  if (column.increment) parts.push('auto_increment');
  if (column.generated !== undefined) parts.push(`${column.generated.stored ? 'STORED' : 'VIRTUAL'} GENERATED`);
  if (mysql && (column.computed === true || /^CURRENT_TIMESTAMP/i.test(column.initial ?? '')))
    parts.push('DEFAULT_GENERATED');
  if (column.onUpdate) parts.push(mysql ? 'on update CURRENT_TIMESTAMP' : 'on update current_timestamp()');
  return parts.join(' ');
}

/** The collation of a column's texts. */
export const collationOf = (column: Column, flavour: Flavour): string | undefined =>
  kindOf(column, flavour) === 'text' ? (column.collation ?? flavour.collation) : undefined;
