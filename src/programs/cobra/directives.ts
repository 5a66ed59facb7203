/** How a shell is to take completions: bits of the number behind the colon (cobra's ShellCompDirective). */
export const Directive = { error: 1, noSpace: 2, noFiles: 4, filterExtension: 8, filterDirs: 16 } as const;

const names: readonly (readonly [number, string])[] = [
  [Directive.error, 'ShellCompDirectiveError'],
  [Directive.noSpace, 'ShellCompDirectiveNoSpace'],
  [Directive.noFiles, 'ShellCompDirectiveNoFileComp'],
  [Directive.filterExtension, 'ShellCompDirectiveFilterFileExt'],
  [Directive.filterDirs, 'ShellCompDirectiveFilterDirs'],
];

/** What may come next: words, each maybe with a tab and its description. */
export interface Completions {
  readonly values: readonly string[];
  readonly directive: number;
}

export const files: Completions = { values: [], directive: 0 };
export const directories: Completions = { values: [], directive: Directive.filterDirs };
export const none: Completions = { values: [], directive: Directive.noFiles };
export const only = (values: readonly string[]): Completions => ({ values, directive: Directive.noFiles });

/** The hidden commands by which shells ask what may come next; the second leaves descriptions out. */
export const completeCommands: readonly string[] = ['__complete', '__completeNoDesc'];

/** The answer to a shell: what goes to stdout, and what a person reads on stderr. */
export function answer(
  { values, directive }: Completions,
  described: boolean,
): { readonly out: string; readonly err: string } {
  const lines = values.map((value) => {
    const [line = ''] = (described ? value : value.replace(/\t[^]*/, '')).split('\n');
    return `${line.trim()}\n`;
  });
  const set = names.filter(([bit]) => (directive & bit) !== 0).map(([, name]) => name);
  const text = set.length === 0 ? 'ShellCompDirectiveDefault' : set.join(', ');
  return { out: `${lines.join('')}:${directive}\n`, err: `Completion ended with directive: ${text}\n` };
}
