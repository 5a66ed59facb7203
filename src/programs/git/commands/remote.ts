import { parseArguments, type Arguments } from '../arguments';
import { editConfig } from '../config';
import { fatal, GitError } from '../error';
import type { Git } from '../git';
import { zeroOid, type Oid } from '../objects/object';
import { isAncestor } from '../refs/history';
import { isRefName } from '../refs/refs';
import { tryResolve, upstreamOf } from '../refs/revision';
import { Repository } from '../repository';
import { openRemote, type RefUpdate, type RemoteRepository } from '../transport/remote-repository';
import { forceTree } from '../worktree/switch-tree';
import { dropSection, setConfig, setUpstream } from './branch';
import { createRepository } from './init';
import { mergeCommit } from './merge';
import { rebase } from './sequence';

const short = (name: string): string => name.replace(/^refs\/(heads|tags|remotes)\//, '');

/** `From …` and `To …` show a path as it was given, but a URL without what is secret in it. */
const shownUrl = (url: string): string =>
  url
    .replace(/^(\w+:\/\/)[^@/]*@/, '$1')
    .replace(/\/$/, '')
    .replace(/\.git$/, '');

function addRemote(git: Git, name: string, url: string): void {
  const path = `${git.repository.commonDir}/config`;
  const text = git.fs.readText(path);
  let config = editConfig(text.ok ? text.value : '', `remote.${name}.url`, url);
  config = editConfig(config, `remote.${name}.fetch`, `+refs/heads/*:refs/remotes/${name}/*`);
  git.fs.writeFile(path, config);
  git.forgetConfig();
}

export async function clone(git: Git, args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args, {
    flags:
      'q/quiet v/verbose n/no-checkout bare mirror l/local no-hardlinks s/shared single-branch no-single-branch no-tags recurse-submodules recursive shallow-submodules progress tags sparse dissociate checkout',
    values:
      'b/branch o/origin u/upload-pack depth c/config template reference separate-git-dir shallow-since filter j/jobs',
    usage: 'usage: git clone [<options>] [--] <repo> [<dir>]\n',
  });
  const [url, folder] = parsed.all;
  if (url === undefined)
    throw new GitError(
      'fatal: You must specify a repository to clone.\n\nusage: git clone [<options>] [--] <repo> [<dir>]',
      129,
      '',
    );
  const bare = parsed.has('bare', 'mirror');
  const guessed = url
    .replace(/\/+$/, '')
    .replace(/\/?\.git$/, '')
    .replace(/^.*[/:]/, '');
  const name = folder ?? (bare ? `${guessed}.git` : guessed);
  const path = git.absolute(name);
  const existing = git.fs.readdir(path);
  if (existing.ok && existing.value.length > 0)
    fatal(`destination path '${name}' already exists and is not an empty directory.`);
  const quiet = parsed.has('q');
  if (!/^([a-z]+:\/\/|[^/]*:)/.test(url) && !git.fs.stat(git.absolute(url)).ok)
    fatal(`repository '${url}' does not exist`);
  if (!quiet) git.err(`Cloning into ${bare ? 'bare repository ' : ''}'${name}'...\n`);
  const made = !existing.ok;
  const gitDir = bare ? path : `${path}/.git`;
  const origin = parsed.value('o') ?? 'origin';
  git.fs.mkdirAll(path);
  createRepository(git.fs, gitDir, { bare, branch: git.config.get('init.defaultbranch') ?? 'master' });
  const repository = new Repository(git.fs, gitDir, bare ? undefined : path);
  git.use(repository);
  let remote: RemoteRepository;
  const local = !/^[a-z]+:\/\//.test(url);
  const where = local && !url.startsWith('/') ? `${git.cwd === '/' ? '' : git.cwd}/${url}` : url;
  try {
    remote = await openRemote(git, where);
    await git.flush();
    const count = await remote.fetch(remote.refs.map(({ oid }) => oid));
    if (!quiet && !local && git.process.fds.get(2)?.kind === 'tty') progress(git, count);
  } catch (error) {
    git.fs.removeAll(made ? path : gitDir);
    throw error;
  }
  const { refs, objects } = repository;
  const branches = remote.refs.filter(({ name: full }) => full.startsWith('refs/heads/'));
  for (const { name: full, oid } of remote.refs) {
    if (full.startsWith('refs/tags/')) refs.write(full, oid);
    else if (full.startsWith('refs/heads/')) refs.write(bare ? full : `refs/remotes/${origin}/${short(full)}`, oid);
  }
  if (bare) {
    setConfig(git, `remote.${origin}.url`, where);
    if (remote.head !== undefined) refs.setSymbolic('HEAD', remote.head);
    if (!quiet && local) git.err('done.\n');
    return 0;
  }
  addRemote(git, origin, where);
  const wanted = parsed.value('b');
  const head = wanted === undefined ? remote.head : `refs/heads/${wanted}`;
  const tip = branches.find(({ name: full }) => full === head);
  if (tip !== undefined && !quiet && local) git.err('done.\n');
  const person = git.identityOrUnknown('COMMITTER');
  if (tip === undefined) {
    const tag = wanted === undefined ? undefined : refs.read(`refs/tags/${wanted}`);
    if (tag !== undefined) {
      refs.detach(objects.peel(tag));
      forceTree(git, objects.treeOf(tag));
      return 0;
    }
    if (wanted !== undefined) {
      git.fs.removeAll(made ? path : gitDir);
      throw new GitError(
        `warning: Could not find remote branch ${wanted} to clone.\nfatal: Remote branch ${wanted} not found in upstream ${origin}`,
        128,
        '',
      );
    }
    if (branches.length > 0) git.err('warning: remote HEAD refers to nonexistent ref, unable to checkout\n');
    else git.err('warning: You appear to have cloned an empty repository.\n');
    if (!quiet && local) git.err('done.\n');
    if (remote.head !== undefined) {
      refs.setSymbolic('HEAD', remote.head);
      setConfig(git, `branch.${short(remote.head)}.remote`, origin);
      setConfig(git, `branch.${short(remote.head)}.merge`, remote.head);
    }
    return 0;
  }
  if (remote.head !== undefined && branches.some(({ name: full }) => full === remote.head)) {
    refs.setSymbolic(`refs/remotes/${origin}/HEAD`, `refs/remotes/${origin}/${short(remote.head)}`);
  }
  refs.setSymbolic('HEAD', tip.name);
  refs.write(tip.name, tip.oid);
  for (const log of [tip.name, 'HEAD']) refs.appendLog(log, undefined, tip.oid, person, `clone: from ${where}`);
  setUpstream(git, short(tip.name), `refs/remotes/${origin}/${short(tip.name)}`);
  if (!parsed.has('n')) forceTree(git, objects.treeOf(tip.oid));
  return 0;
}

