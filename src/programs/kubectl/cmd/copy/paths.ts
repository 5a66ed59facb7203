/** Paths as Go's package path has them. */
export function clean(path: string): string {
  const absolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else if (!absolute) parts.push('..');
  }
  const joined = parts.join('/');
  return absolute ? `/${joined}` : joined === '' ? '.' : joined;
}

export const join = (...parts: readonly string[]): string => {
  const present = parts.filter((part) => part !== '');
  return present.length === 0 ? '' : clean(present.join('/'));
};

export const base = (path: string): string => {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' ? (path === '' ? '.' : '/') : trimmed.slice(trimmed.lastIndexOf('/') + 1);
};

export const dirname = (path: string): string => {
  const slash = path.lastIndexOf('/');
  return clean(slash < 0 ? '.' : path.slice(0, slash + 1));
};

export const withoutLeadingSlash = (path: string): string => path.replace(/^[/\\]+/, '');

/** Without leading `../`. */
export function withoutShortcuts(path: string): string {
  const trimmed = path.replace(/^(\.\.\/)+/, '');
  if (trimmed === '.' || trimmed === '..') return '';
  return trimmed.startsWith('/') ? trimmed.slice(1) : trimmed;
}
