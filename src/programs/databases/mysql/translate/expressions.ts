import { primaryKey } from '../catalogue';
import { sqlError } from '../errors';
import type { Call, Expression, Query } from '../sql/ast';
import { isTemporal } from '../types';
import { aggregate, aggregates } from './aggregates';
import { functions, modulo, unknownFunction } from './functions';
import { quoteText, resolve, type Context, type Scope, type Value } from './scope';
import * as values from './values';
import { as, common, comparable, nothing, number, numeric, plain, renamed, textLiteral, truth, value } from './values';

/** Translates a query that stands inside an expression. */
export type Subquery = (query: Query, outer: Scope) => { readonly sql: string; readonly columns: readonly Value[] };

/** Translates expressions. */
export class Expressions {
  constructor(
    readonly context: Context,
    readonly subquery: Subquery,
  ) {}

  /** A condition. */
  condition(expression: Expression, scope: Scope): string {
    return truth(this.value(expression, scope));
  }

  value(expression: Expression, scope: Scope): Value {
    const { grouping } = scope;
    if (grouping !== undefined && expression.kind !== 'column') {
      const { grouping: _, ...ungrouped } = scope;
      if (!hasAggregate(expression)) {
        const made = this.#make(expression, ungrouped);
        if (grouping.by.has(plain(made).sql)) return made;
      }
    }
    return this.#make(expression, scope);
  }

