import { parseArguments } from '../arguments';
import { editConfig, removeSection } from '../config';
import { fatal, GitError } from '../error';
import type { Git } from '../git';
import type { Oid } from '../objects/object';
import { aheadBehind, isAncestor } from '../refs/history';
import { isRefName } from '../refs/refs';
import { fullName, resolveCommit, upstreamOf } from '../refs/revision';
import { wildmatch } from '../worktree/ignore';

/** Changes the repository's own configuration. */
export function setConfig(git: Git, key: string, value: string | undefined): void {
  const path = `${git.repository.commonDir}/config`;
  const text = git.fs.readText(path);
  git.fs.writeFile(path, editConfig(text.ok ? text.value : '', key, value));
  git.forgetConfig();
}

/** Lets a branch follow another; what is said of it. */
export function setUpstream(git: Git, branch: string, upstream: string): string {
  const [, remote = '.', name = ''] = /^refs\/remotes\/([^/]+)\/(.*)$/.exec(upstream) ?? [];
  const local = upstream.startsWith('refs/heads/');
  setConfig(git, `branch.${branch}.remote`, local ? '.' : remote);
  setConfig(git, `branch.${branch}.merge`, local ? upstream : `refs/heads/${name}`);
  return `branch '${branch}' set up to track '${local ? upstream.replace('refs/heads/', '') : `${remote}/${name}`}'.\n`;
}

const subject = (message: string): string => message.replace(/^\n+/, '').split('\n')[0] ?? '';

/** `--merged` and its kin take the word behind them, if there is one. */
const joined = (args: readonly string[]): readonly string[] =>
  args.flatMap((arg, index) => {
    const takes = (text: string | undefined): boolean => /^--(no-)?(merged|contains)$|^--points-at$/.test(text ?? '');
    if (takes(args[index - 1]) && !arg.startsWith('-')) return [];
    const next = args[index + 1];
    return takes(arg) && next !== undefined && !next.startsWith('-') ? [`${arg}=${next}`] : [arg];
  });

export function branch(git: Git, args: readonly string[]): number {
  const parsed = parseArguments(joined(args), {
    flags:
      'a/all r/remotes d/delete D m/move M c/copy C v/verbose q/quiet l/list f/force t/track show-current edit-description unset-upstream i/ignore-case create-reflog omit-empty',
    values: 'u/set-upstream-to sort format points-at',
    optional: 'merged contains column color abbrev',
    usage: 'usage: git branch [<options>] [-r | -a] [--merged] [--no-merged]\n',
  });
  const { repository } = git;
  const { refs } = repository;
  const names = parsed.all;
  const current = refs.branch;
  if (parsed.has('show-current')) {
    if (current !== undefined) git.out(`${current}\n`);
    return 0;
  }
  if (parsed.has('d', 'D'))
    return remove(git, names, parsed.has('D') || parsed.has('f'), parsed.has('r'), parsed.has('q'));
  if (parsed.has('m', 'M', 'c', 'C'))
    return rename(git, names, parsed.has('M', 'C') || parsed.has('f'), parsed.has('c', 'C'));
  const upstream = parsed.value('u');
  if (upstream !== undefined) {
    const name =
      names[0] ??
      current ??
      fatal('could not set upstream of HEAD to ' + upstream + ' when it does not point to any branch.');
    if (refs.read(`refs/heads/${name}`) === undefined) fatal(`branch '${name}' does not exist`);
    const full = fullName(repository, upstream);
    if (full === undefined) {
      throw new GitError(
        `fatal: the requested upstream branch '${upstream}' does not exist\nhint: \nhint: If you are planning on basing your work on an upstream\nhint: branch that already exists at the remote, you may need to\nhint: run "git fetch" to retrieve it.\nhint: \nhint: If you are planning to push out a new local branch that\nhint: will track its remote counterpart, you may want to use\nhint: "git push -u" to set the upstream config as you push.\nhint: Disable this message with "git config advice.setUpstreamFailure false"`,
        128,
        '',
      );
    }
    git.out(setUpstream(git, name, full));
    return 0;
  }
  if (parsed.has('unset-upstream')) {
    const name = names[0] ?? current ?? '';
    if (upstreamOf(git, name) === undefined) fatal(`Branch '${name}' has no upstream information`);
    setConfig(git, `branch.${name}.remote`, undefined);
    setConfig(git, `branch.${name}.merge`, undefined);
    return 0;
  }
  const listing =
    names.length === 0 ||
    ['l', 'a', 'r', 'v', 'merged', 'no-merged', 'contains', 'no-contains', 'format', 'points-at'].some(
      (option) => parsed.choice(option) !== undefined,
    );
  if (!listing) return create(git, names[0] ?? '', names[1], parsed.has('f'), parsed.choice('t'));
  list(git, parsed);
  return 0;
}

