import { primaryKey, uniqueKeys, type Column, type Key, type Table } from '../catalogue';
import { noSuchTable, sqlError } from '../errors';
import type { Expression, Statement, TableName } from '../sql/ast';
import { kindOf, type Flavour } from '../types';
import { assigned, typed } from './assign';
import type { Queries } from './queries';
import { bind, quoteName, quoteText, type Bound, type Scope, type Value } from './scope';
import { value } from './values';

type Insert = Statement & { kind: 'insert' };
type Update = Statement & { kind: 'update' };
type Delete = Statement & { kind: 'delete' };

/** One statement for PostgreSQL and how its answer counts. */
export interface Write {
  readonly sql: string;
  /** Rows come with the generated id and whether the row is new. */
  readonly counts: 'inserted' | 'updated' | 'deleted';
}

export const qualified = ({ database, name }: Table): string => `${quoteName(database)}.${quoteName(name)}`;
/** An index's or a constraint's column: letters of either case are equal in a text. */
export const keyPart = (name: string, table: Table, flavour: Flavour): string => {
  const column = table.columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
  return column !== undefined && kindOf(column, flavour) === 'text'
    ? `lower(${quoteName(column.name)})`
    : quoteName(column?.name ?? name);
};

/** Translates INSERT, UPDATE and DELETE. */
export class Writes {
  constructor(readonly queries: Queries) {}

