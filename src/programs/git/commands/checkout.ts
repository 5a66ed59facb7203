import { parseArguments, type Arguments } from '../arguments';
import { failure, fatal, GitError } from '../error';
import type { Git } from '../git';
import { noStat } from '../index/index-file';
import type { Oid } from '../objects/object';
import { ancestors, reachable } from '../refs/history';
import { isRefName } from '../refs/refs';
import { fullName, previousBranch, resolveCommit, tryResolve } from '../refs/revision';
import { Pathspec } from '../worktree/pathspec';
import { forceTree, switchTree } from '../worktree/switch-tree';
import { flatten, WorkTree } from '../worktree/worktree';
import { statusData, tracking } from './status';
import { setUpstream } from './branch';

const subject = (message: string): string => message.split('\n')[0] ?? '';

/** `M\tfile` for what is still changed. */
function localChanges(git: Git): string {
  const data = statusData(git, { untracked: 'no' });
  const lines = new Map<string, string>();
  for (const change of data.staged) {
    if (change.status === 'R') {
      lines.set(change.before?.path ?? '', 'D');
      lines.set(change.after?.path ?? '', 'A');
    } else lines.set(change.after?.path ?? change.before?.path ?? '', change.status);
  }
  for (const [letter, path] of data.unstaged) if (!lines.has(path) || letter === 'D') lines.set(path, letter);
  return [...lines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, letter]) => `${letter}\t${path}\n`)
    .join('');
}

const detachedAdvice = (name: string): string => `Note: switching to '${name}'.

You are in 'detached HEAD' state. You can look around, make experimental
changes and commit them, and you can discard any commits you make in this
state without impacting any branches by switching back to a branch.

If you want to create a new branch to retain commits you create, you may
do so (now or later) by using -c with the switch command. Example:

  git switch -c <new-branch-name>

Or undo this operation with:

  git switch -

Turn off this advice by setting config variable advice.detachedHead to false

`;

/** What is said on leaving a detached HEAD: where it was, and whether commits get lost. */
function leaving(git: Git, to: Oid): string {
  const { refs, objects } = git.repository;
  const { head } = refs;
  if (head === undefined || refs.branch !== undefined || head === to) return '';
  const kept = ancestors(objects, [
    to,
    ...refs
      .list()
      .map(({ oid }) => objects.peel(oid))
      .filter((oid) => objects.find(oid)?.type === 'commit'),
  ]);
  const line = (oid: Oid): string => `${objects.abbreviate(oid)} ${subject(objects.commit(oid).message)}`;
  if (kept.has(head)) return `Previous HEAD position was ${line(head)}\n`;
  const lost = reachable(objects, [head], { exclude: [...kept] });
  const count = lost.length === 1 ? '1 commit' : `${lost.length} commits`;
  const listed = lost
    .slice(0, 4)
    .map(({ oid }) => `  ${line(oid)}\n`)
    .join('');
  const more = lost.length > 4 ? ` ... and ${lost.length - 4} more.\n` : '';
  return (
    `Warning: you are leaving ${count} behind, not connected to\nany of your branches:\n\n${listed}${more}\n` +
    `If you want to keep ${lost.length === 1 ? 'it' : 'them'} by creating a new branch, this may be a good time\nto do so with:\n\n git branch <new-branch-name> ${objects.abbreviate(head)}\n\n`
  );
}

interface Target {
  /** A branch's full name; undefined: HEAD is detached. */
  readonly branch: string | undefined;
  readonly oid: Oid;
  readonly label: string;
}

