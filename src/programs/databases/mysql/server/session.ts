import type { StreamSocket } from '../../../../linux/net/types';
import type { Engine } from '../../postgres/engine';
import { rowOf } from '../../postgres/engine';
import type { Table } from '../catalogue';
import { sqlError, translated } from '../errors';
import { SqlError, Reader } from '../sql/reader';
import type { Expression, Statement } from '../sql/ast';
import { parse } from '../sql/statements';
import { QueryParser } from '../sql/queries';
import { fieldType, type Flavour } from '../types';
import { Queries, type Translated } from '../translate/queries';
import { quoteText, type Context, type Value } from '../translate/scope';
import { define, isDefinition, namesIn } from '../translate/schema';
import { value } from '../translate/values';
import { Writes, qualified, type Write } from '../translate/writes';
import type { Cells, Outcome } from '../wire';
import { allowed, sees, type StoredAccount } from './accounts';
import { administer } from './administer';
import { foreignKeyText } from './create-text';
import { explain } from './explain';
import type { Server } from './server';
import { show, type Listing } from './show';
import { ask, type Entry, type Store } from './store';
import { virtual } from './virtual';

const ok = (affected = 0, info = '', warnings = 0, insertId = 0): Outcome => ({
  kind: 'ok',
  affected,
  insertId,
  warnings,
  info,
});

/** One connection: its database, variables and transaction. */
export class Session {
  database: string | undefined;
  readonly settings: Map<string, string>;
  readonly variables = new Map<string, Value>();
  readonly prepared = new Map<string, string>();
  warnings: { readonly level: string; readonly number: number; readonly text: string }[] = [];
  lastInsertId = '0';
  rowCount = -1;
  foundRows = 0;
  /** What it does now, for the process list. */
  command = 'Sleep';
  info: string | undefined;
  since: number;
  killed = false;
  inTransaction = false;
  #pending: Entry[] = [];

  constructor(
    readonly server: Server,
    readonly socket: StreamSocket | undefined,
    readonly id: number,
    readonly account: StoredAccount,
    /** Whom the client said to be. */
    readonly user: string,
    readonly host: string,
  ) {
    this.settings = new Map(server.settings);
    this.since = this.now;
  }

  /** Parses an expression that was kept as text. */
  static expression(flavour: Flavour): (text: string) => Expression {
    return (text) => expressionOf(text, flavour);
  }

  get store(): Store {
    return this.server.store;
  }
  get flavour(): Flavour {
    return this.server.store.flavour;
  }
  get now(): number {
    return this.server.process.clock.now;
  }
  /** SERVER_STATUS_* flags. */
  get status(): number {
    return (this.settings.get('autocommit') === 'ON' ? 2 : 0) | (this.inTransaction ? 1 : 0);
  }

