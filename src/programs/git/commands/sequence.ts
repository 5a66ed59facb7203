import { parseArguments } from '../arguments';
import { edit } from '../editor';
import { fatal, GitError } from '../error';
import type { Git } from '../git';
import { emptyTree, type Commit, type Oid } from '../objects/object';
import { isAncestor, mergeBases, reachable } from '../refs/history';
import { resolveCommit, tryResolve, upstreamOf, previousBranch } from '../refs/revision';
import { forceTree, switchTree } from '../worktree/switch-tree';
import { mergeTrees } from '../worktree/merge-trees';
import { writeTree } from '../worktree/worktree';
import { cleanMessage, describeCommit, makeCommit } from './commit';
import { walk, select } from './log';
import { closing, longStatus, statusData } from './status';

const subject = (message: string): string => message.split('\n')[0] ?? '';

interface Step {
  readonly commit: Commit;
  readonly verb: 'pick' | 'revert';
}

/** Applies one commit, or its opposite, to what is checked out. */
function apply(git: Git, { commit, verb }: Step, theirs: string, mainline = 0): ReturnType<typeof mergeTrees> {
  const { objects, refs } = git.repository;
  const parent = commit.parents[mainline];
  const parentTree = parent === undefined ? emptyTree : objects.commit(parent).tree;
  const head = refs.head === undefined ? emptyTree : objects.treeOf(refs.head);
  const labels = { ours: 'HEAD', theirs };
  return verb === 'pick'
    ? mergeTrees(git, parentTree, head, commit.tree, labels)
    : mergeTrees(git, commit.tree, head, parentTree, labels);
}

/** What a commit is called on its side of the markers. */
const label = (git: Git, { oid, message }: Commit): string =>
  `${git.repository.objects.abbreviate(oid)} (${subject(message)})`;

function refuseDirty(git: Git, verb: string): void {
  const { staged } = statusData(git, { untracked: 'no' });
  if (staged.length > 0) {
    throw new GitError(
      `error: your local changes would be overwritten by ${verb}.\nhint: commit your changes or stash them to proceed.\nfatal: ${verb} failed`,
      128,
      '',
    );
  }
}

const revertMessage = ({ oid, message }: Commit): string =>
  `Revert "${subject(message)}"\n\nThis reverts commit ${oid}.\n`;

