import type { Git } from '../git';
import { zeroOid } from '../objects/object';
import { patch, plainPatch, quotePath, type PatchOptions } from './patch';
import { count, numStat, shortStat, statLines, summary } from './stat';
import { compareFiles, findRenames, pathOf, type FileChange } from './tree-diff';
import type { Pathspec } from '../worktree/pathspec';

type Format = 'patch' | 'stat' | 'numstat' | 'shortstat' | 'name-only' | 'name-status' | 'raw' | 'summary';

/** How a command shows what changed. */
export interface DiffOptions {
  readonly formats: readonly Format[];
  readonly patch: PatchOptions;
  readonly renames: boolean;
  readonly filter: string;
  readonly nul: boolean;
  readonly statWidth: number | undefined;
}

/** Takes the options of diff out of a command line; the rest is left. `-p` is what commands do without any. */
export function diffOptions(
  git: Git,
  args: readonly string[],
): { readonly options: DiffOptions; readonly rest: readonly string[] } {
  const formats = new Set<Format>();
  const rest: string[] = [];
  let made: PatchOptions = { ...plainPatch, color: git.colored('diff') };
  let renames = git.config.get('diff.renames') !== 'false';
  let filter = '';
  let nul = false;
  let statWidth: number | undefined;
  let none = false;
  for (const [index, arg] of args.entries()) {
    if (arg === '--') {
      rest.push(...args.slice(index));
      break;
    }
    const [, option = '', value = ''] = /^(--?[^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
    if (/^-U\d+$/.test(arg)) {
      made = { ...made, context: Number(arg.slice(2)) };
      formats.add('patch');
      continue;
    }
    switch (option) {
      case '-p':
      case '-u':
      case '--patch':
        formats.add('patch');
        break;
      case '-s':
      case '--no-patch':
        none = true;
        formats.clear();
        break;
      case '--unified':
        made = { ...made, context: Number(value) };
        formats.add('patch');
        break;
      case '--stat':
        formats.add('stat');
        if (/^\d+/.test(value)) statWidth = Number.parseInt(value, 10);
        break;
      case '--patch-with-stat':
        formats.add('stat').add('patch');
        break;
      case '--numstat':
      case '--shortstat':
      case '--name-only':
      case '--name-status':
      case '--raw':
      case '--summary':
        formats.add(option.slice(2) as Format);
        break;
      case '-M':
      case '-C':
      case '--find-renames':
        renames = true;
        break;
      case '--no-renames':
        renames = false;
        break;
      case '--diff-filter':
        filter = value;
        break;
      case '-z':
        nul = true;
        break;
      case '-w':
      case '--ignore-all-space':
        made = { ...made, ignoreSpace: 'all' };
        break;
      case '-b':
      case '--ignore-space-change':
        made = { ...made, ignoreSpace: 'change' };
        break;
      case '--color':
        made = { ...made, color: value !== 'never' };
        break;
      case '--no-color':
        made = { ...made, color: false };
        break;
      case '--full-index':
        made = { ...made, fullIndex: true };
        break;
      case '--no-prefix':
        made = { ...made, prefixes: ['', ''] };
        break;
      case '--src-prefix':
        made = { ...made, prefixes: [value, made.prefixes[1]] };
        break;
      case '--dst-prefix':
        made = { ...made, prefixes: [made.prefixes[0], value] };
        break;
      case '-a':
      case '--text':
      case '--binary':
      case '--no-ext-diff':
      case '--minimal':
      case '--patience':
      case '--histogram':
      case '--indent-heuristic':
        break;
      default:
        rest.push(arg);
    }
  }
  const order: readonly Format[] = [
    'raw',
    'name-only',
    'name-status',
    'numstat',
    'stat',
    'shortstat',
    'summary',
    'patch',
  ];
  const chosen = none && formats.size === 0 ? [] : order.filter((format) => formats.has(format));
  return {
    options: { formats: chosen, patch: made, renames, filter, nul, statWidth },
    rest: none && chosen.length === 0 ? [...rest, '--no-patch-given'] : rest,
  };
}

/** Changes between two sets of files, as the options want them. */
export function changesBetween(
  before: Parameters<typeof compareFiles>[0],
  after: Parameters<typeof compareFiles>[1],
  options: Pick<DiffOptions, 'renames' | 'filter'>,
  paths?: Pathspec,
): readonly FileChange[] {
  const all = compareFiles(before, after).filter((change) => paths === undefined || paths.matches(pathOf(change)));
  const found = options.renames ? findRenames(all) : all;
  if (options.filter === '') return found;
  const wanted = options.filter.replace(/[a-z]/g, '');
  const unwanted = options.filter.replace(/[A-Z]/g, '').toUpperCase();
  return found.filter(({ status }) => (wanted === '' || wanted.includes(status)) && !unwanted.includes(status));
}

/** The changes in the formats asked for. */
export function showChanges(git: Git, changes: readonly FileChange[], options: DiffOptions): string {
  const { objects } = git.repository;
  const end = options.nul ? '\0' : '\n';
  const tab = options.nul ? '\0' : '\t';
  const name = options.nul ? (path: string): string => path : quotePath;
  const letter = ({ status, similarity }: FileChange): string =>
    status === 'R' || status === 'C' ? `${status}${String(similarity).padStart(3, '0')}` : status;
  const names = (change: FileChange): string =>
    change.status === 'R' || change.status === 'C'
      ? `${name(change.before?.path ?? '')}${tab}${name(change.after?.path ?? '')}`
      : name(pathOf(change));
  const counted = options.formats.some((format) => /stat$/.test(format))
    ? changes.filter(({ status }) => status !== 'U').map(count)
    : [];
  let text = '';
  for (const format of options.formats) {
    if (format === 'name-only') text += changes.map((change) => `${name(pathOf(change))}${end}`).join('');
    else if (format === 'name-status')
      text += changes.map((change) => `${letter(change)}${tab}${names(change)}${end}`).join('');
    else if (format === 'raw') {
      text += changes
        .map((change) => {
          const { before, after } = change;
          const mode = (value: number | undefined): string => (value ?? 0).toString(8).padStart(6, '0');
          const short = (oid: string | undefined): string =>
            oid === undefined || oid === zeroOid ? zeroOid.slice(0, 7) : objects.abbreviate(oid);
          return `:${mode(before?.mode)} ${mode(after?.mode)} ${short(before?.oid)} ${short(after?.oid)} ${letter(change)}${tab}${names(change)}${end}`;
        })
        .join('');
    } else if (format === 'stat')
      text += statLines(counted, {
        color: options.patch.color,
        ...(options.statWidth === undefined ? {} : { width: options.statWidth }),
      });
    else if (format === 'numstat') text += numStat(counted);
    else if (format === 'shortstat') text += counted.length === 0 ? '' : shortStat(counted);
    else if (format === 'summary') text += summary(changes);
    else {
      const patches = changes.map((change) => patch(git, change, options.patch)).join('');
      // A patch behind another format stands apart.
      text += text !== '' && patches !== '' ? `\n${patches}` : patches;
    }
  }
  return text;
}
