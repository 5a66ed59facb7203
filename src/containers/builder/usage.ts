import { err, ok, type Result } from '../../sim/result';
import { goTimestamp } from '../shim/timestamp';
import { parseDuration } from './dockerfile/duration';
import type { BuildRecord, BuildStore, CacheRecord } from './store';

/** The build cache as `GET /system/df` tells it (types.BuildCache; `Mutable` is BuildKit's). */
export function buildCache(store: BuildStore): readonly object[] {
  store.measure();
  return store.records().map((record) => {
    const { id, kind, description, inUse, shared, mutable, size, createdAt, lastUsedAt, usageCount, parents } = record;
    return {
      ID: id,
      ...(parents.length === 0 ? {} : { Parents: parents }),
      Type: kind,
      Description: description,
      InUse: inUse,
      Shared: shared,
      Mutable: mutable,
      Size: size,
      CreatedAt: goTimestamp(createdAt),
      LastUsedAt: goTimestamp(lastUsedAt),
      UsageCount: usageCount,
    };
  });
}

export interface PruneOptions {
  readonly all: boolean;
  readonly filters: ReadonlyMap<string, readonly string[]>;
  /** Bytes that may stay. */
  readonly reserved: number;
}

/** `docker builder prune`: what nobody uses; without `all` only what no image shares. */
export function pruneCache(
  store: BuildStore,
  { all, filters, reserved }: PruneOptions,
): Result<{ readonly deleted: readonly CacheRecord[]; readonly reclaimed: number }, string> {
  store.measure();
  const until = filters.get('until')?.[0];
  let before = store.clock.now;
  if (until !== undefined) {
    const age = parseDuration(until);
    if (!age.ok) return err(`failed to parse "until" duration: ${age.error}`);
    before -= age.value / 1e6;
  }
  const wanted = (record: CacheRecord): boolean =>
    (all || (!record.shared && record.kind !== 'internal' && record.kind !== 'frontend')) &&
    record.lastUsedAt <= before &&
    matches(record, filters);
  let total = store.records().reduce((sum, { size }) => sum + size, 0);
  // The longest unused go first, until no more than is reserved stays.
  const victims = new Set<CacheRecord>();
  for (const record of [...store.records()].sort((a, b) => a.lastUsedAt - b.lastUsedAt)) {
    if (!wanted(record) || (reserved > 0 && total <= reserved)) continue;
    victims.add(record);
    total -= record.size;
  }
  const deleted = store.prune((record) => victims.has(record));
  return ok({ deleted, reclaimed: deleted.reduce((sum, { size }) => sum + size, 0) });
}

function matches(record: CacheRecord, filters: ReadonlyMap<string, readonly string[]>): boolean {
  const every = (name: string, test: (value: string) => boolean): boolean => (filters.get(name) ?? []).every(test);
  const flag = (name: string, value: boolean): boolean => every(name, (text) => (text !== 'false') === value);
  return (
    every('id', (id) => record.id.startsWith(id)) &&
    every('type', (type) => record.kind === type) &&
    every('description', (text) => record.description.includes(text)) &&
    flag('shared', record.shared) &&
    flag('private', !record.shared) &&
    flag('inuse', record.inUse) &&
    flag('mutable', record.mutable)
  );
}

/** A build of the past, without what it said. */
export function buildJson({ log: _, ...record }: BuildRecord): object {
  return { ...record, completedSteps: record.steps };
}
