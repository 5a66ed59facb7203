/** What `complete` was told of a command (bash(1), Programmable Completion). */
export interface CompletionSpec {
  /** -A and the letters that stand for one. */
  readonly actions: readonly string[];
  readonly options: ReadonlySet<string>;
  /** -G, -W, -F, -C, -X, -P, -S */
  readonly glob?: string | undefined;
  readonly words?: string | undefined;
  readonly function?: string | undefined;
  readonly command?: string | undefined;
  readonly filter?: string | undefined;
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
}

/** -o, in the order in which bash lists them. */
export const completionOptions: readonly string[] = [
  'bashdefault',
  'default',
  'dirnames',
  'filenames',
  'noquote',
  'nosort',
  'nospace',
  'plusdirs',
];

/** The letters for actions, in the order in which bash lists them. */
export const actionLetters: Readonly<Record<string, string>> = {
  a: 'alias',
  b: 'builtin',
  c: 'command',
  d: 'directory',
  e: 'export',
  f: 'file',
  g: 'group',
  j: 'job',
  k: 'keyword',
  s: 'service',
  u: 'user',
  v: 'variable',
};

/** Names under which -D, -E and -I are kept (bash's pcomplete.h). */
export const specialNames: Readonly<Record<string, string>> = {
  D: '_DefaultCmD_',
  E: '_EmptycmD_',
  I: '_InitialWorD_',
};
