import { sqlError } from '../errors';
import type { Call, Expression, Order } from '../sql/ast';
import { quoteText, type Value } from './scope';
import { folded, nothing, number, numeric, plain, text, value } from './values';

/** Functions over many rows. */
export const aggregates = new Set(
  'count sum avg min max group_concat std stddev stddev_pop stddev_samp variance var_pop var_samp bit_and bit_or bit_xor json_arrayagg json_objectagg'.split(
    ' ',
  ),
);

type Of = (expression: Expression) => Value;

/** An aggregate or a window function. */
export function aggregate(call: Call, of: Of): Value {
  const made = make(call, of);
  const { over } = call;
  if (over === undefined) return made;
  const partition =
    over.partition.length === 0 ? '' : `PARTITION BY ${over.partition.map((one) => plain(of(one)).sql).join(', ')}`;
  const order = over.order.length === 0 ? '' : ` ORDER BY ${orderText(over.order, of)}`;
  const call_ = /^round\((avg\(.*\)), (\d+)\)$/s.exec(made.sql);
  const window = `OVER (${partition}${order})`;
  if (call_ !== null) return { ...made, sql: `round(${call_[1] ?? ''} ${window}, ${call_[2] ?? '4'})` };
  return { ...made, sql: `${made.sql} ${window}` };
}

const orderText = (order: readonly Order[], of: Of): string =>
  order
    .map(({ by, descending }) => `${plain(of(by)).sql}${descending ? ' DESC NULLS LAST' : ' ASC NULLS FIRST'}`)
    .join(', ');

function make({ name, args, distinct, order, separator }: Call, of: Of): Value {
  const unique = distinct ? 'DISTINCT ' : '';
  const [first] = args;
  if (name === 'count') {
    if (first?.kind === 'star') return value('count(*)', 'int', false);
    const list = args.map((arg) => (of(arg).kind === 'text' ? folded(of(arg)) : plain(of(arg)).sql));
    return value(`count(${unique}${list.length === 1 ? (list[0] ?? '*') : `(${list.join(', ')})`})`, 'int', false);
  }
  const operand = first === undefined ? nothing : of(first);
  const inexact = /^(double|float)$/.test(number(operand).kind);
  switch (name) {
    case 'sum':
      return inexact
        ? value(`sum(${unique}(${number(operand).sql})::double precision)`, 'double')
        : value(`sum(${unique}${numeric(operand)})`, 'decimal', true, operand.scale);
    case 'avg':
      return inexact
        ? value(`avg(${unique}(${number(operand).sql})::double precision)`, 'double')
        : value(`round(avg(${unique}${numeric(operand)}), ${operand.scale + 4})`, 'decimal', true, operand.scale + 4);
    case 'min':
    case 'max':
      return {
        ...plain(operand),
        sql: `${name}(${plain(operand).literal === undefined ? plain(operand).sql : text(operand)})`,
        nullable: true,
      };
    case 'group_concat': {
      const list = args.map((arg) => text(of(arg)));
      const what = list.length === 1 ? (list[0] ?? '') : `(${list.join(' || ')})`;
      const by = order.length > 0 ? ` ORDER BY ${orderText(order, of)}` : '';
      return value(`string_agg(${unique}${what}, ${quoteText(separator ?? ',')}${by})`, 'text');
    }
    case 'std':
    case 'stddev':
    case 'stddev_pop':
      return value(`stddev_pop((${number(operand).sql})::double precision)`, 'double');
    case 'stddev_samp':
      return value(`stddev_samp((${number(operand).sql})::double precision)`, 'double');
    case 'variance':
    case 'var_pop':
      return value(`var_pop((${number(operand).sql})::double precision)`, 'double');
    case 'var_samp':
      return value(`var_samp((${number(operand).sql})::double precision)`, 'double');
    case 'bit_and':
    case 'bit_or':
    case 'bit_xor':
      return value(`coalesce(${name}((${number(operand).sql})::bigint), 0)`, 'int', false);
    case 'json_arrayagg':
      return value(`jsonb_agg(${plain(operand).sql})`, 'json');
    case 'json_objectagg':
      return value(
        `jsonb_object_agg(${args.map((arg, index) => (index === 0 ? text(of(arg)) : plain(of(arg)).sql)).join(', ')})`,
        'json',
      );
    case 'row_number':
    case 'rank':
    case 'dense_rank':
      return value(`${name}()`, 'int', false);
    case 'ntile':
      return value(`ntile((${number(operand).sql})::int)`, 'int');
    case 'lag':
    case 'lead':
    case 'first_value':
    case 'last_value':
      return {
        ...plain(operand),
        sql: `${name}(${args.map((arg, index) => (index === 1 ? `(${plain(of(arg)).sql})::int` : plain(of(arg)).sql)).join(', ')})`,
        nullable: true,
      };
  }
  throw sqlError(1305, `FUNCTION ${name} does not exist`);
}