/** Moves HEAD, index and working tree. */
function switchTo(
  git: Git,
  target: Target,
  {
    force,
    quiet,
    created,
    silent = false,
    detach = false,
  }: {
    readonly force: boolean;
    readonly quiet: boolean;
    readonly created: 'new' | 'reset' | undefined;
    readonly silent?: boolean;
    readonly detach?: boolean;
  },
): number {
  const repository = git.workTree;
  const { refs, objects } = repository;
  const { head } = refs;
  if (repository.index.unmerged.length > 0 && !force) {
    const said = repository.index.unmerged.map((path) => `${path}: needs merge\n`).join('');
    throw new GitError(`${said}error: you need to resolve your current index first`, 1, '');
  }
  if (force) forceTree(git, objects.treeOf(target.oid));
  else if (head !== target.oid)
    switchTree(git, head === undefined ? undefined : objects.treeOf(head), objects.treeOf(target.oid));
  const from = refs.branch ?? head ?? '';
  const was = refs.symbolic('HEAD');
  const farewell = was === undefined ? leaving(git, target.oid) : '';
  const person = git.identityOrUnknown('COMMITTER');
  if (target.branch === undefined) refs.detach(target.oid);
  else refs.setSymbolic('HEAD', target.branch);
  refs.appendLog('HEAD', head, target.oid, person, `checkout: moving from ${from} to ${target.label}`);
  if (quiet) return 0;
  if (!silent) git.out(localChanges(git));
  git.err(farewell);
  if (target.branch === undefined) {
    if (was !== undefined && !detach && git.config.get('advice.detachedhead') !== 'false')
      git.err(detachedAdvice(target.label));
    git.err(`HEAD is now at ${objects.abbreviate(target.oid)} ${subject(objects.commit(target.oid).message)}\n`);
  } else {
    const name = target.branch.replace('refs/heads/', '');
    if (created === 'new') git.err(`Switched to a new branch '${name}'\n`);
    else if (created === 'reset')
      git.err(was === target.branch ? `Reset branch '${name}'\n` : `Switched to and reset branch '${name}'\n`);
    else if (was === target.branch) git.err(`Already on '${name}'\n`);
    else git.err(`Switched to branch '${name}'\n`);
    if (created !== 'new') git.out(tracking(git));
  }
  return 0;
}

/** Creates a branch and switches to it. */
function createBranch(git: Git, name: string, start: string | undefined, parsed: Arguments, reset: boolean): number {
  const { repository } = git;
  const { refs } = repository;
  if (!isRefName(name)) fatal(`'${name}' is not a valid branch name`);
  const full = `refs/heads/${name}`;
  if (refs.read(full) !== undefined && !reset) fatal(`a branch named '${name}' already exists`);
  if (start === undefined && refs.head === undefined) {
    refs.setSymbolic('HEAD', full);
    git.err(`Switched to a new branch '${name}'\n`);
    return 0;
  }
  const oid = resolveCommit(
    git,
    start ?? 'HEAD',
    `'${start ?? 'HEAD'}' is not a commit and a branch '${name}' cannot be created from it`,
  );
  const existed = refs.read(full) !== undefined;
  const { head } = refs;
  if (head !== oid)
    switchTree(git, head === undefined ? undefined : repository.objects.treeOf(head), repository.objects.treeOf(oid));
  const remote = start === undefined ? undefined : fullName(repository, start);
  refs.update(
    full,
    oid,
    git.identityOrUnknown('COMMITTER'),
    `branch: ${existed ? 'Reset' : 'Created from'} ${existed ? `to ${start ?? 'HEAD'}` : (start ?? 'HEAD')}`,
  );
  const tracks = remote?.startsWith('refs/remotes/') === true && parsed.choice('t') !== false;
  if (tracks && remote !== undefined) git.out(setUpstream(git, name, remote));
  return switchTo(
    git,
    { branch: full, oid, label: name },
    { force: false, quiet: parsed.has('q'), created: existed ? 'reset' : 'new', silent: start === undefined },
  );
}

/** A branch that only a remote has, to be followed. */
function guess(git: Git, name: string): string | undefined {
  const found = git.repository.refs
    .list('refs/remotes/')
    .filter((ref) => ref.name.split('/').slice(3).join('/') === name);
  return found.length === 1 ? found[0]?.name : undefined;
}

