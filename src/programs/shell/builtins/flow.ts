import { parseNumber } from './numbers';
import { complain, errorText, warn } from '../run/io';
import type { Shell } from '../shell';
import { Exit, ShellError, exitWith } from '../state/errors';
import type { Builtin } from './types';

/** dash ends where a special builtin gets no number. */
async function illegal(shell: Shell, text: string): Promise<Exit> {
  await warn(shell, `Illegal number: ${text}`);
  return new Exit(2);
}

export const colon: Builtin = () => 0;
export const falseBuiltin: Builtin = () => 1;

const leaving =
  (kind: 'break' | 'continue'): Builtin =>
  async (shell, args) => {
    const [count] = args;
    if (shell.dialect === 'dash' && count !== undefined && !((parseNumber(count) ?? 0) > 0))
      throw await illegal(shell, count);
    if (shell.loopDepth === 0) {
      if (shell.dialect === 'bash') await warn(shell, "only meaningful in a `for', `while', or `until' loop");
      return 0;
    }
    const levels = args[0] === undefined ? 1 : parseNumber(args[0]);
    if (levels === undefined) {
      await warn(shell, `${args[0] ?? ''}: numeric argument required`);
      throw new Exit(128);
    }
    if (args.length > 1 && shell.dialect === 'bash') {
      await warn(shell, 'too many arguments');
      throw new ShellError('', { discards: true });
    }
    if (levels < 1) {
      await warn(shell, `${levels}: loop count out of range`);
      shell.flow = { kind: 'break', levels: shell.loopDepth };
      return 1;
    }
    shell.flow = { kind, levels: Math.min(levels, shell.loopDepth) };
    return 0;
  };

export const breakBuiltin = leaving('break');
export const continueBuiltin = leaving('continue');

async function statusArgument(shell: Shell, args: readonly string[]): Promise<number | undefined> {
  const text = args[0] === '--' ? args[1] : args[0];
  if (text === undefined) return shell.status;
  const status = parseNumber(text);
  if (status === undefined) {
    await warn(shell, shell.dialect === 'bash' ? `${text}: numeric argument required` : `Illegal number: ${text}`);
  }
  return status;
}

export const returnBuiltin: Builtin = async (shell, args) => {
  const status = (await statusArgument(shell, args)) ?? 2;
  if (shell.calls.length === 0 && shell.sourceDepth === 0) {
    if (shell.dialect !== 'bash') throw exitWith(status & 0xff);
    await warn(shell, "can only `return' from a function or sourced script");
    return 2;
  }
  shell.flow = { kind: 'return' };
  return status & 0xff;
};

export const exit: Builtin = async (shell, args) => {
  if (shell.interactive && shell.subshellDepth === 0) {
    const word = shell.options.on('login_shell') ? 'logout\n' : 'exit\n';
    if (shell.dialect === 'bash') await errorText(shell, word);
    if (shell.jobs.list().some(({ state }) => state === 'stopped') && !shell.warnedOfJobs) {
      shell.warnedOfJobs = true;
      await errorText(shell, 'There are stopped jobs.\n');
      return 1;
    }
  }
  const status = await statusArgument(shell, args);
  if (status !== undefined && args.length > 1 && args[0] !== '--') {
    await warn(shell, 'too many arguments');
    throw new ShellError('', { discards: true });
  }
  throw exitWith((status ?? 2) & 0xff);
};

export const logout: Builtin = async (shell, args, invocation) => {
  if (!shell.options.on('login_shell')) {
    await complain(shell, "logout: not login shell: use `exit'");
    return 1;
  }
  return exit(shell, args, invocation);
};

export const shift: Builtin = async (shell, args) => {
  const count = args[0] === undefined ? 1 : parseNumber(args[0]);
  if (count === undefined && shell.dialect === 'dash') throw await illegal(shell, args[0] ?? '');
  if (count === undefined) {
    await warn(shell, `${args[0] ?? ''}: numeric argument required`);
    return 1;
  }
  if (args.length > 1 && shell.dialect === 'bash') {
    await warn(shell, 'too many arguments');
    throw new Exit(1);
  }
  if (count < 0 || count > shell.positional.length) {
    if (shell.dialect === 'dash') {
      await warn(shell, "can't shift that many");
      throw new Exit(2);
    }
    if (count < 0 || shell.options.on('shift_verbose')) await warn(shell, `${count}: shift count out of range`);
    return 1;
  }
  shell.positional = shell.positional.slice(count);
  return 0;
};
