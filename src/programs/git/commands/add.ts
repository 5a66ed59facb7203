import { parseArguments } from '../arguments';
import { fatal, GitError } from '../error';
import type { Git } from '../git';
import { noStat } from '../index/index-file';
import { emptyBlob } from '../objects/object';
import { Pathspec } from '../worktree/pathspec';
import { WorkTree } from '../worktree/worktree';

const advice = 'hint: Turn this message off by running\nhint: "git config advice.addEmptyPathspec false"\n';

export function add(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags:
      'A/all u/update n/dry-run v/verbose f/force N/intent-to-add p/patch i/interactive e/edit refresh ignore-errors ignore-missing renormalize sparse',
    values: 'chmod pathspec-from-file',
    usage: 'usage: git add [<options>] [--] <pathspec>...\n',
  });
  const repository = git.workTree;
  const tree = new WorkTree(git, repository);
  const { index } = repository;
  if (parsed.has('p') || parsed.has('i') || parsed.has('e')) fatal('interactive adding is not available here');
  const given = parsed.all;
  const everything = parsed.has('A');
  if (given.length === 0 && !everything && !parsed.has('u')) {
    git.err(`Nothing specified, nothing added.\nhint: Maybe you wanted to say 'git add .'?\n${advice}`);
    return 0;
  }
  if (given.includes(''))
    fatal('empty string is not a valid pathspec. please use . instead if you meant to match all paths');
  const paths = new Pathspec(git, given);
  const onlyTracked = parsed.has('u');
  const untracked = onlyTracked ? [] : expand(tree, paths, parsed.has('f'));
  const tracked = index.paths.filter((path) => paths.matches(path));
  const missing = paths.unmatched([...index.paths, ...untracked, ...tree.untracked({ all: true })]);
  if (missing !== undefined && missing !== '.' && !isFolder(tree, paths, missing)) {
    const ignored = ignoredOf(git, tree, given, parsed.has('f'));
    if (ignored.length === 0) fatal(`pathspec '${missing}' did not match any files`);
  }
  const refused = ignoredOf(git, tree, given, parsed.has('f'));
  const said = (verb: string, path: string): void => {
    if (parsed.has('v') || parsed.has('n')) git.out(`${verb} '${path}'\n`);
  };
  for (const path of tracked) {
    const entry = index.get(path);
    const file = tree.file(path);
    if (file === undefined) {
      if (!parsed.has('n')) index.remove(path);
      said('remove', path);
    } else if (entry === undefined || tree.modified(entry, file) || entry.intentToAdd === true) {
      if (!parsed.has('n')) index.set(tree.entryOf(path, file));
      said('add', path);
    }
  }
  for (const path of untracked) {
    const file = tree.file(path.replace(/\/$/, ''));
    if (file === undefined) continue;
    if (file.mode === 0o160000 && !parsed.has('n')) git.err(embedded(path.replace(/\/$/, '')));
    if (!parsed.has('n')) {
      const name = path.replace(/\/$/, '');
      dropObstacles(index, name);
      index.set(
        parsed.has('N')
          ? { ...noStat, path: name, mode: file.mode, oid: emptyBlob, stage: 0, intentToAdd: true }
          : tree.entryOf(name, file),
      );
    }
    said('add', path);
  }
  const chmod = parsed.value('chmod');
  if (chmod !== undefined) {
    if (!/^[+-]x$/.test(chmod)) fatal(`--chmod param '${chmod}' must be either -x or +x`);
    for (const entry of index.entries) {
      if (paths.matches(entry.path)) index.set({ ...entry, mode: chmod === '+x' ? 0o100755 : 0o100644 });
    }
  }
  if (!parsed.has('n')) repository.saveIndex();
  if (refused.length > 0) {
    throw new GitError(
      `The following paths are ignored by one of your .gitignore files:\n${refused.join('\n')}\n` +
        'hint: Use -f if you really want to add them.\nhint: Turn this message off by running\nhint: "git config advice.addIgnoredFile false"',
      1,
      '',
    );
  }
  return 0;
}

/** A file where a folder was, or the other way round: what was tracked goes. */
export function dropObstacles(index: WorkTree['repository']['index'], path: string): void {
  for (const each of index.paths) {
    if (each.startsWith(`${path}/`) || path.startsWith(`${each}/`)) index.remove(each);
  }
}

function expand(tree: WorkTree, paths: Pathspec, force: boolean): readonly string[] {
  const found = tree.untracked({ all: true }).filter((path) => paths.matches(path));
  if (!force) return found;
  const hidden = tree.untracked({ ignored: true }).flatMap((path) => filesBelow(tree, path));
  return [...found, ...hidden.filter((path) => paths.matches(path))].sort();
}

function filesBelow(tree: WorkTree, path: string): readonly string[] {
  if (!path.endsWith('/')) return [path];
  const list = tree.fs.readdir(tree.path(path));
  return list.ok
    ? list.value.flatMap(({ name, type }) => filesBelow(tree, `${path}${name}${type === 'directory' ? '/' : ''}`))
    : [];
}

const isFolder = (tree: WorkTree, paths: Pathspec, given: string): boolean => {
  const element = paths.elements.find((each) => each.given === given);
  const found = element === undefined || element.path === '' ? undefined : tree.fs.lstat(tree.path(element.path));
  return found?.ok === true && found.value.type === 'directory';
};

/** Paths that were named though they are ignored. */
function ignoredOf(git: Git, tree: WorkTree, given: readonly string[], force: boolean): readonly string[] {
  if (force) return [];
  const { elements } = new Pathspec(git, given);
  return elements.flatMap(({ path, expression }) => {
    if (path === '' || expression !== undefined || tree.repository.index.has(path)) return [];
    const found = tree.fs.lstat(tree.path(path));
    if (!found.ok || tree.repository.index.paths.some((each) => each.startsWith(`${path}/`))) return [];
    const parts = path.split('/');
    for (let depth = 1; depth <= parts.length; depth++) {
      const above = parts.slice(0, depth).join('/');
      const directory = depth < parts.length || found.value.type === 'directory';
      if (tree.ignore.verdict(above, directory)?.ignored === true) return [above];
    }
    return [];
  });
}

const embedded = (path: string): string =>
  `warning: adding embedded git repository: ${path}\n${[
    "You've added another git repository inside your current repository.",
    'Clones of the outer repository will not contain the contents of',
    'the embedded repository and will not know how to obtain it.',
    'If you meant to add a submodule, use:',
    '',
    `\tgit submodule add <url> ${path}`,
    '',
    'If you added this path by mistake, you can remove it from the',
    'index with:',
    '',
    `\tgit rm --cached ${path}`,
    '',
    'See "git help submodule" for more information.',
  ]
    .map((line) => `hint: ${line}\n`)
    .join('')}`;
