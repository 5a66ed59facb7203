import { expect, test } from 'vitest';
import { expandAliases } from './aliases';
import { Source } from './source';
import { parseSource } from './syntax';

const read = (text: string) => parseSource(new Source(text, 'bash'));

test.each([
  "echo 'abc",
  'echo "abc',
  'if true; then',
  'for i in a b',
  'while true; do',
  'echo $(ls',
  'a |',
  'a &&',
  '(a',
  '{ a',
  'case x in',
  'f()',
  'echo ${a',
  'if true; then echo; else',
  'x=(1 2',
  'a || # why',
  'echo "$(b "c',
])('%s wants more', (text) => {
  expect(read(text).fault?.unfinished).toBe(true);
});

test.each([
  ['cat <<EOF\nab', true],
  ['cat <<EOF\nab\nEOF', false],
  ['echo a\\', true],
  ['echo a\\\\', false],
  ['echo a', false],
])('%j is open ended: %s', (text, expected) => {
  expect([read(text).fault, read(text).openEnded]).toEqual([undefined, expected]);
});

test.each([
  ['if true; done', 1, "near unexpected token `done'", 'if true; done'],
  ['echo )', 1, "near unexpected token `)'", 'echo )'],
  ['a && && b', 1, "near unexpected token `&&'", 'a && && b'],
  ['echo a >\necho', 1, "near unexpected token `newline'", 'echo a >'],
  ['true\nfi', 2, "near unexpected token `fi'", 'fi'],
  ['echo $(if)', 1, "near unexpected token `)'", 'echo $(if)'],
  ['}', 1, "near unexpected token `}'", '}'],
  ['echo a;; b', 1, "near unexpected token `;;'", 'echo a;; b'],
])('%j is wrong', (text, line, near, shown) => {
  expect(read(text).fault).toMatchObject({ line, messages: [`syntax error ${near}`], shown, unfinished: false });
});

test('what stands on lines before a fault still runs', () => {
  const count = (text: string) => read(text).lines.map(({ statements }) => statements.length);
  expect(count('a; b\nc\n)\nd')).toEqual([2, 1]);
  expect(count('a\nif b; then\nc\ndone\n')).toEqual([1]);
  expect(count('a; )')).toEqual([]);
  expect(count('cat <<E; b\nx\nE\nc')).toEqual([2, 1]);
});

test('aliases are texts', () => {
  const aliases: Record<string, string> = {
    k: 'kubectl',
    ll: 'ls -l',
    ls: 'ls --color',
    sudo: 'sudo ',
    b: '{',
    e: '}',
    loop: 'loop',
  };
  const expand = (text: string) => expandAliases(text, (name) => aliases[name]);
  expect(expand('k get po | k x; echo $(k)')).toBe('kubectl get po | kubectl x; echo $(kubectl)');
  expect(expand('ll')).toBe('ls --color -l');
  expect(expand('sudo k k')).toBe('sudo  kubectl k');
  expect(expand('b echo; e')).toBe('{ echo; }');
  expect(expand('loop; \\k; "k"; echo k')).toBe('loop; \\k; "k"; echo k');
  expect(expand('if k; then k; fi')).toBe('if kubectl; then kubectl; fi');
});