function progress(git: Git, count: number): void {
  git.err(
    `remote: Enumerating objects: ${count}, done.\nremote: Counting objects: 100% (${count}/${count}), done.\n` +
      `remote: Total ${count} (delta 0), reused ${count} (delta 0), pack-reused 0\nReceiving objects: 100% (${count}/${count}), done.\n`,
  );
}

/** Brings a remote's branches; says what changed. The commits fetched, for `pull`. */
async function fetchFrom(
  git: Git,
  name: string,
  parsed: Arguments,
  specs: readonly string[],
): Promise<readonly { readonly name: string; readonly oid: Oid; readonly merge: boolean }[]> {
  const { repository } = git;
  const { refs, objects } = repository;
  const url = git.config.get(`remote.${name}.url`) ?? name;
  const isRemote = git.config.get(`remote.${name}.url`) !== undefined;
  const remote = await openRemote(git, url);
  const heads = remote.refs.filter(({ name: full }) => full.startsWith('refs/heads/'));
  const chosen =
    specs.length === 0
      ? heads
      : specs.map((spec) => {
          const source = spec.replace(/^\+/, '').split(':')[0] ?? '';
          return (
            remote.refs.find((ref) => [`refs/heads/${source}`, `refs/tags/${source}`, source].includes(ref.name)) ??
            fatal(`couldn't find remote ref ${source}`)
          );
        });
  const count = await remote.fetch(chosen.map(({ oid }) => oid));
  const tags =
    parsed.choice('t') === false || parsed.has('no-tags')
      ? []
      : remote.refs.filter(
          ({ name: full, oid }) =>
            full.startsWith('refs/tags/') &&
            refs.read(full) === undefined &&
            (parsed.has('t') || isRemote) &&
            oid !== zeroOid,
        );
  await remote.fetch(tags.map(({ oid }) => oid));
  if (count > 0 && git.process.fds.get(2)?.kind === 'tty') progress(git, count);
  const lines: string[] = [];
  const width = Math.max(
    10,
    ...chosen.map((ref) => short(ref.name).length),
    ...tags.map((ref) => short(ref.name).length),
  );
  const line = (mark: string, what: string, from: string, to: string, note = ''): void => {
    lines.push(` ${mark} ${what.padEnd(17)} ${from.padEnd(width)} -> ${to}${note}`);
  };
  const person = git.identityOrUnknown('COMMITTER');
  const branch = refs.branch;
  const mergeName = branch === undefined ? undefined : git.config.get(`branch.${branch}.merge`);
  const fetched: { readonly name: string; readonly oid: Oid; readonly merge: boolean }[] = [];
  for (const { name: full, oid } of chosen) {
    fetched.push({ name: full, oid, merge: specs.length > 0 || full === mergeName });
    if (specs.length > 0) line('*', full.startsWith('refs/tags/') ? 'tag' : 'branch', short(full), 'FETCH_HEAD');
    if (!isRemote) continue;
    const target = full.startsWith('refs/tags/') ? full : `refs/remotes/${name}/${short(full)}`;
    const old = refs.read(target);
    if (old === oid) continue;
    const why = old === undefined ? 'storing head' : isAncestor(objects, old, oid) ? 'fast-forward' : 'forced-update';
    refs.update(target, oid, person, `fetch ${name}: ${why}`.replace('fetch origin: ', 'fetch origin: '));
    if (old === undefined) line('*', '[new branch]', short(full), short(target));
    else if (why === 'fast-forward')
      line(' ', `${objects.abbreviate(old)}..${objects.abbreviate(oid)}`, short(full), short(target));
    else
      line(
        '+',
        `${objects.abbreviate(old)}...${objects.abbreviate(oid)}`,
        short(full),
        short(target),
        '  (forced update)',
      );
  }
  if (parsed.has('p') || git.config.boolean('fetch.prune', false)) {
    for (const { name: full } of refs.list(`refs/remotes/${name}/`)) {
      if (full.endsWith('/HEAD') || heads.some((ref) => `refs/remotes/${name}/${short(ref.name)}` === full)) continue;
      refs.delete(full);
      lines.unshift(` - ${'[deleted]'.padEnd(17)} ${'(none)'.padEnd(width)} -> ${short(full)}`);
    }
  }
  for (const { name: full, oid } of tags) {
    refs.write(full, oid);
    line('*', '[new tag]', short(full), short(full));
  }
  if (lines.length > 0 && !parsed.has('q')) git.err(`From ${shownUrl(url)}\n${lines.join('\n')}\n`);
  const written = fetched.map(
    ({ name: full, oid, merge }) =>
      `${oid}\t${merge ? '' : 'not-for-merge'}\tbranch '${short(full)}' of ${shownUrl(url)}\n`,
  );
  repository.setState('FETCH_HEAD', written.join(''));
  return fetched;
}

