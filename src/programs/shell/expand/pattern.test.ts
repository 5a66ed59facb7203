import { expect, test } from 'vitest';
import { escapePattern, finder, isPattern, matches, prefixLength, suffixStart } from './pattern';

test.each([
  ['a*', 'abc', true],
  ['a\\*', 'abc', false],
  ['a\\*', 'a*', true],
  ['?', 'ä', true],
  ['?', '😀', true],
  ['[!a-c]x', 'dx', true],
  ['[^a-c]x', 'bx', false],
  ['[]x]', ']', true],
  ['[a-]', '-', true],
  ['[[:digit:]]*', '7up', true],
  ['[[:upper:][:space:]]', 'a', false],
  ['[z-a]', 'b', false],
  ['[', '[', true],
  ['[ab', '[ab', true],
  ['@(a|b)c', 'bc', true],
  ['+(ab)', 'ababab', true],
  ['?(x)y', 'y', true],
  ['*(x|y)z', 'xyxz', true],
  ['!(a)', 'b', true],
  ['!(a)', 'a', false],
  ['!(*.txt)', 'a.txt', false],
  ['!(*.txt).gz', 'a.gz', true],
  ['a!(b)c', 'abc', false],
  ['a!(b)c', 'ac', true],
  ['*\n*', 'a\nb', true],
  ['{a}.$^', '{a}.$^', true],
])('%s against %j is %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test('prefixes and suffixes, shortest and longest', () => {
  expect(prefixLength('*/', '/usr/local/bin', false)).toBe(1);
  expect(prefixLength('*/', '/usr/local/bin', true)).toBe(11);
  expect(suffixStart('/*', '/usr/local/bin', false)).toBe(10);
  expect(suffixStart('/*', '/usr/local/bin', true)).toBe(0);
  expect(prefixLength('x', 'abc', true)).toBeUndefined();
  expect(prefixLength('@(a|ab)', 'abc', true)).toBe(2);
});

test('finding, quoting, telling patterns from plain words', () => {
  expect('banana'.replace(finder('an', 'any'), 'X')).toBe('bXana');
  expect('banana'.replace(finder('a', 'end'), 'X')).toBe('bananX');
  expect(matches(escapePattern('a*[b]?(c)'), 'a*[b]?(c)')).toBe(true);
  expect([isPattern('abc'), isPattern('a\\*'), isPattern('[a]'), isPattern('[a'), isPattern('+(a)')]).toEqual([
    false,
    false,
    true,
    false,
    true,
  ]);
});