async function sequence(git: Git, args: readonly string[], verb: 'pick' | 'revert'): Promise<number> {
  const command = verb === 'pick' ? 'cherry-pick' : 'revert';
  const stateFile = verb === 'pick' ? 'CHERRY_PICK_HEAD' : 'REVERT_HEAD';
  const parsed = parseArguments(args, {
    flags:
      'n/no-commit e/edit x s/signoff ff allow-empty allow-empty-message keep-redundant-commits continue abort skip quit no-edit',
    values: 'm/mainline strategy X/strategy-option cleanup',
    usage: `usage: git ${command} [<options>] <commit-ish>...\n`,
  });
  const repository = git.workTree;
  const { objects } = repository;
  const todo = (): readonly string[] =>
    (repository.state('sequencer/todo') ?? '').split('\n').filter((line) => line !== '');
  if (parsed.has('abort') || parsed.has('quit')) {
    if (repository.state(stateFile) === undefined && todo().length === 0)
      throw new GitError(
        'error: no cherry-pick or revert in progress\nfatal: cherry-pick failed'.replace(
          'fatal: cherry-pick',
          `fatal: ${command}`,
        ),
        128,
        '',
      );
    if (parsed.has('abort')) {
      const original = repository.state('sequencer/head')?.trim() ?? repository.refs.head ?? '';
      forceTree(git, objects.treeOf(original));
      if (original !== repository.refs.head)
        repository.refs.advance(original, git.identityOrUnknown('COMMITTER'), `reset: moving to ${original}`);
    }
    repository.setState(stateFile, undefined);
    repository.setState('MERGE_MSG', undefined);
    git.fs.removeAll(`${repository.gitDir}/sequencer`);
    return 0;
  }
  let steps: readonly Commit[];
  if (parsed.has('continue') || parsed.has('skip')) {
    if (repository.state(stateFile) === undefined && todo().length === 0)
      throw new GitError(`error: no cherry-pick or revert in progress\nfatal: ${command} failed`, 128, '');
    if (parsed.has('skip')) forceTree(git, objects.treeOf(repository.refs.head ?? ''));
    else if (repository.state(stateFile) !== undefined) {
      if (repository.index.unmerged.length > 0)
        throw new GitError(
          `error: Committing is not possible because you have unmerged files.\nhint: Fix them up in the work tree, and then use 'git add/rm <file>'\nhint: as appropriate to mark resolution and make a commit.\nfatal: Exiting because of an unresolved conflict.`,
          128,
          '',
        );
      const source = objects.commit(repository.state(stateFile)?.trim() ?? '');
      let message = repository.state('MERGE_MSG') ?? source.message;
      if (git.process.fds.get(0)?.kind === 'tty' || git.process.env.has('GIT_EDITOR') || git.process.env.has('EDITOR'))
        message = await edit(git, `${repository.gitDir}/COMMIT_EDITMSG`, message);
      const clean = cleanMessage(message, true);
      const oid = makeCommit(
        git,
        {
          tree: writeTree(repository),
          parents: [repository.refs.head ?? ''],
          author: verb === 'pick' ? source.author : git.identity('AUTHOR'),
          committer: git.identity('COMMITTER'),
          message: clean,
        },
        `commit (${command})`.replace('commit (revert)', 'commit'),
      );
      git.out(describeCommit(git, oid));
    }
    repository.setState(stateFile, undefined);
    repository.setState('MERGE_MSG', undefined);
    steps = todo().map((oid) => objects.commit(oid));
  } else {
    const names = parsed.all;
    if (names.length === 0)
      throw new GitError(
        `usage: git ${command} [--edit] [-n] [-m <parent-number>] [-s] [-x] [--ff]\n                       [-S[<keyid>]] <commit>...`,
        129,
        '',
      );
    refuseDirty(git, command);
    steps = names.flatMap((name) => {
      if (!name.includes('..')) return [objects.commit(resolveCommit(git, name, `bad revision '${name}'`))];
      const range = walk(git, select(git, [name]));
      return verb === 'pick' ? [...range].reverse() : range;
    });
    if (steps.length > 1) {
      repository.setState('sequencer/head', `${repository.refs.head ?? ''}\n`);
    }
  }
  for (const [index, commit] of steps.entries()) {
    if (commit.parents.length > 1 && !parsed.has('m')) {
      throw new GitError(
        `error: commit ${commit.oid} is a merge but no -m option was given.\nfatal: ${command} failed`,
        128,
        '',
      );
    }
    const parentName = `parent of ${label(git, commit)}`;
    const { clean, messages } = apply(
      git,
      { commit, verb },
      verb === 'pick' ? label(git, commit) : parentName,
      Math.max(0, Number(parsed.value('m') ?? 1) - 1),
    );
    for (const message of messages) git.out(`${message}\n`);
    let message = verb === 'pick' ? commit.message : revertMessage(commit);
    if (parsed.has('x'))
      message = `${message.replace(/\n*$/, '\n')}${/\n\n[\w-]+: .*\n$/.test(message) ? '' : '\n'}(cherry picked from commit ${commit.oid})\n`;
    if (!clean) {
      repository.setState(stateFile, `${commit.oid}\n`);
      repository.setState(
        'MERGE_MSG',
        `${message}\n# Conflicts:\n${repository.index.unmerged.map((path) => `#\t${path}\n`).join('')}`,
      );
      if (steps.length > 1)
        repository.setState(
          'sequencer/todo',
          steps
            .slice(index + 1)
            .map(({ oid }) => `${oid}\n`)
            .join(''),
        );
      const name = label(git, commit).replace(' (', '... ').replace(/\)$/, '');
      const hints = [
        `After resolving the conflicts, mark them with`,
        `"git add/rm <pathspec>", then run`,
        `"git ${command} --continue".`,
        `You can instead skip this commit with "git ${command} --skip".`,
        `To abort and get back to the state before "git ${command}",`,
        `run "git ${command} --abort".`,
      ];
      git.err(
        `error: could not ${verb === 'pick' ? 'apply' : 'revert'} ${name}\n${hints.map((line) => `hint: ${line}\n`).join('')}`,
      );
      return 1;
    }
    if (parsed.has('n')) continue;
    const { head } = repository.refs;
    const tree = writeTree(repository);
    if (
      head !== undefined &&
      tree === objects.treeOf(head) &&
      !parsed.has('allow-empty') &&
      commit.tree !== (commit.parents[0] === undefined ? '' : objects.commit(commit.parents[0]).tree)
    ) {
      if (verb === 'pick') {
        repository.setState(stateFile, `${commit.oid}\n`);
        git.err(
          `The previous cherry-pick is now empty, possibly due to conflict resolution.\nIf you wish to commit it anyway, use:\n\n    git commit --allow-empty\n\nOtherwise, please use 'git cherry-pick --skip'\n`,
        );
      }
      const now = statusData(git);
      git.out(longStatus(git, now) + closing(git, now));
      return 1;
    }
    if (
      verb === 'revert' &&
      parsed.choice('e') !== false &&
      !parsed.has('no-edit') &&
      git.process.fds.get(0)?.kind === 'tty'
    )
      message = cleanMessage(await edit(git, `${repository.gitDir}/COMMIT_EDITMSG`, message), true);
    const oid = makeCommit(
      git,
      {
        tree,
        parents: head === undefined ? [] : [head],
        author: verb === 'pick' ? commit.author : git.identity('AUTHOR'),
        committer: git.identity('COMMITTER'),
        message,
      },
      command,
    );
    git.out(describeCommit(git, oid, { dated: true }));
  }
  git.fs.removeAll(`${repository.gitDir}/sequencer`);
  return 0;
}

