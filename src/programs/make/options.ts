import type { Flags } from './flags';

const switches: Readonly<Record<string, (flags: Flags) => void>> = {
  b: () => undefined,
  m: () => undefined,
  B: (flags) => (flags.always = true),
  e: (flags) => (flags.environmentOverrides = true),
  h: (flags) => (flags.early ??= 'help'),
  i: (flags) => (flags.ignore = true),
  k: (flags) => (flags.keepGoing = true),
  n: (flags) => (flags.just = true),
  q: (flags) => (flags.question = true),
  r: (flags) => (flags.noBuiltinRules = true),
  R: (flags) => (flags.noBuiltinRules = flags.noBuiltinVariables = true),
  s: (flags) => (flags.silent = true),
  S: (flags) => (flags.keepGoing = false),
  t: (flags) => (flags.touch = true),
  v: (flags) => (flags.early ??= 'version'),
  w: (flags) => (flags.printDirectory = true),
  'no-print-directory': (flags) => (flags.printDirectory = false),
  'no-silent': (flags) => (flags.silent = false),
  'warn-undefined-variables': (flags) => (flags.warnUndefined = true),
};

const valued: Readonly<Record<string, (flags: Flags, value: string) => unknown>> = {
  C: (flags, value) => flags.directories.push(value),
  E: (flags, value) => flags.evals.push(value),
  f: (flags, value) => flags.makefiles.push(value),
  I: (flags, value) => flags.includeDirs.push(value),
  o: (flags, value) => flags.oldFiles.add(value),
  W: (flags, value) => flags.newFiles.add(value),
};

const long: Readonly<Record<string, string>> = {
  'always-make': 'B',
  directory: 'C',
  'environment-overrides': 'e',
  eval: 'E',
  file: 'f',
  makefile: 'f',
  help: 'h',
  'ignore-errors': 'i',
  'include-dir': 'I',
  jobs: 'j',
  'keep-going': 'k',
  'just-print': 'n',
  'dry-run': 'n',
  recon: 'n',
  'old-file': 'o',
  'assume-old': 'o',
  question: 'q',
  'no-builtin-rules': 'r',
  'no-builtin-variables': 'R',
  silent: 's',
  quiet: 's',
  'no-silent': 'no-silent',
  'no-keep-going': 'S',
  stop: 'S',
  touch: 't',
  version: 'v',
  'print-directory': 'w',
  'no-print-directory': 'no-print-directory',
  'what-if': 'W',
  'new-file': 'W',
  'assume-new': 'W',
  'warn-undefined-variables': 'warn-undefined-variables',
};

/** Takes arguments into the flags; what is wrong with them otherwise. */
export function parseArguments(flags: Flags, args: readonly string[]): string | undefined {
  let trouble: string | undefined;
  const complain = (text: string): void => void (trouble ??= text);
  let plain = false;
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] ?? '';
    if (!plain && argument === '--') plain = true;
    else if (!plain && argument.startsWith('--')) {
      const equals = argument.indexOf('=');
      const given = argument.slice(2, equals < 0 ? undefined : equals);
      const fits = Object.keys(long).filter((name) => name.startsWith(given));
      const name = fits.includes(given) ? given : fits[0];
      const key = name === undefined ? undefined : long[name];
      const value = equals < 0 ? undefined : argument.slice(equals + 1);
      if (name === undefined || key === undefined) complain(`unrecognized option '${argument}'`);
      else if (fits.length > 1 && name !== given && new Set(fits.map((one) => long[one])).size > 1)
        complain(`option '${argument}' is ambiguous; possibilities:${fits.map((one) => ` '--${one}'`).join('')}`);
      else if (key === 'j') jobs(flags, value ?? (/^\d+$/.test(args[at + 1] ?? '') ? args[++at] : undefined), complain);
      else if (valued[key] !== undefined) {
        if (value === undefined && at + 1 >= args.length) complain(`option '--${name}' requires an argument`);
        else valued[key](flags, value ?? args[++at] ?? '');
      } else if (value !== undefined) complain(`option '--${name}' doesn't allow an argument`);
      else switches[key]?.(flags);
    } else if (!plain && /^-./.test(argument)) {
      for (let index = 1; index < argument.length; index++) {
        const letter = argument.charAt(index);
        const rest = argument.slice(index + 1);
        if (letter === 'j') {
          const next = /^\d+$/.test(args[at + 1] ?? '') ? args[++at] : undefined;
          jobs(flags, rest === '' ? next : rest, complain);
          break;
        } else if (valued[letter] !== undefined) {
          if (rest === '' && at + 1 >= args.length) complain(`option requires an argument -- '${letter}'`);
          else valued[letter](flags, rest === '' ? (args[++at] ?? '') : rest);
          break;
        } else if (letter.length === 1 && switches[letter] !== undefined) switches[letter](flags);
        else complain(`invalid option -- '${letter}'`);
      }
    } else if (argument.includes('=')) flags.variables.push(argument);
    else if (argument !== '') flags.goals.push(argument);
  }
  return trouble;
}

function jobs(flags: Flags, value: string | undefined, complain: (text: string) => void): void {
  if (value === undefined) flags.jobs = Number.POSITIVE_INFINITY;
  else if (/^[1-9]\d*$/.test(value)) flags.jobs = Number(value);
  else complain(`the '-j' option requires a positive integer argument`);
}