const fetchSpec = {
  flags:
    'all q/quiet v/verbose p/prune t/tags no-tags f/force k/keep a/append n dry-run progress unshallow update-head-ok P/prune-tags ff ff-only squash commit e/edit stat no-rebase autostash allow-unrelated-histories',
  values: 'depth j/jobs o/server-option s/strategy X/strategy-option',
  optional: 'r/rebase recurse-submodules',
  usage: 'usage: git fetch [<options>] [<repository> [<refspec>...]]\n',
} as const;

export async function fetchCommand(git: Git, args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args, fetchSpec);
  const { branch } = git.repository.refs;
  const configured = branch === undefined ? undefined : git.config.get(`branch.${branch}.remote`);
  const [name = configured ?? 'origin', ...specs] = parsed.all;
  const names = parsed.has('all') ? git.config.subsections('remote') : [name];
  if (parsed.all.length === 0 && git.config.subsections('remote').length === 0) return 0;
  for (const each of names) {
    if (parsed.has('all')) git.out(`Fetching ${each}\n`);
    await fetchFrom(git, each, parsed, specs);
  }
  return 0;
}

export async function pull(git: Git, args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args, fetchSpec);
  const repository = git.workTree;
  const { refs, index } = repository;
  if (index.unmerged.length > 0) {
    throw new GitError(
      "error: Pulling is not possible because you have unmerged files.\nhint: Fix them up in the work tree, and then use 'git add/rm <file>'\nhint: as appropriate to mark resolution and make a commit.\nfatal: Exiting because of an unresolved conflict.",
      128,
      '',
    );
  }
  const { branch } = refs;
  const configured = branch === undefined ? undefined : git.config.get(`branch.${branch}.remote`);
  const [name = configured ?? 'origin', ...specs] = parsed.all;
  const known = git.config.subsections('remote').length > 0 || parsed.all.length > 0;
  const fetched = known ? await fetchFrom(git, name, parsed, specs) : [];
  const wanted = fetched.find(({ merge }) => merge);
  if (wanted === undefined) {
    const detached = branch === undefined;
    throw new GitError(
      detached
        ? 'You are not currently on a branch.\nPlease specify which branch you want to merge with.\nSee git-pull(1) for details.\n\n    git pull <remote> <branch>\n'
        : `There is no tracking information for the current branch.\nPlease specify which branch you want to merge with.\nSee git-pull(1) for details.\n\n    git pull <remote> <branch>\n\nIf you wish to set tracking information for this branch you can do so with:\n\n    git branch --set-upstream-to=${known ? name : '<remote>'}/<branch> ${branch}\n`,
      1,
      '',
    );
  }
  const setting = git.config.get('pull.rebase');
  const rebasing = parsed.choice('r') ?? (setting === undefined ? undefined : setting !== 'false');
  const { head } = refs;
  const { objects } = repository;
  const diverged =
    head !== undefined && !isAncestor(objects, head, wanted.oid) && !isAncestor(objects, wanted.oid, head);
  const ff =
    parsed.has('ff-only') || git.config.get('pull.ff') === 'only'
      ? 'only'
      : parsed.choice('ff') === false
        ? 'no'
        : 'yes';
  if (
    diverged &&
    rebasing === undefined &&
    parsed.choice('ff') === undefined &&
    !parsed.has('ff-only') &&
    !parsed.has('no-rebase') &&
    git.config.get('pull.ff') === undefined
  ) {
    const hints = [
      'You have divergent branches and need to specify how to reconcile them.',
      'You can do so by running one of the following commands sometime before',
      'your next pull:',
      '',
      '  git config pull.rebase false  # merge',
      '  git config pull.rebase true   # rebase',
      '  git config pull.ff only       # fast-forward only',
      '',
      'You can replace "git config" with "git config --global" to set a default',
      'preference for all repositories. You can also pass --rebase, --no-rebase,',
      'or --ff-only on the command line to override the configured default per',
      'invocation.',
    ];
    throw new GitError(
      `${hints.map((line) => `hint: ${line}\n`).join('')}fatal: Need to specify how to reconcile divergent branches.`,
      128,
      '',
    );
  }
  const url = git.config.get(`remote.${name}.url`) ?? name;
  if (rebasing === true && diverged) return rebase(git, [wanted.oid]);
  const into =
    branch === undefined || branch === git.config.get('init.defaultbranch') || /^(master|main)$/.test(branch)
      ? ''
      : ` into ${branch}`;
  return mergeCommit(git, {
    name: wanted.oid,
    theirs: wanted.oid,
    message: `Merge branch '${short(wanted.name)}' of ${shownUrl(url)}${into}\n`,
    fastForward: ff,
    squash: parsed.has('squash'),
    commit: parsed.choice('commit') !== false,
    edit: false,
    quiet: parsed.has('q'),
    stat: true,
    unrelated: parsed.has('allow-unrelated-histories'),
    favor: undefined,
    keepOurs: false,
    action: ['pull', ...args].join(' '),
  });
}

