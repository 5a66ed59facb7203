import { KeyIndex, prefixEnd } from './key-index';

/**
 * etcd's data model: a flat key space under one revision counter, with every version of every key readable until it is
 * compacted. Values are the frozen objects themselves; nothing is serialised.
 */
export interface KeyValue {
  readonly key: string;
  readonly value: unknown;
  /** Revision of the last creation of the key. */
  readonly createRevision: number;
  /** Revision of this version. */
  readonly modRevision: number;
  /** Counts from 1 at each creation. */
  readonly version: number;
  /** With which lease it goes; absent: it stays. */
  readonly lease?: number;
  /** The span that wrote it. */
  readonly cause: number;
}

export interface StoreEvent {
  readonly type: 'PUT' | 'DELETE';
  readonly key: string;
  readonly revision: number;
  /** Absent for DELETE. */
  readonly current?: KeyValue;
  /** Absent for a creation. */
  readonly previous?: KeyValue;
  readonly cause: number;
}

/** A write in a transaction: with a value it puts, without it deletes. */
export type Operation =
  { readonly key: string; readonly value: unknown; readonly lease?: number } | { readonly key: string };

/** Versions of a key, oldest first. A deletion is a version without value. */
type History = (KeyValue | Tombstone)[];
interface Tombstone {
  readonly modRevision: number;
  readonly version: 0;
}

const isLive = (version: KeyValue | Tombstone | undefined): version is KeyValue =>
  version !== undefined && version.version > 0;

export class EtcdStore {
  // A new etcd is at revision 1 before the first write.
  #revision = 1;
  #compacted = 0;
  readonly #keys = new KeyIndex<History>();
  /** In the order of revisions; a transaction's events share theirs. */
  #log: StoreEvent[] = [];
  readonly #listeners = new Set<(event: StoreEvent) => void>();

  /** The revision of the last write. */
  get revision(): number {
    return this.#revision;
  }

  /** Reads and watches below this revision fail. */
  get compactRevision(): number {
    return this.#compacted;
  }

  put(key: string, value: unknown, cause: number, lease?: number): KeyValue {
    return this.#put(key, value, cause, lease, ++this.#revision);
  }

  #put(key: string, value: unknown, cause: number, lease: number | undefined, revision: number): KeyValue {
    const history = this.#keys.get(key);
    const last = history?.at(-1);
    const previous = isLive(last) ? last : undefined;
    const createRevision = previous?.createRevision ?? revision;
    const version = (previous?.version ?? 0) + 1;
    // Each written out: a spread costs more than all the rest.
    const current: KeyValue =
      lease === undefined
        ? { key, value, createRevision, modRevision: revision, version, cause }
        : { key, value, createRevision, modRevision: revision, version, lease, cause };
    if (history === undefined) this.#keys.add(key, [current]);
    else history.push(current);
    this.#emit(
      previous === undefined
        ? { type: 'PUT', key, revision, current, cause }
        : { type: 'PUT', key, revision, current, previous, cause },
    );
    return current;
  }

  /** The revision of the deletion; undefined where there was nothing to delete. */
  delete(key: string, cause: number): number | undefined {
    const history = this.#keys.get(key);
    const previous = history?.at(-1);
    if (history === undefined || !isLive(previous)) return undefined;
    return this.#delete(key, history, previous, cause, ++this.#revision);
  }

  #delete(key: string, history: History, previous: KeyValue, cause: number, revision: number): number {
    history.push({ modRevision: revision, version: 0 });
    this.#emit({ type: 'DELETE', key, revision, previous, cause });
    return revision;
  }

  /** The key as it was at `revision` (default: now). */
  get(key: string, revision?: number): KeyValue | undefined {
    const versions = this.#keys.get(key);
    if (versions === undefined) return undefined;
    const version = revision === undefined ? versions.at(-1) : versions[lastAtOrBefore(versions, revision)];
    return isLive(version) ? version : undefined;
  }

  /** All keys with the prefix in byte order, as they were at `revision` (default: now). */
  range(prefix: string, revision?: number): readonly KeyValue[] {
    return this.between(prefix, prefixEnd(prefix), revision);
  }

  /** The keys `from` ≤ key < `end` (undefined: to the last) in byte order, as they were at `revision` (default: now). */
  between(from: string, end: string | undefined, revision?: number): readonly KeyValue[] {
    const found: KeyValue[] = [];
    for (const [, versions] of this.#keys.range(from, end)) {
      const version = revision === undefined ? versions.at(-1) : versions[lastAtOrBefore(versions, revision)];
      if (isLive(version)) found.push(version);
    }
    return found;
  }

  /** Some writes as one revision, in their order. The number of that revision, or the old one where nothing changed. */
  write(operations: readonly Operation[], cause: number): number {
    const revision = this.#revision + 1;
    for (const operation of operations) {
      const { key } = operation;
      // Readers in between see the revision that the write belongs to.
      if ('value' in operation) {
        this.#revision = revision;
        this.#put(key, operation.value, cause, operation.lease, revision);
        continue;
      }
      const history = this.#keys.get(key);
      const previous = history?.at(-1);
      if (history === undefined || !isLive(previous)) continue;
      this.#revision = revision;
      this.#delete(key, history, previous, cause, revision);
    }
    return this.#revision;
  }

  /** What came after `revision`, in order; undefined if that was compacted. */
  since(revision: number): readonly StoreEvent[] | undefined {
    if (revision < this.#compacted) return undefined;
    return this.#log.slice(firstAfter(this.#log, revision));
  }

  /** Forgets every version that is not the newest at `revision`. */
  compact(revision: number): void {
    if (revision <= this.#compacted || revision > this.#revision) return;
    this.#compacted = revision;
    const end = firstAfter(this.#log, revision);
    // Only what was written since the last time has something to forget.
    for (let at = 0; at < end; at++) this.#forget(this.#log[at]?.key ?? '', revision);
    this.#log = this.#log.slice(end);
  }

  #forget(key: string, revision: number): void {
    const versions = this.#keys.get(key);
    if (versions === undefined) return;
    const keep = lastAtOrBefore(versions, revision);
    const [only] = versions;
    if (keep > 0) versions.splice(0, keep);
    else if (versions.length > 1 || isLive(only)) return;
    const [oldest] = versions;
    if (versions.length === 1 && !isLive(oldest) && (oldest?.modRevision ?? 0) <= revision) this.#keys.delete(key);
  }

  /** Called synchronously after each write. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #emit(event: StoreEvent): void {
    this.#log.push(event);
    for (const listener of this.#listeners) listener(event);
  }
}

/** Index of the newest version that is not newer than `revision`, or -1. */
function lastAtOrBefore(versions: readonly { readonly modRevision: number }[], revision: number): number {
  let low = 0;
  let high = versions.length - 1;
  let found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const version = versions[middle];
    if (version === undefined) break;
    if (version.modRevision <= revision) {
      found = middle;
      low = middle + 1;
    } else high = middle - 1;
  }
  return found;
}

/** Where the events begin that are newer than `revision`. */
function firstAfter(log: readonly StoreEvent[], revision: number): number {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((log[middle]?.revision ?? 0) <= revision) low = middle + 1;
    else high = middle;
  }
  return low;
}
