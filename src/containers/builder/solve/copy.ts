import type { Errno, Sys } from '../../../linux/errno';
import type { FileSystem, Stat } from '../../../linux/fs/types';
import { BuildFailure } from '../dockerfile/source';
import { changedMode } from './mode';

export interface CopyOptions {
  /** For what is copied and the folders that are made for it. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly chmod: string;
  /** Leaves out; paths below the source. */
  readonly keep: (below: string) => boolean;
  readonly contentsOnly: boolean;
}

/** Copies a file or a folder between two trees, as fsutil/copy does: times stay, folders are merged. */
export class Copier {
  readonly #links = new Map<string, string>();

  constructor(
    readonly from: FileSystem,
    readonly to: FileSystem,
    readonly options: CopyOptions,
  ) {}

  /** `target` with a slash at its end is a directory, which is made. */
  copy(source: string, target: string): void {
    const followed = must(this.from.realpath(source));
    const stat = must(this.from.lstat(followed));
    const intoFolder = target.endsWith('/');
    const path = target.replace(/\/+$/, '') || '/';
    if (intoFolder) this.#makeFolders(path);
    else this.#makeFolders(parent(path));
    const existing = this.to.stat(path);
    const inside =
      stat.type === 'directory'
        ? !this.options.contentsOnly && existing.ok
        : existing.ok && existing.value.type === 'directory';
    const at = inside ? join(path, source.split('/').pop() ?? '') : path;
    this.#one(followed, '', stat, this.#resolved(at));
  }

  /** The path with links above its last name resolved. */
  #resolved(path: string): string {
    if (path === '/') return path;
    const real = this.to.realpath(path);
    if (real.ok) return real.value;
    const above = this.to.realpath(parent(path));
    return above.ok ? join(above.value, path.split('/').pop() ?? '') : path;
  }

  #makeFolders(path: string): void {
    if (path === '/' || this.to.stat(path).ok) return;
    this.#makeFolders(parent(path));
    must(this.to.mkdir(path, 0o755));
    this.#own(path);
  }

  #own(path: string): void {
    const { owner } = this.options;
    if (owner !== undefined) this.to.chown(path, owner.uid, owner.gid, { noFollow: true });
  }

  #one(source: string, below: string, stat: Stat, target: string): void {
    if (stat.type === 'directory') {
      this.#folder(source, below, stat, target);
      return;
    }
    if (below !== '' && !this.options.keep(below)) return;
    const existing = this.to.lstat(target);
    if (existing.ok) {
      if (existing.value.type === 'directory')
        throw new BuildFailure(`cannot replace to directory ${target} with file`);
      must(this.to.unlink(target));
    } else if (below !== '') this.#makeFolders(parent(target));
    if (stat.nlink > 1) {
      const key = `${stat.dev}:${stat.ino}`;
      const first = this.#links.get(key);
      if (first !== undefined && this.to.link(first, target).ok) return;
      this.#links.set(key, target);
    }
    switch (stat.type) {
      case 'file':
        must(this.to.writeFile(target, must(this.from.readFile(source)), stat.mode));
        break;
      case 'symlink':
        must(this.to.symlink(must(this.from.readlink(source)), target));
        break;
      case 'fifo':
      case 'char':
      case 'block':
        must(this.to.mknod(target, stat.type, stat.mode, stat.rdev));
        break;
      case 'socket':
        return;
    }
    this.#attributes(target, stat);
  }

  #folder(source: string, below: string, stat: Stat, target: string): void {
    const existing = this.to.stat(target);
    if (existing.ok && existing.value.type !== 'directory')
      throw new BuildFailure(`cannot copy to non-directory: ${target}`);
    // A folder that is left out is made all the same for what is kept in it.
    const wanted = below === '' || this.options.keep(below);
    const made = !existing.ok && wanted;
    if (made) {
      this.#makeFolders(parent(target));
      must(this.to.mkdir(target, stat.mode));
    }
    const listed = must(this.from.readdir(source));
    for (const { name } of [...listed].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const child = must(this.from.lstat(join(source, name)));
      this.#one(join(source, name), below === '' ? name : `${below}/${name}`, child, join(target, name));
    }
    if (made || (existing.ok && this.options.chmod !== '' && target !== '/' && below !== ''))
      this.#attributes(target, stat);
  }

  #attributes(path: string, { type, mode, uid, gid, mtime }: Stat): void {
    const { owner = { uid, gid }, chmod } = this.options;
    this.to.chown(path, owner.uid, owner.gid, { noFollow: true });
    if (type === 'symlink') return;
    this.to.chmod(path, chmod === '' ? mode : changedMode(mode, chmod, type === 'directory'));
    this.to.utimes(path, mtime, mtime);
  }
}

export const parent = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
export const join = (folder: string, name: string): string => (folder === '/' ? `/${name}` : `${folder}/${name}`);

/** The value, or the end of the build with the kernel's words. */
export function must<T>(result: Sys<T>): T {
  if (result.ok) return result.value;
  const { message }: Errno = result.error;
  throw new BuildFailure(message.charAt(0).toLowerCase() + message.slice(1));
}
