import { parseArguments } from '../arguments';
import { quotePath } from '../diff/patch';
import { compareFiles, findRenames, indexFiles, pathOf, treeFiles, type FileChange } from '../diff/tree-diff';
import type { Git } from '../git';
import { compareBytes } from '../objects/object';
import { aheadBehind } from '../refs/history';
import { upstreamOf } from '../refs/revision';
import { Pathspec } from '../worktree/pathspec';
import { WorkTree } from '../worktree/worktree';

/** What differs between HEAD, the index and the working tree. */
export interface StatusData {
  readonly staged: readonly FileChange[];
  readonly unstaged: readonly (readonly [letter: string, path: string])[];
  readonly unmerged: readonly (readonly [letters: string, path: string])[];
  readonly untracked: readonly string[];
  readonly ignored: readonly string[];
}

export function statusData(
  git: Git,
  {
    untracked = 'normal',
    ignored = false,
    paths,
  }: { readonly untracked?: string; readonly ignored?: boolean; readonly paths?: Pathspec } = {},
): StatusData {
  const repository = git.workTree;
  const tree = new WorkTree(git, repository);
  tree.refresh();
  const { index, refs, objects } = repository;
  const fits = (path: string): boolean => paths === undefined || paths.matches(path);
  const { head } = refs;
  const conflicts = new Set(index.unmerged);
  const before = treeFiles(repository, head === undefined ? undefined : objects.treeOf(head));
  const staged = findRenames(
    compareFiles(before, indexFiles(repository)).filter((change) => fits(pathOf(change))),
  ).filter((change) => !conflicts.has(pathOf(change)));
  const unstaged = index.entries.flatMap((entry): readonly (readonly [string, string])[] => {
    if (entry.stage !== 0 || !fits(entry.path)) return [];
    const file = tree.file(entry.path);
    if (file === undefined) return [['D', entry.path]];
    if (entry.intentToAdd === true) return [['A', entry.path]];
    if (!tree.modified(entry, file)) return [];
    return [[(entry.mode & 0o170000) === (file.mode & 0o170000) ? 'M' : 'T', entry.path]];
  });
  const unmerged = index.unmerged.filter(fits).map((path): readonly [string, string] => {
    const stages = [1, 2, 3].map((stage) => (index.get(path, stage) === undefined ? '0' : '1')).join('');
    return [conflictLetters[stages] ?? 'UU', path];
  });
  return {
    staged,
    unstaged,
    unmerged,
    untracked: untracked === 'no' ? [] : tree.untracked({ all: untracked === 'all' }).filter(fits),
    ignored: ignored ? tree.untracked({ ignored: true }).filter(fits) : [],
  };
}

/** Which of base, ours and theirs there are → the two letters of short status. */
const conflictLetters: Readonly<Record<string, string>> = {
  '111': 'UU',
  '110': 'UD',
  '101': 'DU',
  '011': 'AA',
  '010': 'AU',
  '001': 'UA',
  '100': 'DD',
};
const conflictWords: Readonly<Record<string, string>> = {
  UU: 'both modified:',
  UD: 'deleted by them:',
  DU: 'deleted by us:',
  AA: 'both added:',
  AU: 'added by us:',
  UA: 'added by them:',
  DD: 'both deleted:',
};

export const isClean = ({ staged, unstaged, unmerged }: StatusData): boolean =>
  staged.length + unstaged.length + unmerged.length === 0;

const words: Readonly<Record<string, string>> = {
  A: 'new file:',
  M: 'modified:',
  D: 'deleted:',
  R: 'renamed:',
  C: 'copied:',
  T: 'typechange:',
};

