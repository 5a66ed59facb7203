/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] =
  'apache-httpd busybox-httpd envsubst hello nginx pause redis-cli redis-server'.split(' ');
