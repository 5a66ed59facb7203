import { noSuchTable, sqlError } from '../errors';
import type { Expression, Item, Limit, Order, Query, Select, Source } from '../sql/ast';
import { Expressions, hasAggregate } from './expressions';
import { bind, clustered, quoteName, quoteText, type Bound, type Context, type Scope, type Value } from './scope';
import { as, common, folded, nothing, plain, renamed, truth, value } from './values';

/** A query in PostgreSQL's words. */
export interface Translated {
  readonly sql: string;
  readonly names: readonly string[];
  readonly columns: readonly Value[];
}

interface Common {
  readonly name: string;
  readonly names: readonly string[];
  readonly columns: readonly Value[];
}

interface Out {
  readonly name: string;
  readonly value: Value;
  readonly expression?: Expression;
}

/** Translates SELECT. `sql` is the text that the expressions point into: headings are made of it. */
export class Queries {
  readonly expressions: Expressions;
  #commons: Common[] = [];

  constructor(
    readonly context: Context,
    readonly sql: string,
  ) {
    this.expressions = new Expressions(context, (query, outer) => this.query(query, outer));
  }

  query(query: Query, outer?: Scope): Translated {
    const before = this.#commons;
    let prefix = '';
    for (const { name, columns, query: inner } of query.with) {
      if (query.recursive) {
        const [first] = inner.parts;
        if (first === undefined) continue;
        const seed = this.query({ ...inner, parts: [first], order: [] }, outer);
        const names = columns.length > 0 ? columns : seed.names;
        this.#commons = [
          ...this.#commons,
          { name, names, columns: seed.columns.map((column) => ({ ...column, nullable: true })) },
        ];
      }
      const made = this.query(inner, outer);
      const names = columns.length > 0 ? columns : made.names;
      if (!query.recursive) this.#commons = [...this.#commons, { name, names, columns: made.columns }];
      const list = `${quoteName(name)}(${names.map(quoteName).join(', ')}) AS (${made.sql})`;
      prefix += prefix === '' ? `WITH ${query.recursive ? 'RECURSIVE ' : ''}${list}` : `, ${list}`;
    }
    const made = this.#body(query, outer);
    this.#commons = before;
    return prefix === '' ? made : { ...made, sql: `${prefix} ${made.sql}` };
  }

  #body(query: Query, outer: Scope | undefined): Translated {
    const [first] = query.parts;
    if (first === undefined) throw sqlError(1065, 'Query was empty');
    if (query.parts.length === 1 && 'kind' in first.select) return this.#select(first.select, query, outer);
    const parts = query.parts.map(({ select, union }) => ({
      union,
      made: 'kind' in select ? this.#select(select, undefined, outer) : this.query(select, outer),
    }));
    const head = parts[0]?.made;
    if (head === undefined) throw sqlError(1065, 'Query was empty');
    if (parts.length === 1 && query.order.length === 0 && query.limit === undefined) return head;
    const columns = head.columns.map((_, index) => {
      const all = parts.map(({ made }) => made.columns[index] ?? value('NULL', 'null'));
      return value(
        `c${index}`,
        common(all).kind,
        all.some(({ nullable }) => nullable),
        common(all).scale,
      );
    });
    const widths = new Set(parts.map(({ made }) => made.columns.length));
    if (widths.size > 1) throw sqlError(1222, 'The used SELECT statements have a different number of columns');
    const sql = parts
      .map(({ union, made }) => {
        const names = made.columns.map((_, index) => `c${index}`);
        const list = names.map((name, index) => {
          const kind = columns[index]?.kind ?? 'text';
          const cell = as(renamed(made.columns[index] ?? nothing, name), kind);
          // The parts of a recursion must be of one type.
          return kind === 'int' ? `(${cell})::bigint` : cell;
        });
        return `${union === undefined ? '' : ` ${union} `}(SELECT ${list.map((item, index) => `${item} AS c${index}`).join(', ')} FROM (${made.sql}) q(${names.join(', ')}))`;
      })
      .join('');
    const scope: Scope = {
      clause: 'order',
      sources: [{ alias: '', columns: head.names.map((name, index) => ({ name, value: columns[index] as Value })) }],
      outer,
    };
    const order = query.order.map((one) => this.#orderBy(one, scope));
    if (order.length === 0 && query.limit === undefined) return { sql, names: head.names, columns };
    return {
      sql: `SELECT * FROM (${sql}) u${order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`}${this.limit(query.limit)}`,
      names: head.names,
      columns,
    };
  }

  #select(select: Select, query: Query | undefined, outer: Scope | undefined): Translated {
    const sources: Bound[] = [];
    const from = select.source === undefined ? '' : ` FROM ${this.source(select.source, sources, outer)}`;
    const fields: Scope = { sources, outer, clause: 'fields' };
    const aliases = new Map<string, Expression>();
    for (const { alias, expression } of select.items)
      if (alias !== undefined) aliases.set(alias.toLowerCase(), expression);
    const where =
      select.where === undefined
        ? ''
        : ` WHERE ${this.expressions.condition(select.where, { ...fields, clause: 'where' })}`;
    const group = select.group.map((by) => this.#position(by, select.items));
    const grouped =
      group.length > 0 ||
      [
        ...select.items.map(({ expression }) => expression),
        ...(select.having === undefined ? [] : [select.having]),
      ].some(hasAggregate);
    const keys = group.map((by) => this.expressions.value(by, { ...fields, clause: 'group', aliases }));
    const by = keys.map((key) => (key.kind === 'text' && key.literal === undefined ? folded(key) : plain(key).sql));
    const grouping = grouped ? { by: new Set(by), plain: new Set(keys.map((key) => plain(key).sql)) } : undefined;
    const scope: Scope = { ...fields, grouping };
    const out = select.items.flatMap((item) => this.#items(item, scope));
    // A literal among the keys would be taken as a position.
    const groupBy =
      by.length === 0
        ? ''
        : ` GROUP BY ${select.rollup ? `ROLLUP (${by.join(', ')})` : by.map((key) => `(${key})`).join(', ')}`;
    const having =
      select.having === undefined
        ? ''
        : ` ${grouped ? 'HAVING' : where === '' ? 'WHERE' : 'AND'} ${this.expressions.condition(select.having, { ...scope, clause: 'having', aliases })}`;
    const order = this.#order(select, query, { ...scope, clause: 'order', aliases }, out, by);
    const list = out.map(({ value: one }, index) => `${listed(one)} AS c${index}`).join(', ');
    // MariaDB puts the rows of window functions into a temporary table, whose columns may be NULL.
    const windows = select.items.some(({ expression }) => expression.kind === 'call' && expression.over !== undefined);
    const loose = (expression: Expression | undefined): boolean =>
      windows &&
      this.context.flavour.name === 'mariadb' &&
      !(expression?.kind === 'call' && expression.over !== undefined);
    return {
      sql: `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list}${from}${where}${groupBy}${having}${order}${this.limit(query?.limit)}`,
      names: out.map(({ name }) => name),
      columns: out.map(({ value: one, expression }) => ({
        ...plain(one),
        nullable: one.nullable || loose(expression),
      })),
    };
  }

  /** ORDER BY 2, GROUP BY 1. */
  #position(by: Expression, items: readonly Item[]): Expression {
    if (by.kind !== 'integer') return by;
    const item = items[Number(by.value) - 1];
    if (item === undefined)
      throw sqlError(
        1054,
        `Unknown column '${by.value}' in '${this.context.flavour.name === 'mysql' ? 'order clause' : 'ORDER BY'}'`,
      );
    return item.expression;
  }

  #order(select: Select, query: Query | undefined, scope: Scope, out: readonly Out[], by: readonly string[]): string {
    const given = query?.order ?? [];
    if (given.length === 0) {
      if (query === undefined || select.distinct) return '';
      if (scope.grouping !== undefined)
        return by.length === 0 || select.rollup ? '' : ` ORDER BY ${by.map((key) => `${key} NULLS FIRST`).join(', ')}`;
      const keys = scope.sources.flatMap(clustered);
      return keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`;
    }
    const parts = given.map((order) => {
      if (!select.distinct) return this.#orderBy({ ...order, by: this.#position(order.by, select.items) }, scope);
      // With DISTINCT, only what is selected orders.
      const wanted = this.expressions.value(this.#position(order.by, select.items), scope);
      const index = out.findIndex(({ value: one }) => one.sql === wanted.sql);
      return `${index < 0 ? plain(wanted).sql : String(index + 1)}${direction(order)}`;
    });
    return ` ORDER BY ${parts.join(', ')}`;
  }

  #orderBy(order: Order, scope: Scope): string {
    const made = this.expressions.value(order.by, scope);
    if (made.literal !== undefined || made.kind === 'null') return 'NULL::int';
    const sql = made.kind === 'text' && !made.sql.startsWith('any_value(') ? folded(made) : plain(made).sql;
    return `(${sql})${direction(order)}`;
  }

  limit(limit: Limit | undefined): string {
    if (limit === undefined) return '';
    const scope: Scope = { sources: [], clause: 'fields' };
    const offset = limit.offset === undefined ? '' : ` OFFSET ${this.expressions.value(limit.offset, scope).sql}`;
    return ` LIMIT ${this.expressions.value(limit.count, scope).sql}${offset}`;
  }

  /** `*`, `t.*` or one expression. */
  #items({ expression, alias }: Item, scope: Scope): readonly Out[] {
    if (expression.kind === 'star' || expression.kind === 'all') {
      const table = expression.kind === 'all' ? expression.table : undefined;
      const sources = scope.sources.filter((source) => table === undefined || source.alias === table);
      if (sources.length === 0)
        throw table === undefined ? sqlError(1096, 'No tables used') : sqlError(1051, `Unknown table '${table}'`);
      return sources.flatMap((source) =>
        source.columns
          .filter((column) => column.hidden !== true || table !== undefined)
          .map(({ name }) => ({
            name,
            value: this.expressions.value(
              { kind: 'column', table: source.alias, name, from: 0, to: 0 },
              scope.grouping === undefined ? scope : scope,
            ),
          })),
      );
    }
    const made = this.expressions.value(expression, scope);
    return [{ name: alias ?? this.#heading(expression), value: made, expression }];
  }

  #heading(expression: Expression): string {
    if (expression.kind === 'column') return expression.name;
    if (expression.kind === 'text') return expression.value;
    if (expression.kind === 'truth') return expression.value ? 'TRUE' : 'FALSE';
    if (expression.kind === 'null') return 'NULL';
    return this.sql.slice(expression.from, expression.to);
  }

  /** A FROM clause; what it brings is added to `sources`. */
  source(source: Source, sources: Bound[], outer: Scope | undefined, nullable = false): string {
    if (source.kind === 'table') return this.#table(source, sources, nullable);
    if (source.kind === 'derived') {
      const made = this.query(source.query, outer);
      sources.push(derived(source.alias, made.names, made.columns, nullable));
      return `(${made.sql}) AS ${quoteName(source.alias)}(${unique(made.names).map(quoteName).join(', ')})`;
    }
    const start = sources.length;
    const left = this.source(source.left, sources, outer, nullable || source.type === 'right');
    const middle = sources.length;
    const right = this.source(source.right, sources, outer, nullable || source.type === 'left');
    const scope: Scope = { sources, outer, clause: 'on' };
    const join = { inner: 'JOIN', left: 'LEFT JOIN', right: 'RIGHT JOIN', cross: 'CROSS JOIN' }[source.type];
    let on = source.on === undefined ? undefined : truth(this.expressions.value(source.on, scope));
    if (source.using !== undefined) {
      const lefts = sources.slice(start, middle).flatMap(({ columns }) => columns);
      const rights = sources.slice(middle).flatMap(({ columns }) => columns);
      const names =
        source.using === 'natural'
          ? lefts.map(({ name }) => name).filter((name) => rights.some((one) => one.name === name))
          : source.using;
      on =
        names
          .map((name) => {
            const a = lefts.find((one) => one.name === name);
            const b = rights.find((one) => one.name === name);
            if (a === undefined || b === undefined)
              throw sqlError(
                1054,
                `Unknown column '${name}' in '${this.context.flavour.name === 'mysql' ? 'from clause' : 'FROM'}'`,
              );
            (source.type === 'right' ? a : b).hidden = true;
            return `${a.value.sql} = ${b.value.sql}`;
          })
          .join(' AND ') || 'true';
    }
    if (on === undefined && source.type !== 'cross') on = 'true';
    return `(${left} ${join} ${right}${on === undefined ? '' : ` ON ${on}`})`;
  }

  #table(source: Source & { kind: 'table' }, sources: Bound[], nullable: boolean): string {
    const { context } = this;
    const { name } = source;
    const alias = source.alias ?? name;
    if (sources.some((other) => other.alias.toLowerCase() === alias.toLowerCase()))
      throw sqlError(1066, `Not unique table/alias: '${alias}'`);
    const known =
      source.database === undefined
        ? this.#commons.findLast((one) => one.name.toLowerCase() === name.toLowerCase())
        : undefined;
    if (known !== undefined) {
      sources.push(derived(alias, known.names, known.columns, nullable));
      return `${quoteName(known.name)} AS ${quoteName(alias)}`;
    }
    if (name.toLowerCase() === 'dual' && source.database === undefined) return '(SELECT) AS dual';
    const database = source.database ?? context.database;
    if (database === undefined) throw sqlError(1046, 'No database selected');
    context.permit('SELECT', database, name);
    const table = context.catalogue.find(database, name);
    if (table !== undefined) {
      sources.push(bind(table, alias, context.flavour, nullable));
      return `${quoteName(database)}.${quoteName(name)} AS ${quoteName(alias)}`;
    }
    const virtual = context.virtual(database.toLowerCase(), name.toLowerCase());
    if (virtual === undefined) {
      if (!context.catalogue.databases.has(database)) throw sqlError(1049, `Unknown database '${database}'`);
      throw noSuchTable(database, name);
    }
    const numbers = virtual.columns.map(
      (_, index) =>
        virtual.rows.length > 0 &&
        virtual.rows.every((row) => row[index] === undefined || typeof row[index] === 'number'),
    );
    const kinds = numbers.map((is) => (is ? 'int' : 'text') as 'int');
    const columns = kinds.map((kind) => value('', kind));
    sources.push(derived(alias, virtual.columns, columns, true));
    const rows = virtual.rows.map(
      (row) => `(${virtual.columns.map((_, index) => literal(row[index], numbers[index] === true)).join(', ')})`,
    );
    const list = virtual.columns.map(quoteName).join(', ');
    return rows.length === 0
      ? `(SELECT ${virtual.columns.map(() => 'NULL::text').join(', ')} WHERE false) AS ${quoteName(alias)}(${list})`
      : `(VALUES ${rows.join(', ')}) AS ${quoteName(alias)}(${list})`;
  }
}

const literal = (cell: string | number | undefined, isNumber: boolean): string =>
  cell === undefined
    ? `NULL::${isNumber ? 'bigint' : 'text'}`
    : isNumber
      ? `${cell}::bigint`
      : `${quoteText(String(cell))}::text`;

const direction = ({ descending }: Order): string => (descending ? ' DESC NULLS LAST' : ' ASC NULLS FIRST');

/** A literal in a select list has a type. */
const listed = (one: Value): string => {
  const made = plain(one);
  return made.literal !== undefined || made.kind === 'null' ? `${made.sql}::text` : made.sql;
};

const unique = (names: readonly string[]): readonly string[] =>
  names.map((name, index) => (names.indexOf(name) === index ? name : `${name}~${index}`));

const derived = (alias: string, names: readonly string[], columns: readonly Value[], nullable: boolean): Bound => ({
  alias,
  columns: unique(names).map((name, index) => {
    const column = columns[index] ?? value('NULL', 'null');
    return {
      name: names[index] ?? name,
      value: value(
        `${quoteName(alias)}.${quoteName(name)}`,
        column.kind === 'null' ? 'text' : column.kind,
        nullable || column.nullable,
        column.scale,
      ),
    };
  }),
});
