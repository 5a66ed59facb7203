import type { Account, Statement, TableName } from './ast';
import { DefinitionParser } from './definitions';
import { QueryParser } from './queries';
import { Reader } from './reader';

/** Parses one statement; `product` is named in the message of a mistake. */
export function parse(sql: string, product: string): Statement {
  const reader = new Reader(sql, product);
  const parser = new StatementParser(reader);
  const statement = parser.statement();
  reader.accept(';');
  if (!reader.ended) reader.fail();
  return statement;
}

class StatementParser {
  readonly queries: QueryParser;
  readonly definitions: DefinitionParser;

  constructor(readonly reader: Reader) {
    this.queries = new QueryParser(reader);
    this.definitions = new DefinitionParser(this.queries);
  }

  statement(): Statement {
    const { reader, queries } = this;
    if (reader.ended || reader.is(';')) return { kind: 'nothing' };
    if (reader.isOne('SELECT', 'WITH', '(')) return { kind: 'query', query: queries.query() };
    const word = reader.token.kind === 'word' ? reader.token.text.toUpperCase() : '';
    switch (word) {
      case 'INSERT':
      case 'REPLACE':
        return queries.insert();
      case 'UPDATE':
        return queries.update();
      case 'DELETE':
        return queries.delete();
    }
    const first = reader.next();
    switch (word) {
      case 'CREATE':
        return this.#create();
      case 'ALTER':
        return this.#alter();
      case 'DROP':
        return this.#drop();
      case 'TRUNCATE':
        reader.accept('TABLE');
        return { kind: 'truncate', table: queries.tableName() };
      case 'RENAME':
        reader.expect('TABLE');
        return {
          kind: 'rename',
          pairs: reader.list(() => {
            const from = queries.tableName();
            reader.expect('TO');
            return [from, queries.tableName()] as const;
          }),
        };
      case 'USE':
        return { kind: 'use', name: reader.name() };
      case 'SHOW':
        return this.#show();
      case 'DESCRIBE':
      case 'DESC':
      case 'EXPLAIN': {
        reader.acceptOne('EXTENDED', 'ANALYZE');
        if (reader.accept('FORMAT', '=')) reader.next();
        if (reader.isOne('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'WITH', 'REPLACE', '('))
          return { kind: 'explain', statement: this.statement() };
        const name = queries.tableName();
        const like = reader.ended || reader.is(';') ? undefined : reader.nameOrText();
        return { kind: 'show', what: 'COLUMNS', full: false, name, ...(like === undefined ? {} : { like }) };
      }
      case 'SET':
        return this.#set();
      case 'BEGIN':
        reader.accept('WORK');
        return { kind: 'transaction', what: 'begin' };
      case 'START':
        reader.expect('TRANSACTION');
        while (reader.token.kind === 'word' || reader.is(',')) reader.next();
        return { kind: 'transaction', what: 'begin' };
      case 'COMMIT':
        reader.accept('WORK');
        return { kind: 'transaction', what: 'commit' };
      case 'ROLLBACK':
        reader.accept('WORK');
        if (!reader.accept('TO')) return { kind: 'transaction', what: 'rollback' };
        reader.accept('SAVEPOINT');
        return { kind: 'transaction', what: 'rollback', savepoint: reader.name() };
      case 'SAVEPOINT':
        return { kind: 'savepoint', name: reader.name() };
      case 'RELEASE':
        reader.expect('SAVEPOINT');
        return { kind: 'release', name: reader.name() };
      case 'GRANT':
      case 'REVOKE':
        return this.#grant(word === 'GRANT' ? 'grant' : 'revoke');
      case 'PREPARE': {
        const name = reader.name();
        reader.expect('FROM');
        return { kind: 'prepare', name, from: queries.expression() };
      }
      case 'EXECUTE': {
        const name = reader.name();
        return { kind: 'execute', name, using: reader.accept('USING') ? reader.list(() => queries.expression()) : [] };
      }
      case 'DEALLOCATE':
        reader.expect('PREPARE');
        reader.name();
        return { kind: 'nothing' };
      case 'KILL':
        reader.acceptOne('CONNECTION', 'QUERY');
        return { kind: 'kill', id: reader.number() };
      case 'SHUTDOWN':
        return { kind: 'shutdown' };
      case 'ANALYZE':
      case 'CHECK':
      case 'OPTIMIZE':
      case 'REPAIR':
        reader.accept('TABLE');
        return { kind: 'check', what: word.toLowerCase(), tables: reader.list(() => queries.tableName()) };
      case 'FLUSH':
      case 'LOCK':
      case 'UNLOCK':
      case 'RESET':
        if (reader.ended) reader.fail();
        while (!reader.ended && !reader.is(';')) reader.next();
        return { kind: 'nothing' };
      case 'DO':
        return {
          kind: 'set',
          assignments: reader.list(() => ({ scope: 'do', name: '', value: queries.expression() })),
        };
    }
    return reader.fail(first);
  }

  #create(): Statement {
    const { reader, queries } = this;
    const replace = reader.accept('OR', 'REPLACE');
    const temporary = reader.accept('TEMPORARY');
    if (reader.accept('TABLE')) return this.definitions.createTable(temporary);
    if (reader.acceptOne('DATABASE', 'SCHEMA') !== undefined) {
      const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
      const name = reader.name();
      return { kind: 'create database', name, ifNotExists, options: this.definitions.options() };
    }
    if (reader.acceptOne('USER', 'ROLE') !== undefined) {
      const conditional = reader.accept('IF', 'NOT', 'EXISTS');
      return { kind: 'create user', accounts: this.#identified(), conditional };
    }
    while (reader.acceptOne('ALGORITHM', 'SQL', 'DEFINER', 'SECURITY') !== undefined) {
      if (reader.accept('=')) {
        reader.next();
        if (reader.token.kind === 'variable') reader.next();
      } else if (reader.acceptOne('INVOKER', 'DEFINER') === undefined && !reader.is('SECURITY')) reader.fail();
    }
    if (reader.accept('VIEW')) {
      reader.accept('IF', 'NOT', 'EXISTS');
      const view = queries.tableName();
      const columns = reader.is('(') ? reader.enclosed(() => reader.name()) : [];
      reader.expect('AS');
      const { from } = reader.token;
      const query = queries.query();
      return { kind: 'create view', view, replace, columns, query, text: reader.sql.slice(from, reader.last) };
    }
    const kind = reader.acceptOne('UNIQUE', 'FULLTEXT', 'SPATIAL');
    reader.expect('INDEX');
    reader.accept('IF', 'NOT', 'EXISTS');
    const name = reader.name();
    if (reader.accept('USING')) reader.name();
    reader.expect('ON');
    const table = queries.tableName();
    const columns = this.definitions.keyColumns();
    this.definitions.keyOptions();
    const key = { kind: (kind?.toLowerCase() ?? 'index') as 'index', name, columns };
    return { kind: 'alter table', table, alterations: [{ kind: 'add', element: { kind: 'key', key } }] };
  }

  #alter(): Statement {
    const { reader } = this;
    if (reader.accept('TABLE'))
      return { kind: 'alter table', table: this.queries.tableName(), alterations: this.definitions.alterations() };
    if (reader.acceptOne('DATABASE', 'SCHEMA') !== undefined) {
      const name = reader.isOne('CHARACTER', 'CHARSET', 'COLLATE', 'DEFAULT') ? '' : reader.name();
      return { kind: 'alter database', name, ifNotExists: false, options: this.definitions.options() };
    }
    reader.expect('USER');
    const conditional = reader.accept('IF', 'EXISTS');
    return { kind: 'alter user', accounts: this.#identified(), conditional };
  }

  #drop(): Statement {
    const { reader, queries } = this;
    reader.accept('TEMPORARY');
    if (reader.acceptOne('DATABASE', 'SCHEMA') !== undefined) {
      const ifExists = reader.accept('IF', 'EXISTS');
      return { kind: 'drop database', name: reader.name(), ifExists };
    }
    if (reader.acceptOne('USER', 'ROLE') !== undefined) {
      const ifExists = reader.accept('IF', 'EXISTS');
      return { kind: 'drop user', accounts: reader.list(() => this.account()), ifExists };
    }
    if (reader.accept('INDEX')) {
      const name = reader.name();
      reader.expect('ON');
      return { kind: 'alter table', table: queries.tableName(), alterations: [{ kind: 'drop', what: 'key', name }] };
    }
    const what = reader.acceptOne('TABLE', 'TABLES', 'VIEW');
    if (what === undefined) reader.fail();
    const ifExists = reader.accept('IF', 'EXISTS');
    const tables = reader.list(() => queries.tableName());
    reader.acceptOne('CASCADE', 'RESTRICT');
    return { kind: 'drop', what: what === 'VIEW' ? 'view' : 'table', tables, ifExists };
  }

  account(): Account {
    const { reader } = this;
    if (reader.accept('CURRENT_USER')) {
      if (reader.accept('(')) reader.expect(')');
      return { user: '', host: '' };
    }
    const user = reader.nameOrText();
    return { user, host: reader.token.kind === 'variable' ? reader.next().text : '%' };
  }

  #identified(): { account: Account; password?: string }[] {
    const { reader } = this;
    const accounts = reader.list(() => {
      const account = this.account();
      if (!reader.accept('IDENTIFIED')) return { account };
      if (reader.acceptOne('WITH', 'VIA') !== undefined) {
        reader.nameOrText();
        if (!reader.accept('BY') && reader.acceptOne('AS', 'USING') === undefined) return { account };
        if (reader.accept('PASSWORD')) return { account, password: reader.enclosed(() => reader.text())[0] ?? '' };
        return { account, password: reader.text() };
      }
      reader.expect('BY');
      reader.accept('PASSWORD');
      return { account, password: reader.text() };
    });
    // REQUIRE, WITH limits, PASSWORD EXPIRE, ACCOUNT LOCK, DEFAULT ROLE: accepted and not enforced.
    if (reader.isOne('REQUIRE', 'WITH', 'PASSWORD', 'ACCOUNT', 'DEFAULT', 'COMMENT'))
      while (!reader.ended && !reader.is(';') && !reader.is('WITH', 'GRANT')) reader.next();
    return accounts;
  }

  #grant(kind: 'grant' | 'revoke'): Statement {
    const { reader } = this;
    const privileges = reader.list(() => {
      const words: string[] = [];
      while (reader.token.kind === 'word' && !reader.isOne('ON', 'TO', 'FROM'))
        words.push(reader.next().text.toUpperCase());
      if (words.length === 0) reader.fail();
      if (reader.is('(')) words.push(`(${reader.enclosed(() => reader.name()).join(', ')})`);
      return words.join(' ').replace(/^ALL PRIVILEGES$/, 'ALL');
    });
    let database = '*';
    let table = '*';
    if (reader.accept('ON')) {
      reader.accept('TABLE');
      const part = (): string => (reader.accept('*') ? '*' : reader.nameOrText());
      database = part();
      if (reader.accept('.')) table = part();
      else if (database !== '*') {
        table = database;
        database = '';
      } else database = '';
      // GRANT PROXY ON ''@'%'
      if (reader.token.kind === 'variable') reader.next();
    }
    reader.expect(kind === 'grant' ? 'TO' : 'FROM');
    const accounts = this.#identified();
    const option = reader.accept('WITH', 'GRANT', 'OPTION');
    return { kind, privileges, database, table, accounts, option };
  }

