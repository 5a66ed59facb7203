import type { Program } from '../../linux/process/types';
import { flagsOf, serveHealth, untilTerminated } from './component';
import type { ControlPlane } from './control-plane';

/** etcd: while it runs, the store behind the apiserver can be reached. */
export const etcd =
  (cluster: ControlPlane): Program =>
  async (process) => {
    const flags = flagsOf(process.args);
    process.fs.mkdirAll(`${flags.get('data-dir') ?? 'default.etcd'}/member/snap`);
    process.fs.mkdirAll(`${flags.get('data-dir') ?? 'default.etcd'}/member/wal`);
    cluster.etcd.serve(process);
    serveHealth(process, { address: '127.0.0.1', port: 2381 });
    for (const url of (flags.get('listen-client-urls') ?? 'http://localhost:2379').split(',')) {
      const match = /^https?:\/\/([\d.]+):(\d+)$/.exec(url);
      if (match?.[1] !== undefined) process.net.listen(process, { address: match[1], port: Number(match[2]) });
    }
    return untilTerminated(process);
  };
