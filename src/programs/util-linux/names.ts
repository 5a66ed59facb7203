/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] = [
  ...['blkid', 'ionice', 'lsns', 'nsenter', 'prlimit', 'renice', 'script', 'setsid', 'taskset', 'unshare'],
];
