import { subscriptOf } from '../expand/subscript';
import { warn } from '../run/io';
import type { Shell } from '../shell';
import { Exit, ShellError } from '../state/errors';
import { Flag } from '../state/variables';
import { isName, readOptions } from './options';
import type { Builtin } from './types';

/** dash ends where a special builtin is refused. */
async function refused(shell: Shell, message: string): Promise<Exit> {
  await warn(shell, message);
  return new Exit(2);
}

export const unset: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'fvn', 'unset [-f] [-v] [-n] [name ...]');
  if (options === undefined) return 2;
  const { flags, rest } = options;
  let status = 0;
  for (const name of rest) {
    if (flags.has('f')) {
      shell.functions.delete(name);
      continue;
    }
    const [, array, subscript] = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(name) ?? [];
    if (array === undefined && !isName(name)) {
      if (!flags.has('v') && shell.functions.delete(name)) continue;
      if (!flags.has('v') && shell.dialect === 'bash') continue;
      if (shell.dialect !== 'bash') throw await refused(shell, `${name}: bad variable name`);
      await warn(shell, `\`${name}': not a valid identifier`);
      status = 1;
      continue;
    }
    const isReference = ((shell.variables.raw(name)?.flags ?? 0) & Flag.nameref) !== 0;
    const target = isReference && !flags.has('n') ? shell.variables.resolve(name) : { name, subscript: undefined };
    if (array === undefined && target.subscript === undefined && shell.variables.raw(target.name) === undefined) {
      if (!flags.has('v')) shell.functions.delete(name);
      continue;
    }
    const [of, at] = array === undefined ? [target.name, target.subscript] : [array, subscript];
    const gone = at === undefined ? shell.variables.unset(of) : await unsetElement(shell, of, at);
    if (gone === undefined) {
      status = 1;
      continue;
    }
    if (gone) {
      if (of === 'PATH') shell.hashed.clear();
      continue;
    }
    if (shell.dialect !== 'bash') throw await refused(shell, `${of}: is read only`);
    await warn(shell, `${of}: cannot unset: readonly variable`);
    status = 1;
  }
  return status;
};

/** False if the variable is readonly; undefined if there can be no such element, which is told. */
async function unsetElement(shell: Shell, name: string, subscript: string): Promise<boolean | undefined> {
  const all = subscript === '@' || subscript === '*';
  try {
    return shell.variables.unsetElement(name, all ? subscript : await subscriptOf(shell, name, subscript));
  } catch (error) {
    if (!(error instanceof ShellError) || !error.message.endsWith('bad array subscript')) throw error;
    await warn(shell, error.message);
    return undefined;
  }
}