export async function push(git: Git, args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args, {
    flags:
      'u/set-upstream f/force all mirror tags q/quiet v/verbose n/dry-run d/delete follow-tags prune progress no-verify porcelain atomic',
    values: 'o/push-option repo receive-pack',
    optional: 'force-with-lease signed recurse-submodules',
    usage: 'usage: git push [<options>] [<repository> [<refspec>...]]\n',
  });
  const { repository } = git;
  const { refs, objects } = repository;
  const { branch } = refs;
  const configured = branch === undefined ? undefined : git.config.get(`branch.${branch}.remote`);
  const [name = configured ?? 'origin', ...given] = parsed.all;
  const url =
    git.config.get(`remote.${name}.pushurl`) ??
    git.config.get(`remote.${name}.url`) ??
    (parsed.all.length === 0 ? undefined : name);
  if (url === undefined) {
    throw new GitError(
      'fatal: No configured push destination.\nEither specify the URL from the command-line or configure a remote repository using\n\n    git remote add <name> <url>\n\nand then push using the remote name\n\n    git push <name>\n',
      128,
      '',
    );
  }
  const force = parsed.has('f') || parsed.has('force-with-lease');
  const updates: (RefUpdate & { readonly from: string })[] = [];
  const add = (from: string, to: string, oid: Oid, forced = force): void => {
    updates.push({ from, name: to, to: oid, force: forced });
  };
  if (parsed.has('all', 'mirror'))
    for (const { name: full, oid } of refs.list('refs/heads/')) add(short(full), full, oid);
  if (parsed.has('tags', 'mirror'))
    for (const { name: full, oid } of refs.list('refs/tags/')) add(short(full), full, oid);
  const deletions: string[] = [];
  for (const spec of given) {
    const forced = force || spec.startsWith('+');
    const [source = '', target] = spec.replace(/^\+/, '').split(':');
    if (parsed.has('d') || (source === '' && target !== undefined)) {
      deletions.push(target ?? source);
      continue;
    }
    const from = source === 'HEAD' && branch !== undefined ? branch : source;
    const oid = tryResolve(git, source);
    if (oid === undefined) {
      throw new GitError(
        `error: src refspec ${source} does not match any\nerror: failed to push some refs to '${url}'`,
        1,
        '',
      );
    }
    const tagged = refs.read(`refs/tags/${from}`) !== undefined && refs.read(`refs/heads/${from}`) === undefined;
    add(
      from,
      target === undefined
        ? `refs/${tagged ? 'tags' : 'heads'}/${from.replace(/^refs\/(heads|tags)\//, '')}`
        : fullTarget(target),
      oid,
      forced,
    );
  }
  if (given.length === 0 && updates.length === 0) {
    if (branch === undefined) {
      throw new GitError(
        `fatal: You are not currently on a branch.\nTo push the history leading to the current (detached HEAD)\nstate now, use\n\n    git push ${name} HEAD:<name-of-remote-branch>\n`,
        128,
        '',
      );
    }
    const upstream = upstreamOf(git, branch);
    const mode = git.config.get('push.default') ?? 'simple';
    if (
      upstream === undefined &&
      mode === 'simple' &&
      !parsed.has('u') &&
      !git.config.boolean('push.autosetupremote', false)
    ) {
      throw new GitError(
        `fatal: The current branch ${branch} has no upstream branch.\nTo push the current branch and set the remote as upstream, use\n\n    git push --set-upstream ${name} ${branch}\n\nTo have this happen automatically for branches without a tracking\nupstream, see 'push.autoSetupRemote' in 'git help config'.\n`,
        128,
        '',
      );
    }
    if (refs.head === undefined)
      throw new GitError(
        `error: src refspec refs/heads/${branch} does not match any\nerror: failed to push some refs to '${url}'`,
        1,
        '',
      );
    add(branch, `refs/heads/${branch}`, refs.head);
  }
  const remote = await openRemote(git, url);
  const before = new Map(remote.refs.map((ref) => [ref.name, ref.oid]));
  for (const name of deletions) {
    const full = [`refs/heads/${name}`, `refs/tags/${name}`, name].find((each) => before.has(each));
    add('', full ?? fullTarget(name), zeroOid);
  }
  const wanted = updates.filter(({ name: full, to }) => before.get(full) !== to);
  const pending = wanted.filter(({ name: full, to }) => !(to === zeroOid && !before.has(full)));
  const failures = parsed.has('n') ? new Map<string, string>() : await remote.push(pending);
  const lines: string[] = [];
  let failed = false;
  for (const { from, name: full, to, force: forced } of wanted) {
    const old = before.get(full);
    const problem = failures.get(full);
    const line = (mark: string, what: string, text: string, note = ''): void => {
      lines.push(` ${mark} ${what.padEnd(17)} ${text}${note}\n`);
    };
    if (to === zeroOid) {
      if (old === undefined) {
        git.err(`error: unable to delete '${short(full)}': remote ref does not exist\n`);
        failed = true;
      } else line('-', '[deleted]', short(full));
    } else if (problem !== undefined) {
      failed = true;
      const [word, why] =
        problem === 'branch is currently checked out'
          ? ['[remote rejected]', problem]
          : ['[rejected]', old !== undefined && !objects.has(old) ? 'fetch first' : problem];
      line('!', word ?? '', `${from} -> ${short(full)}`, ` (${why ?? ''})`);
    } else if (old === undefined)
      line('*', full.startsWith('refs/tags/') ? '[new tag]' : '[new branch]', `${from} -> ${short(full)}`);
    else if (objects.has(old) && isAncestor(objects, old, objects.peel(to)))
      line(' ', `${objects.abbreviate(old)}..${objects.abbreviate(to)}`, `${from} -> ${short(full)}`);
    else
      line(
        '+',
        `${objects.abbreviate(old)}...${objects.abbreviate(to)}`,
        `${from} -> ${short(full)}`,
        forced ? ' (forced update)' : '',
      );
  }
  if (lines.length > 0 && (!parsed.has('q') || failed)) git.err(`To ${url}\n${lines.join('')}`);
  else if (!failed && !parsed.has('q')) git.err('Everything up-to-date\n');
  for (const { name: full, to } of updates) {
    if (
      failures.has(full) ||
      parsed.has('n') ||
      git.config.get(`remote.${name}.url`) === undefined ||
      !full.startsWith('refs/heads/')
    )
      continue;
    const tracking = `refs/remotes/${name}/${short(full)}`;
    if (to === zeroOid) refs.delete(tracking);
    else if (refs.read(tracking) !== to)
      refs.update(tracking, to, git.identityOrUnknown('COMMITTER'), 'update by push');
  }
  if (parsed.has('u')) {
    for (const { from, name: full } of updates) {
      if (failures.has(full) || !full.startsWith('refs/heads/') || refs.read(`refs/heads/${from}`) === undefined)
        continue;
      const said = setUpstream(git, from, `refs/remotes/${name}/${short(full)}`);
      if (!parsed.has('q')) git.out(said);
    }
  }
  if (!failed) return 0;
  git.err(`error: failed to push some refs to '${url}'\n${rejection(git, updates, failures, before, branch)}`);
  return 1;
}

