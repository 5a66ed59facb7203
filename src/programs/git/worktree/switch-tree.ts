import { GitError } from '../error';
import type { Git } from '../git';
import { Index, noStat, type IndexEntry } from '../index/index-file';
import { compareBytes, type Oid } from '../objects/object';
import { flatten, WorkTree } from './worktree';

const shown = (paths: readonly string[]): string => paths.map((path) => `\t${path}\n`).join('');

/** Takes index and working tree from one tree to another, keeping local changes where the trees are alike (two-way merge). */
export function switchTree(
  git: Git,
  from: Oid | undefined,
  to: Oid | undefined,
  verb: 'checkout' | 'merge' | 'reset' = 'checkout',
): void {
  const repository = git.workTree;
  const tree = new WorkTree(git, repository);
  const { index } = repository;
  const before = flatten(repository, from);
  const after = flatten(repository, to);
  const [changed, obstacles]: [string[], string[]] = [[], []];
  const writes: IndexEntry[] = [];
  const removals: string[] = [];
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort(compareBytes)) {
    const [old, young] = [before.get(path), after.get(path)];
    if (old?.oid === young?.oid && old?.mode === young?.mode) continue;
    const entry = index.get(path);
    const file = tree.file(path);
    const dirty = entry !== undefined && file !== undefined && tree.modified(entry, file);
    const staged = entry?.oid !== old?.oid || entry?.mode !== old?.mode;
    const there = young !== undefined && entry?.oid === young.oid && entry.mode === young.mode;
    if (there) continue;
    if (entry === undefined) {
      if (old !== undefined && young === undefined) continue;
      if (
        file !== undefined &&
        young !== undefined &&
        !tree.ignore.ignores(path, false) &&
        tree.hash(path) !== young.oid
      ) {
        obstacles.push(path);
        continue;
      }
      if (old !== undefined) changed.push(path);
    } else if (staged || dirty) {
      changed.push(path);
      continue;
    }
    if (young === undefined) removals.push(path);
    else writes.push({ ...noStat, path, mode: young.mode, oid: young.oid, stage: 0 });
  }
  const action = verb === 'merge' ? 'merge' : 'checkout';
  if (changed.length > 0) {
    throw new GitError(
      `error: Your local changes to the following files would be overwritten by ${action}:\n${shown(changed)}` +
        `Please commit your changes or stash them before you ${verb === 'merge' ? 'merge' : 'switch branches'}.\nAborting`,
      verb === 'merge' ? 1 : 1,
      '',
    );
  }
  if (obstacles.length > 0) {
    throw new GitError(
      `error: The following untracked working tree files would be overwritten by ${action}:\n${shown(obstacles)}` +
        `Please move or remove them before you ${verb === 'merge' ? 'merge' : 'switch branches'}.\nAborting`,
      1,
      '',
    );
  }
  for (const path of removals) {
    tree.remove(path);
    index.remove(path);
  }
  for (const entry of writes) index.set(tree.checkout(entry));
  repository.saveIndex();
}

/** Makes index and working tree exactly a tree; local changes are lost (`reset --hard`, `checkout -f`). */
export function forceTree(git: Git, to: Oid | undefined): void {
  const repository = git.workTree;
  const tree = new WorkTree(git, repository);
  const after = flatten(repository, to);
  for (const path of repository.index.paths) if (!after.has(path)) tree.remove(path);
  const entries = [...after].map(([path, { mode, oid }]): IndexEntry => {
    const entry: IndexEntry = { ...noStat, path, mode, oid, stage: 0 };
    const known = repository.index.get(path);
    const file = tree.file(path);
    const same = known?.oid === oid && known.mode === mode && file !== undefined && !tree.modified(known, file);
    return same ? known : tree.checkout(entry);
  });
  repository.saveIndex(new Index(entries));
}
