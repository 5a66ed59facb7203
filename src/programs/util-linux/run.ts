import { signalNumber } from '../../linux/process/signals';
import type { Child, Process, WaitStatus } from '../../linux/process/types';
import type { Complain } from './utility';

/** errexec(): becomes the program; the message and status where it cannot (127 not found, 126 not executable). */
export async function execute(process: Process, argv: readonly string[], complain: Complain): Promise<number> {
  const [command = ''] = argv;
  const path = process.which(command) ?? (command.includes('/') ? command : undefined);
  if (path === undefined) return complain(`failed to execute ${command}: No such file or directory`, 127);
  const failed = await process.exec(path, argv);
  if (failed.ok) return 0;
  return complain(`failed to execute ${command}: ${failed.error.message}`, failed.error.code === 'ENOENT' ? 127 : 126);
}

/** exec_shell(): $SHELL as a login shell. */
export async function executeShell(process: Process, complain: Complain): Promise<number> {
  const shell = process.env.get('SHELL') ?? '/bin/sh';
  const failed = await process.exec(shell, [`-${shell.slice(shell.lastIndexOf('/') + 1)}`]);
  return failed.ok ? 0 : complain(`failed to execute ${shell}: ${failed.error.message}`, 127);
}

/** Waits for a forked child and ends as it did. */
export async function endAs(process: Process, child: Child): Promise<number> {
  const status = await child.wait();
  if (status.kind === 'signaled') {
    process.signals.reset(status.signal);
    process.kill(process.pid, status.signal);
  }
  return codeOf(status);
}

export const codeOf = (status: WaitStatus): number =>
  status.kind === 'exited' ? status.code : status.kind === 'signaled' ? 128 + signalNumber(status.signal) : 1;
