import { parseArguments } from '../arguments';
import { formatDate } from '../date';
import { changesBetween } from '../diff/output';
import { count, shortStat, summary } from '../diff/stat';
import { treeFiles } from '../diff/tree-diff';
import { failure, fatal, GitError } from '../error';
import type { Git } from '../git';
import { mailOf, nameOf } from '../date';
import type { Commit, Oid } from '../objects/object';
import { resolveCommit } from '../refs/revision';
import { edit } from '../editor';
import { Pathspec } from '../worktree/pathspec';
import { WorkTree, writeTree } from '../worktree/worktree';
import { closing, longStatus, shortStatus, statusData } from './status';

/** A message without comment lines, white space at line ends, and empty lines at its ends (stripspace). */
export function cleanMessage(text: string, comments: boolean): string {
  const lines = text
    .split('\n')
    .filter((line) => !comments || !line.startsWith('#'))
    .map((line) => line.replace(/\s+$/, ''));
  const kept = lines.filter((line, index) => line !== '' || (index > 0 && lines[index - 1] !== ''));
  while (kept[0] === '') kept.shift();
  while (kept.at(-1) === '') kept.pop();
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}

export const subjectOf = (message: string): string =>
  (message.replace(/^\n+/, '').split(/\n\s*\n/)[0] ?? '')
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .join(' ');

/** What `git commit` says of a new commit. */
export function describeCommit(
  git: Git,
  oid: Oid,
  {
    amended = false,
    quiet = false,
    dated = false,
  }: { readonly amended?: boolean; readonly quiet?: boolean; readonly dated?: boolean } = {},
): string {
  if (quiet) return '';
  const { repository } = git;
  const { objects, refs } = repository;
  const commit = objects.commit(oid);
  const { branch } = refs;
  const root = commit.parents.length === 0 && !amended ? ' (root-commit)' : '';
  let text = `[${branch ?? 'detached HEAD'}${root} ${objects.abbreviate(oid)}] ${subjectOf(commit.message)}\n`;
  if (nameOf(commit.author) !== nameOf(commit.committer) || mailOf(commit.author) !== mailOf(commit.committer)) {
    text += ` Author: ${nameOf(commit.author)} <${mailOf(commit.author)}>\n`;
  }
  if (amended || dated || whenOf(commit.author) !== whenOf(commit.committer)) {
    text += ` Date: ${formatDate(commit.author, 'default', git.process)}\n`;
  }
  if (commit.parents.length > 1) return text;
  const [parent] = commit.parents;
  const before = treeFiles(repository, parent === undefined ? undefined : objects.commit(parent).tree);
  const changes = changesBetween(before, treeFiles(repository, commit.tree), { renames: true, filter: '' });
  const counted = changes.map(count);
  return text + (counted.length === 0 ? '' : shortStat(counted)) + summary(changes);
}

const whenOf = (person: string): string => person.slice(person.lastIndexOf('>') + 1);

/** Makes a commit of a tree and moves HEAD to it. */
export function makeCommit(git: Git, commit: Omit<Commit, 'oid'>, why: string): Oid {
  const { repository } = git;
  const oid = repository.objects.writeCommit(commit);
  repository.refs.advance(oid, git.identity('COMMITTER'), `${why}: ${subjectOf(commit.message)}`);
  return oid;
}

const flags =
  'a/all p/patch s/signoff q/quiet v/verbose n/dry-run amend allow-empty allow-empty-message no-edit e/edit i/include o/only short porcelain long branch z/null no-verify no-gpg-sign verify status reset-author no-post-rewrite';

