import { parseArguments } from '../arguments';
import { quotePath } from '../diff/patch';
import { fatal, GitError } from '../error';
import type { Git } from '../git';
import { oidOf, type ObjectType } from '../objects/object';
import { isAncestor, mergeBases, reachable } from '../refs/history';
import { ambiguous, fullName, resolve, resolveCommit, tryResolve, upstreamOf } from '../refs/revision';
import { Pathspec } from '../worktree/pathspec';
import { WorkTree, writeTree } from '../worktree/worktree';
import { forEach } from './branch';
import { revision } from './log';

export function revParse(git: Git, args: readonly string[]): number {
  let [verify, quiet, short, abbrevRef, symbolic] = [false, false, 0, false, false];
  for (const arg of args) {
    const [, option = '', value] = /^(--?[a-z-]+)(?:=(.*))?$/.exec(arg) ?? [];
    const { repository } = git;
    const relativeDir = (path: string): string =>
      repository.root === git.cwd && path === `${git.cwd}/.git` ? '.git' : path === git.cwd ? '.' : path;
    switch (option) {
      case '--verify':
        verify = true;
        break;
      case '-q':
      case '--quiet':
        quiet = true;
        break;
      case '--short':
        short = value === undefined ? 7 : Number(value);
        verify = true;
        break;
      case '--abbrev-ref':
        abbrevRef = true;
        break;
      case '--symbolic-full-name':
        symbolic = true;
        break;
      case '--show-toplevel':
        git.out(`${git.workTree.root}\n`);
        break;
      case '--git-dir':
        git.out(`${relativeDir(repository.gitDir)}\n`);
        break;
      case '--absolute-git-dir':
        git.out(`${repository.gitDir}\n`);
        break;
      case '--git-common-dir':
        git.out(`${relativeDir(repository.gitDir)}\n`);
        break;
      case '--is-inside-work-tree':
        git.out(
          `${repository.root !== undefined && (git.cwd === repository.root || git.cwd.startsWith(`${repository.root}/`)) && !git.cwd.startsWith(repository.gitDir)}\n`,
        );
        break;
      case '--is-inside-git-dir':
        git.out(`${git.cwd.startsWith(repository.gitDir)}\n`);
        break;
      case '--is-bare-repository':
        git.out(`${repository.root === undefined && !repository.gitDir.endsWith('/.git')}\n`);
        break;
      case '--show-prefix':
        git.out(`${git.prefix}\n`);
        break;
      case '--show-cdup':
        git.out(
          `${git.prefix
            .split('/')
            .filter((part) => part !== '')
            .map(() => '../')
            .join('')}\n`,
        );
        break;
      case '--all':
        for (const { oid } of repository.refs.list()) git.out(`${oid}\n`);
        break;
      case '--branches':
        for (const { oid } of repository.refs.list('refs/heads/')) git.out(`${oid}\n`);
        break;
      case '--tags':
        for (const { oid } of repository.refs.list('refs/tags/')) git.out(`${oid}\n`);
        break;
      default: {
        if (arg === '--') continue;
        if (abbrevRef || symbolic) {
          const full =
            arg === 'HEAD' || arg === '@'
              ? repository.refs.symbolic('HEAD')
              : /@\{u(pstream)?\}$/.test(arg)
                ? upstreamOf(git, arg.replace(/@\{.*/, '') || (repository.refs.branch ?? ''))
                : fullName(repository, arg);
          if (/@\{u(pstream)?\}$/.test(arg) && full === undefined)
            fatal(`no upstream configured for branch '${repository.refs.branch ?? ''}'`);
          const oid = tryResolve(git, arg);
          if (full === undefined && oid === undefined) {
            if (!quiet) git.out(`${arg}\n`);
            fatal(ambiguous(arg));
          }
          if (abbrevRef)
            git.out(
              `${full === undefined ? (arg === 'HEAD' ? 'HEAD' : '') : full.replace(/^refs\/(heads|tags|remotes)\//, '')}\n`,
            );
          else if (full !== undefined) git.out(`${full}\n`);
          break;
        }
        const include: string[] = [];
        const exclude: string[] = [];
        const one = tryResolve(git, arg);
        if (one === undefined && !verify && revision(git, arg, include, exclude)) {
          for (const oid of include) git.out(`${oid}\n`);
          for (const oid of exclude) git.out(`^${oid}\n`);
          break;
        }
        if (one === undefined) {
          if (quiet && verify) return 1;
          if (verify) fatal('Needed a single revision');
          if (!verify && (git.fs.lstat(git.absolute(arg)).ok || arg.startsWith('-'))) {
            git.out(`${arg}\n`);
            break;
          }
          git.out(`${arg}\n`);
          fatal(ambiguous(arg));
        } else git.out(`${short > 0 ? repository.objects.abbreviate(one, short) : one}\n`);
      }
    }
  }
  return 0;
}

export function lsFiles(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags:
      'c/cached d/deleted m/modified o/others i/ignored s/stage u/unmerged z full-name exclude-standard error-unmatch directory t v',
    values: 'x/exclude X/exclude-from',
    usage: 'usage: git ls-files [<options>] [<file>...]\n',
  });
  const { repository } = git;
  const tree = repository.root === undefined ? undefined : new WorkTree(git, git.workTree);
  const paths = new Pathspec(git, parsed.all);
  const end = parsed.has('z') ? '\0' : '\n';
  const { prefix } = git;
  const fits = (path: string): boolean => path.startsWith(prefix) && paths.matches(path);
  const shown = (path: string): string => {
    const name = parsed.has('full-name') ? path : git.relative(path);
    return parsed.has('z') ? name : quotePath(name);
  };
  if (parsed.has('error-unmatch')) {
    const missing = paths.unmatched(repository.index.paths);
    if (missing !== undefined) {
      throw new GitError(
        `error: pathspec '${missing}' did not match any file(s) known to git\nDid you forget to 'git add'?`,
        1,
        '',
      );
    }
  }
  if (parsed.has('o') && tree !== undefined) {
    const found = parsed.has('i')
      ? tree.untracked({ ignored: true })
      : [
          ...tree.untracked({ all: true }),
          ...(parsed.has('exclude-standard') ? [] : tree.untracked({ ignored: true })),
        ].sort();
    for (const path of found) if (fits(path)) git.out(`${shown(path)}${end}`);
  }
  const staged = parsed.has('s') || parsed.has('u');
  const plain = !parsed.has('d', 'm', 'o');
  for (const entry of repository.index.entries) {
    if (!fits(entry.path) || (parsed.has('u') && entry.stage === 0)) continue;
    const file = tree?.file(entry.path);
    const deleted = file === undefined;
    if (staged) git.out(`${entry.mode.toString(8)} ${entry.oid} ${entry.stage}\t${shown(entry.path)}${end}`);
    else if (parsed.has('c') || plain) git.out(`${shown(entry.path)}${end}`);
    if (parsed.has('d') && deleted) git.out(`${shown(entry.path)}${end}`);
    if (parsed.has('m') && (deleted || (tree !== undefined && tree.modified(entry, file))))
      git.out(`${shown(entry.path)}${end}`);
  }
  return 0;
}

