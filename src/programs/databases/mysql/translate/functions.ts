import { sqlError } from '../errors';
import {
  datetime,
  date,
  folded,
  integer,
  nothing,
  number,
  numeric,
  text,
  textLiteral,
  value,
  common,
  as,
  truth,
  plain,
  comparable,
} from './values';
import { quoteText, type Context, type Value } from './scope';

type Make = (args: readonly Value[], context: Context) => Value;

const some = (args: readonly Value[]): boolean => args.some(({ nullable }) => nullable);
const at = (args: readonly Value[], index: number): Value => args[index] ?? nothing;
/** A function of texts that gives a text. */
const texts =
  (make: (...args: string[]) => string): Make =>
  (args) =>
    value(make(...args.map(text)), 'text', some(args));
const part =
  (field: string): Make =>
  (args) =>
    value(`extract(${field} from ${datetime(at(args, 0))})::int`, 'int');
const real =
  (make: (x: string) => string): Make =>
  (args) =>
    value(make(`(${number(at(args, 0)).sql})::double precision`), 'double', some(args));
const now = (scale: number): string =>
  scale === 0
    ? `date_trunc('second', statement_timestamp())::timestamp(0)`
    : `statement_timestamp()::timestamp(${scale})`;
const clock: Make = (args) => {
  const scale = Number(args[0]?.sql ?? 0);
  return value(now(scale), 'datetime', false, scale);
};
const today: Make = () => value('current_date', 'date', false);
const thisTime: Make = () => value(`date_trunc('second', statement_timestamp())::time(0)`, 'time', false);
/** Of a time of day, or of a day's time. */
const ofTime =
  (field: string): Make =>
  (args) => {
    const from = at(args, 0);
    const isTime = from.kind === 'time' || (from.literal !== undefined && /^\s*\d{1,2}:\d\d/.test(from.literal));
    return value(`extract(${field} from ${isTime ? `(${text(from)})::time` : datetime(from)})::int`, 'int');
  };
const best =
  (name: string): Make =>
  (args) => {
    const { kind, scale } = common(args);
    // GREATEST of PostgreSQL ignores NULL.
    const list = args.map((one) => as(one, kind));
    const call = `${name}(${list.join(', ')})`;
    const nulls = args.flatMap((one, index) => (one.nullable ? [`(${list[index] ?? ''}) IS NULL`] : []));
    return value(
      nulls.length === 0 ? call : `CASE WHEN ${nulls.join(' OR ')} THEN NULL ELSE ${call} END`,
      kind,
      some(args),
      scale,
    );
  };
const coalesce: Make = (args) => {
  const { kind, scale } = common(args);
  return value(
    `coalesce(${args.map((one) => as(one, kind)).join(', ')})`,
    kind,
    args.every(({ nullable }) => nullable),
    scale,
  );
};
const rounded =
  (how: 'round' | 'trunc'): Make =>
  (args) => {
    const from = number(at(args, 0));
    const digits = args[1] === undefined ? 0 : Number(args[1].sql.replace(/[()]/g, ''));
    const scale = Math.max(0, Number.isFinite(digits) ? digits : 0);
    if (from.kind === 'double' || from.kind === 'float')
      return value(
        `${how}((${from.sql})::numeric, ${args[1] === undefined ? '0' : integer(args[1])}::int)::double precision`,
        'double',
        some(args),
      );
    const kind = from.kind === 'int' || scale === 0 ? (from.kind === 'int' ? 'int' : 'decimal') : 'decimal';
    const sql = `${how}(${numeric(from)}, ${args[1] === undefined ? '0' : `(${integer(args[1])})::int`})`;
    return value(
      kind === 'int' ? `(${sql})::bigint` : sql,
      kind,
      some(args),
      Math.min(scale, from.kind === 'int' ? 0 : scale),
    );
  };
const whole =
  (name: string): Make =>
  (args) =>
    value(`${name}(${numeric(at(args, 0))})::bigint`, 'int', some(args));