function create(git: Git, name: string, start: string | undefined, force: boolean, track: boolean | undefined): number {
  const { repository } = git;
  const { refs } = repository;
  if (!isRefName(name) || name === 'HEAD') fatal(`'${name}' is not a valid branch name`);
  const full = `refs/heads/${name}`;
  if (refs.read(full) !== undefined) {
    if (!force) fatal(`a branch named '${name}' already exists`);
    if (refs.branch === name)
      fatal(`cannot force update the branch '${name}' checked out at '${repository.root ?? repository.gitDir}'`);
  }
  if (start === undefined && refs.head === undefined) fatal(`not a valid object name: '${refs.branch ?? 'HEAD'}'`);
  const oid = resolveCommit(git, start ?? 'HEAD', `not a valid object name: '${start ?? 'HEAD'}'`);
  refs.update(full, oid, git.identityOrUnknown('COMMITTER'), `branch: Created from ${start ?? refs.branch ?? 'HEAD'}`);
  const from = start === undefined ? undefined : fullName(repository, start);
  if (from !== undefined && ((from.startsWith('refs/remotes/') && track !== false) || track === true))
    git.out(setUpstream(git, name, from));
  return 0;
}

function remove(git: Git, names: readonly string[], force: boolean, remote: boolean, quiet: boolean): number {
  const { repository } = git;
  const { refs, objects } = repository;
  if (names.length === 0) fatal('branch name required');
  let failed = false;
  for (const name of names) {
    const full = `refs/${remote ? 'remotes' : 'heads'}/${name}`;
    const oid = refs.read(full);
    if (!remote && refs.branch === name) {
      git.err(`error: Cannot delete branch '${name}' checked out at '${repository.root ?? repository.gitDir}'\n`);
      failed = true;
    } else if (oid === undefined) {
      git.err(`error: ${remote ? 'remote-tracking ' : ''}branch '${name}' not found.\n`);
      failed = true;
    } else {
      const upstream = upstreamOf(git, name);
      const into = (upstream === undefined ? undefined : refs.read(upstream)) ?? refs.head;
      if (!force && !remote && (into === undefined || !isAncestor(objects, oid, into))) {
        git.err(
          `error: The branch '${name}' is not fully merged.\nIf you are sure you want to delete it, run 'git branch -D ${name}'.\n`,
        );
        failed = true;
        continue;
      }
      refs.delete(full);
      if (!remote) dropSection(git, `branch.${name}`);
      if (!quiet)
        git.out(`Deleted ${remote ? 'remote-tracking ' : ''}branch ${name} (was ${objects.abbreviate(oid)}).\n`);
    }
  }
  return failed ? 1 : 0;
}

/** Removes or renames a section of the repository's configuration. */
export function dropSection(git: Git, section: string, renamed?: string): boolean {
  const path = `${git.repository.commonDir}/config`;
  const text = git.fs.readText(path);
  const changed = text.ok ? removeSection(text.value, section, renamed) : undefined;
  if (changed === undefined) return false;
  git.fs.writeFile(path, changed);
  git.forgetConfig();
  return true;
}