/** How the branch stands to the one it follows; empty if it follows none. */
export function tracking(git: Git): string {
  const { refs, objects } = git.repository;
  const { branch } = refs;
  const upstream = branch === undefined ? undefined : upstreamOf(git, branch);
  if (branch === undefined || upstream === undefined) return '';
  const name = upstream.replace(/^refs\/(remotes|heads)\//, '');
  const theirs = refs.read(upstream);
  if (theirs === undefined && refs.head !== undefined) {
    return `Your branch is based on '${name}', but the upstream is gone.\n  (use "git branch --unset-upstream" to fixup)\n`;
  }
  const { head } = refs;
  if (head === undefined || theirs === undefined) return '';
  const [ahead, behind] = aheadBehind(objects, head, theirs);
  const commits = (count: number): string => `${count} commit${count === 1 ? '' : 's'}`;
  if (ahead === 0 && behind === 0) return `Your branch is up to date with '${name}'.\n`;
  if (behind === 0)
    return `Your branch is ahead of '${name}' by ${commits(ahead)}.\n  (use "git push" to publish your local commits)\n`;
  if (ahead === 0) {
    return `Your branch is behind '${name}' by ${commits(behind)}, and can be fast-forwarded.\n  (use "git pull" to update your local branch)\n`;
  }
  return (
    `Your branch and '${name}' have diverged,\nand have ${ahead} and ${behind} different ${ahead + behind === 2 ? 'commits' : 'commits'} each, respectively.\n` +
    '  (use "git pull" to merge the remote branch into yours)\n'
  );
}

/** What is under way in a repository, and how to go on. */
function progress(git: Git, data: StatusData): string {
  const { repository } = git;
  const conflicts = data.unmerged.length > 0;
  if (repository.state('MERGE_HEAD') !== undefined) {
    return conflicts
      ? 'You have unmerged paths.\n  (fix conflicts and run "git commit")\n  (use "git merge --abort" to abort the merge)\n\n'
      : 'All conflicts fixed but you are still merging.\n  (use "git commit" to conclude merge)\n\n';
  }
  const rebase = repository.state('rebase-merge/onto');
  if (rebase !== undefined) {
    const branch = (repository.state('rebase-merge/head-name') ?? '').trim().replace('refs/heads/', '');
    const onto = repository.objects.abbreviate(rebase.trim());
    return (
      rebaseSteps(git) +
      `You are currently rebasing branch '${branch}' on '${onto}'.\n` +
      (conflicts
        ? '  (fix conflicts and then run "git rebase --continue")\n  (use "git rebase --skip" to skip this patch)\n  (use "git rebase --abort" to check out the original branch)\n\n'
        : '  (all conflicts fixed: run "git rebase --continue")\n\n')
    );
  }
  for (const [file, verb, command] of [
    ['CHERRY_PICK_HEAD', 'cherry-picking', 'cherry-pick'],
    ['REVERT_HEAD', 'reverting', 'revert'],
  ] as const) {
    const oid = repository.state(file)?.trim();
    if (oid === undefined) continue;
    return (
      `You are currently ${verb} commit ${repository.objects.abbreviate(oid)}.\n` +
      (conflicts
        ? `  (fix conflicts and run "git ${command} --continue")\n`
        : `  (all conflicts fixed: run "git ${command} --continue")\n`) +
      `  (use "git ${command} --skip" to skip this patch)\n  (use "git ${command} --abort" to cancel the ${command} operation)\n\n`
    );
  }
  return '';
}

/** What a rebase has done, and what is left of it. */
function rebaseSteps(git: Git): string {
  const { repository } = git;
  const line = (oid: string): string => {
    const { message } = repository.objects.commit(oid);
    return `   pick ${repository.objects.abbreviate(oid)} ${message.split('\n')[0] ?? ''}\n`;
  };
  const words = (name: string): readonly string[] =>
    (repository.state(name) ?? '').split('\n').filter((each) => each !== '');
  const [done, todo] = [words('rebase-merge/done'), words('rebase-merge/todo')];
  const commands = (count: number): string => `${count} ${count === 1 ? 'command' : 'commands'}`;
  const last = `Last ${done.length === 1 ? 'command' : 'commands'} done (${commands(done.length)} done):\n${done.slice(-2).map(line).join('')}`;
  const next = `Next ${todo.length === 1 ? 'command' : 'commands'} to do (${todo.length} remaining ${todo.length === 1 ? 'command' : 'commands'}):\n${todo.slice(0, 2).map(line).join('')}  (use "git rebase --edit-todo" to view and edit)\n`;
  return last + (todo.length === 0 ? 'No commands remaining.\n' : next);
}

/** The first line of a status. */
export function branchLine(git: Git): string {
  const { refs, objects } = git.repository;
  const { branch, head } = refs;
  if (branch !== undefined) return `On branch ${branch}\n`;
  if (head === undefined) return 'Not currently on any branch.\n';
  const from = refs.log('HEAD').findLast(({ message }) => message.startsWith('checkout: moving from'));
  const name = from === undefined ? undefined : / to (\S+)$/.exec(from.message)?.[1];
  const tag = refs
    .list('refs/tags/')
    .find(({ oid, name: full }) => objects.peel(oid) === head && full === `refs/tags/${name ?? ''}`);
  const shown = tag !== undefined ? tag.name.replace('refs/tags/', '') : objects.abbreviate(head);
  if (git.repository.state('rebase-merge/onto') !== undefined) {
    return `interactive rebase in progress; onto ${objects.abbreviate((git.repository.state('rebase-merge/onto') ?? '').trim())}\n`;
  }
  return from !== undefined && from.to === head
    ? `HEAD detached at ${shown}\n`
    : from === undefined
      ? `HEAD detached at ${shown}\n`
      : `HEAD detached from ${objects.abbreviate(from.to)}\n`;
}

/** The long form; also what stands in the file that `git commit` gives to the editor. */
export function longStatus(
  git: Git,
  data: StatusData,
  {
    color = false,
    untracked = 'normal',
    committing = false,
  }: { readonly color?: boolean; readonly untracked?: string; readonly committing?: boolean } = {},
): string {
  const paint = (code: string, text: string): string => (color ? `\u001b[${code}m${text}\u001b[m` : text);
  const { refs } = git.repository;
  const initial = refs.head === undefined;
  const shown = (path: string): string => quotePath(git.relative(path));
  const detached = refs.branch === undefined;
  const first = branchLine(git);
  let text = detached && !initial ? first.replace(/^(HEAD detached \w+ )/, (head) => paint('31', head)) : first;
  const follows = tracking(git);
  if (follows !== '') text += `${follows}\n`;
  text += progress(git, data);
  if (initial) text += committing ? '\nInitial commit\n\n' : '\nNo commits yet\n\n';
  const merging = git.repository.state('MERGE_HEAD') !== undefined;
  if (data.staged.length > 0) {
    text += 'Changes to be committed:\n';
    if (initial) text += '  (use "git rm --cached <file>..." to unstage)\n';
    else if (!merging) text += '  (use "git restore --staged <file>..." to unstage)\n';
    for (const change of data.staged) {
      const name =
        change.status === 'R' || change.status === 'C'
          ? `${shown(change.before?.path ?? '')} -> ${shown(change.after?.path ?? '')}`
          : shown(pathOf(change));
      text += `\t${paint('32', `${(words[change.status] ?? '').padEnd(12)}${name}`)}\n`;
    }
    text += '\n';
  }
  if (data.unmerged.length > 0) {
    const letters = data.unmerged.map(([each]) => each);
    const gone = letters.some((each) => /D/.test(each) && each !== 'DD');
    const both = letters.some((each) => each === 'DD');
    text += 'Unmerged paths:\n';
    if (!merging && !initial && git.repository.state('CHERRY_PICK_HEAD') === undefined)
      text += '  (use "git restore --staged <file>..." to unstage)\n';
    if (!gone && !both) text += '  (use "git add <file>..." to mark resolution)\n';
    else if (letters.every((each) => each === 'DD')) text += '  (use "git rm <file>..." to mark resolution)\n';
    else text += '  (use "git add/rm <file>..." as appropriate to mark resolution)\n';
    for (const [each, path] of data.unmerged)
      text += `\t${paint('31', `${(conflictWords[each] ?? '').padEnd(17)}${shown(path)}`)}\n`;
    text += '\n';
  }
  if (data.unstaged.length > 0) {
    const deleted = data.unstaged.some(([letter]) => letter === 'D');
    text += `Changes not staged for commit:\n  (use "git add${deleted ? '/rm' : ''} <file>..." to update what will be committed)\n`;
    text += '  (use "git restore <file>..." to discard changes in working directory)\n';
    for (const [letter, path] of data.unstaged)
      text += `\t${paint('31', `${(words[letter] ?? '').padEnd(12)}${shown(path)}`)}\n`;
    text += '\n';
  }
  const others = (title: string, verb: string, list: readonly string[]): string =>
    list.length === 0
      ? ''
      : `${title}:\n  (use "git ${verb} <file>..." to include in what will be committed)\n${list.map((path) => `\t${paint('31', shown(path))}\n`).join('')}\n`;
  text += others('Untracked files', 'add', data.untracked);
  text += others('Ignored files', 'add -f', data.ignored);
  if (untracked === 'no' && !committing && data.staged.length > 0) {
    text += 'Untracked files not listed (use -u option to show untracked files)\n';
  }
  return text;
}

/** The last line, where there is nothing to commit. */
export function closing(git: Git, data: StatusData, untracked = 'normal'): string {
  if (data.staged.length > 0) return '';
  if (git.repository.state('MERGE_HEAD') !== undefined && data.unmerged.length === 0) return '';
  if (data.unstaged.length > 0 || data.unmerged.length > 0)
    return 'no changes added to commit (use "git add" and/or "git commit -a")\n';
  if (data.untracked.length > 0)
    return 'nothing added to commit but untracked files present (use "git add" to track)\n';
  if (git.repository.refs.head === undefined)
    return 'nothing to commit (create/copy files and use "git add" to track)\n';
  return untracked === 'no'
    ? 'nothing to commit (use -u to show untracked files)\n'
    : 'nothing to commit, working tree clean\n';
}

/** `-s` and `--porcelain`. */
export function shortStatus(
  git: Git,
  data: StatusData,
  {
    branch,
    porcelain,
    nul,
    color,
  }: { readonly branch: boolean; readonly porcelain: boolean; readonly nul: boolean; readonly color: boolean },
): string {
  const paint = (code: string, text: string): string =>
    color && text.trim() !== '' ? `\u001b[${code}m${text}\u001b[m` : text;
  const end = nul ? '\0' : '\n';
  const name = (path: string): string => {
    const shown = porcelain ? path : git.relative(path);
    return nul ? shown : /\s/.test(shown) && !quotePath(shown).startsWith('"') ? `"${shown}"` : quotePath(shown);
  };
  const lines = new Map<string, { index: string; work: string; from?: string }>();
  for (const change of data.staged) {
    const from = change.status === 'R' || change.status === 'C' ? change.before?.path : undefined;
    lines.set(pathOf(change), { index: change.status, work: ' ', ...(from === undefined ? {} : { from }) });
  }
  for (const [letter, path] of data.unstaged) {
    const known = lines.get(path);
    if (known === undefined) lines.set(path, { index: ' ', work: letter });
    else known.work = letter;
  }
  for (const [letters, path] of data.unmerged) lines.set(path, { index: letters.charAt(0), work: letters.charAt(1) });
  let text = branch ? `${branchHeader(git)}${end}` : '';
  for (const path of [...lines.keys()].sort(compareBytes)) {
    const { index = ' ', work = ' ', from } = lines.get(path) ?? {};
    const conflict = data.unmerged.some(([, each]) => each === path);
    const letters = paint(conflict ? '31' : '32', index) + paint('31', work);
    if (from === undefined) text += `${letters} ${name(path)}${end}`;
    else text += nul ? `${letters} ${name(path)}\0${name(from)}\0` : `${letters} ${name(from)} -> ${name(path)}${end}`;
  }
  for (const path of data.untracked) text += `${paint('31', '??')} ${name(path)}${end}`;
  for (const path of data.ignored) text += `${paint('31', '!!')} ${name(path)}${end}`;
  return text;
}

function branchHeader(git: Git): string {
  const { refs, objects } = git.repository;
  const { branch, head } = refs;
  if (branch === undefined) return '## HEAD (no branch)';
  if (head === undefined) return `## No commits yet on ${branch}`;
  const upstream = upstreamOf(git, branch);
  if (upstream === undefined) return `## ${branch}`;
  const name = upstream.replace(/^refs\/(remotes|heads)\//, '');
  const theirs = refs.read(upstream);
  if (theirs === undefined) return `## ${branch}...${name} [gone]`;
  const [ahead, behind] = aheadBehind(objects, head, theirs);
  const parts = [...(ahead > 0 ? [`ahead ${ahead}`] : []), ...(behind > 0 ? [`behind ${behind}`] : [])];
  return `## ${branch}...${name}${parts.length === 0 ? '' : ` [${parts.join(', ')}]`}`;
}

export function status(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 's/short b/branch long v/verbose z/null show-stash ahead-behind renames',
    optional: 'porcelain u/untracked-files ignored ignore-submodules column find-renames',
    usage: 'usage: git status [<options>] [--] <pathspec>...\n',
  });
  const untracked = parsed.has('u')
    ? parsed.value('u') || 'all'
    : (git.config.get('status.showuntrackedfiles') ?? 'normal');
  const given = parsed.all;
  const data = statusData(git, {
    untracked,
    ignored: parsed.has('ignored'),
    ...(given.length === 0 ? {} : { paths: new Pathspec(git, given) }),
  });
  const porcelain = parsed.has('porcelain') || (parsed.has('z') && !parsed.has('s'));
  if (parsed.has('s') || porcelain) {
    git.out(
      shortStatus(git, data, {
        branch: parsed.has('b'),
        porcelain,
        nul: parsed.has('z'),
        color: !porcelain && git.colored('status'),
      }),
    );
    return 0;
  }
  git.out(longStatus(git, data, { color: git.colored('status'), untracked }) + closing(git, data, untracked));
  return 0;
}
