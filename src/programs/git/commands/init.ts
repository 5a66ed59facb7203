import type { FileSystem } from '../../../linux/fs/types';
import { parseArguments } from '../arguments';
import { fatal } from '../error';
import type { Git } from '../git';
import { Repository } from '../repository';

const hint = (name: string): string =>
  [
    `Using '${name}' as the name for the initial branch. This default branch name`,
    'is subject to change. To configure the initial branch name to use in all',
    'of your new repositories, which will suppress this warning, call:',
    '',
    '\tgit config --global init.defaultBranch <name>',
    '',
    "Names commonly chosen instead of 'master' are 'main', 'trunk' and",
    "'development'. The just-created branch can be renamed via this command:",
    '',
    '\tgit branch -m <name>',
  ]
    .map((line) => `hint: ${line}\n`)
    .join('')
    .replace(/hint: \n/g, 'hint: \n');

/** Makes the files of an empty repository; those that are there stay. */
export function createRepository(
  fs: FileSystem,
  gitDir: string,
  { bare, branch }: { readonly bare: boolean; readonly branch: string },
): void {
  for (const folder of ['branches', 'hooks', 'info', 'objects/info', 'objects/pack', 'refs/heads', 'refs/tags']) {
    const made = fs.mkdirAll(`${gitDir}/${folder}`);
    if (!made.ok) fatal(`cannot mkdir ${gitDir}: ${made.error.message}`);
  }
  const put = (name: string, text: string): void => {
    if (!fs.lstat(`${gitDir}/${name}`).ok) fs.writeFile(`${gitDir}/${name}`, text);
  };
  put('HEAD', `ref: refs/heads/${branch}\n`);
  put(
    'config',
    `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = ${bare}\n${bare ? '' : '\tlogallrefupdates = true\n'}`,
  );
  put('description', "Unnamed repository; edit this file 'description' to name the repository.\n");
  put(
    'info/exclude',
    "# git ls-files --others --exclude-from=.git/info/exclude\n# Lines that start with '#' are comments.\n# For a project mostly in C, the following would be a good set of\n# exclude patterns (uncomment them if you want to use them):\n# *.[oa]\n# *~\n",
  );
}

export function init(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(args, {
    flags: 'bare q/quiet',
    values: 'b/initial-branch template separate-git-dir object-format',
    optional: 'shared',
    usage:
      'usage: git init [-q | --quiet] [--bare] [--template=<template-directory>] [--shared[=<permissions>]] [<directory>]',
  });
  const { fs } = git;
  const folder = git.absolute(parsed.all[0] ?? '.');
  const bare = parsed.has('bare');
  const given = fs.mkdirAll(folder);
  if (!given.ok) fatal(`cannot mkdir ${folder}: ${given.error.message}`);
  const gitDir = bare ? folder : folder === '/' ? '/.git' : `${folder}/.git`;
  const existed = fs.lstat(`${gitDir}/HEAD`).ok;
  const configured = parsed.value('b') ?? git.config.get('init.defaultbranch');
  if (configured === undefined && !existed && !parsed.has('q')) git.err(hint('master'));
  createRepository(fs, gitDir, { bare, branch: configured ?? 'master' });
  if (existed && parsed.has('b')) git.err(`warning: re-init: ignored --initial-branch=${parsed.value('b') ?? ''}\n`);
  git.use(new Repository(fs, gitDir, bare ? undefined : folder));
  if (!parsed.has('q'))
    git.out(`${existed ? 'Reinitialized existing' : 'Initialized empty'} Git repository in ${gitDir}/\n`);
  return 0;
}
