import type { FileSystem } from '../../../linux/fs/types';

/** One component of Go's path.Match: `*`, `?`, `[a-z]`, `\x`. */
function component(pattern: string): RegExp {
  let out = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '*') out += '[^/]*';
    else if (char === '?') out += '[^/]';
    else if (char === '[') {
      const end = pattern.indexOf(']', at + 2);
      if (end < 0) out += '\\[';
      else {
        out += `[${pattern
          .slice(at + 1, end)
          .replace(/^!/, '^')
          .replace(/\\/g, '\\\\')}]`;
        at = end;
      }
    } else if (char === '\\') out += escaped(pattern.charAt(++at));
    else out += escaped(char);
  }
  return new RegExp(`^${out}$`, 's');
}

const escaped = (char: string): string => char.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');

export const hasWildcards = (path: string): boolean => /[*?[\\]/.test(path);

/** Paths below the root that a pattern means, in order; the pattern itself where it has no wildcards and is there. */
export function matching(fs: FileSystem, pattern: string): readonly string[] {
  if (!hasWildcards(pattern)) return fs.lstat(pattern).ok ? [pattern] : [];
  let found = [''];
  for (const part of pattern.split('/').filter((name) => name !== '')) {
    if (!hasWildcards(part)) {
      found = found.map((path) => `${path}/${part}`).filter((path) => fs.lstat(path).ok);
      continue;
    }
    const regexp = component(part);
    found = found.flatMap((path) => {
      const listed = fs.readdir(path === '' ? '/' : path);
      if (!listed.ok) return [];
      return listed.value
        .map(({ name }) => name)
        .filter((name) => regexp.test(name))
        .sort()
        .map((name) => `${path}/${name}`);
    });
  }
  return found;
}

/** Whether a path of the context lies on, above or below what a step takes (fsutil's FollowPaths). */
export function isOnTheWay(path: string, wanted: string): boolean {
  const names = path.split('/').filter((name) => name !== '');
  const parts = wanted.split('/').filter((name) => name !== '');
  return parts.slice(0, names.length).every((part, index) => {
    const name = names[index] ?? '';
    return hasWildcards(part) ? component(part).test(name) : part === name;
  });
}