function rename(git: Git, names: readonly string[], force: boolean, copy: boolean): number {
  const { repository } = git;
  const { refs } = repository;
  const [from, to] = names.length > 1 ? names : [refs.branch, names[0]];
  if (to === undefined) fatal('branch name required');
  if (from === undefined || to === undefined) return fatal('cannot rename the current branch while not on any.');
  if (!isRefName(to)) fatal(`'${to}' is not a valid branch name`);
  const [old, young] = [`refs/heads/${from}`, `refs/heads/${to}`];
  const oid = refs.read(old);
  const unborn = oid === undefined && refs.branch === from;
  if (oid === undefined && !unborn) fatal(names.length > 1 ? `no branch named '${from}'` : `no branch named '${from}'`);
  if (refs.read(young) !== undefined && !force && from !== to) fatal(`a branch named '${to}' already exists`);
  if (from === to) return 0;
  const person = git.identityOrUnknown('COMMITTER');
  if (oid !== undefined) {
    const log = refs.log(old);
    if (!copy) refs.delete(old);
    refs.write(young, oid);
    git.fs.mkdirAll(`${repository.gitDir}/logs/${young.slice(0, young.lastIndexOf('/'))}`);
    refs.writeLog(young, [
      ...log,
      { from: oid, to: oid, person, message: `Branch: ${copy ? 'copied' : 'renamed'} ${old} to ${young}` },
    ]);
  }
  if (!copy) {
    dropSection(git, `branch.${from}`, `branch.${to}`);
    if (refs.branch === from) {
      refs.setSymbolic('HEAD', young);
      if (oid !== undefined) refs.appendLog('HEAD', oid, oid, person, `Branch: renamed ${old} to ${young}`);
    }
  }
  return 0;
}

