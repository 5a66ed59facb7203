import { parseArguments } from '../arguments';
import { fatal, GitError } from '../error';
import type { Git } from '../git';
import { noStat, type IndexEntry } from '../index/index-file';
import { quotePath } from '../diff/patch';
import { resolveCommit, tryResolve, ambiguous } from '../refs/revision';
import { forceTree } from '../worktree/switch-tree';
import { Pathspec } from '../worktree/pathspec';
import { flatten, treeIndex, WorkTree } from '../worktree/worktree';
import { Index } from '../index/index-file';
import { statusData } from './status';

export function reset(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 'q/quiet mixed soft hard merge keep N/intent-to-add p/patch refresh',
    usage: 'usage: git reset [--mixed | --soft | --hard | --merge | --keep] [-q] [<commit>]\n',
  });
  const { repository } = git;
  const { refs, objects } = repository;
  const mode = (['soft', 'hard', 'merge', 'keep', 'mixed'] as const).find((each) => parsed.has(each));
  const [first, ...others] = parsed.operands;
  const asCommit = first === undefined ? undefined : tryResolve(git, first);
  const pathArguments = [
    ...(first !== undefined && asCommit === undefined ? [first] : []),
    ...others,
    ...(parsed.paths ?? []),
  ];
  if (first !== undefined && asCommit === undefined && parsed.paths === undefined) {
    const spec = new Pathspec(git, [first]);
    const known = spec.elements.every(
      ({ path, expression }) =>
        expression !== undefined ||
        path === '' ||
        git.fs.lstat(`${repository.root ?? ''}/${path}`).ok ||
        repository.index.has(path),
    );
    if (!known) fatal(ambiguous(first));
  }
  if (pathArguments.length > 0) {
    if (mode !== undefined && mode !== 'mixed') fatal(`Cannot do ${mode} reset with paths.`);
    return resetPaths(git, asCommit === undefined ? undefined : (first ?? 'HEAD'), pathArguments, parsed.has('q'));
  }
  const { head } = refs;
  if (asCommit === undefined && head === undefined) {
    if (mode === 'hard') forceTree(git, undefined);
    else if (mode !== 'soft') repository.saveIndex(new Index());
    return 0;
  }
  const oid = resolveCommit(git, first ?? 'HEAD', `Failed to resolve '${first ?? 'HEAD'}' as a valid revision.`);
  if (mode === 'soft' && repository.index.unmerged.length > 0)
    fatal('Cannot do a soft reset in the middle of a merge.');
  if (mode === 'hard' || mode === 'merge' || mode === 'keep') forceTree(git, objects.treeOf(oid));
  else if (mode !== 'soft') repository.saveIndex(refreshed(git, treeIndex(repository, objects.treeOf(oid))));
  const person = git.identityOrUnknown('COMMITTER');
  if (head !== undefined) repository.setState('ORIG_HEAD', `${head}\n`);
  refs.advance(oid, person, `reset: moving to ${first ?? 'HEAD'}`);
  for (const file of ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'SQUASH_MSG'])
    repository.setState(file, undefined);
  if (parsed.has('q')) return 0;
  if (mode === 'hard')
    git.out(`HEAD is now at ${objects.abbreviate(oid)} ${objects.commit(oid).message.split('\n')[0] ?? ''}\n`);
  else if (mode === undefined || mode === 'mixed') git.out(unstaged(git));
  return 0;
}

/** The same index, with the stat data of files that are as it says. */
function refreshed(git: Git, index: Index): Index {
  const old = git.repository.index;
  return new Index(
    index.entries.map((entry) => {
      const known = old.get(entry.path);
      return known?.oid === entry.oid && known.mode === entry.mode ? known : entry;
    }),
  );
}

function unstaged(git: Git): string {
  const data = statusData(git, { untracked: 'no' });
  const lines = [...data.unstaged, ...data.unmerged.map(([, path]) => ['U', path] as const)];
  return lines.length === 0
    ? ''
    : `Unstaged changes after reset:\n${lines.map(([letter, path]) => `${letter}\t${quotePath(git.relative(path))}\n`).join('')}`;
}

