import type { FileContent, FileSystem } from '../../linux/fs/types';
import { sha256HexOf } from '../images/digest';

/**
 * What a registry keeps (distribution's registry/storage/paths.go): blobs by digest, and for each repository links to
 * those it may show. A volume at `root` keeps all of it.
 */
export class RegistryStore {
  readonly #base: string;

  constructor(
    readonly fs: FileSystem,
    root = '/var/lib/registry',
  ) {
    this.#base = `${root.replace(/\/+$/, '')}/docker/registry/v2`;
  }

  /** All repositories that ever took a layer, by name. */
  repositories(): readonly string[] {
    const found: string[] = [];
    const walk = (folder: string, name: string): void => {
      const entries = this.fs.readdir(folder);
      if (!entries.ok) return;
      const names = entries.value.filter(({ type }) => type === 'directory').map((entry) => entry.name);
      if (names.includes('_layers') || names.includes('_manifests')) found.push(name);
      for (const below of names) {
        if (!below.startsWith('_')) walk(`${folder}/${below}`, name === '' ? below : `${name}/${below}`);
      }
    };
    walk(`${this.#base}/repositories`, '');
    return found.sort();
  }

  /** As the disk lists them; undefined where nothing was ever tagged. */
  tags(name: string): readonly string[] | undefined {
    const entries = this.fs.readdir(`${this.#repository(name)}/_manifests/tags`);
    if (!entries.ok) return undefined;
    return entries.value.map((entry) => entry.name).filter((tag) => this.tagged(name, tag) !== undefined);
  }

  /** The digest that a tag stands for. */
  tagged(name: string, tag: string): string | undefined {
    return this.#link(`${this.#tag(name, tag)}/current`);
  }

  tag(name: string, tag: string, digest: string): void {
    this.#writeLink(`${this.#tag(name, tag)}/current`, digest);
    this.#writeLink(`${this.#tag(name, tag)}/index/${folderOf(digest)}`, digest);
  }

  untag(name: string, tag: string): boolean {
    if (this.tagged(name, tag) === undefined) return false;
    this.fs.removeAll(this.#tag(name, tag));
    return true;
  }

  /** A manifest's bytes, if the repository has it. */
  manifest(name: string, digest: string): Uint8Array | undefined {
    if (this.#link(this.#revision(name, digest)) === undefined) return undefined;
    const read = this.fs.readFile(this.blobPath(digest));
    return read.ok ? read.value : undefined;
  }

  putManifest(name: string, bytes: Uint8Array): string {
    const digest = `sha256:${sha256HexOf([bytes])}`;
    this.#writeBlob(digest, bytes);
    this.#writeLink(this.#revision(name, digest), digest);
    return digest;
  }

  /** Takes a manifest away, and every tag that stands for it. */
  deleteManifest(name: string, digest: string): boolean {
    if (this.#link(this.#revision(name, digest)) === undefined) return false;
    this.fs.removeAll(this.#revision(name, digest));
    for (const tag of this.tags(name) ?? []) if (this.tagged(name, tag) === digest) this.untag(name, tag);
    return true;
  }

  /** Bytes of a blob, if the repository has it. */
  blobSize(name: string, digest: string): number | undefined {
    if (this.#link(this.#layer(name, digest)) === undefined) return undefined;
    const stat = this.fs.stat(this.blobPath(digest));
    return stat.ok ? stat.value.size : undefined;
  }

  blob(digest: string): Uint8Array | undefined {
    const read = this.fs.readFile(this.blobPath(digest));
    return read.ok ? read.value : undefined;
  }

  putBlob(name: string, digest: string, content: FileContent): void {
    this.#writeBlob(digest, content);
    this.#writeLink(this.#layer(name, digest), digest);
  }

  /** A blob of one repository becomes one of another's, too. */
  mount(name: string, digest: string, from: string): boolean {
    if (this.blobSize(from, digest) === undefined) return false;
    this.#writeLink(this.#layer(name, digest), digest);
    return true;
  }

  unlinkBlob(name: string, digest: string): boolean {
    if (this.#link(this.#layer(name, digest)) === undefined) return false;
    this.fs.removeAll(this.#layer(name, digest));
    return true;
  }

  startUpload(name: string, id: string, started: string): void {
    const folder = this.#upload(name, id);
    this.fs.mkdirAll(folder);
    this.fs.writeFile(`${folder}/startedat`, started);
    this.fs.writeFile(`${folder}/data`, '');
  }

  /** How much has come; undefined where no such upload is under way. */
  uploaded(name: string, id: string): number | undefined {
    const stat = this.fs.stat(`${this.#upload(name, id)}/data`);
    return stat.ok ? stat.value.size : undefined;
  }

  append(name: string, id: string, bytes: Uint8Array): void {
    if (bytes.length > 0) this.fs.appendFile(`${this.#upload(name, id)}/data`, bytes);
  }

  upload(name: string, id: string): Uint8Array | undefined {
    const read = this.fs.readFile(`${this.#upload(name, id)}/data`);
    return read.ok ? read.value : undefined;
  }

  endUpload(name: string, id: string): void {
    this.fs.removeAll(this.#upload(name, id));
  }

  /** All blobs on the disk. */
  blobs(): readonly string[] {
    const below = `${this.#base}/blobs/sha256`;
    const list = (path: string): readonly string[] => {
      const read = this.fs.readdir(path);
      return read.ok ? read.value.map((entry) => entry.name).sort() : [];
    };
    return list(below).flatMap((two) => list(`${below}/${two}`).map((hex) => `sha256:${hex}`));
  }

  /** The manifests that a repository has. */
  revisions(name: string): readonly string[] {
    const read = this.fs.readdir(`${this.#repository(name)}/_manifests/revisions/sha256`);
    if (!read.ok) return [];
    return read.value
      .map((entry) => `sha256:${entry.name}`)
      .filter((digest) => this.manifest(name, digest) !== undefined);
  }

  removeBlob(digest: string): void {
    this.fs.removeAll(this.blobFolder(digest));
  }

  blobFolder(digest: string): string {
    const hex = digest.slice('sha256:'.length);
    return `${this.#base}/blobs/sha256/${hex.slice(0, 2)}/${hex}`;
  }

  blobPath(digest: string): string {
    return `${this.blobFolder(digest)}/data`;
  }

  #repository(name: string): string {
    return `${this.#base}/repositories/${name}`;
  }
  #tag(name: string, tag: string): string {
    return `${this.#repository(name)}/_manifests/tags/${tag}`;
  }
  #revision(name: string, digest: string): string {
    return `${this.#repository(name)}/_manifests/revisions/${folderOf(digest)}`;
  }
  #layer(name: string, digest: string): string {
    return `${this.#repository(name)}/_layers/${folderOf(digest)}`;
  }
  #upload(name: string, id: string): string {
    return `${this.#repository(name)}/_uploads/${id}`;
  }

  #link(folder: string): string | undefined {
    const read = this.fs.readText(`${folder}/link`);
    return read.ok ? read.value.trim() : undefined;
  }

  #writeLink(folder: string, digest: string): void {
    this.fs.mkdirAll(folder);
    this.fs.writeFile(`${folder}/link`, digest);
  }

  #writeBlob(digest: string, content: FileContent): void {
    if (this.fs.stat(this.blobPath(digest)).ok) return;
    this.fs.mkdirAll(this.blobFolder(digest));
    this.fs.writeFile(this.blobPath(digest), content);
  }
}

const folderOf = (digest: string): string => digest.replace(':', '/');
