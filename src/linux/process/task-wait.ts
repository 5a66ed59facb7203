import type { Task } from './task';
import type { Process } from './types';

export type WaitOptions = NonNullable<Parameters<Process['wait']>[0]>;

/** wait4(2). */
export async function waitForChild(
  task: Task,
  { pid = -1, stopped = false, noHang = false }: WaitOptions = {},
): ReturnType<Process['wait']> {
  for (;;) {
    const candidates = [...task.children].filter((child) => pid === -1 || isWanted(task, child, pid));
    if (candidates.length === 0) return undefined;
    for (const child of candidates) {
      const status = stopped ? (child.status ?? child.changed) : child.status;
      if (status === undefined) continue;
      const told = { pid: child.pidIn(task.namespaces.pid) ?? 0, status };
      child.changed = undefined;
      if (child.status !== undefined) child.reap();
      return told;
    }
    if (noHang) return undefined;
    const waited = await task.block<void>((wake) => task.onChildChange(wake), { interruptible: true });
    if (!waited.ok) return 'interrupted';
  }
}

const isWanted = (task: Task, child: Task, pid: number): boolean =>
  pid > 0 ? child.pidIn(task.namespaces.pid) === pid : child.group === task.groupOf(-pid);
