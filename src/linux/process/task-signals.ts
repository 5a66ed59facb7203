import { ProcessEnded } from './process-ended';
import type { Task } from './task';
import type { SignalName } from './types';

/** A signal arrives (`do_send_sig_info`, then `get_signal` at once: there is nothing to wait for). */
export function deliverSignal(task: Task, signal: SignalName, oom: boolean): void {
  if (task.status !== undefined) return;
  const action = task.signals.actionFor(signal, task.namespaces.pid.init === task);
  if (signal === 'SIGCONT' || signal === 'SIGKILL') resume(task, signal === 'SIGCONT');
  switch (action.kind) {
    case 'ignore':
      return;
    case 'handle':
      try {
        task.trace.within(task.span, () => action.handler(signal));
      } catch (error) {
        // A handler that exits unwinds its own program, not whoever sent the signal.
        if (!(error instanceof ProcessEnded)) throw error;
      }
      task.blocking.interrupt();
      return;
    case 'stop':
      // POSIX: what the keyboard stops would never be continued where nobody controls the group.
      if (signal !== 'SIGSTOP' && task.kernel.isOrphanedGroup(task.group)) return;
      stop(task, signal);
      return;
    case 'terminate':
      task.end(oom ? { kind: 'signaled', signal, oom } : { kind: 'signaled', signal });
  }
}

function stop(task: Task, signal: SignalName): void {
  if (task.stopped !== undefined) return;
  task.stopped = signal;
  task.kernel.stoppedTasks++;
  task.changed = { kind: 'stopped', signal };
  tellParent(task);
}

function resume(task: Task, tell: boolean): void {
  if (task.stopped === undefined) return;
  task.stopped = undefined;
  task.kernel.stoppedTasks--;
  if (tell) {
    task.changed = { kind: 'continued' };
    tellParent(task);
  }
  task.blocking.resume();
}

/** SIGCHLD, and whoever waits looks again. */
export function tellParent(task: Task): void {
  task.parent?.deliver('SIGCHLD');
  task.parent?.childChanged();
}
