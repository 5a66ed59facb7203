/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] = ['docker-compose', 'docker-compose.io'];
