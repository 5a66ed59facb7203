import { parseSignal } from '../../linux/process/signals';
import type { Program } from '../../linux/process/types';

/** killall5(8) of sysvinit: a signal to all processes but init and those of the caller's own session. */
export const killall5: Program = async (process) => {
  const omitted = new Set<number>();
  let signal = parseSignal('15');
  const args = [...process.args];
  const usage = async (): Promise<number> => {
    await process.stderr.write('only one argument, a signal number, allowed\n');
    return 1;
  };
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    const [, attached] = /^-o(.*)$/.exec(arg) ?? [];
    if (attached !== undefined) {
      for (const pid of (attached || (args.shift() ?? '')).split(',')) {
        if (!/^\d+$/.test(pid)) {
          await process.stderr.write(`killall5: illegal omit pid value (${pid})!\n\n`);
          return 1;
        }
        omitted.add(Number(pid));
      }
    } else if (/^-\d+$/.test(arg)) signal = parseSignal(arg.slice(1));
    else return usage();
  }
  if (signal === undefined) return usage();
  let found = false;
  for (const { pid, session } of process.host.processes(process)) {
    if (pid === 1 || session === 0 || session === process.session || omitted.has(pid)) continue;
    found = process.kill(pid, signal).ok || found;
  }
  return found ? 0 : 2;
};
