import { parseArguments } from '../arguments';
import { changesBetween } from '../diff/output';
import { count, statLines, summary } from '../diff/stat';
import { treeFiles } from '../diff/tree-diff';
import { edit } from '../editor';
import { fatal, GitError } from '../error';
import type { Git } from '../git';
import { emptyTree, type Oid } from '../objects/object';
import { isAncestor, mergeBases, reachable } from '../refs/history';
import { pretty, type PrettyOptions } from '../pretty';
import { fullName, resolveCommit, tryResolve, upstreamOf } from '../refs/revision';
import { forceTree, switchTree } from '../worktree/switch-tree';
import { mergeTrees, type MergeOptions } from '../worktree/merge-trees';
import { writeTree } from '../worktree/worktree';
import { cleanMessage } from './commit';

/** `--stat` of what a merge brought. */
export function mergeStat(git: Git, before: Oid | undefined, after: Oid): string {
  const { repository } = git;
  const files = (oid: Oid | undefined): ReturnType<typeof treeFiles> =>
    treeFiles(repository, oid === undefined ? emptyTree : repository.objects.treeOf(oid));
  const changes = changesBetween(files(before), files(after), { renames: true, filter: '' });
  return statLines(changes.map(count), { color: git.colored('diff') }) + summary(changes);
}

function describeTarget(git: Git, name: string): string {
  const full = fullName(git.repository, name);
  if (full?.startsWith('refs/heads/') === true) return `branch '${full.replace('refs/heads/', '')}'`;
  if (full?.startsWith('refs/remotes/') === true)
    return `remote-tracking branch '${full.replace('refs/remotes/', '')}'`;
  if (full?.startsWith('refs/tags/') === true) return `tag '${full.replace('refs/tags/', '')}'`;
  return `commit '${name}'`;
}

export async function merge(git: Git, args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args, {
    flags:
      'ff ff-only squash commit e/edit n stat q/quiet v/verbose abort continue quit allow-unrelated-histories no-verify signoff autostash progress rerere-autoupdate',
    values: 'm/message s/strategy X/strategy-option F/file into-name',
    optional: 'log S/gpg-sign',
    usage: 'usage: git merge [<options>] [<commit>...]\n',
  });
  const { repository } = git;
  const merging = repository.state('MERGE_HEAD');
  if (parsed.has('abort')) {
    if (merging === undefined) fatal('There is no merge to abort (MERGE_HEAD missing).');
    forceTree(git, repository.objects.treeOf(repository.refs.head ?? ''));
    clearMerge(git);
    return 0;
  }
  if (parsed.has('continue')) {
    if (merging === undefined) fatal('There is no merge in progress (MERGE_HEAD missing).');
    const { commit } = await import('./commit');
    return commit(git, []);
  }
  if (merging !== undefined) {
    throw new GitError(
      repository.index.unmerged.length > 0
        ? "error: Merging is not possible because you have unmerged files.\nhint: Fix them up in the work tree, and then use 'git add/rm <file>'\nhint: as appropriate to mark resolution and make a commit.\nfatal: Exiting because of an unresolved conflict."
        : 'fatal: You have not concluded your merge (MERGE_HEAD exists).\nPlease, commit your changes before you merge.',
      128,
      '',
    );
  }
  const names = parsed.all;
  const { branch } = repository.refs;
  let name = names[0];
  if (name === undefined) {
    const upstream = branch === undefined ? undefined : upstreamOf(git, branch);
    if (upstream === undefined) fatal('No remote for the current branch.');
    name = upstream?.replace(/^refs\/(remotes|heads)\//, '') ?? '';
  }
  if (tryResolve(git, name) === undefined) throw new GitError(`merge: ${name} - not something we can merge`, 1, '');
  const theirs = resolveCommit(git, name);
  const into =
    branch === undefined || branch === git.config.get('init.defaultbranch') || /^(master|main)$/.test(branch)
      ? ''
      : ` into ${branch}`;
  const fallback = `Merge ${describeTarget(git, name)}${branch === undefined ? ' into HEAD' : into}\n`;
  return mergeCommit(git, {
    name,
    theirs,
    message: parsed.values('m').length > 0 ? `${parsed.values('m').join('\n\n')}\n` : fallback,
    fastForward:
      parsed.choice('ff') === false
        ? 'no'
        : parsed.has('ff-only') || git.config.get('merge.ff') === 'only'
          ? 'only'
          : git.config.get('merge.ff') === 'false'
            ? 'no'
            : 'yes',
    squash: parsed.has('squash'),
    commit: parsed.choice('commit') !== false,
    edit:
      parsed.choice('e') ??
      (parsed.values('m').length === 0 &&
        git.process.fds.get(0)?.kind === 'tty' &&
        git.process.fds.get(1)?.kind === 'tty'),
    quiet: parsed.has('q'),
    stat: parsed.choice('stat') !== false && !parsed.has('n'),
    unrelated: parsed.has('allow-unrelated-histories'),
    favor: parsed.values('X').find((option) => option === 'ours' || option === 'theirs'),
    keepOurs: parsed.value('s') === 'ours',
    action: `merge ${name}`,
  });
}

