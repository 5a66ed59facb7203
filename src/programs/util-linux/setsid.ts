import type { Process } from '../../linux/process/types';
import { help } from './help';
import { codeOf, execute } from './run';
import { utility } from './utility';

/** setsid(1). */
export const setsid = utility(
  {
    name: 'setsid',
    help: help.setsid,
    short: 'cfw',
    long: { ctty: 'c', fork: 'f', wait: 'w' },
    stopAtOperand: true,
  },
  async (process, options, complain) => {
    if (options.operands.length === 0) {
      return complain("no command specified\nTry 'setsid --help' for more information.");
    }
    const { tty } = process;
    const start = async (child: Process): Promise<number> => {
      const made = child.setsid();
      if (!made.ok) return complain(`setsid failed: ${made.error.message}`);
      if (options.has('c') && tty !== undefined) child.takeTerminal(tty);
      return execute(child, options.operands, complain);
    };
    // The leader of a group cannot lead a new session: its child can.
    if (!options.has('f') && process.group !== process.pid) return start(process);
    const forked = process.spawn({ file: start, argv: process.argv, fds: new Map(process.fds.entries()) });
    if (!forked.ok) return complain(`fork: ${forked.error.message}`);
    return options.has('w') ? codeOf(await forked.value.wait()) : 0;
  },
);
