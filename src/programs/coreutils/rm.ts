import type { Stat } from '../../linux/fs/types';
import { quoteaf } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';

/** rm(1). */
export const rm = tool(
  {
    name: 'rm',
    usage: '[OPTION]... [FILE]...',
    about: 'Remove (unlink) the FILE(s).',
    short: 'dfiIrRv',
    long: {
      dir: 'd',
      force: 'f',
      'interactive::': 'interactive',
      'no-preserve-root': 'no-preserve-root',
      'preserve-root::': 'preserve-root',
      'one-file-system': 'one-file-system',
      recursive: 'r',
      verbose: 'v',
    },
  },
  async (tool) => {
    const { options, fs } = tool;
    const force = options.last('f', 'i', 'I') === 'f';
    if (tool.operands.length === 0) return force ? 0 : tool.missingOperand();
    const recursive = options.has('r', 'R');
    if (options.has('I') && !force && (tool.operands.length > 3 || recursive)) {
      const what = `${tool.operands.length} argument${tool.operands.length === 1 ? '' : 's'}`;
      if (!(await ask(tool, `remove ${what}${recursive ? ' recursively' : ''}? `))) return 0;
    }
    for (const path of tool.operands) {
      if (/(^|\/)\.\.?\/*$/.test(path)) {
        await tool.error(`refusing to remove '.' or '..' directory: skipping ${quoteaf(path)}`);
        continue;
      }
      if (recursive && /^\/+$/.test(path) && !options.has('no-preserve-root')) {
        await tool.error(`it is dangerous to operate recursively on '/'`);
        await tool.error('use --no-preserve-root to override this failsafe');
        continue;
      }
      const stat = fs.lstat(path);
      if (!stat.ok) {
        if (!(force && (stat.error.code === 'ENOENT' || stat.error.code === 'ENOTDIR'))) {
          await tool.error(`cannot remove ${quoteaf(path)}: ${stat.error.message}`);
        }
        continue;
      }
      if (stat.value.type === 'directory' && !recursive && !options.has('d')) {
        await tool.error(`cannot remove ${quoteaf(path)}: Is a directory`);
        continue;
      }
      await remove(tool, path, stat.value, { recursive, force });
    }
    return tool.status;
  },
);

interface How {
  readonly recursive: boolean;
  readonly force: boolean;
}

/** True if it is gone. */
async function remove(tool: Tool, path: string, stat: Stat, how: How): Promise<boolean> {
  const { fs, options } = tool;
  const directory = stat.type === 'directory';
  const kind = describe(stat);
  let whole = true;
  if (directory && how.recursive) {
    const list = fs.readdir(path);
    if (!list.ok) {
      await tool.error(`cannot remove ${quoteaf(path)}: ${list.error.message}`);
      return false;
    }
    const entries = list.value;
    if (entries.length > 0 && (await prompts(tool, path, stat, how, `descend into directory ${quoteaf(path)}? `))) {
      return false;
    }
    for (const { name } of entries) {
      const below = `${path.replace(/\/+$/, '')}/${name}`;
      const child = fs.lstat(below);
      if (child.ok) whole = (await remove(tool, below, child.value, how)) && whole;
    }
  }
  if (!whole) return false;
  if (await prompts(tool, path, stat, how, `remove ${kind} ${quoteaf(path)}? `)) return false;
  const removed = directory ? fs.rmdir(path) : fs.unlink(path);
  if (!removed.ok) {
    await tool.error(`cannot remove ${quoteaf(path)}: ${removed.error.message}`);
    return false;
  }
  if (options.has('v'))
    await tool.out.line(directory ? `removed directory ${quoteaf(path)}` : `removed ${quoteaf(path)}`);
  return true;
}

/** True if somebody was asked and said no. */
async function prompts(tool: Tool, path: string, stat: Stat, how: How, question: string): Promise<boolean> {
  if (how.force) return false;
  if (tool.options.last('i', 'I', 'f') === 'i') return !(await ask(tool, question));
  const writable = stat.type === 'symlink' || tool.fs.access(path, { write: true }).ok;
  if (writable || tool.process.fds.get(0)?.kind !== 'tty') return false;
  const protectedQuestion = question.replace(/^(remove|descend into) /, (verb) => `${verb}write-protected `);
  return !(await ask(tool, protectedQuestion));
}

/** Asks on stderr; an answer that begins with y is a yes. */
export async function ask(tool: Tool, question: string): Promise<boolean> {
  await tool.out.flush();
  await tool.process.stderr.write(`${tool.name}: ${question}`);
  return /^[yY]/.test((await tool.process.stdin.readLine()) ?? '');
}

/** What messages call a file. */
export function describe({ type, size }: Stat): string {
  switch (type) {
    case 'file':
      return size === 0 ? 'regular empty file' : 'regular file';
    case 'directory':
      return 'directory';
    case 'symlink':
      return 'symbolic link';
    case 'fifo':
      return 'fifo';
    case 'socket':
      return 'socket';
    case 'char':
      return 'character special file';
    case 'block':
      return 'block special file';
  }
}
