import type { Expr } from './ast';
import { arrayOf } from './builtins';
import { pure, type Code } from './code';
import { compare } from './expressions';
import { AwkSyntaxError } from './lexer';
import type { Scope } from './scope';
import type { AwkArray, Value } from './values';

const store = (target: AwkArray, values: readonly Value[]): number => {
  target.clear();
  values.forEach((value, index) => target.set(String(index + 1), value));
  return values.length;
};

/** asort(): values in order under 1, 2, …. Numbers before texts. */
export const sort = (scope: Scope, args: readonly Expr[]): Code<Value> =>
  sorted(scope, args, 'asort', (array) => [...array.values()]);

/** asorti(): subscripts in order. */
export const sortIndexes = (scope: Scope, args: readonly Expr[]): Code<Value> =>
  sorted(scope, args, 'asorti', (array) => [...array.keys()]);

function sorted(scope: Scope, args: readonly Expr[], name: string, take: (array: AwkArray) => Value[]): Code<Value> {
  const [from, to] = args;
  if (from === undefined) throw new AwkSyntaxError(`wrong number of arguments in call to ${name}`, 1);
  const source = arrayOf(scope, from, name);
  const target = to === undefined ? source : arrayOf(scope, to, name);
  const rank = (value: Value): number => (typeof value === 'string' ? 1 : 0);
  const { text } = scope.runtime;
  return pure(() => {
    const values = take(source());
    values.sort((a, b) => rank(a) - rank(b) || compare(a, b, text));
    return store(target(), values);
  });
}
