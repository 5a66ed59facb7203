/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] =
  'apache-httpd busybox-httpd echoserver envsubst hello hello-app http-echo htpasswd nginx opaque-server pause podinfo redis-cli redis-server whoami-server'.split(
    ' ',
  );
