import { decode } from '../../../linux/io/bytes';
import { formatDate, mailOf, nameOf } from '../date';
import { changesBetween, diffOptions, showChanges, type DiffOptions } from '../diff/output';
import { indexFiles, treeFiles, workFiles, type FileChange } from '../diff/tree-diff';
import { combinedDiff } from '../diff/combined';
import { fatal } from '../error';
import type { Git } from '../git';
import type { Oid } from '../objects/object';
import { mergeBases } from '../refs/history';
import { ambiguous, tryResolve } from '../refs/revision';
import { Pathspec } from '../worktree/pathspec';
import { WorkTree } from '../worktree/worktree';
import { prettyOptions, select, showCommits, walk } from './log';

const withPatch = (options: DiffOptions, rest: readonly string[]): DiffOptions =>
  options.formats.length === 0 && !rest.includes('--no-patch-given') ? { ...options, formats: ['patch'] } : options;

export function show(git: Git, args: readonly string[]): number {
  const { repository } = git;
  const { objects } = repository;
  const { options: given, rest: afterDiff } = diffOptions(git, args);
  const { options: style, rest } = prettyOptions(git, afterDiff);
  const diff = withPatch(given, rest);
  const dashes = rest.indexOf('--');
  const words = rest.filter((arg, index) => !arg.startsWith('-') && (dashes < 0 || index < dashes));
  const paths = new Pathspec(git, dashes < 0 ? [] : rest.slice(dashes + 1));
  const names = words.length === 0 ? ['HEAD'] : words;
  if (words.length === 0 && repository.refs.head === undefined) {
    fatal(`your current branch '${repository.refs.branch ?? 'HEAD'}' does not have any commits yet`);
  }
  let first = true;
  for (const name of names) {
    if (name.includes('..')) {
      showCommits(git, walk(git, select(git, [name])), style, diff, { graph: false, paths, merges: true });
      continue;
    }
    let oid = tryResolve(git, name) ?? fatal(missingText(git, name));
    let object = objects.find(oid) ?? fatal(`bad object ${name}`);
    while (object.type === 'tag') {
      const tag = objects.tag(oid);
      git.out(
        `${first ? '' : '\n'}tag ${tag.name}\nTagger: ${nameOf(tag.tagger)} <${mailOf(tag.tagger)}>\nDate:   ${formatDate(tag.tagger, style.date, git.process)}\n\n${tag.message}`,
      );
      first = false;
      oid = tag.object;
      object = objects.read(oid);
    }
    if (object.type === 'blob') git.out(object.bytes);
    else if (object.type === 'tree') {
      git.out(
        `${first ? '' : '\n'}tree ${name}\n\n${objects
          .tree(oid)
          .map((entry) => `${entry.name}${entry.mode === 0o40000 ? '/' : ''}\n`)
          .join('')}`,
      );
    } else {
      if (!first) git.out('\n');
      showCommits(git, [objects.commit(oid)], style, diff, { graph: false, paths, merges: true });
    }
    first = false;
  }
  return 0;
}

/** Why `HEAD:file` is not there. */
function missingText(git: Git, name: string): string {
  const colon = name.indexOf(':');
  if (colon < 0) return ambiguous(name);
  const [base, path] = [name.slice(0, colon), name.slice(colon + 1)];
  if (base !== '' && tryResolve(git, base) === undefined) return `invalid object name '${base}'.`;
  const onDisk = git.fs.lstat(git.absolute(path)).ok;
  if (base === '')
    return onDisk
      ? `path '${path}' exists on disk, but not in the index`
      : `path '${path}' does not exist (neither on disk nor in the index)`;
  return onDisk ? `path '${path}' exists on disk, but not in '${base}'` : `path '${path}' does not exist in '${base}'`;
}

/** Files in conflict: both sides beside what stands in the working tree. */
function unmerged(git: Git, paths: Pathspec, options: DiffOptions): string {
  const { workTree: repository } = git;
  const { index, objects } = repository;
  const tree = new WorkTree(git, repository);
  return index.unmerged
    .filter((path) => paths.matches(path))
    .map((path) => {
      if (options.formats.includes('name-only')) return `${path}\n`;
      if (options.formats.includes('name-status')) return `U\t${path}\n`;
      if (!options.formats.includes('patch')) return '';
      const [ours, theirs] = [index.get(path, 2), index.get(path, 3)];
      if (ours === undefined || theirs === undefined || tree.file(path) === undefined)
        return `* Unmerged path ${path}\n`;
      return combinedDiff({
        path,
        parents: [objects.blob(ours.oid), objects.blob(theirs.oid)],
        result: tree.read(path),
        names: [[ours, theirs].map(({ oid }) => objects.abbreviate(oid)), '0000000'],
      });
    })
    .join('');
}