function list(git: Git, parsed: ReturnType<typeof parseArguments>): void {
  const { repository } = git;
  const { refs, objects } = repository;
  const color = git.colored('branch');
  const paint = (code: string, text: string): string => (color ? `\u001b[${code}m${text}\u001b[m` : text);
  const current = refs.branch;
  const { head } = refs;
  interface Row {
    readonly mark: string;
    readonly name: string;
    readonly oid: Oid;
    readonly code: string;
    readonly arrow: string;
  }
  let rows: Row[] = [];
  if (current === undefined && head !== undefined && !parsed.has('r')) {
    const from = refs.log('HEAD').findLast(({ message }) => message.startsWith('checkout: moving from'));
    const to = / to (\S+)$/.exec(from?.message ?? '')?.[1];
    const tag = to !== undefined && refs.read(`refs/tags/${to}`) !== undefined ? to : undefined;
    const at = from?.to === head || from === undefined ? 'at' : 'from';
    rows.push({
      mark: '*',
      name: `(HEAD detached ${at} ${tag ?? objects.abbreviate(from?.to ?? head)})`,
      oid: head,
      code: '32',
      arrow: '',
    });
  }
  if (!parsed.has('r')) {
    for (const { name, oid } of refs.list('refs/heads/')) {
      const short = name.replace('refs/heads/', '');
      rows.push({
        mark: short === current ? '*' : ' ',
        name: short,
        oid,
        code: short === current ? '32' : '',
        arrow: '',
      });
    }
  }
  if (parsed.has('r') || parsed.has('a')) {
    for (const { name, oid } of refs.list('refs/remotes/')) {
      const short = parsed.has('r') ? name.replace('refs/remotes/', '') : name.replace('refs/', '');
      const target = refs.symbolic(name);
      rows.push({
        mark: ' ',
        name: short,
        oid,
        code: '31',
        arrow: target === undefined ? '' : ` -> ${target.replace('refs/remotes/', '')}`,
      });
    }
  }
  const patterns = parsed.all.map((pattern) => wildmatch(pattern, false));
  if (patterns.length > 0) rows = rows.filter(({ name }) => patterns.some((pattern) => pattern.test(name)));
  const commitOf = (value: string | undefined): Oid =>
    resolveCommit(git, value === undefined || value === '' ? 'HEAD' : value, `malformed object name ${value ?? ''}`);
  for (const [option, fits] of [
    ['merged', (oid: Oid, to: Oid) => isAncestor(objects, oid, to)],
    ['contains', (oid: Oid, to: Oid) => isAncestor(objects, to, oid)],
    ['points-at', (oid: Oid, to: Oid) => oid === to],
  ] as const) {
    const choice = parsed.choice(option);
    if (choice === undefined) continue;
    const target = commitOf(parsed.options.findLast(({ name }) => name === option)?.value);
    rows = rows.filter(({ oid }) => fits(oid, target) === choice);
  }
  const sort = parsed.value('sort');
  if (sort !== undefined && /committerdate|creatordate/.test(sort)) {
    const time = (oid: Oid): number => Number(/> (\d+)/.exec(objects.commit(oid).committer)?.[1] ?? 0);
    rows.sort((a, b) => (sort.startsWith('-') ? time(b.oid) - time(a.oid) : time(a.oid) - time(b.oid)));
  }
  const format = parsed.value('format');
  if (format !== undefined) {
    for (const row of rows) git.out(`${forEach(format, row.name, row.oid, git)}\n`);
    return;
  }
  const verbose = parsed.options.filter(({ name }) => name === 'v').length;
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  for (const { mark, name, oid, code, arrow } of rows) {
    if (verbose === 0 || arrow !== '') {
      git.out(
        `${mark} ${code === '' ? name : paint(code, name)}${verbose > 0 ? ' '.repeat(width - name.length) : ''}${arrow}\n`,
      );
      continue;
    }
    const upstream = code === '31' ? undefined : upstreamOf(git, name);
    const theirs = upstream === undefined ? undefined : refs.read(upstream);
    let note = '';
    if (upstream !== undefined) {
      const [ahead, behind] = theirs === undefined ? [0, 0] : aheadBehind(objects, oid, theirs);
      const counts = [...(ahead > 0 ? [`ahead ${ahead}`] : []), ...(behind > 0 ? [`behind ${behind}`] : [])].join(', ');
      const short = upstream.replace(/^refs\/(remotes|heads)\//, '');
      const state = theirs === undefined ? 'gone' : counts;
      if (verbose > 1) note = `[${paint('34', short)}${state === '' ? '' : `: ${state}`}] `;
      else if (state !== '') note = `[${state}] `;
    }
    git.out(
      `${mark} ${paint(code, name.padEnd(width))} ${objects.abbreviate(oid)} ${note}${subject(objects.commit(oid).message)}\n`,
    );
  }
}

/** The fields of `--format` of branch, tag and for-each-ref that people use. */
export function forEach(format: string, name: string, oid: Oid, git: Git): string {
  const { objects } = git.repository;
  const peeled = objects.peel(oid);
  const commit = objects.find(peeled)?.type === 'commit' ? objects.commit(peeled) : undefined;
  const values: Readonly<Record<string, string>> = {
    'refname:short': name.replace(/^refs\/(heads|tags|remotes)\//, ''),
    refname: name.startsWith('refs/') ? name : `refs/heads/${name}`,
    objectname: oid,
    'objectname:short': objects.abbreviate(oid),
    objecttype: objects.find(oid)?.type ?? '',
    subject: commit === undefined ? '' : subject(commit.message),
    'contents:subject': commit === undefined ? '' : subject(commit.message),
    authorname: commit === undefined ? '' : (/^(.*?) </.exec(commit.author)?.[1] ?? ''),
    HEAD: git.repository.refs.branch === name.replace('refs/heads/', '') ? '*' : ' ',
  };
  return format.replace(/%\(([^)]*)\)/g, (_, field: string) => values[field] ?? fatal(`unknown field name: ${field}`));
}
