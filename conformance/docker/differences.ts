/**
 * Commands of the recorded session that we answer differently, and why. Held by `scores.test.ts`: exactly these differ,
 * so that neither a new difference nor a stale reason goes unseen.
 */
export const differences: ReadonlyMap<string, string> = new Map<string, string>([
  ['227-cap-add', "The recordings' host refused bridges in a network namespace of a container; Linux makes them."],
  ['230-privileged', "The recordings' engine itself ran without CAP_SYS_RESOURCE, and its host had two more devices."],
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
    '630-bk-build-tty',
    'how often the screen is drawn anew follows how long the steps took (150 to 200 ms each; here 80)',
  ],
  [
    '636-bk-err-fail127',
    "ash writes its message in pieces, and BuildKit happened to read the first (`/bin/sh: `) before the rest: the report of the failure then lacks it; this world's ash writes it at once",
  ],
  [
    '661-bk-whiteout',
    'the order of files in the imported archive is that of a folder of ext4 (by hashes that depend on the file system), its size that of the busybox of the recording host, and digests order the layers',
  ],
  [
    '771-api-info',
    'of the images on the way to others that classic builds left there are two fewer (114 instead of 116 in all); which is not known yet',
  ],
  [
    '795-api-stats',
    "measurements: what the recording host's processes took of its processors and memory, also by processor (cgroup v1)",
  ],
  ['796-api-stats-oneshot', 'the same, read once'],
  [
    '823-api-system-df',
    'the size of all layers follows the files of the recording host, and its build cache has one record more',
  ],
  [
    '885-fs-image-metadata',
    'layers that two builds without cache make within one second are the same here: commands take less time',
  ],
]);