export function diff(git: Git, args: readonly string[]): number {
  const { options, rest: raw } = diffOptions(git, args);
  const wanted = withPatch(options, raw);
  const rest = raw.filter((arg) => arg !== '--no-patch-given');
  const quiet = rest.includes('--quiet');
  const exitCode = quiet || rest.includes('--exit-code');
  const check = rest.includes('--check');
  const dashes = rest.indexOf('--');
  if (rest.includes('--no-index') || git.findRepository() === undefined) return noIndex(git, rest, wanted);
  const { repository } = git;
  const { objects } = repository;
  const words = rest.filter((arg, index) => !arg.startsWith('--') && (dashes < 0 || index < dashes));
  const cached = rest.includes('--cached') || rest.includes('--staged');
  const commits: Oid[] = [];
  const given: string[] = dashes < 0 ? [] : [...rest.slice(dashes + 1)];
  for (const [index, word] of words.entries()) {
    const [, left, dots, right] = /^(.*?)(\.\.\.?)(.*)$/.exec(word) ?? [];
    const [from, to] =
      dots === undefined ? [undefined, undefined] : [tryResolve(git, left || 'HEAD'), tryResolve(git, right || 'HEAD')];
    if (dots !== undefined && from !== undefined && to !== undefined) {
      commits.push(dots === '..' ? from : (mergeBases(objects, objects.peel(from), objects.peel(to))[0] ?? from), to);
      continue;
    }
    const oid = tryResolve(git, word);
    if (oid !== undefined) commits.push(oid);
    else {
      if (dashes >= 0) fatal(`bad revision '${word}'`);
      const spec = new Pathspec(git, words.slice(index));
      for (const { given: each, path, expression } of spec.elements) {
        const there = expression !== undefined || path === '' || git.fs.lstat(`${repository.root ?? ''}/${path}`).ok;
        if (!there) fatal(ambiguous(each));
      }
      given.push(...words.slice(index));
      break;
    }
  }
  const paths = new Pathspec(git, given);
  const [first, second] = commits;
  if (first !== undefined && objects.find(objects.peel(first))?.type === 'blob')
    return blobs(git, commits, words, wanted);
  const trees = (oid: Oid): ReturnType<typeof treeFiles> => treeFiles(repository, objects.treeOf(oid));
  if (second === undefined && repository.root !== undefined) new WorkTree(git, git.workTree).refresh();
  let changes: readonly FileChange[];
  if (first !== undefined && second !== undefined) changes = changesBetween(trees(first), trees(second), wanted, paths);
  else if (cached) {
    const { head } = repository.refs;
    const base = first ?? head;
    changes = changesBetween(base === undefined ? new Map() : trees(base), indexFiles(repository), wanted, paths);
  } else if (first !== undefined) changes = changesBetween(trees(first), workFiles(git), wanted, paths);
  else {
    changes = changesBetween(indexFiles(repository), workFiles(git), wanted, paths).filter(
      ({ before, after }) => !repository.index.unmerged.includes(after?.path ?? before?.path ?? ''),
    );
    if (!wanted.filter || wanted.filter.includes('U')) git.out(unmerged(git, paths, wanted));
  }
  if (check) return whitespace(git, changes);
  if (!quiet) git.out(showChanges(git, changes, wanted));
  return exitCode && changes.length > 0 ? 1 : 0;
}

function blobs(git: Git, oids: readonly Oid[], words: readonly string[], options: DiffOptions): number {
  const { objects } = git.repository;
  const side = (index: number): FileChange['before'] => {
    const oid = oids[index];
    if (oid === undefined) return undefined;
    const path = (words[index] ?? oid).replace(/^[^:]*:/, '');
    return { path, mode: 0o100644, oid, bytes: () => objects.blob(oid) };
  };
  const change: FileChange = { status: 'M', before: side(0), after: side(1), similarity: 0 };
  git.out(showChanges(git, oids[0] === oids[1] ? [] : [change], options));
  return 0;
}

/** `--check`: white space at the ends of added lines. */
function whitespace(git: Git, changes: readonly FileChange[]): number {
  let found = false;
  for (const { after } of changes) {
    const lines = after === undefined ? [] : decode(after.bytes()).split('\n');
    lines.forEach((line, index) => {
      if (!/[ \t]+$/.test(line)) return;
      found = true;
      git.out(`${after?.path ?? ''}:${index + 1}: trailing whitespace.\n+${line}\n`);
    });
  }
  return found ? 2 : 0;
}

/** `git diff --no-index a b`, and what diff does outside of a repository. */
function noIndex(git: Git, rest: readonly string[], options: DiffOptions): number {
  const words = rest.filter((arg) => !arg.startsWith('-'));
  if (words.length !== 2) {
    git.err('warning: Not a git repository. Use --no-index to compare two paths outside a working tree\n');
    return fatal('usage: git diff --no-index [<options>] <path> <path>'.replace('fatal: ', ''));
  }
  const side = (word: string): FileChange['before'] => {
    const bytes = git.fs.readFile(git.absolute(word));
    if (!bytes.ok) return fatal(`Could not access '${word}'`);
    return { path: word, mode: 0o100644, oid: '0'.repeat(40), bytes: () => bytes.value };
  };
  const [before, after] = words.map(side);
  if (before === undefined || after === undefined) return 128;
  const same = decode(before.bytes()) === decode(after.bytes());
  if (!same) git.out(showChanges(git, [{ status: 'M', before, after, similarity: 0 }], options));
  return same ? 0 : 1;
}
