import { decode } from '../../../linux/io/bytes';
import type { FileSystem } from '../../../linux/fs/types';
import { fatal } from '../error';
import {
  decodeCommit,
  decodeTag,
  decodeTree,
  encodeCommit,
  encodeTree,
  emptyTree,
  framed,
  oidOf,
  type Commit,
  type GitObject,
  type ObjectType,
  type Oid,
  type Tag,
  type TreeEntry,
} from './object';
import { deflate, inflate } from './zlib';

/** The object database of a repository: loose objects (gitrepository-layout(5)), and those of its alternates. */
export class ObjectStore {
  readonly #objects = new Map<Oid, GitObject>();
  readonly #commits = new Map<Oid, Commit>();
  readonly #folders: readonly string[];

  constructor(
    readonly fs: FileSystem,
    readonly folder: string,
  ) {
    const alternates = fs.readText(`${folder}/info/alternates`);
    this.#folders = [folder, ...(alternates.ok ? alternates.value.split('\n').filter((line) => line !== '') : [])];
  }

  #path(oid: Oid, folder = this.folder): string {
    return `${folder}/${oid.slice(0, 2)}/${oid.slice(2)}`;
  }

  find(oid: Oid): GitObject | undefined {
    const known = this.#objects.get(oid);
    if (known !== undefined) return known;
    if (oid === emptyTree) return { type: 'tree', bytes: new Uint8Array(0) };
    for (const folder of this.#folders) {
      const file = this.fs.readFile(this.#path(oid, folder));
      if (!file.ok) continue;
      let whole: Uint8Array;
      try {
        whole = inflate(file.value).bytes;
      } catch {
        return fatal(`loose object ${oid} (stored in ${this.#path(oid, folder)}) is corrupt`);
      }
      const end = whole.indexOf(0);
      const [type = ''] = decode(whole.subarray(0, end)).split(' ');
      const object: GitObject = { type: type as ObjectType, bytes: whole.subarray(end + 1) };
      this.#objects.set(oid, object);
      return object;
    }
    return undefined;
  }

  has(oid: Oid): boolean {
    return (
      this.#objects.has(oid) ||
      oid === emptyTree ||
      this.#folders.some((folder) => this.fs.stat(this.#path(oid, folder)).ok)
    );
  }

  read(oid: Oid): GitObject {
    return this.find(oid) ?? fatal(`bad object ${oid}`);
  }

  write(object: GitObject): Oid {
    const oid = oidOf(object);
    if (this.has(oid) && oid !== emptyTree) return oid;
    const path = this.#path(oid);
    this.fs.mkdirAll(`${this.folder}/${oid.slice(0, 2)}`);
    const written = this.fs.writeFile(path, deflate(framed(object)), 0o444);
    if (!written.ok) fatal(`unable to write file ${path}: ${written.error.message}`);
    this.#objects.set(oid, object);
    return oid;
  }

  blob(oid: Oid): Uint8Array {
    return this.read(oid).bytes;
  }

  writeBlob(bytes: Uint8Array): Oid {
    return this.write({ type: 'blob', bytes });
  }

  tree(oid: Oid): readonly TreeEntry[] {
    const { type, bytes } = this.read(oid);
    if (type !== 'tree') fatal(`not a tree object: ${oid}`);
    return decodeTree(bytes);
  }

  writeTree(entries: readonly TreeEntry[]): Oid {
    return this.write({ type: 'tree', bytes: encodeTree(entries) });
  }

  commit(oid: Oid): Commit {
    const known = this.#commits.get(oid);
    if (known !== undefined) return known;
    const { type, bytes } = this.read(oid);
    if (type !== 'commit') fatal(`object ${oid} is a ${type}, not a commit`);
    const commit = decodeCommit(oid, bytes);
    this.#commits.set(oid, commit);
    return commit;
  }

  writeCommit(commit: Omit<Commit, 'oid'>): Oid {
    return this.write({ type: 'commit', bytes: encodeCommit(commit) });
  }

  tag(oid: Oid): Tag {
    return decodeTag(this.read(oid).bytes);
  }

  /** What a tag (of a tag …) points to. */
  peel(oid: Oid): Oid {
    const object = this.find(oid);
    return object?.type === 'tag' ? this.peel(decodeTag(object.bytes).object) : oid;
  }

  /** The tree of a commit, tag or tree. */
  treeOf(oid: Oid): Oid {
    const peeled = this.peel(oid);
    const { type } = this.read(peeled);
    return type === 'commit' ? this.commit(peeled).tree : peeled;
  }

  /** All names of objects that begin so. */
  withPrefix(prefix: string): readonly Oid[] {
    const found = new Set<Oid>();
    for (const folder of this.#folders) {
      const files = this.fs.readdir(`${folder}/${prefix.slice(0, 2)}`);
      if (!files.ok) continue;
      for (const { name } of files.value) {
        const oid = prefix.slice(0, 2) + name;
        if (oid.length === 40 && oid.startsWith(prefix)) found.add(oid);
      }
    }
    return [...found];
  }

  /** All objects there are. */
  all(): readonly Oid[] {
    return this.#folders.flatMap((folder) => {
      const folders = this.fs.readdir(folder);
      if (!folders.ok) return [];
      return folders.value.flatMap(({ name }) => (/^[0-9a-f]{2}$/.test(name) ? this.withPrefix(name) : []));
    });
  }

  /** The shortest unambiguous beginning of a name, seven digits at least. */
  abbreviate(oid: Oid, length = 7): string {
    for (let digits = length; digits < 40; digits++) {
      const prefix = oid.slice(0, digits);
      if (this.withPrefix(prefix).every((other) => other === oid)) return prefix;
    }
    return oid;
  }
}
