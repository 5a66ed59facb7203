import { parseDate, whenOf } from '../date';
import { changesBetween, diffOptions, showChanges, type DiffOptions } from '../diff/output';
import { combinedDiff } from '../diff/combined';
import { treeFiles } from '../diff/tree-diff';
import { fatal } from '../error';
import type { Git } from '../git';
import { Graph } from '../graph';
import { emptyTree, type Commit, type Oid } from '../objects/object';
import { decorations, pretty, type PrettyOptions } from '../pretty';
import { mergeBases, reachable, topological } from '../refs/history';
import { ambiguous, resolveCommit, tryResolve } from '../refs/revision';
import { Pathspec } from '../worktree/pathspec';

/** Which commits, as a command line says it. */
export interface Selection {
  readonly include: readonly Oid[];
  readonly exclude: readonly Oid[];
  readonly paths: Pathspec;
  readonly limit: number;
  readonly skip: number;
  readonly reverse: boolean;
  readonly firstParent: boolean;
  readonly topological: boolean;
  readonly filter: (commit: Commit) => boolean;
  readonly rest: readonly string[];
}

/** Understands revisions, ranges, paths and what limits a walk. */
export function select(
  git: Git,
  args: readonly string[],
  { fallback = 'HEAD' }: { readonly fallback?: string } = {},
): Selection {
  const { repository } = git;
  const { refs, objects } = repository;
  const include: Oid[] = [];
  const exclude: Oid[] = [];
  const given: string[] = [];
  const rest: string[] = [];
  const filters: ((commit: Commit) => boolean)[] = [];
  const greps: string[] = [];
  let [limit, skip, reverse, firstParent, topo, revisions, ignoreCase, invert] = [
    Infinity,
    0,
    false,
    false,
    false,
    false,
    false,
    false,
  ];
  const all = (prefix: string): void => {
    for (const { oid } of refs.list(prefix)) {
      const peeled = objects.peel(oid);
      if (objects.find(peeled)?.type === 'commit') include.push(peeled);
    }
    revisions = true;
  };
  const whole = [...args];
  const dashes = whole.indexOf('--');
  for (let index = 0; index < whole.length; index++) {
    const arg = whole[index] ?? '';
    if (index === dashes) {
      given.push(...whole.slice(index + 1));
      break;
    }
    const [, option = '', attached] = /^(--[^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const value = (): string => attached ?? whole[++index] ?? fatal(`Option '${option}' requires a value`);
    if (/^-\d+$/.test(arg)) limit = Number(arg.slice(1));
    else if (arg === '-n') limit = Number(whole[++index]);
    else if (/^-n\d+$/.test(arg)) limit = Number(arg.slice(2));
    else if (arg === '-i') ignoreCase = true;
    else if (option === '') {
      if (arg.startsWith('-') && arg !== '-') rest.push(arg);
      else {
        const ranged = revision(git, arg, include, exclude);
        if (ranged) revisions = true;
        else {
          if (dashes >= 0) fatal(`bad revision '${arg}'`);
          const spec = new Pathspec(git, whole.slice(index));
          for (const element of spec.elements) {
            const there =
              element.expression !== undefined ||
              element.path === '' ||
              git.fs.lstat(`${repository.root ?? ''}/${element.path}`).ok;
            if (!there) fatal(arg.includes('..') ? ambiguous(arg) : ambiguous(element.given));
          }
          given.push(...whole.slice(index));
          break;
        }
      }
    } else if (option === '--max-count') limit = Number(value());
    else if (option === '--skip') skip = Number(value());
    else if (option === '--reverse') reverse = true;
    else if (option === '--first-parent') firstParent = true;
    else if (option === '--topo-order' || option === '--date-order' || option === '--graph') {
      topo = true;
      if (option === '--graph') rest.push(arg);
    } else if (option === '--all') {
      all('refs/');
      if (refs.head !== undefined) include.push(refs.head);
    } else if (option === '--branches') all('refs/heads/');
    else if (option === '--tags') all('refs/tags/');
    else if (option === '--remotes') all('refs/remotes/');
    else if (option === '--not') exclude.push(...include.splice(0));
    else if (option === '--merges') filters.push(({ parents }) => parents.length > 1);
    else if (option === '--no-merges') filters.push(({ parents }) => parents.length < 2);
    else if (option === '--author' || option === '--committer') {
      const pattern = new RegExp(value(), ignoreCase || whole.includes('-i') ? 'i' : '');
      filters.push((commit) => pattern.test(option === '--author' ? commit.author : commit.committer));
    } else if (option === '--grep') greps.push(value());
    else if (option === '--invert-grep') invert = true;
    else if (option === '--regexp-ignore-case') ignoreCase = true;
    else if (/^--(since|after|until|before)$/.test(option)) {
      const text = value();
      const moment = Number((parseDate(text, git.process) ?? '0').split(' ')[0]);
      const later = /since|after/.test(option);
      filters.push((commit) =>
        later ? whenOf(commit.committer).seconds >= moment : whenOf(commit.committer).seconds <= moment,
      );
    } else if (
      /^--(follow|full-history|simplify-merges|date-order|author-date-order|no-color|end-of-options)$/.test(option)
    ) {
      if (option === '--no-color') rest.push(arg);
    } else rest.push(arg);
  }
  if (greps.length > 0) {
    const patterns = greps.map((text) => new RegExp(text, ignoreCase ? 'im' : 'm'));
    filters.push((commit) => patterns.some((pattern) => pattern.test(commit.message)) !== invert);
  }
  if (!revisions) {
    const { head } = refs;
    if (head === undefined) fatal(`your current branch '${refs.branch ?? 'HEAD'}' does not have any commits yet`);
    include.push(resolveCommit(git, fallback));
  }
  return {
    include,
    exclude,
    paths: new Pathspec(git, given),
    limit,
    skip,
    reverse,
    firstParent,
    topological: topo,
    filter: (commit) => filters.every((each) => each(commit)),
    rest,
  };
}

/** Adds what a word such as `a..b`, `a...b`, `^a` or `a` stands for; false if it is no revision. */
export function revision(git: Git, text: string, include: Oid[], exclude: Oid[]): boolean {
  const { objects } = git.repository;
  const [, left, dots, right] = /^(.*?)(\.\.\.?)(.*)$/.exec(text) ?? [];
  if (dots !== undefined) {
    const [from, to] = [
      tryResolve(git, left === '' || left === undefined ? 'HEAD' : left),
      tryResolve(git, right === '' || right === undefined ? 'HEAD' : right),
    ];
    if (from === undefined || to === undefined) return false;
    const [a, b] = [objects.peel(from), objects.peel(to)];
    if (dots === '..') {
      exclude.push(a);
      include.push(b);
    } else {
      include.push(a, b);
      exclude.push(...mergeBases(objects, a, b));
    }
    return true;
  }
  if (text.startsWith('^')) {
    const oid = tryResolve(git, text.slice(1));
    if (oid !== undefined) exclude.push(objects.peel(oid));
    return oid !== undefined;
  }
  const without = /^(.*)\^!$/.exec(text)?.[1];
  const oid = tryResolve(git, without ?? text);
  if (oid === undefined) return false;
  const peeled = objects.peel(oid);
  const type = objects.find(peeled)?.type;
  if (type === undefined) fatal(`bad object ${text}`);
  include.push(peeled);
  if (without !== undefined) exclude.push(...objects.commit(peeled).parents);
  return true;
}

/** The commits that a selection stands for, in the order in which they are shown. */
export function walk(git: Git, selection: Selection, follow = false): readonly Commit[] {
  const { objects } = git.repository;
  const { include, exclude, firstParent, paths } = selection;
  let commits = reachable(
    objects,
    include.filter((oid) => objects.find(oid)?.type === 'commit'),
    { exclude, firstParent },
  );
  if (selection.topological) commits = topological(commits);
  commits = follow
    ? followed(git, commits, paths)
    : commits.filter((commit) => selection.filter(commit) && (paths.empty || touches(git, commit, paths)));
  const chosen = commits.slice(
    selection.skip,
    selection.limit === Infinity ? undefined : selection.skip + selection.limit,
  );
  return selection.reverse ? [...chosen].reverse() : chosen;
}

/** The commits that touched one file under any of its names (`--follow`). */
function followed(git: Git, commits: readonly Commit[], paths: Pathspec): readonly Commit[] {
  const { repository } = git;
  let path = paths.elements[0]?.path ?? '';
  return commits.filter(({ tree, parents: [parent] }) => {
    const before = treeFiles(repository, parent === undefined ? undefined : repository.objects.commit(parent).tree);
    const changes = changesBetween(before, treeFiles(repository, tree), { renames: true, filter: '' });
    const change = changes.find(({ before: old, after }) => (after ?? old)?.path === path);
    if (change?.status === 'R') path = change.before?.path ?? path;
    return change !== undefined;
  });
}

function touches(git: Git, { parents, tree }: Commit, paths: Pathspec): boolean {
  const { repository } = git;
  const after = treeFiles(repository, tree);
  const bases = parents.length === 0 ? [undefined] : parents.map((parent) => repository.objects.commit(parent).tree);
  const differs = (base: Oid | undefined): boolean =>
    changesBetween(treeFiles(repository, base), after, { renames: false, filter: '' }, paths).length > 0;
  return bases.every(differs);
}

/** Takes the options of how commits are shown out of a command line. */
export function prettyOptions(
  git: Git,
  args: readonly string[],
  medium = 'medium',
): { readonly options: PrettyOptions; readonly rest: readonly string[] } {
  const rest: string[] = [];
  const color = args.includes('--no-color')
    ? false
    : args.includes('--color') || args.includes('--color=always')
      ? true
      : git.colored('diff');
  let format = git.config.get('format.pretty') ?? medium;
  let terminated = true;
  let abbreviate = git.config.boolean('log.abbrevcommit', false);
  let date = git.config.get('log.date') ?? 'default';
  let decorate: 'short' | 'full' | 'no' | undefined;
  const setting = git.config.get('log.decorate');
  if (setting !== undefined && setting !== 'auto')
    decorate = setting === 'full' ? 'full' : /^(false|no)$/.test(setting) ? 'no' : 'short';
  const setFormat = (value: string): void => {
    const [, kind, text] = /^(t?format):(.*)$/s.exec(value) ?? [];
    terminated = kind !== 'format';
    format = text ?? value;
    if (kind !== undefined && !format.includes('%')) format = `${format}%x00`.replace('%x00', '%-e');
  };
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const [, option = '', value = ''] = /^(--[^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (option === '--oneline') {
      format = 'oneline';
      abbreviate = true;
    } else if (option === '--pretty' || option === '--format')
      setFormat(
        value === '' && !arg.includes('=')
          ? 'medium'
          : option === '--format' && !/^(t?format:|oneline|short|medium|full|fuller|reference|raw|email)/.test(value)
            ? `tformat:${value}`
            : value,
      );
    else if (option === '--abbrev-commit') abbreviate = true;
    else if (option === '--no-abbrev-commit') abbreviate = false;
    else if (option === '--date') date = value;
    else if (option === '--relative-date') date = 'relative';
    else if (option === '--decorate') decorate = value === 'full' ? 'full' : value === 'no' ? 'no' : 'short';
    else if (option === '--no-decorate') decorate = 'no';
    else rest.push(arg);
  }
  const tty = git.process.fds.get(1)?.kind === 'tty';
  const wants = decorate ?? (tty ? 'short' : 'no');
  const wanted = wants === 'no' && !/%-?[dD]/.test(format) ? undefined : wants;
  const known = ['oneline', 'short', 'medium', 'full', 'fuller', 'reference', 'raw', 'email'];
  if (!format.includes('%') && !known.includes(format)) fatal(`invalid --pretty format: ${format}`);
  return {
    options: {
      format,
      terminated,
      abbreviate,
      date,
      color,
      decorate:
        wanted === undefined
          ? undefined
          : decorations(git, wanted === 'full' ? 'full' : 'short', color && !format.includes('%')),
    },
    rest,
  };
}

/** What a commit changed, as `log -p` and `show` print it; empty for merges. */
export function commitChanges(
  git: Git,
  { parents, tree }: Commit,
  options: DiffOptions,
  paths?: Pathspec,
  merges = false,
): string {
  if (options.formats.length === 0 || (parents.length > 1 && !merges)) return '';
  const { repository } = git;
  if (parents.length > 1 && options.formats.includes('patch')) return mergeDiff(git, parents, tree);
  const [parent] = parents;
  const before = treeFiles(repository, parent === undefined ? emptyTree : repository.objects.commit(parent).tree);
  const changes = changesBetween(
    before,
    treeFiles(repository, tree),
    options,
    paths?.empty === false ? paths : undefined,
  );
  return showChanges(git, changes, options);
}

/** What no parent of a merge has: files in which it differs from all of them. */
function mergeDiff(git: Git, parents: readonly Oid[], tree: Oid): string {
  const { repository } = git;
  const { objects } = repository;
  const after = treeFiles(repository, tree);
  const befores = parents.map((parent) => treeFiles(repository, objects.commit(parent).tree));
  return [...after]
    .map(([path, side]) => {
      const olds = befores.map((files) => files.get(path));
      if (olds.some((old) => old === undefined || old.oid === side.oid)) return '';
      return combinedDiff({
        path,
        parents: olds.map((old) => old?.bytes() ?? new Uint8Array(0)),
        result: side.bytes(),
        names: [olds.map((old) => objects.abbreviate(old?.oid ?? '')), objects.abbreviate(side.oid)],
      });
    })
    .join('');
}

/** Prints commits with their changes. */
export function showCommits(
  git: Git,
  commits: readonly Commit[],
  show: PrettyOptions,
  diff: DiffOptions,
  { graph, paths, merges = false }: { readonly graph: boolean; readonly paths?: Pathspec; readonly merges?: boolean },
): void {
  const graphed = graph ? new Graph(new Set(commits.map(({ oid }) => oid))) : undefined;
  const custom = show.format.includes('%');
  const line = show.format === 'oneline' || show.format === 'reference';
  const both = diff.formats.includes('patch') && diff.formats.includes('stat');
  commits.forEach((commit, index) => {
    let text = pretty(git, commit, show);
    if (custom && show.terminated && text !== '') text += '\n';
    const changes = commitChanges(git, commit, diff, paths, merges);
    if (changes !== '' || (merges && commit.parents.length > 1 && diff.formats.includes('patch')))
      text += (line ? '' : both ? '---\n' : '\n') + changes;
    // Commits in full stand apart; `format:` has newlines between, not behind.
    const apart = !line && (!custom || !show.terminated) && index < commits.length - 1;
    if (graphed === undefined) {
      git.out(apart ? `${text}\n` : text);
      return;
    }
    graphed.update(commit);
    for (const each of text.replace(/\n$/, '').split('\n')) git.out(`${graphed.next()}${each}\n`);
    while (!graphed.finished) git.out(`${graphed.next()}\n`);
    if (apart && !custom) git.out(`${graphed.between}\n`);
  });
}

export function log(git: Git, args: readonly string[]): number {
  void git.repository;
  const { options: diff, rest: afterDiff } = diffOptions(git, args);
  const { options: show, rest: afterPretty } = prettyOptions(git, afterDiff);
  const selection = select(git, afterPretty);
  const unknown = selection.rest.find(
    (arg) =>
      !/^--(graph|no-patch-given|color|no-color|cc|walk|stdin|source|show-signature|no-show-signature|left-right|mailmap|no-mailmap|ext-diff|textconv|parents|children|boundary|clear-decorations)|^-[mc]$/.test(
        arg,
      ),
  );
  if (unknown !== undefined) fatal(`unrecognized argument: ${unknown}`);
  showCommits(git, walk(git, selection, args.includes('--follow')), show, diff, {
    graph: selection.rest.includes('--graph'),
    paths: selection.paths,
    merges: selection.rest.includes('-m'),
  });
  return 0;
}

export function revList(git: Git, args: readonly string[]): number {
  const flags = new Set(['--count', '--objects', '--abbrev-commit', '--parents', '--oneline']);
  const wanted = new Set(args.filter((arg) => flags.has(arg)));
  const selection = select(
    git,
    args.filter((arg) => !flags.has(arg)),
  );
  if (selection.include.length === 0) fatal('usage: git rev-list [<options>] <commit>... [--] [<path>...]');
  const commits = walk(git, selection);
  const { objects } = git.repository;
  if (wanted.has('--count')) git.out(`${commits.length}\n`);
  else {
    for (const { oid, parents, message } of commits) {
      const name = wanted.has('--abbrev-commit') || wanted.has('--oneline') ? objects.abbreviate(oid) : oid;
      const subject = wanted.has('--oneline') ? ` ${message.split('\n')[0] ?? ''}` : '';
      git.out(`${[name, ...(wanted.has('--parents') ? parents : [])].join(' ')}${subject}\n`);
    }
  }
  return 0;
}
