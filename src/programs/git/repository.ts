import type { FileSystem } from '../../linux/fs/types';
import { fatal } from './error';
import { normalPath, type Git } from './git';
import { Index } from './index/index-file';
import { ObjectStore } from './objects/store';
import { Refs } from './refs/refs';

/** A repository: its folder, the working tree if it has one, and what is kept in it. */
export class Repository {
  readonly objects: ObjectStore;
  readonly refs: Refs;
  #index: Index | undefined;

  constructor(
    readonly fs: FileSystem,
    /** `.git`, or the folder of a bare repository. */
    readonly gitDir: string,
    /** The top of the working tree. */
    readonly root: string | undefined,
  ) {
    this.objects = new ObjectStore(fs, `${gitDir}/objects`);
    this.refs = new Refs(fs, gitDir, this.objects);
  }

  get commonDir(): string {
    return this.gitDir;
  }

  get bare(): boolean {
    return this.root === undefined;
  }

  /** The repository at a folder: with `.git` in it, or bare; undefined if it is none. */
  static at(fs: FileSystem, folder: string): Repository | undefined {
    const inside = folder === '/' ? '/.git' : `${folder}/.git`;
    const link = fs.readText(inside);
    if (link.ok) {
      const target = /^gitdir: (.*)$/m.exec(link.value)?.[1];
      if (target !== undefined) {
        return new Repository(fs, normalPath(target.startsWith('/') ? target : `${folder}/${target}`), folder);
      }
    }
    if (isGitDir(fs, inside)) return new Repository(fs, inside, folder);
    return isGitDir(fs, folder) ? new Repository(fs, folder, undefined) : undefined;
  }

  static discover({ fs, settings, cwd, process }: Git): Repository | undefined {
    const given = settings.gitDir ?? process.env.get('GIT_DIR');
    if (given !== undefined) {
      const gitDir = given.startsWith('/') ? normalPath(given) : normalPath(`${cwd}/${given}`);
      if (!isGitDir(fs, gitDir)) fatal(`not a git repository: '${given}'`);
      const tree = settings.workTree ?? process.env.get('GIT_WORK_TREE') ?? '.';
      return new Repository(fs, gitDir, normalPath(tree.startsWith('/') ? tree : `${cwd}/${tree}`));
    }
    for (let folder = cwd; ; folder = normalPath(`${folder}/..`)) {
      const found = Repository.at(fs, folder);
      // Who stands inside `.git` itself has no working tree.
      if (found !== undefined) {
        return folder.endsWith('/.git') ? new Repository(fs, folder, undefined) : found;
      }
      if (folder === '/') return undefined;
    }
  }

  get index(): Index {
    this.#index ??= Index.load(this.fs, `${this.gitDir}/index`);
    return this.#index;
  }

  saveIndex(index = this.index): void {
    this.#index = index;
    index.save(this.fs, `${this.gitDir}/index`);
  }

  /** A file of the repository's folder, without white space at its ends; undefined if it is not there. */
  state(name: string): string | undefined {
    const text = this.fs.readText(`${this.gitDir}/${name}`);
    return text.ok ? text.value : undefined;
  }

  setState(name: string, text: string | undefined): void {
    if (text === undefined) this.fs.unlink(`${this.gitDir}/${name}`);
    else {
      const folder = name.lastIndexOf('/');
      if (folder > 0) this.fs.mkdirAll(`${this.gitDir}/${name.slice(0, folder)}`);
      this.fs.writeFile(`${this.gitDir}/${name}`, text);
    }
  }
}

const isGitDir = (fs: FileSystem, path: string): boolean =>
  fs.lstat(`${path}/HEAD`).ok && fs.stat(`${path}/objects`).ok && fs.stat(`${path}/refs`).ok;
