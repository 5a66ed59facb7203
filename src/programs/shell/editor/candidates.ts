import { builtins } from '../builtins';
import { accounts } from '../expand/tilde';
import type { Shell } from '../shell';
import { Flag } from '../state/variables';

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const unique = (names: Iterable<string>): string[] => [...new Set(names)].sort(byCodePoint);

/** Names of a kind (`complete -A`) that begin with a word. */
export function candidates(shell: Shell, kind: string, word: string): string[] {
  return unique(namesOf(shell, kind, word)).filter((name) => name.startsWith(word));
}

function namesOf(shell: Shell, kind: string, word: string): Iterable<string> {
  switch (kind) {
    case 'alias':
      return shell.aliases.keys();
    case 'builtin':
      return Object.keys(builtins(shell));
    case 'function':
      return shell.functions.keys();
    case 'command':
      return commandNames(shell, word);
    case 'directory':
      return paths(shell, word, true);
    case 'file':
      return paths(shell, word, false);
    case 'variable':
      return shell.variables.names();
    case 'arrayvar':
      return shell.variables.names().filter((name) => typeof shell.variables.raw(name)?.value === 'object');
    case 'export':
      return shell.variables.names().filter((name) => ((shell.variables.raw(name)?.flags ?? 0) & Flag.exported) !== 0);
    case 'job':
      return shell.jobs.list().map(({ text }) => text.split(' ')[0] ?? '');
    case 'user':
      return accounts(shell).map(({ name }) => name);
    case 'shopt':
      return shell.options.shopts().map(([name]) => name);
    case 'keyword':
      return ['if', 'then', 'else', 'elif', 'fi', 'case', 'esac', 'for', 'while', 'until', 'do', 'done', 'in', 'time'];
    case 'hostname':
      return [shell.process.namespaces.uts.hostname];
    default:
      return [];
  }
}

/** Everything that can stand first in a command. */
function commandNames(shell: Shell, word: string): string[] {
  if (word.includes('/')) return paths(shell, word, false);
  const { fs } = shell.process;
  const found = [...shell.aliases.keys(), ...shell.functions.keys(), ...Object.keys(builtins(shell))];
  for (const folder of (shell.get('PATH') ?? '').split(':')) {
    const entries = fs.readdir(folder === '' ? '.' : folder);
    if (!entries.ok) continue;
    for (const { name, type } of entries.value) {
      if (name.startsWith(word) && type !== 'directory' && fs.access(`${folder}/${name}`, { execute: true }).ok)
        found.push(name);
    }
  }
  return found;
}

/** Paths that begin with a word, as they are (without a slash after directories). */
export function paths(shell: Shell, word: string, directories: boolean): string[] {
  const slash = word.lastIndexOf('/');
  const folder = word.slice(0, slash + 1);
  const start = word.slice(slash + 1);
  const entries = shell.process.fs.readdir(folder === '' ? '.' : folder);
  if (!entries.ok) return [];
  return entries.value.flatMap(({ name }) => {
    if (!name.startsWith(start) || (name.startsWith('.') && !start.startsWith('.'))) return [];
    return directories && !isDirectory(shell, folder + name) ? [] : [folder + name];
  });
}

export function isDirectory(shell: Shell, path: string): boolean {
  const stat = shell.process.fs.stat(path);
  return stat.ok && stat.value.type === 'directory';
}