export async function commit(git: Git, args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args, {
    flags,
    values: 'm/message F/file C/reuse-message c/reedit-message author date t/template cleanup fixup squash trailer',
    optional: 'S/gpg-sign u/untracked-files',
    usage: 'usage: git commit [<options>] [--] <pathspec>...\n',
  });
  const repository = git.workTree;
  const { refs, objects } = repository;
  const tree = new WorkTree(git, repository);
  const { index } = repository;
  const amend = parsed.has('amend');
  const merging = repository.state('MERGE_HEAD');
  const { head } = refs;
  if (amend && head === undefined) fatal('You have nothing to amend.');
  if (amend && merging !== undefined) fatal('You are in the middle of a merge -- cannot amend.');
  if (parsed.has('p')) fatal('interactive adding is not available here');

  const given = parsed.all;
  if (parsed.has('a') && given.length > 0) fatal(`paths '${given[0] ?? ''} ...' with -a does not make sense`);
  if (parsed.has('a') || given.length > 0) {
    const paths = new Pathspec(git, given);
    const missing = paths.unmatched(index.paths);
    if (missing !== undefined) failure(`pathspec '${missing}' did not match any file(s) known to git`);
    for (const path of index.paths.filter((each) => paths.matches(each))) {
      const file = tree.file(path);
      if (file === undefined) index.remove(path);
      else index.set(tree.entryOf(path, file));
    }
  }
  if (index.unmerged.length > 0) {
    for (const path of index.unmerged) git.out(`U\t${path}\n`);
    throw new GitError(
      'error: Committing is not possible because you have unmerged files.\n' +
        "hint: Fix them up in the work tree, and then use 'git add/rm <file>'\nhint: as appropriate to mark resolution and make a commit.\n" +
        'fatal: Exiting because of an unresolved conflict.',
      128,
      '',
    );
  }

  const old = amend && head !== undefined ? objects.commit(head) : undefined;
  const made = writeTree(repository);
  const parents = old?.parents ?? [
    ...(head === undefined ? [] : [head]),
    ...(merging ?? '').split('\n').filter((line) => line !== ''),
  ];
  const [parent] = parents;
  const empty = parent === undefined ? index.entries.length === 0 : objects.commit(parent).tree === made;
  const data = (): ReturnType<typeof statusData> => statusData(git);
  if (parsed.has('n') || parsed.has('short') || parsed.has('porcelain')) {
    const porcelain = parsed.has('porcelain');
    if (parsed.has('short') || porcelain)
      git.out(shortStatus(git, data(), { branch: parsed.has('branch'), porcelain, nul: false, color: false }));
    else git.out(longStatus(git, data(), { committing: true }) + closing(git, data()));
    return empty ? 1 : 0;
  }
  if (empty && !parsed.has('allow-empty') && !amend && parents.length < 2) {
    repository.saveIndex();
    const now = data();
    git.out(longStatus(git, now, { committing: true }) + closing(git, now));
    return 1;
  }
  if (empty && amend && !parsed.has('allow-empty') && old !== undefined && parents.length === 1) {
    git.out(longStatus(git, data()));
    git.out(
      'No changes\nYou asked to amend the most recent commit, but doing so would make\nit empty. You can repeat your command with --allow-empty, or you can\nremove the commit entirely with "git reset HEAD^".\n'.replace(
        'No changes\n',
        '',
      ),
    );
    return 1;
  }

  const reused = parsed.value('C') ?? parsed.value('c');
  const source =
    reused === undefined ? old : objects.commit(resolveCommit(git, reused, `could not lookup commit ${reused}`));
  const author = authorOf(git, parsed.value('author'), parsed.value('date'), source, parsed.has('reset-author'));
  const written = await messageOf(git, parsed, { source, merging: merging !== undefined, data });
  if (written === undefined) {
    git.err('Aborting commit due to empty commit message.\n');
    return 1;
  }
  let message = written;
  const committer = git.identity('COMMITTER');
  if (parsed.has('s')) {
    const line = `Signed-off-by: ${nameOf(committer)} <${mailOf(committer)}>\n`;
    if (!message.includes(line))
      message += (/\n[\w-]+: .*\n$/.test(message) && /\n\n/.test(message) ? '' : '\n') + line;
  }
  repository.saveIndex();
  repository.setState('COMMIT_EDITMSG', message);
  const why = amend
    ? 'commit (amend)'
    : parents.length === 0
      ? 'commit (initial)'
      : parents.length > 1
        ? 'commit (merge)'
        : 'commit';
  const oid = makeCommit(git, { tree: made, parents, author, committer, message }, why);
  for (const file of ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'SQUASH_MSG'])
    repository.setState(file, undefined);
  git.out(describeCommit(git, oid, { amended: amend, quiet: parsed.has('q') }));
  return 0;
}

