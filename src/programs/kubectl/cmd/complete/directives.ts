/** How a shell is to take completions: bits of the number behind the colon (cobra's ShellCompDirective). */
export const Directive = { error: 1, noSpace: 2, noFiles: 4, filterExtension: 8 } as const;

const names: readonly (readonly [number, string])[] = [
  [1, 'ShellCompDirectiveError'],
  [2, 'ShellCompDirectiveNoSpace'],
  [4, 'ShellCompDirectiveNoFileComp'],
  [8, 'ShellCompDirectiveFilterFileExt'],
];

/** A directive in words, as cobra prints it on stderr. */
export function directiveText(directive: number): string {
  const set = names.filter(([bit]) => (directive & bit) !== 0).map(([, name]) => name);
  return set.length === 0 ? 'ShellCompDirectiveDefault' : set.join(', ');
}

/** What may come next: words, each maybe with a tab and its description. */
export interface Completions {
  readonly values: readonly string[];
  readonly directive: number;
}

export const files: Completions = { values: [], directive: 0 };
export const none: Completions = { values: [], directive: Directive.noFiles };
export const only = (values: readonly string[]): Completions => ({ values, directive: Directive.noFiles });
