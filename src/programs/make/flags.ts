/** What the command line and MAKEFLAGS say. */
export interface Flags {
  readonly makefiles: string[];
  readonly directories: string[];
  readonly includeDirs: string[];
  readonly evals: string[];
  readonly newFiles: Set<string>;
  readonly oldFiles: Set<string>;
  /** `VAR=x`, in order. */
  readonly variables: string[];
  readonly goals: string[];
  always: boolean;
  environmentOverrides: boolean;
  ignore: boolean;
  keepGoing: boolean;
  just: boolean;
  question: boolean;
  silent: boolean;
  touch: boolean;
  noBuiltinRules: boolean;
  noBuiltinVariables: boolean;
  warnUndefined: boolean;
  /** Undefined: only below another make or with -C. */
  printDirectory: boolean | undefined;
  /** How many recipes at once. */
  jobs: number;
  /** Of makes around this one. */
  level: number;
  early: 'help' | 'version' | undefined;
}

/** Nothing said yet. */
export function noFlags(level: number): Flags {
  return {
    makefiles: [],
    directories: [],
    includeDirs: [],
    evals: [],
    newFiles: new Set(),
    oldFiles: new Set(),
    variables: [],
    goals: [],
    always: false,
    environmentOverrides: false,
    ignore: false,
    keepGoing: false,
    just: false,
    question: false,
    silent: false,
    touch: false,
    noBuiltinRules: false,
    noBuiltinVariables: false,
    warnUndefined: false,
    printDirectory: undefined,
    jobs: 1,
    level,
    early: undefined,
  };
}

/** MAKEFLAGS as a make below gets it. */
export function makeFlags(flags: Flags): string {
  const letters = (
    [
      ['B', flags.always],
      ['e', flags.environmentOverrides],
      ['i', flags.ignore],
      ['k', flags.keepGoing],
      ['n', flags.just],
      ['q', flags.question],
      ['r', flags.noBuiltinRules],
      ['R', flags.noBuiltinVariables],
      ['s', flags.silent],
      ['t', flags.touch],
      ['w', flags.printDirectory === true],
    ] as const
  )
    .filter(([, on]) => on)
    .map(([letter]) => letter)
    .join('');
  const words = [
    letters,
    ...flags.includeDirs.map((dir) => `-I${dir}`),
    flags.jobs === 1 ? '' : Number.isFinite(flags.jobs) ? `-j${flags.jobs}` : '-j',
    flags.warnUndefined ? '--warn-undefined-variables' : '',
    flags.printDirectory === false ? '--no-print-directory' : '',
  ];
  const options = words.filter(Boolean);
  // The first word would be taken for letters.
  return (letters === '' && options.length > 0 ? ' ' : '') + options.join(' ');
}