export function lsTree(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 'r d t l/long z name-only/name-status full-name full-tree',
    usage: 'usage: git ls-tree [<options>] <tree-ish> [<path>...]\n',
  });
  const [name, ...given] = parsed.all;
  if (name === undefined) throw new GitError('usage: git ls-tree [<options>] <tree-ish> [<path>...]', 129, '');
  const { objects } = git.repository;
  const root = objects.treeOf(tryResolve(git, name) ?? fatal(`Not a valid object name ${name}`));
  const wanted = given.map((path) => `${git.prefix}${path}`.replace(/\/$/, ''));
  const show = (tree: string, folder: string): void => {
    for (const entry of objects.tree(tree)) {
      const path = folder + entry.name;
      const directory = entry.mode === 0o40000;
      const below = given.some((each) => each === `${path}/`) || wanted.some((each) => each.startsWith(`${path}/`));
      const inside = wanted.length === 0 || wanted.some((each) => each === path || path.startsWith(`${each}/`));
      if (directory && (below || (parsed.has('r') && (inside || below)))) {
        if (parsed.has('t')) line(entry, path);
        show(entry.oid, `${path}/`);
      } else if (inside && (!parsed.has('d') || directory)) line(entry, path);
    }
  };
  const line = (entry: { readonly mode: number; readonly oid: string }, path: string): void => {
    const type = entry.mode === 0o40000 ? 'tree' : entry.mode === 0o160000 ? 'commit' : 'blob';
    const size = parsed.has('l')
      ? ` ${(type === 'blob' ? String(objects.blob(entry.oid).length) : '-').padStart(7)}`
      : '';
    const shown = parsed.has('z') ? path : quotePath(path);
    git.out(
      `${parsed.has('name-only') ? '' : `${entry.mode.toString(8).padStart(6, '0')} ${type} ${entry.oid}${size}\t`}${shown}${parsed.has('z') ? '\0' : '\n'}`,
    );
  };
  show(root, '');
  return 0;
}

