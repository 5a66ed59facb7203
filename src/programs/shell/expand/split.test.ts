import { expect, test } from 'vitest';
import { FieldSink } from './split';

const fields = (ifs: string, feed: (sink: FieldSink) => void): string[] => {
  const sink = new FieldSink(ifs);
  feed(sink);
  return sink.fields().map((field) => field.map(({ text }) => text).join(''));
};

test.each([
  [' \t\n', '  a  b ', ['a', 'b']],
  [':', 'a::b:', ['a', '', 'b']],
  [':', ':a', ['', 'a']],
  [' :', ' a : b ', ['a', 'b']],
  [' :', ' : a', ['', 'a']],
  ['', 'a b', ['a b']],
  [',', '', []],
])('IFS %j splits %j', (ifs, text, expected) => {
  expect(fields(ifs, (sink) => sink.split(text))).toEqual(expected);
});

test('neighbours join, boundaries divide, quoted nothing stays', () => {
  expect(fields(' ', (sink) => (sink.plain('x'), sink.split('a b'), sink.plain('y')))).toEqual(['xa', 'by']);
  expect(fields(' ', (sink) => (sink.plain('x'), sink.split(' b '), sink.plain('y')))).toEqual(['x', 'b', 'y']);
  expect(fields(' ', (sink) => sink.quoted(''))).toEqual(['']);
  expect(fields(' ', (sink) => (sink.quoted('a'), sink.boundary(true), sink.quoted('')))).toEqual(['a', '']);
  expect(fields(' ', (sink) => (sink.split('a'), sink.boundary(false), sink.split('')))).toEqual(['a']);
  expect(fields(' :', (sink) => (sink.split('a '), sink.split(':b')))).toEqual(['a', 'b']);
});
