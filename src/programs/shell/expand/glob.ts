import type { FileSystem } from '../../../linux/fs/types';
import { isPattern, matches, unescapePattern } from './pattern';

export interface GlobOptions {
  readonly dotglob: boolean;
  readonly globstar: boolean;
  readonly ignoreCase: boolean;
  /** `shopt -u globskipdots`: patterns that begin with a dot match `.` and `..`, too. */
  readonly dots?: boolean;
  /** Patterns of GLOBIGNORE. */
  readonly ignored?: readonly string[];
}

/** The paths that a pattern (with backslashes before what was quoted) matches, sorted; none if there are none. */
export function glob(fs: FileSystem, pattern: string, options: GlobOptions): string[] {
  const components = splitPath(pattern);
  const absolute = pattern.startsWith('/');
  let paths: string[] = [absolute ? '/' : ''];
  for (const [index, component] of components.entries()) {
    const last = index === components.length - 1;
    paths = paths.flatMap((base) => step(fs, base, component, last, options));
    if (paths.length === 0) return [];
  }
  const { ignored = [] } = options;
  const kept = ignored.length === 0 ? paths : paths.filter((path) => !isIgnored(path, ignored));
  return [...new Set(kept)].sort(byCodePoint);
}

/** The patterns of GLOBIGNORE: colons part them, but for those in brackets. */
export const ignorePatterns = (value: string): readonly string[] =>
  value.match(/(?:\\.|\[!?\]?(?:\[:\w+:\]|[^\]])*\]|[^:])+/gs) ?? [];

/** Whether GLOBIGNORE hides a path; `*` there matches no slash. */
function isIgnored(path: string, patterns: readonly string[]): boolean {
  if (/(?:^|\/)\.\.?$/.test(path)) return true;
  const parts = path.split('/');
  return patterns.some((pattern) => {
    const each = pattern.split('/');
    return each.length === parts.length && each.every((one, index) => matches(one, parts[index] ?? ''));
  });
}

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Components with their trailing slashes: `a*​/b/` → `a*​/`, `b/`. */
function splitPath(pattern: string): string[] {
  return pattern.replace(/^\/+/, '').match(/(?:\\.|[^/\\])+\/*/gs) ?? [];
}

function step(fs: FileSystem, base: string, component: string, last: boolean, options: GlobOptions): string[] {
  const [, name = '', slashes = ''] = /^(.*?)(\/*)$/s.exec(component) ?? [];
  if (options.globstar && name === '**') return recurse(fs, base, last, last && slashes === '', options);
  if (!isPattern(name)) {
    const path = base + unescapePattern(name);
    const there = slashes === '' ? fs.lstat(path) : fs.stat(`${path}/`);
    return there.ok ? [path + slashes] : [];
  }
  const entries = fs.readdir(base === '' ? '.' : base);
  if (!entries.ok) return [];
  const hiddenToo = name.startsWith('.') || name.startsWith('\\.');
  const names = entries.value.map((entry) => entry.name);
  if (options.dots === true && hiddenToo) names.push('.', '..');
  return names
    .filter((entry) => (hiddenToo || options.dotglob || !entry.startsWith('.')) && matches(name, entry, options))
    .filter((entry) => slashes === '' || isDirectory(fs, base + entry))
    .map((entry) => base + entry + slashes);
}

function isDirectory(fs: FileSystem, path: string): boolean {
  const stat = fs.stat(path);
  return stat.ok && stat.value.type === 'directory';
}

/** `**`: the directory itself and all below; files too if it is the last component. */
function recurse(fs: FileSystem, base: string, last: boolean, filesToo: boolean, options: GlobOptions): string[] {
  const found: string[] = last && base === '' ? [] : [base];
  const visit = (directory: string): void => {
    const entries = fs.readdir(directory === '' ? '.' : directory);
    if (!entries.ok) return;
    for (const { name, type } of entries.value) {
      if (name.startsWith('.') && !options.dotglob) continue;
      if (type === 'directory') {
        found.push(filesToo ? directory + name : `${directory}${name}/`);
        visit(`${directory}${name}/`);
      } else if (filesToo) found.push(directory + name);
    }
  };
  visit(base);
  return found;
}
