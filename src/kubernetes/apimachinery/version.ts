/** What everything built of Kubernetes here says of its build (k8s.io/component-base/version). */
export const buildInfo = {
  major: '1',
  minor: '33',
  gitVersion: 'v1.33.13',
  gitCommit: '2df3632e823a813f64218dfc6f5c2e70d28ecdf0',
  gitTreeState: 'clean',
  buildDate: '2026-08-01T00:00:00Z',
  goVersion: 'go1.26.8',
  compiler: 'gc',
  platform: 'linux/amd64',
} as const;