export function catFile(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 't s e p textconv filters',
    optional: 'batch batch-check',
    usage: 'usage: git cat-file <type> <object>\n',
  });
  const { objects } = git.repository;
  const [first, second] = parsed.all;
  const wanted = parsed.has('t', 's', 'e', 'p');
  const name = wanted ? first : second;
  if (name === undefined)
    throw new GitError("fatal: <object> required with '-p'\n\nusage: git cat-file <type> <object>", 129, '');
  const oid = tryResolve(git, name);
  const object = oid === undefined ? undefined : objects.find(oid);
  if (parsed.has('e')) {
    if (oid === undefined) fatal(`Not a valid object name ${name}`);
    return object === undefined ? 1 : 0;
  }
  if (oid === undefined || object === undefined) return fatal(`Not a valid object name ${name}`);
  if (parsed.has('t')) git.out(`${object.type}\n`);
  else if (parsed.has('s')) git.out(`${object.bytes.length}\n`);
  else if (object.type === 'tree' && parsed.has('p')) return lsTree(git, [oid]);
  else {
    if (!wanted && first !== object.type) {
      const inner = first === 'tree' ? objects.treeOf(oid) : first === 'commit' ? objects.peel(oid) : undefined;
      if (inner === undefined) throw new GitError(`fatal: git cat-file ${name}: bad file`, 128, '');
      git.out(objects.read(inner).bytes);
      return 0;
    }
    git.out(object.bytes);
  }
  return 0;
}

export async function hashObject(git: Git, args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args, {
    flags: 'w stdin stdin-paths literally no-filters',
    values: 't path',
    usage:
      'usage: git hash-object [-t <type>] [-w] [--path=<file> | --no-filters] [--stdin [--literally]] [--] <file>...\n',
  });
  const type = (parsed.value('t') ?? 'blob') as ObjectType;
  const take = (bytes: Uint8Array): void => {
    const oid = parsed.has('w') ? git.repository.objects.write({ type, bytes }) : oidOf({ type, bytes });
    git.out(`${oid}\n`);
  };
  if (parsed.has('stdin')) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of git.process.stdin) chunks.push(chunk);
    take(Uint8Array.from(chunks.flatMap((chunk) => [...chunk])));
  }
  for (const path of parsed.all) {
    const bytes = git.fs.readFile(git.absolute(path));
    take(bytes.ok ? bytes.value : fatal(`could not open '${path}' for reading: ${bytes.error.message}`));
  }
  return 0;
}