  /** Who the user is now, should its privileges have changed. */
  get #account(): StoredAccount {
    return this.store.accounts.find(this.account) ?? this.account;
  }

  context(): Context {
    const { process } = this.server;
    return {
      flavour: this.flavour,
      catalogue: this.store.catalogue,
      database: this.database,
      now: this.now,
      user: `${this.user}@${this.host}`,
      account: `${this.account.user}@${this.account.host}`,
      connection: this.id,
      lastInsertId: this.lastInsertId,
      rowCount: this.rowCount,
      foundRows: this.foundRows,
      variables: this.variables,
      system: (name) => {
        if (name === 'autocommit' || name === 'foreign_key_checks' || name === 'unique_checks')
          return this.settings.get(name) === 'ON' ? '1' : '0';
        return this.settings.get(name);
      },
      uuid: () => {
        const { random } = process;
        return `${random.hex(8)}-${random.hex(4)}-11f0-${random.hex(4)}-${random.hex(12)}`;
      },
      expression: (text) => expressionOf(text, this.flavour),
      permit: (privilege, database, table) => this.#permit(privilege, database, table),
      virtual: (database, name) => virtual(this, database, name),
      fullGroupBy: (this.settings.get('sql_mode') ?? '').includes('ONLY_FULL_GROUP_BY'),
    };
  }

  #permit(privilege: string, database: string, table: string): void {
    if (allowed(this.#account, privilege, database, table)) return;
    const shown = this.flavour.name === 'mysql' ? `'${table}'` : `\`${database}\`.\`${table}\``;
    throw sqlError(
      1142,
      `${privilege} command denied to user '${this.account.user}'@'${this.host}' for table ${shown}`,
    );
  }

  /** USE, and the database that a client names when it comes. */
  use(name: string): void {
    const known = this.store.catalogue.databases.has(name);
    if (known ? !sees(this.#account, name) : !sees(this.#account, name))
      throw sqlError(
        1044,
        `Access denied for user '${this.account.user}'@'${this.account.host}' to database '${name}'`,
      );
    if (!known) throw sqlError(1049, `Unknown database '${name}'`);
    this.database = name;
  }

  /** Runs one statement. */
  async run(sql: string): Promise<Outcome> {
    this.command = 'Query';
    this.info = sql;
    this.since = this.now;
    this.server.questions++;
    try {
      const statement = parse(sql, this.flavour.product);
      if (!/^show$/.test(statement.kind) || (statement.kind === 'show' && !/WARNINGS|ERRORS/.test(statement.what)))
        this.warnings = [];
      if (statement.kind === 'nothing' && /^\s*;?\s*$/.test(sql)) throw sqlError(1065, 'Query was empty');
      const outcome = await this.execute(statement, sql);
      this.rowCount = outcome.kind === 'ok' ? outcome.affected : -1;
      return outcome;
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      this.rowCount = -1;
      this.warnings = [{ level: 'Error', number: error.number, text: error.message }];
      return { kind: 'error', number: error.number, state: error.state, message: error.message };
    } finally {
      this.command = 'Sleep';
      this.info = undefined;
      this.since = this.now;
    }
  }

  async execute(statement: Statement, sql: string): Promise<Outcome> {
    switch (statement.kind) {
      case 'query':
        return this.#query(new Queries(this.context(), sql).query(statement.query));
      case 'insert':
      case 'update':
      case 'delete':
        return this.#write(statement, sql);
      case 'show':
        return this.#listed(await show(statement, this), statement.where, sql);
      case 'explain':
        return this.#listed(explain(statement.statement, this));
      case 'use':
        this.use(statement.name);
        return ok();
      case 'set':
        return this.#set(statement);
      case 'transaction':
        return this.#transaction(statement);
      case 'savepoint':
      case 'release': {
        const name = `"${statement.name.toLowerCase()}"`;
        if (!this.inTransaction) return ok();
        await this.#engine(statement.kind === 'savepoint' ? `SAVEPOINT ${name}` : `RELEASE SAVEPOINT ${name}`, true);
        return ok();
      }
      case 'prepare': {
        const { literal } = new Queries(this.context(), sql).expressions.value(statement.from, {
          sources: [],
          clause: 'fields',
        });
        this.prepared.set(statement.name.toLowerCase(), literal ?? '');
        return ok(0, 'Statement prepared');
      }
      case 'execute': {
        const text = this.prepared.get(statement.name.toLowerCase());
        if (text === undefined)
          throw sqlError(1243, `Unknown prepared statement handler (${statement.name}) given to EXECUTE`);
        const queries = new Queries(this.context(), sql);
        const cells = statement.using.map((one) => queries.expressions.value(one, { sources: [], clause: 'fields' }));
        const whole = withParameters(
          text,
          cells.map((cell) => (cell.literal !== undefined ? quoteText(cell.literal) : cell.sql)),
        );
        return this.execute(parse(whole, this.flavour.product), whole);
      }
      case 'check':
        return this.#listed({
          columns: ['Table', 'Op', 'Msg_type', 'Msg_text'],
          rows: statement.tables.map(({ database = this.database, name }) => [
            `${database ?? ''}.${name}`,
            statement.what,
            'status',
            'OK',
          ]),
        });
      case 'nothing':
        return ok();
      case 'shutdown':
        if (!allowed(this.#account, 'SHUTDOWN', '*'))
          throw sqlError(
            1227,
            'Access denied; you need (at least one of) the SHUTDOWN privilege(s) for this operation',
          );
        this.server.shutdown(`user ${this.account.user}`);
        return ok();
      case 'kill':
        if (!this.server.kill(statement.id)) throw sqlError(1094, `Unknown thread id: ${statement.id}`);
        return ok();
      case 'create user':
      case 'alter user':
      case 'drop user':
      case 'set password':
      case 'grant':
      case 'revoke':
        if (
          !allowed(this.#account, 'CREATE USER', '*') &&
          statement.kind !== 'set password' &&
          !(statement.kind === 'grant' && this.#account.grants.some(({ option }) => option))
        )
          throw sqlError(
            1227,
            'Access denied; you need (at least one of) the CREATE USER privilege(s) for this operation',
          );
        administer(statement, this.store, this.account);
        this.store.saveAccounts();
        return ok();
      default:
        return this.#define(statement, sql);
    }
  }

  async #define(statement: Statement, sql: string): Promise<Outcome> {
    if (!isDefinition(statement)) return ok();
    const verb = /^\s*(\w+)/.exec(statement.kind)?.[1]?.toUpperCase() ?? '';
    const privilege = { TRUNCATE: 'DROP', RENAME: 'ALTER' }[verb] ?? verb;
    if (statement.kind === 'create database' || statement.kind === 'drop database') {
      if (!allowed(this.#account, privilege, statement.name))
        throw sqlError(
          1044,
          `Access denied for user '${this.account.user}'@'${this.account.host}' to database '${statement.name}'`,
        );
    } else
      for (const { database = this.database ?? '', name } of namesIn(statement))
        if (database !== '') this.#permit(privilege, database, name);
    await this.#commit();
    const { databases } = this.store.catalogue;
    const before = new Map(
      [...databases].map(([name, database]) => [name, { ...database, tables: new Map(database.tables) }]),
    );
    const restore = (): void => {
      databases.clear();
      for (const [name, database] of before) databases.set(name, database);
    };
    let defined;
    try {
      defined = define(statement, sql, this.context());
    } catch (error) {
      restore();
      throw error;
    }
    let affected = defined.affected ?? 0;
    // A schema can wait until something needs the engine.
    if (defined.sql.length > 0) {
      if (this.store.running !== undefined || !/^create database$/.test(statement.kind)) {
        const engine = await this.#turn();
        const at = this.now;
        const { error } = ask(engine, `BEGIN; ${defined.sql.join(';\n')}; COMMIT`, at);
        if (error !== undefined) {
          engine.quietly('rollback', at);
          restore();
          throw this.#translated(error);
        }
        if (defined.info?.startsWith('counted ') === true)
          affected = Number(engine.quietly(`SELECT count(*) FROM ${defined.info.slice(8)}`, at)[0]?.[0] ?? 0);
      }
      if (statement.kind === 'drop database' && this.database === statement.name) this.database = undefined;
    }
    this.store.append({
      at: this.now,
      ddl: sql,
      run: defined.sql,
      ...(this.database === undefined ? {} : { database: this.database }),
    });
    this.store.files();
    if (defined.note !== undefined)
      this.warnings = [{ level: 'Note', number: defined.note.number, text: defined.note.text }];
    const info =
      defined.info?.startsWith('counted ') === true
        ? `Records: ${affected}  Duplicates: 0  Warnings: 0`
        : (defined.info ?? '');
    return ok(affected, info, this.warnings.length);
  }

  #translated(error: ReadonlyMap<string, string>): SqlError {
    return translated(error, this.flavour, (database, table, constraint, parent) => {
      if (!parent) return foreignKeyText(this.store.catalogue, database, table, constraint);
      const holder = [...this.store.catalogue.tables()].find(
        ({ foreign, name, database: at }) =>
          foreign.some((key) => key.name === constraint) && (at !== database || name !== table || foreign.length > 0),
      );
      return foreignKeyText(this.store.catalogue, holder?.database ?? database, holder?.name ?? table, constraint);
    });
  }

  /** Waits until no other session is in a transaction. */
  async #turn(): Promise<Engine> {
    const engine = await this.store.engine();
    const { server } = this;
    const until = this.now + 50_000;
    while (server.holder !== undefined && server.holder !== this) {
      const left = until - this.now;
      if (left <= 0) throw new SqlError(1205, 'HY000', 'Lock wait timeout exceeded; try restarting transaction');
      await server.process.block<void>((wake) => {
        const timer = server.process.clock.setTimer(left, () => wake());
        server.waiting.add(wake);
        return () => {
          server.process.clock.cancel(timer);
          server.waiting.delete(wake);
        };
      });
    }
    return engine;
  }

  /** Runs SQL in this session's transaction, which PostgreSQL must not lose by an error. */
  async #engine(sql: string, lasting: boolean): Promise<readonly (readonly (string | undefined)[])[]> {
    const engine = await this.#turn();
    if (!this.inTransaction && this.settings.get('autocommit') !== 'ON') this.inTransaction = true;
    const at = this.now;
    if (this.inTransaction && this.server.holder !== this) {
      engine.quietly('BEGIN', at);
      this.server.holder = this;
    }
    const guarded = this.inTransaction && !/^(RELEASE )?SAVEPOINT|^ROLLBACK/.test(sql);
    if (guarded) engine.quietly('SAVEPOINT "~"', at);
    const { messages, error } = ask(engine, sql, at);
    if (error !== undefined) {
      if (guarded) engine.quietly('ROLLBACK TO SAVEPOINT "~"; RELEASE SAVEPOINT "~"', at);
      throw this.#translated(error);
    }
    if (guarded) engine.quietly('RELEASE SAVEPOINT "~"', at);
    if (lasting) {
      const entry: Entry = { at, run: [sql] };
      if (this.inTransaction) this.#pending.push(entry);
      else this.store.append(entry);
    }
    return messages.flatMap((message) => (message.type === 'D' ? [rowOf(message)] : []));
  }

  async #query({ sql, names, columns }: Translated): Promise<Outcome> {
    const constants = constantRow(sql, columns);
    const rows = constants ?? (await this.#engine(sql, false));
    this.foundRows = rows.length;
    return {
      kind: 'rows',
      warnings: 0,
      fields: columns.map(({ kind, nullable, scale }, index) => ({
        name: names[index] ?? '',
        type: fieldType(kind, this.flavour),
        nullable,
        scale,
      })),
      rows: rows.map((row): Cells =>
        row.map((cell, index) => (cell === undefined ? undefined : shown(cell, columns[index]))),
      ),
    };
  }

  async #listed({ columns, rows, whole, solid }: Listing, where?: Expression, sql = ''): Promise<Outcome> {
    if (where !== undefined) {
      const context = this.context();
      const queries = new Queries({ ...context, permit: () => undefined, virtual: () => ({ columns, rows }) }, sql);
      const at = { from: 0, to: 0 };
      const made = queries.query({
        with: [],
        recursive: false,
        order: [],
        lock: false,
        parts: [
          {
            select: {
              kind: 'select',
              distinct: false,
              items: [{ expression: { kind: 'star', ...at } }],
              source: { kind: 'table', database: 'information_schema', name: 'shown' },
              where,
              group: [],
              rollup: false,
            },
          },
        ],
      });
      return this.#query(made);
    }
    const numeric = columns.map(
      (name, index) => numbers.has(name) || rows.some((row) => typeof row[index] === 'number' && name !== 'rows'),
    );
    return {
      kind: 'rows',
      warnings: 0,
      fields: columns.map((name, index) => ({
        name,
        type: fieldType(numeric[index] === true ? 'int' : 'text', this.flavour),
        nullable: whole !== true && solid?.includes(name) !== true,
        scale: 0,
      })),
      rows: rows.map((row) => columns.map((_, index) => (row[index] === undefined ? undefined : String(row[index])))),
    };
  }

  async #write(statement: Statement & { kind: 'insert' | 'update' | 'delete' }, sql: string): Promise<Outcome> {
    const writes = new Writes(new Queries(this.context(), sql));
    if (statement.kind === 'insert') {
      const table = writes.table(statement.table);
      this.#permit('INSERT', table.database, table.name);
      return this.#inserted(writes.insert(statement), statement, table);
    }
    if (statement.kind === 'update') {
      for (const { database, name } of tablesIn(statement.source))
        this.#permit('UPDATE', database ?? this.database ?? '', name);
      const [write] = writes.update(statement);
      const [row] = await this.#engine(write?.sql ?? '', true);
      const [matched, changed] = [Number(row?.[0] ?? 0), Number(row?.[1] ?? 0)];
      return ok(changed, `Rows matched: ${matched}  Changed: ${changed}  Warnings: 0`);
    }
    for (const { database, name } of tablesIn(statement.source))
      this.#permit('DELETE', database ?? this.database ?? '', name);
    const [write] = writes.delete(statement);
    const [row] = await this.#engine(write?.sql ?? '', true);
    return ok(Number(row?.[0] ?? 0));
  }

  async #inserted(writes: readonly Write[], statement: Statement & { kind: 'insert' }, table: Table): Promise<Outcome> {
    let affected = 0;
    let deleted = 0;
    let first: string | undefined;
    let rows = statement.rows?.length ?? 0;
    let duplicates = 0;
    const increment = table.columns.find((column) => column.increment);
    let explicit = false;
    for (const write of writes) {
      const answer = await this.#engine(write.sql, true);
      if (write.counts === 'deleted') {
        deleted += Number(answer[0]?.[0] ?? 0);
        continue;
      }
      if (statement.query !== undefined) rows = answer.length;
      for (const [id, fresh, given] of answer) {
        affected += fresh === '1' ? 1 : 2;
        if (fresh !== '1') duplicates++;
        if (given === '1') explicit = true;
        first ??= id;
      }
    }
    affected += deleted;
    if (statement.ignore) duplicates = rows - affected;
    if (increment !== undefined && first !== undefined && first !== '0') {
      if (explicit) {
        const sequence = `pg_get_serial_sequence(${quoteText(qualified(table))}, ${quoteText(increment.name)})`;
        const sync = `SELECT setval(${sequence}, greatest(max("${increment.name}"), 1, coalesce((SELECT last_value FROM pg_sequences WHERE schemaname || '.' || sequencename = replace(${sequence}, '"', '')), 0))) FROM ${qualified(table)}`;
        await this.#engine(sync, true);
      }
      const position =
        statement.columns?.findIndex((name) => name.toLowerCase() === increment.name.toLowerCase()) ??
        table.columns.indexOf(increment);
      const cell = position < 0 ? undefined : statement.rows?.[0]?.[position];
      const generated =
        cell === undefined
          ? position < 0
          : cell.kind === 'null' || cell.kind === 'default' || (cell.kind === 'integer' && cell.value === '0');
      if (generated) this.lastInsertId = first;
    }
    if (statement.ignore && duplicates > 0)
      this.warnings = Array.from({ length: duplicates }, () => ({
        level: 'Warning',
        number: 1062,
        text: 'Duplicate entry',
      }));
    const many = rows > 1 || statement.query !== undefined;
    const info = many
      ? `Records: ${rows}  Duplicates: ${statement.replace ? deleted : duplicates}  Warnings: ${this.warnings.length}`
      : '';
    return ok(affected, info, this.warnings.length, first === undefined || first === '0' ? 0 : Number(first));
  }

  async #set(statement: Statement & { kind: 'set' }): Promise<Outcome> {
    for (const { scope, name, value: expression } of statement.assignments) {
      const bare: Expression =
        expression.kind === 'column' && scope !== 'user'
          ? { kind: 'text', value: expression.name, from: 0, to: 0 }
          : expression;
      if (bare.kind === 'default') {
        this.settings.set(name.toLowerCase(), this.server.settings.get(name.toLowerCase()) ?? '');
        continue;
      }
      const made = new Queries(this.context(), '').expressions.value(bare, { sources: [], clause: 'fields' });
      const simple =
        made.literal ??
        (/^-?\d+(\.\d+)?$/.test(made.sql)
          ? made.sql
          : made.kind === 'bool' && /^(true|false)$/.test(made.sql)
            ? made.sql === 'true'
              ? '1'
              : '0'
            : undefined);
      const text =
        simple ?? (made.kind === 'null' ? undefined : (await this.#engine(`SELECT ${made.sql}`, false))[0]?.[0]);
      if (scope === 'user') {
        const kept =
          text === undefined
            ? value('NULL', 'null')
            : made.kind === 'int' || made.kind === 'decimal' || made.kind === 'bool'
              ? value(text, made.kind === 'bool' ? 'int' : made.kind, true, made.scale)
              : { ...value(quoteText(text), 'text'), literal: text };
        this.variables.set(name, kept);
        continue;
      }
      if (scope === 'names') {
        for (const which of ['client', 'connection', 'results'])
          this.settings.set(`character_set_${which}`, text ?? '');
        continue;
      }
      if (scope === 'do') continue;
      const key = name.toLowerCase();
      if (!this.settings.has(key)) throw sqlError(1193, `Unknown system variable '${name}'`);
      if (/^(version|version_comment|hostname|datadir|basedir|port|socket)$/.test(key))
        throw sqlError(1238, `Variable '${key}' is a read only variable`);
      const old = this.settings.get(key) ?? '';
      const stored = /^(ON|OFF)$/.test(old) ? (/^(1|on|true)$/i.test(text ?? '') ? 'ON' : 'OFF') : (text ?? '');
      if (key === 'autocommit' && stored === 'ON') await this.#commit();
      if (scope === 'global' || scope === 'persist') this.server.settings.set(key, stored);
      if (scope !== 'global') this.settings.set(key, stored);
      if (key === 'foreign_key_checks' && this.store.running !== undefined)
        this.store.running.quietly(
          `SET session_replication_role = ${stored === 'ON' ? 'origin' : 'replica'}`,
          this.now,
        );
    }
    return ok();
  }

  async #transaction({ what, savepoint }: Statement & { kind: 'transaction' }): Promise<Outcome> {
    if (savepoint !== undefined) {
      if (this.server.holder !== this) throw sqlError(1305, `SAVEPOINT ${savepoint} does not exist`);
      await this.#engine(`ROLLBACK TO SAVEPOINT "${savepoint.toLowerCase()}"`, true);
      return ok();
    }
    if (what !== 'rollback') await this.#commit();
    else this.rollback();
    if (what === 'begin') this.inTransaction = true;
    return ok();
  }

  async #commit(): Promise<void> {
    if (this.server.holder === this) {
      this.store.running?.quietly('COMMIT', this.now);
      if (this.#pending.length > 0)
        for (const entry of [{ at: this.now, run: ['BEGIN'] }, ...this.#pending, { at: this.now, run: ['COMMIT'] }])
          this.store.append(entry);
      this.server.release();
    }
    this.#pending = [];
    this.inTransaction = false;
    await Promise.resolve();
  }

  /** ROLLBACK, and the end of a connection. */
  rollback(): void {
    if (this.server.holder === this) {
      this.store.running?.quietly('ROLLBACK', this.now);
      this.server.release();
    }
    this.#pending = [];
    this.inTransaction = false;
  }

  /** How many rows a table has. */
  async count(table: Table): Promise<number> {
    const rows = await this.#engine(`SELECT count(*) FROM ${qualified(table)}`, false);
    return Number(rows[0]?.[0] ?? 0);
  }

  countNow(table: Table): number {
    const rows = this.store.running?.quietly(`SELECT count(*) FROM ${qualified(table)}`, this.now);
    return Number(rows?.[0]?.[0] ?? 0);
  }

  /** The next AUTO_INCREMENT; undefined for a table without. */
  async nextId(table: Table): Promise<number | undefined> {
    const column = table.columns.find(({ increment }) => increment);
    if (column === undefined || table.view !== undefined) return undefined;
    const [row] = await this.#engine(
      `SELECT coalesce(last_value, start_value - 1) + 1 FROM pg_sequences WHERE quote_ident(schemaname) || '.' || quote_ident(sequencename) = pg_get_serial_sequence(${quoteText(qualified(table))}, ${quoteText(column.name)})`,
      false,
    );
    return Number(row?.[0] ?? 1);
  }
}