function clearMerge(git: Git): void {
  for (const file of ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE']) git.repository.setState(file, undefined);
}

export interface MergePlan {
  readonly name: string;
  readonly theirs: Oid;
  readonly message: string;
  readonly fastForward: 'yes' | 'no' | 'only';
  readonly squash: boolean;
  readonly commit: boolean;
  readonly edit: boolean;
  readonly quiet: boolean;
  readonly stat: boolean;
  readonly unrelated: boolean;
  readonly favor: string | undefined;
  readonly keepOurs: boolean;
  /** For the reflog: `merge topic`, `pull`. */
  readonly action: string;
}

/** Brings another commit's history into the current branch. */
export async function mergeCommit(git: Git, plan: MergePlan): Promise<number> {
  const { repository } = git;
  const { refs, objects } = repository;
  const { head } = refs;
  const { theirs, action } = plan;
  const say = (text: string): void => {
    if (!plan.quiet) git.out(text);
  };
  if (head === undefined) {
    switchTree(git, undefined, objects.treeOf(theirs), 'merge');
    refs.advance(theirs, git.identityOrUnknown('COMMITTER'), 'initial pull');
    return 0;
  }
  if (isAncestor(objects, theirs, head)) {
    say('Already up to date.\n');
    return 0;
  }
  const bases = mergeBases(objects, head, theirs);
  if (bases.length === 0 && !plan.unrelated) fatal('refusing to merge unrelated histories');
  const canForward = bases[0] === head;
  if (canForward && plan.squash && plan.fastForward !== 'no') {
    say(`Updating ${objects.abbreviate(head)}..${objects.abbreviate(theirs)}\nFast-forward\n`);
    switchTree(git, objects.treeOf(head), objects.treeOf(theirs), 'merge');
    repository.setState('SQUASH_MSG', squashMessage(git, head, theirs));
    say(`Squash commit -- not updating HEAD\n${plan.stat ? mergeStat(git, head, theirs) : ''}`);
    return 0;
  }
  if (canForward && plan.fastForward !== 'no') {
    say(`Updating ${objects.abbreviate(head)}..${objects.abbreviate(theirs)}\n`);
    switchTree(git, objects.treeOf(head), objects.treeOf(theirs), 'merge');
    repository.setState('ORIG_HEAD', `${head}\n`);
    refs.advance(theirs, git.identityOrUnknown('COMMITTER'), `${action}: Fast-forward`);
    say(`Fast-forward\n${plan.stat ? mergeStat(git, head, theirs) : ''}`);
    return 0;
  }
  if (plan.fastForward === 'only' && !action.startsWith('pull')) fatal('Not possible to fast-forward, aborting.');
  if (plan.fastForward === 'only') {
    const hints = [
      "Diverging branches can't be fast-forwarded, you need to either:",
      '',
      '\tgit merge --no-ff',
      '',
      'or:',
      '',
      '\tgit rebase',
      '',
      'Disable this message with "git config advice.diverging false"',
    ];
    throw new GitError(
      `${hints.map((line) => `hint: ${line}\n`).join('')}fatal: Not possible to fast-forward, aborting.`,
      128,
      '',
    );
  }
  const staged = writeTree(repository);
  if (staged !== objects.treeOf(head) && repository.index.unmerged.length === 0) {
    const names = changesBetween(treeFiles(repository, objects.treeOf(head)), treeFiles(repository, staged), {
      renames: false,
      filter: '',
    }).map(({ after, before }) => after?.path ?? before?.path ?? '');
    throw new GitError(
      `error: Your local changes to the following files would be overwritten by merge:\n  ${names.join(' ')}\nMerge with strategy ort failed.`,
      2,
      '',
    );
  }
  const labels: MergeOptions = {
    ours: 'HEAD',
    theirs: plan.name,
    ...(plan.favor === 'ours' || plan.favor === 'theirs' ? { favor: plan.favor } : {}),
    ...(git.config.get('merge.conflictstyle') === 'diff3'
      ? { base: bases[0] === undefined ? 'empty tree' : objects.abbreviate(bases[0]) }
      : {}),
  };
  const { clean, messages } = plan.keepOurs
    ? { clean: true, messages: [] }
    : mergeTrees(
        git,
        bases[0] === undefined ? undefined : objects.commit(bases[0]).tree,
        objects.treeOf(head),
        objects.treeOf(theirs),
        labels,
      );
  for (const message of messages) say(`${message}\n`);
  repository.setState('ORIG_HEAD', `${head}\n`);
  if (plan.squash) {
    repository.setState('SQUASH_MSG', squashMessage(git, head, theirs));
    say(`Squash commit -- not updating HEAD\n`);
    if (clean) say('Automatic merge went well; stopped before committing as requested\n');
    else git.out('Automatic merge failed; fix conflicts and then commit the result.\n');
    return clean ? 0 : 1;
  }
  if (!clean || !plan.commit) {
    repository.setState('MERGE_HEAD', `${theirs}\n`);
    repository.setState('MERGE_MODE', plan.fastForward === 'no' ? 'no-ff' : '');
    const conflicts = repository.index.unmerged;
    repository.setState(
      'MERGE_MSG',
      plan.message +
        (conflicts.length === 0 ? '' : `\n# Conflicts:\n${conflicts.map((path) => `#\t${path}\n`).join('')}`),
    );
    git.out(
      clean
        ? 'Automatic merge went well; stopped before committing as requested\n'
        : 'Automatic merge failed; fix conflicts and then commit the result.\n',
    );
    return clean ? 0 : 1;
  }
  let { message } = plan;
  if (plan.edit) {
    const advice =
      "\n# Please enter a commit message to explain why this merge is necessary,\n# especially if it merges an updated upstream into a topic branch.\n#\n# Lines starting with '#' will be ignored, and an empty message aborts\n# the commit.\n";
    message = await edit(git, `${repository.gitDir}/MERGE_MSG`, message.replace(/\n?$/, '\n') + advice.slice(1));
    repository.setState('MERGE_MSG', undefined);
  }
  message = cleanMessage(message, plan.edit);
  if (message === '') {
    repository.setState('MERGE_HEAD', `${theirs}\n`);
    throw new GitError(
      "error: Empty commit message.\nNot committing merge; use 'git commit' to complete the merge.",
      1,
      '',
    );
  }
  const tree = writeTree(repository);
  const oid = objects.writeCommit({
    tree,
    parents: [head, theirs],
    author: git.identity('AUTHOR'),
    committer: git.identity('COMMITTER'),
    message,
  });
  refs.advance(
    oid,
    git.identity('COMMITTER'),
    `${action}: Merge made by the '${plan.keepOurs ? 'ours' : 'ort'}' strategy.`,
  );
  say(`Merge made by the '${plan.keepOurs ? 'ours' : 'ort'}' strategy.\n${plan.stat ? mergeStat(git, head, oid) : ''}`);
  return 0;
}

function squashMessage(git: Git, head: Oid, theirs: Oid): string {
  const { objects } = git.repository;
  const commits = reachable(objects, [theirs], { exclude: [head] });
  const style: PrettyOptions = {
    format: 'medium',
    terminated: true,
    abbreviate: false,
    date: 'default',
    decorate: undefined,
    color: false,
  };
  return `Squashed commit of the following:\n\n${commits.map((commit) => pretty(git, commit, style)).join('\n')}`;
}
