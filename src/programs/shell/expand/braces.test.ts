import { expect, test } from 'vitest';
import { expandBraces } from './braces';

test.each([
  ['a{b,c}d', 'abd acd'],
  ['{a,b}{1,2}', 'a1 a2 b1 b2'],
  ['{a,{b,c}x}', 'a bx cx'],
  ['{1..5}', '1 2 3 4 5'],
  ['{5..1..2}', '5 3 1'],
  ['{01..3}', '01 02 03'],
  ['{-01..1}', '-01 000 001'],
  ['{a..e..2}', 'a c e'],
  ['{x}', '{x}'],
  ['{a', '{a'],
  ['{,x}', ' x'],
  ['${a,b}{c,d}', '${a,b}c ${a,b}d'],
  ["'{a,b}'", "'{a,b}'"],
  ['\\{a,b}', '\\{a,b}'],
  ['{a,b,"c,d"}', 'a b "c,d"'],
  ['{$(echo {1,2}),x}', '$(echo {1,2}) x'],
  ['{a,b}}', 'a} b}'],
  ['{{a,b}', '{a {b'],
  ['{1..a}', '{1..a}'],
])('%s', (text, expected) => {
  expect(expandBraces(text).join(' ')).toBe(expected);
});