/** Headings of SHOW whose columns are numbers even where they are NULL. */
const numbers = new Set(['Sub_part', 'Cardinality', 'Auto_increment', 'Max_data_length']);

function tablesIn(
  source: (Statement & { kind: 'update' })['source'],
): readonly { readonly database?: string; readonly name: string }[] {
  if (source.kind === 'join') return [...tablesIn(source.left), ...tablesIn(source.right)];
  return source.kind === 'table' ? [source] : [];
}

/** A row of literals needs no engine: health checks and drivers ask such things all the time. */
function constantRow(sql: string, columns: readonly Value[]): readonly Cells[] | undefined {
  const list = /^SELECT (.*?)(?: LIMIT \d+)?$/s.exec(sql)?.[1];
  if (list === undefined || / FROM /.test(sql)) return undefined;
  const cells: (string | undefined)[] = [];
  let at = 0;
  for (const [index, column] of columns.entries()) {
    const found = /^(?:(-?\d+)| ?'([^'\\]*)'::text|NULL::text) AS c\d+(?:, |$)/.exec(list.slice(at));
    if (found === null || (column.kind !== 'int' && column.kind !== 'text' && column.kind !== 'null')) return undefined;
    cells[index] = found[1] ?? found[2];
    at += found[0].length;
  }
  return at === list.length ? [cells] : undefined;
}

/** A cell as MySQL writes it. */
function shown(cell: string, column: Value | undefined): string {
  switch (column?.kind) {
    case 'double':
    case 'float':
      return cell.replace('e+', 'e');
    case 'datetime':
    case 'time': {
      const [whole = '', fraction = ''] = cell.split('.');
      return column.scale === 0 ? whole : `${whole}.${fraction.padEnd(column.scale, '0').slice(0, column.scale)}`;
    }
    default:
      return cell;
  }
}

/** The text with its question marks filled in. */
function withParameters(sql: string, cells: readonly string[]): string {
  let index = 0;
  let made = '';
  let from = 0;
  for (const token of new Reader(sql, 'MySQL').tokens) {
    if (token.kind !== 'operator' || token.text !== '?') continue;
    made += sql.slice(from, token.from) + (cells[index++] ?? 'NULL');
    from = token.to;
  }
  return made + sql.slice(from);
}

const expressionOf = (text: string, { product }: Flavour): Expression =>
  new QueryParser(new Reader(text, product)).expression();
