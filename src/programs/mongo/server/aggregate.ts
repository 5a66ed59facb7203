import { doc, isArray, isDoc, type Doc, type Value } from '../bson';
import { compare, equal, isNumber, reached, sorter, toNumber } from './compare';
import { CommandError } from './error';
import { evaluate, sum } from './expressions';
import { matches } from './match';
import { project } from './project';
import { Collection } from './storage';
import { copy } from './update';

/** What stages of a pipeline ask of the database beside their input. */
export interface Source {
  all(name: string): readonly Doc[];
  replace(name: string, documents: readonly Doc[]): void;
  random(): number;
}

const required = (value: Value, stage: string, code: number): Doc => {
  if (!isDoc(value)) throw new CommandError(code, `Location${code}`, `the ${stage} specification must be an object`);
  return value;
};

/** Runs a pipeline over documents. */
export function aggregate(input: readonly Doc[], pipeline: readonly Value[], source: Source): readonly Doc[] {
  let documents = input;
  for (const stage of pipeline) {
    if (!isDoc(stage) || stage.size !== 1)
      throw new CommandError(
        40323,
        'Location40323',
        'A pipeline stage specification object must contain exactly one field.',
      );
    const [entry] = stage;
    if (entry !== undefined) documents = run(entry[0], entry[1], documents, source);
  }
  return documents;
}

function run(name: string, operand: Value, documents: readonly Doc[], source: Source): readonly Doc[] {
  switch (name) {
    case '$match': {
      const query = required(operand, '$match', 15959);
      return documents.filter((document) => matches(document, query));
    }
    case '$sort':
      return [...documents].sort(sorter(required(operand, '$sort', 15973)));
    case '$limit':
      if (toNumber(operand) <= 0) throw new CommandError(15958, 'Location15958', 'the limit must be positive');
      return documents.slice(0, toNumber(operand));
    case '$skip':
      return documents.slice(toNumber(operand));
    case '$project': {
      const fields = required(operand, '$project', 15969);
      return documents.map((document) => project(document, fields));
    }
    case '$addFields':
    case '$set': {
      const fields = required(operand, name, 40272);
      return documents.map((document) => added(document, fields));
    }
    case '$unset': {
      const paths = isArray(operand) ? operand : [operand];
      return documents.map((document) => project(document, new Map(paths.map((path) => [String(path), 0]))));
    }
    case '$count':
      return documents.length === 0 ? [] : [doc({ [String(operand)]: documents.length })];
    case '$unwind':
      return unwind(documents, operand);
    case '$group':
      return group(documents, required(operand, '$group', 15947));
    case '$sortByCount':
      return run(
        '$sort',
        doc({ count: -1 }),
        group(
          documents,
          new Map([
            ['_id', operand],
            ['count', doc({ $sum: 1 })],
          ]),
        ),
        source,
      );
    case '$sample': {
      const rest = [...documents];
      const size = isDoc(operand) ? toNumber(operand.get('size')) : 0;
      return Array.from(
        { length: Math.min(size, rest.length) },
        () => rest.splice(Math.floor(source.random() * rest.length), 1)[0] ?? new Map(),
      );
    }
    case '$replaceRoot':
    case '$replaceWith': {
      const root = name === '$replaceRoot' && isDoc(operand) ? operand.get('newRoot') : operand;
      return documents.map((document) => {
        const made = evaluate(root, document, new Map());
        if (!isDoc(made))
          throw new CommandError(40228, 'Location40228', "'newRoot' expression must evaluate to an object");
        return made;
      });
    }
    case '$lookup': {
      const options = required(operand, '$lookup', 4569);
      const [from, local, foreign, as] = ['from', 'localField', 'foreignField', 'as'].map((key) =>
        String(options.get(key) ?? ''),
      );
      const others = source.all(from ?? '');
      const pipeline = options.get('pipeline');
      return documents.map((document) => {
        const values = reached(document, (local ?? '').split('.')).flatMap((one) => (isArray(one) ? one : [one]));
        const keys = values.length === 0 ? [null] : values;
        const joined =
          local === ''
            ? others
            : others.filter((other) => {
                const theirs = reached(other, (foreign ?? '').split('.')).flatMap((one) =>
                  isArray(one) ? one : [one],
                );
                return (theirs.length === 0 ? [null] : theirs).some((one) => keys.some((key) => equal(key, one)));
              });
        const result = isArray(pipeline) ? aggregate(joined, pipeline, source) : joined;
        return new Map<string, Value>([...document, [as ?? '', result]]);
      });
    }
    case '$facet':
      return [
        new Map(
          [...required(operand, '$facet', 40169)].map(([key, stages]) => [
            key,
            aggregate(documents, isArray(stages) ? stages : [], source),
          ]),
        ),
      ];
    case '$out':
    case '$merge': {
      const into = isDoc(operand) ? operand.get('into') : operand;
      source.replace(String(isDoc(into) ? into.get('coll') : into), documents);
      return [];
    }
    case '$bucket': {
      const options = required(operand, '$bucket', 40201);
      const bounds = options.get('boundaries');
      const output = options.get('output');
      const edges = isArray(bounds) ? bounds : [];
      const slot = (document: Doc): Value => {
        const value = evaluate(options.get('groupBy'), document, new Map());
        const at = edges.findLastIndex((edge) => compare(edge, value) <= 0);
        return at >= 0 && at < edges.length - 1 ? edges[at] : options.get('default');
      };
      const marked = documents.map((document) => new Map<string, Value>([...document, [' bucket', slot(document)]]));
      const fields: Doc = new Map<string, Value>([
        ['_id', '$ bucket'],
        ...(isDoc(output) ? output : doc({ count: doc({ $sum: 1 }) })),
      ]);
      return run('$sort', doc({ _id: 1 }), group(marked, fields), source);
    }
    default:
      throw new CommandError(40324, 'Location40324', `Unrecognized pipeline stage name: '${name}'`);
  }
}

