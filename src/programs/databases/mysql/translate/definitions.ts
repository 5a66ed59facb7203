import type { Catalogue, Check, Column, ForeignKey, Key, Table } from '../catalogue';
import { noSuchTable, sqlError } from '../errors';
import type {
  Alteration,
  ColumnDefinition,
  Expression,
  KeyDefinition,
  Reference,
  Statement,
  TableElement,
  TableName,
} from '../sql/ast';
import { lengthOf, postgresType, rangeOf } from '../types';
import { defaultText, initialOf } from './defaults';
import { Expressions } from './expressions';
import { bind, quoteName, quoteText, type Context } from './scope';
import { truth } from './values';
import { keyPart, qualified } from './writes';

type CreateTable = Statement & { kind: 'create table' };

/** Changes tables: in the catalogue at once, in PostgreSQL by the statements that come back. */
export class Definitions {
  readonly #catalogue: Catalogue;
  readonly #expressions: Expressions;

  constructor(readonly context: Context) {
    this.#catalogue = context.catalogue;
    this.#expressions = new Expressions(context, () => {
      throw sqlError(1064, 'A subquery cannot stand in a definition');
    });
  }

  place({ database = this.context.database, name }: TableName): { readonly database: string; readonly name: string } {
    if (database === undefined) throw sqlError(1046, 'No database selected');
    if (!this.#catalogue.databases.has(database)) throw sqlError(1049, `Unknown database '${database}'`);
    return { database, name };
  }

  table(name: TableName): Table {
    const place = this.place(name);
    const found = this.#catalogue.find(place.database, place.name);
    if (found === undefined) throw noSuchTable(place.database, place.name);
    return found;
  }

  /** Undefined: it is there already, and that is no mistake. */
  create(statement: CreateTable, queried: readonly Column[] = []): readonly string[] | undefined {
    const place = this.place(statement.table);
    if (this.#catalogue.find(place.database, place.name) !== undefined) {
      if (statement.ifNotExists) return undefined;
      throw sqlError(1050, `Table '${place.name}' already exists`);
    }
    const empty: Table = {
      ...place,
      columns: [],
      keys: [],
      foreign: [],
      checks: [],
      options: statement.options,
      created: this.context.now,
    };
    if (statement.like !== undefined) {
      const like = this.table(statement.like);
      return this.#made({ ...like, ...place, foreign: [], created: this.context.now });
    }
    let table = empty;
    for (const element of statement.elements) table = this.#added(table, element);
    const more = queried.filter(({ name }) => !table.columns.some((column) => column.name === name));
    table = { ...table, columns: [...table.columns, ...more] };
    if (table.columns.length === 0) throw sqlError(1113, 'A table must have at least 1 column');
    const increments = table.columns.filter(({ increment }) => increment);
    if (
      increments.length > 1 ||
      increments.some(({ name }) => !table.keys.some((key) => key.columns[0]?.name === name))
    )
      throw sqlError(
        1075,
        'Incorrect table definition; there can be only one auto column and it must be defined as a key',
      );
    return this.#made(table);
  }

  #made(table: Table): readonly string[] {
    this.#catalogue.put(table);
    const columns = table.columns.map((column) => this.#columnSql(column, table));
    if (!table.keys.some(({ kind }) => kind === 'primary')) columns.push('"~" bigint GENERATED ALWAYS AS IDENTITY');
    const start = table.options.get('AUTO_INCREMENT');
    const increment = table.columns.find((column) => column.increment);
    return [
      `CREATE TABLE ${qualified(table)} (${columns.join(', ')})`,
      ...table.keys.flatMap((key) => this.#keySql(key, table)),
      ...table.checks.map((check) => this.#checkSql(check, table)),
      ...table.foreign.flatMap((key) => this.#foreignSql(key, table)),
      ...this.#catalogue
        .referencing(table)
        .filter((other) => other.table !== table)
        .flatMap((other) => this.#foreignSql(other.key, other.table)),
      ...(start !== undefined && increment !== undefined
        ? [`ALTER TABLE ${qualified(table)} ALTER COLUMN ${quoteName(increment.name)} RESTART WITH ${Number(start)}`]
        : []),
    ];
  }

  #added(table: Table, element: TableElement, after?: string | null): Table {
    switch (element.kind) {
      case 'column': {
        const { column } = element;
        if (table.columns.some(({ name }) => name.toLowerCase() === column.name.toLowerCase()))
          throw sqlError(1060, `Duplicate column name '${column.name}'`);
        const columns = [...table.columns];
        const index =
          after === undefined
            ? columns.length
            : after === null
              ? 0
              : columns.findIndex(({ name }) => name === after) + 1;
        columns.splice(index, 0, this.columnOf(column));
        return this.#attributes({ ...table, columns }, column);
      }
      case 'key':
        return this.#withKey(table, element.key);
      case 'foreign':
        return this.#withForeign(table, element.columns, element.references, element.name);
      case 'check':
        return this.#withCheck(table, element, element.name);
    }
  }

  #attributes(table: Table, column: ColumnDefinition): Table {
    let made = table;
    if (column.key !== undefined) made = this.#withKey(made, { kind: column.key, columns: [{ name: column.name }] });
    if (column.check !== undefined) made = this.#withCheck(made, column.check, undefined, column.name);
    // MySQL parses a column's own REFERENCES and forgets it; MariaDB does not.
    if (column.references !== undefined && this.context.flavour.name === 'mariadb')
      made = this.#withForeign(made, [column.name], column.references);
    return made;
  }

  columnOf(column: ColumnDefinition): Column {
    const { name, type, parameters, unsigned, zerofill, increment, onUpdate, comment, collation, charset, generated } =
      column;
    const initial = initialOf(column, this.context.flavour);
    const length = lengthOf(column);
    if (type === 'varchar' && (length ?? 0) > 16383)
      throw sqlError(1074, `Column length too big for column '${name}' (max = 16383); use BLOB or TEXT instead`);
    return {
      name,
      type,
      parameters,
      unsigned,
      zerofill,
      increment,
      onUpdate,
      nullable: column.nullable ?? column.key !== 'primary',
      ...initial,
      ...(comment === undefined ? {} : { comment }),
      ...(collation === undefined ? {} : { collation }),
      ...(charset === undefined ? {} : { charset }),
      ...(generated === undefined ? {} : { generated: { text: generated.text, stored: generated.stored } }),
    };
  }

  #withKey(table: Table, { kind, name, columns }: KeyDefinition): Table {
    for (const part of columns)
      if (!table.columns.some((column) => column.name.toLowerCase() === part.name.toLowerCase()))
        throw sqlError(1072, `Key column '${part.name}' doesn't exist in table`);
    if (kind === 'primary') {
      if (table.keys.some((key) => key.kind === 'primary')) throw sqlError(1068, 'Multiple primary key defined');
      const inKey = (column: Column): boolean =>
        columns.some((part) => part.name.toLowerCase() === column.name.toLowerCase());
      return {
        ...table,
        columns: table.columns.map((column) => (inKey(column) ? { ...column, nullable: false } : column)),
        keys: [...table.keys, { kind, columns, name: 'PRIMARY' }],
      };
    }
    const base = name ?? columns[0]?.name ?? '';
    let free = base;
    for (let count = 2; table.keys.some((key) => key.name === free); count++) {
      if (name !== undefined) throw sqlError(1061, `Duplicate key name '${name}'`);
      free = `${base}_${count}`;
    }
    return { ...table, keys: [...table.keys, { kind, columns, name: free }] };
  }

  #withForeign(table: Table, columns: readonly string[], to: Reference, name?: string): Table {
    const database = to.table.database ?? table.database;
    let number = 1;
    while (table.foreign.some((key) => key.name === `${table.name}_ibfk_${number}`)) number++;
    const made = name ?? `${table.name}_ibfk_${number}`;
    const target =
      database === table.database && to.table.name === table.name
        ? table
        : this.#catalogue.find(database, to.table.name);
    const checks =
      this.context.system('foreign_key_checks') !== '0' && this.context.system('foreign_key_checks') !== 'OFF';
    if (target === undefined && checks)
      throw this.context.flavour.name === 'mysql'
        ? sqlError(1824, `Failed to open the referenced table '${to.table.name}'`)
        : sqlError(
            1005,
            `Can't create table \`${table.database}\`.\`${table.name}\` (errno: 150 "Foreign key constraint is incorrectly formed")`,
          );
    const references =
      to.columns.length > 0
        ? to.columns
        : (target?.keys.find(({ kind }) => kind === 'primary')?.columns.map((part) => part.name) ?? []);
    const key: ForeignKey = {
      name: made,
      columns,
      database,
      table: to.table.name,
      references,
      ...(to.onDelete === undefined ? {} : { onDelete: to.onDelete }),
      ...(to.onUpdate === undefined ? {} : { onUpdate: to.onUpdate }),
    };
    const covered = table.keys.some((one) => columns.every((column, index) => one.columns[index]?.name === column));
    const withIndex = covered
      ? table
      : this.#withKey(table, {
          kind: 'index',
          columns: columns.map((column) => ({ name: column })),
          ...(name === undefined ? {} : { name }),
        });
    return { ...withIndex, foreign: [...table.foreign, key] };
  }

  #withCheck(
    table: Table,
    check: { readonly expression: Expression; readonly text: string },
    name?: string,
    column?: string,
  ): Table {
    const mariadb = this.context.flavour.name === 'mariadb';
    let number = 1;
    const auto = (): string => (mariadb ? `CONSTRAINT_${number}` : `${table.name}_chk_${number}`);
    while (table.checks.some((one) => one.name === auto())) number++;
    const made = name ?? (mariadb && column !== undefined ? `${table.name}.${column}` : auto());
    const one: Check = { name: made, text: check.text, ...(column === undefined || !mariadb ? {} : { column }) };
    return { ...table, checks: [...table.checks, one] };
  }

  #columnSql(column: Column, table: Table): string {
    const { flavour } = this.context;
    const parts = [quoteName(column.name), postgresType(column, flavour)];
    if (column.increment) parts.push('GENERATED BY DEFAULT AS IDENTITY');
    if (!column.nullable) parts.push('NOT NULL');
    const initial = defaultText(column, this.#expressions, flavour);
    if (initial !== undefined) parts.push(`DEFAULT ${initial}`);
    if (column.generated !== undefined)
      parts.push(`GENERATED ALWAYS AS (${this.#text(column.generated.text, table)}) STORED`);
    const range = rangeOf(column);
    if (
      range !== undefined &&
      !(column.type === 'int' && !column.unsigned) &&
      !(column.type === 'bigint' && !column.unsigned)
    )
      parts.push(
        `CONSTRAINT ${quoteName(`range:${column.name}`)} CHECK (${quoteName(column.name)} BETWEEN ${range[0]} AND ${range[1]})`,
      );
    if (column.type === 'enum')
      parts.push(
        `CONSTRAINT ${quoteName(`enum:${column.name}`)} CHECK (${quoteName(column.name)} IN (${column.parameters.map(quoteText).join(', ')}))`,
      );
    return parts.join(' ');
  }

  /** An expression that was kept as text. */
  #text(text: string, table: Table): string {
    const made = this.context.expression(text);
    const value = this.#expressions.value(made, {
      sources: [bind(table, table.name, this.context.flavour)],
      clause: 'fields',
    });
    return value.sql.replaceAll(`${quoteName(table.name)}.`, '');
  }

  #checkSql(check: Check, table: Table): string {
    const made = this.#expressions.value(this.context.expression(check.text), {
      sources: [bind(table, table.name, this.context.flavour)],
      clause: 'fields',
    });
    return `ALTER TABLE ${qualified(table)} ADD CONSTRAINT ${quoteName(check.name)} CHECK (${truth(made)})`;
  }

  #keySql(key: Key, table: Table): readonly string[] {
    const { flavour } = this.context;
    const name = quoteName(`${table.name}.${key.name}`);
    const parts = key.columns.map((part) => keyPart(part.name, table, flavour));
    const plain = key.columns.map((part) => quoteName(part.name)).join(', ');
    const folded = parts.some((part) => part.startsWith('lower('));
    if (key.kind === 'primary') {
      const primary = `ALTER TABLE ${qualified(table)} ADD CONSTRAINT ${name} PRIMARY KEY (${plain})`;
      return folded
        ? [
            primary,
            `CREATE UNIQUE INDEX ${quoteName(`${table.name}.${key.name}~`)} ON ${qualified(table)} (${parts.join(', ')})`,
          ]
        : [primary];
    }
    if (key.kind !== 'unique') return [`CREATE INDEX ${name} ON ${qualified(table)} (${parts.join(', ')})`];
    const unique = `CREATE UNIQUE INDEX ${name} ON ${qualified(table)} (${parts.join(', ')})`;
    return folded ? [unique] : [`ALTER TABLE ${qualified(table)} ADD CONSTRAINT ${name} UNIQUE (${plain})`];
  }

  #foreignSql(key: ForeignKey, table: Table): readonly string[] {
    const target = this.#catalogue.find(key.database, key.table);
    if (target === undefined) return [];
    const names = (list: readonly string[]): string => list.map(quoteName).join(', ');
    const action = (event: string, what: string | undefined): string =>
      what === undefined || what === 'NO ACTION' ? '' : ` ON ${event} ${what}`;
    return [
      `ALTER TABLE ${qualified(table)} ADD CONSTRAINT ${quoteName(key.name)} FOREIGN KEY (${names(key.columns)}) REFERENCES ${qualified(target)} (${names(key.references)})${action('DELETE', key.onDelete)}${action('UPDATE', key.onUpdate)}`,
    ];
  }

  alter(name: TableName, alterations: readonly Alteration[]): readonly string[] {
    let table = this.table(name);
    const sql: string[] = [];
    for (const alteration of alterations) table = this.#altered(table, alteration, sql);
    return sql;
  }

  #altered(before: Table, alteration: Alteration, sql: string[]): Table {
    const alter = `ALTER TABLE ${qualified(before)}`;
    const put = (table: Table): Table => {
      this.#catalogue.put(table);
      return table;
    };
    switch (alteration.kind) {
      case 'add': {
        const table = put(this.#added(before, alteration.element, alteration.after));
        for (const column of table.columns)
          if (!before.columns.some(({ name }) => name === column.name)) {
            const made = this.#columnSql(column, table);
            const filled =
              column.nullable || column.initial !== undefined || column.increment
                ? made
                : made.replace(' NOT NULL', ` NOT NULL DEFAULT ${zeroOf(postgresType(column, this.context.flavour))}`);
            sql.push(`${alter} ADD COLUMN ${filled}`);
            if (filled !== made) sql.push(`${alter} ALTER COLUMN ${quoteName(column.name)} DROP DEFAULT`);
          }
        for (const key of table.keys) if (!before.keys.includes(key)) sql.push(...this.#keySql(key, table));
        for (const check of table.checks) if (!before.checks.includes(check)) sql.push(this.#checkSql(check, table));
        for (const key of table.foreign) if (!before.foreign.includes(key)) sql.push(...this.#foreignSql(key, table));
        return table;
      }
      case 'change':
        return put(this.#changed(before, alteration, sql));
      case 'default': {
        const { initial, text } = alteration;
        const columns = before.columns.map((column) => {
          if (column.name !== alteration.name) return column;
          const { initial: _, ...rest } = column;
          if (initial === undefined || text === undefined) return rest;
          return {
            ...rest,
            ...initialOf(
              { ...(column as unknown as ColumnDefinition), initial, initialText: text },
              this.context.flavour,
            ),
          };
        });
        const column = columns.find((one) => one.name === alteration.name);
        if (column === undefined) throw sqlError(1054, `Unknown column '${alteration.name}' in '${before.name}'`);
        const made = defaultText(column, this.#expressions, this.context.flavour);
        sql.push(
          `${alter} ALTER COLUMN ${quoteName(column.name)} ${made === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${made}`}`,
        );
        return put({ ...before, columns });
      }
      case 'drop':
        return put(this.#dropped(before, alteration, sql));
      case 'rename':
        return this.#renamed(before, alteration, sql);
      case 'options':
        return put({ ...before, options: new Map([...before.options, ...alteration.options]) });
    }
  }

  #changed(before: Table, alteration: Alteration & { kind: 'change' }, sql: string[]): Table {
    const index = before.columns.findIndex(({ name }) => name.toLowerCase() === alteration.name.toLowerCase());
    const old = before.columns[index];
    if (old === undefined) throw sqlError(1054, `Unknown column '${alteration.name}' in '${before.name}'`);
    const inPrimary = before.keys.some(
      ({ kind, columns }) => kind === 'primary' && columns.some(({ name }) => name === old.name),
    );
    const column = { ...this.columnOf(alteration.column), ...(inPrimary ? { nullable: false } : {}) };
    const columns = [...before.columns];
    columns.splice(index, 1);
    const { after } = alteration;
    columns.splice(
      after === undefined ? index : after === null ? 0 : columns.findIndex(({ name }) => name === after) + 1,
      0,
      column,
    );
    const renamed = <T extends { readonly name: string }>(part: T): T =>
      part.name === old.name ? { ...part, name: column.name } : part;
    const table = {
      ...before,
      columns,
      keys: before.keys.map((key) => ({ ...key, columns: key.columns.map(renamed) })),
      foreign: before.foreign.map((key) => ({
        ...key,
        columns: key.columns.map((name) => (name === old.name ? column.name : name)),
      })),
    };
    const { flavour } = this.context;
    const alter = `ALTER TABLE ${qualified(before)}`;
    const name = quoteName(column.name);
    if (old.name !== column.name) sql.push(`${alter} RENAME COLUMN ${quoteName(old.name)} TO ${name}`);
    for (const kind of ['range', 'enum'])
      sql.push(`${alter} DROP CONSTRAINT IF EXISTS ${quoteName(`${kind}:${old.name}`)}`);
    if (!column.increment || !old.increment) {
      if (old.increment) sql.push(`${alter} ALTER COLUMN ${name} DROP IDENTITY IF EXISTS`);
      else sql.push(`${alter} ALTER COLUMN ${name} DROP DEFAULT`);
    }
    const type = postgresType(column, flavour);
    if (type !== postgresType(old, flavour))
      sql.push(
        `${alter} ALTER COLUMN ${name} TYPE ${type} USING ${name}::${postgresType({ ...column }, flavour, true)}`,
      );
    if (column.nullable !== old.nullable)
      sql.push(`${alter} ALTER COLUMN ${name} ${column.nullable ? 'DROP' : 'SET'} NOT NULL`);
    if (column.increment && !old.increment) {
      sql.push(`${alter} ALTER COLUMN ${name} ADD GENERATED BY DEFAULT AS IDENTITY`);
      sql.push(
        `SELECT setval(pg_get_serial_sequence(${quoteText(qualified(before))}, ${quoteText(column.name)}), greatest(1, coalesce(max(${name}), 0) + 1), false) FROM ${qualified(before)}`,
      );
    }
    const initial = defaultText(column, this.#expressions, flavour);
    if (initial !== undefined) sql.push(`${alter} ALTER COLUMN ${name} SET DEFAULT ${initial}`);
    for (const constraint of this.#columnSql(column, table).match(/CONSTRAINT .*$/s) ?? [])
      sql.push(`${alter} ADD ${constraint}`);
    return alteration.column.key === undefined ? table : this.#keyed(table, alteration.column, sql);
  }

  #keyed(before: Table, column: ColumnDefinition, sql: string[]): Table {
    const table = this.#attributes(before, { ...column, check: undefined, references: undefined } as never);
    for (const key of table.keys) if (!before.keys.includes(key)) sql.push(...this.#keySql(key, table));
    return table;
  }

  #dropped(before: Table, { what, name }: Alteration & { kind: 'drop' }, sql: string[]): Table {
    const alter = `ALTER TABLE ${qualified(before)}`;
    const cannot = (): Error =>
      sqlError(
        1091,
        this.context.flavour.name === 'mysql'
          ? `Can't DROP '${name}'; check that column/key exists`
          : `Can't DROP ${what === 'column' ? 'COLUMN' : what === 'foreign' ? 'FOREIGN KEY' : what === 'check' ? 'CONSTRAINT' : 'INDEX'} \`${name}\`; check that it exists`,
      );
    switch (what) {
      case 'column': {
        const column = before.columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
        if (column === undefined) throw cannot();
        sql.push(`${alter} DROP COLUMN ${quoteName(column.name)} CASCADE`);
        const keys = before.keys
          .map((key) => ({ ...key, columns: key.columns.filter((part) => part.name !== column.name) }))
          .filter(({ columns }) => columns.length > 0);
        return { ...before, columns: before.columns.filter((one) => one !== column), keys };
      }
      case 'primary':
      case 'key': {
        const key = before.keys.find((one) => one.name.toLowerCase() === name.toLowerCase());
        if (key === undefined) throw cannot();
        sql.push(`${alter} DROP CONSTRAINT IF EXISTS ${quoteName(`${before.name}.${key.name}`)}`);
        for (const end of ['', '~'])
          sql.push(
            `DROP INDEX IF EXISTS ${quoteName(before.database)}.${quoteName(`${before.name}.${key.name}${end}`)}`,
          );
        if (what === 'primary') sql.push(`${alter} ADD COLUMN "~" bigint GENERATED ALWAYS AS IDENTITY`);
        return { ...before, keys: before.keys.filter((one) => one !== key) };
      }
      case 'foreign':
      case 'check': {
        const known = before.foreign.some((one) => one.name === name) || before.checks.some((one) => one.name === name);
        if (!known) throw cannot();
        sql.push(`${alter} DROP CONSTRAINT IF EXISTS ${quoteName(name)}`);
        return {
          ...before,
          foreign: before.foreign.filter((one) => one.name !== name),
          checks: before.checks.filter((one) => one.name !== name),
        };
      }
    }
  }

  #renamed(before: Table, { what, name, to }: Alteration & { kind: 'rename' }, sql: string[]): Table {
    const alter = `ALTER TABLE ${qualified(before)}`;
    if (what === 'table')
      return this.rename(before, this.place({ database: to.database ?? before.database, name: to.name }), sql);
    const put = (table: Table): Table => {
      this.#catalogue.put(table);
      return table;
    };
    if (what === 'key') {
      const index = (key: string): string => quoteName(`${before.name}.${key}`);
      sql.push(`ALTER INDEX ${quoteName(before.database)}.${index(name)} RENAME TO ${index(to.name)}`);
      return put({ ...before, keys: before.keys.map((key) => (key.name === name ? { ...key, name: to.name } : key)) });
    }
    if (!before.columns.some((column) => column.name === name))
      throw sqlError(1054, `Unknown column '${name}' in '${before.name}'`);
    sql.push(`${alter} RENAME COLUMN ${quoteName(name)} TO ${quoteName(to.name)}`);
    const renamed = <T extends { readonly name: string }>(part: T): T =>
      part.name === name ? { ...part, name: to.name } : part;
    return put({
      ...before,
      columns: before.columns.map(renamed),
      keys: before.keys.map((key) => ({ ...key, columns: key.columns.map(renamed) })),
    });
  }

  /** RENAME TABLE: the indexes are named after the table. */
  rename(before: Table, to: { readonly database: string; readonly name: string }, sql: string[]): Table {
    if (this.#catalogue.find(to.database, to.name) !== undefined)
      throw sqlError(1050, `Table '${to.name}' already exists`);
    this.#catalogue.remove(before);
    const table = { ...before, ...to };
    this.#catalogue.put(table);
    for (const key of before.keys)
      for (const end of ['', '~'])
        sql.push(
          `ALTER INDEX IF EXISTS ${quoteName(before.database)}.${quoteName(`${before.name}.${key.name}${end}`)} RENAME TO ${quoteName(`${to.name}.${key.name}${end}`)}`,
        );
    if (to.name !== before.name) sql.push(`ALTER TABLE ${qualified(before)} RENAME TO ${quoteName(to.name)}`);
    if (to.database !== before.database)
      sql.push(`ALTER TABLE ${quoteName(before.database)}.${quoteName(to.name)} SET SCHEMA ${quoteName(to.database)}`);
    return table;
  }
}

/** What a new column that must not be NULL has in the rows that are there. */
const zeroOf = (type: string): string =>
  /^(varchar|text)/.test(type)
    ? "''"
    : /^(timestamp|date)/.test(type)
      ? "'0001-01-01'"
      : type === 'jsonb'
        ? "'null'"
        : /^time/.test(type)
          ? "'00:00'"
          : '0';
