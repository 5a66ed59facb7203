import { globToRegExp } from '../toolkit/glob';
import type { Make, Target } from './state';

/** No file there. */
export const missing = Number.NEGATIVE_INFINITY;
/** Newer than any file. */
export const newest = Number.POSITIVE_INFINITY;

/** When the target was changed last, as far as make is concerned. */
export function mtimeOf(make: Make, target: Target): number {
  if (target.mtime !== undefined) return target.mtime;
  if (make.flags.newFiles.has(target.name)) return (target.mtime = newest);
  if (make.flags.oldFiles.has(target.name)) return (target.mtime = 0);
  const stat = target.phony ? undefined : make.process.fs.stat(target.name);
  return (target.mtime = stat?.ok === true ? stat.value.mtime : missing);
}

export const exists = (make: Make, name: string): boolean => make.process.fs.stat(name).ok;

/** A name from the root on, without `.` and `..`. */
export function absolute(make: Make, name: string): string {
  const parts: string[] = [];
  const whole = name.startsWith('/') ? name : `${make.process.cwd}/${name}`;
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The files that match, sorted; glob(3). */
export function wildcard(make: Make, pattern: string): string[] {
  const { fs } = make.process;
  if (!/[*?[]/.test(pattern)) return fs.stat(pattern).ok ? [pattern] : [];
  let found = [pattern.startsWith('/') ? '/' : ''];
  const parts = pattern.split(/\/+/).filter(Boolean);
  parts.forEach((part, depth) => {
    found = found.flatMap((base) => {
      if (!/[*?[]/.test(part)) return fs.lstat(base + part).ok ? [base + part] : [];
      const entries = fs.readdir(base === '' ? '.' : base);
      if (!entries.ok) return [];
      const regexp = globToRegExp(part);
      const hits = entries.value.filter(
        ({ name }) => regexp.test(name) && (part.startsWith('.') || !name.startsWith('.')),
      );
      return hits.map(({ name }) => base + name).sort((a, b) => (a < b ? -1 : 1));
    });
    const last = depth === parts.length - 1;
    if (!last || pattern.endsWith('/'))
      found = found.flatMap((path) => {
        const stat = fs.stat(path);
        return stat.ok && stat.value.type === 'directory' ? [`${path}/`] : [];
      });
  });
  return found;
}

/** Words of a rule or `include`, those with wildcards replaced by the files there are. */
export function globbed(make: Make, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const found = /[*?[]/.test(name) ? wildcard(make, name) : [];
    return found.length === 0 ? [name] : found;
  });
}
