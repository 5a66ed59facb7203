/** A decimal number with a sign, as builtins take it; undefined if it is none. */
export function parseNumber(text: string): number | undefined {
  return /^\s*[-+]?\d+\s*$/.test(text) ? Number(text) : undefined;
}
