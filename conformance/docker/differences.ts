/**
 * Commands of the recorded session that we answer differently, and why. Held by `scores.test.ts`: exactly these differ,
 * so that neither a new difference nor a stale reason goes unseen.
 */
export const differences: ReadonlyMap<string, string> = new Map<string, string>([]);
