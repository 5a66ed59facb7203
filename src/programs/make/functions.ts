import { and, applied, condition, evaluated, flavor, foreach, info, or, warning, type Call } from './functions-control';
import { absolute, wildcard } from './files';
import { shell } from './shell';
import { fatal } from './state';
import { directoryOf, fileOf, patsubst, stemOf, suffixStart, words } from './words';

/** One function of make. */
export interface MakeFunction {
  readonly min: number;
  /** The last argument takes the commas beyond it. */
  readonly max: number;
  /** Gets its arguments as they stand and expands them itself. */
  readonly raw?: boolean;
  run(call: Call, args: readonly string[]): string | Promise<string>;
}

type Pure = (...args: string[]) => string;
const pure = (min: number, run: Pure): MakeFunction => ({ min, max: min, run: (_, args) => run(...args) });
const each = (one: (word: string) => string): MakeFunction =>
  pure(1, (text) =>
    words(text ?? '')
      .map(one)
      .join(' '),
  );
const raw = (min: number, max: number, run: MakeFunction['run']): MakeFunction => ({ min, max, raw: true, run });
const some = Number.POSITIVE_INFINITY;

/** The functions of the manual, chapter 8. */
export const functions: ReadonlyMap<string, MakeFunction> = new Map<string, MakeFunction>([
  ['subst', pure(3, (from = '', to = '', text = '') => (from === '' ? text + to : text.replaceAll(from, () => to)))],
  ['patsubst', pure(3, (from = '', to = '', text = '') => patsubst(from, to, text))],
  ['strip', pure(1, (text = '') => words(text).join(' '))],
  ['findstring', pure(2, (find = '', text = '') => (text.includes(find) ? find : ''))],
  ['filter', pure(2, (patterns = '', text = '') => filter(patterns, text, true))],
  ['filter-out', pure(2, (patterns = '', text = '') => filter(patterns, text, false))],
  ['sort', pure(1, (text = '') => [...new Set(words(text))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(' '))],
  ['words', pure(1, (text = '') => String(words(text).length))],
  ['firstword', pure(1, (text = '') => words(text)[0] ?? '')],
  ['lastword', pure(1, (text = '') => words(text).at(-1) ?? '')],
  ['word', { min: 2, max: 2, run: word }],
  ['wordlist', { min: 3, max: 3, run: wordlist }],
  ['join', pure(2, joined)],
  ['dir', each(directoryOf)],
  ['notdir', each(fileOf)],
  [
    'suffix',
    pure(1, (text = '') =>
      words(text)
        .map((name) => name.slice(suffixStart(name)))
        .filter(Boolean)
        .join(' '),
    ),
  ],
  ['basename', each((name) => name.slice(0, suffixStart(name)))],
  [
    'addsuffix',
    pure(2, (suffix = '', text = '') =>
      words(text)
        .map((name) => name + suffix)
        .join(' '),
    ),
  ],
  [
    'addprefix',
    pure(2, (before = '', text = '') =>
      words(text)
        .map((name) => before + name)
        .join(' '),
    ),
  ],
  [
    'abspath',
    {
      min: 1,
      max: 1,
      run: ({ make }, [text = '']) =>
        words(text)
          .map((name) => absolute(make, name))
          .join(' '),
    },
  ],
  ['realpath', { min: 1, max: 1, run: realpath }],
  [
    'wildcard',
    {
      min: 1,
      max: 1,
      run: ({ make }, [text = '']) =>
        words(text)
          .flatMap((one) => wildcard(make, one))
          .join(' '),
    },
  ],
  ['shell', { min: 1, max: 1, run: ({ make, scope }, [command = '']) => shell(make, command, scope) }],
  ['foreach', raw(3, 3, foreach)],
  ['if', raw(2, 3, condition)],
  ['or', raw(1, some, or)],
  ['and', raw(1, some, and)],
  [
    'call',
    {
      min: 1,
      max: some,
      run: (call, [name = '', ...args]) =>
        functions.get(name.trim())?.run(call, args) ?? applied(call, [name, ...args]),
    },
  ],
  ['eval', { min: 1, max: 1, run: evaluated }],
  ['value', { min: 1, max: 1, run: ({ scope }, [name = '']) => scope.get(name)?.value ?? '' }],
  ['origin', { min: 1, max: 1, run: ({ scope }, [name = '']) => scope.get(name)?.origin ?? 'undefined' }],
  ['flavor', { min: 1, max: 1, run: flavor }],
  ['info', { min: 1, max: 1, run: info }],
  ['warning', { min: 1, max: 1, run: warning }],
  ['error', { min: 1, max: 1, run: ({ make }, [text = '']) => fatal(make, make.place, text) }],
]);

function filter(patterns: string, text: string, keep: boolean): string {
  const all = words(patterns);
  const hit = (word: string): boolean => all.some((pattern) => stemOf(pattern, word) !== undefined);
  return words(text)
    .filter((one) => hit(one) === keep)
    .join(' ');
}

function joined(first = '', second = ''): string {
  const [left, right] = [words(first), words(second)];
  return Array.from(
    { length: Math.max(left.length, right.length) },
    (_, at) => (left[at] ?? '') + (right[at] ?? ''),
  ).join(' ');
}

function numeric({ make }: Call, text: string, name: string, which: string): number {
  if (!/^\s*\d+\s*$/.test(text))
    fatal(make, make.variablePlace ?? make.place, `non-numeric ${which} argument to '${name}' function: '${text}'`);
  return Number(text);
}

function word(call: Call, [count = '', text = '']: readonly string[]): string {
  const at = numeric(call, count, 'word', 'first');
  if (at === 0)
    fatal(
      call.make,
      call.make.variablePlace ?? call.make.place,
      "first argument to 'word' function must be greater than 0",
    );
  return words(text)[at - 1] ?? '';
}

function wordlist(call: Call, [from = '', to = '', text = '']: readonly string[]): string {
  const start = numeric(call, from, 'wordlist', 'first');
  if (start < 1)
    fatal(
      call.make,
      call.make.variablePlace ?? call.make.place,
      `invalid first argument to 'wordlist' function: '${from}'`,
    );
  return words(text)
    .slice(start - 1, Math.max(numeric(call, to, 'wordlist', 'second'), start - 1))
    .join(' ');
}

function realpath({ make }: Call, [text = '']: readonly string[]): string {
  return words(text)
    .flatMap((name) => {
      const real = make.process.fs.realpath(name);
      return real.ok ? [real.value] : [];
    })
    .join(' ');
}
