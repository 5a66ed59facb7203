/**
 * How long things take, in virtual milliseconds. Every modelled delay of the world stands here with its source; the
 * core itself is synchronous and takes none.
 */
export const latencies = {
  /** One way between two hosts of the lab network (a virtual switch on one machine: 0.1–0.3 ms). */
  lan: 0.2,
  /** One crossing of a veth pair or a bridge. */
  veth: 0.02,
  /** fork + exec of a small program on Linux (lmbench: 0.4–1 ms). */
  exec: 0.5,
  /** One etcd write with fsync on an SSD (etcd's own metrics: p50 of backend commit 1–3 ms). */
  etcdWrite: 2,
  /** From a committed revision to a watcher's handler (watch cache + HTTP chunk). */
  watch: 1,
} as const;
