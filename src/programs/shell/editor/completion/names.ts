import { builtins } from '../../builtins';
import { accounts } from '../../expand/tilde';
import type { Shell } from '../../shell';
import { signalNames } from '../../jobs/signals';
import { setOptions } from '../../state/options';
import { Flag } from '../../state/variables';
import { functionNames } from '../keymap/function-names';
import { paths } from './paths';

/** Actions that `complete -A` knows. */
export const actions = {
  alias: (shell) => shell.aliases.keys(),
  arrayvar: (shell) => shell.variables.names().filter((name) => typeof shell.variables.raw(name)?.value === 'object'),
  binding: () => functionNames,
  builtin: (shell) => Object.keys(builtins(shell)).sort(),
  command: (shell, word) => commandNames(shell, word),
  directory: (shell, word) => paths(shell, word, { directories: true }),
  disabled: (shell) => shell.disabled.keys(),
  enabled: (shell) => Object.keys(builtins(shell)).filter((name) => !shell.disabled.has(name)),
  export: (shell) =>
    shell.variables.names().filter((name) => ((shell.variables.raw(name)?.flags ?? 0) & Flag.exported) !== 0),
  file: (shell, word) => paths(shell, word),
  function: (shell) => [...shell.functions.keys()].sort(),
  group: (shell) => firstFields(shell, '/etc/group', ':'),
  helptopic: (shell) => Object.keys(builtins(shell)).sort(),
  hostname: (shell) => hostNames(shell),
  job: (shell) => jobNames(shell, () => true),
  keyword: () => keywords,
  running: (shell) => jobNames(shell, (state) => state === 'running'),
  service: (shell) => firstFields(shell, '/etc/services', /\s/),
  setopt: () => Object.keys(setOptions),
  shopt: (shell) => shell.options.shopts().map(([name]) => name),
  signal: () => ['EXIT', ...signalNames, 'DEBUG', 'ERR', 'RETURN'],
  stopped: (shell) => jobNames(shell, (state) => state === 'stopped'),
  user: (shell) => accounts(shell).map(({ name }) => name),
  variable: (shell) => shell.variables.names(),
} satisfies Readonly<Record<string, (shell: Shell, word: string) => Iterable<string>>>;

export type Action = keyof typeof actions;
export const isAction = (name: string): name is Action => Object.hasOwn(actions, name);

const keywords =
  'if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc'.split(' ');

/** Names of a kind that begin with a word. */
export function namesOf(shell: Shell, action: string, word: string): string[] {
  if (!isAction(action)) return [];
  const found = actions[action](shell, word);
  // Paths are looked up by the word itself.
  if (action === 'file' || action === 'directory') return [...found];
  return [...new Set(found)].filter((name) => name.startsWith(word));
}

/** Everything that can stand first in a command. */
function commandNames(shell: Shell, word: string): string[] {
  if (word.includes('/')) return paths(shell, word);
  const { fs } = shell.process;
  const found = [
    ...keywords,
    ...shell.aliases.keys(),
    ...shell.functions.keys(),
    ...Object.keys(builtins(shell)).filter((name) => !shell.disabled.has(name)),
  ];
  for (const folder of (shell.get('PATH') ?? '').split(':')) {
    const entries = fs.readdir(folder === '' ? '.' : folder);
    if (!entries.ok) continue;
    for (const { name, type } of entries.value)
      if (name.startsWith(word) && type !== 'directory' && fs.access(`${folder}/${name}`, { execute: true }).ok)
        found.push(name);
  }
  return found;
}

function jobNames(shell: Shell, wanted: (state: string) => boolean): string[] {
  return shell.jobs
    .list()
    .filter(({ state }) => wanted(state))
    .map(({ text }) => text.split(' ')[0] ?? '');
}

function firstFields(shell: Shell, path: string, separator: string | RegExp): string[] {
  const text = shell.process.fs.readText(path);
  if (!text.ok) return [];
  return text.value.split('\n').flatMap((line) => {
    const name = line.replace(/#.*/, '').split(separator)[0] ?? '';
    return name === '' ? [] : [name];
  });
}

/** Host names of /etc/hosts ($HOSTFILE), without addresses. */
export function hostNames(shell: Shell): string[] {
  const text = shell.process.fs.readText(shell.get('HOSTFILE') ?? '/etc/hosts');
  if (!text.ok) return [];
  return text.value.split('\n').flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
}
