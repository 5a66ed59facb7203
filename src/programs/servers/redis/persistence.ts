import type { Process } from '../../../linux/process/types';
import { SortedSet, Store, Stream, type Value } from './store';

/** The head of every RDB file, with its format's number. */
const magic = 'REDIS0012';

type Row = readonly [key: string, kind: string, value: unknown, until: number | null];

function rowOf(store: Store, key: string): Row {
  const value = store.values.get(key) ?? '';
  const until = store.expires.get(key) ?? null;
  if (typeof value === 'string') return [key, 'string', value, until];
  if (value instanceof Stream) return [key, 'stream', [value.last, value.entries], until];
  if (value instanceof SortedSet) return [key, 'zset', [...value], until];
  if (value instanceof Map) return [key, 'hash', [...value], until];
  return Array.isArray(value) ? [key, 'list', value, until] : [key, 'set', [...value], until];
}

function valueOf(kind: string, value: unknown): Value {
  switch (kind) {
    case 'zset':
      return new SortedSet(value as [string, number][]);
    case 'hash':
      return new Map(value as [string, string][]);
    case 'set':
      return new Set(value as string[]);
    case 'list':
      return value as string[];
    case 'stream': {
      const [last, entries] = value as [string, Stream['entries']];
      const stream = new Stream();
      stream.last = last;
      stream.entries.push(...entries);
      return stream;
    }
    default:
      return value as string;
  }
}

/** Writes all databases: beside the file first, then in its place. What follows the head is our own, nobody reads it. */
export function save(process: Process, path: string, databases: ReadonlyMap<number, Store>): string | undefined {
  const rows = [...databases].map(([index, store]) => [index, store.keys().map((key) => rowOf(store, key))]);
  const beside = `${path.slice(0, path.lastIndexOf('/'))}/temp-${process.pid}.rdb`;
  const written = process.fs.writeFile(beside, `${magic}${JSON.stringify(rows)}`, 0o600);
  if (!written.ok) return written.error.message;
  const renamed = process.fs.rename(beside, path);
  return renamed.ok ? undefined : renamed.error.message;
}

/** The databases of a file; undefined if there is none; the word `wrong` if it is none of ours. */
export function load(process: Process, path: string): Map<number, Store> | 'wrong' | undefined {
  const text = process.fs.readText(path);
  if (!text.ok) return undefined;
  if (!text.value.startsWith(magic)) return 'wrong';
  const databases = new Map<number, Store>();
  for (const [index, rows] of JSON.parse(text.value.slice(magic.length)) as [number, Row[]][]) {
    const store = new Store(() => process.clock.now);
    for (const [key, kind, value, until] of rows) {
      store.values.set(key, valueOf(kind, value));
      if (until !== null) store.expires.set(key, until);
    }
    databases.set(index, store);
  }
  return databases;
}
