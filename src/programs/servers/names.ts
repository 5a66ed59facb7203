/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] =
  'apache-httpd busybox-httpd envsubst hello nginx opaque-server pause redis-cli redis-server'.split(' ');
