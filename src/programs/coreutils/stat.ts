import type { Stat } from '../../linux/fs/types';
import { strftime } from '../toolkit/date-format';
import { modeText } from '../toolkit/format';
import { unescape } from '../toolkit/escapes';
import { quoteaf } from '../toolkit/quote';
import { describe } from './rm';
import { tool, type Tool } from '../toolkit/tool';
import { Names } from '../toolkit/users';

const time = (ms: number): string => strftime('%Y-%m-%d %H:%M:%S.%N %z', ms);
const hex = (value: number): string => value.toString(16);

/** stat(1). */
export const stat = tool(
  {
    name: 'stat',
    usage: '[OPTION]... FILE...',
    about: 'Display file or file system status.',
    short: 'c:fLt',
    long: {
      dereference: 'L',
      'file-system': 'f',
      'format:': 'c',
      'printf:': 'printf',
      terse: 't',
      'cached:': 'cached',
    },
  },
  async (tool) => {
    const { options, fs } = tool;
    if (tool.operands.length === 0) return tool.missingOperand();
    for (const path of tool.operands) {
      if (options.has('f')) {
        await fileSystem(tool, path);
        continue;
      }
      const found = options.has('L') ? fs.stat(path) : fs.lstat(path);
      if (!found.ok) {
        await tool.error(`cannot statx ${quoteaf(path)}: ${found.error.message}`);
        continue;
      }
      const format = options.last('c', 'printf');
      const text = options.value(format ?? '');
      if (text === undefined && options.has('t')) {
        await tool.out.line(expand(tool, '%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o', path, found.value));
      } else if (text === undefined) await tool.out.write(whole(tool, path, found.value));
      else {
        const shown = expand(tool, text, path, found.value);
        await tool.out.write(format === 'printf' ? unescape(shown, false).text : `${shown}\n`);
      }
    }
    return tool.status;
  },
);

const blocks = ({ type, size }: Stat): number =>
  type === 'file' || type === 'directory' ? Math.ceil(size / 4096) * 8 : 0;

function named(tool: Tool, path: string, type: Stat['type']): string {
  const target = type === 'symlink' ? tool.fs.readlink(path) : undefined;
  return target?.ok === true ? `${path} -> ${target.value}` : path;
}

function whole(tool: Tool, path: string, stat: Stat): string {
  const names = new Names(tool.fs);
  const { dev, ino, nlink, mode, uid, gid, size, rdev } = stat;
  const right = (value: number | string, width: number) => String(value).padStart(width);
  const device = rdev === undefined ? '' : ` Device type: ${rdev.major},${rdev.minor}`;
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  return [
    `  File: ${named(tool, path, stat.type)}`,
    `  Size: ${String(size).padEnd(10)}\tBlocks: ${String(blocks(stat)).padEnd(10)} IO Block: 4096   ${describe(stat)}`,
    `Device: ${tool.dialect === undefined ? `${dev >> 8},${dev & 0xff}` : `${dev.toString(16)}h/${dev}d`}\tInode: ${String(ino).padEnd(11)} Links: ${device === '' ? nlink : `${String(nlink).padEnd(5)}${device}`}`,
    `Access: (${octal}/${modeText(stat.type, mode)})  Uid: (${right(uid, 5)}/${right(names.user(uid), 8)})   Gid: (${right(gid, 5)}/${right(names.group(gid), 8)})`,
    `Access: ${time(stat.atime)}`,
    `Modify: ${time(stat.mtime)}`,
    `Change: ${time(stat.ctime)}`,
    ...(tool.dialect === undefined ? [` Birth: ${time(Math.min(stat.ctime, stat.mtime))}`] : []),
    '',
  ].join('\n');
}

const typeBits: Readonly<Record<Stat['type'], number>> = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  fifo: 0o010000,
  socket: 0o140000,
  char: 0o020000,
  block: 0o060000,
};

function expand(tool: Tool, format: string, path: string, stat: Stat): string {
  const names = new Names(tool.fs);
  return format.replace(/%([-0 +#']*\d*(?:\.\d+)?)(H?[a-zA-Z%]|L[dr])/g, (_, flags: string, letter: string) => {
    const values: Readonly<Record<string, () => string | number>> = {
      '%': () => '%',
      a: () => (stat.mode & 0o7777).toString(8),
      A: () => modeText(stat.type, stat.mode),
      b: () => blocks(stat),
      B: () => 512,
      d: () => stat.dev,
      D: () => hex(stat.dev),
      f: () => hex(stat.mode | typeBits[stat.type]),
      F: () => describe(stat),
      g: () => stat.gid,
      G: () => names.group(stat.gid),
      h: () => stat.nlink,
      i: () => stat.ino,
      m: () => {
        const found = tool.fs.statfs(path);
        return found.ok ? found.value.mountPoint : '?';
      },
      n: () => path,
      N: () => {
        const target = stat.type === 'symlink' ? tool.fs.readlink(path) : undefined;
        return target?.ok === true ? `${quoteaf(path)} -> ${quoteaf(target.value)}` : quoteaf(path);
      },
      o: () => 4096,
      s: () => stat.size,
      t: () => hex(stat.rdev?.major ?? 0),
      T: () => hex(stat.rdev?.minor ?? 0),
      u: () => stat.uid,
      U: () => names.user(stat.uid),
      w: () => time(Math.min(stat.ctime, stat.mtime)),
      W: () => Math.floor(Math.min(stat.ctime, stat.mtime) / 1000),
      x: () => time(stat.atime),
      X: () => Math.floor(stat.atime / 1000),
      y: () => time(stat.mtime),
      Y: () => Math.floor(stat.mtime / 1000),
      z: () => time(stat.ctime),
      Z: () => Math.floor(stat.ctime / 1000),
    };
    const value = values[letter]?.();
    if (value === undefined) return '?';
    const width = Number(/\d+/.exec(flags)?.[0] ?? 0);
    if (flags.includes('-')) return String(value).padEnd(width);
    return String(value).padStart(width, flags.startsWith('0') ? '0' : ' ');
  });
}

const magics: Readonly<Record<string, string>> = {
  ext4: 'ext2/ext3',
  overlay: 'overlayfs',
  cgroup2: 'cgroup2fs',
};

async function fileSystem(tool: Tool, path: string): Promise<void> {
  const found = tool.fs.statfs(path);
  if (!found.ok) return tool.error(`cannot read file system information for ${quoteaf(path)}: ${found.error.message}`);
  const { type, size, used, inodes, inodesUsed } = found.value;
  const count = (bytes: number) => Math.floor(bytes / 4096);
  const shown = magics[type] ?? type;
  const format = tool.options.value('c');
  if (format !== undefined) return tool.out.write(`${format.replaceAll('%T', shown).replaceAll('%n', path)}\n`);
  await tool.out.write(
    `  File: "${path}"\n    ID: ${hex(found.value.mountPoint.length).padStart(16, '0')} Namelen: 255     Type: ${shown}\n` +
      `Block size: 4096       Fundamental block size: 4096\n` +
      `Blocks: Total: ${String(count(size)).padEnd(10)} Free: ${String(count(size - used)).padEnd(10)} Available: ${count(size - used)}\n` +
      `Inodes: Total: ${String(inodes).padEnd(10)} Free: ${inodes - inodesUsed}\n`,
  );
}
