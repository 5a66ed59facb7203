import type { FileSystem } from '../../../linux/fs/types';
import { readTar } from '../../archive/untar';
import { resolveUser } from '../../runc/user';
import { BuildFailure } from '../dockerfile/source';
import { PatternMatcher } from '../patternmatcher';
import { Copier, join, must, parent } from './copy';
import { matching } from './glob';
import type { CopyAction, MkdirAction } from './types';
import { unpack } from './unpack';

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** WORKDIR's folder, with those above it. */
export function makeFolder(fs: FileSystem, { path, user }: MkdirAction): void {
  const owner = ownerOf(fs, user);
  const make = (folder: string): void => {
    if (folder === '/' || fs.stat(folder).ok) return;
    make(parent(folder));
    must(fs.mkdir(folder, 0o755));
    fs.chown(folder, owner.uid, owner.gid);
  };
  make(path);
}

/** `user[:group]` of --chown, names as the tree that is built knows them. */
function ownerOf(fs: FileSystem, spec: string): Owner {
  if (spec === '') return { uid: 0, gid: 0 };
  const [, numeric] = /^(\d+)$/.exec(spec) ?? [];
  if (numeric !== undefined) return { uid: Number(numeric), gid: Number(numeric) };
  const both = /^(\d+):(\d+)$/.exec(spec);
  if (both !== null) return { uid: Number(both[1]), gid: Number(both[2]) };
  const found = resolveUser(fs, '', spec);
  if (found.ok) return found.value;
  const [name = ''] = spec.split(':');
  throw new BuildFailure(`failed to convert user ${name}: ${found.error}`);
}

/** One source of ADD or COPY. */
export function copyAction(from: FileSystem, to: FileSystem, action: CopyAction): void {
  const { source, target, chown, chmod, wildcard, contentsOnly, required } = action;
  for (const path of required) if (!from.lstat(path).ok) throw notThere(path);
  const sources = wildcard ? matching(from, source) : [source];
  const owner = chown === '' ? undefined : ownerOf(to, chown);
  for (const path of sources) {
    if (action.unpack && unpackInto(from, to, path, target, owner)) continue;
    const copier = new Copier(from, to, { owner, chmod, keep: keepOf(action, path), contentsOnly });
    copier.copy(path, target);
  }
}

/** Which paths below the source are taken: `--exclude`, and with `--parents` only what was named. */
export function keepOf({ exclude, include }: CopyAction, source: string): (below: string) => boolean {
  if (exclude.length === 0 && include.length === 0) return () => true;
  const excluded = matcherOf(exclude);
  const included = matcherOf(include);
  const name = source.split('/').pop() ?? '';
  return (below) =>
    (include.length === 0 || included.matches(below)) &&
    !excluded.matches(below) &&
    !excluded.matches(join(name, below));
}

function matcherOf(patterns: readonly string[]): PatternMatcher {
  const made = PatternMatcher.create(patterns);
  if (!made.ok) throw new BuildFailure(made.error);
  return made.value;
}

export const notThere = (path: string): BuildFailure => new BuildFailure(`${JSON.stringify(path)}: not found`);

/** ADD of a local archive: what is in it, instead of itself. False where it is none. */
function unpackInto(
  from: FileSystem,
  to: FileSystem,
  source: string,
  target: string,
  owner: Owner | undefined,
): boolean {
  const stat = from.stat(source);
  if (!stat.ok || stat.value.type !== 'file') return false;
  const bytes = must(from.readFile(source));
  if (!isArchive(bytes)) return false;
  const members = readTar(bytes);
  if (!members.ok) return false;
  unpack(to, target, members.value, owner);
  return true;
}

/** gzip, or the mark of a tar header. bzip2 and xz are not unpacked in this world. */
function isArchive(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return true;
  return String.fromCharCode(...bytes.subarray(257, 262)) === 'ustar';
}