export const cherryPick = (git: Git, args: readonly string[]): Promise<number> => sequence(git, args, 'pick');
export const revert = (git: Git, args: readonly string[]): Promise<number> => sequence(git, args, 'revert');

/** `git rebase [--onto x] [upstream [branch]]`, without `-i`. */
export async function rebase(git: Git, args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args, {
    flags:
      'continue abort skip quit i/interactive q/quiet v/verbose f/force-rebase no-ff root autosquash autostash keep-base stat fork-point apply m/merge',
    values: 'onto x/exec s/strategy X/strategy-option',
    optional: 'r/rebase-merges',
    usage: 'usage: git rebase [-i] [options] [--exec <cmd>] [--onto <newbase> | --keep-base] [<upstream> [<branch>]]\n',
  });
  const repository = git.workTree;
  const { objects, refs } = repository;
  const under = repository.state('rebase-merge/head-name');
  if (parsed.has('continue') || parsed.has('abort') || parsed.has('skip')) {
    if (under === undefined) fatal('No rebase in progress?');
    if (parsed.has('abort')) {
      const original = repository.state('rebase-merge/orig-head')?.trim() ?? '';
      forceTree(git, objects.treeOf(original));
      const name = (under ?? '').trim();
      const from = refs.head;
      if (name.startsWith('refs/')) refs.setSymbolic('HEAD', name);
      else refs.detach(original);
      refs.appendLog(
        'HEAD',
        from,
        original,
        git.identityOrUnknown('COMMITTER'),
        `rebase (abort): returning to ${name}`,
      );
      git.fs.removeAll(`${repository.gitDir}/rebase-merge`);
      return 0;
    }
    if (parsed.has('skip')) forceTree(git, objects.treeOf(refs.head ?? ''));
    else {
      if (repository.index.unmerged.length > 0) {
        throw new GitError(
          repository.index.unmerged.map((path) => `${path}: needs merge\n`).join('') +
            'You must edit all merge conflicts and then\nmark them as resolved using git add',
          1,
          '',
        );
      }
      const source = objects.commit(repository.state('rebase-merge/stopped')?.trim() ?? '');
      const tree = writeTree(repository);
      if (refs.head !== undefined && tree !== objects.treeOf(refs.head)) {
        let { message } = source;
        message = cleanMessage(
          await edit(git, `${repository.gitDir}/COMMIT_EDITMSG`, repository.state('MERGE_MSG') ?? message),
          true,
        );
        const oid = objects.writeCommit({
          tree,
          parents: [refs.head],
          author: source.author,
          committer: git.identity('COMMITTER'),
          message,
        });
        refs.appendLog('HEAD', refs.head, oid, git.identity('COMMITTER'), `rebase (continue): ${subject(message)}`);
        refs.detach(oid);
        git.out(describeCommit(git, oid));
      }
    }
    repository.setState('MERGE_MSG', undefined);
    const rest = (repository.state('rebase-merge/todo') ?? '').split('\n').filter((line) => line !== '');
    return runRebase(git, rest);
  }
  if (under !== undefined) {
    fatal(
      'It seems that there is already a rebase-merge directory, and\nI wonder if you are in the middle of another rebase.  If that is the\ncase, please try\n\tgit rebase (--continue | --abort | --skip)\nIf that is not the case, please\n\trm -fr ".git/rebase-merge"\nand run me again.  I am stopping in case you still have something\nvaluable there.\n',
    );
  }
  if (parsed.has('i')) fatal('interactive rebasing is not available here');
  const data = statusData(git, { untracked: 'no' });
  if (data.unstaged.length > 0 || data.staged.length > 0) {
    const both = data.unstaged.length > 0 && data.staged.length > 0;
    const what = data.unstaged.length > 0 ? 'You have unstaged changes.' : 'Your index contains uncommitted changes.';
    throw new GitError(
      `error: cannot rebase: ${what}\n${both ? 'error: additionally, your index contains uncommitted changes.\n' : ''}error: Please commit or stash them.`,
      1,
      '',
    );
  }
  const [given, target] = parsed.all;
  const { branch } = refs;
  const upstreamName = given ?? (branch === undefined ? undefined : upstreamOf(git, branch));
  if (upstreamName === undefined) {
    throw new GitError(
      `There is no tracking information for the current branch.\nPlease specify which branch you want to rebase against.\nSee git-rebase(1) for details.\n\n    git rebase '<branch>'\n\nIf you wish to set tracking information for this branch you can do so with:\n\n    git branch --set-upstream-to=<remote>/<branch> ${branch ?? ''}\n`,
      1,
      '',
    );
  }
  const resolved =
    tryResolve(git, upstreamName === '-' ? (previousBranch(repository, 1)?.name ?? '-') : upstreamName) ??
    fatal(`invalid upstream '${upstreamName}'`);
  const upstream = objects.peel(resolved);
  const onto =
    parsed.value('onto') === undefined
      ? upstream
      : resolveCommit(
          git,
          parsed.value('onto') ?? '',
          `Does not point to a valid commit '${parsed.value('onto') ?? ''}'`,
        );
  if (target !== undefined) {
    const { switchCommand } = await import('./checkout');
    switchCommand(git, ['-q', target]);
  }
  const head = refs.head ?? '';
  const name = refs.symbolic('HEAD') ?? 'detached HEAD';
  const current = refs.branch;
  if (
    parsed.value('onto') === undefined &&
    isAncestor(objects, upstream, head) &&
    !parsed.has('f') &&
    linear(git, upstream, head)
  ) {
    git.out(`Current branch ${current ?? 'HEAD'} is up to date.\n`);
    return 0;
  }
  const commits = [...reachable(objects, [head], { exclude: [upstream] })]
    .reverse()
    .filter(({ parents }) => parents.length < 2);
  const person = git.identityOrUnknown('COMMITTER');
  switchTree(git, objects.treeOf(head), objects.treeOf(onto));
  repository.setState('ORIG_HEAD', `${head}\n`);
  refs.appendLog(
    'HEAD',
    head,
    onto,
    person,
    `rebase (start): checkout ${parsed.value('onto') ?? upstreamName.replace(/^refs\/(heads|remotes)\//, '')}`,
  );
  refs.detach(onto);
  repository.setState('rebase-merge/head-name', `${name}\n`);
  repository.setState('rebase-merge/orig-head', `${head}\n`);
  repository.setState('rebase-merge/onto', `${onto}\n`);
  repository.setState('rebase-merge/total', String(commits.length));
  return runRebase(
    git,
    commits.map(({ oid }) => oid),
  );
}

