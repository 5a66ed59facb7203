import type { Stat } from '../../linux/fs/types';
import { backupName } from './backup';
import { quoteaf } from '../toolkit/quote';
import { ask } from './rm';
import { baseName, dirName } from './simple';
import type { Tool } from '../toolkit/tool';

export interface CopyOptions {
  readonly recursive: boolean;
  /** Symbolic links are copied as such: always (-P, -d), only below operands (-r), or never (-L). */
  readonly links: 'keep' | 'keep-below' | 'follow';
  readonly preserve: {
    readonly mode: boolean;
    readonly owner: boolean;
    readonly times: boolean;
    readonly links: boolean;
  };
  readonly force: boolean;
  readonly interactive: boolean;
  readonly noClobber: boolean;
  readonly update: boolean;
  readonly verbose: boolean;
  readonly hardLink: boolean;
  readonly symbolic: boolean;
  readonly backup: boolean;
  /** Makes the file, but copies nothing of what it holds. */
  readonly attributesOnly: boolean;
  readonly removeDestination: boolean;
}

export const joinPath = (directory: string, name: string): string =>
  directory.endsWith('/') ? directory + name : `${directory}/${name}`;

/** Where sources go: `-t`, the last operand if it is a directory, or that very name. */
export async function targets(
  tool: Tool,
  operands: readonly string[],
  intoDirectory: string | undefined,
  never: boolean,
): Promise<readonly (readonly [string, string])[] | undefined> {
  const wrong = async (message: string): Promise<undefined> => {
    await tool.usageError(message);
    return undefined;
  };
  const [first] = operands;
  if (first === undefined) return wrong('missing file operand');
  if (intoDirectory !== undefined) {
    const stat = tool.fs.stat(intoDirectory);
    if (!stat.ok || stat.value.type !== 'directory') {
      const why = stat.ok ? 'Not a directory' : stat.error.message;
      await tool.error(`target directory ${quoteaf(intoDirectory)}: ${why}`);
      return undefined;
    }
    return operands.map((path) => [path, joinPath(intoDirectory, baseName(path))]);
  }
  const last = operands.at(-1) ?? '';
  const sources = operands.slice(0, -1);
  if (sources.length === 0) return wrong(`missing destination file operand after ${quoteaf(first)}`);
  const stat = tool.fs.stat(last);
  const directory = stat.ok && stat.value.type === 'directory' && !never;
  if (never && sources.length > 1) return wrong(`extra operand ${quoteaf(operands[2] ?? '')}`);
  if (directory) return sources.map((path) => [path, joinPath(last, baseName(path))]);
  if (sources.length > 1) {
    await tool.error(`target ${quoteaf(last)}: ${stat.ok ? 'Not a directory' : stat.error.message}`);
    return undefined;
  }
  return [[first, last]];
}

/** What was copied already, by device and inode: hard links stay links, and nothing is copied into itself. */
export type Copied = Map<string, string>;

/** Copies one file or tree; true if all of it was. */
export async function copy(
  tool: Tool,
  from: string,
  to: string,
  how: CopyOptions,
  copied: Copied,
  top = true,
): Promise<boolean> {
  const { fs } = tool;
  const keepLink = how.links === 'keep' || (how.links === 'keep-below' && !top);
  const source = keepLink ? fs.lstat(from) : fs.stat(from);
  const complain = async (message: string): Promise<false> => {
    await tool.error(message);
    return false;
  };
  if (!source.ok) return complain(`cannot stat ${quoteaf(from)}: ${source.error.message}`);
  const stat = source.value;
  if (stat.type === 'directory' && !how.recursive) {
    return complain(`-r not specified; omitting directory ${quoteaf(from)}`);
  }
  const there = stat.type === 'directory' || !keepLink ? fs.stat(to) : fs.lstat(to);
  let backup = '';
  if (there.ok) {
    const target = there.value;
    if (target.dev === stat.dev && target.ino === stat.ino && !how.hardLink) {
      return complain(`${quoteaf(from)} and ${quoteaf(to)} are the same file`);
    }
    if (stat.type === 'directory' && target.type !== 'directory') {
      return complain(`cannot overwrite non-directory ${quoteaf(to)} with directory ${quoteaf(from)}`);
    }
    if (stat.type !== 'directory' && target.type === 'directory') {
      return complain(`cannot overwrite directory ${quoteaf(to)} with non-directory`);
    }
    if (stat.type !== 'directory') {
      if (how.noClobber || (how.update && target.mtime >= stat.mtime)) return true;
      if (how.interactive && !(await ask(tool, `overwrite ${quoteaf(to)}? `))) return false;
      if (how.backup) {
        backup = backupName(tool, to);
        fs.rename(to, backup);
      } else if (how.removeDestination) {
        fs.unlink(to);
        if (how.verbose) await tool.out.line(`removed ${quoteaf(to)}`);
      }
    }
  }
  const known = copied.get(`${stat.dev}:${stat.ino}`);
  if (how.hardLink && stat.type !== 'directory') {
    if (there.ok && how.force) fs.unlink(to);
    const linked = fs.link(from, to);
    if (!linked.ok)
      return complain(`cannot create hard link ${quoteaf(to)} to ${quoteaf(from)}: ${linked.error.message}`);
  } else if (how.symbolic && stat.type !== 'directory') {
    if (there.ok && how.force) fs.unlink(to);
    const linked = fs.symlink(from, to);
    if (!linked.ok) {
      return complain(`cannot create symbolic link ${quoteaf(to)} to ${quoteaf(from)}: ${linked.error.message}`);
    }
  } else if (known !== undefined && how.preserve.links && stat.type !== 'directory') {
    if (there.ok) fs.unlink(to);
    fs.link(known, to);
  } else if (stat.type === 'directory') {
    return copyDirectory(tool, from, to, stat, !there.ok, how, copied);
  } else if (!(await copyFile(tool, from, to, stat, there.ok, how))) return false;
  if (stat.nlink > 1) copied.set(`${stat.dev}:${stat.ino}`, to);
  if (how.verbose) {
    const kept = backup === '' ? '' : ` (backup: ${quoteaf(backup)})`;
    await tool.out.line(`${quoteaf(from)} -> ${quoteaf(to)}${kept}`);
  }
  return true;
}

