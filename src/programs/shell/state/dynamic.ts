import type { CommandNode } from 'unbash';
import type { Shell } from '../shell';
import { Flag } from './variables';
import { IndexedArray, newOwner, type Value } from './values';

type Maker = (shell: Shell) => string | readonly string[];

const seconds = (shell: Shell): number => shell.process.clock.now / 1000;

/** The script itself, below all calls. */
const main = ({ runsScript }: Shell, text: string): readonly string[] => (runsScript ? [text] : []);

/** brand() of bash's random.c, Park and Miller's generator: the same numbers after the same `RANDOM=seed`. */
function nextRandom(shell: Shell): number {
  const last = shell.randomLast;
  do {
    const seed = shell.randomSeed ?? shell.process.random.uint32() & 0x7fffffff;
    const from = seed === 0 ? 123_459_876 : seed;
    const next = 16_807 * (from % 127_773) - 2_836 * Math.trunc(from / 127_773);
    const positive = next < 0 ? next + 0x7fffffff : next;
    shell.randomSeed = positive;
    shell.randomLast = ((positive >>> 16) ^ (positive & 0xffff)) & 0x7fff;
  } while (shell.randomLast === last);
  return shell.randomLast;
}

/** Of a loop only its head is the command. */
function headEnd(command: CommandNode): number {
  if (command.type !== 'For' && command.type !== 'Select') return command.end;
  return command.wordlist?.at(-1)?.end ?? command.name.end;
}

/** Variables whose value is made when somebody looks. */
const makers: Readonly<Record<string, Maker>> = {
  RANDOM: (shell) => String(nextRandom(shell)),
  SRANDOM: ({ process }) => String(process.random.uint32()),
  SECONDS: (shell) => String(Math.floor((shell.process.clock.now - shell.startedAt) / 1000)),
  EPOCHSECONDS: (shell) => String(Math.floor(seconds(shell))),
  EPOCHREALTIME: (shell) => seconds(shell).toFixed(6),
  LINENO: ({ line }) => String(line),
  BASHPID: ({ process }) => String(process.pid),
  BASH_SUBSHELL: ({ subshellDepth }) => String(subshellDepth),
  BASH_COMMAND: ({ command, commandSource }) =>
    command === undefined ? '' : (commandSource?.text.slice(command.pos, headEnd(command)) ?? ''),
  FUNCNAME: (shell) =>
    shell.calls.some(({ name }) => name !== 'source')
      ? [...shell.calls.map(({ name }) => name), ...main(shell, 'main')]
      : [],
  BASH_SOURCE: (shell) => [...shell.calls.map(({ source }) => source), ...main(shell, shell.name)],
  BASH_LINENO: (shell) => [...shell.calls.map(({ calledAt }) => String(calledAt)), ...main(shell, '0')],
  GROUPS: ({ process }) => [process.credentials.gid, ...process.credentials.groups].map(String),
  DIRSTACK: ({ process, directoryStack }) => [process.cwd, ...directoryStack],
  PIPESTATUS: ({ pipeStatuses, status }) => (pipeStatuses ?? [status]).map(String),
  SHELLOPTS: ({ options }) => options.names().join(':'),
  BASHOPTS: ({ options }) =>
    options
      .shopts()
      .flatMap(([name, on]) => (on ? [name] : []))
      .join(':'),
  HISTCMD: ({ history }) => String(history.length + 1),
};

/** The value of a dynamic variable now. */
export function dynamicValue(shell: Shell, name: string): Value {
  const made = makers[name]?.(shell);
  if (made === undefined || typeof made === 'string') return made;
  return IndexedArray.of(newOwner(), made);
}

/** Puts the dynamic variables into a shell. */
export function declareDynamic(shell: Shell): void {
  const plain = shell.dialect === 'dash' ? [] : ['LINENO', 'RANDOM', 'EPOCHREALTIME', 'EPOCHSECONDS'];
  for (const name of shell.dialect === 'bash' ? Object.keys(makers) : plain) {
    const integer = ['RANDOM', 'SRANDOM', 'SECONDS', 'LINENO', 'HISTCMD'].includes(name) ? Flag.integer : 0;
    const fixed = name === 'SHELLOPTS' || name === 'BASHOPTS' ? Flag.readonly : 0;
    shell.variables.define(name, '', Flag.dynamic | integer | fixed);
  }
}
