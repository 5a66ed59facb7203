import { parseArguments } from '../arguments';
import { changesBetween, diffOptions, showChanges } from '../diff/output';
import { treeFiles } from '../diff/tree-diff';
import { fatal, GitError } from '../error';
import type { Git } from '../git';
import { Index } from '../index/index-file';
import type { Oid } from '../objects/object';
import { Pathspec } from '../worktree/pathspec';
import { forceTree } from '../worktree/switch-tree';
import { mergeTrees } from '../worktree/merge-trees';
import { treeIndex, WorkTree, writeTree } from '../worktree/worktree';
import { closing, isClean, longStatus, statusData } from './status';

const subject = (message: string): string => message.split('\n')[0] ?? '';

export function stash(git: Git, args: readonly string[]): number {
  const [command = 'push', ...rest] = args;
  switch (command) {
    case 'list':
      git.repository.refs
        .log('refs/stash')
        .toReversed()
        .forEach(({ message }, index) => git.out(`stash@{${index}}: ${message}\n`));
      return 0;
    case 'pop':
    case 'apply':
      return apply(git, rest, command === 'pop');
    case 'drop':
      return drop(git, rest[0], rest.includes('-q'));
    case 'clear':
      git.repository.refs.delete('refs/stash');
      return 0;
    case 'show':
      return show(git, rest);
    case 'branch':
      return fatal('git stash branch is not available here');
    case 'save':
      return push(
        git,
        rest.filter((arg) => arg.startsWith('-')),
        rest.filter((arg) => !arg.startsWith('-')).join(' '),
      );
    case 'push':
      return push(git, rest);
    default:
      if (command.startsWith('-')) return push(git, args);
      throw new GitError(
        `fatal: subcommand wasn't specified; 'push' can't be assumed due to unexpected token '${command}'`,
        128,
        '',
      );
  }
}

function push(git: Git, args: readonly string[], saved?: string): number {
  const parsed = parseArguments(args, {
    flags: 'k/keep-index u/include-untracked a/all q/quiet p/patch S/staged',
    values: 'm/message',
    usage: 'usage: git stash [push [-p | --patch] [-S | --staged] [-k | --[no-]keep-index] [-q | --quiet]\n',
  });
  const repository = git.workTree;
  const { refs, objects, index } = repository;
  const { head } = refs;
  if (head === undefined) throw new GitError('You do not have the initial commit yet', 1, '');
  const tree = new WorkTree(git, repository);
  const paths = new Pathspec(git, parsed.all);
  const missing = paths.unmatched(index.paths);
  if (missing !== undefined && !parsed.has('u')) {
    throw new GitError(
      `error: pathspec ':(,prefix:0)${missing}' did not match any file(s) known to git\nDid you forget to 'git add'?`,
      1,
      '',
    );
  }
  const data = statusData(git, { untracked: 'all' });
  const untracked =
    parsed.has('u') || parsed.has('a')
      ? [...data.untracked, ...(parsed.has('a') ? tree.untracked({ ignored: true }) : [])].filter((path) =>
          paths.matches(path),
        )
      : [];
  if (isClean(data) && untracked.length === 0) {
    if (!parsed.has('q')) git.out('No local changes to save\n');
    return 0;
  }
  if (data.unmerged.length > 0)
    throw new GitError(data.unmerged.map(([, path]) => `${path}: needs merge`).join('\n'), 1, '');
  const person = git.identity('COMMITTER');
  const author = git.identity('AUTHOR');
  const at = `${refs.branch ?? '(no branch)'}: ${objects.abbreviate(head)} ${subject(objects.commit(head).message)}`;
  const indexTree = writeTree(repository);
  const indexCommit = objects.writeCommit({
    tree: indexTree,
    parents: [head],
    author,
    committer: person,
    message: `index on ${at}\n`,
  });
  const parents = [head, indexCommit];
  if (untracked.length > 0) {
    const others = new Index();
    for (const path of untracked) {
      const file = tree.file(path);
      if (file !== undefined) others.set(tree.entryOf(path, file));
    }
    parents.push(
      objects.writeCommit({
        tree: writeTree(repository, others),
        parents: [],
        author,
        committer: person,
        message: `untracked files on ${at}\n`,
      }),
    );
  }
  const work = new Index(index.entries);
  for (const entry of index.entries) {
    if (!paths.matches(entry.path)) continue;
    const file = tree.file(entry.path);
    if (file === undefined) work.remove(entry.path);
    else work.set(tree.entryOf(entry.path, file));
  }
  const given = parsed.value('m') ?? (saved === '' ? undefined : saved);
  const message = given === undefined ? `WIP on ${at}` : `On ${refs.branch ?? '(no branch)'}: ${given}`;
  const oid = objects.writeCommit({
    tree: writeTree(repository, work),
    parents,
    author,
    committer: person,
    message,
  });
  refs.update('refs/stash', oid, person, message);
  for (const path of untracked) tree.remove(path);
  if (paths.empty) {
    forceTree(git, parsed.has('k') ? indexTree : objects.treeOf(head));
  } else {
    const before = treeIndex(repository, objects.treeOf(head));
    for (const path of index.paths.filter((each) => paths.matches(each))) {
      const old = before.get(path);
      if (old === undefined) {
        tree.remove(path);
        index.remove(path);
      } else index.set(tree.checkout(old));
    }
    repository.saveIndex();
  }
  if (!parsed.has('q')) git.out(`Saved working directory and index state ${message}\n`);
  return 0;
}

