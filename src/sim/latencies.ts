/**
 * How long things take, in virtual milliseconds. Every modelled delay of the world stands here with its source; the
 * core itself is synchronous and takes none.
 */
export const latencies = {
  /** One way between two hosts of the lab network (a virtual switch on one machine: 0.1–0.3 ms). */
  lan: 0.2,
  /** One way from the lab's router to a server on the internet (a round trip of 10–20 ms to a near data centre). */
  internet: 6,
  /** One crossing of a veth pair or a bridge. */
  veth: 0.02,
  /** Through the loopback device and its softirq (lmbench lat_tcp: some 10 µs one way). */
  loopback: 0.01,
  /** fork + exec of a small program on Linux (lmbench: 0.4–1 ms). */
  exec: 0.5,
  /** What a new process waits for a processor where hundreds want one (CFS: a slice of some milliseconds). */
  crowd: 4,
  /** One etcd write with fsync on an SSD (etcd's own metrics: p50 of backend commit 1–3 ms). */
  etcdWrite: 2,
  /** From a committed revision to a watcher's handler (watch cache + HTTP chunk). */
  watch: 1,
  /** Token and manifest from a registry: three HTTPS round trips over the internet. */
  registryResolve: 450,
  /** Bytes of a layer that come over the internet in a millisecond (about 300 Mbit/s for each stream). */
  registryBytes: 38_000,
  /** Bytes of a compressed layer that are unpacked in a millisecond (gzip: about 100 MB/s out). */
  unpackBytes: 40_000,
  /** From runc create to the container's first instruction (namespaces, mounts, cgroup: 30–60 ms measured with runc 1.3). */
  runcCreate: 40,
  /** A CNI ADD: fork of the plug-ins, veth pair, address (bridge plug-in: 20–60 ms). */
  cni: 40,
  /**
   * From the end of a container's first process to docker's knowing it: containerd deletes the task, runc its cgroup
   * (recorded: from `start` of `true` to `die` 80–125 ms; runs of a container that restarts lie 152–168 ms further apart
   * than the back-off says, of which the start takes the rest).
   */
  taskDelete: 75,
  /**
   * Until docker's client sends its first request: a Go program of 40 MB that looks at its settings and plug-ins
   * (recorded: what commands in a row make the engine say lies 50–70 ms apart).
   */
  dockerClient: 40,
  /** Around one step of a build: a snapshot prepared or committed (BuildKit, overlay2: 1–10 ms). */
  buildStep: 4,
  /** One transfer between docker and the builder over a local session (recorded with BuildKit 0.25: 3–6 ms). */
  buildSession: 4,
  /** Bytes that a build copies in a millisecond (context or COPY on an SSD). */
  buildBytes: 200_000,
} as const;
