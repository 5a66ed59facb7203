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

/** Versions of a key, oldest first. A deletion is a version without value. */
interface History {
  readonly versions: (KeyValue | Tombstone)[];
}
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
  readonly #keys = new Map<string, History>();
  /** One event a revision: event of revision r stands at r - #logStart. */
  #log: StoreEvent[] = [];
  #logStart = 2;
  readonly #listeners = new Set<(event: StoreEvent) => void>();

  /** The revision of the last write. */
  get revision(): number {
    return this.#revision;
  }

  /** Reads and watches below this revision fail. */
  get compactRevision(): number {
    return this.#compacted;
  }

  put(key: string, value: unknown, cause: number): KeyValue {
    const revision = ++this.#revision;
    let history = this.#keys.get(key);
    if (history === undefined) this.#keys.set(key, (history = { versions: [] }));
    const last = history.versions.at(-1);
    const previous = isLive(last) ? last : undefined;
    const current: KeyValue = {
      key,
      value,
      createRevision: previous?.createRevision ?? revision,
      modRevision: revision,
      version: (previous?.version ?? 0) + 1,
      cause,
    };
    history.versions.push(current);
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
    const previous = history?.versions.at(-1);
    if (history === undefined || !isLive(previous)) return undefined;
    const revision = ++this.#revision;
    history.versions.push({ modRevision: revision, version: 0 });
    this.#emit({ type: 'DELETE', key, revision, previous, cause });
    return revision;
  }

  /** The key as it was at `revision` (default: now). */
  get(key: string, revision?: number): KeyValue | undefined {
    const versions = this.#keys.get(key)?.versions;
    if (versions === undefined) return undefined;
    const version = revision === undefined ? versions.at(-1) : versions[lastAtOrBefore(versions, revision)];
    return isLive(version) ? version : undefined;
  }

  /** All keys with the prefix in byte order, as they were at `revision` (default: now). */
  range(prefix: string, revision?: number): readonly KeyValue[] {
    const found: KeyValue[] = [];
    for (const key of this.#keys.keys()) {
      if (!key.startsWith(prefix)) continue;
      const version = this.get(key, revision);
      if (version !== undefined) found.push(version);
    }
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** What came after `revision`, in order; undefined if that was compacted. */
  since(revision: number): readonly StoreEvent[] | undefined {
    if (revision < this.#compacted) return undefined;
    return this.#log.slice(Math.max(0, revision + 1 - this.#logStart));
  }

  /** The event that made a revision, if it is still kept. */
  eventAt(revision: number): StoreEvent | undefined {
    return this.#log[revision - this.#logStart];
  }

  /** Forgets every version that is not the newest at `revision`. */
  compact(revision: number): void {
    if (revision <= this.#compacted || revision > this.#revision) return;
    this.#compacted = revision;
    for (const [key, { versions }] of this.#keys) {
      const keep = lastAtOrBefore(versions, revision);
      if (keep > 0) versions.splice(0, keep);
      if (versions.length === 1 && !isLive(versions[0])) this.#keys.delete(key);
    }
    this.#log = this.#log.slice(revision + 1 - this.#logStart);
    this.#logStart = revision + 1;
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