export function checkout(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags:
      'q/quiet f/force d/detach t/track m/merge p/patch ours theirs guess progress l ignore-skip-worktree-bits overlay ignore-other-worktrees overwrite-ignore',
    values: 'b B orphan conflict',
    usage: 'usage: git checkout [<options>] <branch>\n   or: git checkout [<options>] [<branch>] -- <file>...\n',
  });
  const { repository } = git;
  const { refs } = repository;
  const orphan = parsed.value('orphan');
  if (orphan !== undefined) return startOrphan(git, orphan);
  const [first, ...others] = parsed.operands;
  for (const option of ['b', 'B'] as const) {
    const name = parsed.value(option);
    if (name !== undefined) return createBranch(git, name, first, parsed, option === 'B');
  }
  if (parsed.paths !== undefined && (parsed.paths.length > 0 || others.length > 0)) {
    return checkoutPaths(git, first, [...others, ...parsed.paths], parsed);
  }
  if (first === undefined) {
    if (parsed.has('f') && refs.head !== undefined) forceTree(git, repository.objects.treeOf(refs.head));
    else git.out(localChanges(git));
    git.out(tracking(git));
    return 0;
  }
  const oid = tryResolve(git, first);
  if (others.length > 0)
    return oid === undefined
      ? checkoutPaths(git, undefined, [first, ...others], parsed)
      : checkoutPaths(git, first, others, parsed);
  if (oid === undefined) {
    const remote = parsed.choice('guess') === false ? undefined : guess(git, first);
    const there = git.fs.lstat(git.absolute(first)).ok;
    if (remote !== undefined && !there)
      return createBranch(git, first, remote.replace('refs/remotes/', ''), parsed, false);
    return checkoutPaths(git, undefined, [first], parsed);
  }
  return switchByName(git, first, oid, { force: parsed.has('f'), quiet: parsed.has('q'), detach: parsed.has('d') });
}

function switchByName(
  git: Git,
  given: string,
  oid: Oid,
  { force, quiet, detach }: { readonly force: boolean; readonly quiet: boolean; readonly detach: boolean },
): number {
  const { repository } = git;
  const previous =
    given === '-'
      ? previousBranch(repository, 1)?.name
      : /^@\{-(\d+)\}$/.exec(given) !== null
        ? previousBranch(repository, Number(given.slice(3, -1)))?.name
        : undefined;
  const name = previous ?? given;
  const commit = repository.objects.peel(oid);
  if (repository.objects.find(commit)?.type !== 'commit') fatal(`reference is not a tree: ${given}`);
  const branch = `refs/heads/${name}`;
  const isBranch = repository.refs.read(branch) !== undefined && !detach;
  return switchTo(
    git,
    { branch: isBranch ? branch : undefined, oid: commit, label: name },
    { force, quiet, created: undefined, detach },
  );
}

function startOrphan(git: Git, name: string): number {
  const { refs } = git.repository;
  if (refs.read(`refs/heads/${name}`) !== undefined) fatal(`a branch named '${name}' already exists`);
  refs.setSymbolic('HEAD', `refs/heads/${name}`);
  git.err(`Switched to a new branch '${name}'\n`);
  return 0;
}

/** Files out of the index, or out of a commit (which puts them into the index too). */
function checkoutPaths(git: Git, source: string | undefined, given: readonly string[], parsed: Arguments): number {
  const repository = git.workTree;
  const tree = new WorkTree(git, repository);
  const { index, objects } = repository;
  const paths = new Pathspec(git, given);
  if (source !== undefined) {
    const oid = tryResolve(git, source) ?? fatal(`invalid reference: ${source}`);
    const files = flatten(repository, objects.treeOf(oid));
    const missing = paths.unmatched([...files.keys()]);
    if (missing !== undefined) failure(`pathspec '${missing}' did not match any file(s) known to git`);
    let count = 0;
    for (const [path, { mode, oid: blob }] of files) {
      if (!paths.matches(path)) continue;
      const entry = index.get(path);
      const file = tree.file(path);
      if (entry?.oid !== blob || entry.mode !== mode || file === undefined || tree.modified(entry, file)) count++;
      index.set(tree.checkout({ ...noStat, path, mode, oid: blob, stage: 0 }));
    }
    repository.saveIndex();
    const short = objects.abbreviate(objects.treeOf(oid));
    const commit = objects.find(objects.peel(oid))?.type === 'commit' ? objects.abbreviate(objects.peel(oid)) : short;
    if (!parsed.has('q') && parsed.paths === undefined)
      git.err(`Updated ${count} path${count === 1 ? '' : 's'} from ${commit}\n`);
    return 0;
  }
  const missing = paths.unmatched(index.paths);
  if (missing !== undefined) failure(`pathspec '${missing}' did not match any file(s) known to git`);
  const side = parsed.has('ours') ? 2 : parsed.has('theirs') ? 3 : 0;
  const unmerged = index.unmerged.filter((path) => paths.matches(path));
  if (unmerged.length > 0 && side === 0 && !parsed.has('f') && !parsed.has('m')) {
    throw new GitError(unmerged.map((path) => `error: path '${path}' is unmerged`).join('\n'), 1, '');
  }
  let count = 0;
  for (const path of index.paths.filter((each) => paths.matches(each))) {
    const entry = index.get(path) ?? index.get(path, side);
    if (entry === undefined) continue;
    const file = tree.file(path);
    if (entry.stage === 0 && file !== undefined && !tree.modified(entry, file)) continue;
    count++;
    const made = tree.checkout(entry);
    if (entry.stage === 0) index.set(made);
  }
  repository.saveIndex();
  if (!parsed.has('q') && parsed.paths === undefined)
    git.err(`Updated ${count} path${count === 1 ? '' : 's'} from the index\n`);
  return 0;
}