const fullTarget = (name: string): string => (name.startsWith('refs/') ? name : `refs/heads/${name}`);

function rejection(
  git: Git,
  updates: readonly RefUpdate[],
  failures: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, Oid>,
  branch: string | undefined,
): string {
  const late = updates.find(({ name }) => failures.get(name) === 'non-fast-forward');
  if (late === undefined) return '';
  const old = before.get(late.name);
  const unknown = old !== undefined && !git.repository.objects.has(old);
  const lines = unknown
    ? [
        'Updates were rejected because the remote contains work that you do',
        'not have locally. This is usually caused by another repository pushing',
        'to the same ref. You may want to first integrate the remote changes',
        "(e.g., 'git pull ...') before pushing again.",
      ]
    : late.name === `refs/heads/${branch ?? ''}`
      ? [
          'Updates were rejected because the tip of your current branch is behind',
          'its remote counterpart. Integrate the remote changes (e.g.',
          "'git pull ...') before pushing again.",
        ]
      : [
          'Updates were rejected because a pushed branch tip is behind its remote',
          'counterpart. Check out this branch and integrate the remote changes',
          "(e.g. 'git pull ...') before pushing again.",
        ];
  return [...lines, "See the 'Note about fast-forwards' in 'git push --help' for details."]
    .map((line) => `hint: ${line}\n`)
    .join('');
}

