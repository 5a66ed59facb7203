import { findRenames, compareFiles, treeFiles } from '../diff/tree-diff';
import { isBinary } from '../diff/patch';
import { mergeFile, type Labels } from '../diff/merge-file';
import { GitError } from '../error';
import type { Git } from '../git';
import { noStat, type IndexEntry } from '../index/index-file';
import { compareBytes, type Oid } from '../objects/object';
import { dropObstacles } from '../commands/add';
import { flatten, WorkTree } from './worktree';

interface Blob {
  readonly mode: number;
  readonly oid: Oid;
}
type Files = Map<string, Blob>;

export interface MergeOptions extends Labels {
  readonly favor?: 'ours' | 'theirs';
}

/** What merging came to: messages for the user, and whether all went well. */
export interface MergeResult {
  readonly clean: boolean;
  readonly messages: readonly string[];
}

const same = (a: Blob | undefined, b: Blob | undefined): boolean => a?.oid === b?.oid && a?.mode === b?.mode;

/** Files that a side renamed: new names by old ones. */
function renamesOf(git: Git, base: Oid | undefined, side: Oid): ReadonlyMap<string, string> {
  const { repository } = git;
  const changes = findRenames(compareFiles(treeFiles(repository, base), treeFiles(repository, side)));
  return new Map(
    changes.flatMap(({ status, before, after }) =>
      status === 'R' && before !== undefined && after !== undefined ? [[before.path, after.path] as const] : [],
    ),
  );
}

/** Follows renames: what one side renamed and the other changed is merged under the new name. */
function follow(base: Files, files: Files, other: Files, renames: ReadonlyMap<string, string>): void {
  for (const [from, to] of renames) {
    const changed = other.get(from);
    if (changed === undefined || other.has(to)) continue;
    const old = base.get(from);
    if (old !== undefined) base.set(to, old);
    other.set(to, changed);
    base.delete(from);
    other.delete(from);
    files.delete(from);
  }
}

/**
 * Merges a tree into what is checked out: index and working tree get the result, conflicts with their markers. Messages
 * are those of merge-ort.
 */
export function mergeTrees(
  git: Git,
  baseTree: Oid | undefined,
  oursTree: Oid,
  theirsTree: Oid,
  options: MergeOptions,
): MergeResult {
  const repository = git.workTree;
  const tree = new WorkTree(git, repository);
  const { index, objects } = repository;
  const base = flatten(repository, baseTree) as Files;
  const ours = flatten(repository, oursTree) as Files;
  const theirs = flatten(repository, theirsTree) as Files;
  const before = new Map(ours);
  const [oursRenames, theirsRenames] = [renamesOf(git, baseTree, oursTree), renamesOf(git, baseTree, theirsTree)];
  follow(base, ours, theirs, oursRenames);
  follow(base, theirs, ours, theirsRenames);
  const messages: string[] = [];
  const results: {
    readonly path: string;
    readonly blob: Blob | undefined;
    readonly stages: readonly (Blob | undefined)[] | undefined;
    readonly bytes?: Uint8Array;
  }[] = [];
  const read = (blob: Blob | undefined): Uint8Array =>
    blob === undefined ? new Uint8Array(0) : objects.blob(blob.oid);
  for (const path of [...new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])].sort(compareBytes)) {
    const [o, a, b] = [base.get(path), ours.get(path), theirs.get(path)];
    if (same(a, b) || same(o, b)) {
      results.push({ path, blob: a, stages: undefined });
      continue;
    }
    if (same(o, a)) {
      results.push({ path, blob: b, stages: undefined });
      continue;
    }
    if (a !== undefined && b !== undefined) {
      const mode = o !== undefined && a.mode === o.mode ? b.mode : a.mode;
      if (isBinary(read(a)) || isBinary(read(b))) {
        messages.push(
          `warning: Cannot merge binary files: ${path} (${options.ours} vs. ${options.theirs})`,
          `Auto-merging ${path}`,
          `CONFLICT (${o === undefined ? 'add/add' : 'content'}): Merge conflict in ${path}`,
        );
        results.push({ path, blob: a, stages: [o, a, b], bytes: read(a) });
        continue;
      }
      const merged = mergeFile(read(o), read(a), read(b), options, options.favor);
      messages.push(`Auto-merging ${path}`);
      if (merged.conflicts > 0) {
        messages.push(`CONFLICT (${o === undefined ? 'add/add' : 'content'}): Merge conflict in ${path}`);
        results.push({ path, blob: { mode, oid: a.oid }, stages: [o, a, b], bytes: merged.bytes });
      } else results.push({ path, blob: { mode, oid: objects.writeBlob(merged.bytes) }, stages: undefined });
      continue;
    }
    const kept = a ?? b;
    const [gone, still] = a === undefined ? [options.ours, options.theirs] : [options.theirs, options.ours];
    messages.push(
      `CONFLICT (modify/delete): ${path} deleted in ${gone} and modified in ${still}.  Version ${still} of ${path} left in tree.`,
    );
    results.push({ path, blob: kept, stages: [o, a, b], bytes: read(kept) });
  }
  refuse(git, tree, before, results);
  for (const { path, blob, stages, bytes } of results) {
    const old = before.get(path);
    if (stages === undefined) {
      if (blob === undefined) {
        if (old !== undefined || index.has(path)) {
          tree.remove(path);
          index.remove(path);
        }
      } else if (!same(old, blob) || index.get(path)?.oid !== blob.oid) {
        dropObstacles(index, path);
        index.set(tree.checkout({ ...noStat, path, ...blob, stage: 0 }));
      }
      continue;
    }
    index.remove(path);
    stages.forEach((each, stage) => {
      if (each !== undefined) index.set({ ...noStat, path, ...each, stage: stage + 1 } satisfies IndexEntry);
    });
    if (blob !== undefined && bytes !== undefined) tree.write(path, blob.mode, bytes);
  }
  for (const path of before.keys()) {
    if (results.some((each) => each.path === path)) continue;
    tree.remove(path);
    index.remove(path);
  }
  repository.saveIndex();
  return { clean: !results.some(({ stages }) => stages !== undefined), messages };
}

/** Nothing that is not committed may get lost. */
function refuse(
  git: Git,
  tree: WorkTree,
  before: Files,
  results: readonly { readonly path: string; readonly blob: Blob | undefined; readonly stages: unknown }[],
): void {
  const { index } = git.repository;
  const [changed, obstacles]: [string[], string[]] = [[], []];
  for (const { path, blob, stages } of results) {
    const old = before.get(path);
    if (stages === undefined && same(old, blob)) continue;
    const entry = index.get(path);
    const file = tree.file(path);
    if (entry !== undefined && file !== undefined && tree.modified(entry, file)) changed.push(path);
    else if (
      entry === undefined &&
      old === undefined &&
      file !== undefined &&
      blob !== undefined &&
      tree.hash(path) !== blob.oid
    )
      obstacles.push(path);
  }
  const list = (paths: readonly string[]): string => paths.map((path) => `\t${path}\n`).join('');
  if (changed.length > 0) {
    throw new GitError(
      `error: Your local changes to the following files would be overwritten by merge:\n${list(changed)}Please commit your changes or stash them before you merge.\nAborting`,
      1,
      '',
    );
  }
  if (obstacles.length > 0) {
    throw new GitError(
      `error: The following untracked working tree files would be overwritten by merge:\n${list(obstacles)}Please move or remove them before you merge.\nAborting`,
      1,
      '',
    );
  }
}