const linear = (git: Git, from: Oid, to: Oid): boolean => {
  const { objects } = git.repository;
  return (
    mergeBases(objects, from, to)[0] === from &&
    reachable(objects, [to], { exclude: [from] }).every(({ parents }) => parents.length === 1)
  );
};

function runRebase(git: Git, todo: readonly Oid[]): number {
  const repository = git.workTree;
  const { objects, refs } = repository;
  const total = Number(repository.state('rebase-merge/total') ?? todo.length);
  for (const [index, oid] of todo.entries()) {
    const commit = objects.commit(oid);
    const done = total - todo.length + index + 1;
    git.err(`Rebasing (${done}/${total})\r`);
    if (commit.parents[0] === refs.head) {
      switchTree(git, objects.treeOf(refs.head ?? ''), commit.tree);
      refs.detach(oid);
      continue;
    }
    const { clean, messages } = apply(git, { commit, verb: 'pick' }, label(git, commit));
    if (!clean) {
      for (const message of messages) git.out(`${message}\n`);
      repository.setState('rebase-merge/stopped', `${oid}\n`);
      repository.setState(
        'rebase-merge/done',
        `${repository.state('rebase-merge/done') ?? ''}${todo
          .slice(0, index + 1)
          .map((each) => `${each}\n`)
          .join('')}`,
      );
      repository.setState(
        'rebase-merge/todo',
        todo
          .slice(index + 1)
          .map((each) => `${each}\n`)
          .join(''),
      );
      repository.setState(
        'MERGE_MSG',
        `${commit.message}\n# Conflicts:\n${repository.index.unmerged.map((path) => `#\t${path}\n`).join('')}`,
      );
      const short = objects.abbreviate(oid);
      const hints = [
        'Resolve all conflicts manually, mark them as resolved with',
        '"git add/rm <conflicted_files>", then run "git rebase --continue".',
        'You can instead skip this commit: run "git rebase --skip".',
        'To abort and get back to the state before "git rebase", run "git rebase --abort".',
      ];
      git.err(
        `error: could not apply ${short}... ${subject(commit.message)}\n${hints.map((line) => `hint: ${line}\n`).join('')}Could not apply ${short}... ${subject(commit.message)}\n`,
      );
      return 1;
    }
    const tree = writeTree(repository);
    const { head } = refs;
    if (head !== undefined && tree === objects.treeOf(head)) {
      git.err(`dropping ${oid} ${subject(commit.message)} -- patch contents already upstream\n`);
      continue;
    }
    for (const message of messages) git.out(`${message}\n`);
    const made = objects.writeCommit({
      tree,
      parents: head === undefined ? [] : [head],
      author: commit.author,
      committer: git.identity('COMMITTER'),
      message: commit.message,
    });
    refs.appendLog('HEAD', head, made, git.identity('COMMITTER'), `rebase (pick): ${subject(commit.message)}`);
    refs.detach(made);
  }
  const name = (repository.state('rebase-merge/head-name') ?? '').trim();
  const onto = (repository.state('rebase-merge/onto') ?? '').trim();
  const { head } = refs;
  git.fs.removeAll(`${repository.gitDir}/rebase-merge`);
  if (name.startsWith('refs/') && head !== undefined) {
    const person = git.identityOrUnknown('COMMITTER');
    refs.update(name, head, person, `rebase (finish): ${name} onto ${onto}`);
    refs.setSymbolic('HEAD', name);
    refs.appendLog('HEAD', head, head, person, `rebase (finish): returning to ${name}`);
  }
  git.err(`Successfully rebased and updated ${name.startsWith('refs/') ? name : 'detached HEAD'}.\n`);
  return 0;
}
