import { expect, test } from 'vitest';
import { parseMerging } from './json-merge';

test('names that stand twice merge as Go decodes them', () => {
  const text =
    '{"labels": {"a":"1","a":"2"} , "n": [ {"x":1}, {"y":-2.5e3} ], "labels":{"app":"a\\"}"}, "n":[{"z":true}], "e":{}, "l":[]}';
  expect(parseMerging(text)).toEqual({
    labels: { a: '2', app: 'a"}' },
    n: [{ x: 1, z: true }],
    e: {},
    l: [],
  });
  expect(parseMerging('{"a":{"b":1},"a":null}')).toEqual({ a: null });
  expect(Object.keys(parseMerging('{"__proto__":{"x":1},"a":1,"a":2}') as object)).toEqual(['__proto__', 'a']);
});