export function showRef(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 'head heads tags d/dereference verify q/quiet',
    optional: 's/hash abbrev',
    usage: 'usage: git show-ref\n',
  });
  const { refs, objects } = git.repository;
  let found = refs.list();
  if (parsed.has('heads') || parsed.has('tags'))
    found = found.filter(
      ({ name }) =>
        (parsed.has('heads') && name.startsWith('refs/heads/')) ||
        (parsed.has('tags') && name.startsWith('refs/tags/')),
    );
  if (parsed.has('verify')) {
    for (const name of parsed.all) {
      const oid = refs.read(name) ?? fatal(`'${name}' - not a valid ref`);
      if (!parsed.has('q')) git.out(`${oid} ${name}\n`);
    }
    return 0;
  }
  if (parsed.all.length > 0)
    found = found.filter(({ name }) => parsed.all.some((each) => name === each || name.endsWith(`/${each}`)));
  for (const { name, oid } of found) {
    if (parsed.has('q')) continue;
    git.out(parsed.has('s') ? `${oid}\n` : `${oid} ${name}\n`);
    if (parsed.has('d') && objects.peel(oid) !== oid) git.out(`${objects.peel(oid)} ${name}^{}\n`);
  }
  return found.length === 0 ? 1 : 0;
}

export function forEachRef(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    values: 'format count sort points-at',
    usage: 'usage: git for-each-ref [<options>] [<pattern>]\n',
  });
  const { refs, objects } = git.repository;
  const format = parsed.value('format');
  const found = refs
    .list()
    .filter(
      ({ name }) =>
        parsed.all.length === 0 ||
        parsed.all.some((each) => name === each || name.startsWith(`${each.replace(/\/$/, '')}/`)),
    );
  for (const { name, oid } of found.slice(0, Number(parsed.value('count') ?? found.length))) {
    git.out(
      format === undefined ? `${oid} ${objects.read(oid).type}\t${name}\n` : `${forEach(format, name, oid, git)}\n`,
    );
  }
  return 0;
}

export function symbolicRef(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 'q/quiet short d/delete',
    values: 'm',
    usage: 'usage: git symbolic-ref [-m <reason>] <name> <ref>\n',
  });
  const [name = 'HEAD', target] = parsed.all;
  const { refs } = git.repository;
  if (target !== undefined) {
    if (!target.startsWith('refs/')) fatal('Refusing to point HEAD outside of refs/');
    refs.setSymbolic(name, target);
    return 0;
  }
  const found = refs.symbolic(name);
  if (found === undefined) return parsed.has('q') ? 1 : fatal(`ref ${name} is not a symbolic ref`);
  git.out(`${parsed.has('short') ? found.replace(/^refs\/(heads|tags|remotes)\//, '') : found}\n`);
  return 0;
}

export function updateRef(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 'd no-deref',
    values: 'm',
    usage: 'usage: git update-ref [<options>] -d <refname> [<old-val>]\n',
  });
  const [name = '', value] = parsed.all;
  const { refs } = git.repository;
  if (parsed.has('d')) refs.delete(name);
  else if (name === 'HEAD')
    refs.advance(resolve(git, value ?? ''), git.identityOrUnknown('COMMITTER'), parsed.value('m') ?? '');
  else refs.update(name, resolve(git, value ?? ''), git.identityOrUnknown('COMMITTER'), parsed.value('m') ?? '');
  return 0;
}

export function writeTreeCommand(git: Git): number {
  git.out(`${writeTree(git.repository)}\n`);
  return 0;
}

export function mergeBase(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 'a/all is-ancestor octopus independent fork-point',
    usage: 'usage: git merge-base [-a | --all] <commit> <commit>...\n',
  });
  const [ours = '', theirs = ''] = parsed.all.map((name) =>
    resolveCommit(git, name, `Not a valid object name ${name}`),
  );
  const { objects } = git.repository;
  if (parsed.has('is-ancestor')) return isAncestor(objects, ours, theirs) ? 0 : 1;
  const bases = mergeBases(objects, ours, theirs);
  for (const oid of parsed.has('a') ? bases : bases.slice(0, 1)) git.out(`${oid}\n`);
  return bases.length === 0 ? 1 : 0;
}

