import type { Git } from '../git';
import { compareBytes, oidOf, zeroOid, type Oid } from '../objects/object';
import type { Repository } from '../repository';
import { flatten, WorkTree } from '../worktree/worktree';
import { similarity } from './similarity';

/** One side of a change: `undefined` where there is no file. */
export interface Side {
  readonly path: string;
  readonly mode: number;
  /** Zeros: in the working tree, not hashed. */
  readonly oid: Oid;
  readonly bytes: () => Uint8Array;
}

export type Status = 'A' | 'D' | 'M' | 'T' | 'R' | 'C' | 'U';

export interface FileChange {
  readonly status: Status;
  readonly before: Side | undefined;
  readonly after: Side | undefined;
  /** Of a rename: per cent. */
  readonly similarity: number;
}

export const pathOf = ({ before, after }: FileChange): string => after?.path ?? before?.path ?? '';

type Files = ReadonlyMap<string, Side>;

export const treeFiles = (repository: Repository, tree: Oid | undefined): Files =>
  new Map([...flatten(repository, tree)].map(([path, { mode, oid }]) => [path, sideOf(repository, path, mode, oid)]));

export function indexFiles(repository: Repository): Files {
  const files = new Map<string, Side>();
  for (const { path, mode, oid, stage, intentToAdd } of repository.index.entries) {
    if ((stage === 0 || stage === 2) && intentToAdd !== true) files.set(path, sideOf(repository, path, mode, oid));
  }
  return files;
}

const sideOf = (repository: Repository, path: string, mode: number, oid: Oid): Side => ({
  path,
  mode,
  oid,
  bytes: () =>
    mode === 0o160000 ? new TextEncoder().encode(`Subproject commit ${oid}\n`) : repository.objects.blob(oid),
});

/** Files of the working tree: only those that the index has. */
export function workFiles(git: Git): Files {
  const { workTree: repository } = git;
  const tree = new WorkTree(git, repository);
  const files = new Map<string, Side>();
  for (const entry of repository.index.entries) {
    if (entry.stage !== 0 && files.has(entry.path)) continue;
    const file = tree.file(entry.path);
    if (file === undefined) continue;
    if (file.mode === 0o160000) {
      files.set(entry.path, sideOf(repository, entry.path, file.mode, entry.oid));
      continue;
    }
    const changed = tree.modified(entry, file);
    files.set(
      entry.path,
      changed
        ? { path: entry.path, mode: file.mode, oid: zeroOid, bytes: () => tree.read(entry.path) }
        : sideOf(repository, entry.path, entry.mode, entry.oid),
    );
  }
  return files;
}

const kind = (mode: number): number => mode & 0o170000;

/** What changed between two sets of files, in the order of paths. */
export function compareFiles(before: Files, after: Files): readonly FileChange[] {
  const changes: FileChange[] = [];
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort(compareBytes)) {
    const [old, young] = [before.get(path), after.get(path)];
    if (old === undefined && young !== undefined)
      changes.push({ status: 'A', before: old, after: young, similarity: 0 });
    else if (old !== undefined && young === undefined)
      changes.push({ status: 'D', before: old, after: young, similarity: 0 });
    else if (old !== undefined && young !== undefined && (old.oid !== young.oid || old.mode !== young.mode)) {
      changes.push({
        status: kind(old.mode) === kind(young.mode) ? 'M' : 'T',
        before: old,
        after: young,
        similarity: 0,
      });
    }
  }
  return changes;
}

const oidOfSide = (side: Side): Oid => (side.oid === zeroOid ? oidOf({ type: 'blob', bytes: side.bytes() }) : side.oid);

/** Finds files that went under one name and came under another, alike by half or more (diffcore-rename). */
export function findRenames(changes: readonly FileChange[], least = 50): readonly FileChange[] {
  const gone = changes.filter(({ status }) => status === 'D');
  const came = changes.filter(({ status, after }) => status === 'A' && after !== undefined && after.bytes().length > 0);
  if (gone.length === 0 || came.length === 0) return changes;
  const pairs = new Map<FileChange, { readonly from: FileChange; readonly similarity: number }>();
  const used = new Set<FileChange>();
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  for (const target of came) {
    const exact = gone.filter(
      (each) =>
        !used.has(each) &&
        each.before !== undefined &&
        target.after !== undefined &&
        kind(each.before.mode) === kind(target.after.mode) &&
        oidOfSide(each.before) === oidOfSide(target.after),
    );
    const source = exact.find((each) => nameOf(pathOf(each)) === nameOf(pathOf(target))) ?? exact[0];
    if (source === undefined) continue;
    used.add(source);
    pairs.set(target, { from: source, similarity: 100 });
  }
  const scored = came
    .filter((target) => !pairs.has(target))
    .flatMap((target) =>
      gone
        .filter((source) => !used.has(source))
        .map((source) => ({
          source,
          target,
          score:
            source.before === undefined ||
            target.after === undefined ||
            kind(source.before.mode) !== kind(target.after.mode)
              ? 0
              : similarity(source.before.bytes(), target.after.bytes()),
          same: nameOf(pathOf(source)) === nameOf(pathOf(target)),
        })),
    )
    .filter(({ score }) => score >= least)
    .sort((a, b) => b.score - a.score || Number(b.same) - Number(a.same));
  for (const { source, target, score } of scored) {
    if (pairs.has(target) || used.has(source)) continue;
    used.add(source);
    pairs.set(target, { from: source, similarity: Math.floor(score) });
  }
  return changes.flatMap((change): readonly FileChange[] => {
    if (used.has(change)) return [];
    const pair = pairs.get(change);
    return pair === undefined
      ? [change]
      : [{ status: 'R', before: pair.from.before, after: change.after, similarity: pair.similarity }];
  });
}
