import { functionsText, macrosText, shellBindingsText, variablesText } from '../editor/commands/listing';
import { applyLine, shellBinding } from '../editor/inputrc';
import { functionNames } from '../editor/keymap/function-names';
import { typedKeys, writtenKeys } from '../editor/keymap/notation';
import { readlineOf, type Readline } from '../editor/readline';
import { errorText, out, warn } from '../run/io';
import type { Shell } from '../shell';
import { readOptions } from './options';
import type { Builtin } from './types';

const SYNOPSIS =
  'bind [-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq] [-x keyseq:shell-command] [keyseq:readline-function or readline-command]';

/** Keys of the line editor (bind of bash). */
export const bind: Builtin = async (shell, args) => {
  const readline = readlineOf(shell);
  if (!shell.interactive) await warn(shell, 'warning: line editing not enabled');
  readline.initialize();
  const options = await readOptions(shell, args, 'lpsvPSVXm:f:q:u:r:x:', SYNOPSIS);
  if (options === undefined) return 2;
  const { flags, rest } = options;
  const named = flags.get('m');
  if (named !== undefined && readline.find(named) === undefined) {
    await warn(shell, `\`${named}': invalid keymap name`);
    return 1;
  }
  const before = readline.variables.text('keymap');
  if (named !== undefined) readline.variables.set('keymap', named);
  try {
    return await bindIn(shell, readline, flags, rest);
  } finally {
    // Only `set keymap` itself changes it for good.
    if (named !== undefined) readline.variables.set('keymap', before);
  }
};

async function bindIn(
  shell: Shell,
  readline: Readline,
  flags: ReadonlyMap<string, string>,
  rest: readonly string[],
): Promise<number> {
  if (flags.has('l')) await out(shell, functionNames.map((name) => `${name}\n`).join(''));
  for (const [letter, text] of lists) if (flags.has(letter)) await out(shell, text(readline));
  const file = flags.get('f');
  if (file !== undefined && !(await readInit(shell, readline, file))) return 1;
  const query = flags.get('q');
  if (query !== undefined && !(await tell(shell, readline, query))) return 1;
  const unbound = flags.get('u');
  if (unbound !== undefined) {
    if (!(await knownFunction(shell, unbound))) return 1;
    const { map } = readline.chosen;
    for (const keys of map.keysOf(unbound)) map.delete(keys);
  }
  const removed = flags.get('r');
  if (removed !== undefined) readline.unbind(typedKeys(removed));
  const command = flags.get('x');
  if (command !== undefined) {
    const bound = shellBinding(command);
    if (bound === undefined) {
      await warn(shell, `${command}: first non-whitespace character is not \`"'`);
      return 1;
    }
    readline.bind(bound.keys, { kind: 'shell', command: bound.command });
  }
  for (const line of rest) {
    const fault = applyLine(readline, line);
    if (fault !== undefined) await errorText(shell, `readline: ${fault}\n`);
  }
  return 0;
}

const lists: readonly (readonly [string, (readline: Readline) => string])[] = [
  ['p', (readline) => functionsText(readline, true)],
  ['P', (readline) => functionsText(readline, false)],
  ['s', (readline) => macrosText(readline, true)],
  ['S', (readline) => macrosText(readline, false)],
  ['v', (readline) => variablesText(readline, true)],
  ['V', (readline) => variablesText(readline, false)],
  ['X', shellBindingsText],
];

async function readInit(shell: Shell, readline: Readline, path: string): Promise<boolean> {
  const faults = readline.readFile(path);
  if (faults === undefined) {
    await warn(shell, `${path}: cannot read: No such file or directory`);
    return false;
  }
  for (const fault of faults) await errorText(shell, `${fault}\n`);
  return true;
}

async function knownFunction(shell: Shell, name: string): Promise<boolean> {
  if (functionNames.includes(name)) return true;
  await warn(shell, `\`${name}': unknown function name`);
  return false;
}

/** -q: which keys call a function. */
async function tell(shell: Shell, readline: Readline, name: string): Promise<boolean> {
  if (!(await knownFunction(shell, name))) return false;
  const { map, prefix } = readline.chosen;
  const keys = map.keysOf(name).filter((each) => each.startsWith(prefix));
  if (keys.length === 0) {
    await out(shell, `${name} is not bound to any keys.\n`);
    return false;
  }
  const shown = keys.slice(0, 5).map((each) => `"${writtenKeys(each.slice(prefix.length))}"`);
  await out(shell, `${name} can be invoked via ${shown.join(', ')}${keys.length > 5 ? ', ...' : '.'}\n`);
  return true;
}
