import { fatal } from '../error';
import type { Git } from '../git';
import type { Commit, Oid } from '../objects/object';
import type { Repository } from '../repository';
import { reachable } from './history';

/** Where a short name is looked for, in order (gitrevisions(7)). */
const places = ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/'];

/** The full name of a ref; undefined if there is none. */
export function fullName({ refs }: Repository, name: string): string | undefined {
  for (const place of places) {
    const full = place + name;
    if (place === '' && !/^(HEAD|[A-Z_]+_HEAD|refs\/.+)$/.test(full)) continue;
    if (refs.read(full) !== undefined) return full;
  }
  const remote = `refs/remotes/${name}/HEAD`;
  return refs.read(remote) === undefined ? undefined : remote;
}

/** The branch that a branch follows: `refs/remotes/origin/main`. */
export function upstreamOf(git: Git, branch: string): string | undefined {
  const remote = git.config.get(`branch.${branch}.remote`);
  const merge = git.config.get(`branch.${branch}.merge`);
  if (remote === undefined || merge === undefined) return undefined;
  return remote === '.' ? merge : merge.replace(/^refs\/heads\//, `refs/remotes/${remote}/`);
}

/** The object that a revision names; undefined if there is none. */
export function tryResolve(git: Git, text: string): Oid | undefined {
  const { repository } = git;
  const { objects } = repository;
  const colon = text.indexOf(':');
  if (colon >= 0 && !/^[^:]*\^\{\//.test(text)) return inTree(git, text.slice(0, colon), text.slice(colon + 1));
  const [, base = '', rest = ''] = /^(.*?)((?:\^\{[^}]*\}|\^\d*|~\d*)*)$/s.exec(text) ?? [];
  let oid = resolveBase(git, base);
  for (const [, braces, caret, parent, tilde, count] of rest.matchAll(/\^\{([^}]*)\}|(\^)(\d*)|(~)(\d*)/g)) {
    if (oid === undefined) return undefined;
    if (braces !== undefined) oid = peelTo(git, oid, braces);
    else if (caret !== undefined) {
      const peeled = objects.peel(oid);
      if (parent === '0') oid = peeled;
      else oid = commitAt(git, peeled)?.parents[Number(parent === '' ? 1 : parent) - 1];
    } else if (tilde !== undefined) {
      oid = objects.peel(oid);
      for (let step = count === '' ? 1 : Number(count); step > 0 && oid !== undefined; step--)
        oid = commitAt(git, oid)?.parents[0];
    }
  }
  return oid;
}

const commitAt = ({ repository: { objects } }: Git, oid: Oid): Commit | undefined =>
  objects.find(oid)?.type === 'commit' ? objects.commit(oid) : undefined;

function peelTo(git: Git, oid: Oid, what: string): Oid | undefined {
  const { objects } = git.repository;
  const peeled = objects.peel(oid);
  const type = objects.find(peeled)?.type;
  if (what === '') return peeled;
  if (what === 'object') return oid;
  if (what === 'tree') return type === 'blob' ? undefined : objects.treeOf(peeled);
  if (what.startsWith('/')) return findMessage(git, [peeled], what.slice(1));
  return type === what ? peeled : undefined;
}

const findMessage = (git: Git, from: readonly Oid[], pattern: string): Oid | undefined =>
  reachable(git.repository.objects, from).find(({ message }) => new RegExp(pattern).test(message))?.oid;

function inTree(git: Git, base: string, path: string): Oid | undefined {
  const { repository } = git;
  const { objects, index } = repository;
  const full = path.startsWith('./') || path === '.' ? `${git.prefix}${path.slice(2)}`.replace(/\/$/, '') : path;
  if (base === '') {
    const stage = /^([0-3]):(.*)$/.exec(full);
    return stage === null ? index.get(full)?.oid : index.get(stage[2] ?? '', Number(stage[1]))?.oid;
  }
  const root = tryResolve(git, base);
  if (root === undefined) return undefined;
  let oid = objects.treeOf(root);
  for (const part of full.split('/').filter((each) => each !== '')) {
    const entry = objects.find(oid)?.type === 'tree' ? objects.tree(oid).find(({ name }) => name === part) : undefined;
    if (entry === undefined) return undefined;
    oid = entry.oid;
  }
  return oid;
}

function resolveBase(git: Git, base: string): Oid | undefined {
  const { repository } = git;
  const { refs, objects } = repository;
  if (base === '' || base === '@') return base === '' ? undefined : refs.head;
  if (base.startsWith(':/')) return findMessage(git, allHeads(repository), base.slice(2));
  if (base === '-') return previousBranch(repository, 1)?.oid;
  const at = /^(.*)@\{([^}]*)\}$/s.exec(base);
  if (at !== null) return inLog(git, at[1] ?? '', at[2] ?? '');
  const full = fullName(repository, base);
  if (full !== undefined) return refs.read(full);
  const described = /-\d+-g([0-9a-f]{4,40})$/.exec(base)?.[1];
  const prefix = (described ?? base).toLowerCase();
  if (!/^[0-9a-f]{4,40}$/.test(prefix)) return undefined;
  if (prefix.length === 40) return prefix;
  const found = objects.withPrefix(prefix);
  return found.length === 1 ? found[0] : found.find((oid) => objects.find(oid)?.type === 'commit');
}