  #make(expression: Expression, scope: Scope): Value {
    switch (expression.kind) {
      case 'text':
        return textLiteral(expression.value);
      case 'integer':
        return value(expression.value, BigInt(expression.value) > 9223372036854775807n ? 'decimal' : 'int', false);
      case 'decimal':
        return value(expression.value, 'decimal', false, expression.value.split('.')[1]?.length ?? 0);
      case 'double':
        return value(`${expression.value}::double precision`, 'double', false);
      case 'hex':
        return value(`convert_from('\\x${expression.value}'::bytea, 'UTF8')`, 'blob', false);
      case 'null':
        return nothing;
      case 'truth':
        return value(expression.value ? 'true' : 'false', 'bool', false);
      case 'column':
        return this.#column(expression, scope);
      case 'unary':
        return this.#unary(expression.operator, this.value(expression.operand, scope));
      case 'binary':
        return this.#binary(expression.operator, expression.left, expression.right, scope);
      case 'is': {
        const operand = this.value(expression.operand, scope);
        const not = expression.not ? 'NOT ' : '';
        if (expression.what === 'null') return value(`(${operand.sql}) IS ${not}NULL`, 'bool', false);
        return value(`(${truth(operand)}) IS ${not}${expression.what.toUpperCase()}`, 'bool', false);
      }
      case 'in':
        return this.#in(expression, scope);
      case 'between': {
        const operand = this.value(expression.operand, scope);
        const low = comparable(operand, this.value(expression.low, scope));
        const high = comparable(operand, this.value(expression.high, scope));
        const sql = `(${low[0]} >= ${low[1]} AND ${high[0]} <= ${high[1]})`;
        return value(expression.not ? `NOT ${sql}` : sql, 'bool', operand.nullable);
      }
      case 'like': {
        const [operand, pattern] = [this.value(expression.operand, scope), this.value(expression.pattern, scope)];
        const escape = expression.escape ?? '\\';
        const sql = `${values.text(operand)} ${expression.not ? 'NOT ' : ''}ILIKE ${values.text(pattern)} ESCAPE ${quoteText(escape)}`;
        return value(`(${sql})`, 'bool', operand.nullable || pattern.nullable);
      }
      case 'regexp': {
        const [operand, pattern] = [this.value(expression.operand, scope), this.value(expression.pattern, scope)];
        const sql = `(${values.text(operand)} ${expression.not ? '!~*' : '~*'} ${values.text(pattern)})`;
        return value(sql, 'bool', operand.nullable || pattern.nullable);
      }
      case 'case':
        return this.#case(expression, scope);
      case 'cast':
        return cast(this.value(expression.operand, scope), expression.type, expression.scale);
      case 'call':
        return this.#call(expression, scope);
      case 'exists':
        return value(`EXISTS (${this.subquery(expression.query, scope).sql})`, 'bool', false);
      case 'query': {
        const { sql, columns } = this.subquery(expression.query, scope);
        if (columns.length !== 1) throw sqlError(1241, 'Operand should contain 1 column(s)');
        return { ...(columns[0] ?? nothing), sql: `(${sql})`, nullable: true };
      }
      case 'row':
        return value(`(${expression.items.map((item) => plain(this.value(item, scope)).sql).join(', ')})`, 'text');
      case 'user': {
        if (expression.set !== undefined) {
          const set = this.value(expression.set, scope);
          this.context.variables.set(expression.name, set);
          return set;
        }
        return this.context.variables.get(expression.name) ?? { ...nothing, kind: 'blob' };
      }
      case 'system':
        return this.#system(expression.name);
      case 'default':
        return value('DEFAULT', 'null');
      case 'interval':
      case 'star':
      case 'all':
        throw sqlError(1064, "You have an error in your SQL syntax near '*'");
    }
  }

  #system(name: string): Value {
    const plainName = name.replace(/^(global|session|local)\./i, '').toLowerCase();
    const found = this.context.system(plainName);
    if (found === undefined) throw sqlError(1193, `Unknown system variable '${plainName}'`);
    return /^-?\d+$/.test(found) ? value(found, 'int', false) : textLiteral(found);
  }

  #column(column: Expression & { kind: 'column' }, scope: Scope): Value {
    const { flavour } = this.context;
    const { aliases, grouping } = scope;
    if (column.table === undefined && aliases !== undefined) {
      const alias = aliases.get(column.name.toLowerCase());
      if (alias !== undefined && (scope.clause !== 'group' || !hasColumn(scope, column.name))) {
        const { aliases: _, ...inner } = scope;
        return this.value(alias, inner);
      }
    }
    const { value: found, source, outer } = resolve(column, scope, flavour);
    if (grouping === undefined || outer || grouping.by.has(found.sql)) return found;
    const { by, plain: columns } = grouping;
    const key = source.table === undefined ? undefined : primaryKey(source.table);
    const determined =
      columns.has(found.sql) ||
      (key !== undefined &&
        key.columns.every(({ name }) => columns.has(source.columns.find((one) => one.name === name)?.value.sql ?? '')));
    if (!determined && this.context.fullGroupBy) {
      const shown = `${source.table?.database ?? ''}.${source.alias}.${column.name}`.replace(/^\./, '');
      throw by.size === 0
        ? sqlError(
            1140,
            `In aggregated query without GROUP BY, expression #1 of SELECT list contains nonaggregated column '${shown}'; this is incompatible with sql_mode=only_full_group_by`,
          )
        : sqlError(
            1055,
            `Expression #1 of SELECT list is not in GROUP BY clause and contains nonaggregated column '${shown}' which is not functionally dependent on columns in GROUP BY clause; this is incompatible with sql_mode=only_full_group_by`,
          );
    }
    return { ...found, sql: `any_value(${found.sql})` };
  }

  #unary(operator: string, operand: Value): Value {
    if (operator === '!') return value(`NOT (${truth(operand)})`, 'bool', operand.nullable);
    if (operator === '~') return value(`(~(${numeric(operand)})::bigint)`, 'int', operand.nullable);
    const from = number(operand);
    return operator === '+' ? from : { ...from, sql: `(- ${from.sql})` };
  }

  #binary(operator: string, leftExpression: Expression, rightExpression: Expression, scope: Scope): Value {
    if (rightExpression.kind === 'interval' || leftExpression.kind === 'interval') {
      const [time, interval] =
        rightExpression.kind === 'interval' ? [leftExpression, rightExpression] : [rightExpression, leftExpression];
      return interval.kind === 'interval'
        ? this.shift(this.value(time, scope), interval, operator === '-', scope)
        : nothing;
    }
    const left = this.value(leftExpression, scope);
    const right = this.value(rightExpression, scope);
    const nullable = left.nullable || right.nullable;
    switch (operator) {
      case 'AND':
      case 'OR':
        return value(`(${truth(left)} ${operator} ${truth(right)})`, 'bool', nullable);
      case 'XOR':
        return value(`((${truth(left)}) <> (${truth(right)}))`, 'bool', nullable);
      case '<=>': {
        const [a, b] = comparable(left, right);
        return value(`(${a} IS NOT DISTINCT FROM ${b})`, 'bool', false);
      }
      case '=':
      case '<>':
      case '<':
      case '>':
      case '<=':
      case '>=': {
        const [a, b] = leftExpression.kind === 'row' ? [left.sql, right.sql] : comparable(left, right);
        return value(`(${a} ${operator} ${b})`, 'bool', nullable);
      }
      case '&':
      case '|':
      case '<<':
      case '>>':
      case '^': {
        const shift = operator.length === 2 ? '::int' : '';
        return value(
          `((${values.integer(left)})::bigint ${operator === '^' ? '#' : operator} (${values.integer(right)})::bigint${shift})`,
          'int',
          nullable,
        );
      }
    }
    return arithmetic(operator, number(left), number(right));
  }

  /** A time and an interval. */
  shift(from: Value, interval: Extract<Expression, { kind: 'interval' }>, back: boolean, scope: Scope): Value {
    const { unit } = interval;
    const amount = this.value(interval.amount, scope);
    const parts = unit.split('_');
    const made =
      parts.length > 1
        ? `"~".interval(${values.text(amount)}, ${quoteText(unit)})`
        : `((${number(amount).sql}) * interval '${unit === 'QUARTER' ? '3 month' : `1 ${unit.toLowerCase()}`}')`;
    const days = /^(DAY|WEEK|MONTH|QUARTER|YEAR|YEAR_MONTH)$/.test(unit);
    const isDate =
      from.kind === 'date' || (from.literal !== undefined && /^\d{4}-\d\d?-\d\d?$/.test(from.literal.trim()));
    const sign = back ? '-' : '+';
    if (from.kind === 'time') return value(`(${from.sql} ${sign} ${made})`, 'time');
    const sql = `(${values.datetime(from)} ${sign} ${made})`;
    const kind = isDate && days ? 'date' : 'datetime';
    if (!isTemporal(from.kind)) return value(`(${sql})::${kind === 'date' ? 'date' : 'timestamp(0)'}::text`, 'text');
    return value(kind === 'date' ? `(${sql})::date` : `(${sql})::timestamp(${from.scale})`, kind, true, from.scale);
  }

  #in(expression: Expression & { kind: 'in' }, scope: Scope): Value {
    const operand = this.value(expression.operand, scope);
    const not = expression.not ? 'NOT ' : '';
    const { list } = expression;
    if (!('parts' in list)) {
      const items = list.map((item) => {
        const [a, b] =
          expression.operand.kind === 'row'
            ? [operand.sql, this.value(item, scope).sql]
            : comparable(operand, this.value(item, scope));
        return `${a} = ${b}`;
      });
      return value(`${not}(${items.join(' OR ')})`, 'bool', operand.nullable);
    }
    const { sql, columns } = this.subquery(list, scope);
    const [first = nothing] = columns;
    if (expression.operand.kind === 'row') return value(`${operand.sql} ${not}IN (${sql})`, 'bool');
    if (columns.length !== 1) throw sqlError(1241, 'Operand should contain 1 column(s)');
    const [a, b] = comparable(operand, renamed(first, 'q.c'));
    return value(`${a} ${not}IN (SELECT ${b} FROM (${sql}) q(c))`, 'bool', true);
  }

  #case(expression: Expression & { kind: 'case' }, scope: Scope): Value {
    const operand = expression.operand === undefined ? undefined : this.value(expression.operand, scope);
    const branches = expression.branches.map(({ when, then }) => {
      const made = this.value(when, scope);
      const [a, b] = operand === undefined ? ['', ''] : comparable(operand, made);
      return { when: operand === undefined ? truth(made) : `${a} = ${b}`, then: this.value(then, scope) };
    });
    const otherwise = expression.otherwise === undefined ? nothing : this.value(expression.otherwise, scope);
    const all = [...branches.map(({ then }) => then), otherwise];
    const { kind, scale } = common(all);
    const sql = branches.map(({ when, then }) => `WHEN ${when} THEN ${as(then, kind)}`).join(' ');
    return value(
      `(CASE ${sql} ELSE ${as(otherwise, kind)} END)`,
      kind,
      all.some(({ nullable }) => nullable),
      scale,
    );
  }

  #call(call: Call, scope: Scope): Value {
    const { name, args } = call;
    if (aggregates.has(name) || call.over !== undefined) {
      const { grouping: _, ...inner } = scope;
      if (scope.clause === 'where' || scope.clause === 'on') throw sqlError(1111, 'Invalid use of group function');
      return aggregate(call, (expression) => this.value(expression, call.over === undefined ? inner : scope));
    }
    if (name === 'values' && args[0]?.kind === 'column') {
      const found = resolve({ name: args[0].name }, scope, this.context.flavour).value;
      return { ...found, sql: found.sql.replace(/^"[^"]*"/, 'excluded') };
    }
    if (/^(date_add|date_sub|adddate|subdate)$/.test(name)) {
      const [time, by] = args;
      if (time !== undefined && by?.kind === 'interval')
        return this.shift(this.value(time, scope), by, /sub/.test(name), scope);
    }
    const make = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (make === undefined) throw unknownFunction(name, this.context);
    return make(
      args.map((arg) => this.value(arg, scope)),
      this.context,
    );
  }
}