export function checkIgnore(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 'q/quiet v/verbose n/non-matching no-index stdin',
    usage: 'usage: git check-ignore [<options>] <pathname>...\n',
  });
  const tree = new WorkTree(git, git.workTree);
  let found = false;
  for (const given of parsed.all) {
    const path = (new Pathspec(git, [given]).elements[0]?.path ?? given).replace(/\/$/, '');
    if (git.repository.index.has(path)) continue;
    const stat = git.fs.lstat(git.absolute(given));
    const verdict = tree.ignore.decide(path, given.endsWith('/') || (stat.ok && stat.value.type === 'directory'));
    if (verdict === undefined || (!verdict.ignored && !parsed.has('v'))) continue;
    found = true;
    if (!parsed.has('q'))
      git.out(parsed.has('v') ? `${verdict.file}:${verdict.line}:${verdict.text}\t${given}\n` : `${given}\n`);
  }
  return found ? 0 : 1;
}

export function describe(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 'tags all always long exact-match first-parent contains',
    values: 'match',
    optional: 'abbrev dirty',
    usage: 'usage: git describe\n',
  });
  const { refs, objects } = git.repository;
  const oid = resolveCommit(git, parsed.all[0] ?? 'HEAD', `Not a valid object name ${parsed.all[0] ?? 'HEAD'}`);
  const names = new Map<string, string>();
  for (const { name, oid: at } of refs.list('refs/tags/')) {
    const annotated = objects.find(at)?.type === 'tag';
    const known = names.has(objects.peel(at));
    if (annotated || (parsed.has('tags') && !known)) names.set(objects.peel(at), name.replace('refs/tags/', ''));
  }
  const history = reachable(objects, [oid]);
  const near = history.find((commit) => names.has(commit.oid));
  const dirty = parsed.choice('dirty') === true ? parsed.value('dirty') || '-dirty' : '';
  const suffix = dirty === '' ? '' : isDirty(git) ? dirty : '';
  if (near === undefined) {
    if (parsed.has('always')) {
      git.out(`${objects.abbreviate(oid)}${suffix}\n`);
      return 0;
    }
    if (refs.list('refs/tags/').length === 0 || names.size === 0)
      fatal(
        refs.list('refs/tags/').length === 0
          ? 'No names found, cannot describe anything.'
          : `No annotated tags can describe '${oid}'.\nHowever, there were unannotated tags: try --tags.`,
      );
    return fatal(`No tags can describe '${oid}'.\nTry --always, or create some tags.`);
  }
  const distance = reachable(objects, [oid], { exclude: [near.oid] }).length;
  const name = names.get(near.oid) ?? '';
  if (distance > 0 && parsed.has('exact-match')) fatal(`no tag exactly matches '${oid}'`);
  const abbrev = parsed.value('abbrev');
  const long = distance > 0 || parsed.has('long');
  git.out(`${name}${long && abbrev !== '0' ? `-${distance}-g${objects.abbreviate(oid)}` : ''}${suffix}\n`);
  return 0;
}

function isDirty(git: Git): boolean {
  const tree = new WorkTree(git, git.workTree);
  return git.repository.index.entries.some((entry) => {
    const file = tree.file(entry.path);
    return file === undefined || tree.modified(entry, file);
  });
}

export function countObjects(git: Git, args: readonly string[]): number {
  const all = git.repository.objects.all();
  const size = all.length * 4;
  git.out(
    args.includes('-v')
      ? `count: ${all.length}\nsize: ${size}\nin-pack: 0\npacks: 0\nsize-pack: 0\nprune-packable: 0\ngarbage: 0\nsize-garbage: 0\n`
      : `${all.length} objects, ${size} kilobytes\n`,
  );
  return 0;
}
