import { humanBytes, parseSnapshot, printSnapshot, snapshotOf } from '../../../kubernetes/etcd/snapshot';
import type { EtcdStore } from '../../../kubernetes/etcd/store';
import type { Process } from '../../../linux/process/types';
import { drawTable } from './output';

/** A line of etcd's logger (zap). */
async function log(process: Process, fields: Readonly<Record<string, string>>): Promise<void> {
  const ts = new Date(process.clock.now).toISOString().replace('Z', '000Z');
  await process.stderr.write(`${JSON.stringify({ level: 'info', ts, ...fields })}\n`);
}

const fail = async (process: Process, message: string): Promise<number> => {
  await process.stderr.write(`Error: ${message}\n`);
  return 1;
};

/** etcdctl snapshot save. */
export async function save(process: Process, store: EtcdStore, endpoint: string, path: string): Promise<number> {
  await log(process, { caller: 'snapshot/v3_snapshot.go:65', msg: 'created temporary db file', path: `${path}.part` });
  const text = printSnapshot(snapshotOf(store));
  const written = process.fs.writeFile(path, text, 0o600);
  if (!written.ok)
    return fail(process, `could not open ${path}.part (open ${path}.part: ${written.error.message.toLowerCase()})`);
  const client = { logger: 'client', caller: 'v3@v3.5.26/maintenance.go:212' };
  await log(process, { ...client, msg: 'opened snapshot stream; downloading' });
  await log(process, { caller: 'snapshot/v3_snapshot.go:73', msg: 'fetching snapshot', endpoint });
  await log(process, { ...client, caller: 'v3@v3.5.26/maintenance.go:220', msg: 'completed snapshot read; closing' });
  const size = humanBytes(text.length);
  await log(process, { caller: 'snapshot/v3_snapshot.go:88', msg: 'fetched snapshot', endpoint, size, took: 'now' });
  await log(process, { caller: 'snapshot/v3_snapshot.go:97', msg: 'saved', path });
  await process.stdout.write(`Snapshot saved at ${path}\n`);
  return 0;
}

/** The checksum that `snapshot status` shows: CRC-32 (IEEE) of the keys and values. */
function crc32(text: string): string {
  let crc = ~0;
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at) & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (~crc >>> 0).toString(16).padStart(8, '0');
}

/** etcdctl (or etcdutl) snapshot status. */
export async function status(process: Process, path: string, format: string | undefined): Promise<number> {
  const read = process.fs.readText(path);
  if (!read.ok) return fail(process, `stat ${path}: ${read.error.message.toLowerCase()}`);
  const snapshot = parseSnapshot(read.value);
  if (snapshot === undefined) return fail(process, 'snapshot file integrity check failed: invalid database');
  const { revision, kvs } = snapshot;
  const hash = crc32(read.value);
  const size = humanBytes(read.value.length);
  const text =
    format === 'table'
      ? drawTable(
          ['HASH', 'REVISION', 'TOTAL KEYS', 'TOTAL SIZE'],
          [[hash, String(revision), String(kvs.length), size]],
        )
      : format === 'json'
        ? `${JSON.stringify({ hash: parseInt(hash, 16), revision, totalKey: kvs.length, totalSize: read.value.length })}\n`
        : `${hash}, ${revision}, ${kvs.length}, ${size}\n`;
  await process.stdout.write(text);
  return 0;
}

/** etcdctl (or etcdutl) snapshot restore: a data directory that etcd takes over when it is started with it. */
export async function restoreTo(process: Process, path: string, directory: string): Promise<number> {
  const { fs } = process;
  const read = fs.readText(path);
  if (!read.ok) return fail(process, `open ${path}: ${read.error.message.toLowerCase()}`);
  if (parseSnapshot(read.value) === undefined)
    return fail(process, `snapshot missing hash but --skip-hash-check=false`);
  if (fs.stat(`${directory}/member`).ok)
    return fail(process, `data-dir ${JSON.stringify(directory)} not empty or could not be read`);
  const common = {
    path,
    'wal-dir': `${directory}/member/wal`,
    'data-dir': directory,
    'snap-dir': `${directory}/member/snap`,
  };
  await log(process, { caller: 'snapshot/v3_snapshot.go:265', msg: 'restoring snapshot', ...common });
  fs.mkdirAll(`${directory}/member/snap`);
  fs.mkdirAll(`${directory}/member/wal`);
  const written = fs.writeFile(`${directory}/member/snap/db`, read.value, 0o600);
  if (!written.ok) return fail(process, `mkdir ${directory}: ${written.error.message.toLowerCase()}`);
  await log(process, { caller: 'snapshot/v3_snapshot.go:293', msg: 'restored snapshot', ...common });
  return 0;
}