async function copyDirectory(
  tool: Tool,
  from: string,
  to: string,
  stat: Stat,
  create: boolean,
  how: CopyOptions,
  copied: Copied,
): Promise<boolean> {
  const { fs, process } = tool;
  const real = fs.realpath(from);
  const parent = fs.realpath(dirName(to));
  if (real.ok && parent.ok && `${parent.value}/`.startsWith(`${real.value}/`.replace('//', '/'))) {
    await tool.error(`cannot copy a directory, ${quoteaf(from)}, into itself, ${quoteaf(to)}`);
    return false;
  }
  const list = fs.readdir(from);
  if (!list.ok) {
    await tool.error(`cannot access ${quoteaf(from)}: ${list.error.message}`);
    return false;
  }
  if (create) {
    const made = fs.mkdir(to, 0o700);
    if (!made.ok) {
      await tool.error(`cannot create directory ${quoteaf(to)}: ${made.error.message}`);
      return false;
    }
    if (how.verbose) await tool.out.line(`${quoteaf(from)} -> ${quoteaf(to)}`);
  }
  let whole = true;
  for (const { name } of list.value) {
    whole = (await copy(tool, joinPath(from, name), joinPath(to, name), how, copied, false)) && whole;
  }
  if (create && !how.preserve.mode) fs.chmod(to, stat.mode & 0o777 & ~process.umask);
  preserve(tool, to, stat, how);
  return whole;
}

async function copyFile(
  tool: Tool,
  from: string,
  to: string,
  stat: Stat,
  exists: boolean,
  how: CopyOptions,
): Promise<boolean> {
  const { fs, process } = tool;
  const cannot = async (message: string): Promise<false> => {
    await tool.error(message);
    return false;
  };
  if (stat.type === 'symlink') {
    const target = fs.readlink(from);
    if (exists) fs.unlink(to);
    const made = target.ok ? fs.symlink(target.value, to) : target;
    if (!made.ok) return cannot(`cannot create symbolic link ${quoteaf(to)}: ${made.error.message}`);
  } else if (stat.type === 'file' || !how.recursive) {
    const opened = fs.open(from, { read: true });
    if (!opened.ok) return cannot(`cannot open ${quoteaf(from)} for reading: ${opened.error.message}`);
    // A regular file is taken whole, and its bytes stay shared until either changes.
    const data = stat.type === 'file' && !how.attributesOnly ? fs.readFile(from) : undefined;
    const bytes = data?.ok === true ? data.value : new Uint8Array(0);
    if (data === undefined && !how.attributesOnly) opened.value.retain();
    let written = fs.writeFile(to, bytes, stat.mode & 0o777);
    if (!written.ok && exists && how.force) {
      fs.unlink(to);
      written = fs.writeFile(to, bytes, stat.mode & 0o777);
    }
    if (!written.ok) {
      const missing = to.endsWith('/') ? 'Not a directory' : written.error.message;
      return cannot(`cannot create regular file ${quoteaf(to)}: ${missing}`);
    }
    if (data === undefined && !how.attributesOnly) {
      const { fds } = process;
      const fd = fds.install(opened.value, 3);
      for await (const chunk of fds.reader(fd)) fs.appendFile(to, chunk);
      fds.close(fd);
    }
  } else if (stat.type !== 'directory') {
    const made = fs.mknod(to, stat.type, stat.mode, stat.rdev);
    if (!made.ok) return cannot(`cannot create special file ${quoteaf(to)}: ${made.error.message}`);
  }
  preserve(tool, to, stat, how);
  return true;
}

function preserve({ fs }: Tool, path: string, stat: Stat, { preserve: kept }: CopyOptions): void {
  if (kept.owner) fs.chown(path, stat.uid, stat.gid, { noFollow: true });
  if (stat.type === 'symlink') return;
  if (kept.mode) fs.chmod(path, stat.mode);
  if (kept.times) fs.utimes(path, stat.atime, stat.mtime);
}
