import type { FileSystem, Stat } from '../../../linux/fs/types';
import { decode, encode } from '../../../linux/io/bytes';
import { fatal } from '../error';
import type { Git } from '../git';
import { Index, noStat, statData, type IndexEntry } from '../index/index-file';
import { compareBytes, oidOf, type Oid } from '../objects/object';
import type { Repository } from '../repository';
import { Ignore } from './ignore';

type WithTree = Repository & { readonly root: string };

/** A file of the working tree as git sees it; undefined if there is none. */
export interface WorkFile {
  readonly mode: number;
  readonly stat: Stat;
}

/** The working tree beside its index. */
export class WorkTree {
  readonly fs: FileSystem;
  readonly #ignore: Ignore;

  constructor(
    readonly git: Git,
    readonly repository: WithTree,
  ) {
    this.fs = repository.fs;
    const { config, home } = git;
    const excludes = config.get('core.excludesfile')?.replace(/^~/, home) ?? `${home}/.config/git/ignore`;
    this.#ignore = new Ignore(this.fs, repository.root, [excludes, `${repository.gitDir}/info/exclude`]);
  }

  get ignore(): Ignore {
    return this.#ignore;
  }

  path(path: string): string {
    return this.repository.root === '/' ? `/${path}` : `${this.repository.root}/${path}`;
  }

  file(path: string): WorkFile | undefined {
    const found = this.fs.lstat(this.path(path));
    if (!found.ok) return undefined;
    const { type, mode } = found.value;
    if (type === 'symlink') return { mode: 0o120000, stat: found.value };
    if (type === 'directory') {
      return this.fs.lstat(`${this.path(path)}/.git`).ok ? { mode: 0o160000, stat: found.value } : undefined;
    }
    return type === 'file' ? { mode: (mode & 0o100) === 0 ? 0o100644 : 0o100755, stat: found.value } : undefined;
  }

  /** What a file holds; of a symbolic link where it points. */
  read(path: string): Uint8Array {
    const full = this.path(path);
    const link = this.fs.readlink(full);
    if (link.ok) return encode(link.value);
    const bytes = this.fs.readFile(full);
    if (!bytes.ok) return fatal(`could not open '${path}' for reading: ${bytes.error.message}`);
    return bytes.value;
  }

  hash(path: string): Oid {
    return oidOf({ type: 'blob', bytes: this.read(path) });
  }

  /** Whether a file differs from its entry; reads it only where its stat tells of a change. */
  modified(entry: IndexEntry, file: WorkFile): boolean {
    if (entry.intentToAdd === true) return true;
    if (file.mode !== entry.mode && this.#trustsMode(entry, file)) return true;
    const same = sameStat(entry, file.stat);
    if (file.mode === 0o160000) return false;
    return same ? false : this.hash(entry.path) !== entry.oid;
  }

  #trustsMode(entry: IndexEntry, file: WorkFile): boolean {
    const kind = (mode: number): number => mode & 0o170000;
    return kind(entry.mode) !== kind(file.mode) || this.git.config.boolean('core.filemode', true);
  }

