import { fn, type Library } from '../functions';
import { CelError, Duration, equal, Uint, type Value } from '../values';
import { compare, intOf } from './standard';

type List = readonly [readonly Value[]];

const ordered = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'timestamp', 'duration'];

function sum(list: readonly Value[]): Value {
  const [first] = list;
  if (first instanceof Uint) return new Uint(list.reduce((total: bigint, each) => total + (each as Uint).value, 0n));
  if (first instanceof Duration)
    return new Duration(list.reduce((total: bigint, each) => total + (each as Duration).nanos, 0n));
  if (typeof first === 'number') return list.reduce((total: number, each) => total + (each as number), 0);
  return list.reduce((total: bigint, each) => {
    if (typeof each !== 'bigint') throw new CelError('no such overload');
    return intOf(total + each);
  }, 0n);
}

const zeros: Readonly<Record<string, Value>> = { int: 0n, uint: new Uint(0n), double: 0, duration: new Duration(0n) };

const extreme = (name: 'min' | 'max', sign: number, type: string) =>
  fn(`list<${type}>.${name}(): ${type}`, ([list]: List, budget) => {
    budget.charge(list.length);
    let best = list[0];
    if (best === undefined) throw new CelError(`${name} called on empty list`);
    for (const each of list) if (compare(each, best) * sign > 0) best = each;
    return best;
  });

/** Kubernetes' lists library, and cel-go's sets. */
export const lists: Library = [
  ...ordered.flatMap((type) => [
    fn(`list<${type}>.isSorted(): bool`, ([list]: List, budget) => {
      budget.charge(list.length);
      return list.every((each, index) => index === 0 || compare(list[index - 1] as Value, each) <= 0);
    }),
    extreme('min', -1, type),
    extreme('max', 1, type),
  ]),
  ...Object.entries(zeros).map(([type, zero]) =>
    fn(`list<${type}>.sum(): ${type}`, ([list]: List, budget) => {
      budget.charge(list.length);
      return list.length === 0 ? zero : sum(list);
    }),
  ),
  fn('list<A>.indexOf(A): int', ([list, value]: readonly [readonly Value[], Value], budget) => {
    budget.charge(list.length);
    return BigInt(list.findIndex((each) => equal(each, value, (cost) => budget.charge(cost))));
  }),
  fn('list<A>.lastIndexOf(A): int', ([list, value]: readonly [readonly Value[], Value], budget) => {
    budget.charge(list.length);
    return BigInt(list.findLastIndex((each) => equal(each, value, (cost) => budget.charge(cost))));
  }),
  ...(['contains', 'equivalent', 'intersects'] as const).map((name) =>
    fn(`/sets.${name}(list<A>, list<A>): bool`, ([a, b]: readonly [readonly Value[], readonly Value[]], budget) => {
      budget.charge(a.length * b.length);
      const within = (list: readonly Value[]) => (value: Value) => list.some((each) => equal(each, value));
      if (name === 'intersects') return b.some(within(a));
      return b.every(within(a)) && (name === 'contains' || a.every(within(b)));
    }),
  ),
];
