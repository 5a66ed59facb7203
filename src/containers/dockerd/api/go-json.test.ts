import { expect, test } from 'vitest';
import { parseGoJson } from './go-json';
import { wrongVersion } from './versions';

test("what is wrong with a body is said in encoding/json's words", () => {
  const said = ['{bad', '{"a"1}', '[1 2]', '{"a":tru}', '{"a":1', '', '"\u0001"', '{"a":01}', '{"a":-}'].map((text) => {
    const parsed = parseGoJson(text);
    return parsed.ok ? parsed.value : parsed.error;
  });
  expect(said).toEqual([
    "invalid character 'b' looking for beginning of object key string",
    "invalid character '1' after object key",
    "invalid character '2' after array element",
    "invalid character '}' in literal true (expecting 'e')",
    'unexpected EOF',
    'got EOF while reading request body',
    "invalid character '\\u0001' in string literal",
    "invalid character '1' after object key:value pair",
    "invalid character '}' in numeric literal",
  ]);
  expect(parseGoJson('{"a":[1,{"b":null}]} trailing')).toEqual({ ok: true, value: { a: [1, { b: null }] } });
});

test('versions that are too new or too old are refused', () => {
  expect(wrongVersion('1.41')).toBe(undefined);
  expect(wrongVersion('9.99')).toBe('client version 9.99 is too new. Maximum supported API version is 1.51');
  expect(wrongVersion('1.0')).toMatch(/^client version 1\.0 is too old\. Minimum supported API version is 1\.24, /);
});
