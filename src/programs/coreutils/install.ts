import { dirName } from './simple';
import { joinPath, targets } from './copy';
import { backupName } from './backup';
import { parseMode } from '../toolkit/mode';
import { quote, quoteaf } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';
import { parseOwner } from '../toolkit/users';

interface How {
  readonly mode: number;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** install(1). */
export const install = tool(
  {
    name: 'install',
    usage:
      '[OPTION]... [-T] SOURCE DEST\n  or:  install [OPTION]... SOURCE... DIRECTORY\n  or:  install [OPTION]... -t DIRECTORY SOURCE...\n  or:  install [OPTION]... -d DIRECTORY...',
    about: '\nThis install program copies files (often just compiled) into destination\nlocations you choose.',
    short: 'bcCdDg:m:o:psS:t:TvZ',
    long: {
      'backup::': 'b',
      compare: 'C',
      directory: 'd',
      'group:': 'g',
      'mode:': 'm',
      'owner:': 'o',
      'preserve-timestamps': 'p',
      strip: 's',
      'suffix:': 'S',
      'target-directory:': 't',
      'no-target-directory': 'T',
      verbose: 'v',
    },
  },
  async (tool) => {
    const { options, fs } = tool;
    const text = options.value('m') ?? '755';
    const change = parseMode(text, 0);
    if (change === 'invalid') return tool.fail(`invalid mode ${quote(text)}`);
    const owner = options.value('o');
    const group = options.value('g');
    const named = parseOwner(fs, `${owner ?? ''}${group === undefined ? '' : `:${group}`}`);
    if (typeof named === 'string') return tool.fail(named);
    const how: How = {
      mode: change(0, options.has('d')),
      uid: owner === undefined ? undefined : named.uid,
      gid: group === undefined ? undefined : named.gid,
    };
    if (options.has('d')) {
      if (tool.operands.length === 0) return tool.usageError('missing file operand');
      for (const path of tool.operands) await directories(tool, path, how);
      return tool.status;
    }
    const into = options.value('t');
    if (options.has('D')) {
      const parent = into ?? dirName(tool.operands.at(-1) ?? '');
      if (tool.operands.length > (into === undefined ? 1 : 0)) {
        if (!(await directories(tool, parent, { mode: 0o755, uid: undefined, gid: undefined }))) return tool.status;
      }
    }
    const pairs = await targets(tool, tool.operands, into, options.has('T'));
    if (pairs === undefined) return 1;
    for (const [from, to] of pairs) await put(tool, from, to, how);
    return tool.status;
  },
);

async function directories(tool: Tool, path: string, how: How): Promise<boolean> {
  let at = path.startsWith('/') ? '/' : '';
  const parts = path.split('/').filter(Boolean);
  for (const [index, part] of parts.entries()) {
    at = at === '' || at === '/' ? at + part : joinPath(at, part);
    const made = tool.fs.mkdir(at, 0o755);
    const last = index === parts.length - 1;
    if (!made.ok && (made.error.code !== 'EEXIST' || tool.fs.readdir(at).ok === false)) {
      const why = made.error.code === 'EEXIST' && !last ? 'Not a directory' : made.error.message;
      await tool.error(`cannot create directory ${quoteaf(at)}: ${why}`);
      return false;
    }
    if (made.ok && tool.options.has('v')) await tool.out.line(`${tool.name}: creating directory ${quoteaf(at)}`);
    if (last) own(tool, at, how);
  }
  return true;
}

function own(tool: Tool, path: string, { mode, uid, gid }: How): void {
  const stat = tool.fs.stat(path);
  if ((uid !== undefined || gid !== undefined) && stat.ok) {
    tool.fs.chown(path, uid ?? stat.value.uid, gid ?? stat.value.gid);
  }
  tool.fs.chmod(path, mode);
}

async function put(tool: Tool, from: string, to: string, how: How): Promise<void> {
  const { fs, options } = tool;
  const stat = fs.stat(from);
  if (!stat.ok) return tool.error(`cannot stat ${quoteaf(from)}: ${stat.error.message}`);
  if (stat.value.type === 'directory') return tool.error(`omitting directory ${quoteaf(from)}`);
  const there = fs.stat(to);
  if (there.ok && there.value.type === 'directory') {
    return tool.error(`cannot overwrite directory ${quoteaf(to)} with non-directory`);
  }
  if (there.ok && there.value.ino === stat.value.ino && there.value.dev === stat.value.dev) {
    return tool.error(`${quoteaf(from)} and ${quoteaf(to)} are the same file`);
  }
  const content = fs.readFile(from);
  if (!content.ok) return tool.error(`cannot open ${quoteaf(from)} for reading: ${content.error.message}`);
  if (options.has('C') && there.ok && there.value.mode === how.mode) {
    const old = fs.readFile(to);
    if (
      old.ok &&
      old.value.length === content.value.length &&
      old.value.every((byte, at) => byte === content.value[at])
    )
      return;
  }
  let backup = '';
  if (there.ok) {
    if (options.has('b', 'S')) {
      backup = backupName(tool, to);
      fs.rename(to, backup);
    } else {
      fs.unlink(to);
      if (options.has('v')) await tool.out.line(`removed ${quoteaf(to)}`);
    }
  }
  const written = fs.writeFile(to, content.value, 0o600);
  if (!written.ok) return tool.error(`cannot create regular file ${quoteaf(to)}: ${written.error.message}`);
  own(tool, to, how);
  if (options.has('p')) fs.utimes(to, stat.value.atime, stat.value.mtime);
  if (options.has('v')) {
    await tool.out.line(`${quoteaf(from)} -> ${quoteaf(to)}${backup === '' ? '' : ` (backup: ${quoteaf(backup)})`}`);
  }
}