function arithmetic(operator: string, left: Value, right: Value): Value {
  const nullable = left.nullable || right.nullable;
  const inexact = [left, right].some(({ kind }) => kind === 'double' || kind === 'float');
  const whole = [left, right].every(({ kind }) => kind === 'int' || kind === 'year');
  switch (operator) {
    case '/': {
      if (inexact)
        return value(`((${left.sql})::double precision / nullif((${right.sql})::double precision, 0))`, 'double');
      const scale = left.scale + 4;
      return value(`round(${numeric(left)} / nullif(${numeric(right)}, 0), ${scale})`, 'decimal', true, scale);
    }
    case 'DIV':
      return value(`div(${numeric(left)}, nullif(${numeric(right)}, 0))::bigint`, 'int');
    case '%':
    case 'MOD':
      return modulo(left, right);
  }
  if (inexact)
    return value(`((${left.sql})::double precision ${operator} (${right.sql})::double precision)`, 'double', nullable);
  if (whole) return value(`((${left.sql})::bigint ${operator} (${right.sql})::bigint)`, 'int', nullable);
  const scale = operator === '*' ? left.scale + right.scale : Math.max(left.scale, right.scale);
  return value(`(${numeric(left)} ${operator} ${numeric(right)})`, 'decimal', nullable, scale);
}

