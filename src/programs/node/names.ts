/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] = ['node', 'npm', 'npx', 'yarn'];
