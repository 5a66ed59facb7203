import { homeOf } from '../../expand/tilde';
import type { Shell } from '../../shell';

export interface PathOptions {
  readonly directories?: boolean;
  readonly ignoreCase?: boolean;
  /** Whether an empty word means hidden ones too. */
  readonly hidden?: boolean;
}

/** `~`, `~user` and `$VARIABLE` at the beginning of a path, as completion looks it up. */
export const expandedPath = (shell: Shell, path: string): string =>
  path
    .replace(/^~([^/]*)/, (all, user: string) => homeOf(shell, user) ?? all)
    .replace(
      /\$(?:(\w+)|\{(\w+)\})/g,
      (all, plain?: string, braced?: string) => shell.get(plain ?? braced ?? '') ?? all,
    );

/** Paths that begin with a word, with its directory as it was typed. */
export function paths(shell: Shell, word: string, options: PathOptions = {}): string[] {
  const { directories = false, ignoreCase = false, hidden = true } = options;
  const slash = word.lastIndexOf('/');
  const folder = word.slice(0, slash + 1);
  const start = word.slice(slash + 1);
  const place = expandedPath(shell, folder);
  const entries = shell.process.fs.readdir(place === '' ? '.' : place);
  if (!entries.ok) return [];
  const fits = (name: string): boolean =>
    ignoreCase ? name.toLowerCase().startsWith(start.toLowerCase()) : name.startsWith(start);
  return entries.value.flatMap(({ name }) => {
    if (!fits(name)) return [];
    if (name.startsWith('.') && !start.startsWith('.') && !hidden) return [];
    return directories && !isDirectory(shell, place + name) ? [] : [folder + name];
  });
}

export function isDirectory(shell: Shell, path: string): boolean {
  const stat = shell.process.fs.stat(expandedPath(shell, path));
  return stat.ok && stat.value.type === 'directory';
}
