import type { Clock } from '../../sim/clock';
import type { Trace } from '../../sim/trace';
import type { EtcdStore } from '../etcd/store';
import { txn } from '../etcd/txn';

/** --etcd-compaction-interval. */
const INTERVAL = 5 * 60_000;
/** Which of several apiservers compacts is decided over this key. */
const KEY = 'compact_rev_key';

/**
 * k8s.io/apiserver/pkg/storage/etcd3/compact.go: every five minutes etcd forgets what is older than the last time, so
 * lists and watches can look back five to ten minutes.
 */
export function startCompactor(clock: Clock, trace: Trace, store: EtcdStore): void {
  let time = store.get(KEY)?.version ?? 0;
  let revision = 0;
  const compact = (): void => {
    const span = trace.record('kube-apiserver', 'compact', `revision/${revision}`);
    const done = txn(
      store,
      [{ key: KEY, target: 'version', result: '=', value: time }],
      [{ key: KEY, value: String(revision) }],
      [{ range: KEY }],
      span.id,
    );
    const last = revision;
    revision = done.revision;
    if (!done.succeeded) {
      // Another server did it meanwhile.
      time = done.ranges[0]?.[0]?.version ?? 0;
      return;
    }
    time++;
    if (last > 0) store.compact(last);
  };
  const again = (): void => {
    clock.setTimer(
      INTERVAL,
      () => {
        compact();
        again();
      },
      { background: true },
    );
  };
  again();
}