export function switchCommand(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 'q/quiet f/force/discard-changes d/detach t/track guess m/merge progress ignore-other-worktrees',
    values: 'c/create C/force-create orphan conflict',
    usage: 'usage: git switch [<options>] [<branch>]\n',
  });
  const orphan = parsed.value('orphan');
  if (orphan !== undefined) return startOrphan(git, orphan);
  const [first, second] = parsed.all;
  for (const option of ['c', 'C'] as const) {
    const name = parsed.value(option);
    if (name !== undefined) return createBranch(git, name, first, parsed, option === 'C');
  }
  if (first === undefined)
    return parsed.has('d')
      ? switchByName(git, 'HEAD', resolveCommit(git, 'HEAD'), { force: false, quiet: parsed.has('q'), detach: true })
      : fatal('missing branch or commit argument');
  if (second !== undefined) fatal('only one reference expected');
  const { repository } = git;
  const oid = tryResolve(git, first);
  const isBranch = first === '-' || repository.refs.read(`refs/heads/${first}`) !== undefined;
  if (oid === undefined || !isBranch) {
    const remote = guess(git, first);
    if (remote !== undefined && !parsed.has('d'))
      return createBranch(git, first, remote.replace('refs/remotes/', ''), parsed, false);
    if (oid === undefined) return fatal(`invalid reference: ${first}`);
    if (!parsed.has('d')) {
      const full = fullName(repository, first);
      const kind = full?.startsWith('refs/tags/')
        ? 'tag'
        : full?.startsWith('refs/remotes/')
          ? 'remote branch'
          : 'commit';
      throw new GitError(
        `fatal: a branch is expected, got ${kind} '${kind === 'commit' ? first : first}'\nhint: If you want to detach HEAD at the commit, try again with the --detach option.`,
        128,
        '',
      );
    }
  }
  return switchByName(git, first, oid, { force: parsed.has('f'), quiet: parsed.has('q'), detach: parsed.has('d') });
}

export function restore(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags:
      'S/staged W/worktree q/quiet p/patch ours theirs m/merge overlay progress ignore-unmerged recurse-submodules',
    values: 's/source conflict',
    usage: 'usage: git restore [<options>] [--source=<branch>] <file>...\n',
  });
  const repository = git.workTree;
  const tree = new WorkTree(git, repository);
  const { index, objects, refs } = repository;
  const given = parsed.all;
  if (given.length === 0) fatal('you must specify path(s) to restore');
  const staged = parsed.has('S');
  const work = parsed.has('W') || !staged;
  const paths = new Pathspec(git, given);
  const source = parsed.value('s');
  if (!staged && source === undefined) {
    return checkoutPaths(git, undefined, given, {
      ...parsed,
      paths: given,
      has: (...names) => names.includes('q') || parsed.has(...names),
    } as Arguments);
  }
  const oid = source === undefined ? refs.head : (tryResolve(git, source) ?? fatal(`could not resolve ${source}`));
  const files = flatten(repository, oid === undefined ? undefined : objects.treeOf(oid));
  const missing = paths.unmatched([...files.keys(), ...index.paths]);
  if (missing !== undefined) failure(`pathspec '${missing}' did not match any file(s) known to git`);
  for (const path of new Set([...files.keys(), ...index.paths])) {
    if (!paths.matches(path)) continue;
    const wanted = files.get(path);
    if (wanted === undefined) {
      if (work) tree.remove(path);
      if (staged) index.remove(path);
      continue;
    }
    const entry = { ...noStat, path, mode: wanted.mode, oid: wanted.oid, stage: 0 };
    const made = work ? tree.checkout(entry) : entry;
    if (staged) index.set(made);
  }
  repository.saveIndex();
  return 0;
}
