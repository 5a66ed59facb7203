import type { TarMember } from '../../../../../containers/archive/tar';
import { PatternMatcher } from '../../../../../containers/builder/patternmatcher';
import type { FileSystem } from '../../../../../linux/fs/types';
import { CommandError } from '../../../cli/command';

/** Everything below a directory that its .dockerignore does not exclude, owned by root, in the order of a walk. */
export function contextMembers(
  fs: FileSystem,
  directory: string,
  patterns: readonly string[],
  /** Sent in any case. */
  always: ReadonlySet<string>,
): readonly TarMember[] {
  const made = PatternMatcher.create(patterns);
  if (!made.ok) throw new CommandError(made.error);
  const matcher = made.value;
  const members: TarMember[] = [];
  const inodes = new Map<string, string>();
  const walk = (relative: string): TarMember[] => {
    const path = relative === '' ? directory : `${directory}/${relative}`;
    const listed = fs.readdir(path);
    if (!listed.ok) throw new CommandError(`open ${path}: ${listed.error.message.toLowerCase()}`);
    return listed.value
      .map(({ name }) => name)
      .toSorted()
      .flatMap((name) => visit(relative === '' ? name : `${relative}/${name}`));
  };
  const visit = (relative: string): TarMember[] => {
    const path = `${directory}/${relative}`;
    const found = fs.lstat(path);
    if (!found.ok) return [];
    const excluded = !always.has(relative) && matcher.matches(relative);
    const { type } = found.value;
    if (type === 'directory') {
      const needed = [...always].some((name) => name.startsWith(`${relative}/`));
      if (excluded && !needed && !matcher.mayKeepBelow(relative)) return [];
      const inside = walk(relative);
      return excluded && inside.length === 0 ? [] : [memberOf(fs, path, relative, inodes), ...inside];
    }
    return excluded || type === 'socket' ? [] : [memberOf(fs, path, relative, inodes)];
  };
  members.push(...walk(''));
  return members;
}

function memberOf(fs: FileSystem, path: string, name: string, inodes: Map<string, string>): TarMember {
  const found = fs.lstat(path);
  if (!found.ok) throw new CommandError(`lstat ${path}: ${found.error.message.toLowerCase()}`);
  const { type, mode, mtime, dev, ino, nlink, rdev } = found.value;
  const head = { mode, uid: 0, gid: 0, mtime };
  if (type === 'directory') return { ...head, name: `${name}/`, type };
  if (type === 'symlink') {
    const link = fs.readlink(path);
    return { ...head, name, type, link: link.ok ? link.value : '' };
  }
  if (type !== 'file') return { ...head, name, type: type === 'socket' ? 'fifo' : type, ...(rdev && { rdev }) };
  const first = nlink > 1 ? inodes.get(`${dev}:${ino}`) : undefined;
  if (first !== undefined) return { ...head, name, type: 'hardlink', link: first };
  if (nlink > 1) inodes.set(`${dev}:${ino}`, name);
  const body = fs.readFile(path);
  if (!body.ok) throw new CommandError(`open ${path}: ${body.error.message.toLowerCase()}`);
  return { ...head, name, type, body: body.value };
}
