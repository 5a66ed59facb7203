import { membersOf } from '../archive/entries';
import { gzipped } from '../archive/gzip';
import { tarSize, writeTar } from '../archive/tar';
import { contentSize, type Content, type Entries, type Entry } from './entries';
import { sha256Hex, sha256HexOf } from './digest';
import { layerDigests } from './layer-digests';

/** What is known of a layer's two archives. */
export interface LayerDigests {
  readonly diffId: string;
  readonly blobDigest: string;
  readonly compressedSize: number;
}

/**
 * One layer of an image: an immutable set of files, and the digests by which it is known. These are those of its tar
 * and of that compressed, byte for byte: what `docker save` writes and a registry serves has them. Hashing hundreds of
 * megabytes of the catalogue's images would cost seconds, so theirs are kept in a table (`layer-digests.ts`), by a digest
 * over a listing of the layer; a layer that is not in it is archived and hashed when somebody asks.
 */
export class ImageLayer {
  #digests: LayerDigests | undefined;
  #diffId: string | undefined;
  #blob: Pick<LayerDigests, 'blobDigest' | 'compressedSize'> | undefined;
  #size: number | undefined;
  #known = false;

  /**
   * `mtime`: virtual milliseconds at which its files say that they were made. `source`: the tar it came from, where
   * somebody else made that: it is kept as it was (moby's tar-split), so that its digest stays.
   */
  constructor(
    readonly entries: Entries,
    readonly mtime = Date.UTC(2025, 9, 20),
    readonly source?: Uint8Array,
    /** The blob that `source` was compressed in, where somebody else made it. */
    blob?: Pick<LayerDigests, 'blobDigest' | 'compressedSize'>,
  ) {
    this.#blob = blob;
  }

  /** `sha256:…` of the layer's tar. Computed when asked. */
  get diffId(): string {
    this.#diffId ??= this.#table?.diffId ?? `sha256:${sha256HexOf(this.tar())}`;
    return this.#diffId;
  }

  /** The digest of the blob in the registry, which is compressed and therefore another one. */
  get blobDigest(): string {
    return this.#compressed.blobDigest;
  }

  /** Uncompressed bytes: what `docker images` adds up. */
  get size(): number {
    this.#size ??= Object.values(this.entries).reduce((sum, entry) => sum + fileSize(entry), 0);
    return this.#size;
  }

  /** Bytes over the wire. */
  get compressedSize(): number {
    return this.#compressed.compressedSize;
  }

  /** The layer's tar, piece by piece. */
  tar(): Iterable<Uint8Array> {
    return this.source === undefined ? writeTar(membersOf(this.entries, this.mtime)) : [this.source];
  }

  get tarSize(): number {
    return this.source === undefined ? tarSize(membersOf(this.entries, this.mtime)) : this.source.length;
  }

  /** The blob of a registry: the tar, compressed. */
  blob(): Uint8Array {
    return gzipped(this.tar());
  }

  get #compressed(): Pick<LayerDigests, 'blobDigest' | 'compressedSize'> {
    if (this.#blob !== undefined) return this.#blob;
    const known = this.#table;
    if (known !== undefined) return (this.#blob = known);
    const blob = this.blob();
    this.#blob = { blobDigest: `sha256:${sha256HexOf([blob])}`, compressedSize: blob.length };
    return this.#blob;
  }

  /** Whether its digests cost nothing. */
  get isKnown(): boolean {
    return this.#table !== undefined;
  }

  get #table(): LayerDigests | undefined {
    if (this.#known) return this.#digests;
    this.#known = true;
    const key = this.listingDigest;
    return (this.#digests = key === undefined ? undefined : layerDigests(key));
  }

  /** By what the table knows a layer; undefined where it holds bytes that somebody made in this world. */
  get listingDigest(): string | undefined {
    if (this.source !== undefined) return undefined;
    const listing = canonical(this.entries);
    return listing === undefined ? undefined : sha256Hex(`${this.mtime}\n${listing}`).slice(0, 16);
  }
}

const fileSize = (entry: Entry): number => (entry.type === 'file' ? contentSize(entry.content) : 0);

/** One line an entry, sorted by path. */
function canonical(entries: Entries): string | undefined {
  let listing = '';
  for (const path of Object.keys(entries).sort()) {
    const told = line(entries[path]);
    if (told === undefined) return undefined;
    listing += `${path}\0${told}\n`;
  }
  return listing;
}

function line(entry: Entry | undefined): string | undefined {
  switch (entry?.type) {
    case 'directory':
      return `d ${entry.mode.toString(8)} ${entry.uid}:${entry.gid} ${entry.mtime ?? ''}${entry.opaque === true ? ' opaque' : ''}`;
    case 'symlink':
      return `l ${entry.uid ?? 0}:${entry.gid ?? 0} ${entry.mtime ?? ''} ${entry.target}`;
    case 'hardlink':
      return `h ${entry.to}`;
    case 'whiteout':
      return 'w';
    case 'file': {
      const body = contentLine(entry.content);
      if (body === undefined) return undefined;
      return `f ${entry.mode.toString(8)} ${entry.uid}:${entry.gid} ${entry.mtime ?? ''} ${body}`;
    }
    default:
      return undefined;
  }
}

function contentLine(content: Content): string | undefined {
  switch (content.kind) {
    case 'text':
      return `text ${content.text}`;
    case 'program':
      return `program ${content.size} ${content.program}${content.machine === undefined ? '' : ` ${content.machine}`}`;
    case 'bulk':
      return `bulk ${content.size} ${content.label}`;
    case 'bytes':
      return undefined;
  }
}
