import type { EtcdStore, KeyValue, Operation } from './store';

/** What a transaction asks of a key before it decides. */
export interface Compare {
  readonly key: string;
  readonly target: 'version' | 'create' | 'mod' | 'value' | 'lease';
  readonly result: '=' | '!=' | '<' | '>';
  readonly value: number | string;
}

/** A write, or a read of one key or of all with a prefix. */
export type TxnOperation = Operation | { readonly range: string; readonly prefix?: boolean };

export interface TxnResult {
  readonly succeeded: boolean;
  readonly revision: number;
  /** What each read found, in the order of the reads. */
  readonly ranges: readonly (readonly KeyValue[])[];
}

/** If all comparisons hold, one list of operations, else the other; all writes are one revision (etcdserverpb Txn). */
export function txn(
  store: EtcdStore,
  compares: readonly Compare[],
  success: readonly TxnOperation[],
  failure: readonly TxnOperation[],
  cause: number,
): TxnResult {
  const succeeded = compares.every((compare) => holds(store.get(compare.key), compare));
  const chosen = succeeded ? success : failure;
  const writes = chosen.filter((each): each is Operation => 'key' in each);
  // Reads see what was there before the transaction; who mixes both reads first.
  const ranges = chosen.flatMap((each) =>
    'range' in each ? [each.prefix === true ? store.range(each.range) : one(store.get(each.range))] : [],
  );
  return { succeeded, revision: store.write(writes, cause), ranges };
}

const one = (found: KeyValue | undefined): readonly KeyValue[] => (found === undefined ? [] : [found]);

/** A key that is not there has revisions and a version of 0, and no value to compare. */
function holds(found: KeyValue | undefined, { target, result, value }: Compare): boolean {
  const actual =
    target === 'value'
      ? found?.value
      : target === 'version'
        ? (found?.version ?? 0)
        : target === 'create'
          ? (found?.createRevision ?? 0)
          : target === 'mod'
            ? (found?.modRevision ?? 0)
            : (found?.lease ?? 0);
  if (target === 'value' && found === undefined) return false;
  const text = typeof actual === 'string' || typeof actual === 'number' ? actual : JSON.stringify(actual);
  switch (result) {
    case '=':
      return text === value;
    case '!=':
      return text !== value;
    case '<':
      return text < value;
    case '>':
      return text > value;
  }
}
