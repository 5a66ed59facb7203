import {
  Binary,
  DateTime,
  Decimal,
  isArray,
  isDoc,
  Key,
  Long,
  ObjectId,
  Pattern,
  Timestamp,
  type Doc,
  type Value,
} from '../bson';

/** The order of types when values of several are compared (BSON comparison order). */
function rank(value: Value): number {
  if (value instanceof Key) return value.kind === 'min' ? 0 : 100;
  if (value === undefined) return 1;
  if (value === null) return 2;
  if (isNumber(value)) return 3;
  if (typeof value === 'string') return 4;
  if (isDoc(value)) return 5;
  if (isArray(value)) return 6;
  if (value instanceof Binary) return 7;
  if (value instanceof ObjectId) return 8;
  if (typeof value === 'boolean') return 9;
  if (value instanceof DateTime) return 10;
  if (value instanceof Timestamp) return 11;
  return value instanceof Pattern ? 12 : 13;
}

export const isNumber = (value: Value): value is number | Long | Decimal =>
  typeof value === 'number' || value instanceof Long || value instanceof Decimal;

/** A number of any kind as JavaScript's. */
export const toNumber = (value: Value): number =>
  typeof value === 'number'
    ? value
    : value instanceof Long
      ? Number(value.value)
      : value instanceof Decimal
        ? Number(value.text)
        : value instanceof DateTime
          ? value.ms
          : Number.NaN;

const order = <T>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

export function compare(a: Value, b: Value): number {
  const [left, right] = [rank(a), rank(b)];
  if (left !== right) return left - right;
  if (isNumber(a)) return order(toNumber(a), toNumber(b));
  if (typeof a === 'string' && typeof b === 'string') return order(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return order(Number(a), Number(b));
  if (a instanceof ObjectId && b instanceof ObjectId) return order(a.hex, b.hex);
  if (a instanceof DateTime && b instanceof DateTime) return order(a.ms, b.ms);
  if (a instanceof Timestamp && b instanceof Timestamp)
    return order(a.seconds, b.seconds) || order(a.increment, b.increment);
  if (a instanceof Pattern && b instanceof Pattern) return order(`${a.source}/${a.flags}`, `${b.source}/${b.flags}`);
  if (a instanceof Binary && b instanceof Binary) return order([...a.bytes].join(), [...b.bytes].join());
  if (isArray(a) && isArray(b)) return sequence(a, b);
  if (isDoc(a) && isDoc(b)) return sequence([...a].flat() as Value[], [...b].flat() as Value[]);
  return 0;
}

function sequence(a: readonly Value[], b: readonly Value[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const by = compare(a[index], b[index]);
    if (by !== 0) return by;
  }
  return a.length - b.length;
}

export const equal = (a: Value, b: Value): boolean => compare(a, b) === 0;

/** What stands at a path: every value that it reaches, through arrays. */
export function reached(value: Value, path: readonly string[]): readonly Value[] {
  const [head, ...rest] = path;
  if (head === undefined) return [value];
  if (isDoc(value)) return value.has(head) ? reached(value.get(head), rest) : [];
  if (isArray(value)) {
    const own = /^\d+$/.test(head) && Number(head) < value.length ? reached(value[Number(head)], rest) : [];
    return [...own, ...value.flatMap((one) => (isDoc(one) ? reached(one, path) : []))];
  }
  return [];
}

/** Sorts by `{ a: 1, b: -1 }`: an array stands for its least or its greatest. */
export function sorter(keys: Doc): (a: Doc, b: Doc) => number {
  const parts = [...keys].map(([path, direction]) => ({ path: path.split('.'), down: toNumber(direction) < 0 }));
  const key = (document: Doc, path: readonly string[], down: boolean): Value => {
    const all = reached(document, path).flatMap((one) => (isArray(one) ? one : [one]));
    if (all.length === 0) return null;
    return all.reduce((best, one) => (compare(one, best) < 0 === !down && compare(one, best) !== 0 ? one : best));
  };
  return (a, b) => {
    for (const { path, down } of parts) {
      const by = compare(key(a, path, down), key(b, path, down));
      if (by !== 0) return down ? -by : by;
    }
    return 0;
  };
}