const substring: Make = (args) => {
  const [from = nothing, position = nothing, length] = args;
  const sql = text(from);
  return value(
    `"~".sub(${sql}, ${integer(position)}::int, ${length === undefined ? '2147483647' : `${integer(length)}::int`})`,
    'text',
    some(args),
  );
};
const locate = (inner: Value, outer: Value): Value =>
  value(`strpos(${folded(outer)}, ${folded(inner)})`, 'int', some([inner, outer]));

/** Functions that are no aggregates, by name. */
export const functions: Readonly<Record<string, Make>> = {
  // Texts
  concat: texts((...list) => `(${list.join(' || ')})`),
  concat_ws: (args) => value(`concat_ws(${args.map(text).join(', ')})`, 'text', at(args, 0).nullable),
  upper: texts((x) => `upper(${x})`),
  ucase: texts((x) => `upper(${x})`),
  lower: texts((x) => `lower(${x})`),
  lcase: texts((x) => `lower(${x})`),
  ltrim: texts((x) => `ltrim(${x})`),
  rtrim: texts((x) => `rtrim(${x})`),
  trim: (args) => {
    const name = { LEADING: 'ltrim', TRAILING: 'rtrim' }[at(args, 0).literal ?? ''] ?? 'btrim';
    return value(`${name}(${args.slice(1).map(text).join(', ')})`, 'text', some(args));
  },
  reverse: texts((x) => `reverse(${x})`),
  replace: texts((x, from = '', to = '') => `replace(${x}, ${from}, ${to})`),
  repeat: (args) => value(`repeat(${text(at(args, 0))}, (${integer(at(args, 1))})::int)`, 'text'),
  space: (args) => value(`repeat(' ', (${integer(at(args, 0))})::int)`, 'text'),
  left: (args) => value(`left(${text(at(args, 0))}, greatest(0, ${integer(at(args, 1))})::int)`, 'text', some(args)),
  right: (args) => value(`right(${text(at(args, 0))}, greatest(0, ${integer(at(args, 1))})::int)`, 'text', some(args)),
  lpad: (args) => value(`lpad(${text(at(args, 0))}, (${integer(at(args, 1))})::int, ${text(at(args, 2))})`, 'text'),
  rpad: (args) => value(`rpad(${text(at(args, 0))}, (${integer(at(args, 1))})::int, ${text(at(args, 2))})`, 'text'),
  substring,
  substr: substring,
  mid: substring,
  substring_index: (args) =>
    value(
      `"~".substring_index(${text(at(args, 0))}, ${text(at(args, 1))}, (${integer(at(args, 2))})::int)`,
      'text',
      some(args),
    ),
  length: (args) => value(`octet_length(${text(at(args, 0))})`, 'int', some(args)),
  octet_length: (args) => value(`octet_length(${text(at(args, 0))})`, 'int', some(args)),
  char_length: (args) => value(`char_length(${text(at(args, 0))})`, 'int', some(args)),
  character_length: (args) => value(`char_length(${text(at(args, 0))})`, 'int', some(args)),
  locate: (args) => locate(at(args, 0), at(args, 1)),
  position: (args) => locate(at(args, 0), at(args, 1)),
  instr: (args) => locate(at(args, 1), at(args, 0)),
  ascii: (args) => value(`ascii(${text(at(args, 0))})`, 'int', some(args)),
  char: (args) => value(`chr((${integer(at(args, 0))})::int)`, 'text'),
  hex: (args) =>
    value(
      at(args, 0).kind === 'int'
        ? `upper(to_hex((${at(args, 0).sql})::bigint))`
        : `upper(encode(convert_to(${text(at(args, 0))}, 'UTF8'), 'hex'))`,
      'text',
      some(args),
    ),
  unhex: texts((x) => `convert_from(decode(${x}, 'hex'), 'UTF8')`),
  md5: texts((x) => `md5(${x})`),
  sha2: texts((x) => `encode(sha256(convert_to(${x}, 'UTF8')), 'hex')`),
  strcmp: (args) => {
    const [a, b] = comparable(at(args, 0), at(args, 1));
    return value(`CASE WHEN ${a} = ${b} THEN 0 WHEN ${a} < ${b} THEN -1 ELSE 1 END`, 'int', some(args));
  },
  field: (args) => {
    const [wanted = nothing, ...list] = args;
    const branches = list.map((one, index) => {
      const [a, b] = comparable(wanted, one);
      return `WHEN ${a} = ${b} THEN ${index + 1}`;
    });
    return value(`CASE ${branches.join(' ')} ELSE 0 END`, 'int', false);
  },
  elt: (args) => value(`(ARRAY[${args.slice(1).map(text).join(', ')}])[${integer(at(args, 0))}]`, 'text'),
  find_in_set: (args) =>
    value(
      `coalesce(array_position(string_to_array(lower(${text(at(args, 1))}), ','), ${folded(at(args, 0))}::text), 0)`,
      'int',
      some(args),
    ),
  format: (args) =>
    value(
      `to_char(round(${numeric(at(args, 0))}, (${integer(at(args, 1))})::int), 'FM999,999,999,999,990${Number(at(args, 1).sql) > 0 ? `.${'0'.repeat(Number(at(args, 1).sql))}` : ''}')`,
      'text',
      some(args),
    ),
  quote: texts((x) => `quote_literal(${x})`),

  // Numbers
  abs: (args) => ({ ...number(at(args, 0)), sql: `abs(${number(at(args, 0)).sql})` }),
  ceil: whole('ceil'),
  ceiling: whole('ceil'),
  floor: whole('floor'),
  round: rounded('round'),
  truncate: rounded('trunc'),
  sqrt: real((x) => `CASE WHEN ${x} < 0 THEN NULL ELSE sqrt(${x}) END`),
  exp: real((x) => `exp(${x})`),
  ln: real((x) => `CASE WHEN ${x} <= 0 THEN NULL ELSE ln(${x}) END`),
  log10: real((x) => `log(${x})`),
  log2: real((x) => `(ln(${x}) / ln(2))`),
  log: (args) =>
    value(
      args.length > 1
        ? `(ln(${numeric(at(args, 1))}) / ln(${numeric(at(args, 0))}))::double precision`
        : `ln((${number(at(args, 0)).sql})::double precision)`,
      'double',
    ),
  sin: real((x) => `sin(${x})`),
  cos: real((x) => `cos(${x})`),
  tan: real((x) => `tan(${x})`),
  atan: real((x) => `atan(${x})`),
  radians: real((x) => `radians(${x})`),
  degrees: real((x) => `degrees(${x})`),
  pi: () => value('3.141593::numeric', 'decimal', false, 6),
  sign: (args) => value(`sign(${numeric(at(args, 0))})::int`, 'int', some(args)),
  pow: (args) =>
    value(
      `power((${number(at(args, 0)).sql})::double precision, (${number(at(args, 1)).sql})::double precision)`,
      'double',
      some(args),
    ),
  power: (args) =>
    value(
      `power((${number(at(args, 0)).sql})::double precision, (${number(at(args, 1)).sql})::double precision)`,
      'double',
      some(args),
    ),
  mod: (args) => modulo(at(args, 0), at(args, 1)),
  rand: () => value('random()', 'double', false),
  greatest: best('greatest'),
  least: best('least'),
  bin: (args) => value(`ltrim((${integer(at(args, 0))})::bit(64)::text, '0')`, 'text', some(args)),

  // Choice
  if: (args) => {
    const { kind, scale } = common(args.slice(1));
    return value(
      `CASE WHEN ${truth(at(args, 0))} THEN ${as(at(args, 1), kind)} ELSE ${as(at(args, 2), kind)} END`,
      kind,
      some(args.slice(1)),
      scale,
    );
  },
  ifnull: coalesce,
  nvl: coalesce,
  coalesce,
  nullif: (args) => {
    const [a, b] = comparable(at(args, 0), at(args, 1));
    const first = plain(at(args, 0));
    return { ...first, sql: `CASE WHEN ${a} = ${b} THEN NULL ELSE ${first.sql} END`, nullable: true };
  },
  isnull: (args) => value(`(${at(args, 0).sql}) IS NULL`, 'bool', false),

  // Times
  now: clock,
  current_timestamp: clock,
  localtime: clock,
  localtimestamp: clock,
  sysdate: clock,
  utc_timestamp: clock,
  curdate: today,
  current_date: today,
  utc_date: today,
  curtime: thisTime,
  current_time: thisTime,
  utc_time: thisTime,
  date: (args) => value(date(at(args, 0)), 'date'),
  timestamp: (args) => value(datetime(at(args, 0)), 'datetime'),
  time: (args) => value(at(args, 0).kind === 'time' ? at(args, 0).sql : `(${datetime(at(args, 0))})::time(0)`, 'time'),
  year: (args) => value(`extract(year from ${datetime(at(args, 0))})::int`, 'year'),
  quarter: part('quarter'),
  month: part('month'),
  day: part('day'),
  dayofmonth: part('day'),
  hour: ofTime('hour'),
  minute: ofTime('minute'),
  second: ofTime('second'),
  week: (args) => value(`"~".date_format(${datetime(at(args, 0))}, '%U')::int`, 'int'),
  weekofyear: part('week'),
  dayofyear: part('doy'),
  dayofweek: (args) => value(`(extract(dow from ${datetime(at(args, 0))})::int + 1)`, 'int'),
  weekday: (args) => value(`(extract(isodow from ${datetime(at(args, 0))})::int - 1)`, 'int'),
  dayname: (args) => value(`to_char(${datetime(at(args, 0))}, 'FMDay')`, 'text'),
  monthname: (args) => value(`to_char(${datetime(at(args, 0))}, 'FMMonth')`, 'text'),
  last_day: (args) =>
    value(`(date_trunc('month', ${datetime(at(args, 0))}) + interval '1 month - 1 day')::date`, 'date'),
  extract: (args) => part((at(args, 0).literal ?? 'day').toLowerCase())(args.slice(1), undefined as never),
  datediff: (args) => value(`(${date(at(args, 0))} - ${date(at(args, 1))})`, 'int'),
  timestampdiff: (args) => {
    const unit = at(args, 0).literal ?? 'SECOND';
    const [a, b] = [datetime(at(args, 1)), datetime(at(args, 2))];
    const months = `(extract(year from age(${b}, ${a})) * 12 + extract(month from age(${b}, ${a})))`;
    const per = { MONTH: 1, QUARTER: 3, YEAR: 12 }[unit];
    if (per !== undefined) return value(`trunc(${months} / ${per})::bigint`, 'int');
    const seconds = { MICROSECOND: 0.000001, SECOND: 1, MINUTE: 60, HOUR: 3600, DAY: 86400, WEEK: 604800 }[unit] ?? 1;
    return value(`trunc(extract(epoch from (${b} - ${a})) / ${seconds})::bigint`, 'int');
  },
  timediff: (args) => value(`(${datetime(at(args, 0))} - ${datetime(at(args, 1))})`, 'time'),
  unix_timestamp: (args) =>
    value(
      args.length === 0
        ? 'floor(extract(epoch from statement_timestamp()))::bigint'
        : `floor(extract(epoch from ${datetime(at(args, 0))}))::bigint`,
      'int',
      some(args),
    ),
  from_unixtime: (args) => {
    const made = value(
      `(to_timestamp((${number(at(args, 0)).sql})::double precision) at time zone 'UTC')::timestamp(0)`,
      'datetime',
    );
    return args[1] === undefined ? made : value(`"~".date_format(${made.sql}, ${text(args[1])})`, 'text');
  },
  date_format: (args) => value(`"~".date_format(${datetime(at(args, 0))}, ${text(at(args, 1))})`, 'text'),
  time_format: (args) => value(`"~".date_format(${datetime(at(args, 0))}, ${text(at(args, 1))})`, 'text'),
  str_to_date: (args) => value(`"~".dt(${text(at(args, 0))})`, 'datetime'),
  makedate: (args) =>
    value(`(make_date((${integer(at(args, 0))})::int, 1, 1) + (${integer(at(args, 1))})::int - 1)`, 'date'),
  to_days: (args) => value(`(${date(at(args, 0))} - date '0001-01-01' + 366)`, 'int'),
  sec_to_time: (args) =>
    value(`(time '00:00:00' + make_interval(secs => (${number(at(args, 0)).sql})::double precision))`, 'time'),

  // JSON
  json_extract: (args) =>
    value(`jsonb_path_query_first((${text(at(args, 0))})::jsonb, ${quoteText(at(args, 1).literal ?? '$')})`, 'json'),
  json_value: (args) =>
    value(
      `jsonb_path_query_first((${text(at(args, 0))})::jsonb, ${quoteText(at(args, 1).literal ?? '$')}) #>> '{}'`,
      'text',
    ),
  json_unquote: (args) =>
    value(at(args, 0).kind === 'json' ? `(${at(args, 0).sql}) #>> '{}'` : `btrim(${text(at(args, 0))}, '"')`, 'text'),
  json_object: (args) =>
    value(
      `jsonb_build_object(${args.map((one, index) => (index % 2 === 0 ? text(one) : json(one))).join(', ')})`,
      'json',
      false,
    ),
  json_array: (args) => value(`jsonb_build_array(${args.map(json).join(', ')})`, 'json', false),
  json_valid: (args) => value(`"~".json_valid(${text(at(args, 0))})`, 'bool', some(args)),
  json_length: (args) => value(`"~".json_length((${text(at(args, 0))})::jsonb)`, 'int'),
  json_keys: (args) => value(`(SELECT jsonb_agg(k) FROM jsonb_object_keys((${text(at(args, 0))})::jsonb) k)`, 'json'),
  json_contains: (args) => value(`(${text(at(args, 0))})::jsonb @> (${text(at(args, 1))})::jsonb`, 'bool', some(args)),
  json_set: (args) =>
    value(
      `jsonb_set((${text(at(args, 0))})::jsonb, '{${(at(args, 1).literal ?? '$').replace(/^\$\.?/, '').replaceAll('.', ',')}}', to_jsonb(${plain(at(args, 2)).literal === undefined ? plain(at(args, 2)).sql : text(at(args, 2))}))`,
      'json',
    ),

  // About the server and the session
  version: (_, { flavour }) => textLiteral(flavour.version),
  database: (_, { database }) =>
    database === undefined ? { ...nothing, kind: 'text' } : { ...textLiteral(database), nullable: true },
  schema: (_, { database }) =>
    database === undefined ? { ...nothing, kind: 'text' } : { ...textLiteral(database), nullable: true },
  user: (_, { user }) => textLiteral(user),
  session_user: (_, { user }) => textLiteral(user),
  system_user: (_, { user }) => textLiteral(user),
  current_user: (_, { account }) => textLiteral(account),
  connection_id: (_, { connection }) => value(String(connection), 'int', false),
  last_insert_id: (args, { lastInsertId }) =>
    args[0] === undefined ? value(lastInsertId, 'int', false) : number(args[0]),
  row_count: (_, { rowCount }) => value(String(rowCount), 'int', false),
  found_rows: (_, { foundRows }) => value(String(foundRows), 'int', false),
  uuid: (_, context) => textLiteral(context.uuid()),
  sleep: () => value('0', 'int', false),
  charset: () => textLiteral('utf8mb4'),
  collation: (_, { flavour }) => textLiteral(flavour.collation),
  get_lock: () => value('1', 'int'),
  release_lock: () => value('1', 'int'),
  any_value: (args) => at(args, 0),
  benchmark: () => value('0', 'int', false),
};

const json = (from: Value): string => (from.kind === 'text' ? `${text(from)}` : plain(from).sql);

/** a % b: of zero NULL. */
export function modulo(left: Value, right: Value): Value {
  const [a, b] = [number(left), number(right)];
  const scale = Math.max(a.scale, b.scale);
  const whole = a.kind === 'int' && b.kind === 'int';
  const sql = `mod(${numeric(a)}, nullif(${numeric(b)}, 0))`;
  if (a.kind === 'double' || b.kind === 'double') return value(`(${sql})::double precision`, 'double');
  return value(whole ? `(${sql})::bigint` : sql, whole ? 'int' : 'decimal', true, scale);
}

/** The error for a name that nobody knows. */
export const unknownFunction = (name: string, { database }: Context): Error =>
  sqlError(1305, `FUNCTION ${database === undefined ? '' : `${database}.`}${name} does not exist`);