  #set(): Statement {
    const { reader, queries } = this;
    if (reader.accept('NAMES')) {
      const value = queries.expression();
      if (reader.accept('COLLATE')) reader.nameOrText();
      return { kind: 'set', assignments: [{ scope: 'names', name: 'names', value }] };
    }
    if (reader.accept('CHARACTER', 'SET') || reader.accept('CHARSET')) {
      return { kind: 'set', assignments: [{ scope: 'names', name: 'names', value: queries.expression() }] };
    }
    if (reader.accept('PASSWORD')) {
      const account = reader.accept('FOR') ? this.account() : undefined;
      reader.expect('=');
      const password = reader.accept('PASSWORD') ? (reader.enclosed(() => reader.text())[0] ?? '') : reader.text();
      return { kind: 'set password', password, ...(account === undefined ? {} : { account }) };
    }
    if (reader.is('GLOBAL', 'TRANSACTION') || reader.is('SESSION', 'TRANSACTION') || reader.is('TRANSACTION')) {
      while (!reader.ended && !reader.is(';')) reader.next();
      return { kind: 'nothing' };
    }
    return {
      kind: 'set',
      assignments: reader.list(() => {
        const scope = reader.acceptOne('GLOBAL', 'SESSION', 'LOCAL', 'PERSIST')?.toLowerCase() ?? 'session';
        const { token } = reader;
        reader.next();
        if (token.kind === 'end' || token.kind === 'operator' || token.kind === 'text') reader.fail(token);
        if (reader.acceptOne('=', ':=') === undefined) reader.fail();
        if (reader.isOne('ON', 'BINARY') && reader.peek(1).kind !== 'operator') {
          const { from, to, text } = reader.next();
          return { scope, name: token.text, value: { kind: 'text', value: text, from, to } };
        }
        const value = queries.expression();
        if (token.kind === 'variable') return { scope: 'user', name: token.text, value };
        const dotted = /^(global|session|local|persist)\.(.*)$/i.exec(token.text);
        return { scope: dotted?.[1]?.toLowerCase() ?? scope, name: dotted?.[2] ?? token.text, value };
      }),
    };
  }

  #show(): Statement {
    const { reader, queries } = this;
    const full = reader.accept('FULL');
    reader.acceptOne('EXTENDED');
    reader.acceptOne('GLOBAL', 'SESSION', 'LOCAL');
    let what = reader.next().text.toUpperCase();
    let name: TableName | undefined;
    let account: Account | undefined;
    if (what === 'CREATE') {
      what = `CREATE ${reader.next().text.toUpperCase()}`;
      reader.accept('IF', 'NOT', 'EXISTS');
      if (what === 'CREATE USER') account = this.account();
      else name = queries.tableName();
    } else if (/^(TABLE|MASTER|BINARY|SLAVE|REPLICA|STORAGE|CHARACTER|FUNCTION|PROCEDURE|ENGINE|OPEN)$/.test(what))
      what = `${what} ${reader.next().text.toUpperCase()}`;
    else if (what === 'COUNT') {
      reader.expect('(', '*', ')');
      what = `COUNT ${reader.next().text.toUpperCase()}`;
    } else if (what === 'GRANTS' && reader.accept('FOR')) account = this.account();
    what =
      {
        FIELDS: 'COLUMNS',
        KEYS: 'INDEX',
        INDEXES: 'INDEX',
        SCHEMAS: 'DATABASES',
        'CREATE SCHEMA': 'CREATE DATABASE',
        'CHARACTER SET': 'CHARSET',
      }[what] ?? what;
    let database: string | undefined;
    if ((what === 'COLUMNS' || what === 'INDEX') && reader.acceptOne('FROM', 'IN') !== undefined)
      name = queries.tableName();
    if (reader.acceptOne('FROM', 'IN') !== undefined) database = reader.name();
    const like = reader.accept('LIKE') ? reader.text() : undefined;
    const where = reader.accept('WHERE') ? queries.expression() : undefined;
    if (reader.accept('LIMIT')) reader.next();
    return {
      kind: 'show',
      what,
      full,
      ...(name === undefined ? {} : { name }),
      ...(database === undefined ? {} : { database }),
      ...(like === undefined ? {} : { like }),
      ...(where === undefined ? {} : { where }),
      ...(account === undefined ? {} : { account }),
    };
  }
}
