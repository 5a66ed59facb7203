import type { Sys } from '../../errno';
import type { SyntheticNode } from '../../fs/types';

/** A file that says something. */
export const file = (read: () => string, mode = 0o444): SyntheticNode => ({ type: 'file', mode, read });

/** One that may be written, too. */
export const settable = (read: () => string, write: (text: string) => Sys<void>, mode = 0o644): SyntheticNode => ({
  type: 'file',
  mode,
  read,
  write,
});

export const link = (readlink: () => string): SyntheticNode => ({ type: 'symlink', readlink });

/** A directory whose entries are known by name; each is made when somebody looks it up. */
export function directory(entries: Readonly<Record<string, () => SyntheticNode>>): SyntheticNode {
  const names = Object.keys(entries);
  return {
    type: 'directory',
    list: () => names,
    lookup: (name) => (Object.hasOwn(entries, name) ? entries[name]?.() : undefined),
  };
}
