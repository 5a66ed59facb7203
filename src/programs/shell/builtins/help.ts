import { out, warn } from '../run/io';
import { builtins } from './index';
import type { Builtin } from './types';

export const help: Builtin = async (shell, args) => {
  const names = Object.keys(builtins(shell)).sort();
  const wanted = args.filter((argument) => !argument.startsWith('-'));
  if (wanted.length === 0) {
    return out(
      shell,
      `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\nThese shell commands are defined internally.\n\n${names.map((name) => ` ${name}\n`).join('')}`,
    );
  }
  let status = 0;
  for (const name of wanted) {
    if (names.includes(name)) await out(shell, `${name}: ${name} is a shell builtin\n`);
    else {
      await warn(shell, `no help topics match \`${name}'.  Try \`help help' or \`man -k ${name}' or \`info ${name}'.`);
      status = 1;
    }
  }
  return status;
};

export const caller: Builtin = (shell, args) => {
  const depth = Number(args[0] ?? 0);
  const call = shell.calls[depth];
  if (call === undefined) return 1;
  // Under -c nothing has a name at the bottom.
  if (!shell.runsScript && shell.calls[depth + 1] === undefined)
    return args[0] === undefined ? out(shell, `${call.calledAt} NULL\n`) : 1;
  const outer = shell.calls[depth + 1];
  const file = outer?.source ?? shell.name;
  return out(
    shell,
    args[0] === undefined ? `${call.calledAt} ${file}\n` : `${call.calledAt} ${outer?.name ?? 'main'} ${file}\n`,
  );
};
