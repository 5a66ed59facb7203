import { expect, test } from 'vitest';
import { evaluate, type ArithmeticScope } from './arithmetic';

function scopeOf(values: Record<string, string> = {}): ArithmeticScope & { values: Record<string, string> } {
  const key = (name: string, subscript: string | undefined) =>
    subscript === undefined ? name : `${name}[${subscript}]`;
  return {
    values,
    get: (name, subscript) => values[key(name, subscript)],
    set: (name, subscript, value) => {
      values[key(name, subscript)] = value;
    },
  };
}

test.each([
  ['1+2*3', '7'],
  ['(1+2)*3', '9'],
  ['-7/2', '-3'],
  ['-7%3', '-1'],
  ['2**10', '1024'],
  ['2**3**2', '512'],
  ['-2**2', '4'],
  ['1<<40', '1099511627776'],
  ['9223372036854775807+1', '-9223372036854775808'],
  ['0x1f + 010 + 2#101 + 36#z', '79'],
  ['64#_', '63'],
  ['!0 + !5', '1'],
  ['~5', '-6'],
  ['1 ? 2 : 3', '2'],
  ['0 ? 2 : 0 ? 4 : 5', '5'],
  ['1 || 1/0', '1'],
  ['0 && 1/0', '0'],
  ['1, 2, 3', '3'],
  ['7 & 3 | 8 ^ 1', '11'],
  ['', '0'],
  ['4 - -4', '8'],
  ['5 > 3 == 1', '1'],
])('%s is %s', (expression, expected) => {
  expect(String(evaluate(expression, scopeOf()))).toBe(expected);
});

test('variables are read, assigned, stepped, and hold expressions', () => {
  const scope = scopeOf({ a: '5', b: 'a+1', 'm[k]': '9' });
  expect(evaluate('b*2', scope)).toBe(12);
  expect(evaluate('a++ + ++a', scope)).toBe(12);
  expect(evaluate('c = a, c += 10, c <<= 1', scope)).toBe(34);
  expect(evaluate('m[k]--', scope)).toBe(9);
  expect(evaluate('nope', scope)).toBe(0);
  expect(scope.values).toEqual({ a: '7', b: 'a+1', 'm[k]': '8', c: '34' });
});

test.each([
  ['1+', '1+: syntax error: operand expected (error token is "+")'],
  ['1/0', '1/0: division by 0 (error token is "0")'],
  ['08', '08: value too great for base (error token is "08")'],
  ['1=2', '1=2: attempted assignment to non-variable (error token is "=2")'],
  ['(1', '(1: missing `)\' (error token is "1")'],
  ['1 2', '1 2: syntax error in expression (error token is "2")'],
  ['1 @ 2', '1 @ 2: syntax error: invalid arithmetic operator (error token is "@ 2")'],
  ['2**-1', '2**-1: exponent less than 0 (error token is "1")'],
  ['1 ? 2', '1 ? 2: `:\' expected for conditional expression (error token is "2")'],
])('%s says %s', (expression, message) => {
  expect(() => evaluate(expression, scopeOf())).toThrow(message);
});