const allHeads = ({ refs, objects }: Repository): readonly Oid[] => refs.list().map(({ oid }) => objects.peel(oid));

function inLog(git: Git, name: string, what: string): Oid | undefined {
  const { repository } = git;
  const { refs } = repository;
  if (/^(u|upstream|push)$/i.test(what)) {
    const branch = name === '' || name === 'HEAD' || name === '@' ? refs.branch : name;
    const upstream = branch === undefined ? undefined : upstreamOf(git, branch);
    if (upstream === undefined) fatal(`no upstream configured for branch '${branch ?? 'HEAD'}'`);
    return upstream === undefined ? undefined : refs.read(upstream);
  }
  if (/^-\d+$/.test(what)) return previousBranch(repository, Number(what.slice(1)))?.oid;
  const full = name === '' ? (refs.symbolic('HEAD') ?? 'HEAD') : (fullName(repository, name) ?? name);
  const log = refs.log(full);
  const index = Number(what);
  if (Number.isNaN(index)) return log.at(-1)?.to;
  if (index === 0 && log.length === 0) return refs.read(full);
  const entry = log[log.length - 1 - index];
  if (entry !== undefined) return entry.to;
  if (index === log.length && log[0] !== undefined) return log[0].from;
  return fatal(`log for '${name === '' ? 'HEAD' : name}' only has ${log.length} entries`);
}

/** The branch (or commit) that was checked out `count` switches ago. */
export function previousBranch(
  repository: Repository,
  count: number,
): { readonly name: string; readonly oid: Oid } | undefined {
  const moves = repository.refs.log('HEAD').flatMap(({ message }) => {
    const from = /^checkout: moving from (\S+) to /.exec(message)?.[1];
    return from === undefined ? [] : [from];
  });
  const name = moves.at(-count);
  if (name === undefined) return undefined;
  const oid = repository.refs.read(`refs/heads/${name}`) ?? (/^[0-9a-f]{40}$/.test(name) ? name : undefined);
  return oid === undefined ? undefined : { name, oid };
}

/** The words for what is neither a revision nor a path. */
export const ambiguous = (text: string): string =>
  `ambiguous argument '${text}': unknown revision or path not in the working tree.\n` +
  "Use '--' to separate paths from revisions, like this:\n'git <command> [<revision>...] -- [<file>...]'";

export const resolve = (git: Git, text: string): Oid => {
  const oid = tryResolve(git, text);
  if (oid === undefined) return fatal(ambiguous(text));
  return oid;
};

/** A revision's commit. */
export function resolveCommit(git: Git, text: string, message = ambiguous(text)): Oid {
  const oid = tryResolve(git, text);
  if (oid === undefined) return fatal(message);
  const peeled = git.repository.objects.peel(oid);
  const type = git.repository.objects.find(peeled)?.type;
  if (type === undefined) return fatal(`bad object ${text}`);
  return type === 'commit' ? peeled : fatal(`'${text}' is not a commit`);
}