function resetPaths(git: Git, commit: string | undefined, given: readonly string[], quiet: boolean): number {
  const { repository } = git;
  const { index, objects, refs } = repository;
  const paths = new Pathspec(git, given);
  const oid = commit === undefined ? refs.head : resolveCommit(git, commit);
  const files = flatten(repository, oid === undefined ? undefined : objects.treeOf(oid));
  for (const path of new Set([...files.keys(), ...index.paths])) {
    if (!paths.matches(path)) continue;
    const wanted = files.get(path);
    if (wanted === undefined) index.remove(path);
    else if (index.get(path)?.oid !== wanted.oid || index.get(path)?.mode !== wanted.mode)
      index.set({ ...noStat, path, mode: wanted.mode, oid: wanted.oid, stage: 0 });
  }
  repository.saveIndex();
  if (!quiet) git.out(unstaged(git));
  return 0;
}

export function rm(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 'r cached f/force n/dry-run q/quiet ignore-unmatch',
    usage: 'usage: git rm [<options>] [--] <file>...\n',
  });
  const repository = git.workTree;
  const tree = new WorkTree(git, repository);
  const { index, refs, objects } = repository;
  const given = parsed.all;
  if (given.length === 0) fatal('No pathspec was given. Which files should I remove?');
  const paths = new Pathspec(git, given);
  const missing = paths.unmatched(index.paths);
  if (missing !== undefined && !parsed.has('ignore-unmatch')) fatal(`pathspec '${missing}' did not match any files`);
  for (const { path, given: each } of paths.elements) {
    const folder = path === '' || index.paths.some((tracked) => tracked.startsWith(`${path}/`));
    if (folder && !parsed.has('r')) fatal(`not removing '${each}' recursively without -r`);
  }
  const wanted = index.paths.filter((path) => paths.matches(path));
  const head = flatten(repository, refs.head === undefined ? undefined : objects.treeOf(refs.head));
  const [both, staged, local]: [string[], string[], string[]] = [[], [], []];
  if (!parsed.has('f')) {
    for (const path of wanted) {
      const entry = index.get(path);
      const file = tree.file(path);
      if (entry === undefined || file === undefined) continue;
      const modified = tree.modified(entry, file);
      const differs = head.get(path)?.oid !== entry.oid;
      if (modified && differs) both.push(path);
      else if (!parsed.has('cached') && differs) staged.push(path);
      else if (!parsed.has('cached') && modified) local.push(path);
    }
  }
  const list = (files: readonly string[]): string => files.map((path) => `    ${path}\n`).join('');
  const plural = (files: readonly string[]): readonly [string, string] =>
    files.length === 1 ? ['file has', 'the file'] : ['files have', 'the file'];
  const errors = [
    both.length === 0
      ? ''
      : `error: the following ${both.length === 1 ? 'file has' : 'files have'} staged content different from both the\nfile and the HEAD:\n${list(both)}(use -f to force removal)`,
    staged.length === 0
      ? ''
      : `error: the following ${plural(staged)[0]} changes staged in the index:\n${list(staged)}(use --cached to keep the file, or -f to force removal)`,
    local.length === 0
      ? ''
      : `error: the following ${plural(local)[0]} local modifications:\n${list(local)}(use --cached to keep the file, or -f to force removal)`,
  ].filter((text) => text !== '');
  if (errors.length > 0) throw new GitError(errors.join('\n'), 1, '');
  for (const path of wanted) {
    if (!parsed.has('q')) git.out(`rm '${path}'\n`);
    if (parsed.has('n')) continue;
    index.remove(path);
    if (!parsed.has('cached')) tree.remove(path);
  }
  if (!parsed.has('n')) repository.saveIndex();
  return 0;
}

