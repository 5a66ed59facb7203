import { DateTime, isArray, isDoc, Long, ObjectId, typeOf, type Doc, type Value } from '../bson';
import { compare, equal, isNumber, toNumber } from './compare';
import { CommandError } from './error';

export const truthy = (value: Value): boolean =>
  !(value === false || value === null || value === undefined || (isNumber(value) && toNumber(value) === 0));

const names: Readonly<Record<number, string>> = {
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  6: 'missing',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  16: 'int',
  18: 'long',
  19: 'decimal',
};

/** What a field path gives: arrays on the way are gone through. */
function field(value: Value, path: readonly string[]): Value {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (isDoc(value)) return field(value.get(head), rest);
  if (isArray(value)) return value.flatMap((one) => (isDoc(one) && one.has(head) ? [field(one, path)] : []));
  return undefined;
}

/** An aggregation expression's value for a document. */
export function evaluate(expression: Value, document: Doc, variables: ReadonlyMap<string, Value>): Value {
  const at = (one: Value): Value => evaluate(one, document, variables);
  if (typeof expression === 'string' && expression.startsWith('$')) {
    if (!expression.startsWith('$$')) return field(document, expression.slice(1).split('.'));
    const [name = '', ...path] = expression.slice(2).split('.');
    if (name === 'ROOT' || name === 'CURRENT') return field(document, path);
    if (name === 'REMOVE') return undefined;
    return field(variables.get(name), path);
  }
  if (isArray(expression)) return expression.map((one) => at(one) ?? null);
  if (!isDoc(expression)) return expression;
  const [first] = expression;
  if (first === undefined || !first[0].startsWith('$'))
    return new Map(
      [...expression].map(([key, value]) => [key, at(value)] as const).filter(([, value]) => value !== undefined),
    );
  return operation(first[0], first[1], document, variables);
}

