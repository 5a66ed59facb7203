import { Failure } from '../errors';

/** Splits arguments into resources and `key=value` or `key-` (cmdutil.GetResourcesAndPairs). */
export function resourcesAndPairs(
  args: readonly string[],
  what: string,
): { readonly resources: readonly string[]; readonly pairs: readonly string[] } {
  const resources: string[] = [];
  const pairs: string[] = [];
  for (const word of args) {
    const isPair = (word.includes('=') && !word.startsWith('=')) || (word.endsWith('-') && word !== '-');
    if (isPair) pairs.push(word);
    else if (pairs.length > 0) throw new Failure(`all resources must be specified before ${what} changes: ${word}`);
    else resources.push(word);
  }
  return { resources, pairs };
}

/** `key=value` and `key-` as maps (cmdutil.ParsePairs). */
export function parsePairs(
  pairs: readonly string[],
  what: string,
  removable: boolean,
): { readonly set: ReadonlyMap<string, string>; readonly remove: readonly string[] } {
  const set = new Map<string, string>();
  const remove: string[] = [];
  const invalid: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals > 0) set.set(pair.slice(0, equals), pair.slice(equals + 1));
    else if (removable && pair.endsWith('-') && pair !== '-') remove.push(pair.slice(0, -1));
    else invalid.push(pair);
  }
  if (invalid.length > 0) throw new Failure(`invalid ${what} format: ${invalid.join(', ')}`);
  return { set, remove };
}
