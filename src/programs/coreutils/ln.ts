import { backupName } from './backup';
import { joinPath, targets } from './copy';
import { quoteaf } from '../toolkit/quote';
import { ask } from './rm';
import { baseName, dirName } from './simple';
import { tool } from '../toolkit/tool';

/** ln(1). */
export const ln = tool(
  {
    name: 'ln',
    usage: '[OPTION]... [-T] TARGET LINK_NAME',
    about: 'Create a link to TARGET with the name LINK_NAME.',
    short: 'bdfFiLnPrsS:t:Tv',
    long: {
      'backup::': 'b',
      force: 'f',
      interactive: 'i',
      logical: 'L',
      'no-dereference': 'n',
      'no-target-directory': 'T',
      physical: 'P',
      relative: 'r',
      symbolic: 's',
      'suffix:': 'S',
      'target-directory:': 't',
      verbose: 'v',
    },
  },
  async (tool) => {
    const { options, fs } = tool;
    const { operands } = tool;
    const last = operands.at(-1);
    // -n: a link to a directory is taken for the link itself.
    const named = options.has('n') && last !== undefined && fs.readlink(last).ok;
    const pairs =
      operands.length === 1 && options.value('t') === undefined
        ? [[operands[0] ?? '', joinPath('.', baseName(operands[0] ?? ''))] as const]
        : await targets(tool, operands, options.value('t'), options.has('T') || named);
    if (pairs === undefined) return 1;
    const symbolic = options.has('s');
    const real = (target: string): string => {
      const found = fs.realpath(target);
      return found.ok ? found.value : target;
    };
    for (const [target, path] of pairs) {
      if (!symbolic) {
        const stat = fs.lstat(target);
        if (!stat.ok) {
          await tool.error(`failed to access ${quoteaf(target)}: ${stat.error.message}`);
          continue;
        }
        if (stat.value.type === 'directory') {
          await tool.error(`${target}: hard link not allowed for directory`);
          continue;
        }
      }
      const there = fs.lstat(path);
      if (there.ok && options.has('f', 'i', 'b', 'S')) {
        if (options.last('f', 'i') === 'i' && !(await ask(tool, `replace ${quoteaf(path)}? `))) continue;
        if (there.value.type === 'directory') {
          await tool.error(`${path}: cannot overwrite directory`);
          continue;
        }
        if (options.has('b', 'S')) fs.rename(path, backupName(tool, path));
        else fs.unlink(path);
      }
      const text =
        symbolic && options.has('r')
          ? relativeTo(tool.fs.realpath(dirName(path)), absolute(tool.process.cwd, target))
          : target;
      const made = symbolic
        ? fs.symlink(text, path)
        : fs.link(options.last('L', 'P') === 'L' ? real(target) : target, path);
      if (!made.ok) {
        const what = symbolic ? 'symbolic link' : 'hard link';
        const to = symbolic ? '' : made.error.code === 'EEXIST' ? '' : ` => ${quoteaf(target)}`;
        await tool.error(`failed to create ${what} ${quoteaf(path)}${to}: ${made.error.message}`);
        continue;
      }
      if (options.has('v')) await tool.out.line(`${quoteaf(path)} ${symbolic ? '->' : '=>'} ${quoteaf(text)}`);
    }
    return tool.status;
  },
);

const absolute = (cwd: string, path: string): string => (path.startsWith('/') ? path : joinPath(cwd, path));

function relativeTo(from: { ok: true; value: string } | { ok: false }, path: string): string {
  return from.ok ? relativePath(from.value, path) : path;
}

/** `../b/c` for `/a/b/c` as seen from `/a/x`. */
export function relativePath(from: string, to: string): string {
  const parts = (path: string): string[] => {
    const kept: string[] = [];
    for (const name of path.split('/')) {
      if (name === '..') kept.pop();
      else if (name !== '' && name !== '.') kept.push(name);
    }
    return kept;
  };
  const start = parts(from);
  const end = parts(to);
  let common = 0;
  while (common < start.length && start[common] === end[common]) common++;
  return [...start.slice(common).map(() => '..'), ...end.slice(common)].join('/') || '.';
}