/** $addFields: new values at paths. */
export function added(document: Doc, fields: Doc): Doc {
  const next = copy(document) as Doc;
  for (const [path, expression] of fields) {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    let at = next;
    for (const part of parts) {
      const inside = at.get(part);
      if (isDoc(inside)) at = inside;
      else {
        const made: Doc = new Map();
        at.set(part, made);
        at = made;
      }
    }
    const value = evaluate(expression, document, new Map());
    if (value !== undefined) at.set(last, value);
    else at.delete(last);
  }
  return next;
}

function unwind(documents: readonly Doc[], operand: Value): readonly Doc[] {
  const options: Doc = isDoc(operand) ? operand : new Map([['path', operand]]);
  const path = String(options.get('path'));
  if (!path.startsWith('$'))
    throw new CommandError(
      28818,
      'Location28818',
      `path option to $unwind stage should be prefixed with a '$': ${path}`,
    );
  const keep = options.get('preserveNullAndEmptyArrays') === true;
  const counter = options.get('includeArrayIndex');
  const name = path.slice(1);
  return documents.flatMap((document) => {
    const value = evaluate(path, document, new Map());
    const one = (item: Value, index: Value): Doc => {
      const next = added(document, new Map([[name, doc({ $literal: item })]]));
      if (typeof counter === 'string') next.set(counter, index);
      return next;
    };
    if (isArray(value) && value.length > 0) return value.map((item, index) => one(item, index));
    if (value === undefined || value === null || isArray(value))
      return keep ? [isArray(value) ? project(document, new Map([[name, 0]])) : document] : [];
    return [one(value, null)];
  });
}

function group(documents: readonly Doc[], fields: Doc): readonly Doc[] {
  if (!fields.has('_id')) throw new CommandError(15955, 'Location15955', 'a group specification must include an _id');
  const groups = new Map<string, { id: Value; members: Doc[] }>();
  for (const document of documents) {
    const id = evaluate(fields.get('_id'), document, new Map()) ?? null;
    const key = Collection.keyOf(id);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { id, members: [document] });
    else known.members.push(document);
  }
  return [...groups.values()].map(({ id, members }) => {
    const result: Doc = new Map([['_id', id]]);
    for (const [name, accumulator] of fields) {
      if (name === '_id') continue;
      const [entry] = isDoc(accumulator) ? accumulator : [];
      if (entry === undefined)
        throw new CommandError(40234, 'Location40234', `The field '${name}' must be an accumulator object`);
      result.set(name, accumulated(entry[0], entry[1], members));
    }
    return result;
  });
}

function accumulated(operator: string, expression: Value, members: readonly Doc[]): Value {
  const values = (): readonly Value[] => members.map((document) => evaluate(expression, document, new Map()));
  switch (operator) {
    case '$sum':
      return sum(values());
    case '$count':
      return members.length;
    case '$avg': {
      const all = values().filter(isNumber);
      return all.length === 0 ? null : sum(all) / all.length;
    }
    case '$min':
    case '$max': {
      const all = values().filter((one) => one !== undefined && one !== null);
      return all.length === 0
        ? null
        : all.reduce((best, one) => (compare(one, best) < 0 === (operator === '$min') ? one : best));
    }
    case '$first':
      return values()[0] ?? null;
    case '$last':
      return values().at(-1) ?? null;
    case '$push':
      return values().filter((one) => one !== undefined);
    case '$addToSet':
      return values().filter(
        (one, index, all) => one !== undefined && all.findIndex((other) => equal(other, one)) === index,
      );
    default:
      throw new CommandError(15952, 'Location15952', `unknown group operator '${operator}'`);
  }
}
