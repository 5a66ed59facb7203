import { DateTime, isArray, isDoc, type Doc, type Value } from '../bson';
import { compare, equal, isNumber, sorter, toNumber } from './compare';
import { CommandError } from './error';
import { matches } from './match';

/** A document after an update; the same one if it is a replacement. */
export function updated(document: Doc, update: Doc, now: number, inserting: boolean): Doc {
  const operators = [...update.keys()].filter((key) => key.startsWith('$'));
  if (operators.length === 0) {
    const id = document.get('_id');
    const next = new Map<string, Value>();
    if (id !== undefined) next.set('_id', id);
    for (const [key, value] of update) if (key !== '_id' || id === undefined) next.set(key, value);
    return next;
  }
  const next = copy(document) as Doc;
  for (const [operator, fields] of update) {
    if (!isDoc(fields))
      throw new CommandError(
        9,
        'FailedToParse',
        `Modifiers operate on fields but we found type ${typeof fields} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${JSON.stringify(fields)}}`,
      );
    for (const [path, operand] of fields) apply(next, operator, path, operand, now, inserting);
  }
  const id = document.get('_id');
  if (id !== undefined && !equal(next.get('_id'), id))
    throw new CommandError(
      66,
      'ImmutableField',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  return next;
}

export const copy = (value: Value): Value =>
  isDoc(value) ? new Map([...value].map(([key, one]) => [key, copy(one)])) : isArray(value) ? value.map(copy) : value;

/** The place that a path means: made where it is not there yet, if `make`. */
function place(
  document: Doc,
  path: string,
  make: boolean,
): { get(): Value; set(value: Value): void; remove(): void } | undefined {
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  let at: Doc | Value[] = document;
  for (const part of parts) {
    const inside: Value = at instanceof Map ? at.get(part) : at[Number(part)];
    if (isDoc(inside) || isArray(inside)) {
      at = inside as Doc | Value[];
      continue;
    }
    if (!make) return undefined;
    if (inside !== undefined && inside !== null)
      throw new CommandError(
        28,
        'PathNotViable',
        `Cannot create field '${last}' in element {${part}: ${JSON.stringify(inside)}}`,
      );
    const made: Doc = new Map();
    if (at instanceof Map) at.set(part, made);
    else at[Number(part)] = made;
    at = made;
  }
  const holder = at;
  return holder instanceof Map
    ? {
        get: () => holder.get(last),
        set: (value) => void holder.set(last, value),
        remove: () => void holder.delete(last),
      }
    : {
        get: () => holder[Number(last)],
        set: (value) => void (holder[Number(last)] = value),
        remove: () => void (holder[Number(last)] = null),
      };
}

function apply(document: Doc, operator: string, path: string, operand: Value, now: number, inserting: boolean): void {
  const make = !['$unset', '$pull', '$pullAll', '$pop', '$rename'].includes(operator);
  const target = place(document, path, make);
  if (target === undefined) return;
  const old = target.get();
  const array = (): Value[] => {
    if (old === undefined) return [];
    if (!isArray(old))
      throw new CommandError(
        2,
        'BadValue',
        `The field '${path}' must be an array but is of type ${typeof old === 'number' ? 'int' : typeof old} in document {_id: ${String(JSON.stringify(document.get('_id')))}}`,
      );
    return [...old];
  };
  const number = (): number => {
    if (old === undefined) return operator === '$mul' ? 0 : 0;
    if (!isNumber(old))
      throw new CommandError(
        14,
        'TypeMismatch',
        `Cannot apply ${operator} to a value of non-numeric type. {_id: ${JSON.stringify(document.get('_id'))}} has the field '${path.split('.').at(-1) ?? ''}' of non-numeric type ${typeof old}`,
      );
    return toNumber(old);
  };
  const each = (): readonly Value[] => {
    const list = isDoc(operand) ? operand.get('$each') : undefined;
    return isArray(list) ? list : [operand];
  };
  switch (operator) {
    case '$set':
      target.set(copy(operand));
      return;
    case '$setOnInsert':
      if (inserting) target.set(copy(operand));
      return;
    case '$unset':
      target.remove();
      return;
    case '$inc':
      target.set(number() + toNumber(operand));
      return;
    case '$mul':
      target.set(number() * toNumber(operand));
      return;
    case '$min':
      if (old === undefined || compare(operand, old) < 0) target.set(operand);
      return;
    case '$max':
      if (old === undefined || compare(operand, old) > 0) target.set(operand);
      return;
    case '$currentDate':
      target.set(new DateTime(now));
      return;
    case '$rename':
      if (old === undefined) return;
      target.remove();
      place(document, String(operand), true)?.set(old);
      return;
    case '$push': {
      const list = array();
      const options: Doc = isDoc(operand) && operand.has('$each') ? operand : new Map();
      const position = options.get('$position');
      if (position === undefined) list.push(...each());
      else list.splice(toNumber(position), 0, ...each());
      const sort = options.get('$sort');
      if (isDoc(sort)) list.sort((a, b) => (isDoc(a) && isDoc(b) ? sorter(sort)(a, b) : 0));
      else if (sort !== undefined) list.sort((a, b) => compare(a, b) * toNumber(sort));
      const slice = options.get('$slice');
      target.set(
        slice === undefined ? list : toNumber(slice) < 0 ? list.slice(toNumber(slice)) : list.slice(0, toNumber(slice)),
      );
      return;
    }
    case '$addToSet': {
      const list = array();
      for (const value of each()) if (!list.some((one) => equal(one, value))) list.push(value);
      target.set(list);
      return;
    }
    case '$pop': {
      const list = array();
      if (toNumber(operand) < 0) list.shift();
      else list.pop();
      if (old !== undefined) target.set(list);
      return;
    }
    case '$pullAll':
      if (old !== undefined)
        target.set(array().filter((one) => !(isArray(operand) && operand.some((value) => equal(value, one)))));
      return;
    case '$pull':
      if (old !== undefined) target.set(array().filter((one) => !pulled(one, operand)));
      return;
    default:
      throw new CommandError(
        9,
        'FailedToParse',
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
  }
}

function pulled(value: Value, condition: Value): boolean {
  if (isDoc(condition) && [...condition.keys()].some((key) => key.startsWith('$')))
    return matches(new Map([['value', value]]), new Map([['value', condition]]));
  if (isDoc(condition) && isDoc(value)) return matches(value, condition);
  return equal(value, condition);
}
