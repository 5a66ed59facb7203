import type { Task } from './task';
import type { Child, WaitStatus } from './types';

/** A child as its parent's program holds it. */
export function childHandle(parent: Task, child: Task): Child {
  return {
    pid: child.pidIn(parent.namespaces.pid) ?? 0,
    process: child,
    async wait({ stopped = false } = {}): Promise<WaitStatus> {
      for (;;) {
        const status = stopped ? (child.status ?? child.changed) : child.status;
        if (status !== undefined) {
          child.changed = undefined;
          if (child.status !== undefined) child.reap();
          return status;
        }
        await parent.block<void>((wake) => parent.onChildChange(wake));
      }
    },
  };
}