function find(git: Git, name: string | undefined): { readonly oid: Oid; readonly index: number } {
  const log = git.repository.refs.log('refs/stash');
  const index = name === undefined ? 0 : Number(/^(?:stash@\{)?(\d+)\}?$/.exec(name)?.[1] ?? NaN);
  if (log.length === 0) throw new GitError('No stash entries found.', 1, '');
  if (Number.isNaN(index)) throw new GitError(`error: ${name ?? ''} is not a valid reference`, 1, '');
  const entry = log[log.length - 1 - index];
  if (entry === undefined) throw new GitError(`error: stash@{${index}} is not a valid reference`, 1, '');
  return { oid: entry.to, index };
}

function apply(git: Git, args: readonly string[], pop: boolean): number {
  const parsed = parseArguments(args, {
    flags: 'index q/quiet',
    usage: 'usage: git stash apply [--index] [-q | --quiet] [<stash>]\n',
  });
  const repository = git.workTree;
  const { objects } = repository;
  const { oid } = find(git, parsed.all[0]);
  const commit = objects.commit(oid);
  const [base = '', indexCommit = '', others] = commit.parents;
  const oldIndex = writeTree(repository);
  const before = new Map(repository.index.entries.map((entry) => [entry.path, entry]));
  if (others !== undefined) {
    const tree = new WorkTree(git, repository);
    const files = treeIndex(repository, objects.treeOf(others)).entries;
    const there = files.filter(({ path }) => tree.file(path) !== undefined);
    if (there.length > 0)
      throw new GitError(
        `${there.map(({ path }) => `${path} already exists, no checkout\n`).join('')}error: could not restore untracked files from stash`,
        1,
        '',
      );
    for (const entry of files) tree.checkout(entry);
  }
  const { clean, messages } = mergeTrees(git, objects.commit(base).tree, oldIndex, commit.tree, {
    ours: 'Updated upstream',
    theirs: 'Stashed changes',
  });
  for (const message of messages) git.out(`${message}\n`);
  if (clean) {
    // What was not staged then is not staged now, but for new files.
    const { index } = repository;
    const wanted = parsed.has('index') ? treeIndex(repository, objects.commit(indexCommit).tree) : undefined;
    for (const entry of [...index.entries]) {
      const old = wanted === undefined ? before.get(entry.path) : wanted.get(entry.path);
      if (old !== undefined && old.oid !== entry.oid) index.set(old);
    }
    for (const [path, entry] of before) if (!index.has(path) && wanted === undefined) index.set(entry);
    repository.saveIndex();
  }
  if (!parsed.has('q')) git.out(longStatus(git, statusData(git)) + closing(git, statusData(git)));
  if (!clean) {
    if (pop) git.out('The stash entry is kept in case you need it again.\n');
    return 1;
  }
  return pop ? drop(git, parsed.all[0], parsed.has('q')) : 0;
}

function drop(git: Git, name: string | undefined, quiet: boolean): number {
  const { refs } = git.repository;
  const { oid, index } = find(git, name?.startsWith('-') === true ? undefined : name);
  const log = refs.log('refs/stash');
  const kept = log.filter((_, at) => at !== log.length - 1 - index);
  const last = kept.at(-1);
  if (last === undefined) refs.delete('refs/stash');
  else {
    refs.write('refs/stash', last.to);
    refs.writeLog('refs/stash', kept);
  }
  if (!quiet)
    git.out(`Dropped ${name === undefined || /^\d+$/.test(name) ? `refs/stash@{${index}}` : name} (${oid})\n`);
  return 0;
}

function show(git: Git, args: readonly string[]): number {
  const { options, rest } = diffOptions(git, args);
  const { repository } = git;
  const { oid } = find(
    git,
    rest.find((arg) => !arg.startsWith('-')),
  );
  const commit = repository.objects.commit(oid);
  const before = treeFiles(repository, repository.objects.commit(commit.parents[0] ?? '').tree);
  const formats = options.formats.length === 0 ? (['stat'] as const) : options.formats;
  git.out(
    showChanges(git, changesBetween(before, treeFiles(repository, commit.tree), options), { ...options, formats }),
  );
  return 0;
}

export function reflog(git: Git, args: readonly string[]): number {
  const { repository } = git;
  const limit = args.flatMap((arg, index) =>
    /^-\d+$/.test(arg) ? [Number(arg.slice(1))] : arg === '-n' ? [Number(args[index + 1])] : [],
  )[0];
  const name = args.find((arg, index) => !arg.startsWith('-') && arg !== 'show' && args[index - 1] !== '-n') ?? 'HEAD';
  const full =
    name === 'HEAD' ? 'HEAD' : repository.refs.read(`refs/heads/${name}`) !== undefined ? `refs/heads/${name}` : name;
  const log = repository.refs.log(full).toReversed();
  log
    .slice(0, limit)
    .forEach(({ to, message }, index) =>
      git.out(`${repository.objects.abbreviate(to)} ${name}@{${index}}: ${message}\n`),
    );
  return 0;
}
