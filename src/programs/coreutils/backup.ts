import type { Tool } from '../toolkit/tool';
import { baseName, dirName } from './simple';

/** What a file is called when another takes its place: `x~`, or `x.~3~` (--backup, -S, VERSION_CONTROL). */
export function backupName(tool: Tool, path: string): string {
  const { options, fs, process } = tool;
  const suffix = options.value('S') ?? process.env.get('SIMPLE_BACKUP_SUFFIX') ?? '~';
  const control = options.value('b') ?? process.env.get('VERSION_CONTROL') ?? 'existing';
  const list = fs.readdir(dirName(path));
  const prefix = `${baseName(path)}.~`;
  const numbers = (list.ok ? list.value : []).flatMap(({ name }) => {
    const number = name.startsWith(prefix) ? /^(\d+)~$/.exec(name.slice(prefix.length))?.[1] : undefined;
    return number === undefined ? [] : [Number(number)];
  });
  const numbered = /^(numbered|t)$/.test(control) || (/^(existing|nil)$/.test(control) && numbers.length > 0);
  return numbered ? `${path}.~${Math.max(0, ...numbers) + 1}~` : path + suffix;
}
