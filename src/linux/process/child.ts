import type { Task } from './task';
import type { Child, WaitStatus } from './types';

/** A child as its parent's program holds it. */
export function childHandle(parent: Task, child: Task): Child {
  // No async function: shims wait for as long as their containers run, and a suspended one takes ten times the room.
  const wait = ({ stopped = false } = {}): Promise<WaitStatus> => {
    const status = stopped ? (child.status ?? child.changed) : child.status;
    if (status === undefined)
      return parent.block<void>((wake) => parent.onChildChange(wake)).then(() => wait({ stopped }));
    child.changed = undefined;
    if (child.status !== undefined) child.reap();
    return Promise.resolve(status);
  };
  return { pid: child.pidIn(parent.namespaces.pid) ?? 0, process: child, wait };
}
