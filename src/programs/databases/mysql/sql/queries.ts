import type { Assignment, Expression, Item, Limit, Query, Select, Source, Statement, TableName } from './ast';
import { ExpressionParser } from './expressions';
import type { Reader } from './reader';

/** Parses SELECT and the statements that change rows. */
export class QueryParser {
  readonly expressions: ExpressionParser;

  constructor(readonly reader: Reader) {
    this.expressions = new ExpressionParser(reader, () => this.query());
  }

  expression(): Expression {
    return this.expressions.expression();
  }

  tableName(): TableName {
    const first = this.reader.name();
    if (!this.reader.accept('.')) return { name: first };
    const token = this.reader.next();
    if (token.kind !== 'word' && token.kind !== 'name') this.reader.fail(token);
    return { database: first, name: token.text };
  }

  query(): Query {
    const { reader } = this;
    const withs: { name: string; columns: readonly string[]; query: Query }[] = [];
    let recursive = false;
    if (reader.accept('WITH')) {
      recursive = reader.accept('RECURSIVE');
      withs.push(
        ...reader.list(() => {
          const name = reader.name();
          const columns = reader.is('(') ? reader.enclosed(() => reader.name()) : [];
          reader.expect('AS', '(');
          const query = this.query();
          reader.expect(')');
          return { name, columns, query };
        }),
      );
    }
    const parts: { select: Select | Query; union?: string }[] = [{ select: this.#part() }];
    for (;;) {
      const word = reader.acceptOne('UNION', 'INTERSECT', 'EXCEPT');
      if (word === undefined) break;
      const all = reader.acceptOne('ALL', 'DISTINCT') === 'ALL';
      parts.push({ select: this.#part(), union: all ? `${word} ALL` : word });
    }
    const order = reader.accept('ORDER', 'BY') ? this.expressions.order() : [];
    const limit = this.limit();
    let lock = false;
    if (reader.accept('FOR')) {
      reader.acceptOne('UPDATE', 'SHARE');
      reader.accept('SKIP', 'LOCKED');
      reader.accept('NOWAIT');
      lock = true;
    } else if (reader.accept('LOCK', 'IN', 'SHARE', 'MODE')) lock = true;
    return { with: withs, recursive, parts, order, lock, ...(limit === undefined ? {} : { limit }) };
  }

  #part(): Select | Query {
    const { reader } = this;
    if (reader.accept('(')) {
      const query = this.query();
      reader.expect(')');
      return query;
    }
    return this.#select();
  }

  limit(): Limit | undefined {
    const { reader } = this;
    if (!reader.accept('LIMIT')) return undefined;
    const first = this.expression();
    if (reader.accept(',')) return { offset: first, count: this.expression() };
    if (reader.accept('OFFSET')) return { count: first, offset: this.expression() };
    return { count: first };
  }

  #select(): Select {
    const { reader } = this;
    reader.expect('SELECT');
    let distinct = false;
    for (;;) {
      const word = reader.acceptOne(
        'DISTINCT',
        'DISTINCTROW',
        'ALL',
        'SQL_NO_CACHE',
        'SQL_CALC_FOUND_ROWS',
        'STRAIGHT_JOIN',
      );
      if (word === undefined) break;
      if (word.startsWith('DISTINCT')) distinct = true;
    }
    const items = reader.list(() => this.item());
    const source = reader.accept('FROM') ? this.#from() : undefined;
    const where = reader.accept('WHERE') ? this.expression() : undefined;
    const group = reader.accept('GROUP', 'BY')
      ? reader.list(() => {
          const by = this.expression();
          reader.acceptOne('ASC', 'DESC');
          return by;
        })
      : [];
    const rollup = reader.accept('WITH', 'ROLLUP');
    const having = reader.accept('HAVING') ? this.expression() : undefined;
    return {
      kind: 'select',
      distinct,
      items,
      group,
      rollup,
      ...(source === undefined ? {} : { source }),
      ...(where === undefined ? {} : { where }),
      ...(having === undefined ? {} : { having }),
    };
  }

  item(): Item {
    const { reader } = this;
    const expression = this.expression();
    if (expression.kind === 'star' || expression.kind === 'all') return { expression };
    if (reader.accept('AS')) return { expression, alias: this.#alias() };
    const { token } = reader;
    if (
      token.kind === 'text' ||
      token.kind === 'name' ||
      (token.kind === 'word' && !stops.has(token.text.toUpperCase()))
    )
      return { expression, alias: this.#alias() };
    return { expression };
  }

  #alias(): string {
    const token = this.reader.next();
    if (token.kind !== 'text' && token.kind !== 'name' && token.kind !== 'word') this.reader.fail(token);
    return token.text;
  }

  #from(): Source {
    let left = this.source();
    while (this.reader.accept(',')) left = { kind: 'join', type: 'cross', left, right: this.source() };
    return left;
  }

  source(): Source {
    const { reader } = this;
    let left = this.#table();
    for (;;) {
      const natural = reader.accept('NATURAL');
      const side = reader.acceptOne('LEFT', 'RIGHT', 'INNER', 'CROSS', 'STRAIGHT_JOIN');
      if (side === 'LEFT' || side === 'RIGHT') reader.accept('OUTER');
      if (side !== 'STRAIGHT_JOIN' && !reader.accept('JOIN')) {
        if (side !== undefined || natural) reader.fail();
        return left;
      }
      const right = this.#table();
      const on = reader.accept('ON') ? this.expression() : undefined;
      const using =
        on === undefined && reader.accept('USING')
          ? reader.enclosed(() => reader.name())
          : natural
            ? 'natural'
            : undefined;
      left = {
        kind: 'join',
        type:
          side === 'LEFT'
            ? 'left'
            : side === 'RIGHT'
              ? 'right'
              : on === undefined && using === undefined
                ? 'cross'
                : 'inner',
        left,
        right,
        ...(on === undefined ? {} : { on }),
        ...(using === undefined ? {} : { using }),
      };
    }
  }

  #table(): Source {
    const { reader } = this;
    if (reader.accept('(')) {
      if (reader.isOne('SELECT', 'WITH', '(')) {
        const query = this.query();
        reader.expect(')');
        reader.accept('AS');
        return { kind: 'derived', query, alias: reader.name() };
      }
      const source = this.#from();
      reader.expect(')');
      return source;
    }
    const table = this.tableName();
    const explicit = reader.accept('AS');
    const { token } = reader;
    const alias =
      explicit || token.kind === 'name' || (token.kind === 'word' && !stops.has(token.text.toUpperCase()))
        ? reader.name()
        : undefined;
    if (reader.acceptOne('USE', 'FORCE', 'IGNORE') !== undefined) {
      reader.acceptOne('INDEX', 'KEY');
      reader.enclosed(() => reader.next());
    }
    return { kind: 'table', ...table, ...(alias === undefined ? {} : { alias }) };
  }

  assignments(): Assignment[] {
    return this.reader.list(() => {
      const names = [this.reader.name()];
      while (this.reader.accept('.')) names.push(this.reader.name());
      if (this.reader.acceptOne('=', ':=') === undefined) this.reader.fail();
      const [column = '', table] = names.reverse();
      return { column, value: this.expression(), ...(table === undefined ? {} : { table }) };
    });
  }

  insert(): Statement {
    const { reader } = this;
    const replace = reader.next().text.toUpperCase() === 'REPLACE';
    let ignore = false;
    for (;;) {
      const word = reader.acceptOne('LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY', 'IGNORE');
      if (word === undefined) break;
      if (word === 'IGNORE') ignore = true;
    }
    reader.accept('INTO');
    const table = this.tableName();
    let columns: readonly string[] | undefined;
    if (reader.is('(') && !['SELECT', 'WITH'].some((word) => reader.is('(', word))) {
      reader.next();
      columns = reader.is(')') ? [] : reader.list(() => reader.name());
      reader.expect(')');
      if (columns.length === 0) columns = undefined;
    }
    let rows: readonly (readonly Expression[])[] | undefined;
    let query: Query | undefined;
    if (reader.acceptOne('VALUES', 'VALUE') !== undefined)
      rows = reader.list(() => {
        reader.expect('(');
        const row = reader.is(')') ? [] : reader.list(() => this.expression());
        reader.expect(')');
        return row;
      });
    else if (reader.accept('SET')) {
      const set = this.assignments();
      columns = set.map(({ column }) => column);
      rows = [set.map(({ value }) => value)];
    } else if (reader.isOne('SELECT', 'WITH', '(')) query = this.query();
    else reader.fail();
    const alias = reader.accept('AS') ? reader.name() : undefined;
    const update = reader.accept('ON', 'DUPLICATE', 'KEY', 'UPDATE') ? this.assignments() : [];
    const returning = reader.accept('RETURNING') ? reader.list(() => this.item()) : undefined;
    return {
      kind: 'insert',
      table,
      replace,
      ignore,
      columns,
      update,
      ...(rows === undefined ? {} : { rows }),
      ...(query === undefined ? {} : { query }),
      ...(alias === undefined ? {} : { alias }),
      ...(returning === undefined ? {} : { returning }),
    };
  }

  update(): Statement {
    const { reader } = this;
    reader.expect('UPDATE');
    while (reader.acceptOne('LOW_PRIORITY', 'IGNORE') !== undefined);
    const source = this.#from();
    reader.expect('SET');
    const set = this.assignments();
    return { kind: 'update', source, set, ...this.#tail() };
  }

  delete(): Statement {
    const { reader } = this;
    reader.expect('DELETE');
    while (reader.acceptOne('LOW_PRIORITY', 'QUICK', 'IGNORE') !== undefined);
    if (reader.accept('FROM')) {
      const source = this.#from();
      if (!reader.accept('USING')) return { kind: 'delete', source, targets: [], ...this.#tail() };
      const targets = namesIn(source);
      return { kind: 'delete', source: this.#from(), targets, ...this.#tail() };
    }
    const targets = reader.list(() => {
      const { name } = this.tableName();
      if (reader.accept('.')) reader.expect('*');
      return name;
    });
    reader.expect('FROM');
    return { kind: 'delete', source: this.#from(), targets, ...this.#tail() };
  }

  #tail() {
    const { reader } = this;
    const where = reader.accept('WHERE') ? this.expression() : undefined;
    const order = reader.accept('ORDER', 'BY') ? this.expressions.order() : [];
    const limit = this.limit();
    return { order, ...(where === undefined ? {} : { where }), ...(limit === undefined ? {} : { limit }) };
  }
}

const namesIn = (source: Source): string[] =>
  source.kind === 'join'
    ? [...namesIn(source.left), ...namesIn(source.right)]
    : [source.kind === 'table' ? (source.alias ?? source.name) : source.alias];

/** Words that are no alias where an alias may stand. */
const stops = new Set(
  'FROM WHERE GROUP HAVING ORDER LIMIT UNION INTERSECT EXCEPT ON USING JOIN LEFT RIGHT INNER CROSS NATURAL STRAIGHT_JOIN SET FOR LOCK AS USE FORCE IGNORE INTO PROCEDURE WITH VALUES VALUE AND OR XOR NOT IN IS LIKE BETWEEN REGEXP RLIKE DIV MOD COLLATE ASC DESC SEPARATOR OFFSET SELECT WHEN THEN ELSE END RETURNING'.split(
    ' ',
  ),
);
