import { fatal, GitError } from '../error';
import type { Git } from '../git';
import { zeroOid, type Oid } from '../objects/object';
import { isAncestor } from '../refs/history';
import { Repository } from '../repository';
import { connectHttp } from './http';
import { closure } from './reach';

export interface RemoteRef {
  readonly name: string;
  readonly oid: Oid;
}

export interface RefUpdate {
  readonly name: string;
  /** Zeros: delete. */
  readonly to: Oid;
  readonly force: boolean;
}

/** A repository somewhere else. */
export interface RemoteRepository {
  readonly refs: readonly RemoteRef[];
  /** The branch that its HEAD is on. */
  readonly head: string | undefined;
  /** Brings all that these lead to; how many objects came. */
  fetch(wants: readonly Oid[]): Promise<number>;
  /** Sends refs; what went wrong with each, by its name. */
  push(updates: readonly RefUpdate[]): Promise<ReadonlyMap<string, string>>;
}

const isUrl = (url: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//.test(url);

/** Opens what a URL or path names. */
export async function openRemote(git: Git, url: string): Promise<RemoteRepository> {
  if (/^https?:\/\//.test(url)) return connectHttp(git, url);
  const path = url.replace(/^file:\/\//, '');
  if (isUrl(path)) {
    const scheme = path.slice(0, path.indexOf(':'));
    if (scheme === 'ssh' || scheme === 'git') return sshFailure(path.replace(/^\w+:\/\/(?:[^@/]*@)?([^/:]+).*$/, '$1'));
    return fatal(`unable to find remote helper for '${scheme}'`);
  }
  const ssh = /^(?:[^@/\s]+@)?([\w.-]+):(?!\/\/)/.exec(path);
  if (ssh !== null && !git.fs.stat(git.absolute(path)).ok) return sshFailure(ssh[1] ?? '');
  const folder = git.absolute(path);
  const there = Repository.at(git.fs, folder) ?? Repository.at(git.fs, `${folder}.git`);
  if (there === undefined) return notFound(path);
  return local(git, there);
}

/** Git over ssh needs a key on the other side; nobody out there has one of ours. */
const sshFailure = (host: string): never => {
  throw new GitError(
    `ssh: Could not resolve hostname ${host}: Name or service not known\nfatal: Could not read from remote repository.\n\n` +
      'Please make sure you have the correct access rights\nand the repository exists.',
    128,
    '',
  );
};

const notFound = (path: string): never =>
  fatal(
    `'${path}' does not appear to be a git repository\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.`,
  );

function local(git: Git, there: Repository): RemoteRepository {
  const own = there.refs.list().filter(({ name }) => /^refs\/(heads|tags)\//.test(name));
  return {
    refs: own,
    head: there.refs.symbolic('HEAD'),
    async fetch(wants) {
      const { objects } = git.repository;
      const found = closure(there.objects, wants, (oid) => objects.has(oid));
      for (const object of found) objects.write(object);
      return found.length;
    },
    async push(updates) {
      const { objects } = git.repository;
      const failures = new Map<string, string>();
      for (const { name, to, force } of updates) {
        const old = there.refs.read(name);
        if (to === zeroOid) {
          there.refs.delete(name);
          continue;
        }
        if (!there.bare && there.refs.symbolic('HEAD') === name && old !== undefined) {
          failures.set(name, 'branch is currently checked out');
          continue;
        }
        if (old !== undefined && !force && (!objects.has(old) || !isAncestor(objects, old, objects.peel(to)))) {
          failures.set(name, 'non-fast-forward');
          continue;
        }
        for (const object of closure(objects, [to], (oid) => there.objects.has(oid))) there.objects.write(object);
        there.refs.write(name, to);
      }
      return failures;
    },
  };
}
