/** Programs of this folder. */
export const names: readonly string[] = ['command-not-found'];
