import { parseArguments } from '../arguments';
import { edit } from '../editor';
import { failure, fatal, GitError } from '../error';
import type { Git } from '../git';
import { encodeTag } from '../objects/object';
import { isAncestor } from '../refs/history';
import { isRefName } from '../refs/refs';
import { resolveCommit, tryResolve } from '../refs/revision';
import { wildmatch } from '../worktree/ignore';
import { forEach } from './branch';
import { cleanMessage } from './commit';

/** Versions in order (versioncmp.c, roughly). */
const byVersion = (a: string, b: string): number => {
  const parts = (text: string): readonly string[] => text.match(/\d+|\D+/g) ?? [];
  const [left, right] = [parts(a), parts(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [x = '', y = ''] = [left[index], right[index]];
    const difference = Number(x) - Number(y);
    if (!Number.isNaN(difference) && difference !== 0) return difference;
    if (x !== y && Number.isNaN(difference)) return x < y ? -1 : 1;
  }
  return 0;
};

export async function tag(git: Git, args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args, {
    flags: 'a/annotate s/sign d/delete l/list f/force v/verify e/edit i/ignore-case',
    values: 'm/message F/file u/local-user sort format points-at cleanup',
    optional: 'n contains no-contains merged no-merged color column',
    usage: 'usage: git tag [-a | -s | -u <key-id>] [-f] [-m <msg> | -F <file>] [-e]\n',
  });
  const { repository } = git;
  const { refs, objects } = repository;
  const [name, target] = parsed.all;
  if (parsed.has('d')) {
    let failed = false;
    for (const each of parsed.all) {
      const oid = refs.read(`refs/tags/${each}`);
      if (oid === undefined) {
        git.err(`error: tag '${each}' not found.\n`);
        failed = true;
        continue;
      }
      refs.delete(`refs/tags/${each}`);
      git.out(`Deleted tag '${each}' (was ${objects.abbreviate(oid)})\n`);
    }
    return failed ? 1 : 0;
  }
  const listing =
    name === undefined ||
    parsed.has('l') ||
    ['n', 'contains', 'points-at', 'merged', 'sort'].some((option) => parsed.has(option));
  if (listing) {
    const patterns = parsed.all.map((pattern) => wildmatch(pattern, false));
    let found = refs.list('refs/tags/').map(({ name: full, oid }) => ({ name: full.replace('refs/tags/', ''), oid }));
    if (patterns.length > 0) found = found.filter((each) => patterns.some((pattern) => pattern.test(each.name)));
    const sort = parsed.value('sort') ?? git.config.get('tag.sort');
    if (sort !== undefined && /version:refname|v:refname/.test(sort)) found.sort((a, b) => byVersion(a.name, b.name));
    if (sort?.startsWith('-') === true) found.reverse();
    for (const [option, fits] of [
      ['contains', (oid: string, to: string) => isAncestor(objects, to, oid)],
      ['merged', (oid: string, to: string) => isAncestor(objects, oid, to)],
      ['points-at', (oid: string, to: string) => oid === to],
    ] as const) {
      if (!parsed.has(option)) continue;
      const to = resolveCommit(git, parsed.value(option) || 'HEAD');
      found = found.filter(({ oid }) => fits(objects.peel(oid), to));
    }
    const lines = parsed.has('n') ? Number(parsed.value('n') || 1) : 0;
    for (const each of found) {
      const format = parsed.value('format');
      if (format !== undefined) git.out(`${forEach(format, `refs/tags/${each.name}`, each.oid, git)}\n`);
      else if (lines === 0) git.out(`${each.name}\n`);
      else {
        const object = objects.read(each.oid);
        const message =
          object.type === 'tag'
            ? objects.tag(each.oid).message
            : object.type === 'commit'
              ? objects.commit(each.oid).message
              : '';
        const [first = '', ...rest] = message.split('\n').slice(0, lines);
        git.out(`${each.name.padEnd(15)} ${first}\n${rest.map((line) => `    ${line}\n`).join('')}`);
      }
    }
    return 0;
  }
  if (!isRefName(name)) fatal(`'${name}' is not a valid tag name.`);
  const full = `refs/tags/${name}`;
  const old = refs.read(full);
  if (old !== undefined && !parsed.has('f')) fatal(`tag '${name}' already exists`);
  const oid =
    tryResolve(git, target ?? 'HEAD') ??
    fatal(
      target === undefined
        ? "Failed to resolve 'HEAD' as a valid ref."
        : `Failed to resolve '${target}' as a valid ref.`,
    );
  const messages = parsed.values('m');
  const file = parsed.value('F');
  let made = oid;
  if (parsed.has('a') || messages.length > 0 || file !== undefined || parsed.has('s')) {
    if (parsed.has('s')) failure('gpg failed to sign the data\nerror: unable to sign the tag', 128);
    const tagger = git.identity('COMMITTER');
    let message = messages.map((each) => `${each}\n`).join('\n');
    if (file !== undefined) {
      const text = file === '-' ? await git.process.stdin.text() : git.fs.readText(git.absolute(file));
      message =
        typeof text === 'string'
          ? text
          : text.ok
            ? text.value
            : fatal(`could not open or read '${file}': ${text.error.message}`);
    } else if (messages.length === 0) {
      message = await edit(
        git,
        `${repository.gitDir}/TAG_EDITMSG`,
        `\n#\n# Write a message for tag:\n#   ${name}\n# Lines starting with '#' will be ignored.\n`,
      );
      if (cleanMessage(message, true) === '') throw new GitError('no tag message?', 128);
    }
    const clean = cleanMessage(message, messages.length === 0 && file === undefined);
    made = objects.write({
      type: 'tag',
      bytes: encodeTag({ object: oid, type: objects.read(oid).type, name, tagger, message: clean }),
    });
  }
  refs.write(full, made);
  if (old !== undefined && old !== made) git.out(`Updated tag '${name}' (was ${objects.abbreviate(old)})\n`);
  return 0;
}
