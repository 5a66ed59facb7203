import { warn } from '../run/io';
import type { Int } from '../expand/int64';
import { ShellError } from '../state/errors';
import type { Builtin } from './types';

export const letBuiltin: Builtin = async (shell, args) => {
  if (args.length === 0) {
    await warn(shell, 'expression expected');
    return 1;
  }
  let value: Int = 0;
  for (const expression of args) {
    try {
      value = shell.arithmetic(expression);
    } catch (error) {
      if (!(error instanceof ShellError) || error.exits) throw error;
      if (error.message.endsWith(': readonly variable')) throw error;
      await warn(shell, error.message);
      return 1;
    }
  }
  return Number(value) === 0 ? 1 : 0;
};
