import { sha256Hex } from './digest';
import { sizeOf, type Entries, type Entry } from './entries';

/** One layer of an image: an immutable set of files, and the digests by which it is known. */
export class ImageLayer {
  #diffId: string | undefined;
  #size: number | undefined;

  /** `mtime`: virtual milliseconds at which its files say that they were made. */
  constructor(
    readonly entries: Entries,
    readonly mtime = Date.UTC(2025, 9, 20),
  ) {}

  /** `sha256:…` over a canonical listing of the layer (not over a tar: nobody has to make one). Computed when asked. */
  get diffId(): string {
    this.#diffId ??= `sha256:${sha256Hex(canonical(this.entries))}`;
    return this.#diffId;
  }

  /** The digest of the blob in the registry, which is compressed and therefore another one. */
  get blobDigest(): string {
    return blobDigests.get(this.diffId) ?? remember(this.diffId);
  }

  /** Uncompressed bytes: what `docker images` adds up. */
  get size(): number {
    this.#size ??= Object.values(this.entries).reduce((sum, entry) => sum + sizeOf(entry), 0);
    return this.#size;
  }

  /** Bytes over the wire; gzip brings system files to about two fifths. */
  get compressedSize(): number {
    return Math.round(this.size * 0.39) + 32 + 40 * Object.keys(this.entries).length;
  }
}

const blobDigests = new Map<string, string>();

function remember(diffId: string): string {
  const digest = `sha256:${sha256Hex(`gzip ${diffId}`)}`;
  blobDigests.set(diffId, digest);
  return digest;
}

/** One line an entry, sorted by path. */
function canonical(entries: Entries): string {
  return Object.keys(entries)
    .sort()
    .map((path) => `${path}\0${line(entries[path])}\n`)
    .join('');
}

function line(entry: Entry | undefined): string {
  switch (entry?.type) {
    case undefined:
      return '';
    case 'directory':
      return `d ${entry.mode.toString(8)} ${entry.uid}:${entry.gid}`;
    case 'symlink':
      return `l ${entry.target}`;
    case 'hardlink':
      return `h ${entry.to}`;
    case 'file': {
      const { content } = entry;
      const body =
        content.kind === 'text'
          ? content.text
          : `${content.kind} ${content.kind === 'program' ? content.program : content.label}`;
      return `f ${entry.mode.toString(8)} ${entry.uid}:${entry.gid} ${sizeOf(entry)} ${body}`;
    }
  }
}
