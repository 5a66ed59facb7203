import type { EtcdStore, KeyValue } from './store';

/** What `etcdctl snapshot save` writes: every live key at one revision. */
export interface Snapshot {
  readonly revision: number;
  readonly kvs: readonly KeyValue[];
}

/** The first line tells what it is: a real one is a bbolt file, which this stands for. */
const MAGIC = 'bottleship etcd snapshot 1';

export const snapshotOf = (store: EtcdStore): Snapshot => ({ revision: store.revision, kvs: store.range('') });

export const printSnapshot = ({ revision, kvs }: Snapshot): string =>
  [MAGIC, String(revision), ...kvs.map((kv) => JSON.stringify(kv)), ''].join('\n');

/** Undefined if the text is no snapshot. */
export function parseSnapshot(text: string): Snapshot | undefined {
  const [magic, revision, ...lines] = text.split('\n');
  if (magic !== MAGIC || lines.pop() !== '') return undefined;
  try {
    const kvs = lines.map((line) => JSON.parse(line) as KeyValue);
    if (!kvs.every(({ key, version }) => typeof key === 'string' && typeof version === 'number')) return undefined;
    return { revision: Number(revision), kvs };
  } catch {
    return undefined;
  }
}

/**
 * Makes the store hold what the snapshot holds, by writes: revisions go on (as with `etcdutl --bump-revision
 * --mark-compacted`), so watchers see what changed instead of a world that went backwards. How many keys changed.
 */
export function restore(store: EtcdStore, { kvs }: Snapshot, cause: number): number {
  const wanted = new Map(kvs.map(({ key, value }) => [key, value]));
  let changed = 0;
  for (const { key, value } of store.range('')) {
    if (!wanted.has(key)) {
      store.delete(key, cause);
      changed++;
    } else if (JSON.stringify(value) === JSON.stringify(wanted.get(key))) wanted.delete(key);
  }
  for (const [key, value] of wanted) {
    store.put(key, versioned(value, store.revision + 1), cause);
    changed++;
  }
  return changed;
}

/** API objects carry the revision of their last write. */
function versioned(value: unknown, revision: number): unknown {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return value;
  const { metadata } = value;
  return Object.freeze({
    ...value,
    metadata: Object.freeze({ ...(metadata as object), resourceVersion: String(revision) }),
  });
}

/** The words of etcd's `dustin/go-humanize`: `11 MB`, `20 kB`. */
export function humanBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.floor(size)} ${units[unit] ?? ''}`;
}
