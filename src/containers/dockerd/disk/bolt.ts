import type { FileContent } from '../../../linux/fs/types';

const PAGE = 4096;
/** What a database of bbolt grows to at its first transaction. */
const SIZE = 32_768;

const flags = { leaf: 0x02, meta: 0x04, freelist: 0x10 } as const;

/**
 * A database of bbolt that holds no buckets: two meta pages, the list of free pages and the root (bbolt db.go, init).
 * What the engine knows it keeps in memory here, so there is nothing to put into one.
 */
export const emptyBolt: FileContent = { size: SIZE, make: database };

function database(): Uint8Array {
  const bytes = new Uint8Array(SIZE);
  const view = new DataView(bytes.buffer);
  for (const [id, kind] of [flags.meta, flags.meta, flags.freelist, flags.leaf].entries()) {
    view.setBigUint64(id * PAGE, BigInt(id), true);
    view.setUint16(id * PAGE + 8, kind, true);
    if (kind === flags.meta) meta(bytes, view, id);
  }
  return bytes;
}

function meta(bytes: Uint8Array, view: DataView, id: number): void {
  const at = id * PAGE + 16;
  view.setUint32(at, 0xed0cdaed, true);
  view.setUint32(at + 4, 2, true);
  view.setUint32(at + 8, PAGE, true);
  // The root's page, the free list's, the first that was never used, the transaction.
  view.setBigUint64(at + 16, 3n, true);
  view.setBigUint64(at + 32, 2n, true);
  view.setBigUint64(at + 40, 4n, true);
  view.setBigUint64(at + 48, BigInt(id), true);
  view.setBigUint64(at + 56, fnv1a(bytes.subarray(at, at + 56)), true);
}

function fnv1a(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
