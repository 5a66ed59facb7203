import type { FileSystem, Stat } from '../../linux/fs/types';
import type { Container } from './container';
import type { Engine } from './engine';

export type ChangeKind = 'modified' | 'added' | 'deleted';

export interface Change {
  readonly path: string;
  readonly kind: ChangeKind;
}

/** What a container changed in its image's files: the upper directory of its overlay against the lower ones. */
export function changesOf({ options: { host } }: Engine, { snapshot }: Container): readonly Change[] {
  return overlayChanges(host.fs, snapshot.upper, snapshot.lowers);
}

/**
 * The difference that an overlay's upper directory makes, told as moby's archive.ChangesDirs tells it: of directories
 * owner and mode count, of other files also size and time; a directory is told before what changed in it, and what is
 * deleted comes last. `lowers`: topmost first.
 */
export function overlayChanges(fs: FileSystem, upper: string, lowers: readonly string[]): readonly Change[] {
  const changes: Change[] = [];
  const roots = lowers.flatMap((path) => {
    const real = fs.realpath(path);
    return real.ok ? [real.value] : [];
  });
  inDirectory(fs, '', upper, roots, changes);
  return changes;
}

function inDirectory(fs: FileSystem, path: string, upper: string, lowers: readonly string[], changes: Change[]): void {
  const opaque = isOpaque(fs, upper);
  const listed = fs.readdir(upper);
  const names = listed.ok ? listed.value.map(({ name }) => name) : [];
  const kept: (() => void)[] = [];
  const added: (() => void)[] = [];
  const deleted = new Set<string>();
  for (const name of names) {
    const at = `${upper}/${name}`;
    const stat = fs.lstat(at);
    if (!stat.ok) continue;
    const old = lookup(fs, lowers, name);
    const own = `${path}/${name}`;
    if (isWhiteout(stat.value)) {
      if (old !== undefined) deleted.add(own);
    } else if (old === undefined) added.push(() => addAll(fs, own, at, stat.value, changes));
    else kept.push(() => changed(fs, own, at, stat.value, old, changes));
  }
  if (opaque) for (const name of namesIn(fs, lowers)) if (!names.includes(name)) deleted.add(`${path}/${name}`);
  for (const act of [...kept, ...added]) act();
  for (const own of deleted) changes.push({ path: own, kind: 'deleted' });
}

interface Lower {
  readonly stat: Stat;
  /** The lower directories that are merged here, if it is one. */
  readonly folders: readonly string[];
}

function changed(fs: FileSystem, path: string, at: string, stat: Stat, old: Lower, changes: Change[]): void {
  const start = changes.length;
  const differs = statDiffers(old.stat, stat);
  if (differs) changes.push({ path, kind: 'modified' });
  if (stat.type === 'directory') inDirectory(fs, path, at, old.folders, changes);
  else for (const name of namesIn(fs, old.folders)) changes.push({ path: `${path}/${name}`, kind: 'deleted' });
  if (!differs && changes.length > start && stat.type === 'directory')
    changes.splice(start, 0, { path, kind: 'modified' });
}

function addAll(fs: FileSystem, path: string, at: string, stat: Stat, changes: Change[]): void {
  changes.push({ path, kind: 'added' });
  if (stat.type !== 'directory') return;
  const listed = fs.readdir(at);
  for (const { name } of listed.ok ? listed.value : []) {
    const below = fs.lstat(`${at}/${name}`);
    if (below.ok && !isWhiteout(below.value)) addAll(fs, `${path}/${name}`, `${at}/${name}`, below.value, changes);
  }
}

function statDiffers(a: Stat, b: Stat): boolean {
  if (a.type !== b.type || a.mode !== b.mode || a.uid !== b.uid || a.gid !== b.gid) return true;
  if (a.rdev?.major !== b.rdev?.major || a.rdev?.minor !== b.rdev?.minor) return true;
  return a.type !== 'directory' && (a.mtime !== b.mtime || a.size !== b.size);
}

const isWhiteout = ({ type, rdev }: Stat): boolean => type === 'char' && rdev?.major === 0 && rdev.minor === 0;

function isOpaque(fs: FileSystem, path: string): boolean {
  const mark = fs.getxattr(path, 'trusted.overlay.opaque');
  return mark.ok && mark.value === 'y';
}

/** What the lower layers show under a name, by overlayfs' rules. */
function lookup(fs: FileSystem, lowers: readonly string[], name: string): Lower | undefined {
  const folders: string[] = [];
  let first: Stat | undefined;
  for (const lower of lowers) {
    const at = `${lower}/${name}`;
    const stat = fs.lstat(at);
    if (!stat.ok) continue;
    if (isWhiteout(stat.value)) break;
    if (stat.value.type !== 'directory') {
      first ??= stat.value;
      break;
    }
    first ??= stat.value;
    folders.push(at);
    if (isOpaque(fs, at)) break;
  }
  return first === undefined ? undefined : { stat: first, folders };
}

function namesIn(fs: FileSystem, lowers: readonly string[]): readonly string[] {
  const seen = new Map<string, boolean>();
  for (const lower of lowers) {
    const listed = fs.readdir(lower);
    for (const { name, type } of listed.ok ? listed.value : []) {
      if (seen.has(name)) continue;
      const stat = type === 'char' ? fs.lstat(`${lower}/${name}`) : undefined;
      seen.set(name, !(stat?.ok === true && isWhiteout(stat.value)));
    }
  }
  return [...seen].filter(([, shown]) => shown).map(([name]) => name);
}
