import { isArray, isDoc, Pattern, typeOf, type Doc, type Value } from '../bson';
import { compare, equal, isNumber, reached, toNumber } from './compare';
import { evaluate, truthy } from './expressions';
import { CommandError } from './error';

/** Does a document fulfil a query? */
export function matches(document: Doc, query: Doc): boolean {
  for (const [key, wanted] of query) {
    if (!one(document, key, wanted)) return false;
  }
  return true;
}

const clauses = (value: Value, key: string): readonly Doc[] => {
  if (!isArray(value) || value.length === 0)
    throw new CommandError(
      2,
      'BadValue',
      `${key} argument must be a non-empty array`.replace('argument must be a non-empty', 'must be an'),
    );
  return value.filter(isDoc);
};

function one(document: Doc, key: string, wanted: Value): boolean {
  switch (key) {
    case '$and':
      return clauses(wanted, key).every((query) => matches(document, query));
    case '$or':
      return clauses(wanted, key).some((query) => matches(document, query));
    case '$nor':
      return !clauses(wanted, key).some((query) => matches(document, query));
    case '$expr':
      return truthy(evaluate(wanted, document, new Map()));
    case '$comment':
      return true;
    default:
      if (key.startsWith('$'))
        throw new CommandError(
          2,
          'BadValue',
          `unknown top level operator: ${key}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
        );
  }
  const found = reached(document, key.split('.'));
  return fulfilled(found, wanted);
}

const isOperators = (value: Value): value is Doc =>
  isDoc(value) && value.size > 0 && [...value.keys()].every((key) => key.startsWith('$'));

function fulfilled(found: readonly Value[], wanted: Value): boolean {
  if (!isOperators(wanted)) return is(found, wanted);
  for (const [operator, operand] of wanted) {
    if (operator === '$options') continue;
    if (!holds(found, operator, operand, wanted)) return false;
  }
  return true;
}

/** A value, or one inside an array. */
const candidates = (found: readonly Value[]): readonly Value[] =>
  found.flatMap((value) => (isArray(value) ? [value, ...value] : [value]));

function is(found: readonly Value[], wanted: Value): boolean {
  if (wanted instanceof Pattern) {
    const pattern = regexp(wanted);
    return candidates(found).some((value) => typeof value === 'string' && pattern.test(value));
  }
  if (wanted === null)
    return found.length === 0 || candidates(found).some((value) => value === null || value === undefined);
  return candidates(found).some((value) => equal(value, wanted));
}

export const regexp = ({ source, flags }: Pattern): RegExp => {
  try {
    return new RegExp(source, [...flags].filter((flag) => 'ims'.includes(flag)).join(''));
  } catch {
    throw new CommandError(51091, 'Location51091', 'Regular expression is invalid');
  }
};

const types: Readonly<Record<string, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
};

function holds(found: readonly Value[], operator: string, operand: Value, all: Doc): boolean {
  const comparable = (test: (order: number) => boolean): boolean =>
    candidates(found).some((value) => sameKind(value, operand) && test(compare(value, operand)));
  const list = (): readonly Value[] => {
    if (!isArray(operand)) throw new CommandError(2, 'BadValue', `${operator} needs an array`);
    return operand;
  };
  switch (operator) {
    case '$eq':
      return is(found, operand);
    case '$ne':
      return !is(found, operand);
    case '$gt':
      return comparable((order) => order > 0);
    case '$gte':
      return comparable((order) => order >= 0) || (operand === null && is(found, null));
    case '$lt':
      return comparable((order) => order < 0);
    case '$lte':
      return comparable((order) => order <= 0) || (operand === null && is(found, null));
    case '$in':
      return list().some((value) => is(found, value));
    case '$nin':
      return !list().some((value) => is(found, value));
    case '$not':
      return !fulfilled(found, operand);
    case '$exists':
      return found.length > 0 === (operand === true || (isNumber(operand) && toNumber(operand) !== 0));
    case '$regex': {
      const flags = all.get('$options');
      const pattern = operand instanceof Pattern ? operand : new Pattern(String(operand), '');
      return is(found, new Pattern(pattern.source, typeof flags === 'string' ? flags : pattern.flags));
    }
    case '$type': {
      const wanted = (isArray(operand) ? operand : [operand]).flatMap((type) =>
        type === 'number' ? [1, 16, 18, 19] : [typeof type === 'string' ? (types[type] ?? -2) : toNumber(type)],
      );
      return candidates(found).some((value) => wanted.includes(typeOf(value)));
    }
    case '$size':
      return found.some((value) => isArray(value) && value.length === toNumber(operand));
    case '$all':
      return list().every((value) => is(found, value));
    case '$elemMatch':
      return found.some(
        (value) =>
          isArray(value) &&
          value.some((item) =>
            isOperators(operand) ? fulfilled([item], operand) : isDoc(item) && isDoc(operand) && matches(item, operand),
          ),
      );
    case '$mod': {
      const [divisor, rest] = list().map(toNumber);
      return candidates(found).some(
        (value) => isNumber(value) && Math.trunc(toNumber(value)) % (divisor ?? 1) === rest,
      );
    }
    default:
      throw new CommandError(2, 'BadValue', `unknown operator: ${operator}`);
  }
}

/** `$gt` and its like compare within a type only. */
const sameKind = (a: Value, b: Value): boolean => (isNumber(a) ? isNumber(b) : !isNumber(b) && typeOf(a) === typeOf(b));