export function mv(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 'f/force k n/dry-run v/verbose',
    usage: 'usage: git mv [<options>] <source>... <destination>\n',
  });
  const repository = git.workTree;
  const { index, fs } = repository;
  const given = parsed.all;
  if (given.length < 2)
    throw new GitError(
      'usage: git mv [<options>] <source>... <destination>\n\n    -v, --verbose         be verbose\n    -n, --dry-run         dry run\n    -f, --force           force move/rename even if target exists\n    -k                    skip move/rename errors\n    --sparse              allow updating entries outside of the sparse-checkout cone\n',
      129,
      '',
    );
  const target = given.at(-1) ?? '';
  const inTree = (path: string): string => new Pathspec(git, [path]).elements[0]?.path ?? '';
  const targetPath = inTree(target);
  const into = targetPath === '' || (fs.stat(git.absolute(target)).ok && isDirectory(git, target));
  if (given.length > 2 && !into) fatal(`destination '${target}' is not a directory`);
  const moves: (readonly [string, string])[] = [];
  for (const source of given.slice(0, -1)) {
    const from = inTree(source);
    const to = into
      ? `${targetPath === '' ? '' : `${targetPath}/`}${from.slice(from.lastIndexOf('/') + 1)}`
      : targetPath;
    const bad = (why: string): never => fatal(`${why}, source=${from}, destination=${to}`);
    if (!fs.lstat(`${repository.root}/${from}`).ok) bad('bad source');
    const folder = isDirectory(git, source);
    const files = index.paths.filter((path) => path === from || (folder && path.startsWith(`${from}/`)));
    if (files.length === 0) bad(folder ? 'source directory is empty' : 'not under version control');
    if (folder && (to === from || to.startsWith(`${from}/`))) bad('can not move directory into itself');
    if (fs.lstat(`${repository.root}/${to}`).ok && !folder) {
      if (!parsed.has('f')) bad('destination exists');
    }
    const parent = to.includes('/') ? to.slice(0, to.lastIndexOf('/')) : '';
    if (parent !== '' && !fs.stat(`${repository.root}/${parent}`).ok)
      fatal(`renaming '${from}' failed: No such file or directory`);
    moves.push([from, to]);
    if (parsed.has('v') || parsed.has('n')) {
      git.out(`Renaming ${from} to ${to}\n`);
      for (const path of folder ? files : []) git.out(`Renaming ${path} to ${to}${path.slice(from.length)}\n`);
    }
  }
  if (parsed.has('n')) return 0;
  for (const [from, to] of moves) {
    const done = fs.rename(`${repository.root}/${from}`, `${repository.root}/${to}`);
    if (!done.ok) fatal(`renaming '${from}' failed: ${done.error.message}`);
    for (const entry of index.entries) {
      if (entry.path !== from && !entry.path.startsWith(`${from}/`)) continue;
      const moved: IndexEntry = { ...entry, path: to + entry.path.slice(from.length) };
      index.remove(entry.path);
      index.set(moved);
    }
  }
  repository.saveIndex();
  return 0;
}

const isDirectory = (git: Git, path: string): boolean => {
  const found = git.fs.lstat(git.absolute(path));
  return found.ok && found.value.type === 'directory';
};

export function clean(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 'd f/force n/dry-run q/quiet x X i/interactive',
    values: 'e/exclude',
    usage: 'usage: git clean [-d] [-f] [-i] [-n] [-q] [-e <pattern>] [-x | -X] [--] [<pathspec>...]\n',
  });
  const repository = git.workTree;
  const tree = new WorkTree(git, repository);
  if (!parsed.has('f', 'n') && git.config.boolean('clean.requireforce', true)) {
    fatal('clean.requireForce defaults to true and neither -i, -n, nor -f given; refusing to clean');
  }
  const paths = new Pathspec(git, parsed.all);
  const plain = parsed.has('X') ? [] : tree.untracked();
  const ignored = parsed.has('x') || parsed.has('X') ? tree.untracked({ ignored: true }) : [];
  const found = [...plain, ...ignored].sort().filter((path) => paths.empty || paths.matches(path));
  const empties = parsed.has('d') ? emptyFolders(git, repository.root) : [];
  for (const path of [...new Set([...found, ...empties])].sort()) {
    const folder = path.endsWith('/');
    if (folder && !parsed.has('d')) continue;
    if (folder && git.fs.lstat(`${repository.root}/${path}.git`).ok) continue;
    if (!parsed.has('q') || parsed.has('n'))
      git.out(`${parsed.has('n') ? 'Would remove' : 'Removing'} ${quotePath(git.relative(path))}\n`);
    if (!parsed.has('n')) git.fs.removeAll(`${repository.root}/${path.replace(/\/$/, '')}`);
  }
  return 0;
}

function emptyFolders(git: Git, root: string, below = ''): readonly string[] {
  const list = git.fs.readdir(below === '' ? root : `${root}/${below}`);
  return (list.ok ? list.value : []).flatMap(({ name, type }) => {
    if (type !== 'directory' || name === '.git') return [];
    const path = `${below}${name}/`;
    const inside = git.fs.readdir(`${root}/${path}`);
    return inside.ok && inside.value.length === 0 ? [path] : emptyFolders(git, root, path);
  });
}