export async function lsRemote(git: Git, args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args, {
    flags: 'h/heads t/tags q/quiet refs exit-code get-url symref',
    values: 'sort',
    usage: 'usage: git ls-remote\n',
  });
  const [name = 'origin', ...patterns] = parsed.all;
  const url = (git.findRepository() === undefined ? undefined : git.config.get(`remote.${name}.url`)) ?? name;
  const remote = await openRemote(git, url);
  const head = remote.refs.find((ref) => ref.name === remote.head);
  const all =
    head === undefined || parsed.has('h', 't', 'refs')
      ? remote.refs
      : [{ name: 'HEAD', oid: head.oid }, ...remote.refs];
  for (const { name: full, oid } of all) {
    const kind =
      !parsed.has('h', 't') ||
      (parsed.has('h') && full.startsWith('refs/heads/')) ||
      (parsed.has('t') && full.startsWith('refs/tags/'));
    if (kind && (patterns.length === 0 || patterns.some((pattern) => full === pattern || full.endsWith(`/${pattern}`))))
      git.out(`${oid}\t${full}\n`);
  }
  return 0;
}

export async function remote(git: Git, args: readonly string[]): Promise<number> {
  const verbose = args[0] === '-v' || args[0] === '--verbose';
  const [command, ...rest] = verbose ? args.slice(1) : args;
  const { config, repository } = git;
  const names = [...config.subsections('remote')].sort();
  const urlOf = (name: string): string => git.config.get(`remote.${name}.url`) ?? name;
  const known = (name: string): void => {
    if (!names.includes(name)) throw new GitError(`error: No such remote '${name}'`, 2, '');
  };
  const [name = '', value = ''] = rest.filter((arg) => !arg.startsWith('-'));
  switch (command) {
    case undefined:
      for (const each of names)
        git.out(
          verbose
            ? `${each}\t${urlOf(each)} (fetch)\n${each}\t${git.config.get(`remote.${each}.pushurl`) ?? urlOf(each)} (push)\n`
            : `${each}\n`,
        );
      return 0;
    case 'add':
      if (value === '') throw new GitError('usage: git remote add [<options>] <name> <url>', 129, '');
      if (names.includes(name)) throw new GitError(`error: remote ${name} already exists.`, 3, '');
      if (!isRefName(name)) fatal(`'${name}' is not a valid remote name`);
      addRemote(git, name, value);
      if (rest.includes('-f')) await fetchCommand(git, [name]);
      return 0;
    case 'remove':
    case 'rm':
      if (!names.includes(name)) throw new GitError(`error: No such remote: '${name}'`, 2, '');
      dropSection(git, `remote.${name}`);
      for (const ref of repository.refs.list(`refs/remotes/${name}/`)) repository.refs.delete(ref.name);
      repository.refs.delete(`refs/remotes/${name}/HEAD`);
      for (const branch of config.subsections('branch'))
        if (config.get(`branch.${branch}.remote`) === name) dropSection(git, `branch.${branch}`);
      return 0;
    case 'rename': {
      known(name);
      if (names.includes(value)) throw new GitError(`error: remote ${value} already exists.`, 3, '');
      dropSection(git, `remote.${name}`, `remote.${value}`);
      setConfig(git, `remote.${value}.fetch`, `+refs/heads/*:refs/remotes/${value}/*`);
      for (const branch of config.subsections('branch'))
        if (config.get(`branch.${branch}.remote`) === name) setConfig(git, `branch.${branch}.remote`, value);
      for (const ref of repository.refs.list(`refs/remotes/${name}/`)) {
        repository.refs.write(`refs/remotes/${value}/${ref.name.slice(`refs/remotes/${name}/`.length)}`, ref.oid);
        repository.refs.delete(ref.name);
      }
      return 0;
    }
    case 'set-url':
      known(name);
      setConfig(git, rest.includes('--push') ? `remote.${name}.pushurl` : `remote.${name}.url`, value);
      return 0;
    case 'get-url':
      known(name);
      git.out(`${urlOf(name)}\n`);
      return 0;
    case 'prune':
      return fetchCommand(git, ['--prune', name]);
    case 'update':
      return fetchCommand(git, ['--all']);
    case 'show': {
      if (name === '') return remote(git, []);
      const there = await openRemote(git, urlOf(name));
      const heads = there.refs.filter((ref) => ref.name.startsWith('refs/heads/')).map((ref) => short(ref.name));
      git.out(
        `* remote ${name}\n  Fetch URL: ${urlOf(name)}\n  Push  URL: ${urlOf(name)}\n  HEAD branch: ${there.head === undefined ? '(unknown)' : short(there.head)}\n`,
      );
      const width = Math.max(0, ...heads.map((head) => head.length));
      if (heads.length > 0)
        git.out(
          `  Remote branch${heads.length === 1 ? '' : 'es'}:\n${heads.map((head) => `    ${head.padEnd(width)} tracked\n`).join('')}`,
        );
      return 0;
    }
    default:
      throw new GitError(`error: Unknown subcommand: ${command}\nusage: git remote [-v | --verbose]`, 1, '');
  }
}
