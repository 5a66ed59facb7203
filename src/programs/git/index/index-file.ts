import { sha1 } from '@noble/hashes/legacy.js';
import { concat, decode, encode } from '../../../linux/io/bytes';
import type { FileSystem, Stat } from '../../../linux/fs/types';
import { fatal } from '../error';
import { compareBytes, hex, unhex, type Oid } from '../objects/object';

/** What the index keeps of a file's stat(2), to see without reading whether it changed. */
export interface StatData {
  readonly ctime: number;
  readonly mtime: number;
  readonly dev: number;
  readonly ino: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
}

export interface IndexEntry extends StatData {
  readonly path: string;
  readonly mode: number;
  readonly oid: Oid;
  /** 0; of a conflict 1 (base), 2 (ours), 3 (theirs). */
  readonly stage: number;
  readonly intentToAdd?: boolean;
}

export const noStat: StatData = { ctime: 0, mtime: 0, dev: 0, ino: 0, uid: 0, gid: 0, size: 0 };
export const statData = ({ ctime, mtime, dev, ino, uid, gid, size }: Stat): StatData => ({
  ctime: Math.floor(ctime),
  mtime: Math.floor(mtime),
  dev,
  ino,
  uid,
  gid,
  size,
});

const keyOf = (path: string, stage: number): string => `${path}\0${stage}`;

/** The index (gitformat-index(5), version 2; 3 where somebody said `add -N`). */
export class Index {
  readonly #entries = new Map<string, IndexEntry>();
  #sorted: readonly IndexEntry[] | undefined;

  constructor(entries: Iterable<IndexEntry> = []) {
    for (const entry of entries) this.set(entry);
  }

  static load(fs: FileSystem, path: string): Index {
    const file = fs.readFile(path);
    return file.ok && file.value.length > 0 ? new Index(parse(file.value)) : new Index();
  }

  save(fs: FileSystem, path: string): void {
    const written = fs.writeFile(path, serialize(this.entries), 0o644);
    if (!written.ok) fatal(`Unable to create '${path}.lock': ${written.error.message}`);
  }

  get entries(): readonly IndexEntry[] {
    this.#sorted ??= [...this.#entries.values()].sort((a, b) => compareBytes(a.path, b.path) || a.stage - b.stage);
    return this.#sorted;
  }

  get(path: string, stage = 0): IndexEntry | undefined {
    return this.#entries.get(keyOf(path, stage));
  }

  /** Puts an entry in place; one of stage 0 ends a conflict. */
  set(entry: IndexEntry): void {
    if (entry.stage === 0) for (const stage of [1, 2, 3]) this.#entries.delete(keyOf(entry.path, stage));
    this.#entries.set(keyOf(entry.path, entry.stage), entry);
    this.#sorted = undefined;
  }

  remove(path: string): boolean {
    let removed = false;
    for (const stage of [0, 1, 2, 3]) removed = this.#entries.delete(keyOf(path, stage)) || removed;
    if (removed) this.#sorted = undefined;
    return removed;
  }

  has(path: string): boolean {
    return [0, 1, 2, 3].some((stage) => this.#entries.has(keyOf(path, stage)));
  }

  get unmerged(): readonly string[] {
    return [...new Set(this.entries.flatMap(({ path, stage }) => (stage === 0 ? [] : [path])))];
  }

  get paths(): readonly string[] {
    return [...new Set(this.entries.map(({ path }) => path))];
  }

  clear(): void {
    this.#entries.clear();
    this.#sorted = undefined;
  }
}

function parse(bytes: Uint8Array): readonly IndexEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (decode(bytes.subarray(0, 4)) !== 'DIRC') return fatal('index file corrupt');
  const entries: IndexEntry[] = [];
  let at = 12;
  for (let left = view.getUint32(8); left > 0; left--) {
    const word = (index: number): number => view.getUint32(at + index * 4);
    const flags = view.getUint16(at + 60);
    const extended = (flags & 0x4000) !== 0;
    const nameAt = at + (extended ? 64 : 62);
    const end = bytes.indexOf(0, nameAt);
    entries.push({
      ctime: word(0) * 1000 + Math.floor(word(1) / 1_000_000),
      mtime: word(2) * 1000 + Math.floor(word(3) / 1_000_000),
      dev: word(4),
      ino: word(5),
      mode: word(6),
      uid: word(7),
      gid: word(8),
      size: word(9),
      oid: hex(bytes.subarray(at + 40, at + 60)),
      stage: (flags >> 12) & 3,
      path: decode(bytes.subarray(nameAt, end)),
      ...(extended && (view.getUint16(at + 62) & 0x2000) !== 0 ? { intentToAdd: true } : {}),
    });
    at += Math.ceil((end - at + 1) / 8) * 8;
  }
  return entries;
}

function serialize(entries: readonly IndexEntry[]): Uint8Array {
  const extended = entries.some(({ intentToAdd }) => intentToAdd === true);
  const head = new Uint8Array(12);
  head.set(encode('DIRC'));
  new DataView(head.buffer).setUint32(4, extended ? 3 : 2);
  new DataView(head.buffer).setUint32(8, entries.length);
  const parts: Uint8Array[] = [head];
  for (const entry of entries) {
    const name = encode(entry.path);
    const start = entry.intentToAdd === true ? 64 : 62;
    const bytes = new Uint8Array(Math.ceil((start + name.length + 1) / 8) * 8);
    const view = new DataView(bytes.buffer);
    const { ctime, mtime } = entry;
    const words = [
      Math.floor(ctime / 1000),
      (ctime % 1000) * 1_000_000,
      Math.floor(mtime / 1000),
      (mtime % 1000) * 1_000_000,
      entry.dev,
      entry.ino,
      entry.mode,
      entry.uid,
      entry.gid,
      entry.size,
    ];
    words.forEach((value, index) => view.setUint32(index * 4, value >>> 0));
    bytes.set(unhex(entry.oid), 40);
    view.setUint16(60, (entry.stage << 12) | Math.min(name.length, 0xfff) | (start === 64 ? 0x4000 : 0));
    if (start === 64) view.setUint16(62, 0x2000);
    bytes.set(name, start);
    parts.push(bytes);
  }
  const content = concat(parts);
  return concat([content, sha1(content)]);
}
