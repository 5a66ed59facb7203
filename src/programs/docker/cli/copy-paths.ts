import type { FileSystem } from '../../../linux/fs/types';
import type { TarMember } from '../../../containers/archive/tar';
import { CommandError } from './command';

/** One end of a copy (moby/go-archive CopyInfo). */
export interface CopyInfo {
  readonly path: string;
  readonly exists: boolean;
  readonly isDirectory: boolean;
  readonly rebaseName: string;
}

/** filepath.Clean. */
function clean(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push('..');
  }
  return `${rooted ? '/' : ''}${parts.join('/')}` || '.';
}

const asksForContents = (path: string): boolean => path === '.' || path.endsWith('/.');
const saysDirectory = (path: string): boolean => path.endsWith('/') || asksForContents(path);

/** The folder and the entry in it; of `x/.` the entry is `.` (SplitPathDirEntry). */
export function splitEntry(path: string): readonly [dir: string, base: string] {
  const cleaned = clean(path);
  if (asksForContents(path)) return [cleaned, '.'];
  if (cleaned === '/') return ['/', '/'];
  const slash = cleaned.lastIndexOf('/');
  return [slash < 0 ? '.' : slash === 0 ? '/' : cleaned.slice(0, slash), cleaned.slice(slash + 1)];
}

/** What was written at the end of a path to say that it is a directory is kept. */
function keepEnding(cleaned: string, original: string): string {
  let path = cleaned;
  if (!asksForContents(cleaned) && asksForContents(original)) path = `${path === '/' ? '' : path}/.`;
  else if (!path.endsWith('/') && original.endsWith('/')) path += '/';
  return path;
}

/** filepath.Abs with its ending. */
export function absolutePath(cwd: string, path: string): string {
  return keepEnding(clean(path.startsWith('/') ? path : `${cwd}/${path}`), path);
}

/** `name:path` or a path of this machine. */
export function splitArgument(argument: string): { readonly container: string; readonly path: string } {
  const colon = argument.indexOf(':');
  if (argument.startsWith('/') || colon < 0 || argument.startsWith('.')) return { container: '', path: argument };
  return { container: argument.slice(0, colon), path: argument.slice(colon + 1) };
}

/** A link was followed: what it names is known under the link's own name (GetRebaseName). */
export function rebased(path: string, resolved: string): { readonly path: string; readonly rebaseName: string } {
  const kept = asksForContents(path) && !asksForContents(resolved) ? `${resolved}/.` : resolved;
  const [, base] = splitEntry(path.replace(/(?<=.)\/+$/, ''));
  const [, resolvedBase] = splitEntry(kept);
  const ended = path.endsWith('/') && !kept.endsWith('/') ? `${kept}/` : kept;
  return { path: ended, rebaseName: base === resolvedBase || asksForContents(path) ? '' : base };
}

/** The source of a copy on this machine (CopyInfoSourcePath). */
export function sourceInfo(fs: FileSystem, path: string, followLink: boolean): CopyInfo {
  const failed = (at: string, message: string) => new CommandError(`lstat ${at}: ${message.toLowerCase()}`);
  let at: string;
  let rebaseName = '';
  if (followLink) {
    const real = fs.realpath(path);
    if (!real.ok) throw failed(clean(path), real.error.message);
    ({ path: at, rebaseName } = rebased(path, real.value));
  } else {
    const slash = path.lastIndexOf('/');
    const parent = path.slice(0, slash + 1);
    const real = fs.realpath(parent);
    if (!real.ok) throw failed(firstMissing(fs, parent), real.error.message);
    at = `${real.value}/${path.slice(slash + 1)}`;
    if (path.endsWith('/')) {
      const named = clean(path).slice(clean(path).lastIndexOf('/') + 1);
      const resolved = real.value.slice(real.value.lastIndexOf('/') + 1);
      if (named !== resolved) rebaseName = named;
    }
  }
  const stat = fs.lstat(at);
  if (!stat.ok) throw failed(at, stat.error.message);
  return { path: at, exists: true, isDirectory: stat.value.type === 'directory', rebaseName };
}

function firstMissing(fs: FileSystem, path: string): string {
  const parts = clean(path).split('/');
  for (let count = 2; count <= parts.length; count++) {
    const prefix = parts.slice(0, count).join('/');
    if (!fs.lstat(prefix).ok) return prefix;
  }
  return clean(path);
}

/** The target of a copy on this machine, links followed (CopyInfoDestinationPath). */
export function destinationInfo(fs: FileSystem, given: string): CopyInfo {
  let path = given;
  for (let count = 0; ; count++) {
    const link = fs.lstat(path);
    if (!link.ok || link.value.type !== 'symlink') break;
    if (count >= 10) throw new CommandError(`too many symlinks in ${JSON.stringify(given)}`);
    const target = fs.readlink(path);
    if (!target.ok) break;
    const [dir] = splitEntry(path);
    path = target.value.startsWith('/') ? target.value : clean(`${dir}/${target.value}`);
  }
  const stat = fs.stat(path);
  if (stat.ok) return { path, exists: true, isDirectory: stat.value.type === 'directory', rebaseName: '' };
  const [parent] = splitEntry(path);
  const folder = fs.stat(parent);
  if (!folder.ok) throw new CommandError(`stat ${parent}: ${folder.error.message.toLowerCase()}`);
  if (folder.value.type !== 'directory') throw new CommandError('not a directory');
  return { path, exists: false, isDirectory: false, rebaseName: '' };
}

/** Where to unpack, and under which name (PrepareArchiveCopy). */
export function prepareCopy(
  members: readonly TarMember[],
  source: CopyInfo,
  target: CopyInfo,
): { readonly folder: string; readonly members: readonly TarMember[] } {
  if (target.exists && target.isDirectory) return { folder: target.path, members };
  if (target.exists && source.isDirectory) throw new CommandError('cannot copy directory');
  if (!target.exists && !source.isDirectory && saysDirectory(target.path)) throw new CommandError('no such directory');
  const [folder, base] = splitEntry(target.path);
  const [, own] = splitEntry(source.path);
  return { folder, members: renamed(members, source.rebaseName === '' ? own : source.rebaseName, base) };
}

/** The first part of each name is another (RebaseArchiveEntries). */
export function renamed(members: readonly TarMember[], from: string, to: string): readonly TarMember[] {
  const old = from === '/' ? '' : from;
  return members.map((member) => ({
    ...member,
    name: member.name.replace(old, () => to),
    ...(member.type === 'hardlink' ? { link: (member.link ?? '').replace(old, () => to) } : {}),
  }));
}
