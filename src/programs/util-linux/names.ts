/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] = [
  ...['blkid', 'ionice', 'lsns', 'nsenter', 'prlimit', 'script', 'setsid', 'taskset', 'unshare'],
];
