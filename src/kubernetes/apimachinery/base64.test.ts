import { expect, test } from 'vitest';
import { corruptBase64 } from './base64';
import { goTimeError } from './go-time';

test.each([
  ['', undefined],
  ['YWRtaW4=', undefined],
  ['YWRt\naW4=\n', undefined],
  ['YW==', undefined],
  ['YWRtaW4', 4],
  ['YWRtaW4=x', 8],
  ['UzNjcjN0UA==c3cwcmQ=', 12],
  ['YW=x', 2],
  ['YWR=YWRt', 4],
  ['YW=', 3],
  ['=', 0],
  ['a b', 1],
  ['€', 0],
] as const)('%j is corrupt at %s, as Go says', (text, at) => {
  expect(corruptBase64(text)).toBe(at);
});

test('an hour of one digit is one, a minute is not', () => {
  const layout = '2006-01-02T15:04:05Z07:00';
  expect(goTimeError('2010-10-10T0:00:00Z', layout)).toBe(undefined);
  expect(goTimeError('2010-10-10T00:0:00Z', layout)).toBe(
    'parsing time "2010-10-10T00:0:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse "0:00Z" as "04"',
  );
});
