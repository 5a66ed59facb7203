import { expect, test } from 'vitest';
import { scanKeys } from './json-scan';
import { parseYaml } from './yaml';

test('of keys given twice the last counts, and a strict parser tells of each', () => {
  expect(parseYaml('a: 1\nb:\n  c: 1\n  c: 2\na: 3\n')).toStrictEqual({
    value: { a: 3, b: { c: 2 } },
    strict: 'yaml: unmarshal errors:\n  line 4: key "c" already set in map\n  line 5: key "a" already set in map',
  });
  expect(parseYaml('a: 1').strict).toBeUndefined();
  expect(() => parseYaml('a: [')).toThrow();
});

test('keys are met in the order of the text', () => {
  expect(scanKeys('{"b": {"c": 1, "c": 2}, "a": [{"d": 1}], "b": 2}')).toStrictEqual([
    'b',
    'b.c',
    'b.c',
    'a',
    'a[0].d',
    'b',
  ]);
});