function cast(from: Value, type: string, scale = 0): Value {
  const { nullable } = from;
  switch (type) {
    case 'signed':
    case 'unsigned':
    case 'int':
    case 'integer':
      return value(values.integer(from), 'int', nullable);
    case 'decimal':
      return value(`round(${numeric(from)}, ${scale})`, 'decimal', nullable, scale);
    case 'double':
    case 'float':
    case 'real':
      return value(`(${number(from).sql})::double precision`, 'double', nullable);
    case 'date':
      return value(values.date(from), 'date');
    case 'datetime':
    case 'timestamp':
      return value(`(${values.datetime(from)})::timestamp(${scale})`, 'datetime', true, scale);
    case 'time':
      return value(`(${values.text(from)})::time(0)`, 'time');
    case 'json':
      return value(`(${values.text(from)})::jsonb`, 'json');
    case 'binary':
      return value(values.text(from), 'blob', nullable);
  }
  return value(scale > 0 ? `left(${values.text(from)}, ${scale})` : values.text(from), 'text', nullable);
}

const hasColumn = (scope: Scope, name: string): boolean =>
  scope.sources.some(({ columns }) => columns.some((column) => column.name.toLowerCase() === name.toLowerCase()));

/** Does an expression have an aggregate in it (but not inside a subquery)? */
export function hasAggregate(expression: Expression): boolean {
  switch (expression.kind) {
    case 'call':
      return (aggregates.has(expression.name) && expression.over === undefined) || expression.args.some(hasAggregate);
    case 'unary':
    case 'is':
    case 'cast':
      return hasAggregate(expression.operand);
    case 'binary':
      return hasAggregate(expression.left) || hasAggregate(expression.right);
    case 'like':
    case 'regexp':
      return hasAggregate(expression.operand) || hasAggregate(expression.pattern);
    case 'between':
      return [expression.operand, expression.low, expression.high].some(hasAggregate);
    case 'in':
      return (
        hasAggregate(expression.operand) || ('parts' in expression.list ? false : expression.list.some(hasAggregate))
      );
    case 'case':
      return [
        expression.operand,
        expression.otherwise,
        ...expression.branches.flatMap(({ when, then }) => [when, then]),
      ].some((one) => one !== undefined && hasAggregate(one));
    case 'row':
      return expression.items.some(hasAggregate);
    default:
      return false;
  }
}
