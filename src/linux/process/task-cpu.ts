import { Few } from '../../sim/few';
import { useCpu } from './cgroup';
import type { Task } from './task';

/** How much CPU time a program may use before others get their turn, in microseconds (CFS' default slice is of this order). */
const SLICE = 3_000;

/**
 * Accounts CPU time. After a slice of it the program waits for as long in virtual time, and longer where a cpu.max of its
 * cgroup is used up. Processes do not compete for processors: a machine has as many as it needs.
 */
export function compute(task: Task, microseconds: number): Promise<void> | undefined {
  task.owedMicroseconds += microseconds;
  if (task.owedMicroseconds < SLICE) return undefined;
  const ms = task.owedMicroseconds / 1000;
  task.owedMicroseconds = 0;
  task.usedMs += ms;
  task.kernel.load.add(ms, task.clock.now);
  task.computing = true;
  const throttled = useCpu(task.cgroup, ms, task.clock.now);
  return task
    .block<void>((wake) => task.after(ms + throttled, wake))
    .then(() => {
      task.computing = false;
      if (task.cpuMs >= task.limitTable.CPU.soft * 1000) task.deliver('SIGXCPU');
    });
}

/**
 * For programs that do no work of their own here but stand for one that does: `total` says how many milliseconds they
 * have used so far. It is asked when somebody looks, so that nothing has to happen in between, and nobody waits for it.
 */
export function accountCpu(task: Task, total: () => number): void {
  let charged = total();
  const settle = (): void => {
    const now = total();
    const ms = now - charged;
    charged = now;
    if (!(ms > 0)) return;
    task.usedMs += ms;
    useCpu(task.cgroup, ms, task.clock.now);
  };
  const accounts = (task.kernel.cgroups.accounts ??= new Few());
  accounts.add(settle);
  task.settleCpu = settle;
  task.atExit(() => {
    settle();
    accounts.delete(settle);
    task.settleCpu = undefined;
  });
}
