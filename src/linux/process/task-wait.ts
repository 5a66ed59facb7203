import type { Clock } from '../../sim/clock';
import { Few } from '../../sim/few';
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

/** Who waits for a change of a process's children. */
export class ChildWaiters {
  readonly #waiting = new Few<() => void>();

  constructor(readonly clock: Clock) {}

  /** Calls once, through the clock, when a child ended, stopped or went on. */
  add(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  wake(): void {
    if (this.#waiting.size === 0) return;
    const woken = [...this.#waiting];
    this.#waiting.clear();
    this.clock.setTimer(0, () => woken.forEach((wake) => wake()));
  }
}
