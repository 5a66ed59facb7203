import { expect, test } from 'vitest';
import { PatternMatcher, cleanPath, readIgnoreFile } from './patternmatcher';

function matcher(...patterns: string[]): PatternMatcher {
  const made = PatternMatcher.create(patterns);
  if (!made.ok) throw new Error(made.error);
  return made.value;
}

/** Cases of moby/patternmatcher's own tests. */
test.each([
  ['**', 'file', true],
  ['**', 'dir/file', true],
  ['**/', 'file', true],
  ['**/**', 'dir/file', true],
  ['dir/**', 'dir/file', true],
  ['dir/**', 'dir/dir2/file', true],
  ['**/dir', 'dir', true],
  ['**/dir', 'dir/file', true],
  ['**/dir2/*', 'dir/dir2/file', true],
  ['**/dir2/*', 'dir/dir2/dir2/file', true],
  ['**file', 'dir/file', true],
  ['**/file', 'dir/dir/file', true],
  ['**/file*', 'dir/dir/file.txt', true],
  ['**/file*txt', 'dir/dir/file.txt', true],
  ['**/file*.txt*', 'dir/dir/file.txt', true],
  ['**/**/*.txt', 'dir/dir/file.txt', true],
  ['**/**/*.txt2', 'dir/dir/file.txt', false],
  ['**/*.txt', 'file.txt', true],
  ['a**/*.txt', 'a/file.txt', true],
  ['a**/*.txt', 'a/dir/file.txt', true],
  ['a/*.txt', 'a/dir/file.txt', false],
  ['a/*.txt', 'a/file.txt', true],
  ['a/*.txt**', 'a/file.txt', true],
  ['a[b-d]e', 'ae', false],
  ['a[b-d]e', 'ace', true],
  ['a[^b-d]e', 'aze', true],
  ['.*', '.foo', true],
  ['.*', 'foo', false],
  ['abc.def', 'abcdef', false],
  ['abc.def', 'abc.def', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'axb', false],
  ['**/foo/bar', 'dir/foo/bar', true],
  ['abc/**', 'abc', false],
  ['abc/**', 'abc/def/ghi', true],
  ['**/.foo', 'bar.foo', false],
  ['./bar.*', 'bar.foo', true],
  ['a(b)c/def', 'a(b)c/def', true],
  ['a.|)$(}+{bc', 'a.|)$(}+{bc', true],
  [
    'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
    'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
    true,
  ],
])('%s on %s: %s', (pattern, path, expected) => {
  expect(matcher(pattern).matches(path)).toBe(expected);
});

test('the last pattern decides, exceptions included', () => {
  const ignore = matcher(
    ...readIgnoreFile('# comment\n\n*.md\n!README*.md\nREADME-secret.md\n/node_modules/\n! /node_modules/keep\n'),
  );
  expect(
    ['a.md', 'README.md', 'README-secret.md', 'node_modules/m', 'node_modules/keep/x'].map((p) => ignore.matches(p)),
  ).toEqual([true, false, true, true, false]);
  expect(matcher('docs', '!docs/README.md').mayKeepBelow('docs')).toBe(true);
  expect(matcher('docs', '!other/README.md').mayKeepBelow('docs')).toBe(false);
  expect(matcher('docs', '!**/README.md').mayKeepBelow('docs')).toBe(true);
  expect(matcher('docs').mayKeepBelow('docs')).toBe(false);
});

test('malformed patterns are refused', () => {
  expect(['[]a]', '[', 'a[', '[a-', '[^', 'a\\'].map((text) => PatternMatcher.create([text]).ok)).toEqual(
    Array(6).fill(false),
  );
  expect(PatternMatcher.create(['!'])).toEqual({ ok: false, error: 'illegal exclusion pattern: "!"' });
});

test('paths are cleaned as filepath.Clean does', () => {
  expect(['a/../b', './a//b/', '/../a', '', '../..'].map(cleanPath)).toEqual(['b', 'a/b', '/a', '.', '../..']);
});
