import { parseMode } from '../toolkit/mode';
import { quoteaf, quote } from '../toolkit/quote';
import { dirName } from './simple';
import { tool } from '../toolkit/tool';

/** mkdir(1). */
export const mkdir = tool(
  {
    name: 'mkdir',
    usage: '[OPTION]... DIRECTORY...',
    about: 'Create the DIRECTORY(ies), if they do not already exist.',
    short: 'm:pvZ',
    long: { 'mode:': 'm', parents: 'p', verbose: 'v' },
  },
  async (tool) => {
    const { options, fs, process } = tool;
    if (tool.operands.length === 0) return tool.missingOperand();
    const given = options.value('m');
    const mode = given === undefined ? undefined : parseMode(given, process.umask);
    if (mode === 'invalid') return tool.fail(`invalid mode ${quote(given ?? '')}`);
    const report = (path: string) =>
      options.has('v') ? tool.out.line(`${tool.name}: created directory ${quoteaf(path)}`) : undefined;
    for (const path of tool.operands) {
      let blocked = '';
      if (options.has('p')) {
        for (const parent of ancestors(path)) {
          const made = fs.mkdir(parent);
          if (made.ok) await report(parent);
          else if (made.error.code === 'EEXIST' && fs.readdir(parent).ok === false) {
            const stat = fs.stat(parent);
            if (stat.ok && stat.value.type === 'directory') continue;
            blocked = parent;
            break;
          }
        }
      }
      if (blocked !== '') {
        await tool.error(`cannot create directory ${quote(blocked)}: Not a directory`);
        continue;
      }
      const made = fs.mkdir(path);
      if (!made.ok) {
        const stat = fs.stat(path);
        if (options.has('p') && made.error.code === 'EEXIST' && stat.ok && stat.value.type === 'directory') continue;
        await tool.error(`cannot create directory ${quote(path)}: ${made.error.message}`);
        continue;
      }
      if (mode !== undefined) fs.chmod(path, mode(0o777, true));
      await report(path);
    }
    return tool.status;
  },
);

/** All that is above a path, topmost first. */
function ancestors(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = dirName(path); at !== '.' && at !== '/'; at = dirName(at)) found.unshift(at);
  return found;
}

/** rmdir(1). */
export const rmdir = tool(
  {
    name: 'rmdir',
    usage: '[OPTION]... DIRECTORY...',
    about: 'Remove the DIRECTORY(ies), if they are empty.',
    short: 'pv',
    long: { 'ignore-fail-on-non-empty': 'ignore', parents: 'p', verbose: 'v' },
  },
  async (tool) => {
    const { options, fs } = tool;
    if (tool.operands.length === 0) return tool.missingOperand();
    for (const path of tool.operands) {
      const chain = options.has('p') ? [path, ...ancestors(path).toReversed()] : [path];
      for (const directory of chain) {
        if (options.has('v')) await tool.out.line(`${tool.name}: removing directory, ${quoteaf(directory)}`);
        const removed = fs.rmdir(directory);
        if (removed.ok) continue;
        if (options.has('ignore') && removed.error.code === 'ENOTEMPTY') break;
        const what = directory === path ? 'failed to remove' : 'failed to remove directory';
        await tool.error(`${what} ${quoteaf(directory)}: ${removed.error.message}`);
        break;
      }
    }
    return tool.status;
  },
);
