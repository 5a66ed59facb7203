import { backupName } from './backup';
import { copy, targets } from './copy';
import { modeText } from '../toolkit/format';
import { quoteaf } from '../toolkit/quote';
import { ask } from './rm';
import { tool, type Tool } from '../toolkit/tool';

/** mv(1): renames, and copies where a rename cannot reach. */
export const mv = tool(
  {
    name: 'mv',
    usage: '[OPTION]... [-T] SOURCE DEST',
    about: 'Rename SOURCE to DEST, or move SOURCE(s) to DIRECTORY.',
    short: 'bfinS:t:Tuv',
    long: {
      'backup::': 'b',
      force: 'f',
      interactive: 'i',
      'no-clobber': 'n',
      'no-target-directory': 'T',
      'strip-trailing-slashes': 'strip',
      'suffix:': 'S',
      'target-directory:': 't',
      update: 'u',
      verbose: 'v',
    },
  },
  async (tool) => {
    const { options } = tool;
    const pairs = await targets(tool, tool.operands, options.value('t'), options.has('T'));
    if (pairs === undefined) return 1;
    for (const [from, to] of pairs) await move(tool, from, to);
    return tool.status;
  },
);

async function move(tool: Tool, from: string, to: string): Promise<void> {
  const { fs, options } = tool;
  const source = fs.lstat(from);
  if (!source.ok) return tool.error(`cannot stat ${quoteaf(from)}: ${source.error.message}`);
  const there = fs.lstat(to);
  const directory = source.value.type === 'directory';
  if (there.ok) {
    if (there.value.dev === source.value.dev && there.value.ino === source.value.ino) {
      return tool.error(`${quoteaf(from)} and ${quoteaf(to)} are the same file`);
    }
    if (there.value.type === 'directory' && !directory) {
      return tool.error(`cannot overwrite directory ${quoteaf(to)} with non-directory`);
    }
    if (there.value.type !== 'directory' && directory) {
      return tool.error(`cannot overwrite non-directory ${quoteaf(to)} with directory ${quoteaf(from)}`);
    }
    const clobber = options.last('f', 'i', 'n');
    if (clobber === 'n' || (options.has('u') && there.value.mtime >= source.value.mtime)) return;
    if (clobber === 'i' && !(await ask(tool, `overwrite ${quoteaf(to)}? `))) return;
    const writable = there.value.type === 'symlink' || fs.access(to, { write: true }).ok;
    if (clobber === undefined && !writable && tool.process.fds.get(0)?.kind === 'tty') {
      const { mode } = there.value;
      const shown = `${(mode & 0o7777).toString(8).padStart(4, '0')} (${modeText('file', mode).slice(1)})`;
      if (!(await ask(tool, `replace ${quoteaf(to)}, overriding mode ${shown}? `))) return;
    }
    if (options.has('b', 'S')) fs.rename(to, backupName(tool, to));
  }
  let moved = fs.rename(from.replace(/(.)\/+$/, '$1'), to);
  if (!moved.ok && moved.error.code === 'EXDEV') {
    if (there.ok) fs.removeAll(to);
    const whole = await copy(
      tool,
      from,
      to,
      {
        recursive: true,
        links: 'keep',
        preserve: { mode: true, owner: true, times: true, links: true },
        force: true,
        interactive: false,
        noClobber: false,
        update: false,
        verbose: false,
        hardLink: false,
        symbolic: false,
        backup: false,
        attributesOnly: false,
        removeDestination: false,
      },
      new Map(),
    );
    if (!whole) return;
    moved = fs.removeAll(from);
    if (!moved.ok) return tool.error(`cannot remove ${quoteaf(from)}: ${moved.error.message}`);
  }
  if (!moved.ok) {
    if (moved.error.code === 'EINVAL') {
      return tool.error(`cannot move ${quoteaf(from)} to a subdirectory of itself, ${quoteaf(to)}`);
    }
    if (there.ok) return tool.error(`cannot overwrite ${quoteaf(to)}: ${moved.error.message}`);
    return tool.error(`cannot move ${quoteaf(from)} to ${quoteaf(to)}: ${moved.error.message}`);
  }
  if (options.has('v')) await tool.out.line(`renamed ${quoteaf(from)} -> ${quoteaf(to)}`);
}
