import type { Process } from '../../linux/process/types';
import { normalKey, type ConfigEntry } from './config';
import { runShell } from './editor';
import { GitError } from './error';
import { Git, normalPath, type GitSettings } from './git';
import { commandNames, helpText } from './help';

type Command = (git: Git, args: readonly string[]) => number | Promise<number>;

/** Loaded with git itself; together they are one chunk. */
import { add } from './commands/add';
import { branch } from './commands/branch';
import { checkout, restore, switchCommand } from './commands/checkout';
import { commit } from './commands/commit';
import { config } from './commands/config';
import { init } from './commands/init';
import { log, revList } from './commands/log';
import { merge } from './commands/merge';
import * as plumbing from './commands/plumbing';
import { clone, fetchCommand, lsRemote, pull, push, remote } from './commands/remote';
import { clean, mv, reset, rm } from './commands/reset';
import { cherryPick, rebase, revert } from './commands/sequence';
import { diff, show } from './commands/show';
import { reflog, stash } from './commands/stash';
import { status } from './commands/status';
import { tag } from './commands/tag';

export const version = '2.39.5';

const commands: Readonly<Record<string, Command>> = {
  add,
  branch,
  'cat-file': plumbing.catFile,
  'check-ignore': plumbing.checkIgnore,
  checkout,
  'cherry-pick': cherryPick,
  clean,
  clone,
  commit,
  config,
  'count-objects': plumbing.countObjects,
  describe: plumbing.describe,
  diff,
  fetch: fetchCommand,
  'for-each-ref': plumbing.forEachRef,
  fsck: () => 0,
  gc: () => 0,
  'hash-object': plumbing.hashObject,
  init,
  log,
  'ls-files': plumbing.lsFiles,
  'ls-remote': lsRemote,
  'ls-tree': plumbing.lsTree,
  merge,
  'merge-base': plumbing.mergeBase,
  mv,
  pull,
  push,
  rebase,
  reflog,
  remote,
  reset,
  restore,
  'rev-list': revList,
  'rev-parse': plumbing.revParse,
  revert,
  rm,
  show,
  'show-ref': plumbing.showRef,
  stage: add,
  stash,
  status,
  switch: switchCommand,
  'symbolic-ref': plumbing.symbolicRef,
  tag,
  'update-ref': plumbing.updateRef,
  version: (git) => {
    git.out(`git version ${version}\n`);
    return 0;
  },
  whatchanged: (git, args) => log(git, ['--raw', '--no-merges', ...args]),
  'write-tree': plumbing.writeTreeCommand,
};

/** The words before the subcommand. */
function globalOptions(
  process: Process,
  args: readonly string[],
): { readonly settings: GitSettings; readonly rest: readonly string[]; readonly special: string | undefined } {
  let { cwd } = process;
  let [gitDir, workTree]: [string | undefined, string | undefined] = [undefined, undefined];
  const overrides: ConfigEntry[] = [];
  let index = 0;
  let special: string | undefined;
  for (; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (!arg.startsWith('-')) break;
    const [, option = '', attached] = /^(--?[^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const value = (): string => attached ?? args[++index] ?? '';
    if (arg === '-C') {
      const folder = value();
      const target = normalPath(folder.startsWith('/') ? folder : `${cwd}/${folder}`);
      const found = process.fs.stat(target);
      if (!found.ok) throw new GitError(`cannot change to '${folder}': ${found.error.message}`);
      if (found.value.type !== 'directory') throw new GitError(`cannot change to '${folder}': Not a directory`);
      cwd = target;
    } else if (arg === '-c') {
      const setting = args[++index] ?? '';
      const equals = setting.indexOf('=');
      const key = equals < 0 ? setting : setting.slice(0, equals);
      overrides.push({ key: normalKey(key), value: equals < 0 ? 'true' : setting.slice(equals + 1), file: '' });
    } else if (option === '--git-dir') gitDir = value();
    else if (option === '--work-tree') workTree = value();
    else if (
      /^(--no-pager|-P|-p|--paginate|--bare|--no-replace-objects|--literal-pathspecs|--no-optional-locks)$/.test(arg)
    )
      continue;
    else if (/^(--version|-v|--help|-h|--exec-path|--html-path|--man-path)$/.test(arg)) {
      special = arg;
      index++;
      break;
    } else throw new GitError(`unknown option: ${arg}\n${helpText.split('\n\n')[0] ?? ''}`, 129, '');
  }
  return { settings: { cwd, gitDir, workTree, overrides, color: undefined }, rest: args.slice(index), special };
}

/** git(1). */
export async function git(process: Process): Promise<number> {
  let run = new Git(process, {
    cwd: normalPath(process.cwd),
    gitDir: undefined,
    workTree: undefined,
    overrides: [],
    color: undefined,
  });
  let status = 0;
  try {
    const { settings, rest, special } = globalOptions(process, process.args);
    run = new Git(process, settings);
    status = await dispatch(run, rest, special, 0);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const text = error.message === '' ? '' : `${error.prefix}${error.message}`;
    run.err(text === '' ? text : `${text}\n`);
    status = error.status;
  }
  await run.flush();
  return status;
}

async function dispatch(
  run: Git,
  rest: readonly string[],
  special: string | undefined,
  depth: number,
): Promise<number> {
  const [name, ...args] = rest;
  if (special === '--version' || special === '-v') {
    run.out(`git version ${version}\n`);
    return 0;
  }
  if (special === '--exec-path') {
    run.out('/usr/lib/git-core\n');
    return 0;
  }
  if (name === undefined || name === 'help' || special !== undefined) {
    run.out(helpText);
    return name === undefined && special === undefined ? 1 : 0;
  }
  const command = commands[name];
  if (command !== undefined) return command(run, args);
  const alias = depth < 10 ? run.config.get(`alias.${name}`) : undefined;
  if (alias !== undefined) {
    if (alias.startsWith('!')) {
      await run.flush();
      return runShell(run, `${alias.slice(1)} "$@"`, args, alias.slice(1));
    }
    return dispatch(run, [...words(alias), ...args], undefined, depth + 1);
  }
  const near = commandNames
    .map((each) => ({ each, distance: each.startsWith(name) ? 0 : distance(name, each) + 1 }))
    .sort((a, b) => a.distance - b.distance);
  const least = near[0]?.distance ?? 99;
  const alike = least < 7 ? near.filter((each) => each.distance === least).map(({ each }) => each) : [];
  const list = alike.map((each) => `\t${each}\n`).join('');
  run.err(
    `git: '${name}' is not a git command. See 'git --help'.\n${alike.length === 0 ? '' : `\nThe most similar command${alike.length === 1 ? ' is' : 's are'}\n${list}`}`,
  );
  return 1;
}

const words = (text: string): readonly string[] =>
  [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );

/** Damerau–Levenshtein with git's weights: to swap costs nothing, to replace 2, to insert 1, to delete 3 (levenshtein.c). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const row = [(i + 1) * 3];
    for (let j = 0; j < b.length; j++) {
      let best = (previous[j] ?? 0) + (a[i] === b[j] ? 0 : 2);
      if (i > 0 && j > 0 && a[i - 1] === b[j] && a[i] === b[j - 1]) best = Math.min(best, before[j - 1] ?? 0);
      row.push(Math.min(best, (previous[j + 1] ?? 0) + 3, (row[j] ?? 0) + 1));
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
