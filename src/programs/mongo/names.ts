/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] = ['mongod', 'mongosh', 'mongo'];
