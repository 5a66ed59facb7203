import { parseSnapshot, printSnapshot, restore, snapshotOf } from '../../kubernetes/etcd/snapshot';
import type { Process, Program } from '../../linux/process/types';
import { flagsOf, serveHealth, untilTerminated } from './component';
import type { ControlPlane } from './control-plane';
import { chargeFor } from './cpu-cost';

/** etcd: while it runs, the store behind the apiserver can be reached. */
export const etcd =
  (cluster: ControlPlane): Program =>
  async (process) => {
    const flags = flagsOf(process.args);
    const data = flags.get('data-dir') ?? 'default.etcd';
    process.fs.mkdirAll(`${data}/member/snap`);
    process.fs.mkdirAll(`${data}/member/wal`);
    load(process, cluster, data);
    cluster.etcd.serve(process);
    chargeFor(process, 'etcd', cluster);
    serveHealth(process, { address: '127.0.0.1', port: 2381 });
    for (const url of (flags.get('listen-client-urls') ?? 'http://localhost:2379').split(',')) {
      const match = /^https?:\/\/([\d.]+):(\d+)$/.exec(url);
      if (match?.[1] !== undefined) process.net.listen(process, { address: match[1], port: Number(match[2]) });
    }
    return untilTerminated(process);
  };

/**
 * Takes over what the data directory holds, and writes it there when it ends: another directory (one that a snapshot was
 * restored to) is another past. While it runs the store is in memory, and the file is not read.
 */
function load(process: Process, cluster: ControlPlane, data: string): void {
  const { store } = cluster.registry.storage;
  const file = `${data}/member/snap/db`;
  const text = process.fs.readText(file);
  const snapshot = text.ok ? parseSnapshot(text.value) : undefined;
  if (snapshot !== undefined) restore(store, snapshot, process.trace.record('etcd', 'restore', file).id);
  else if (cluster.etcd.starts > 0)
    restore(store, { revision: 0, kvs: [] }, process.trace.record('etcd', 'bootstrap', data).id);
  const root = process.fs;
  process.atExit(() => root.writeFile(file, printSnapshot(snapshotOf(store)), 0o600));
}