  /** Puts a blob into the tree, in place of what is there. */
  write(path: string, mode: number, bytes: Uint8Array): void {
    const full = this.path(path);
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const above = this.path(parts.slice(0, depth).join('/'));
      const found = this.fs.lstat(above);
      if (found.ok && found.value.type !== 'directory') this.fs.unlink(above);
    }
    this.fs.mkdirAll(full.slice(0, full.lastIndexOf('/')) || '/');
    const old = this.fs.lstat(full);
    if (old.ok && old.value.type === 'directory') this.fs.removeAll(full);
    else if (old.ok) this.fs.unlink(full);
    const done =
      mode === 0o120000
        ? this.fs.symlink(decode(bytes), full)
        : this.fs.writeFile(full, bytes, mode === 0o100755 ? 0o755 : 0o644);
    if (!done.ok) fatal(`unable to create file ${path}: ${done.error.message}`);
  }

  checkout(entry: IndexEntry): IndexEntry {
    if (entry.mode === 0o160000) {
      this.fs.mkdirAll(this.path(entry.path));
      return entry;
    }
    this.write(entry.path, entry.mode, this.repository.objects.blob(entry.oid));
    const { stat } = this.file(entry.path) ?? fatal(`unable to stat just-written file ${entry.path}`);
    return { ...entry, ...statData(stat) };
  }

  /** Removes a file and the folders that this leaves empty. */
  remove(path: string): void {
    this.fs.unlink(this.path(path));
    let folder = path;
    while (folder.includes('/')) {
      folder = folder.slice(0, folder.lastIndexOf('/'));
      if (this.path(folder) === this.git.cwd || !this.fs.rmdir(this.path(folder)).ok) break;
    }
  }

  /** An index entry for a file as it is, its blob written. */
  entryOf(path: string, file: WorkFile): IndexEntry {
    if (file.mode === 0o160000) {
      const inner = this.fs.readText(`${this.path(path)}/.git/HEAD`);
      const head = inner.ok ? inner.value.trim() : '';
      const name = /^ref: (.*)$/.exec(head)?.[1];
      const oid = name === undefined ? head : this.fs.readText(`${this.path(path)}/.git/${name}`);
      const text = typeof oid === 'string' ? oid : oid.ok ? oid.value.trim() : '';
      if (!/^[0-9a-f]{40}$/.test(text)) fatal(`'${path}/' does not have a commit checked out`);
      return { ...noStat, path, mode: file.mode, oid: text, stage: 0 };
    }
    const oid = this.repository.objects.writeBlob(this.read(path));
    return { ...statData(file.stat), path, mode: file.mode, oid, stage: 0 };
  }

  /**
   * Files that the index does not have. Folders without tracked files stand as one, `name/`, unless `all`. `ignored`
   * gives those that are ignored instead.
   */
  untracked({
    all = false,
    ignored = false,
  }: { readonly all?: boolean; readonly ignored?: boolean } = {}): readonly string[] {
    const { index } = this.repository;
    const tracked = new Set(index.paths);
    const folders = new Set<string>();
    for (const path of tracked) {
      for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1))
        folders.add(path.slice(0, slash));
    }
    const found: string[] = [];
    const hasFiles = (folder: string): boolean => {
      const list = this.fs.readdir(this.path(folder));
      return (
        list.ok &&
        list.value.some(({ name, type }) => {
          const path = `${folder}/${name}`;
          if (this.ignore.ignores(path, type === 'directory')) return false;
          return type === 'directory' ? this.fs.lstat(`${this.path(path)}/.git`).ok || hasFiles(path) : true;
        })
      );
    };
    const walk = (folder: string, hidden: boolean): void => {
      const list = this.fs.readdir(folder === '' ? this.repository.root : this.path(folder));
      for (const { name, type } of list.ok ? list.value : []) {
        if (name === '.git') continue;
        const path = folder === '' ? name : `${folder}/${name}`;
        const directory = type === 'directory';
        const out = hidden || this.ignore.ignores(path, directory);
        if (!directory) {
          if (out === ignored && !tracked.has(path) && /^(file|symlink)$/.test(type)) found.push(path);
          continue;
        }
        if (tracked.has(path)) continue;
        const nested = this.fs.lstat(`${this.path(path)}/.git`).ok;
        if (folders.has(path)) walk(path, out);
        else if (ignored) {
          if (out) found.push(`${path}/`);
          else walk(path, false);
        } else if (!out) {
          if (nested) found.push(`${path}/`);
          else if (all) walk(path, false);
          else if (hasFiles(path)) found.push(`${path}/`);
        }
      }
    };
    walk('', false);
    return found.sort(compareBytes);
  }

  /** Renews the stat data of files that did not change, so that nobody need read them again. */
  refresh(): void {
    const { repository } = this;
    let renewed = false;
    for (const entry of repository.index.entries) {
      const file = entry.stage === 0 ? this.file(entry.path) : undefined;
      if (file === undefined || sameStat(entry, file.stat) || this.modified(entry, file)) continue;
      repository.index.set({ ...entry, ...statData(file.stat) });
      renewed = true;
    }
    if (renewed) repository.saveIndex();
  }
}

/**
 * Whether a file is the one that the index saw. Where time stands still two writes may bear one time stamp, so only the
 * size and a different time say something for sure; else it is read (the "racy git" rule, at every instant).
 */
const sameStat = (entry: IndexEntry, stat: Stat): boolean => {
  const { mtime, ctime, ino, size } = statData(stat);
  return (
    entry.mtime === mtime && entry.ctime === ctime && entry.ino === ino >>> 0 && entry.size === size && size > 65_536
  );
};

/** The tree that an index stands for, its trees written. */
export function writeTree(repository: Repository, index: Index = repository.index): Oid {
  interface Node {
    readonly files: Map<string, IndexEntry>;
    readonly folders: Map<string, Node>;
  }
  const node = (): Node => ({ files: new Map(), folders: new Map() });
  const top = node();
  for (const entry of index.entries) {
    if (entry.stage !== 0 || entry.intentToAdd === true) continue;
    const parts = entry.path.split('/');
    let at = top;
    for (const part of parts.slice(0, -1)) {
      const next = at.folders.get(part) ?? node();
      at.folders.set(part, next);
      at = next;
    }
    at.files.set(parts.at(-1) ?? '', entry);
  }
  const write = (from: Node): Oid =>
    repository.objects.writeTree([
      ...[...from.files].map(([name, { mode, oid }]) => ({ name, mode, oid })),
      ...[...from.folders].map(([name, folder]) => ({ name, mode: 0o40000, oid: write(folder) })),
    ]);
  return write(top);
}

/** All files of a tree, by path. */
export function flatten(
  repository: Repository,
  tree: Oid | undefined,
  prefix = '',
): Map<string, { readonly mode: number; readonly oid: Oid }> {
  const files = new Map<string, { readonly mode: number; readonly oid: Oid }>();
  const walk = (oid: Oid, folder: string): void => {
    for (const entry of repository.objects.tree(oid)) {
      if (entry.mode === 0o40000) walk(entry.oid, `${folder}${entry.name}/`);
      else files.set(folder + entry.name, { mode: entry.mode, oid: entry.oid });
    }
  };
  if (tree !== undefined) walk(tree, prefix);
  return files;
}

export const treeIndex = (repository: Repository, tree: Oid): Index =>
  new Index([...flatten(repository, tree)].map(([path, { mode, oid }]) => ({ ...noStat, path, mode, oid, stage: 0 })));
