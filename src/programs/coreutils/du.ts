import { joinPath } from './copy';
import { humanSize } from '../toolkit/format';
import { blocksOf } from './ls';
import { quote, quoteaf } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';

/** du(1). */
export const du = tool(
  {
    name: 'du',
    usage: '[OPTION]... [FILE]...',
    about: 'Summarize device usage of the set of FILEs, recursively for directories.',
    short: 'abcd:hkLmsSx',
    long: {
      all: 'a',
      'apparent-size': 'apparent',
      bytes: 'b',
      total: 'c',
      'max-depth:': 'd',
      'human-readable': 'h',
      dereference: 'L',
      'separate-dirs': 'S',
      summarize: 's',
      'one-file-system': 'x',
      'exclude:': 'exclude',
    },
  },
  async (tool) => {
    const { options } = tool;
    const depth = options.value('d');
    if (depth !== undefined && !/^\d+$/.test(depth)) return tool.usageError(`invalid maximum depth ${quote(depth)}`);
    if (options.has('s', 'a') && options.has('s') && options.has('a')) {
      return tool.usageError('cannot both summarize and show all entries');
    }
    if (options.has('s') && depth !== undefined) {
      return tool.usageError(`warning: summarizing conflicts with --max-depth=${depth}`);
    }
    const limit = options.has('s') ? 0 : depth === undefined ? Infinity : Number(depth);
    let total = 0;
    for (const path of tool.operands.length === 0 ? ['.'] : tool.operands) {
      total += await usage(tool, path, 0, limit, new Set());
    }
    if (options.has('c')) await tool.out.line(`${shown(tool, total)}\ttotal`);
    return tool.status;
  },
);

function shown({ options }: Tool, bytes: number): string {
  if (options.has('h')) return humanSize(bytes);
  if (options.has('b')) return String(bytes);
  return String(Math.ceil(bytes / (options.has('m') ? 2 ** 20 : 1024)));
}

async function usage(tool: Tool, path: string, depth: number, limit: number, seen: Set<string>): Promise<number> {
  const { fs, options } = tool;
  const found = options.has('L') ? fs.stat(path) : fs.lstat(path);
  if (!found.ok) {
    await tool.error(`cannot access ${quoteaf(path)}: ${found.error.message}`);
    return 0;
  }
  const { dev, ino, nlink, type, size } = found.value;
  if (type !== 'directory' && nlink > 1) {
    if (seen.has(`${dev}:${ino}`)) return 0;
    seen.add(`${dev}:${ino}`);
  }
  const own = options.has('b', 'apparent') ? size : blocksOf(found.value) * 1024;
  let total = own;
  if (type === 'directory') {
    const list = fs.readdir(path);
    if (!list.ok) await tool.error(`cannot read directory ${quoteaf(path)}: ${list.error.message}`);
    else {
      for (const { name } of list.value) {
        const child = joinPath(path, name);
        if (options.has('x')) {
          const stat = fs.lstat(child);
          if (stat.ok && stat.value.dev !== dev && stat.value.type === 'directory') continue;
        }
        const below = await usage(tool, child, depth + 1, limit, seen);
        if (!(options.has('S') && fs.lstat(child).ok && isDirectory(tool, child))) total += below;
      }
    }
  }
  if (depth <= limit && (type === 'directory' || options.has('a') || depth === 0)) {
    await tool.out.line(`${shown(tool, total)}\t${path}`);
  }
  return total;
}

function isDirectory({ fs }: Tool, path: string): boolean {
  const stat = fs.lstat(path);
  return stat.ok && stat.value.type === 'directory';
}
