import { expect, test } from 'vitest';
import { ask, understand } from './messages';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('what an editor says is understood, and what is none of ours is not', () => {
  expect(understand(`here;${base64('p.yaml')}`)).toEqual({ verb: 'here', path: 'p.yaml' });
  expect(understand('gone;')).toEqual({ verb: 'gone' });
  const file = { path: 'ü.yaml', text: 'a: 1\n', readOnly: false };
  expect(understand(`text;${base64(JSON.stringify(file))}`)).toEqual({ verb: 'text', file });
  expect(understand(`text;${base64('{"path": 3}')}`)).toBeUndefined();
  expect(understand('text;%%%')).toBeUndefined();
  expect(understand('else;')).toBeUndefined();
});

test('what the page asks is typed', () => {
  expect(ask('show')).toBe('\x1b]7733;show\x07');
  expect(ask('save', 'ä\n')).toBe(`\x1b]7733;save;${base64('ä\n')}\x07`);
});