function operation(name: string, operand: Value, document: Doc, variables: ReadonlyMap<string, Value>): Value {
  const at = (one: Value): Value => evaluate(one, document, variables);
  const list = (): readonly Value[] => (isArray(operand) ? operand.map(at) : [at(operand)]);
  const numbers = (): readonly number[] | null => {
    const all = list();
    return all.some((value) => value === null || value === undefined) ? null : all.map(toNumber);
  };
  const option = (key: string): Value => (isDoc(operand) ? at(operand.get(key)) : undefined);
  const date = (): Date | undefined => {
    const value = isDoc(operand) ? option('date') : at(operand);
    return value instanceof DateTime ? new Date(value.ms) : undefined;
  };
  switch (name) {
    case '$literal':
      return operand;
    case '$add': {
      const all = list();
      const when = all.find((value) => value instanceof DateTime);
      const sum = numbers()?.reduce((a, b) => a + b, 0);
      return sum === undefined ? null : when === undefined ? sum : new DateTime(sum);
    }
    case '$subtract': {
      const [a, b] = list();
      if (a === null || a === undefined || b === null || b === undefined) return null;
      const difference = toNumber(a) - toNumber(b);
      return a instanceof DateTime && !(b instanceof DateTime)
        ? new DateTime(difference)
        : a instanceof DateTime
          ? new Long(BigInt(difference))
          : difference;
    }
    case '$multiply':
      return numbers()?.reduce((a, b) => a * b, 1) ?? null;
    case '$divide': {
      const all = numbers();
      if (all?.[1] === 0) throw new CommandError(2, 'BadValue', "can't $divide by zero");
      return all === null ? null : (all[0] ?? 0) / (all[1] ?? 1);
    }
    case '$mod': {
      const all = numbers();
      return all === null ? null : (all[0] ?? 0) % (all[1] ?? 1);
    }
    case '$abs':
    case '$ceil':
    case '$floor':
    case '$sqrt':
    case '$exp':
    case '$ln': {
      const value = numbers()?.[0];
      const functions = {
        $abs: Math.abs,
        $ceil: Math.ceil,
        $floor: Math.floor,
        $sqrt: Math.sqrt,
        $exp: Math.exp,
        $ln: Math.log,
      };
      return value === undefined ? null : functions[name](value);
    }
    case '$pow': {
      const all = numbers();
      return all === null ? null : (all[0] ?? 0) ** (all[1] ?? 1);
    }
    case '$round':
    case '$trunc': {
      const [value, places = 0] = numbers() ?? [];
      if (value === undefined) return null;
      const scale = 10 ** places;
      if (name === '$trunc') return Math.trunc(value * scale) / scale;
      // Halves go to the even neighbour.
      const scaled = value * scale;
      const rounded = Math.abs(scaled % 1) === 0.5 ? 2 * Math.round(scaled / 2) : Math.round(scaled);
      return rounded / scale;
    }
    case '$concat': {
      const all = list();
      return all.some((value) => value === null || value === undefined) ? null : all.map(String).join('');
    }
    case '$toUpper':
      return String(list()[0] ?? '').toUpperCase();
    case '$toLower':
      return String(list()[0] ?? '').toLowerCase();
    case '$trim':
      return String(option('input') ?? '').trim();
    case '$strLenCP':
      return [...String(list()[0] ?? '')].length;
    case '$substr':
    case '$substrCP':
    case '$substrBytes': {
      const [text, from, count] = list();
      const start = toNumber(from ?? 0);
      const length = toNumber(count ?? 0);
      return String(text ?? '').slice(start, length < 0 ? undefined : start + length);
    }
    case '$split': {
      const [text, by] = list();
      return typeof text === 'string' ? text.split(String(by)) : null;
    }
    case '$toString': {
      const [value] = list();
      if (value === null || value === undefined) return null;
      return value instanceof ObjectId
        ? value.hex
        : value instanceof DateTime
          ? new Date(value.ms).toISOString()
          : value instanceof Long
            ? String(value.value)
            : String(value);
    }
    case '$toInt':
    case '$toDouble':
    case '$toLong': {
      const [value] = list();
      if (value === null || value === undefined) return null;
      const number =
        typeof value === 'string' ? Number(value) : typeof value === 'boolean' ? Number(value) : toNumber(value);
      if (Number.isNaN(number))
        throw new CommandError(
          241,
          'ConversionFailure',
          `Failed to parse number '${String(value)}' in $convert with no onError value`,
        );
      return name === '$toDouble'
        ? number
        : name === '$toLong'
          ? new Long(BigInt(Math.trunc(number)))
          : Math.trunc(number);
    }
    case '$toDate': {
      const [value] = list();
      return typeof value === 'string'
        ? new DateTime(Date.parse(value))
        : value === undefined || value === null
          ? null
          : new DateTime(toNumber(value));
    }
    case '$type':
      return names[typeOf(list()[0])] ?? 'object';
    case '$eq':
    case '$ne':
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
    case '$cmp': {
      const [a, b] = list();
      const order = compare(a, b);
      const results = {
        $eq: order === 0,
        $ne: order !== 0,
        $gt: order > 0,
        $gte: order >= 0,
        $lt: order < 0,
        $lte: order <= 0,
        $cmp: Math.sign(order),
      };
      return results[name];
    }
    case '$and':
      return list().every(truthy);
    case '$or':
      return list().some(truthy);
    case '$not':
      return !truthy(list()[0]);
    case '$cond': {
      const [condition, yes, no] = isArray(operand)
        ? operand
        : isDoc(operand)
          ? [operand.get('if'), operand.get('then'), operand.get('else')]
          : [];
      return truthy(at(condition)) ? at(yes) : at(no);
    }
    case '$ifNull':
      return list().find((value, index, all) => (value !== null && value !== undefined) || index === all.length - 1);
    case '$switch': {
      const branches = isDoc(operand) ? operand.get('branches') : undefined;
      for (const branch of isArray(branches) ? branches : [])
        if (isDoc(branch) && truthy(at(branch.get('case')))) return at(branch.get('then'));
      return option('default');
    }
    case '$in': {
      const [value, all] = list();
      return isArray(all) && all.some((one) => equal(one, value));
    }
    case '$size': {
      const [value] = list();
      if (!isArray(value))
        throw new CommandError(
          17124,
          'Location17124',
          `The argument to $size must be an array, but was of type: ${names[typeOf(value)] ?? 'object'}`,
        );
      return value.length;
    }
    case '$arrayElemAt': {
      const [all, index] = list();
      return isArray(all) ? all.at(toNumber(index)) : null;
    }
    case '$first':
    case '$last': {
      const [all] = list();
      return isArray(all) ? all.at(name === '$first' ? 0 : -1) : null;
    }
    case '$slice': {
      const [all, from, count] = list();
      if (!isArray(all)) return null;
      const start = toNumber(from);
      return count === undefined
        ? start < 0
          ? all.slice(start)
          : all.slice(0, start)
        : all.slice(start, start + toNumber(count));
    }
    case '$concatArrays':
      return list().flatMap((one) => (isArray(one) ? one : []));
    case '$isArray':
      return isArray(list()[0]);
    case '$filter':
    case '$map': {
      const input = option('input');
      const as = isDoc(operand) ? String(operand.get('as') ?? 'this') : 'this';
      if (!isArray(input) || !isDoc(operand)) return null;
      const inside = (one: Value, key: string): Value =>
        evaluate(operand.get(key), document, new Map([...variables, [as, one]]));
      return name === '$map'
        ? input.map((one) => inside(one, 'in') ?? null)
        : input.filter((one) => truthy(inside(one, 'cond')));
    }
    case '$reduce': {
      const input = option('input');
      if (!isArray(input) || !isDoc(operand)) return null;
      return input.reduce<Value>(
        (value, one) => evaluate(operand.get('in'), document, new Map([...variables, ['value', value], ['this', one]])),
        option('initialValue'),
      );
    }
    case '$mergeObjects':
      return new Map(list().flatMap((one) => (isDoc(one) ? [...one] : [])));
    case '$year':
      return date()?.getUTCFullYear() ?? null;
    case '$month':
      return (date()?.getUTCMonth() ?? -1) + 1 || null;
    case '$dayOfMonth':
      return date()?.getUTCDate() ?? null;
    case '$dayOfWeek':
      return (date()?.getUTCDay() ?? -1) + 1 || null;
    case '$hour':
      return date()?.getUTCHours() ?? null;
    case '$minute':
      return date()?.getUTCMinutes() ?? null;
    case '$second':
      return date()?.getUTCSeconds() ?? null;
    case '$dateToString': {
      const when = date();
      if (when === undefined) return null;
      const iso = when.toISOString();
      const format = option('format');
      if (typeof format !== 'string') return iso;
      const parts: Readonly<Record<string, string>> = {
        Y: iso.slice(0, 4),
        m: iso.slice(5, 7),
        d: iso.slice(8, 10),
        H: iso.slice(11, 13),
        M: iso.slice(14, 16),
        S: iso.slice(17, 19),
        L: iso.slice(20, 23),
      };
      return format.replace(/%([YmdHMSL%])/g, (_, letter: string) => parts[letter] ?? '%');
    }
    case '$sum':
      return sum(list().flatMap((one) => (isArray(one) ? one : [one])));
    case '$avg': {
      const all = list()
        .flatMap((one) => (isArray(one) ? one : [one]))
        .filter(isNumber);
      return all.length === 0 ? null : sum(all) / all.length;
    }
    case '$min':
    case '$max': {
      const all = list()
        .flatMap((one) => (isArray(one) ? one : [one]))
        .filter((one) => one !== null && one !== undefined);
      return all.length === 0
        ? null
        : all.reduce((best, one) => (compare(one, best) < 0 === (name === '$min') ? one : best));
    }
    default:
      throw new CommandError(168, 'InvalidPipelineOperator', `Unrecognized expression '${name}'`);
  }
}

export const sum = (values: readonly Value[]): number =>
  values.reduce<number>((total, one) => (isNumber(one) ? total + toNumber(one) : total), 0);
