import { expect, test } from 'vitest';
import type { Shell } from '../../shell';
import { completionWords, readTyped } from './typed-line';

/** A shell of which only COMP_WORDBREAKS is asked, and which has none. */
const shell = { get: () => undefined } as unknown as Shell;

const read = (line: string): readonly string[] => {
  const { arguments: args, word } = readTyped(shell, line, line.length);
  return [args.map(({ text }) => text).join('|'), word.raw];
};

test.each([
  ['ls al', 'ls|al', 'al'],
  ['a; b c', 'b|c', 'c'],
  ['X=1 Y=2 cmd ar', 'cmd|ar', 'ar'],
  ['if tes', 'tes', 'tes'],
  ['echo "a b" c', 'echo|a b|c', 'c'],
  ['echo a\\ b', 'echo|a b', 'a\\ b'],
  ['echo "a b', 'echo|a b', '"a b'],
  ['cmd --flag=va', 'cmd|--flag=va', 'va'],
  ['cmd host:pa', 'cmd|host:pa', 'pa'],
  ['x $(cat fi', 'cat|fi', 'fi'],
  ['x $(cat f) y', 'x|$(cat f)|y', 'y'],
  ['sort < fi', 'sort|fi', 'fi'],
  ['sudo -u root kubectl get ', 'root|kubectl|get|', ''],
  ['sudo kubectl get ', 'kubectl|get|', ''],
  ['watch -n 1 kubectl get po', 'kubectl|get|po', 'po'],
  ['time watch -n2 ls d', 'ls|d', 'd'],
  ['a | b ', 'b|', ''],
])('%j', (line, words, word) => {
  expect(read(line)).toEqual([words, word]);
});

test('COMP_WORDS are taken apart at word breaks, and know where the cursor is', () => {
  const line = 'cmd a --b=c d:e  f';
  const at = (cursor: number): unknown => completionWords(shell, readTyped(shell, line, cursor));
  expect(at(line.length)).toEqual({ words: ['cmd', 'a', '--b', '=', 'c', 'd', ':', 'e', 'f'], index: 8 });
  expect(at(5)).toEqual({ words: ['cmd', 'a', '--b', '=', 'c', 'd', ':', 'e', 'f'], index: 1 });
  expect(at(16)).toEqual({ words: ['cmd', 'a', '--b', '=', 'c', 'd', ':', 'e', '', 'f'], index: 8 });
});
