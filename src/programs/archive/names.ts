/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] = ['gunzip', 'gzip', 'tar', 'unzip', 'zcat', 'zip'];