function authorOf(
  git: Git,
  given: string | undefined,
  date: string | undefined,
  source: Commit | undefined,
  reset: boolean,
): string {
  if (given !== undefined) {
    const [, name, mail] = /^(.*?)\s*<([^>]*)>\s*$/.exec(given) ?? [];
    if (name === undefined || mail === undefined) {
      return fatal(`--author '${given}' is not 'Name <email>' and matches no existing author`);
    }
    const own = git.identity('AUTHOR', date);
    const when = source !== undefined && date === undefined ? whenOf(source.author) : whenOf(own);
    return `${name} <${mail}>${when}`;
  }
  if (source === undefined || reset) return git.identity('AUTHOR', date);
  return date === undefined
    ? source.author
    : source.author.replace(/>[^>]*$/, '>') + whenOf(git.identity('AUTHOR', date));
}

type Parsed = ReturnType<typeof parseArguments>;

async function messageOf(
  git: Git,
  parsed: Parsed,
  {
    source,
    merging,
    data,
  }: {
    readonly source: Commit | undefined;
    readonly merging: boolean;
    readonly data: () => ReturnType<typeof statusData>;
  },
): Promise<string | undefined> {
  const { repository } = git;
  const messages = parsed.values('m');
  const file = parsed.value('F');
  const kept = (text: string): string | undefined => {
    const clean = parsed.value('cleanup') === 'verbatim' ? text : cleanMessage(text, false);
    return clean === '' && !parsed.has('allow-empty-message') ? undefined : clean;
  };
  let start: string | undefined;
  const fixup = parsed.value('fixup');
  if (fixup !== undefined) return `fixup! ${subjectOf(repository.objects.commit(resolveCommit(git, fixup)).message)}\n`;
  if (messages.length > 0) start = messages.map((message) => `${message}\n`).join('\n');
  else if (file !== undefined) start = await fileText(git, file);
  else if (source !== undefined) start = source.message;
  else start = repository.state('MERGE_MSG') ?? repository.state('SQUASH_MSG');
  const wantsEditor =
    parsed.choice('e') === true ||
    (messages.length === 0 &&
      file === undefined &&
      parsed.value('C') === undefined &&
      !(parsed.choice('e') === false) &&
      !parsed.has('no-edit'));
  if (!wantsEditor) return kept(start ?? '');
  const template = parsed.value('t') ?? git.config.get('commit.template');
  if (start === undefined && template !== undefined) start = await fileText(git, template.replace(/^~/, git.home));
  const now = data();
  const status = longStatus(git, now, { committing: true });
  const merge = merging
    ? '#\n# It looks like you may be committing a merge.\n# If this is not correct, please run\n#\tgit update-ref -d MERGE_HEAD\n# and try again.\n\n'
    : '';
  const text = `${start ?? ''}
${merge}# Please enter the commit message for your changes. Lines starting
# with '#' will be ignored, and an empty message aborts the commit.
#
${commented(status)}`;
  const edited = await edit(git, `${repository.gitDir}/COMMIT_EDITMSG`, text);
  const clean = cleanMessage(edited, true);
  return clean === '' && !parsed.has('allow-empty-message') ? undefined : clean;
}

/** A status as the editor shows it: without advice, each line a comment. */
const commented = (status: string): string =>
  status
    .split('\n')
    .filter((line) => !/^ {2}\(use "git/.test(line))
    .join('\n')
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => (line === '' ? '#\n' : line.startsWith('\t') ? `#${line}\n` : `# ${line}\n`))
    .join('');

async function fileText(git: Git, path: string): Promise<string> {
  if (path === '-') return git.process.stdin.text();
  const text = git.fs.readText(git.absolute(path));
  return text.ok ? text.value : fatal(`could not read log file '${path}': ${text.error.message}`);
}
