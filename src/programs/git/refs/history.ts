import { whenOf } from '../date';
import type { Commit, Oid } from '../objects/object';
import type { ObjectStore } from '../objects/store';

const timeOf = ({ committer }: Commit): number => whenOf(committer).seconds;

/** Puts a commit where its date says, behind those of the same date (commit_list_insert_by_date). */
function insert(queue: Commit[], commit: Commit): void {
  const time = timeOf(commit);
  let at = 0;
  while (at < queue.length && timeOf(queue[at] ?? commit) >= time) at++;
  queue.splice(at, 0, commit);
}

export interface WalkOptions {
  readonly exclude?: readonly Oid[];
  readonly firstParent?: boolean;
}

/** Commits that can be reached, newest first, without those that `exclude` reaches. */
export function reachable(
  objects: ObjectStore,
  from: readonly Oid[],
  { exclude = [], firstParent = false }: WalkOptions = {},
): readonly Commit[] {
  const hidden = exclude.length === 0 ? new Set<Oid>() : ancestors(objects, exclude);
  const seen = new Set<Oid>();
  const queue: Commit[] = [];
  const add = (oid: Oid): void => {
    if (seen.has(oid) || hidden.has(oid)) return;
    seen.add(oid);
    insert(queue, objects.commit(oid));
  };
  for (const oid of from) add(oid);
  const found: Commit[] = [];
  for (let commit = queue.shift(); commit !== undefined; commit = queue.shift()) {
    found.push(commit);
    for (const parent of firstParent ? commit.parents.slice(0, 1) : commit.parents) add(parent);
  }
  return found;
}

/** Commits and all that they come from. */
export function ancestors(objects: ObjectStore, from: readonly Oid[]): Set<Oid> {
  const seen = new Set<Oid>();
  const stack = [...from];
  for (let oid = stack.pop(); oid !== undefined; oid = stack.pop()) {
    if (seen.has(oid) || !objects.has(oid)) continue;
    seen.add(oid);
    stack.push(...objects.commit(oid).parents);
  }
  return seen;
}

/** No parent before all its children (`--topo-order`, `--graph`): a line of history is followed to its end. */
export function topological(commits: readonly Commit[]): readonly Commit[] {
  const byOid = new Map(commits.map((commit) => [commit.oid, commit]));
  const children = new Map<Oid, number>();
  for (const { parents } of commits) {
    for (const parent of parents) if (byOid.has(parent)) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  // Tips in their order; the queue is a stack (sort_in_topological_order with REV_SORT_IN_GRAPH_ORDER).
  const stack = commits.filter(({ oid }) => !children.has(oid)).reverse();
  const sorted: Commit[] = [];
  for (let commit = stack.pop(); commit !== undefined; commit = stack.pop()) {
    sorted.push(commit);
    for (const parent of commit.parents) {
      const left = (children.get(parent) ?? 0) - 1;
      children.set(parent, left);
      const next = byOid.get(parent);
      if (left === 0 && next !== undefined) stack.push(next);
    }
  }
  return sorted;
}

export const isAncestor = (objects: ObjectStore, ancestor: Oid, of: Oid): boolean =>
  ancestors(objects, [of]).has(ancestor);

/** The best common ancestors of two commits: those that no other common ancestor comes from. */
export function mergeBases(objects: ObjectStore, ours: Oid, theirs: Oid): readonly Oid[] {
  const common = ancestors(objects, [ours]);
  const other = ancestors(objects, [theirs]);
  const both = [...common].filter((oid) => other.has(oid));
  const below = new Set<Oid>();
  for (const oid of both) {
    for (const each of ancestors(objects, objects.commit(oid).parents)) below.add(each);
  }
  return both
    .filter((oid) => !below.has(oid))
    .map((oid) => objects.commit(oid))
    .sort((a, b) => timeOf(b) - timeOf(a))
    .map(({ oid }) => oid);
}

/** How many commits each has that the other has not. */
export function aheadBehind(objects: ObjectStore, ours: Oid, theirs: Oid): readonly [number, number] {
  const mine = ancestors(objects, [ours]);
  const other = ancestors(objects, [theirs]);
  return [[...mine].filter((oid) => !other.has(oid)).length, [...other].filter((oid) => !mine.has(oid)).length];
}
