/**
 * Commands of the recorded session that we answer differently, and why. Held by `scores.test.ts`: exactly these differ,
 * so that neither a new difference nor a stale reason goes unseen.
 */
export const differences: ReadonlyMap<string, string> = new Map<string, string>([
  [
    '409-exec-privileged',
    "the recording host's daemon itself lacked CAP_SYS_RESOURCE; processes of this world's hosts lack none",
  ],
  [
    '494-restart-policy-backoff',
    'which state is seen between runs that last some 75 ms each depends on how fast commands follow each other',
  ],
  [
    '495-restart-policy-always-inspect',
    'the same: between `ps` and `inspect`, 60 ms apart, the container happened to start again',
  ],
  [
    '608-volume-anon-image',
    "the database of bbolt is a file with holes (24 of 32 KiB); this world's files have none, so `total` is larger",
  ],
  [
    '885-fs-image-metadata',
    'layers that two builds without cache make within one second are the same here: commands take less time',
  ],
]);
