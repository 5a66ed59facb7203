import { modeText } from '../toolkit/format';
import { parseMode, type ModeChange } from '../toolkit/mode';
import { joinPath } from './copy';
import { quote, quoteaf } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';
import { Names, parseOwner } from '../toolkit/users';

/** chmod(1). `-x`, `-rw` and their like are modes, not options. */
export const chmod = tool(
  {
    name: 'chmod',
    usage: '[OPTION]... MODE[,MODE]... FILE...',
    about: 'Change the mode of each FILE to MODE.',
    short: 'cfRvrwxXstugoa,+=',
    long: {
      changes: 'c',
      'preserve-root': 'preserve-root',
      quiet: 'f',
      silent: 'f',
      recursive: 'R',
      verbose: 'v',
      'reference:': 'reference',
    },
  },
  async (tool) => {
    const { options, process, fs } = tool;
    const letters = options.given.map(({ name }) => name).filter((name) => /^[rwxXstugoa,+=]$/.test(name));
    const reference = options.value('reference');
    let files = tool.operands;
    let text: string;
    if (reference !== undefined) {
      const stat = fs.stat(reference);
      if (!stat.ok) return tool.fail(`failed to get attributes of ${quoteaf(reference)}: ${stat.error.message}`);
      text = stat.value.mode.toString(8);
    } else if (letters.length > 0) text = `-${letters.join('')}`;
    else {
      const [first, ...rest] = files;
      if (first === undefined) return tool.missingOperand();
      text = first;
      files = rest;
    }
    if (files.length === 0) return tool.usageError(`missing operand after ${quote(text)}`);
    const mode = parseMode(text, process.umask);
    if (mode === 'invalid') return tool.usageError(`invalid mode: ${quote(text)}`);
    for (const path of files) await change(tool, path, mode);
    return tool.status;
  },
);

async function change(tool: Tool, path: string, mode: ModeChange): Promise<void> {
  const { fs, options } = tool;
  const quiet = options.has('f');
  const stat = fs.stat(path);
  if (!stat.ok) {
    tool.status = 1;
    if (quiet) return;
    if (fs.lstat(path).ok) return tool.error(`cannot operate on dangling symlink ${quoteaf(path)}`);
    return tool.error(`cannot access ${quoteaf(path)}: ${stat.error.message}`);
  }
  const directory = stat.value.type === 'directory';
  const wanted = mode(stat.value.mode, directory);
  const changed = fs.chmod(path, wanted);
  if (!changed.ok) {
    tool.status = 1;
    if (!quiet) await tool.error(`changing permissions of ${quoteaf(path)}: ${changed.error.message}`);
  } else if (options.has('v') || (options.has('c') && wanted !== stat.value.mode)) {
    const shown = (bits: number) => `${bits.toString(8).padStart(4, '0')} (${modeText('file', bits).slice(1)})`;
    await tool.out.line(
      wanted === stat.value.mode
        ? `mode of ${quoteaf(path)} retained as ${shown(wanted)}`
        : `mode of ${quoteaf(path)} changed from ${shown(stat.value.mode)} to ${shown(wanted)}`,
    );
  }
  if (!options.has('R') || !directory || fs.readlink(path).ok) return;
  const list = fs.readdir(path);
  if (!list.ok) return tool.error(`cannot read directory ${quoteaf(path)}: ${list.error.message}`);
  for (const { name, type } of list.value) if (type !== 'symlink') await change(tool, joinPath(path, name), mode);
}

/** chown(1), and chgrp(1) as its little sister. */
const owner = (name: 'chown' | 'chgrp') =>
  tool(
    {
      name,
      usage: name === 'chown' ? '[OPTION]... [OWNER][:[GROUP]] FILE...' : '[OPTION]... GROUP FILE...',
      about:
        name === 'chown' ? 'Change the owner and/or group of each FILE.' : 'Change the group of each FILE to GROUP.',
      short: 'cfhHLPRv',
      long: {
        changes: 'c',
        quiet: 'f',
        silent: 'f',
        'no-dereference': 'h',
        dereference: 'dereference',
        recursive: 'R',
        verbose: 'v',
        'reference:': 'reference',
        'from:': 'from',
      },
    },
    async (tool) => {
      const { options, fs } = tool;
      let files = tool.operands;
      const reference = options.value('reference');
      let wanted: { uid: number; gid: number };
      if (reference !== undefined) {
        const stat = fs.stat(reference);
        if (!stat.ok) return tool.fail(`failed to get attributes of ${quoteaf(reference)}: ${stat.error.message}`);
        wanted = name === 'chown' ? stat.value : { uid: -1, gid: stat.value.gid };
      } else {
        const [first, ...rest] = files;
        if (first === undefined) return tool.missingOperand();
        if (rest.length === 0) return tool.usageError(`missing operand after ${quote(first)}`);
        const parsed = parseOwner(fs, name === 'chown' ? first : `:${first}`);
        if (typeof parsed === 'string') return tool.fail(parsed.replace('‘:', '‘'));
        wanted = parsed;
        files = rest;
      }
      const names = new Names(fs);
      const apply = async (path: string): Promise<void> => {
        const stat = options.has('h') ? fs.lstat(path) : fs.stat(path);
        if (!stat.ok) {
          tool.status = 1;
          if (options.has('f')) return;
          const verb = options.has('h') || !fs.lstat(path).ok ? 'access' : 'dereference';
          return tool.error(`cannot ${verb} ${quoteaf(path)}: ${stat.error.message}`);
        }
        if (options.has('R') && stat.value.type === 'directory' && !fs.readlink(path).ok) {
          const list = fs.readdir(path);
          if (list.ok) for (const entry of list.value) await apply(joinPath(path, entry.name));
        }
        const noFollow = options.has('h') || (options.has('R') && fs.readlink(path).ok);
        const done = fs.chown(path, wanted.uid, wanted.gid, { noFollow });
        if (!done.ok) {
          tool.status = 1;
          const what = name === 'chown' && wanted.uid >= 0 ? 'ownership' : 'group';
          if (!options.has('f')) await tool.error(`changing ${what} of ${quoteaf(path)}: ${done.error.message}`);
        } else if (options.has('v', 'c')) {
          const shown = (uid: number, gid: number) =>
            wanted.uid < 0
              ? names.group(gid)
              : wanted.gid < 0
                ? names.user(uid)
                : `${names.user(uid)}:${names.group(gid)}`;
          const { uid, gid } = stat.value;
          const after = shown(wanted.uid < 0 ? uid : wanted.uid, wanted.gid < 0 ? gid : wanted.gid);
          const what = name === 'chown' ? 'ownership' : 'group';
          if (after !== shown(uid, gid)) {
            await tool.out.line(`changed ${what} of ${quoteaf(path)} from ${shown(uid, gid)} to ${after}`);
          } else if (options.has('v')) await tool.out.line(`${what} of ${quoteaf(path)} retained as ${after}`);
        }
      };
      for (const path of files) await apply(path);
      return tool.status;
    },
  );

export const chown = owner('chown');
export const chgrp = owner('chgrp');