  get #context() {
    return this.queries.context;
  }

  table({ database = this.#context.database, name }: TableName): Table {
    if (database === undefined) throw sqlError(1046, 'No database selected');
    const table = this.#context.catalogue.find(database, name);
    if (table !== undefined) return table;
    if (!this.#context.catalogue.databases.has(database)) throw sqlError(1049, `Unknown database '${database}'`);
    throw noSuchTable(database, name);
  }

  /** A row (or all rows of a query) at a time where keys decide what becomes of it. */
  insert(statement: Insert): readonly Write[] {
    const table = this.table(statement.table);
    const { flavour } = this.#context;
    const columns = (statement.columns ?? table.columns.map(({ name }) => name)).map((name) =>
      this.#column(table, name, 'fields'),
    );
    const twice = columns.find((column, index) => columns.indexOf(column) !== index);
    if (twice !== undefined) throw sqlError(1110, `Column '${twice.name}' specified twice`);
    this.#defaults(statement, table, columns);
    if (statement.query !== undefined) {
      const made = this.queries.query(statement.query);
      if (made.columns.length !== columns.length)
        throw sqlError(1136, "Column count doesn't match value count at row 1");
      const list = columns.map((column, index) => {
        const one = made.columns[index] ?? value('NULL', 'null');
        return assigned(
          value(`q.c${index}`, one.kind === 'null' ? 'text' : one.kind, one.nullable, one.scale),
          column,
          table,
          flavour,
          1,
        );
      });
      const names = columns.map((_, index) => `c${index}`).join(', ');
      return [this.#into(statement, table, columns, `SELECT ${list.join(', ')} FROM (${made.sql}) q(${names})`)];
    }
    const scope: Scope = { sources: [], clause: 'fields' };
    const rows = (statement.rows ?? []).map((row, index) => {
      const given = statement.columns === undefined && row.length === 0 ? columns.map(() => defaultValue) : row;
      if (given.length !== columns.length)
        throw sqlError(1136, `Column count doesn't match value count at row ${index + 1}`);
      return given.map((expression, at) => this.#cell(expression, columns[at] as Column, table, scope, index + 1));
    });
    const values = (list: readonly (readonly string[])[]): string =>
      columns.length === 0 ? 'DEFAULT VALUES' : `VALUES ${list.map((row) => `(${row.join(', ')})`).join(', ')}`;
    if (!statement.replace) return [this.#into(statement, table, columns, values(rows))];
    return rows.flatMap((row) => [
      this.#replaced(table, columns, row),
      this.#into(statement, table, columns, values([row])),
    ]);
  }

  #cell(expression: Expression, column: Column, table: Table, scope: Scope, row: number): string {
    if (expression.kind === 'default') return 'DEFAULT';
    if (column.increment && (expression.kind === 'null' || (expression.kind === 'integer' && expression.value === '0')))
      return 'DEFAULT';
    const made = this.queries.expressions.value(expression, scope);
    if (made.kind === 'null' && column.type === 'timestamp' && !column.nullable) return 'DEFAULT';
    return assigned(made, column, table, this.#context.flavour, row);
  }

  #defaults(statement: Insert, table: Table, columns: readonly Column[]): void {
    for (const column of table.columns)
      if (
        !columns.includes(column) &&
        !column.nullable &&
        column.initial === undefined &&
        !column.increment &&
        column.generated === undefined &&
        !statement.ignore &&
        column.type !== 'enum'
      )
        throw sqlError(1364, `Field '${column.name}' doesn't have a default value`);
  }

  #column(table: Table, name: string, clause: 'fields'): Column {
    const found = table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    throw sqlError(
      1054,
      `Unknown column '${name}' in '${this.#context.flavour.name === 'mysql' ? 'field list' : clause === 'fields' ? 'INSERT INTO' : ''}'`,
    );
  }

  /** Keys that a row's values may meet. */
  #candidates(table: Table, columns: readonly Column[]): readonly Key[] {
    return uniqueKeys(table).filter((key) =>
      key.columns.every(({ name }) => columns.some((column) => column.name.toLowerCase() === name.toLowerCase())),
    );
  }

  #meets(key: Key, table: Table, columns: readonly Column[], row: readonly string[]): string {
    const parts = key.columns.map(({ name }) => {
      const index = columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
      const cell = row[index] ?? 'NULL';
      const column = columns[index];
      if (cell === 'DEFAULT' || column === undefined) return 'false';
      const part = keyPart(name, table, this.#context.flavour);
      const made = typed(cell, column, this.#context.flavour);
      return `${part} = ${part.startsWith('lower(') ? `lower(${made})` : made}`;
    });
    return `(${parts.join(' AND ')})`;
  }

  #replaced(table: Table, columns: readonly Column[], row: readonly string[]): Write {
    const meets = this.#candidates(table, columns).map((key) => this.#meets(key, table, columns, row));
    return {
      sql: `WITH d AS (DELETE FROM ${qualified(table)} WHERE ${meets.length === 0 ? 'false' : meets.join(' OR ')} RETURNING 1) SELECT count(*) FROM d`,
      counts: 'deleted',
    };
  }

  #into(statement: Insert, table: Table, columns: readonly Column[], rows: string): Write {
    const increment = table.columns.find((column) => column.increment);
    const into = `INSERT INTO ${qualified(table)}${columns.length === 0 ? '' : ` (${columns.map(({ name }) => quoteName(name)).join(', ')})`}`;
    let conflict = '';
    if (statement.update.length > 0) {
      const keys = this.#candidates(table, columns);
      const key = keys[0] ?? primaryKey(table);
      if (key !== undefined) {
        const set = this.#update(statement, table);
        const changed = set.map(
          ({ name, sql }) => `${quoteName(table.name)}.${quoteName(name)} IS DISTINCT FROM ${sql}`,
        );
        const touched = table.columns
          .filter((column) => column.onUpdate && !set.some(({ name }) => name === column.name))
          .map(({ name }) => `, ${quoteName(name)} = date_trunc('second', statement_timestamp())`);
        conflict = ` ON CONFLICT (${key.columns.map(({ name }) => keyPart(name, table, this.#context.flavour)).join(', ')}) DO UPDATE SET ${set.map(({ name, sql }) => `${quoteName(name)} = ${sql}`).join(', ')}${touched.join('')} WHERE ${changed.join(' OR ')}`;
      }
    } else if (statement.ignore) conflict = ' ON CONFLICT DO NOTHING';
    const id = increment === undefined ? '0' : quoteName(increment.name);
    const explicit = increment !== undefined && columns.includes(increment);
    return {
      sql: `${into} ${rows}${conflict} RETURNING ${id}, (xmax = 0)::int, ${explicit ? '1' : '0'}`,
      counts: 'inserted',
    };
  }

  #update(statement: Insert, table: Table): readonly { readonly name: string; readonly sql: string }[] {
    const { flavour } = this.#context;
    const own = bind(table, table.name, flavour);
    const excluded: Bound = {
      alias: statement.alias ?? '~excluded',
      columns: table.columns.map(({ name }, index) => ({
        name,
        hidden: true,
        value: { ...(own.columns[index]?.value as Value), sql: `excluded.${quoteName(name)}` },
      })),
    };
    const scope: Scope = { sources: [own, excluded], clause: 'fields', excluded: true };
    return statement.update.map(({ column: name, value: expression }) => {
      const column = this.#column(table, name, 'fields');
      const made = this.queries.expressions.value(expression, scope);
      return { name: column.name, sql: typed(assigned(made, column, table, flavour, 1), column, flavour) };
    });
  }

  update(statement: Update): readonly Write[] {
    const sources: Bound[] = [];
    const from = this.queries.source(statement.source, sources, undefined);
    const scope: Scope = { sources, clause: 'fields' };
    const { flavour } = this.#context;
    const targets = new Map<Bound, { column: Column; sql: string }[]>();
    for (const { column: name, table: alias, value: expression } of statement.set) {
      const source = sources.find(
        (one) =>
          (alias === undefined || one.alias === alias) &&
          one.table?.columns.some((column) => column.name.toLowerCase() === name.toLowerCase()),
      );
      const column = source?.table?.columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
      if (source?.table === undefined || column === undefined)
        throw sqlError(
          1054,
          `Unknown column '${alias === undefined ? name : `${alias}.${name}`}' in '${flavour.name === 'mysql' ? 'field list' : 'SET'}'`,
        );
      const made =
        expression.kind === 'default'
          ? value(defaultOf(column), 'text')
          : this.queries.expressions.value(expression, scope);
      const cell = expression.kind === 'default' ? defaultOf(column) : assigned(made, column, source.table, flavour, 1);
      if (cell === 'NULL' && !column.nullable) throw sqlError(1048, `Column '${column.name}' cannot be null`);
      targets.set(source, [...(targets.get(source) ?? []), { column, sql: typed(cell, column, flavour) }]);
    }
    const list: string[] = [];
    const writes: string[] = [];
    let index = 0;
    for (const [source, set] of targets) {
      const id = `t${index++}`;
      list.push(`${quoteName(source.alias)}.ctid AS ${id}`);
      const parts = set.map(({ column, sql }, at) => {
        list.push(`${sql} AS ${id}_${at}`);
        return { name: quoteName(column.name), cell: `m.${id}_${at}` };
      });
      const touched = (source.table?.columns ?? [])
        .filter((column) => column.onUpdate && !set.some((one) => one.column === column))
        .map(({ name }) => `, ${quoteName(name)} = date_trunc('second', statement_timestamp())`);
      writes.push(
        `${id}_u AS (UPDATE ${qualified(source.table as Table)} AS u SET ${parts.map(({ name, cell }) => `${name} = ${cell}`).join(', ')}${touched.join('')} FROM m WHERE u.ctid = m.${id} AND (${parts.map(({ name, cell }) => `u.${name} IS DISTINCT FROM ${cell}`).join(' OR ')}) RETURNING 1)`,
      );
    }
    const counted = writes.map((_, at) => `(SELECT count(*) FROM t${at}_u)`).join(' + ');
    return [
      {
        sql: `WITH m AS MATERIALIZED (SELECT ${list.join(', ')} FROM ${from}${this.#rest(statement, scope)}), ${writes.join(', ')} SELECT (SELECT count(*) FROM m), ${counted}`,
        counts: 'updated',
      },
    ];
  }

  #rest(statement: Update | Delete, scope: Scope): string {
    const { expressions } = this.queries;
    const where =
      statement.where === undefined
        ? ''
        : ` WHERE ${expressions.condition(statement.where, { ...scope, clause: 'where' })}`;
    const order = statement.order.map(
      ({ by, descending }) =>
        `${expressions.value(by, { ...scope, clause: 'order' }).sql}${descending ? ' DESC NULLS LAST' : ' NULLS FIRST'}`,
    );
    return `${where}${order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`}${this.queries.limit(statement.limit)}`;
  }

  delete(statement: Delete): readonly Write[] {
    const sources: Bound[] = [];
    const from = this.queries.source(statement.source, sources, undefined);
    const scope: Scope = { sources, clause: 'fields' };
    const wanted =
      statement.targets.length === 0
        ? sources.slice(0, 1)
        : statement.targets.map((name) => this.#target(sources, name));
    const list = wanted.map(({ alias }, index) => `${quoteName(alias)}.ctid AS t${index}`);
    const writes = wanted.map(
      ({ table }, index) =>
        `d${index} AS (DELETE FROM ${qualified(table as Table)} WHERE ctid IN (SELECT t${index} FROM m) RETURNING 1)`,
    );
    const counted = wanted.map((_, index) => `(SELECT count(*) FROM d${index})`).join(' + ');
    return [
      {
        sql: `WITH m AS MATERIALIZED (SELECT ${list.join(', ')} FROM ${from}${this.#rest(statement, scope)}), ${writes.join(', ')} SELECT ${counted}`,
        counts: 'deleted',
      },
    ];
  }

  #target(sources: readonly Bound[], name: string): Bound {
    const found = sources.find(({ alias, table }) => alias === name || table?.name === name);
    if (found?.table === undefined) throw sqlError(1109, `Unknown table '${name}' in MULTI DELETE`);
    return found;
  }
}

const defaultValue: Expression = { kind: 'default', from: 0, to: 0 };
const defaultOf = (column: Column): string =>
  column.initial === undefined
    ? 'NULL'
    : /^'/.test(column.initial)
      ? quoteText(column.initial.slice(1, -1))
      : column.initial;
